// What is done with tickets, and how it is taken back: each act keeps a way back to what was.
import { HttpResponse } from 'msw'
import type { ChangedTicket, Mailbox, Ticket, TicketChange, TicketSummary } from '../api/types'
import { iso, message, ref, ticket as made, type Db } from './db'
import { touch } from './deliver'
import { on } from './typed'
import { problem, overtaken } from './world'

const missing = () => problem(404, 'not-found', 'There is nothing here, or it is not for you.')

type Fields = Pick<
  Ticket,
  | 'status'
  | 'assignee'
  | 'team'
  | 'priority'
  | 'tags'
  | 'snoozed_until'
  | 'delete_at'
  | 'mailbox'
  | 'merged_into'
>

export function summary(ticket: Ticket): TicketSummary {
  const {
    contact: _c,
    messages: _m,
    related: _r,
    draft: _d,
    forward_draft: _w,
    note_draft: _n,
    can_reply: _p,
    reply_defaults: _e,
    exemption: _x,
    anonymized_at: _a,
    followers: _f,
    merged_into: _i,
    ...rest
  } = ticket
  return { ...rest, has_draft: ticket.draft !== null }
}

function fields(ticket: Ticket): Fields {
  const { status, assignee, team, priority, tags } = ticket
  const { snoozed_until, delete_at, mailbox, merged_into } = ticket
  return {
    status,
    assignee,
    team,
    priority,
    tags,
    snoozed_until,
    delete_at,
    mailbox,
    merged_into,
  }
}

function line(db: Db, ticket: Ticket, data: object, names: Record<string, string> = {}): void {
  ticket.messages.push(
    message(db.random, {
      kind: 'event',
      at: iso(0),
      event: { kind: 'ticket_updated', actor: ref(0), data: data as never, names },
    }),
  )
}

const homeIn = ({ id, display_name: name }: Mailbox) => ({
  id,
  name,
  disconnected: false,
  due_at: null,
})

/** Does it, and keeps the way back. */
function act(db: Db, kind: string, tickets: Ticket[], doIt: (id: string) => void): string {
  const id = db.random.uuid()
  const before = tickets.map((ticket) => ({
    ticket,
    was: fields(ticket),
    messages: ticket.messages.filter((entry) => entry.kind !== 'event'),
  }))
  doIt(id)
  db.acts.set(id, () => {
    for (const { ticket, was, messages } of before) {
      Object.assign(ticket, was)
      const lines = ticket.messages.filter((entry) => entry.kind === 'event')
      ticket.messages = [...messages, ...lines].sort((a, b) => a.at.localeCompare(b.at))
      line(db, ticket, { undone: id, act_kind: kind })
      touch(db, ticket)
    }
    return before.map(({ ticket }) => ticket.number)
  })
  for (const ticket of tickets) touch(db, ticket)
  return id
}

/** What a change makes of a ticket, and its line; nothing when nothing changes. */
function apply(db: Db, ticket: Ticket, change: TicketChange): object | null {
  const data: Record<string, unknown> = {}
  if (change.status && change.status !== ticket.status) {
    Object.assign(data, { status: change.status, status_before: ticket.status })
    ticket.status = change.status
    ticket.snoozed_until = null
  }
  if (change.assignee_id !== undefined) {
    const user = db.users.find(({ id }) => id === change.assignee_id)
    data.assignee_before = ticket.assignee?.id ?? null
    ticket.assignee = user ? { id: user.id, name: user.name } : null
    data.assignee = ticket.assignee?.id ?? null
  }
  if (change.team_id !== undefined) {
    const team = db.teams.find(({ id }) => id === change.team_id)
    ticket.team = team ? { id: team.id, name: team.name } : null
    data.team = team?.id ?? null
  }
  if (change.priority && change.priority !== ticket.priority) {
    Object.assign(data, { priority: change.priority, priority_before: ticket.priority })
    ticket.priority = change.priority
  }
  if (change.snoozed_until !== undefined) {
    ticket.snoozed_until = change.snoozed_until
    data.snoozed_until = change.snoozed_until
  }
  const add = change.tags_add?.filter((id) => !ticket.tags.some((tag) => tag.id === id)) ?? []
  const gone = change.tags_remove?.filter((id) => ticket.tags.some((tag) => tag.id === id)) ?? []
  if (add.length) data.tags_added = add
  if (gone.length) data.tags_removed = gone
  if (add.length || gone.length)
    ticket.tags = [
      ...ticket.tags.filter(({ id }) => !gone.includes(id)),
      ...db.tags.filter(({ id }) => add.includes(id)),
    ].sort((a, b) => a.name.localeCompare(b.name))
  return Object.keys(data).length ? data : null
}

