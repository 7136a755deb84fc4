import { HttpResponse, type PathParams } from 'msw'
import type { LiveEvent, Message, Organization, Ticket, TicketStatus } from '../api/types'
import { findable } from '../features/tickets/find'
import { actHandlers, summary } from './acts'
import { closingHandlers } from './closing'
import { contactHandlers } from './contacts'
import { createDb, draftOf, type Db } from './db'
import { deletionHandlers } from './deletions'
import { deliver, touch } from './deliver'
import { exportHandlers } from './exports'
import { HTML } from './html'
import { keepingHandlers } from './keeping'
import { mailboxHandlers } from './mailboxes'
import { file, zip } from './files'
import { pixel } from './picture'
import { policyHandlers } from './policies'
import { registerHandlers } from './register'
import { requestHandlers } from './requests'
import { searchHandlers } from './search'
import { on, open } from './typed'
import { userHandlers } from './users'
import { viewHandlers } from './views'
import { writingHandlers } from './writing'
import { lastEvent, overtaken, problem } from './world'

const missing = () => problem(404, 'not-found', 'There is nothing here, or it is not for you.')

function find(db: Db, params: PathParams): Ticket | undefined {
  return db.tickets.get(Number(params.number))
}

function matches(db: Db, query: URLSearchParams): (ticket: Ticket) => boolean {
  const status = query.get('status') ?? 'all'
  const assignee = query.get('assignee')
  const mailbox = query.get('mailbox')
  const q = query.get('q')?.toLowerCase()
  const files = query.get('has_attachment')
  const contact = query.get('contact')
  const [since, until] = [query.get('since'), query.get('until')]
  const [tag, team, priority] = ['tag', 'team', 'priority'].map((name) => query.get(name))
  const snoozed = query.get('snoozed') === 'true'
  const who = assignee === 'me' ? db.session?.membership.id : assignee
  return (ticket) =>
    (status === 'all'
      ? Boolean(q) || !['spam', 'trash'].includes(ticket.status)
      : ticket.status === status) &&
    (!assignee || (assignee === 'none' ? !ticket.assignee : ticket.assignee?.id === who)) &&
    (!mailbox || ticket.mailbox.id === mailbox) &&
    (!files || String(ticket.has_attachment) === files) &&
    (query.get('unread') !== 'true' || ticket.unread) &&
    (query.get('draft') !== 'true' || ticket.draft !== null) &&
    (!contact || ticket.contact?.id === contact) &&
    (!since || ticket.last_message_at.slice(0, 10) >= since) &&
    (!until || ticket.last_message_at.slice(0, 10) <= until) &&
    (snoozed ? Boolean(ticket.snoozed_until) : status !== 'open' || !ticket.snoozed_until) &&
    (!tag || ticket.tags.some(({ id }) => id === tag)) &&
    (!team || (ticket.team?.id ?? 'none') === team) &&
    (!priority || ticket.priority === priority) &&
    (!q || String(ticket.number) === q || ticket.customer.address.toLowerCase() === q)
}

