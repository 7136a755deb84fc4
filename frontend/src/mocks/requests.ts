// What people ask about their data.
import { HttpResponse } from 'msw'
import type {
  Authority,
  DataRequest,
  DataRequestLine,
  RequestItem,
  RequestPerson,
} from '../api/types'
import { iso, ref, type Db } from './db'
import { on, open } from './typed'
import { problem } from './world'

const DAY = 86_400_000
const ANSWER = 30 * DAY
/** Anything but this is a code that was not sent. */
const CODE = '12345678'
const missing = () => problem(404, 'not-found', 'There is nothing here, or it is not for you.')
const invalid = (field: string, text: string) =>
  problem(422, 'invalid', field, [{ field, message: text }])

interface Kept {
  requests: DataRequest[]
  items: RequestItem[]
  authority: Authority
}
const kept = new WeakMap<Db, Kept>()

type Fields = Partial<DataRequest> & { line?: Partial<DataRequestLine> }

function made(n: number, kind: DataRequestLine['kind'], fields: Fields = {}): DataRequest {
  const { line, ...rest } = fields
  const received_at = line?.received_at ?? iso(n * 3 * DAY)
  return {
    request: {
      id: `0192d100-0000-7000-8000-${String(n).padStart(12, '0')}`,
      kind,
      state: 'open',
      is_known: true,
      is_user: false,
      addresses: ['marieke.jansen@example.nl'],
      name: 'Marieke Jansen',
      received_at,
      due_at: new Date(Date.parse(received_at) + ANSWER).toISOString(),
      extended_months: 0,
      is_late: false,
      is_soon: false,
      handler: ref(0),
      opened_by: ref(0),
      opened_at: received_at,
      identified_at: null,
      acted_at: null,
      closed_at: null,
      ...line,
    },
    note: null,
    ticket_number: null,
    code_at: null,
    code_tries: 0,
    lasts: false,
    people: [],
    lift_at: null,
    ended_at: null,
    parcel: null,
    erasure: null,
    timeline: [{ id: `${n}-opened`, kind: 'opened', at: received_at, by: ref(0), text: null }],
    mails: [],
    ...rest,
  }
}

function of(db: Db): Kept {
  let found = kept.get(db)
  if (!found) {
    found = {
      authority: {
        name: 'Autoriteit Persoonsgegevens',
        address: 'Postbus 93374, 2509 AJ Den Haag, autoriteitpersoonsgegevens.nl',
      },
      items: [
        {
          id: '0192d200-0000-7000-8000-000000000001',
          ticket_number: 2004,
          kind: 'inbound',
          at: iso(2 * DAY),
          from: 'marieke.jansen@example.nl',
          subject: 'Gardes met een gebroken handvat',
          text: 'Goedemiddag,\n\nDe gardes kwamen gebroken aan. Mijn buurvrouw Els heeft hetzelfde.',
          others: ['els@example.nl'],
          withheld: null,
          files: [
            {
              id: '0192d200-0000-7000-8000-000000000002',
              name: 'foto-van-els.jpg',
              size: 81_234,
              withheld: null,
            },
          ],
        },
        {
          id: '0192d200-0000-7000-8000-000000000003',
          ticket_number: 2004,
          kind: 'note',
          at: iso(DAY),
          from: '',
          subject: '',
          text: 'Gebeld: morgen nog eens proberen.',
          others: [],
          withheld: 'Gaat over een andere klant.',
          files: [],
        },
      ],
      requests: [
        made(1, 'rectification', {
          note: 'Heet sinds haar huwelijk anders en wil dat dat klopt.',
          ticket_number: 2004,
          code_at: iso(2 * DAY),
          line: { state: 'identified', identified_at: iso(DAY) },
          timeline: [
            { id: 'a', kind: 'opened', at: iso(3 * DAY), by: ref(0), text: null },
            { id: 'b', kind: 'code_sent', at: iso(2 * DAY), by: ref(0), text: null },
            { id: 'c', kind: 'code_wrong', at: iso(DAY + 60_000), by: null, text: null },
            { id: 'd', kind: 'identified_by_person', at: iso(DAY), by: null, text: null },
            { id: 'e', kind: 'extended', at: iso(DAY), by: ref(1), text: 'Veel oude post.' },
          ],
          mails: [
            {
              id: 'f',
              kind: 'code',
              state: 'sent',
              subject: null,
              text: null,
              by: ref(0),
              created_at: iso(2 * DAY),
            },
            {
              id: 'g',
              kind: 'reply',
              state: 'failed',
              subject: 'Uw verzoek over uw gegevens bij Fietsenmakerij De Ketting',
              text: 'Geachte heer of mevrouw,\n\nWij gaan ermee aan de slag.',
              by: ref(0),
              created_at: iso(DAY),
            },
          ],
        }),
        made(2, 'restriction', {
          lasts: true,
          people: [ref(0)],
          line: { acted_at: iso(DAY), name: null, addresses: ['tom@example.org'] },
        }),
        made(3, 'objection', {
          line: { handler: null, addresses: ['ilse@example.be'], name: null },
        }),
        made(4, 'access', { line: { is_known: false, name: null, addresses: ['x@example.com'] } }),
        made(6, 'access', {
          line: { state: 'identified', identified_at: iso(DAY) },
        }),
        made(7, 'erasure', {
          line: { state: 'identified', identified_at: iso(DAY) },
        }),
        made(5, 'erasure', {
          line: { state: 'done', closed_at: iso(DAY), addresses: [], name: null },
        }),
      ],
    }
    kept.set(db, found)
  }
  return found
}

