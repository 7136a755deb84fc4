// Closing the organization: each look finds the export further on.
import { HttpResponse } from 'msw'
import type { Closing, Export } from '../api/types'
import { iso, ref, type Db } from './db'
import { countsOf, later, statementOfClosing, UNDO_DAYS } from './leaving'
import { on, open } from './typed'
import { problem } from './world'

const PASSWORD = 'correct horse battery'
/** What the link in the mail carries. */
const TOKEN = 'the-token'
const EVERYTHING = 'everything'
const CLOSED = '0192f000-0000-7000-8000-00000000c105'

const isOwner = (db: Db) => db.session?.membership.role === 'owner'
const forbidden = () => problem(403, 'forbidden', 'Only an owner.')
const missing = () => problem(404, 'not-found', 'There is nothing here, or it is not for you.')

function begin(closing: Closing): void {
  if (closing.state !== 'asked' || !closing.confirmed_at || !closing.exported_at) return
  Object.assign(closing, { state: 'countdown', due_at: later(UNDO_DAYS) })
}

function exported(db: Db): Export {
  const made: Export = {
    id: crypto.randomUUID(),
    state: 'ready',
    done: db.tickets.size,
    total: db.tickets.size,
    size: 2_148_213_004,
    error: null,
    made_by: ref(0).name,
    is_own: true,
    created_at: iso(0),
    ready_at: iso(0),
    expires_at: later(7),
    downloads: 0,
    downloaded_at: null,
  }
  db.exports.set(EVERYTHING, [made, ...(db.exports.get(EVERYTHING) ?? [])])
  return made
}

function askedFor(db: Db): Closing {
  const closing: Closing = {
    id: crypto.randomUUID(),
    state: 'asked',
    asked_by: ref(0).name,
    asked_at: iso(0),
    confirmed_at: null,
    is_confirmed_by_me: false,
    needs_second: false,
    exported_at: null,
    due_at: null,
    waits_for: null,
  }
  db.closing = closing
  return closing
}

export const closingHandlers = [
  on('get', '/api/v1/organization/closing', ({ ok, db }) => {
    const shown = db.closing ? { ...db.closing } : null
    if (db.closing && db.closing.state === 'asked' && !db.closing.exported_at) {
      exported(db)
      db.closing.exported_at = iso(0)
      begin(db.closing)
    }
    return ok({ closing: shown })
  }),
  on('get', '/api/v1/organization/closing/preview', ({ ok, db }) =>
    isOwner(db)
      ? ok({
          counts: countsOf([...db.tickets.values()]),
          mailboxes: db.mailboxes.length,
          users: db.users.length,
          other_owners: 0,
          holds: db.holds.filter(({ ended_at }) => !ended_at).length,
          sends_mail: db.sendsMail,
          undo_days: UNDO_DAYS,
          keyring_days: 7,
          backup_days: 365,
        })
      : forbidden(),
  ),
  on('post', '/api/v1/organization/closing', async ({ ok, body, db }) => {
    if (!isOwner(db)) return forbidden()
    const { name, password } = await body()
    if (password !== PASSWORD)
      return problem(422, 'invalid', 'password', [
        { field: 'password', message: 'this is not your password' },
      ])
    if (name.trim() !== db.session?.organization.name)
      return problem(422, 'invalid', 'name', [{ field: 'name', message: 'type it exactly' }])
    return ok({ closing: askedFor(db) })
  }),
  on('post', '/api/v1/organization/closing/confirmation', async ({ ok, body, db }) => {
    const { token } = await body()
    const { closing } = db
    if (closing?.state !== 'asked') return problem(409, 'closing-over', 'It has gone on.')
    if (token !== TOKEN) return problem(409, 'closing-link-spent', 'This link is not yours.')
    Object.assign(closing, { confirmed_at: iso(0), is_confirmed_by_me: true })
    begin(closing)
    return ok({ closing })
  }),
  on('delete', '/api/v1/organization/closing', ({ db }) => {
    if (!db.closing) return problem(409, 'closing-over', 'It has gone on.')
    db.closing = null
    return new HttpResponse(null, { status: 204 })
  }),
  on('get', '/api/v1/organization/exports', ({ ok, db }) =>
    ok({ items: db.exports.get(EVERYTHING) ?? [], next_cursor: null }),
  ),
  on('post', '/api/v1/organization/exports', async ({ ok, body, db }) => {
    const { password } = await body()
    if (password !== PASSWORD)
      return problem(422, 'invalid', 'password', [
        { field: 'password', message: 'this is not your password' },
      ])
    return ok(exported(db), { status: 201 })
  }),
  open('get', '/api/v1/closed/{id}', ({ ok, params }) =>
    params.id === CLOSED ? ok(statementOfClosing(CLOSED)) : missing(),
  ),
]