const session = [
  open('get', '/api/v1/setup', ({ ok, db }) => ok({ needed: db.setupNeeded })),
  open('post', '/api/v1/setup', async ({ ok, body, db }) => {
    const given = await body()
    if (given.token !== 'let-me-in')
      return problem(422, 'invalid', 'token', [
        { field: 'token', message: 'This is not the code that was printed.' },
      ])
    db.setupNeeded = false
    const session = createDb('empty').session
    db.session = session
    db.mailboxes = []
    db.tickets.clear()
    return session ? ok(session, { status: 201 }) : missing()
  }),
  open('post', '/api/v1/session', async ({ ok, body, db }) => {
    const given = await body()
    if (given.password !== 'correct horse battery')
      return problem(
        401,
        'invalid-credentials',
        'E-mail address and password do not belong together.',
      )
    const session = createDb('default').session
    db.session = session
    return session ? ok(session) : missing()
  }),
  on('post', '/api/v1/password/links', () => new HttpResponse(null, { status: 202 })),
  on('put', '/api/v1/password', () => new HttpResponse(null, { status: 204 })),
  on('get', '/api/v1/session', ({ ok, db }) =>
    db.session ? ok({ ...db.session, last_event_id: lastEvent(db) }) : missing(),
  ),
  on('delete', '/api/v1/session', ({ db }) => {
    db.session = null
    return new HttpResponse(null, { status: 204 })
  }),
  on('patch', '/api/v1/profile', async ({ ok, body, db }) => {
    const { current_password, new_password, ...change } = await body()
    if (new_password && current_password !== 'correct horse battery')
      return problem(422, 'invalid', 'current_password', [
        { field: 'current_password', message: 'This is not your present password.' },
      ])
    if (db.session)
      Object.assign(db.session.account, change, {
        time_zone: (change.time_zone ?? db.session.account.time_zone) || null,
      })
    return db.session ? ok(db.session.account) : missing()
  }),
  on('get', '/api/v1/profile/sessions', ({ ok, db }) =>
    ok({ items: db.ownSessions, next_cursor: null }),
  ),
  on('delete', '/api/v1/profile/sessions', ({ db }) => {
    db.ownSessions = db.ownSessions.filter(({ current }) => current)
    return new HttpResponse(null, { status: 204 })
  }),
  on('delete', '/api/v1/profile/sessions/{id}', ({ db, params }) => {
    if (!db.ownSessions.some(({ id }) => id === params.id)) return missing()
    db.ownSessions = db.ownSessions.filter(({ id }) => id !== params.id)
    return new HttpResponse(null, { status: 204 })
  }),
  on('put', '/api/v1/profile/photo', async ({ ok, db, request }) => {
    const kind = new Uint8Array(await request.arrayBuffer())[0]
    // PNG, JPEG and RIFF begin with these.
    if (![0x89, 0xff, 0x52].includes(kind ?? 0))
      return problem(422, 'invalid', 'photo', [
        { field: 'photo', message: 'Choose a picture in the form of PNG, JPEG or WebP.' },
      ])
    const user = db.users.find(({ id }) => id === db.session?.membership.id)
    if (!user) return missing()
    user.photo = (user.photo ?? 0) + 1
    return ok({ version: user.photo })
  }),
  on('delete', '/api/v1/profile/photo', ({ db }) => {
    const user = db.users.find(({ id }) => id === db.session?.membership.id)
    if (user) user.photo = null
    return new HttpResponse(null, { status: 204 })
  }),
  on('get', '/api/v1/organization', ({ ok, db }) => {
    const organization = organizationOf(db)
    return organization ? ok(organization) : missing()
  }),
  on('patch', '/api/v1/organization', async ({ ok, body, db, request }) => {
    const organization = organizationOf(db)
    if (!organization || !db.session) return missing()
    const late = overtaken(request, organization)
    if (late) return late
    Object.assign(db.session.organization, await body())
    db.organizationVersion += 1
    return ok(organizationOf(db) ?? organization)
  }),
  on('get', '/api/v1/events', ({ db, request }) => {
    const encode = (text: string) => new TextEncoder().encode(text)
    let stop: () => void = () => undefined
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        const listener = ({ id, type, data }: LiveEvent) => {
          controller.enqueue(encode(`id: ${id}\nevent: ${type}\ndata: ${JSON.stringify(data)}\n\n`))
        }
        const beat = setInterval(() => {
          controller.enqueue(encode(': beat\n\n'))
        }, 15_000)
        db.listeners.add(listener)
        stop = () => {
          db.listeners.delete(listener)
          clearInterval(beat)
        }
        request.signal.addEventListener('abort', stop)
        const seen = Number(request.headers.get('last-event-id'))
        db.events.filter(({ id }) => Number(id) > seen).forEach(listener)
      },
      cancel: () => {
        stop()
      },
    })
    return new HttpResponse(body, {
      headers: { 'content-type': 'text/event-stream', 'cache-control': 'no-store' },
    })
  }),
]

