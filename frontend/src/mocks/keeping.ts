// What is kept and for how long: retention, exemptions, legal holds, and tickets made anonymous.
import { HttpResponse } from 'msw'
import type { Hold, Retention, RetentionRule } from '../api/types'
import { isShorter } from '../features/retention/rule'
import { iso, MAILBOXES, message, ref, ticket, type Db } from './db'
import { touch } from './deliver'
import { later, openOf } from './leaving'
import { createRandom } from './random'
import { on } from './typed'
import { overtaken, problem } from './world'

const DAY = 86_400_000
const MONTH = 30.44 * DAY
const missing = () => problem(404, 'not-found', 'There is nothing here, or it is not for you.')
const invalid = (field: string, text: string) =>
  problem(422, 'invalid', field, [{ field, message: text }])
const done = () => new HttpResponse(null, { status: 204 })

const RULE: RetentionRule = {
  months: 18,
  then: 'delete',
  spam_days: 30,
  trash_days: 30,
  quarantine_days: 90,
}
/** Imported with its history: nobody has looked at what the rule would remove. */
const IMPORTED = '0192b000-0000-7000-8000-000000000003'

function preview(db: Db, id: string, { months }: RetentionRule): Retention['preview'] {
  // The oldest mail of the mock is 20 months old.
  const over = Math.max(0, 20 - months)
  return {
    tickets: over * 106,
    oldest_at: over ? iso(20 * MONTH) : null,
    open_soon: openOf(db, id)
      .slice(-2)
      .map(({ number }, index) => ({
        number,
        last_message_at: iso(months * MONTH - (index + 1) * 9 * DAY),
      })),
  }
}

function kept(db: Db, id: string): Retention {
  const { rule, waits, version } = db.rules.get(id) ?? {
    rule: RULE,
    waits: id === IMPORTED,
    version: 0,
  }
  const night = (days: number, fields: Partial<Retention['log'][number]>) => ({
    at: iso(days * DAY),
    deleted: 0,
    anonymized: 0,
    spam: 0,
    trash: 0,
    quarantined: 0,
    held: 0,
    ...fields,
  })
  return {
    ...rule,
    waits,
    version,
    preview: preview(db, id, rule),
    log:
      id === IMPORTED
        ? []
        : [
            night(1, { deleted: 14, spam: 31, trash: 4, held: 2 }),
            night(2, { deleted: 9, spam: 18 }),
            night(3, { quarantined: 1 }),
            night(4, {}),
          ],
  }
}

const isOneOf = (days: number, most: number) => Number.isInteger(days) && days >= 1 && days <= most

const there = (db: Db, id: unknown) => db.mailboxes.some((mailbox) => mailbox.id === id)

export const keepingHandlers = [
  on('get', '/api/v1/mailboxes/{id}/retention', ({ ok, db, params }) =>
    there(db, params.id) ? ok(kept(db, String(params.id))) : missing(),
  ),
  on('put', '/api/v1/mailboxes/{id}/retention', async ({ ok, body, db, params, request }) => {
    if (!there(db, params.id)) return missing()
    const id = String(params.id)
    const rule = await body()
    if (!isOneOf(rule.months, 120)) return invalid('months', 'take 1 to 120 months')
    const days = (['spam_days', 'trash_days', 'quarantine_days'] as const).find(
      (name) => !isOneOf(rule[name], 365),
    )
    if (days) return invalid(days, 'take 1 to 365 days')
    const before = kept(db, id)
    const late = overtaken(request, before)
    if (late) return late
    const waits = before.waits || isShorter(rule, before)
    db.rules.set(id, { rule, waits, version: before.version + 1 })
    return ok(kept(db, id))
  }),
  on('post', '/api/v1/mailboxes/{id}/retention/confirmation', ({ ok, db, params, request }) => {
    if (!there(db, params.id)) return missing()
    const id = String(params.id)
    const before = kept(db, id)
    const late = overtaken(request, before)
    if (late) return late
    const { months, then, spam_days, trash_days, quarantine_days } = before
    const rule = { months, then, spam_days, trash_days, quarantine_days }
    db.rules.set(id, { rule, waits: false, version: before.version + 1 })
    return ok(kept(db, id))
  }),
  on('put', '/api/v1/tickets/{number}/exemption', async ({ body, db, params }) => {
    const found = db.tickets.get(Number(params.number))
    if (!found) return missing()
    const { reason } = await body()
    if (!reason.trim()) return invalid('reason', 'say why, in at most 500 characters')
    found.exemption = { at: iso(0), by: ref(0), reason: reason.trim() }
    touch(db, found)
    return done()
  }),
  on('delete', '/api/v1/tickets/{number}/exemption', ({ db, params }) => {
    const found = db.tickets.get(Number(params.number))
    if (!found) return missing()
    found.exemption = null
    touch(db, found)
    return done()
  }),
  on('get', '/api/v1/holds', ({ ok, db }) => ok({ items: db.holds, next_cursor: null })),
  on('post', '/api/v1/holds', async ({ ok, body, db }) => {
    const given = await body()
    if (!given.reason.trim()) return invalid('reason', 'say why, in at most 1,000 characters')
    if (Date.parse(given.review_at) <= Date.now())
      return invalid('review_at', 'choose a day that is to come')
    if (!given.people.length) return invalid('people', 'name who may read what is kept')
    const number = given.ticket_number
    if (given.kind === 'ticket' ? !db.tickets.has(Number(number)) : false)
      return invalid('subject_id', 'there is no such thing')
    const people = db.users.filter(({ id }) => given.people.includes(id))
    const made: Hold = {
      id: db.random.uuid(),
      kind: given.kind,
      subject_id: given.subject_id ?? db.random.uuid(),
      reason: given.reason.trim(),
      placed_by: ref(0),
      placed_at: iso(0),
      review_at: given.review_at,
      ended_by: null,
      ended_at: null,
      people: people.map(({ id, name }) => ({ id, name })),
    }
    db.holds.unshift(made)
    return ok(made, { status: 201 })
  }),
  on('post', '/api/v1/holds/{id}/end', ({ db, params }) => {
    const hold = db.holds.find(({ id }) => id === params.id)
    if (!hold) return missing()
    if (hold.ended_at) return problem(409, 'hold-ended', 'This hold has ended already.')
    Object.assign(hold, { ended_at: iso(0), ended_by: ref(0) })
    return done()
  }),
]