const known: RequestPerson = {
  is_known: true,
  addresses: ['marieke.jansen@example.nl'],
  name: 'Marieke Jansen',
  is_user: false,
  tickets: 3,
  other_tickets: 1,
  marks: [],
}

const find = (db: Db, id: unknown) => of(db).requests.find(({ request }) => request.id === id)

function happened(
  request: DataRequest,
  kind: DataRequest['timeline'][number]['kind'],
  text: string | null = null,
  by: DataRequest['timeline'][number]['by'] = ref(0),
): void {
  const id = `${request.request.id}-${request.timeline.length}`
  request.timeline.push({ id, kind, at: iso(0), by, text })
}

function mailed(
  request: DataRequest,
  kind: DataRequest['mails'][number]['kind'],
  reply: { subject: string; text: string } | null = null,
): void {
  const id = `${request.request.id}-mail-${request.mails.length}`
  const { subject, text } = reply ?? { subject: null, text: null }
  request.mails.push({ id, kind, state: 'waiting', subject, text, by: ref(0), created_at: iso(0) })
}

function close(request: DataRequest, state: DataRequestLine['state']): void {
  Object.assign(request.request, { state, closed_at: iso(0) })
}

const template = (name: string, language: string, subject: string, text: string) => ({
  name,
  language,
  subject,
  text,
})

const link = (is_identified: boolean) => ({
  organization: 'Fietsenmakerij De Ketting',
  kind: 'access' as const,
  language: 'nl',
  is_identified,
  parcel_until: null,
})
const spent = () => problem(409, 'request-link-spent', 'This link or this code is not right.')

