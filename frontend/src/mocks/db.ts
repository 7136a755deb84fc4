import type {
  Attachment,
  Closing,
  Draft,
  Export,
  Hold,
  Letter,
  LiveEvent,
  Mailbox,
  Message,
  NamedRef,
  Notice,
  OwnSession,
  OwnSettings,
  Purge,
  ProviderSettings,
  QuarantinedMessage,
  RetentionRule,
  SavedReply,
  Session,
  Tag,
  Team,
  SignedStatement,
  Ticket,
  TicketStatus,
  User,
} from '../api/types'
import { curated } from './curated'
import { TAGS, TEAMS } from './marks'
import { CUSTOMERS, USERS, contactId } from './people'
import { savedReplies } from './saved'
import { createRandom, type Random } from './random'
import { TOPICS } from './topics'

export type Scenario =
  | 'default'
  | 'empty'
  | 'expired'
  | 'importing'
  | 'done'
  | 'setup'
  | 'signed-out'
  | 'agent'
  | 'no-mail'
  | 'much-quarantine'
  | 'deletions'
  | 'auditor'
  | 'late'
  | 'kept'
  | 'related'
  | 'unread'
  | 'closing'
  | 'heavy'
  | 'indexing'
  | 'no-search'

export interface Db {
  random: Random
  session: Session | null
  setupNeeded: boolean
  tickets: Map<number, Ticket>
  users: User[]
  tags: Tag[]
  teams: Team[]
  /** How each act is taken back; it names the tickets that are as they were. */
  acts: Map<string, () => number[]>
  /** Of the organization's name and time zone. */
  organizationVersion: number
  /** Whether the server mails its users. */
  sendsMail: boolean
  mailboxes: Mailbox[]
  providers: Record<'google' | 'microsoft', ProviderSettings>
  quarantine: QuarantinedMessage[]
  purges: Purge[]
  /** Disconnected, and not deleted yet. */
  leaving: Mailbox[]
  statements: SignedStatement[]
  holds: Hold[]
  /** By mailbox. */
  exports: Map<string, Export[]>
  closing: Closing | null
  /** How long mail is kept, by mailbox, once somebody has set it. */
  rules: Map<string, { rule: RetentionRule; waits: boolean; version: number }>
  uploads: Map<string, Attachment>
  letter: Letter | null
  replies: SavedReply[]
  notices: Notice[]
  own: OwnSettings
  ownSessions: OwnSession[]
  answered: Map<string, unknown>
  /** What a mail's frame shows, by message. */
  html: Map<string, string>
  /** How far the index of the search is, when it is not all there. */
  indexing: { done: number; total: number } | null
  /** Whether this instance keeps an index. */
  searches: boolean
  listeners: Set<(event: LiveEvent) => void>
  events: LiveEvent[]
}

const HOUR = 3_600_000
const DAY = 24 * HOUR

export const MAILBOXES: [string, string, string][] = [
  ['0192b000-0000-7000-8000-000000000001', 'info@veldkeuken.example', 'Veldkeuken'],
  ['0192b000-0000-7000-8000-000000000002', 'wholesale@veldkeuken.example', 'Veldkeuken Wholesale'],
]

export const ref = (index: number): NamedRef => {
  const user = USERS[index]
  if (!user) throw new Error(`no user ${index}`)
  return { id: user.id, name: user.name }
}
export const mailboxRef = (index: number): Ticket['mailbox'] => {
  const [id, , name] = MAILBOXES[index] ?? ['', '', '']
  return { id, name, disconnected: false, due_at: null }
}
export const iso = (ago: number) => new Date(Date.now() - ago).toISOString()

export function message(
  random: Random,
  fields: Partial<Message> & Pick<Message, 'kind' | 'at'>,
): Message {
  return {
    id: random.uuid(),
    author: null,
    from: null,
    other_from: [],
    to: [],
    cc: [],
    bcc: [],
    text: '',
    quoted_text: '',
    quote_hidden: false,
    has_html: false,
    html: null,
    has_remote_images: false,
    auto: false,
    bounce: null,
    flags: [],
    attachments: [],
    delivery: null,
    event: null,
    erased_at: null,
    forwarded_from: null,
    ...fields,
  }
}