/** Holds of each sort, a ticket that is kept longer, and one of which nothing personal is left. */
export function withKept(db: Db): void {
  const random = createRandom(9)
  const hold = (fields: Partial<Hold>): Hold => ({
    id: random.uuid(),
    kind: 'ticket',
    subject_id: random.uuid(),
    reason: '',
    placed_by: ref(0),
    placed_at: iso(40 * DAY),
    review_at: later(50),
    ended_by: null,
    ended_at: null,
    people: [ref(0)],
    ...fields,
  })
  db.holds.push(
    hold({
      kind: 'mailbox',
      subject_id: MAILBOXES[1]?.[0] ?? '',
      reason: 'Case 2026/114 against Northmill: our lawyer asked to keep all of wholesale.',
      people: [ref(0), ref(3)],
    }),
    hold({
      reason: 'Request of the consumer authority of 3 February.',
      placed_by: ref(3),
      placed_at: iso(200 * DAY),
      review_at: iso(12 * DAY),
    }),
    hold({
      kind: 'contact',
      reason: 'Dispute about the delivery of March.',
      placed_at: iso(500 * DAY),
      review_at: iso(300 * DAY),
      ended_by: ref(0),
      ended_at: iso(290 * DAY),
    }),
  )
  const parcel = db.tickets.get(2004)
  if (parcel)
    parcel.exemption = { at: iso(6 * DAY), by: ref(3), reason: 'Warranty runs until 2031.' }
  const start = 19 * MONTH
  db.tickets.set(
    1995,
    ticket({
      number: 1995,
      subject: '',
      status: 'closed',
      customer: { name: null, address: '' },
      contact: null,
      anonymized_at: iso(20 * DAY),
      can_reply: false,
      messages: [
        message(random, { kind: 'inbound', at: iso(start) }),
        message(random, { kind: 'note', at: iso(start - DAY / 2) }),
        message(random, { kind: 'outbound', at: iso(start - DAY) }),
        message(random, { kind: 'inbound', at: iso(start - 2 * DAY) }),
      ],
    }),
  )
  const bert = { name: 'Bert Visser', address: 'bert@northmill.example' }
  const erased = { erased_at: iso(3 * DAY) }
  db.tickets.set(
    1994,
    ticket({
      number: 1994,
      subject: 'Delivery to two addresses',
      status: 'pending',
      customer: bert,
      messages: [
        message(random, {
          kind: 'inbound',
          at: iso(9 * DAY),
          from: bert,
          text: 'Can the order of May go to both of our shops? My colleague will send the second address.',
        }),
        message(random, { kind: 'inbound', at: iso(8 * DAY), ...erased }),
        message(random, { kind: 'outbound', at: iso(7.5 * DAY), author: ref(0), ...erased }),
        message(random, {
          kind: 'outbound',
          at: iso(7 * DAY),
          author: ref(0),
          to: [bert],
          text: 'Both shops are on the list now. The vans leave on Thursday.',
        }),
        // Another colleague of Bert's wrote here too, and had their data restricted.
        message(random, {
          kind: 'inbound',
          at: iso(6 * DAY),
          from: bert,
          text: 'Thank you, that suits us both.',
          quote_hidden: true,
        }),
      ],
    }),
  )
}