export const requestHandlers = [
  on('get', '/api/v1/data-requests', ({ ok, db }) =>
    ok({
      items: of(db)
        .requests.map(({ request }) => request)
        .sort((a, b) => Date.parse(a.due_at) - Date.parse(b.due_at)),
      next_cursor: null,
    }),
  ),
  on('post', '/api/v1/data-requests', async ({ ok, body, db }) => {
    const given = await body()
    const address = given.address ?? 'marieke.jansen@example.nl'
    if (!address.includes('@')) return invalid('address', 'give an address')
    const { requests } = of(db)
    const request = made(requests.length + 1, given.kind, {
      note: given.note ?? null,
      ticket_number: given.ticket_number ?? null,
      line: { addresses: [address], name: null, received_at: given.received_at ?? iso(0) },
    })
    request.request.is_known = !address.startsWith('nobody')
    requests.push(request)
    return ok(request.request, { status: 201 })
  }),
  on('post', '/api/v1/data-requests/person', async ({ ok, body }) => {
    const { address } = await body()
    if (address.startsWith('nobody'))
      return ok({
        ...known,
        is_known: false,
        addresses: [address],
        name: null,
        tickets: 0,
        other_tickets: 0,
      })
    return ok({ ...known, addresses: [address] })
  }),
  on('get', '/api/v1/data-requests/{id}', ({ ok, db, params }) => {
    const found = find(db, params.id)
    return found ? ok(found) : missing()
  }),
  on('patch', '/api/v1/data-requests/{id}', async ({ ok, body, db, params }) => {
    const found = find(db, params.id)
    if (!found) return missing()
    const { handler_id } = await body()
    const user = db.users.find(({ id }) => id === handler_id)
    found.request.handler = user ? { id: user.id, name: user.name } : null
    happened(found, 'assigned')
    return ok(found)
  }),
  on('post', '/api/v1/data-requests/{id}/code', ({ ok, db, params }) => {
    const found = find(db, params.id)
    if (!found) return missing()
    Object.assign(found.request, { state: 'identity_asked' })
    found.code_at = iso(0)
    mailed(found, 'code')
    happened(found, 'code_sent')
    return ok(found)
  }),
  on('post', '/api/v1/data-requests/{id}/identity', async ({ ok, body, db, params }) => {
    const found = find(db, params.id)
    if (!found) return missing()
    const { code } = await body()
    if (code.replaceAll(/\D/g, '') !== CODE)
      return problem(409, 'code-wrong', 'This is not the code that was sent.')
    Object.assign(found.request, { state: 'identified', identified_at: iso(0) })
    happened(found, 'identified_by_handler')
    return ok(found)
  }),
  on('post', '/api/v1/data-requests/{id}/extension', async ({ ok, body, db, params }) => {
    const found = find(db, params.id)
    if (!found) return missing()
    const { months, reason } = await body()
    if (!reason.trim()) return invalid('reason', 'say it in 1 to 2,000 characters')
    found.request.extended_months += months
    found.request.due_at = new Date(
      Date.parse(found.request.due_at) + months * ANSWER,
    ).toISOString()
    happened(found, 'extended', reason)
    return ok(found)
  }),
  on('post', '/api/v1/data-requests/{id}/refusal', async ({ ok, body, db, params }) => {
    const found = find(db, params.id)
    if (!found) return missing()
    const { reason, reply } = await body()
    if (!reason.trim()) return invalid('reason', 'say it in 1 to 2,000 characters')
    if (reply) mailed(found, 'reply', reply)
    close(found, 'refused')
    happened(found, 'refused', reason)
    return ok(found)
  }),
  on('post', '/api/v1/data-requests/{id}/completion', async ({ ok, body, db, params }) => {
    const found = find(db, params.id)
    if (!found) return missing()
    const { reply } = await body()
    if (reply) mailed(found, 'reply', reply)
    close(found, 'done')
    happened(found, 'completed')
    return ok(found)
  }),
  on('post', '/api/v1/data-requests/{id}/withdrawal', ({ ok, db, params }) => {
    const found = find(db, params.id)
    if (!found) return missing()
    close(found, 'withdrawn')
    happened(found, 'withdrawn')
    return ok(found)
  }),
  on('post', '/api/v1/data-requests/{id}/replies', async ({ ok, body, db, params }) => {
    const found = find(db, params.id)
    if (!found) return missing()
    mailed(found, 'reply', await body())
    happened(found, 'replied')
    return ok(found)
  }),
  on('get', '/api/v1/data-requests/{id}/templates', ({ ok }) =>
    ok({
      items: [
        template('received', 'en', 'Your request', 'You will have our answer within a month.'),
        template('done', 'en', 'Your request', 'We have done what you asked.'),
        template('refused', 'en', 'Your request', 'We cannot do what you ask, because […]'),
        template('nothing_held', 'en', 'Your request', 'We hold nothing of this address.'),
        template('received', 'nl', 'Uw verzoek', 'U krijgt binnen een maand antwoord.'),
        template('done', 'nl', 'Uw verzoek', 'Wij hebben gedaan wat u vroeg.'),
        template('refused', 'nl', 'Uw verzoek', 'Wij kunnen niet aan uw verzoek voldoen: […]'),
        template('nothing_held', 'nl', 'Uw verzoek', 'Van dit adres hebben wij niets.'),
      ],
      next_cursor: null,
    }),
  ),
  on('put', '/api/v1/data-requests/{id}/rectification', ({ ok, db, params }) => {
    const found = find(db, params.id)
    if (!found) return missing()
    found.request.acted_at = iso(0)
    happened(found, 'rectified')
    return ok(found)
  }),
  on('put', '/api/v1/data-requests/{id}/restriction', async ({ ok, body, db, params }) => {
    const found = find(db, params.id)
    if (!found) return missing()
    const { people } = await body()
    if (!people.length) return invalid('people', 'name who may read what is restricted')
    found.people = db.users
      .filter(({ id }) => people.includes(id))
      .map(({ id, name }) => ({ id, name }))
    found.lasts = true
    found.request.acted_at = iso(0)
    happened(found, 'restricted')
    return ok(found)
  }),
  on('post', '/api/v1/data-requests/{id}/restriction/announcement', async (context) => {
    const found = find(context.db, context.params.id)
    if (!found) return missing()
    const { at } = await context.body()
    found.lift_at = at
    mailed(found, 'lift')
    happened(found, 'lift_announced')
    return context.ok(found)
  }),
  on('delete', '/api/v1/data-requests/{id}/restriction', ({ ok, db, params }) => {
    const found = find(db, params.id)
    if (!found) return missing()
    if (!found.lift_at || Date.parse(found.lift_at) > Date.now())
      return problem(409, 'lift-later', 'The person was told that it ends later.')
    Object.assign(found, { lasts: false, ended_at: iso(0) })
    happened(found, 'lifted')
    return ok(found)
  }),
  on('put', '/api/v1/data-requests/{id}/mark', ({ ok, db, params }) => {
    const found = find(db, params.id)
    if (!found) return missing()
    found.lasts = true
    found.request.acted_at = iso(0)
    happened(found, 'marked')
    return ok(found)
  }),
  on('delete', '/api/v1/data-requests/{id}/mark', ({ ok, db, params }) => {
    const found = find(db, params.id)
    if (!found) return missing()
    Object.assign(found, { lasts: false, ended_at: iso(0) })
    happened(found, 'mark_ended')
    return ok(found)
  }),
  on('get', '/api/v1/data-requests/{id}/items', ({ ok, db }) => {
    const { items } = of(db)
    return ok({ items, next_cursor: null })
  }),
  on('put', '/api/v1/data-requests/{id}/items/{message_id}', async (context) => {
    const { db, params } = context
    const found = find(db, params.id)
    const item = of(db).items.find(({ id }) => id === params.message_id)
    if (!found || !item) return missing()
    const { file_id, reason } = await context.body()
    const kept = file_id ? item.files.find(({ id }) => id === file_id) : item
    if (kept) kept.withheld = reason ?? null
    return context.ok(found)
  }),
  on('post', '/api/v1/data-requests/{id}/parcel', ({ ok, db, params }) => {
    const found = find(db, params.id)
    if (!found) return missing()
    Object.assign(found.request, { state: 'in_review', acted_at: iso(0) })
    found.parcel = {
      state: 'ready',
      done: 3,
      total: 3,
      size: 81_234,
      expires_at: iso(-7 * DAY),
      downloads: 0,
    }
    mailed(found, 'parcel')
    happened(found, 'parcel_made')
    return ok(found)
  }),
  on('get', '/api/v1/data-requests/{id}/erasure', ({ ok }) =>
    ok({
      deleted: [2004, 1987],
      redacted: [1990],
      mentioned: [],
      held: [1975],
      holds: 1,
      messages: 9,
      attachments: 2,
      copies: 9,
    }),
  ),
  on('post', '/api/v1/data-requests/{id}/erasure', ({ ok, db, params }) => {
    const found = find(db, params.id)
    if (!found) return missing()
    found.request.acted_at = iso(0)
    found.erasure = { state: 'deleting', removed: 4, messages: 9, finished_at: null, holds: 0 }
    happened(found, 'erasure_begun')
    // It goes on by itself.
    setTimeout(() => {
      found.erasure = { state: 'done', removed: 9, messages: 9, finished_at: iso(0), holds: 0 }
      happened(found, 'erased', null, null)
    }, 1_000)
    return ok(found)
  }),
  on('get', '/api/v1/data-requests/{id}/copies', ({ ok }) =>
    ok({
      items: [{ mailbox: 'Veldkeuken', folder: 'INBOX', uid: 4711, received_at: iso(40 * DAY) }],
      next_cursor: null,
    }),
  ),
  open('post', '/api/v1/request-links/parcel', async ({ ok, body }) => {
    const { code } = await body()
    return code.replaceAll(/\D/g, '') === CODE ? ok({ pass: 'pass' }) : spent()
  }),
  open('get', '/api/v1/request-links/parcel/file', () => new HttpResponse('PK')),
  on('get', '/api/v1/authority', ({ ok, db }) => ok(of(db).authority)),
  on('put', '/api/v1/authority', async ({ ok, body, db }) => {
    const authority = await body()
    of(db).authority = authority
    return ok(authority)
  }),
  open('post', '/api/v1/request-links/look', async ({ ok, body }) => {
    const { token } = await body()
    return token === 'spent' ? spent() : ok(link(false))
  }),
  open('post', '/api/v1/request-links/code', () => new HttpResponse(null, { status: 202 })),
  open('post', '/api/v1/request-links/confirmation', async ({ ok, body }) => {
    const { code } = await body()
    return code.replaceAll(/\D/g, '') === CODE ? ok(link(true)) : spent()
  }),
]