const PLACES = { owner: 0, agent: 1, auditor: 4 } as const

function session(role: keyof typeof PLACES): Session {
  const user = USERS[PLACES[role]]
  if (!user) throw new Error('no users')
  return {
    account: {
      id: `a${user.id.slice(1)}`,
      name: user.name,
      email: user.email,
      locale: 'en',
      theme: 'system',
      time_zone: null,
    },
    organization: {
      id: '0192c000-0000-7000-8000-000000000001',
      name: 'Veldkeuken',
      time_zone: 'Europe/Amsterdam',
    },
    membership: { id: user.id, role },
    policies_unread: false,
    last_event_id: 0,
    preferences: { density: 'comfortable', after_act: 'next', keys_off: false, keys: {} },
    permissions:
      role === 'owner'
        ? [
            'tickets.read',
            'tickets.work',
            'tickets.delete',
            'tags.manage',
            'teams.manage',
            'users.list',
            'users.manage',
            'mailboxes.list',
            'mailboxes.manage',
            'quarantine.manage',
            'organization.manage',
            'audit.read',
            'holds.manage',
            'requests.manage',
          ]
        : role === 'agent'
          ? ['tickets.read', 'tickets.work', 'users.list', 'mailboxes.list']
          : ['users.list', 'mailboxes.list', 'audit.read'],
  }
}

const session_ = (
  id: string,
  browser: OwnSession['browser'],
  system: OwnSession['system'],
  used: number,
  since: number,
): OwnSession => ({
  id: `0192c000-0000-7000-8000-00000000070${id}`,
  browser,
  system,
  signed_in_at: iso(since),
  last_used_at: iso(used),
  current: used === 0,
})

function mailbox(index: number, fields: Partial<Mailbox>): Mailbox {
  const [id, address, display_name] = MAILBOXES[index] ?? ['', '', '']
  return {
    id,
    address,
    display_name,
    provider: 'google',
    state: 'active',
    state_at: iso(90 * DAY),
    kept_at: null,
    error: null,
    access_ends: index === 0 ? { at: iso(-6 * DAY), what: 'client_secret' } : null,
    last_sync_at: iso(40_000),
    language: 'nl',
    signature: 'Veldkeuken\nGoed gereedschap voor de keuken',
    acknowledgement: {
      enabled: false,
      text: '',
      subject: 'We hebben uw bericht ontvangen (nummer {{ticket.number}})',
    },
    import: { mode: 'now', since: null, read: 0, total: null, waits_until: null },
    counts: { imported: 12_480, skipped: 3, quarantined: 2, skipped_why: [] },
    comparisons: [
      {
        folder: 'inbox',
        at: iso(5 * HOUR),
        on_server: 12_485,
        imported: 12_480,
        duplicates: 1,
        left_out: 4,
        missed: 0,
      },
    ],
    members: [0, 1, 2, 3, 5].map(ref),
    version: 1,
    ...fields,
  }
}

function teamRef(index: number) {
  const team = TEAMS[index % TEAMS.length]
  return team ? { id: team.id, name: team.name } : null
}