/** The names of what a line names. */
function names(db: Db): Record<string, string> {
  const all = [...db.tags, ...db.teams, ...db.users]
  return Object.fromEntries(all.map(({ id, name }) => [id, name]))
}

function kindOf(change: TicketChange): string {
  return change.status === 'spam' || change.status === 'trash' ? change.status : 'change'
}

const answer = (ticket: Ticket, act_id: string | null): ChangedTicket => ({
  ...summary(ticket),
  act_id,
})

const stale = () => problem(412, 'stale', 'It was changed in the meantime.')
const isStale = (ticket: Ticket, request: Request) =>
  request.headers.get('if-match') !== `"${ticket.version}"`

function mergeInto(source: Ticket, target: Ticket): void {
  const mails = source.messages.filter(({ kind }) => kind !== 'event')
  source.messages = source.messages.filter(({ kind }) => kind === 'event')
  target.messages = [...target.messages, ...mails].sort((a, b) => a.at.localeCompare(b.at))
  Object.assign(source, { status: 'closed', merged_into: target.number })
}

function merged(db: Db, source: Ticket, target: Ticket): string {
  return act(db, 'merge', [source, target], (act_id) => {
    mergeInto(source, target)
    const data = { attached: 's', attached_to: 't', act: act_id, act_kind: 'merge' }
    const numbers = { s: String(source.number), t: String(target.number) }
    line(db, source, data, numbers)
    line(db, target, data, numbers)
  })
}

const different = (one: Ticket, other: Ticket) =>
  one.customer.address.toLowerCase() !== other.customer.address.toLowerCase()

