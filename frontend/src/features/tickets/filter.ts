// What narrows a list: in the address of the page, in views that somebody keeps, and in words.
import type { LocationQuery } from 'vue-router'
import type { TicketFilter } from '@/api/tickets'
import type { Priority, TicketStatus } from '@/api/types'
import type { Asked } from '@/features/search/memory'

type Given = Record<string, unknown>
type Narrow = Partial<TicketFilter>

export const STATUSES: (TicketStatus | 'all')[] = [
  'all',
  'open',
  'pending',
  'on_hold',
  'closed',
  'spam',
  'trash',
]

export const PRIORITIES: Priority[] = ['urgent', 'high', 'normal', 'low']

/** What the filter menu sets, in the order in which it is shown. */
export const FIELDS = [
  'status',
  'assignee',
  'team',
  'tag',
  'priority',
  'mailbox',
  'contact',
  'unread',
  'has_attachment',
  'mentioned',
  'draft',
  'snoozed',
  'since',
  'until',
  'sort',
] as const

export type Field = (typeof FIELDS)[number]

const DAY = /^\d{4}-\d{2}-\d{2}$/
const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** How each field is read; nothing for what it cannot be. */
const READ: { [K in Field]: (text: string) => TicketFilter[K] | undefined } = {
  status: (text) => STATUSES.find((status) => status === text),
  assignee: (text) => (text === 'me' || text === 'none' || ID.test(text) ? text : undefined),
  team: (text) => (text === 'none' || ID.test(text) ? text : undefined),
  tag: (text) => (ID.test(text) ? text : undefined),
  priority: (text) => PRIORITIES.find((priority) => priority === text),
  mailbox: (text) => (ID.test(text) ? text : undefined),
  contact: (text) => (ID.test(text) ? text : undefined),
  unread: (text) => (text === 'true' ? true : undefined),
  has_attachment: (text) => (text === 'true' ? true : text === 'false' ? false : undefined),
  mentioned: (text) => (text === 'me' ? text : undefined),
  draft: (text) => (text === 'true' ? true : undefined),
  snoozed: (text) => (text === 'true' ? true : undefined),
  since: (text) => (DAY.test(text) ? text : undefined),
  until: (text) => (DAY.test(text) ? text : undefined),
  sort: (text) => (text === 'newest' || text === 'oldest' ? text : undefined),
}

/** What an address or a kept view says; what is not understood is left out. */
export function readFilter(given: Given | LocationQuery): Narrow {
  const narrow: Record<string, unknown> = {}
  for (const field of FIELDS) {
    const text = given[field]
    const value = typeof text === 'string' ? READ[field](text) : undefined
    if (value !== undefined) narrow[field] = value
  }
  return narrow as Narrow
}

/** The search that a kept view is, if it is one. */
export function readSearch({ search: q, sort }: Record<string, string>): Asked | null {
  if (q === undefined) return null
  return { q, sort: sort === 'newest' || sort === 'oldest' ? sort : 'best' }
}

/** As a view keeps it; it stands in no address. */
export const writeSearch = ({ q, sort }: Asked): Record<string, string> =>
  sort === 'best' ? { search: q } : { search: q, sort }

/** As it stands in an address and in a view that is kept. */
export function writeFilter(filter: Narrow): Record<string, string> {
  return Object.fromEntries(
    FIELDS.flatMap((field) => {
      const value = filter[field]
      return value === undefined ? [] : [[field, String(value)]]
    }),
  )
}