/** Tickets by the hundred, each believable on its own. */
function bulk(random: Random, first: number, count: number): Ticket[] {
  return Array.from({ length: count }, (_, index) => {
    const number = first - index
    const age = 5 * HOUR + index * 47 * 60_000 + random.below(40) * 60_000
    const [name, address] = random.pick(CUSTOMERS)
    const [subject, ask, answer, thanks] = random.pick(TOPICS)
    const box = random.below(6) === 0 ? 1 : 0
    const us = { name: MAILBOXES[box]?.[2] ?? null, address: MAILBOXES[box]?.[1] ?? '' }
    const customer = { name, address }
    const agent = random.below(3)
    const rounds = random.below(3)
    const messages = [
      message(random, {
        kind: 'inbound',
        at: iso(age + rounds * 6 * HOUR),
        from: customer,
        to: [us],
        text: ask,
      }),
    ]
    if (rounds > 0)
      messages.push(
        message(random, {
          kind: 'outbound',
          at: iso(age + (rounds - 1) * 6 * HOUR + HOUR),
          author: ref(agent),
          from: us,
          to: [customer],
          text: `${answer}\n${ref(agent).name}`,
          delivery: {
            state: 'sent',
            attempts: 1,
            error: null,
            code: null,
            next_attempt_at: null,
            undo_until: null,
            bounced: [],
            can_cancel: false,
          },
        }),
      )
    if (rounds > 1)
      messages.push(
        message(random, {
          kind: 'inbound',
          at: iso(age),
          from: customer,
          to: [us],
          text: thanks,
          quoted_text: answer,
        }),
      )
    const fromCustomer = messages.at(-1)?.kind === 'inbound'
    const roll = random.below(20)
    const status: TicketStatus =
      index < 38 && fromCustomer
        ? 'open'
        : roll < 12
          ? 'closed'
          : roll < 17
            ? 'pending'
            : roll < 18
              ? 'on_hold'
              : roll < 19
                ? 'spam'
                : 'trash'
    return ticket({
      number,
      subject,
      status,
      customer,
      assignee: rounds > 0 ? ref(agent) : null,
      team: number % 4 === 0 ? teamRef(number) : null,
      mailbox: mailboxRef(box),
      messages,
      unread: status === 'open' && rounds === 0 && random.below(2) === 0,
      waiting_since: status === 'open' ? iso(age) : null,
      tags: number % 5 === 0 ? TAGS.slice(number % 4, (number % 4) + 1) : [],
      priority: number % 17 === 0 ? 'high' : 'normal',
    })
  })
}

export function ticket(
  fields: Pick<Ticket, 'number' | 'subject' | 'customer' | 'messages'> & Partial<Ticket>,
): Ticket {
  const mails = fields.messages.filter(({ kind }) => kind !== 'event')
  const last = mails.at(-1)
  return {
    status: 'open',
    assignee: null,
    team: null,
    priority: 'normal',
    tags: [],
    snoozed_until: null,
    delete_at: null,
    followers: [],
    merged_into: null,
    mailbox: mailboxRef(0),
    unread: false,
    waiting_since: null,
    snippet: (last?.text ?? '').replace(/\s+/g, ' ').slice(0, 160),
    message_count: mails.length,
    has_draft: false,
    own_draft: null,
    has_attachment: mails.some(({ attachments }) => attachments.length > 0),
    last_message_at: last?.at ?? iso(0),
    created_at: fields.messages[0]?.at ?? iso(0),
    version: 1,
    contact: {
      id: contactId(fields.customer.address),
      name: fields.customer.name,
      identities: [{ kind: 'email', value: fields.customer.address }],
      marks: [],
      rectified_at: null,
    },
    related: [],
    draft: null,
    forward_draft: null,
    note_draft: null,
    can_reply: true,
    exemption: null,
    anonymized_at: null,
    reply_defaults: { to: [fields.customer], cc: [], others: [], bcc_warning: false },
    ...fields,
  }
}

export function draftOf(reply: Message): Draft {
  return {
    text: reply.text,
    // Written with the editor, as it was sent.
    html: `<p>${reply.text}</p>`,
    to: reply.to,
    cc: reply.cc,
    bcc: reply.bcc,
    attachments: reply.attachments,
    subject: null,
    forwarded: null,
    without_signature: false,
    updated_at: iso(0),
  }
}

const noticesOf = (): Notice[] => [
  {
    id: '0192f100-0000-7000-8000-000000000002',
    kind: 'mention',
    number: 2_003,
    by: ref(1),
    at: iso(12 * 60_000),
    read: false,
  },
  {
    id: '0192f100-0000-7000-8000-000000000001',
    kind: 'assigned',
    number: 2_001,
    by: ref(2),
    at: iso(3 * HOUR),
    read: true,
  },
]

