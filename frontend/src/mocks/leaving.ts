// Mailboxes on their way out: what becomes of them and their tickets.
import type { DeletionCounts, Mailbox, Purge, SignedStatement, Ticket } from '../api/types'
import { iso, MAILBOXES, ref, type Db } from './db'
import { createRandom } from './random'
import { emit } from './world'

const HOUR = 3_600_000
const DAY = 24 * HOUR
export const UNDO_DAYS = 14
const FINGERPRINT = '9f2c41d07be85a136c40e97f5d8b2213a0c6e4f17d925b38c1e07a64f3d9b852'
const KEY_ID = '0192f000-0000-7000-8000-000000000001'
const PUBLIC_KEY = 'Yk1vq0vJm8l1c3n5WQ2t0b7uF9xR4aZKpD6eHsGiTgE='

export const later = (days: number) => new Date(Date.now() + days * DAY).toISOString()
const UNFINISHED = ['open', 'on_hold', 'pending'] as const

export const ticketsOf = (db: Db, id: string): Ticket[] =>
  [...db.tickets.values()].filter(({ mailbox }) => mailbox.id === id)

export const openOf = (db: Db, id: string) =>
  ticketsOf(db, id).filter(({ status }) => UNFINISHED.some((known) => known === status))

export function countsOf(tickets: Ticket[]): DeletionCounts {
  const messages = tickets.flatMap((ticket) => ticket.messages).filter((m) => m.kind !== 'event')
  const times = messages.map(({ at }) => at).sort()
  const outbound = messages.filter(({ kind }) => kind === 'outbound').length
  return {
    tickets: tickets.length,
    messages: messages.length,
    attachments: messages.flatMap(({ attachments }) => attachments).length,
    contacts: new Set(tickets.map(({ customer }) => customer.address)).size,
    originals: messages.filter(({ kind }) => kind !== 'note').length,
    answers: outbound,
    drafts: tickets.filter(({ draft }) => draft).length,
    oldest_at: times[0] ?? null,
    newest_at: times.at(-1) ?? null,
  }
}

const NOTHING: DeletionCounts = {
  tickets: 0,
  messages: 0,
  attachments: 0,
  contacts: 0,
  originals: 0,
  answers: 0,
  drafts: 0,
  oldest_at: null,
  newest_at: null,
}

export function waiting(db: Db, id: string) {
  return ticketsOf(db, id).filter(({ messages }) =>
    messages.some(({ delivery }) => delivery?.state === 'waiting'),
  )
}

const grantOf = (provider: Mailbox['provider']) =>
  provider === 'google' ? 'revoked' : provider === 'microsoft' ? 'revoke_there' : 'forgotten'

function purge(fields: Partial<Purge> & Pick<Purge, 'id' | 'mailbox_id' | 'provider'>): Purge {
  return {
    address: null,
    state: 'countdown',
    cause: 'request',
    requested_by: ref(0),
    requested_at: iso(0),
    due_at: later(UNDO_DAYS),
    promised_at: later(30),
    early_by: null,
    keys_destroyed_at: null,
    finished_at: null,
    counts: NOTHING,
    removed: 0,
    grant: grantOf(fields.provider),
    is_late: false,
    statement_id: null,
    ...fields,
  }
}

/** Its tickets stay, to be read. */
function mark(db: Db, id: string, dueAt: string | null): void {
  for (const ticket of ticketsOf(db, id)) {
    ticket.mailbox.disconnected = dueAt !== null
    ticket.mailbox.due_at = dueAt
    ticket.can_reply = dueAt === null
  }
}

export function leave(db: Db, mailbox: Mailbox, fields: Partial<Purge> = {}): Purge {
  const made = purge({
    id: db.random.uuid(),
    mailbox_id: mailbox.id,
    provider: mailbox.provider,
    address: mailbox.address,
    ...fields,
  })
  db.purges.unshift(made)
  db.leaving.push(mailbox)
  db.mailboxes = db.mailboxes.filter(({ id }) => id !== mailbox.id)
  mark(db, mailbox.id, made.due_at)
  emit(db, 'mailbox', { mailbox_id: mailbox.id, kind: 'mailbox_changed' })
  return made
}

export function comeBack(db: Db, mailbox: Mailbox): void {
  db.leaving = db.leaving.filter(({ id }) => id !== mailbox.id)
  db.mailboxes.push({ ...mailbox, state: 'active', error: null, state_at: iso(0) })
  db.purges = db.purges.filter(({ mailbox_id }) => mailbox_id !== mailbox.id)
  mark(db, mailbox.id, null)
  emit(db, 'mailbox', { mailbox_id: mailbox.id, kind: 'mailbox_changed' })
}

/** A consent that was given for a mailbox on its way out takes that back. */
export function consented(db: Db, id: string): void {
  const mailbox = db.leaving.find((entry) => entry.id === id)
  if (mailbox) comeBack(db, mailbox)
}

function state(db: Db, of: Purge): SignedStatement {
  const { oldest_at, newest_at, ...counts } = of.counts
  return {
    statement: {
      format: 'loket-deletion-statement/1',
      id: db.random.uuid(),
      organization: { id: '0192c000-0000-7000-8000-000000000001', name: 'Veldkeuken' },
      subject: { kind: 'mailbox', id: of.mailbox_id, provider: of.provider },
      request: {
        cause: of.cause,
        by: of.requested_by?.id ?? null,
        early_by: of.early_by?.id ?? null,
        early_confirmed_by: null,
      },
      times: {
        requested_at: of.requested_at,
        window_ended_at: of.due_at,
        keys_destroyed_at: of.keys_destroyed_at,
        finished_at: of.finished_at,
      },
      deleted: {
        ...counts,
        ledger_lines: counts.originals + 12,
        oldest: oldest_at ? Date.parse(oldest_at) : null,
        newest: newest_at ? Date.parse(newest_at) : null,
      },
      keys: { destroyed: [db.random.uuid()], forget_list_number: 31 },
      remnants: {
        readable_until: new Date(Date.parse(of.due_at) + 7 * DAY).toISOString(),
        backups_until: new Date(Date.parse(of.due_at) + 365 * DAY).toISOString(),
        keys_in_same_cluster: false,
      },
      signing_key: { id: KEY_ID, fingerprint: FINGERPRINT },
    },
    signature: {
      algorithm: 'Ed25519',
      public_key: PUBLIC_KEY,
      value: 'pX4vM1r3S0nWl2k7cA8bQz5tY9uJ6hGfDeRiLoKxBmV=',
    },
  }
}

