// Answers, forwards, notes, letters, and their drafts.
import { HttpResponse, type PathParams } from 'msw'
import type { Draft, DraftChange, DraftKind, SavedReply, Ticket } from '../api/types'
import { VARIABLES } from '../features/replies/variables'
import { iso, MAILBOXES, mailboxRef, message, ref, ticket as newTicket, type Db } from './db'
import { deliver, touch } from './deliver'
import { on } from './typed'
import { emit, problem, overtaken } from './world'

const missing = () => problem(404, 'not-found', 'There is nothing here, or it is not for you.')
const find = (db: Db, params: PathParams) => db.tickets.get(Number(params.number))

const PLACE = { answer: 'draft', forward: 'forward_draft', note: 'note_draft' } as const
const place = (url: URL) => PLACE[(url.searchParams.get('kind') ?? 'answer') as DraftKind]

const files = (db: Db, ids: string[] = []) => ids.flatMap((id) => db.uploads.get(id) ?? [])

const kept = (db: Db, given: DraftChange): Draft => ({
  text: given.text ?? '',
  html: given.html ?? null,
  to: given.to ?? [],
  cc: given.cc ?? [],
  bcc: given.bcc ?? [],
  attachments: files(db, given.attachment_ids),
  subject: given.subject ?? null,
  forwarded: given.forwarded
    ? { ...given.forwarded, without: given.forwarded.without ?? [] }
    : null,
  without_signature: given.without_signature ?? false,
  updated_at: iso(0),
})

const waiting = () => ({
  state: 'waiting' as const,
  code: null,
  undo_until: new Date(Date.now() + 10_000).toISOString(),
  attempts: 0,
  error: null,
  next_attempt_at: null,
  bounced: [],
  can_cancel: true,
})