const ticketHandlers = [
  on('patch', '/api/v1/tickets/{number}', async ({ ok, body, db, params, request }) => {
    const ticket = db.tickets.get(Number(params.number))
    if (!ticket) return missing()
    if (isStale(ticket, request)) return stale()
    const change = await body()
    let data: object | null = null
    const kind = kindOf(change)
    const id = act(db, kind, [ticket], (act_id) => {
      data = apply(db, ticket, change)
      if (data) line(db, ticket, { ...data, act: act_id, act_kind: kind }, names(db))
    })
    return ok(answer(ticket, data ? id : null))
  }),
  on('post', '/api/v1/tickets/{number}/restore', ({ ok, db, params, request }) => {
    const ticket = db.tickets.get(Number(params.number))
    if (!ticket) return missing()
    if (isStale(ticket, request)) return stale()
    if (!['spam', 'trash'].includes(ticket.status))
      return problem(409, 'not-thrown-away', 'It is neither spam nor in the trash.')
    const id = act(db, 'restore', [ticket], (act_id) => {
      const before = ticket.status
      Object.assign(ticket, { status: 'open', delete_at: null })
      line(db, ticket, { status: 'open', status_before: before, act: act_id, act_kind: 'restore' })
    })
    return ok(answer(ticket, id))
  }),
  on('post', '/api/v1/tickets/{number}/merge', async ({ ok, body, db, params }) => {
    const source = db.tickets.get(Number(params.number))
    if (!source) return missing()
    const { into, confirm_different_customers } = await body()
    const target = db.tickets.get(into)
    if (!target || target === source)
      return problem(422, 'invalid', 'into', [
        { field: 'into', message: 'There is no such ticket.' },
      ])
    if (different(source, target) && !confirm_different_customers)
      return problem(409, 'different-customers', 'These tickets are of different customers.')
    const id = merged(db, source, target)
    return ok(answer(target, id))
  }),
  on('post', '/api/v1/tickets/{number}/attach', ({ ok, db, params }) => {
    const source = db.tickets.get(Number(params.number))
    if (!source) return missing()
    const linked = source.related.find(({ reason }) => reason === 'linked')
    const target = linked && db.tickets.get(linked.number)
    if (!target) return problem(409, 'not-related', 'This ticket is related to no other.')
    return ok(answer(target, merged(db, source, target)))
  }),
  on('post', '/api/v1/tickets/{number}/move', async ({ ok, body, db, params, request }) => {
    const ticket = db.tickets.get(Number(params.number))
    if (!ticket) return missing()
    if (isStale(ticket, request)) return stale()
    const { mailbox_id } = await body()
    const mailbox = db.mailboxes.find((known) => known.id === mailbox_id)
    if (!mailbox)
      return problem(422, 'invalid', 'mailbox_id', [
        { field: 'mailbox_id', message: 'You belong to no such mailbox.' },
      ])
    const id = act(db, 'move', [ticket], (act_id) => {
      ticket.mailbox = homeIn(mailbox)
      const data = { mailbox: mailbox.id, act: act_id, act_kind: 'move' }
      line(db, ticket, data, { [mailbox.id]: mailbox.display_name })
    })
    return ok(answer(ticket, id))
  }),
  on('post', '/api/v1/tickets/{number}/deletion', ({ ok, db, params, request }) => {
    const ticket = db.tickets.get(Number(params.number))
    if (!ticket) return missing()
    if (isStale(ticket, request)) return stale()
    if (db.holds.some((hold) => hold.kind === 'organization' && !hold.ended_at))
      return problem(409, 'held', 'A legal hold keeps this ticket as it is.')
    const id = act(db, 'delete', [ticket], (act_id) => {
      Object.assign(ticket, { status: 'trash', delete_at: iso(-10 * 60_000) })
      line(db, ticket, { delete_at: ticket.delete_at, act: act_id, act_kind: 'delete' })
    })
    return ok(answer(ticket, id))
  }),
  on('put', '/api/v1/tickets/{number}/followers/me', ({ db, params }) => {
    const ticket = db.tickets.get(Number(params.number))
    if (!ticket) return missing()
    const me = { id: db.session?.membership.id ?? '', name: db.session?.account.name ?? '' }
    ticket.followers = [...ticket.followers.filter(({ id }) => id !== me.id), me]
    return new HttpResponse(null, { status: 204 })
  }),
  on('delete', '/api/v1/tickets/{number}/followers/me', ({ db, params }) => {
    const ticket = db.tickets.get(Number(params.number))
    if (!ticket) return missing()
    ticket.followers = ticket.followers.filter(({ id }) => id !== db.session?.membership.id)
    return new HttpResponse(null, { status: 204 })
  }),
  on('put', '/api/v1/tickets/{number}/followers/{id}', ({ db, params }) => {
    const ticket = db.tickets.get(Number(params.number))
    const user = db.users.find(({ id }) => id === params.id)
    if (!ticket || !user) return missing()
    ticket.followers = [...ticket.followers, { id: user.id, name: user.name }]
    line(db, ticket, { follows: true, follower: user.id }, names(db))
    return new HttpResponse(null, { status: 204 })
  }),
  on('delete', '/api/v1/tickets/{number}/followers/{id}', ({ db, params }) => {
    const ticket = db.tickets.get(Number(params.number))
    if (!ticket) return missing()
    ticket.followers = ticket.followers.filter(({ id }) => id !== params.id)
    line(db, ticket, { follows: false, follower: params.id }, names(db))
    return new HttpResponse(null, { status: 204 })
  }),
  on('post', '/api/v1/tickets/bulk', async ({ ok, body, db }) => {
    const { numbers, change, merge, restore, move_to, delete: deleted } = await body()
    const home = db.mailboxes.find(({ id }) => id === move_to)
    const refused: { number: number; code: string; message: string }[] = []
    const wanted = numbers.flatMap((number) => {
      const ticket = db.tickets.get(number)
      if (!ticket) refused.push({ number, code: 'not_found', message: 'There is no such ticket.' })
      return ticket ? [ticket] : []
    })
    const target = merge && db.tickets.get(merge.into)
    const done: number[] = []
    const id = act(db, 'bulk', wanted, (act_id) => {
      for (const ticket of wanted) {
        const { number } = ticket
        if (merge && target) {
          if (ticket === target) continue
          if (different(ticket, target) && !merge.confirm_different_customers) {
            refused.push({ number, code: 'different_customers', message: 'Different customers.' })
            continue
          }
          mergeInto(ticket, target)
        } else if (restore) ticket.status = 'open'
        else if (home) ticket.mailbox = homeIn(home)
        else if (deleted) Object.assign(ticket, { status: 'trash', delete_at: iso(-10 * 60_000) })
        const data = change ? apply(db, ticket, change) : {}
        const of = { act: act_id, act_kind: 'bulk', tickets: wanted.length }
        if (data) line(db, ticket, { ...data, ...of }, names(db))
        done.push(number)
      }
    })
    return ok({ act_id: done.length ? id : null, done, refused })
  }),
  on('post', '/api/v1/messages/{id}/split', ({ ok, db, params }) => {
    for (const ticket of db.tickets.values()) {
      const mails = ticket.messages.filter(({ kind }) => kind !== 'event')
      const found = mails.find(({ id }) => id === params.id)
      if (!found) continue
      if (mails.length < 2) return problem(409, 'only-message', 'It is the only message.')
      const number = Math.max(...db.tickets.keys()) + 1
      const customer = found.kind === 'inbound' && found.from ? found.from : ticket.customer
      const one = made({ number, subject: ticket.subject, customer, messages: [found] })
      const id = act(db, 'split', [ticket], (act_id) => {
        ticket.messages = ticket.messages.filter((entry) => entry !== found)
        const data = { split: 'n', split_from: 'o', act: act_id, act_kind: 'split' }
        line(db, ticket, data, { n: String(number), o: String(ticket.number) })
      })
      db.tickets.set(number, one)
      return ok(answer(one, id), { status: 201 })
    }
    return missing()
  }),
  on('post', '/api/v1/acts/{id}/undo', ({ ok, db, params }) => {
    const undo = db.acts.get(String(params.id))
    if (!undo) return problem(409, 'undone', 'This was undone already.')
    db.acts.delete(String(params.id))
    return ok({ done: undo(), refused: [] })
  }),
]