/** The organization is being closed, for everybody to see. */
export function withClosing(db: Db): void {
  db.closing = {
    id: createRandom(13).uuid(),
    state: 'countdown',
    asked_by: ref(0).name,
    asked_at: iso(2 * DAY),
    confirmed_at: iso(1.6 * DAY),
    is_confirmed_by_me: true,
    needs_second: false,
    exported_at: iso(1.9 * DAY),
    due_at: later(UNDO_DAYS - 1.6),
    waits_for: null,
  }
}

/** What is left of an organization that was closed. */
export function statementOfClosing(id: string): SignedStatement {
  const random = createRandom(11)
  const ended = iso(2 * DAY)
  const signed = state({ random } as Db, {
    ...purge({ id: random.uuid(), mailbox_id: '', provider: 'imap' }),
    cause: 'closing',
    requested_at: iso(17 * DAY),
    due_at: ended,
    keys_destroyed_at: ended,
    finished_at: ended,
    counts: {
      ...NOTHING,
      tickets: 2_310,
      messages: 8_042,
      attachments: 1_120,
      contacts: 1_655,
      originals: 7_801,
      answers: 3_377,
      oldest_at: iso(500 * DAY),
      newest_at: iso(18 * DAY),
    },
  })
  const { organization } = signed.statement
  return {
    ...signed,
    statement: {
      ...signed.statement,
      id,
      subject: { kind: 'organization', id: organization.id, provider: '' },
      closed: {
        mailboxes: 3,
        users: 9,
        confirmed_at: iso(16.9 * DAY),
        second_by: null,
        exported_at: iso(16.9 * DAY),
        export_downloaded_at: iso(15 * DAY),
        statements: [random.uuid()],
      },
    },
  }
}

/** The window has ended: at once here, in a quarter of an hour at most in Loket. */
export function deleteNow(db: Db, target: Purge): void {
  const counts = countsOf(ticketsOf(db, target.mailbox_id))
  Object.assign(target, { due_at: iso(0), counts })
  setTimeout(() => {
    for (const { number } of ticketsOf(db, target.mailbox_id)) db.tickets.delete(number)
    db.leaving = db.leaving.filter(({ id }) => id !== target.mailbox_id)
    Object.assign(target, {
      state: 'done',
      address: null,
      grant: null,
      keys_destroyed_at: iso(0),
      finished_at: iso(0),
      removed: counts.messages,
    })
    const signed = state(db, target)
    db.statements.push(signed)
    target.statement_id = signed.statement.id
  }, 1_500).unref()
}

/** What the page of deletions can show: waiting, asked for at once, late, done. */
export function withDeletions(db: Db): void {
  // Numbers of its own, so that the rest of the world is what it is elsewhere.
  const random = createRandom(7)
  const wholesale = db.mailboxes.find(({ id }) => id === MAILBOXES[1]?.[0])
  if (wholesale)
    leave(db, wholesale, { requested_at: iso(1.3 * DAY), due_at: later(UNDO_DAYS - 1.3) })
  const shop: Mailbox | undefined = db.mailboxes.find(({ provider }) => provider === 'imap')
  if (shop)
    leave(db, shop, {
      requested_at: iso(11 * DAY),
      due_at: later(2.9),
      requested_by: ref(3),
      early_by: ref(3),
    })
  const counts = {
    ...NOTHING,
    tickets: 1_204,
    messages: 4_711,
    attachments: 902,
    contacts: 618,
    originals: 4_655,
    answers: 1_870,
    drafts: 3,
    oldest_at: iso(900 * DAY),
    newest_at: iso(40 * DAY),
  }
  const done = purge({
    id: random.uuid(),
    mailbox_id: random.uuid(),
    provider: 'google',
    state: 'done',
    requested_at: iso(33 * DAY),
    due_at: iso(19 * DAY),
    promised_at: iso(3 * DAY),
    keys_destroyed_at: iso(19 * DAY - 120_000),
    finished_at: iso(19 * DAY - 900_000),
    counts,
    removed: counts.messages,
    grant: null,
  })
  const signed = state({ ...db, random }, done)
  signed.statement.id = STATEMENT_ID
  done.statement_id = STATEMENT_ID
  db.statements.push(signed)
  db.purges.push(done)
}

export function withLate(db: Db): void {
  withDeletions(db)
  const random = createRandom(8)
  db.purges.unshift(
    purge({
      id: random.uuid(),
      mailbox_id: random.uuid(),
      provider: 'google',
      state: 'deleting',
      cause: 'dead_grant',
      requested_by: null,
      requested_at: iso(26 * DAY),
      due_at: iso(12 * DAY),
      promised_at: later(4),
      keys_destroyed_at: iso(12 * DAY - 120_000),
      counts: { ...NOTHING, tickets: 3_020, messages: 12_480 },
      removed: 8_112,
      is_late: true,
      grant: 'revoked',
    }),
  )
}

const STATEMENT_ID = '0192e000-0000-7000-8000-000000000001'