const tickets = [
  on('get', '/api/v1/tickets', ({ ok, db, url }) => {
    const q = url.searchParams.get('q')
    if (q && !findable(q))
      return problem(422, 'invalid', 'q: a number or an address', [
        { field: 'q', message: "Give a ticket's number or a whole e-mail address." },
      ])
    const all = [...db.tickets.values()].filter(matches(db, url.searchParams))
    const sort = url.searchParams.get('sort')
    if (sort) all.sort((a, b) => b.last_message_at.localeCompare(a.last_message_at))
    if (sort === 'oldest') all.reverse()
    const from = Number(url.searchParams.get('cursor') ?? 0)
    const limit = Number(url.searchParams.get('limit') ?? 50)
    return ok({
      items: all.slice(from, from + limit).map((ticket) => ({
        ...summary(ticket),
        own_draft:
          url.searchParams.get('draft') === 'true' && ticket.draft
            ? { kind: 'answer' as const, snippet: ticket.draft.text.slice(0, 160) }
            : null,
      })),
      next_cursor: from + limit < all.length ? String(from + limit) : null,
    })
  }),
  on('get', '/api/v1/tickets/counts', ({ ok, db }) => {
    const all = [...db.tickets.values()]
    const of = (status: TicketStatus) => all.filter((entry) => entry.status === status).length
    const open = all.filter((entry) => entry.status === 'open' && !entry.snoozed_until)
    return ok({
      open: open.length,
      snoozed: all.filter(({ snoozed_until: until }) => until).length,
      pending: of('pending'),
      on_hold: of('on_hold'),
      closed: of('closed'),
      spam: of('spam'),
      trash: of('trash'),
      mine: open.filter(({ assignee }) => assignee?.id === db.session?.membership.id).length,
      unassigned: open.filter(({ assignee }) => !assignee).length,
      mentioned: 0,
      drafts: all.filter(({ draft }) => draft).length,
    })
  }),
  on('get', '/api/v1/tickets/{number}', ({ ok, db, params, url }) => {
    const ticket = find(db, params)
    if (!ticket) return missing()
    const most = Number(url.searchParams.get('with_html') ?? 0)
    const newest = ticket.messages.filter(({ has_html: html }) => html).slice(-most)
    const withHtml = (message: Message): Message => {
      const html = HTML[db.html.get(message.id) ?? '']?.({ images: false }) ?? null
      return newest.includes(message) && html && html.length <= 128 * 1024
        ? { ...message, html }
        : message
    }
    return ok(most ? { ...ticket, messages: ticket.messages.map(withHtml) } : ticket)
  }),
  on('post', '/api/v1/tickets/{number}/read', ({ db, params }) => {
    const ticket = find(db, params)
    if (ticket) ticket.unread = false
    return ticket ? new HttpResponse(null, { status: 204 }) : missing()
  }),
  on('put', '/api/v1/tickets/{number}/customer', async ({ ok, body, db, params }) => {
    const ticket = find(db, params)
    if (!ticket) return missing()
    const { address, name } = await body()
    if (address) ticket.customer = { address, name: name ?? null }
    touch(db, ticket)
    return ok(summary(ticket))
  }),
]

function owner(db: Db, params: PathParams) {
  for (const ticket of db.tickets.values()) {
    const found = ticket.messages.find(({ id }) => id === params.id)
    if (found) return { ticket, found }
  }
  return null
}

