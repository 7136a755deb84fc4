import type { ContactFact, ContactProfile } from '../api/types'
import { iso, type Db } from './db'
import { on } from './typed'
import { problem } from './world'

const missing = () => problem(404, 'not-found', 'There is nothing here, or it is not for you.')
const DAY = 86_400_000

const made = new WeakMap<Db, Map<string, ContactProfile>>()

const KNOWN: ContactFact[] = [
  { kind: 'company', label: null, value: 'Bakkerij De Korst' },
  { kind: 'phone', label: null, value: '+31 20 555 01 23' },
  { kind: 'field', label: 'Klantnummer', value: 'VK-20418' },
  { kind: 'note', label: null, value: 'Belt liever dan dat ze mailt.\nLevering vóór 7 uur.' },
]

/** Everybody who has a ticket. */
function contacts(db: Db): Map<string, ContactProfile> {
  let known = made.get(db)
  if (!known) {
    known = new Map()
    let index = 0
    for (const ticket of db.tickets.values()) {
      if (!ticket.contact || known.has(ticket.contact.id)) continue
      known.set(ticket.contact.id, {
        ...ticket.contact,
        facts: index === 0 ? KNOWN : [],
        first_seen_at: iso((index + 1) * 3 * DAY),
        last_message_at: ticket.last_message_at,
        rectified_at: null,
        blocked_at: index === 2 ? iso(2 * DAY) : null,
      })
      index += 1
    }
    made.set(db, known)
  }
  return known
}

export const contactHandlers = [
  on('get', '/api/v1/contacts', ({ ok, db, url }) => {
    const address = url.searchParams.get('address')?.toLowerCase()
    const all = [...contacts(db).values()].filter(
      (contact) =>
        (!address || contact.identities.some(({ value }) => value.toLowerCase() === address)) &&
        (url.searchParams.get('blocked') !== 'true' || contact.blocked_at),
    )
    const from = Number(url.searchParams.get('cursor') ?? 0)
    const limit = Number(url.searchParams.get('limit') ?? 50)
    return ok({
      items: all.slice(from, from + limit),
      next_cursor: from + limit < all.length ? String(from + limit) : null,
    })
  }),
  on('get', '/api/v1/contacts/{id}', ({ ok, db, params }) => {
    const contact = contacts(db).get(String(params.id))
    return contact ? ok(contact) : missing()
  }),
  on('put', '/api/v1/contacts/{id}', async ({ ok, body, db, params }) => {
    const contact = contacts(db).get(String(params.id))
    if (!contact) return missing()
    const { builds_on, ...given } = await body()
    const { name, facts } = contact
    if (builds_on && JSON.stringify(builds_on) !== JSON.stringify({ name, facts }))
      return problem(412, 'stale', 'It was changed in the meantime.')
    if (given.name && given.name.length > 200)
      return problem(422, 'invalid', 'name', [
        { field: 'name', message: 'give a name of 1 to 200 characters' },
      ])
    return ok(Object.assign(contact, given))
  }),
  on('put', '/api/v1/contacts/{id}/block', async ({ ok, body, db, params }) => {
    const contact = contacts(db).get(String(params.id))
    if (!contact) return missing()
    const { blocked } = await body()
    return ok(Object.assign(contact, { blocked_at: blocked ? iso(0) : null }))
  }),
  on('post', '/api/v1/contacts/{id}/merge', async ({ ok, body, db, params }) => {
    const all = contacts(db)
    const [from, into] = [all.get(String(params.id)), all.get((await body()).into)]
    if (!from || !into) return missing()
    into.identities.push(...from.identities)
    into.facts.push(...from.facts)
    into.name ??= from.name
    for (const ticket of db.tickets.values())
      if (ticket.contact?.id === from.id) ticket.contact = { ...ticket.contact, ...into }
    all.delete(from.id)
    return ok(into)
  }),
]
