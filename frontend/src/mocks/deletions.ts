import type { Ticket } from '../api/types'
import { iso, message, ref, type Db } from './db'
import { deliver, touch } from './deliver'
import {
  comeBack,
  countsOf,
  deleteNow,
  later,
  leave,
  openOf,
  ticketsOf,
  UNDO_DAYS,
  waiting,
} from './leaving'
import { on } from './typed'
import { emit, problem } from './world'

const PASSWORD = 'correct horse battery'
const missing = () => problem(404, 'not-found', 'There is nothing here, or it is not for you.')

/** The same words to each customer, as an answer that waits to leave. */
function say(db: Db, ticket: Ticket, text: string): void {
  const answer = message(db.random, {
    kind: 'outbound',
    at: iso(0),
    author: ref(0),
    to: [ticket.customer],
    text,
    delivery: {
      state: 'waiting',
      code: null,
      undo_until: new Date(Date.now() + 10_000).toISOString(),
      attempts: 0,
      error: null,
      next_attempt_at: null,
      bounced: [],
      can_cancel: true,
    },
  })
  ticket.messages.push(answer)
  touch(db, ticket)
  deliver(db, ticket, answer.id)
}

export const deletionHandlers = [
  on('get', '/api/v1/mailboxes/{id}/disconnection', ({ ok, db, params }) => {
    const mailbox = db.mailboxes.find(({ id }) => id === params.id)
    if (!mailbox) return missing()
    const open = openOf(db, mailbox.id)
    const isMember = mailbox.members.some(({ id }) => id === db.session?.membership.id)
    return ok({
      provider: mailbox.provider,
      address: mailbox.address,
      counts: countsOf(ticketsOf(db, mailbox.id)),
      open_tickets: open.slice(0, 100).map(({ number, subject, status }) => ({
        number,
        status,
        subject: isMember ? subject : null,
      })),
      open_count: open.length,
      waiting_answers: waiting(db, mailbox.id).length,
      undo_days: UNDO_DAYS,
      due_at: later(UNDO_DAYS),
      keyring_gone_at: later(UNDO_DAYS + 7),
      backups_gone_at: later(UNDO_DAYS + 365),
    })
  }),
  on('post', '/api/v1/mailboxes/{id}/disconnection', ({ ok, db, params }) => {
    const mailbox = db.mailboxes.find(({ id }) => id === params.id)
    if (!mailbox) return missing()
    const stopped = waiting(db, mailbox.id)
    for (const { messages } of stopped)
      for (const { delivery } of messages)
        if (delivery?.state === 'waiting')
          Object.assign(delivery, { state: 'failed', code: 'disconnected', undo_until: null })
    const made = leave(db, mailbox)
    return ok({
      purge_id: made.id,
      due_at: made.due_at,
      stopped_tickets: stopped.map(({ number }) => number).sort((a, b) => a - b),
    })
  }),
  on('post', '/api/v1/mailboxes/{id}/farewell', async ({ ok, body, db, params }) => {
    const { text } = await body()
    if (!text.trim())
      return problem(422, 'invalid', 'text', [{ field: 'text', message: 'Write a message.' }])
    const open = openOf(db, String(params.id))
    for (const ticket of open) say(db, ticket, text)
    return ok({ answered: open.length })
  }),
  on('post', '/api/v1/mailboxes/{id}/reconnection', async ({ ok, body, db, params }) => {
    const mailbox = db.leaving.find(({ id }) => id === params.id)
    if (!mailbox) return problem(409, 'purge-under-way', 'The data is being deleted.')
    if (mailbox.provider === 'google' || mailbox.provider === 'microsoft')
      return problem(409, 'needs-consent', 'Connect this mailbox again.')
    const { password } = await body()
    if (mailbox.provider === 'imap' && password !== 'right')
      return problem(502, 'connection-failed', 'imap.example.nl does not accept the password.')
    comeBack(db, mailbox)
    return ok(mailbox)
  }),
  on('post', '/api/v1/mailboxes/{id}/keep', ({ ok, db, params }) => {
    const mailbox = db.mailboxes.find(({ id }) => id === params.id)
    if (!mailbox) return missing()
    if (mailbox.state !== 'needs_reauthorization')
      return problem(409, 'mailbox-works', 'This mailbox needs no sign-in.')
    mailbox.kept_at = iso(0)
    emit(db, 'mailbox', { mailbox_id: mailbox.id, kind: 'mailbox_changed' })
    return ok(mailbox)
  }),
  on('get', '/api/v1/purges', ({ ok, db }) => ok({ items: db.purges, next_cursor: null })),
  on('post', '/api/v1/purges/{id}/haste', async ({ ok, body, db, params }) => {
    const target = db.purges.find(({ id }) => id === params.id)
    if (!target) return missing()
    const { address, password } = await body()
    if (password !== PASSWORD)
      return problem(422, 'invalid', 'password', [
        { field: 'password', message: 'this is not your password' },
      ])
    if (address.trim().toLowerCase() !== target.address?.toLowerCase())
      return problem(422, 'invalid', 'address', [
        { field: 'address', message: 'type the mailbox’s address exactly' },
      ])
    const me = ref(0)
    if (target.early_by && target.early_by.id !== me.id) deleteNow(db, target)
    else target.early_by = me
    return ok({ items: db.purges, next_cursor: null })
  }),
  on('get', '/api/v1/statements', ({ ok, db }) => ok({ items: db.statements, next_cursor: null })),
  on('get', '/api/v1/statements/{id}', ({ ok, db, params }) => {
    const found = db.statements.find(({ statement }) => statement.id === params.id)
    return found ? ok(found) : missing()
  }),
]