const messages = [
  on('get', '/api/v1/messages/{id}', ({ ok, db, params }) => {
    const at = owner(db, params)
    return at ? ok(at.found) : missing()
  }),
  on(
    'get',
    '/api/v1/messages/{id}/images',
    ({ url }) =>
      new HttpResponse(pixel(url.searchParams.get('url') ?? ''), {
        headers: { 'content-type': 'image/bmp' },
      }),
  ),
  on('get', '/api/v1/messages/{id}/html', ({ db, params, url }) => {
    const body = HTML[db.html.get(String(params.id)) ?? '']
    if (!body) return missing()
    const images = url.searchParams.get('remote_images') === 'true'
    return new HttpResponse(body({ images }), {
      headers: {
        'content-type': 'text/html; charset=utf-8',
        'content-security-policy':
          "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; script-src 'none'",
      },
    })
  }),
  on('get', '/api/v1/messages/{id}/attachments', () => zip()),
  on('get', '/api/v1/messages/{id}/attachments/{attachment_id}', ({ db, params }) => {
    const files = [...db.tickets.values()].flatMap(({ messages }) =>
      messages.flatMap(({ attachments }) => attachments),
    )
    return file(files.find(({ id }) => id === params.attachment_id))
  }),
  on(
    'get',
    '/api/v1/messages/{id}/original',
    () =>
      new HttpResponse('From: somebody\r\n\r\nHello.\r\n', {
        headers: { 'content-type': 'text/plain' },
      }),
  ),
  on('post', '/api/v1/messages/{id}/cancel', ({ ok, db, params }) => {
    const at = owner(db, params)
    if (!at?.found.delivery) return missing()
    if (!at.found.delivery.can_cancel) return problem(409, 'on-its-way', 'It has already left.')
    at.found.delivery.state = 'cancelled'
    at.ticket.messages = at.ticket.messages.filter(({ id }) => id !== at.found.id)
    at.ticket.draft = draftOf(at.found)
    at.ticket.status = 'open'
    touch(db, at.ticket)
    return ok(at.ticket.draft)
  }),
  on('post', '/api/v1/messages/{id}/sent', ({ ok, db, params }) => {
    const at = owner(db, params)
    if (!at?.found.delivery) return missing()
    Object.assign(at.found.delivery, { state: 'sent', code: null, error: null })
    touch(db, at.ticket)
    return ok(at.found)
  }),
  ...(['retry', 'confirm'] as const).map((act) =>
    on('post', `/api/v1/messages/{id}/${act}`, ({ ok, db, params }) => {
      const at = owner(db, params)
      if (!at?.found.delivery) return missing()
      Object.assign(at.found.delivery, { state: 'waiting', undo_until: null, error: null })
      deliver(db, at.ticket, at.found.id)
      touch(db, at.ticket)
      return ok(at.found)
    }),
  ),
  on('get', '/api/v1/uploads/{id}', ({ db, params }) => {
    const upload = db.uploads.get(String(params.id))
    if (!upload) return missing()
    return new HttpResponse(pixel(upload.name), { headers: { 'content-type': 'image/bmp' } })
  }),
  on('post', '/api/v1/uploads', async ({ ok, db, request }) => {
    const file = (await request.formData()).get('file') as File
    const upload = {
      id: db.random.uuid(),
      name: file.name,
      content_type: file.type,
      size: file.size,
      inline: false,
    }
    db.uploads.set(upload.id, upload)
    return ok(upload, { status: 201 })
  }),
]

const organizationOf = (db: Db): Organization | null =>
  db.session && {
    ...db.session.organization,
    sends_mail: db.sendsMail,
    version: db.organizationVersion,
  }

export const handlers = [
  ...session,
  ...tickets,
  ...messages,
  ...mailboxHandlers,
  ...userHandlers,
  ...viewHandlers,
  ...contactHandlers,
  ...deletionHandlers,
  ...requestHandlers,
  ...registerHandlers,
  ...policyHandlers,
  ...keepingHandlers,
  ...actHandlers,
  ...exportHandlers,
  ...closingHandlers,
  ...writingHandlers,
  ...searchHandlers,
]
