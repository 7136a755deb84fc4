import { http, HttpResponse, type PathParams } from 'msw'
import type {
  EmailAddress,
  LiveEvent,
  Ticket,
  TicketChange,
  TicketStatus,
  TicketSummary,
} from '../api/types'
import { createDb, draftOf, iso, message, ref, type Db } from './db'
import { HTML } from './html'
import { mailboxHandlers } from './mailboxes'
import { pixel } from './picture'
import { authed, emit, problem, world } from './world'

const V1 = '*/api/v1'
const missing = () => problem(404, 'not-found', 'There is nothing here, or it is not for you.')

function summary(ticket: Ticket): TicketSummary {
  const {
    contact: _c,
    messages: _m,
    related: _r,
    draft: _d,
    can_reply: _p,
    reply_defaults: _e,
    ...rest
  } = ticket
  return rest
}

function find(db: Db, params: PathParams): Ticket | undefined {
  return db.tickets.get(Number(params.number))
}

function touch(db: Db, ticket: Ticket): void {
  const mails = ticket.messages.filter(({ kind }) => kind !== 'event')
  ticket.version += 1
  ticket.message_count = mails.length
  ticket.snippet = (mails.at(-1)?.text ?? '').replace(/\s+/g, ' ').slice(0, 160)
  ticket.last_message_at = mails.at(-1)?.at ?? ticket.last_message_at
  emit(db, 'ticket', { number: ticket.number, kind: 'ticket_updated' })
}

function matches(db: Db, query: URLSearchParams): (ticket: Ticket) => boolean {
  const status = query.get('status') ?? 'open'
  const assignee = query.get('assignee')
  const mailbox = query.get('mailbox')
  const q = query.get('q')?.toLowerCase()
  const who = assignee === 'me' ? db.session?.membership.id : assignee
  return (ticket) =>
    (status === 'all' || ticket.status === status) &&
    (!assignee || (assignee === 'none' ? !ticket.assignee : ticket.assignee?.id === who)) &&
    (!mailbox || ticket.mailbox.id === mailbox) &&
    (!q || String(ticket.number) === q || ticket.customer.address.includes(q))
}

/** An answer leaves ten seconds after it was given, as it does in Loket. */
function deliver(db: Db, ticket: Ticket, id: string): void {
  const step = (after: number, change: (target: Ticket['messages'][number]) => void) =>
    setTimeout(() => {
      const target = ticket.messages.find((entry) => entry.id === id)
      if (!target?.delivery || target.delivery.state === 'cancelled') return
      change(target)
      emit(db, 'message', { number: ticket.number, message_id: id, kind: 'delivery_changed' })
    }, after).unref()
  step(10_000, ({ delivery }) => {
    if (delivery)
      Object.assign(delivery, {
        state: 'sending',
        undo_until: null,
        attempts: 1,
        can_cancel: false,
      })
  })
  step(11_200, ({ delivery }) => {
    if (delivery) delivery.state = 'sent'
  })
}

