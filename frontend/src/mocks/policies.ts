import type { Policy, PolicyKind } from '../api/types'
import { iso, ref, type Db } from './db'
import { on } from './typed'
import { problem } from './world'

const DAY = 86_400_000
const missing = () => problem(404, 'not-found', 'There is nothing here, or it is not for you.')

const TEXT = `Lees van klanten niet meer dan u nodig hebt om ze te helpen. Wie een vraag over een bestelling beantwoordt, leest die vraag, en niet het gesprek van vorig jaar.

Stuur geen gegevens van klanten naar adressen buiten Veldkeuken. Vraagt iemand om zijn gegevens, of om ze te verwijderen, geef dat dan dezelfde dag door.

Een notitie kan worden opgevraagd door wie erin staat. Schrijf niets wat u niet hardop zou zeggen.`

function readers(db: Db, read: number): Policy['readers'] {
  if (!['owner', 'admin', 'auditor'].includes(db.session?.membership.role ?? '')) return null
  return [0, 1, 2, 3].map((index) => ({
    user: ref(index),
    read_at: index < read ? iso((3 - index) * DAY) : null,
  }))
}

function version(db: Db, kind: PolicyKind, number: number, init: Partial<Policy>): Policy {
  return {
    id: db.random.uuid(),
    kind,
    version: number,
    published_by: ref(0),
    published_at: iso(4 * DAY),
    in_force: true,
    content: { title: 'Omgaan met gegevens van klanten', changes: '', text: TEXT },
    read_at: iso(3 * DAY),
    readers: readers(db, 3),
    ...init,
  }
}

const published = new WeakMap<Db, Policy[]>()

function policies(db: Db): Policy[] {
  let made = published.get(db)
  if (!made) {
    made = [
      version(db, 'privacy', 2, {
        content: {
          title: 'Omgaan met gegevens van klanten',
          changes: 'De laatste alinea is nieuw.',
          text: TEXT,
        },
      }),
      version(db, 'privacy', 1, { in_force: false, published_at: iso(300 * DAY) }),
    ]
    published.set(db, made)
  }
  return made
}

/** Somebody who signs in and has something to read first. */
export function withUnread(db: Db): void {
  if (db.session) db.session.policies_unread = true
  for (const policy of policies(db)) policy.read_at = null
}

export const policyHandlers = [
  on('get', '/api/v1/policies', ({ ok, db }) =>
    ok({
      items: policies(db).map((policy) =>
        policy.in_force ? policy : { ...policy, content: null, readers: null },
      ),
      next_cursor: null,
    }),
  ),
  on('post', '/api/v1/policies', async ({ ok, body, db }) => {
    const { kind, title, changes = '', text } = await body()
    if (!text.trim())
      return problem(422, 'invalid', 'text', [
        { field: 'text', message: 'write 1 to 100000 characters' },
      ])
    const all = policies(db)
    const before = all.find((policy) => policy.kind === kind && policy.in_force)
    if (before) before.in_force = false
    const next = version(db, kind, (before?.version ?? 0) + 1, {
      published_at: iso(0),
      content: { title, changes, text },
      read_at: iso(0),
      readers: readers(db, 1),
    })
    all.unshift(next)
    return ok(next, { status: 201 })
  }),
  on('get', '/api/v1/policies/{id}', ({ ok, db, params }) => {
    const found = policies(db).find(({ id }) => id === params.id)
    return found ? ok(found) : missing()
  }),
  on('post', '/api/v1/policies/{id}/acknowledgement', ({ ok, db, params }) => {
    const all = policies(db)
    const found = all.find(({ id }) => id === params.id)
    if (!found) return missing()
    found.read_at = iso(0)
    if (db.session)
      db.session.policies_unread = all.some((policy) => policy.in_force && !policy.read_at)
    return ok(found)
  }),
]