const unknownVariable = (text: string) =>
  [...text.matchAll(/\{\{([^{}|]*)/gu)]
    .map(([, name]) => name?.trim() ?? '')
    .find((name) => !(VARIABLES as readonly string[]).includes(name))

const present = () => ({
  id: ref(1).id,
  state: 'replying' as const,
  until: new Date(Date.now() + 600_000).toISOString(),
})

/** Something was said that the agent has not seen. */
function unseen(ticket: Ticket, version: number) {
  if (version >= ticket.version) return null
  const last = ticket.messages.findLast(({ kind }) => kind !== 'event')
  return last?.kind === 'inbound'
    ? problem(409, 'newer-message', 'A newer message has arrived.')
    : problem(409, 'unseen-message', 'There is a newer note or answer in this ticket.')
}

export const writingHandlers = [
  on('post', '/api/v1/tickets/{number}/replies', async ({ ok, body, db, params }) => {
    const ticket = find(db, params)
    if (!ticket) return missing()
    const given = await body()
    const stopped = unseen(ticket, given.seen_version)
    if (stopped) return stopped
    const passed = ticket.messages.find(({ id }) => id === given.forwarded?.message_id)
    const along = passed?.attachments.filter(({ id }) => !given.forwarded?.without?.includes(id))
    const answer = message(db.random, {
      kind: 'outbound',
      at: iso(0),
      author: ref(0),
      from: { name: 'Veldkeuken', address: 'info@veldkeuken.example' },
      to: given.to,
      cc: given.cc ?? [],
      bcc: given.bcc ?? [],
      text: given.text,
      attachments: [...files(db, given.attachment_ids), ...(along ?? [])],
      flags: passed ? ['forwarded'] : [],
      delivery: waiting(),
    })
    ticket.messages.push(answer)
    if (given.then !== 'unchanged') ticket.status = given.then ?? 'pending'
    ticket[passed ? 'forward_draft' : 'draft'] = null
    if (!passed) ticket.waiting_since = null
    touch(db, ticket)
    deliver(db, ticket, answer.id)
    return ok(answer, { status: 201 })
  }),
  on('post', '/api/v1/tickets/{number}/notes', async ({ ok, body, db, params, url }) => {
    const ticket = find(db, params)
    if (!ticket) return missing()
    const { text, attachment_ids } = await body()
    // A test lets a colleague write one.
    const author = ref(url.searchParams.get('as') === 'colleague' ? 1 : 0)
    const note = message(db.random, {
      kind: 'note',
      at: iso(0),
      author,
      text,
      attachments: files(db, attachment_ids ?? []),
    })
    ticket.messages.push(note)
    ticket.note_draft = null
    touch(db, ticket)
    return ok(note, { status: 201 })
  }),
  on('get', '/api/v1/tickets/{number}/draft', ({ ok, db, params, url }) => {
    const draft = find(db, params)?.[place(url)]
    return draft ? ok(draft) : missing()
  }),
  on('put', '/api/v1/tickets/{number}/draft', async ({ ok, body, db, params, url }) => {
    const ticket = find(db, params)
    if (!ticket) return missing()
    const given = await body()
    const there = ticket[place(url)]
    if (there && given.builds_on !== undefined && given.builds_on !== there.updated_at)
      return problem(412, 'stale', 'It was saved on another device.')
    const draft = kept(db, given)
    ticket[place(url)] = draft
    const kind = url.searchParams.get('kind') ?? 'answer'
    emit(db, 'draft', { number: ticket.number, kind, saved_at: draft.updated_at })
    return ok(draft)
  }),
  on('delete', '/api/v1/tickets/{number}/draft', ({ db, params, url }) => {
    const ticket = find(db, params)
    if (ticket) ticket[place(url)] = null
    return new HttpResponse(null, { status: 204 })
  }),
  on('get', '/api/v1/presence', ({ ok }) =>
    ok({
      items: [{ number: 2_003, people: [present()] }],
      next_cursor: null,
    }),
  ),
  on('post', '/api/v1/tickets/{number}/presence', ({ ok, db, params }) => {
    const ticket = find(db, params)
    if (!ticket) return missing()
    return ok({ number: ticket.number, people: ticket.number === 2_003 ? [present()] : [] })
  }),
  on('get', '/api/v1/notices', ({ ok, db }) =>
    ok({
      items: db.notices,
      unread: db.notices.filter(({ read }) => !read).length,
      next_cursor: null,
    }),
  ),
  on('post', '/api/v1/notices/read', async ({ body, db }) => {
    const { ids } = await body()
    for (const notice of db.notices) if (!ids || ids.includes(notice.id)) notice.read = true
    return new HttpResponse(null, { status: 204 })
  }),
  on('get', '/api/v1/profile/settings', ({ ok, db }) => ok(db.own)),
  on('put', '/api/v1/profile/settings', async ({ ok, body, db }) => {
    const { signature, switched_off } = await body()
    db.own = { signature: signature ?? null, switched_off: switched_off ?? [] }
    return ok(db.own)
  }),
  on('get', '/api/v1/letter', ({ ok, db }) => ok(db.letter)),
  on('put', '/api/v1/letter', async ({ ok, body, db }) => {
    const given = await body()
    if (db.letter && given.builds_on !== undefined && given.builds_on !== db.letter.updated_at)
      return problem(412, 'stale', 'It was saved on another device.')
    const { forwarded: _f, subject: _s, ...draft } = kept(db, given)
    db.letter = { ...draft, subject: given.subject ?? '', mailbox_id: given.mailbox_id ?? null }
    emit(db, 'draft', { kind: 'letter', saved_at: db.letter.updated_at })
    return ok(db.letter)
  }),
  on('delete', '/api/v1/letter', ({ db }) => {
    db.letter = null
    return new HttpResponse(null, { status: 204 })
  }),
  on('post', '/api/v1/tickets', async ({ ok, body, db }) => {
    const given = await body()
    const customer = given.to[0]
    if (!given.subject.trim() || !customer)
      return problem(422, 'invalid', 'subject: write a subject', [
        { field: customer ? 'subject' : 'to', message: 'Write a subject.' },
      ])
    const number = Math.max(...db.tickets.keys()) + 1
    const box = Math.max(
      0,
      MAILBOXES.findIndex(([id]) => id === given.mailbox_id),
    )
    const first = message(db.random, {
      kind: 'outbound',
      at: iso(0),
      author: ref(0),
      from: { name: MAILBOXES[box]?.[2] ?? null, address: MAILBOXES[box]?.[1] ?? '' },
      to: given.to,
      cc: given.cc ?? [],
      bcc: given.bcc ?? [],
      text: given.text,
      attachments: files(db, given.attachment_ids),
      delivery: waiting(),
    })
    const made = newTicket({
      number,
      subject: given.subject,
      customer: { address: customer.address, name: customer.name ?? null },
      mailbox: mailboxRef(box),
      status: given.then === 'closed' || given.then === 'open' ? given.then : 'pending',
      assignee: ref(0),
      messages: [first],
    })
    db.tickets.set(number, made)
    db.letter = null
    touch(db, made)
    deliver(db, made, first.id)
    return ok({ number, message: first }, { status: 201 })
  }),
  on('get', '/api/v1/saved-replies', ({ ok, db, url }) => {
    const words = (url.searchParams.get('q') ?? '').toLowerCase().split(/\s+/u)
    const mailbox = url.searchParams.get('mailbox')
    const id = url.searchParams.get('id')
    const found = db.replies
      .filter((reply) => !id || reply.id === id)
      .filter(({ name, text }) =>
        words.every((word) => `${name} ${text}`.toLowerCase().includes(word)),
      )
      .filter((reply) => !mailbox || reply.scope !== 'mailbox' || reply.subject_id === mailbox)
      .sort((a, b) => a.name.localeCompare(b.name))
    return ok({ items: found, next_cursor: null })
  }),
  on('post', '/api/v1/saved-replies', async ({ ok, body, db }) => {
    const given = await body()
    const wrong = unknownVariable(given.text ?? '')
    if (wrong)
      return problem(422, 'invalid', 'variables', [
        { field: 'variables', message: `There is no variable "${wrong}".` },
      ])
    const reply: SavedReply = {
      id: db.random.uuid(),
      scope: given.scope ?? 'personal',
      subject_id: given.subject_id ?? null,
      name: given.name ?? '',
      text: given.text ?? '',
      html: given.html ?? null,
      can_change: true,
      version: 1,
      updated_at: iso(0),
    }
    db.replies.push(reply)
    return ok(reply, { status: 201 })
  }),
  on('put', '/api/v1/saved-replies/{id}', async ({ ok, body, db, params, request }) => {
    const reply = db.replies.find(({ id }) => id === params.id)
    if (!reply) return missing()
    const late = overtaken(request, reply)
    if (late) return late
    Object.assign(reply, await body(), { version: reply.version + 1, updated_at: iso(0) })
    return ok(reply)
  }),
  on('delete', '/api/v1/saved-replies/{id}', ({ db, params }) => {
    db.replies = db.replies.filter(({ id }) => id !== params.id)
    return new HttpResponse(null, { status: 204 })
  }),
]