const session = [
  http.get(`${V1}/setup`, ({ request }) =>
    HttpResponse.json({ needed: world(request).setupNeeded }),
  ),
  http.post(`${V1}/setup`, async ({ request }) => {
    const db = world(request)
    const given = (await request.json()) as Record<string, string>
    if (given.token !== 'let-me-in')
      return problem(422, 'invalid', 'token', [
        { field: 'token', message: 'This is not the code that was printed.' },
      ])
    db.setupNeeded = false
    db.session = createDb('empty').session
    db.mailboxes = []
    db.tickets.clear()
    return HttpResponse.json(db.session, { status: 201 })
  }),
  http.post(`${V1}/session`, async ({ request }) => {
    const db = world(request)
    const given = (await request.json()) as Record<string, string>
    if (given.password !== 'correct horse battery')
      return problem(
        401,
        'invalid-credentials',
        'E-mail address and password do not belong together.',
      )
    db.session = createDb('default').session
    return HttpResponse.json(db.session)
  }),
  http.get(
    `${V1}/session`,
    authed(({ db }) => HttpResponse.json(db.session)),
  ),
  http.delete(
    `${V1}/session`,
    authed(({ db }) => {
      db.session = null
      return new HttpResponse(null, { status: 204 })
    }),
  ),
  http.patch(
    `${V1}/profile`,
    authed(async ({ db, request }) => {
      const { current_password, new_password, ...change } = (await request.json()) as Record<
        string,
        string
      >
      if (new_password && current_password !== 'correct horse battery')
        return problem(422, 'invalid', 'current_password', [
          { field: 'current_password', message: 'This is not your present password.' },
        ])
      if (db.session) Object.assign(db.session.account, change)
      return HttpResponse.json(db.session?.account)
    }),
  ),
  http.patch(
    `${V1}/organization`,
    authed(async ({ db, request }) => {
      if (db.session) Object.assign(db.session.organization, await request.json())
      return HttpResponse.json(db.session?.organization)
    }),
  ),
  http.get(
    `${V1}/events`,
    authed(({ db, request }) => {
      const encode = (text: string) => new TextEncoder().encode(text)
      let stop: () => void = () => undefined
      const body = new ReadableStream<Uint8Array>({
        start(controller) {
          const listener = ({ id, type, data }: LiveEvent) => {
            controller.enqueue(
              encode(`id: ${id}\nevent: ${type}\ndata: ${JSON.stringify(data)}\n\n`),
            )
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
          controller.enqueue(encode(': hello\n\n'))
        },
        cancel: () => {
          stop()
        },
      })
      return new HttpResponse(body, {
        headers: { 'content-type': 'text/event-stream', 'cache-control': 'no-store' },
      })
    }),
  ),
]

const tickets = [
  http.get(
    `${V1}/tickets`,
    authed(({ db, url }) => {
      const all = [...db.tickets.values()].filter(matches(db, url.searchParams))
      const from = Number(url.searchParams.get('cursor') ?? 0)
      const limit = Number(url.searchParams.get('limit') ?? 50)
      return HttpResponse.json({
        items: all.slice(from, from + limit).map(summary),
        next_cursor: from + limit < all.length ? String(from + limit) : null,
      })
    }),
  ),
  http.get(
    `${V1}/tickets/counts`,
    authed(({ db }) => {
      const all = [...db.tickets.values()]
      const of = (status: TicketStatus) => all.filter((entry) => entry.status === status).length
      const open = all.filter(({ status }) => status === 'open')
      return HttpResponse.json({
        open: open.length,
        pending: of('pending'),
        on_hold: of('on_hold'),
        closed: of('closed'),
        spam: of('spam'),
        trash: of('trash'),
        mine: open.filter(({ assignee }) => assignee?.id === db.session?.membership.id).length,
        unassigned: open.filter(({ assignee }) => !assignee).length,
      })
    }),
  ),
  http.get(
    `${V1}/tickets/:number`,
    authed(({ db, params }) => {
      const ticket = find(db, params)
      return ticket ? HttpResponse.json(ticket) : missing()
    }),
  ),
  http.patch(
    `${V1}/tickets/:number`,
    authed(async ({ db, params, request }) => {
      const ticket = find(db, params)
      if (!ticket) return missing()
      if (request.headers.get('if-match') !== `"${ticket.version}"`)
        return problem(412, 'stale', 'It was changed in the meantime.')
      const change = (await request.json()) as TicketChange
      const actor = ref(0)
      const note = (data: object) =>
        ticket.messages.push(
          message(db.random, {
            kind: 'event',
            at: iso(0),
            event: { kind: 'ticket_updated', actor, data: data as never },
          }),
        )
      if (change.status && change.status !== ticket.status) {
        note({ status: change.status, status_before: ticket.status })
        ticket.status = change.status
      }
      if (change.assignee_id !== undefined) {
        const index = [0, 1, 2, 3].find((entry) => ref(entry).id === change.assignee_id)
        const before = ticket.assignee?.id ?? null
        ticket.assignee = index === undefined ? null : ref(index)
        note({ assignee: ticket.assignee?.id ?? null, assignee_before: before })
      }
      touch(db, ticket)
      return HttpResponse.json(summary(ticket))
    }),
  ),
  http.post(
    `${V1}/tickets/:number/read`,
    authed(({ db, params }) => {
      const ticket = find(db, params)
      if (ticket) ticket.unread = false
      return ticket ? new HttpResponse(null, { status: 204 }) : missing()
    }),
  ),
  http.post(
    `${V1}/tickets/:number/replies`,
    authed(async ({ db, params, request }) => {
      const ticket = find(db, params)
      if (!ticket) return missing()
      const given = (await request.json()) as Record<string, never> & {
        to: EmailAddress[]
        cc?: EmailAddress[]
        bcc?: EmailAddress[]
        text: string
        then?: TicketStatus
        seen_version: number
        attachment_ids?: string[]
      }
      if (given.seen_version !== ticket.version)
        return problem(409, 'newer-message', 'A newer message has arrived.')
      const answer = message(db.random, {
        kind: 'outbound',
        at: iso(0),
        author: ref(0),
        from: { name: 'Veldkeuken', address: 'info@veldkeuken.example' },
        to: given.to,
        cc: given.cc ?? [],
        bcc: given.bcc ?? [],
        text: given.text,
        attachments: (given.attachment_ids ?? []).flatMap((id) => db.uploads.get(id) ?? []),
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
      ticket.status = given.then ?? 'pending'
      ticket.draft = null
      ticket.waiting_since = null
      touch(db, ticket)
      deliver(db, ticket, answer.id)
      return HttpResponse.json(answer, { status: 201 })
    }),
  ),
  http.post(
    `${V1}/tickets/:number/notes`,
    authed(async ({ db, params, request }) => {
      const ticket = find(db, params)
      if (!ticket) return missing()
      const { text } = (await request.json()) as { text: string }
      const note = message(db.random, { kind: 'note', at: iso(0), author: ref(0), text })
      ticket.messages.push(note)
      touch(db, ticket)
      return HttpResponse.json(note, { status: 201 })
    }),
  ),
  http.put(
    `${V1}/tickets/:number/draft`,
    authed(async ({ db, params, request }) => {
      const ticket = find(db, params)
      if (!ticket) return missing()
      const given = (await request.json()) as {
        text?: string
        html?: string
        to?: EmailAddress[]
        cc?: EmailAddress[]
        bcc?: EmailAddress[]
        attachment_ids?: string[]
      }
      ticket.draft = {
        text: given.text ?? '',
        html: given.html ?? null,
        to: given.to ?? [],
        cc: given.cc ?? [],
        bcc: given.bcc ?? [],
        attachments: (given.attachment_ids ?? []).flatMap((id) => db.uploads.get(id) ?? []),
        updated_at: iso(0),
      }
      return HttpResponse.json(ticket.draft)
    }),
  ),
  http.delete(
    `${V1}/tickets/:number/draft`,
    authed(({ db, params }) => {
      const ticket = find(db, params)
      if (ticket) ticket.draft = null
      return new HttpResponse(null, { status: 204 })
    }),
  ),
  http.put(
    `${V1}/tickets/:number/customer`,
    authed(async ({ db, params, request }) => {
      const ticket = find(db, params)
      if (!ticket) return missing()
      const { address, name } = (await request.json()) as { address?: string; name?: string }
      if (address) ticket.customer = { address, name: name ?? null }
      touch(db, ticket)
      return HttpResponse.json(summary(ticket))
    }),
  ),
]

function owner(db: Db, params: PathParams) {
  for (const ticket of db.tickets.values()) {
    const found = ticket.messages.find(({ id }) => id === params.id)
    if (found) return { ticket, found }
  }
  return null
}

const messages = [
  http.get(
    `${V1}/messages/:id/html`,
    authed(({ db, params, url }) => {
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
  ),
  http.get(
    `${V1}/messages/:id/attachments/:attachment`,
    authed(
      ({ params }) =>
        new HttpResponse(pixel(String(params.attachment)), {
          headers: { 'content-type': 'image/bmp' },
        }),
    ),
  ),
  http.get(
    `${V1}/messages/:id/original`,
    authed(
      () =>
        new HttpResponse('From: somebody\r\n\r\nHello.\r\n', {
          headers: { 'content-type': 'text/plain' },
        }),
    ),
  ),
  http.post(
    `${V1}/messages/:id/cancel`,
    authed(({ db, params }) => {
      const at = owner(db, params)
      if (!at?.found.delivery) return missing()
      if (!at.found.delivery.can_cancel) return problem(409, 'already-sent', 'It has already left.')
      at.found.delivery.state = 'cancelled'
      at.ticket.messages = at.ticket.messages.filter(({ id }) => id !== at.found.id)
      at.ticket.draft = draftOf(at.found)
      at.ticket.status = 'open'
      touch(db, at.ticket)
      return HttpResponse.json(at.ticket.draft)
    }),
  ),
  http.post(
    `${V1}/messages/:id/sent`,
    authed(({ db, params }) => {
      const at = owner(db, params)
      if (!at?.found.delivery) return missing()
      Object.assign(at.found.delivery, { state: 'sent', code: null, error: null })
      touch(db, at.ticket)
      return HttpResponse.json(at.found)
    }),
  ),
  ...['retry', 'confirm'].map((act) =>
    http.post(
      `${V1}/messages/:id/${act}`,
      authed(({ db, params }) => {
        const at = owner(db, params)
        if (!at?.found.delivery) return missing()
        Object.assign(at.found.delivery, { state: 'waiting', undo_until: null, error: null })
        deliver(db, at.ticket, at.found.id)
        touch(db, at.ticket)
        return HttpResponse.json(at.found)
      }),
    ),
  ),
  http.post(
    `${V1}/uploads`,
    authed(async ({ db, request }) => {
      const file = (await request.formData()).get('file') as File
      const upload = {
        id: db.random.uuid(),
        name: file.name,
        content_type: file.type,
        size: file.size,
        inline: false,
      }
      db.uploads.set(upload.id, upload)
      return HttpResponse.json(upload, { status: 201 })
    }),
  ),
  http.get(
    `${V1}/uploads/:id`,
    authed(({ db, params }) => {
      const upload = db.uploads.get(String(params.id))
      if (!upload) return missing()
      return new HttpResponse(pixel(upload.name), { headers: { 'content-type': 'image/bmp' } })
    }),
  ),
]

export const handlers = [...session, ...tickets, ...messages, ...mailboxHandlers]
