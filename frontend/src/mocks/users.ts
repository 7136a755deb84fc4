import { HttpResponse } from 'msw'
import type { Invitation, User } from '../api/types'
import type { Db } from './db'
import { pixel } from './picture'
import { on } from './typed'
import { emit, overtaken, problem } from './world'

const missing = () => problem(404, 'not-found', 'There is nothing here, or it is not for you.')
const UNFINISHED = ['open', 'pending', 'on_hold']
const DAYS = 86_400_000

/** With the mailboxes that they belong to now. */
function shown(db: Db, user: User): User {
  const theirs = db.mailboxes.filter(({ members }) => members.some(({ id }) => id === user.id))
  return {
    ...user,
    mailboxes: theirs.map(({ id, display_name: name }) => ({
      id,
      name,
      disconnected: false,
      due_at: null,
    })),
  }
}

function invited(db: Db, user: User): Invitation {
  user.invitation_expires_at = new Date(Date.now() + 7 * DAYS).toISOString()
  const link = 'http://localhost:4173/password#AZKgAAAAcACAAAAAAAAAAQAAAZqX'
  return { user: shown(db, user), link: db.sendsMail ? null : link }
}

const find = (db: Db, id: unknown) => db.users.find((user) => user.id === id)
const held = (db: Db, user: User) =>
  [...db.tickets.values()].filter(
    ({ assignee, status }) => assignee?.id === user.id && UNFINISHED.includes(status),
  )

export const userHandlers = [
  on('get', '/api/v1/users', ({ ok, db }) =>
    ok({ items: db.users.map((user) => shown(db, user)), next_cursor: null }),
  ),
  on('post', '/api/v1/users', async ({ ok, body, db }) => {
    const { name, email, role, mailbox_ids = [] } = await body()
    if (db.users.some((user) => user.email === email))
      return problem(409, 'user-exists', 'There is a user with this address already.')
    if (email.endsWith('.other.example'))
      return problem(409, 'address-elsewhere', 'This address signs in elsewhere.')
    const user: User = {
      id: db.random.uuid(),
      name,
      email,
      photo: null,
      role,
      state: 'invited',
      invitation_expires_at: null,
      mailboxes: [],
      version: 1,
    }
    db.users.push(user)
    for (const mailbox of db.mailboxes)
      if (mailbox_ids.includes(mailbox.id)) {
        mailbox.members.push({ id: user.id, name })
        mailbox.version += 1
      }
    return ok(invited(db, user), { status: 201 })
  }),
  on('post', '/api/v1/users/{id}/invitation', ({ ok, db, params }) => {
    const user = find(db, params.id)
    if (!user) return missing()
    if (user.state !== 'invited') return problem(409, 'not-invited', 'They can sign in.')
    return ok(invited(db, user), { status: 201 })
  }),
  on('patch', '/api/v1/users/{id}', async ({ ok, body, db, params, request }) => {
    const user = find(db, params.id)
    if (!user) return missing()
    const late = overtaken(request, user)
    if (late) return late
    user.version += 1
    const { role, disabled, unassign_tickets } = await body()
    if (role) user.role = role
    if (typeof disabled === 'boolean') user.state = disabled ? 'disabled' : 'active'
    for (const ticket of unassign_tickets ? held(db, user) : []) {
      ticket.assignee = null
      ticket.version += 1
      emit(db, 'ticket', { number: ticket.number, kind: 'ticket_updated' })
    }
    return ok(shown(db, user))
  }),
  on('get', '/api/v1/users/{id}/photo', ({ db, params }) => {
    const user = find(db, params.id)
    return user?.photo
      ? new HttpResponse(pixel(user.name), { headers: { 'content-type': 'image/bmp' } })
      : missing()
  }),
  on('get', '/api/v1/users/{id}/tickets/count', ({ ok, db, params }) => {
    const user = find(db, params.id)
    return user ? ok({ unfinished: held(db, user).length }) : missing()
  }),
]