const taken = () => problem(409, 'name-taken', 'Another one has this name already.')
const noName = () =>
  problem(422, 'invalid', 'name', [
    { field: 'name', message: 'Give a name of at most 50 characters.' },
  ])
const isTaken = (all: { id: string; name: string }[], name: string, id?: string) =>
  all.some((known) => known.id !== id && known.name.toLowerCase() === name.toLowerCase())

const tagHandlers = [
  on('get', '/api/v1/tags', ({ ok, db, url }) => {
    const q = (url.searchParams.get('q') ?? '').toLowerCase()
    const from = Number(url.searchParams.get('cursor') ?? 0)
    const limit = Number(url.searchParams.get('limit') ?? 50)
    const found = db.tags
      .filter(({ name }) => name.toLowerCase().includes(q))
      .filter(({ id }) => (url.searchParams.get('id') ?? id) === id)
      .sort((a, b) => a.name.localeCompare(b.name))
    const next = from + limit < found.length ? String(from + limit) : null
    return ok({ items: found.slice(from, from + limit), next_cursor: next })
  }),
  on('post', '/api/v1/tags', async ({ ok, body, db }) => {
    const { name, color } = await body()
    if (!name.trim()) return noName()
    if (isTaken(db.tags, name)) return taken()
    const tag = { id: db.random.uuid(), name, color, version: 1 }
    db.tags.push(tag)
    return ok(tag, { status: 201 })
  }),
  on('patch', '/api/v1/tags/{id}', async ({ ok, body, db, params, request }) => {
    const tag = db.tags.find(({ id }) => id === params.id)
    if (!tag) return missing()
    const late = overtaken(request, tag)
    if (late) return late
    const { name, color } = await body()
    if (name && isTaken(db.tags, name, tag.id)) return taken()
    Object.assign(tag, { name: name ?? tag.name, color: color ?? tag.color })
    tag.version += 1
    return ok(tag)
  }),
  on('delete', '/api/v1/tags/{id}', ({ db, params }) => {
    db.tags = db.tags.filter(({ id }) => id !== params.id)
    for (const ticket of db.tickets.values())
      ticket.tags = ticket.tags.filter(({ id }) => id !== params.id)
    return new HttpResponse(null, { status: 204 })
  }),
]

const teamHandlers = [
  on('get', '/api/v1/teams', ({ ok, db }) => ok({ items: db.teams, next_cursor: null })),
  on('post', '/api/v1/teams', async ({ ok, body, db }) => {
    const { name, member_ids = [] } = await body()
    if (!name.trim()) return noName()
    if (isTaken(db.teams, name)) return taken()
    const team = { id: db.random.uuid(), name, member_ids, version: 1 }
    db.teams.push(team)
    return ok(team, { status: 201 })
  }),
  on('patch', '/api/v1/teams/{id}', async ({ ok, body, db, params, request }) => {
    const team = db.teams.find(({ id }) => id === params.id)
    if (!team) return missing()
    const late = overtaken(request, team)
    if (late) return late
    const { name, member_ids } = await body()
    if (name && isTaken(db.teams, name, team.id)) return taken()
    Object.assign(team, { name: name ?? team.name, member_ids: member_ids ?? team.member_ids })
    team.version += 1
    return ok(team)
  }),
  on('delete', '/api/v1/teams/{id}', ({ db, params }) => {
    db.teams = db.teams.filter(({ id }) => id !== params.id)
    for (const ticket of db.tickets.values()) if (ticket.team?.id === params.id) ticket.team = null
    return new HttpResponse(null, { status: 204 })
  }),
]

export const actHandlers = [...ticketHandlers, ...tagHandlers, ...teamHandlers]