export function createDb(scenario: Scenario): Db {
  const random = createRandom(20_261_122)
  const provider = (name: string): ProviderSettings => ({
    client_id: name === 'google' ? '417093-loket.apps.example' : null,
    tenant: null,
    secret_ends: name === 'google' ? iso(-6 * DAY).slice(0, 10) : null,
    configured: name === 'google',
    source: name === 'google' ? 'admin' : null,
    redirect_uri: 'https://loket.veldkeuken.example/oauth/callback',
    admin_consent_url: null,
  })
  const db: Db = {
    random,
    session:
      scenario === 'setup' || scenario === 'signed-out'
        ? null
        : session(scenario === 'agent' || scenario === 'auditor' ? scenario : 'owner'),
    setupNeeded: scenario === 'setup',
    tickets: new Map(),
    users: USERS.map((user) => ({ ...user })),
    tags: TAGS.map((tag) => ({ ...tag })),
    teams: TEAMS.map((team) => ({ ...team })),
    acts: new Map(),
    organizationVersion: 1,
    sendsMail: scenario !== 'no-mail',
    mailboxes: [
      mailbox(0, {}),
      mailbox(1, {
        provider: 'microsoft',
        state: 'needs_reauthorization',
        state_at: iso(5.5 * DAY),
        members: [0, 1].map(ref),
        error: {
          code: 'sign_in_refused',
          detail: 'AADSTS700082: The refresh token has expired due to inactivity.',
        },
        last_sync_at: iso(26 * HOUR),
        language: 'en',
        acknowledgement: {
          enabled: false,
          text: '',
          subject: 'We have received your message (number {{ticket.number}})',
        },
        counts: { imported: 1_204, skipped: 0, quarantined: 0, skipped_why: [] },
      }),
      {
        ...mailbox(0, {}),
        id: '0192b000-0000-7000-8000-000000000003',
        address: 'archief@veldkeuken.example',
        display_name: 'Archief',
        provider: 'imap',
        state: 'importing',
        import: {
          mode: 'all',
          since: null,
          read: 8_412,
          total: 23_900,
          waits_until: iso(-7 * HOUR),
        },
        comparisons: [],
        members: USERS.slice(0, 1).map(({ id, name }) => ({ id, name })),
      },
    ],
    providers: { google: provider('google'), microsoft: provider('microsoft') },
    quarantine: [
      {
        id: random.uuid(),
        mailbox: mailboxRef(0),
        reason: 'nested_too_deep',
        attempts: 1,
        at: iso(2 * DAY),
        size: 2_104_332,
      },
      {
        id: random.uuid(),
        mailbox: mailboxRef(0),
        reason: 'panic',
        attempts: 3,
        at: iso(9 * DAY),
        size: 48_112,
      },
    ],
    purges: [],
    leaving: [],
    statements: [],
    holds: [],
    exports: new Map(),
    closing: null,
    rules: new Map(),
    uploads: new Map(),
    letter: null,
    replies: savedReplies(MAILBOXES[0]?.[0] ?? '', TEAMS[0]?.id ?? ''),
    notices: noticesOf(),
    own: { signature: 'Sanne', switched_off: [] },
    ownSessions: [
      session_('1', 'firefox', 'linux', 0, 5 * HOUR),
      session_('2', 'safari', 'iphone', 3 * HOUR, 9 * DAY),
      session_('3', 'edge', 'windows', 6 * DAY, 40 * DAY),
    ],
    answered: new Map(),
    html: new Map(),
    indexing: scenario === 'indexing' ? { done: 184_200, total: 412_000 } : null,
    searches: scenario !== 'no-search',
    listeners: new Set(),
    events: [],
  }
  if (scenario === 'much-quarantine')
    for (let index = 0; index < 240; index += 1)
      db.quarantine.push({
        id: random.uuid(),
        mailbox: mailboxRef(index % 2),
        reason: 'too_large',
        attempts: 1,
        at: iso((10 + index) * DAY),
        size: 60_000_000 + index,
      })
  if (scenario === 'expired')
    db.mailboxes = db.mailboxes
      .slice(1, 2)
      .map((box) => ({ ...box, members: USERS.map(({ id, name }) => ({ id, name })) }))
  if (scenario === 'empty') db.mailboxes = []
  if (scenario === 'importing')
    db.mailboxes = db.mailboxes.slice(0, 1).map((box) => ({
      ...box,
      state: 'importing' as const,
      import: {
        mode: 'since' as const,
        since: iso(30 * DAY),
        read: 1_204,
        total: 5_310,
        waits_until: null,
      },
    }))
  if (scenario === 'empty' || scenario === 'importing') return db
  const all = [...curated(db), ...bulk(random, 1_990, 600)]
  for (const entry of all)
    if (scenario !== 'done' || entry.status !== 'open') db.tickets.set(entry.number, entry)
  return db
}
