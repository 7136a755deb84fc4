// Exports of mailboxes: each look finds one that is being made further on.
import { HttpResponse } from 'msw'
import type { Export } from '../api/types'
import { ref, type Db } from './db'
import { later, ticketsOf } from './leaving'
import { on } from './typed'
import { problem } from './world'

const PASSWORD = 'correct horse battery'
const missing = () => problem(404, 'not-found', 'There is nothing here, or it is not for you.')

const mailboxOf = (db: Db, id: unknown) =>
  [...db.mailboxes, ...db.leaving].find((mailbox) => mailbox.id === id)

function goOn(it: Export): void {
  if (it.state !== 'preparing') return
  it.done = Math.min(it.total, it.done + Math.ceil(it.total / 2))
  if (it.done < it.total) return
  Object.assign(it, { state: 'ready', size: 48_213_004, ready_at: later(0), expires_at: later(7) })
}

export const exportHandlers = [
  on('get', '/api/v1/mailboxes/{id}/exports', ({ ok, db, params }) => {
    const mailbox = mailboxOf(db, params.id)
    if (!mailbox) return missing()
    const items = db.exports.get(mailbox.id) ?? []
    const shown = items.map((it) => ({ ...it }))
    for (const it of items) goOn(it)
    return ok({ items: shown, next_cursor: null })
  }),
  on('post', '/api/v1/mailboxes/{id}/exports', async ({ ok, body, db, params }) => {
    const mailbox = mailboxOf(db, params.id)
    if (!mailbox) return missing()
    const { password } = await body()
    if (password !== PASSWORD)
      return problem(422, 'invalid', 'password', [
        { field: 'password', message: 'this is not your password' },
      ])
    const made: Export = {
      id: crypto.randomUUID(),
      state: 'preparing',
      done: 0,
      total: Math.max(2, ticketsOf(db, mailbox.id).length),
      size: 0,
      error: null,
      made_by: ref(0).name,
      is_own: true,
      created_at: later(0),
      ready_at: null,
      expires_at: later(14),
      downloads: 0,
      downloaded_at: null,
    }
    db.exports.set(mailbox.id, [made, ...(db.exports.get(mailbox.id) ?? [])])
    return ok(made, { status: 201 })
  }),
  on('get', '/api/v1/exports/{id}/file', ({ db, params }) => {
    const found = [...db.exports.values()].flat().find(({ id }) => id === params.id)
    if (found?.state !== 'ready') return missing()
    found.downloads += 1
    return new HttpResponse('PK', {
      headers: {
        'content-type': 'application/zip',
        'content-disposition': 'attachment; filename="export.zip"',
      },
    })
  }),
  on('delete', '/api/v1/exports/{id}', ({ db, params }) => {
    for (const [mailbox, exports] of db.exports)
      db.exports.set(
        mailbox,
        exports.filter(({ id }) => id !== params.id),
      )
    return new HttpResponse(null, { status: 204 })
  }),
]
