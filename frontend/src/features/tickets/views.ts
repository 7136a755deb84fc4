import {
  AlarmClock,
  Archive,
  AtSign,
  CircleDashed,
  CirclePause,
  Clock,
  Inbox,
  Layers,
  ListFilter,
  OctagonAlert,
  PencilLine,
  Search,
  Trash2,
  UserRound,
} from '@lucide/vue'
import type { Component } from 'vue'
import { useI18n } from 'vue-i18n'
import type { TicketFilter } from '@/api/tickets'
import type { Priority, SavedView, TicketCounts, TicketStatus } from '@/api/types'
import type { Asked } from '@/features/search/memory'
import { readFilter, readSearch } from './filter'

type StandingView =
  | 'open'
  | 'mine'
  | 'unassigned'
  | 'mentioned'
  | 'drafts'
  | 'snoozed'
  | 'pending'
  | 'on_hold'
  | 'closed'
  | 'spam'
  | 'trash'
  | 'all'

export interface TicketView {
  slug: string
  /** Its name in the translations. One that somebody keeps has a name of its own instead. */
  key: StandingView | 'saved'
  name?: string
  icon: Component
  filter: TicketFilter
  /** What it looks for, where it is no list. */
  search?: Asked | null
  count: keyof TicketCounts | null
  group: 'work' | 'rest'
}

export const VIEWS: TicketView[] = [
  {
    slug: 'open',
    key: 'open',
    icon: Inbox,
    filter: { status: 'open' },
    count: 'open',
    group: 'work',
  },
  {
    slug: 'mine',
    key: 'mine',
    icon: UserRound,
    filter: { status: 'open', assignee: 'me' },
    count: 'mine',
    group: 'work',
  },
  {
    slug: 'unassigned',
    key: 'unassigned',
    icon: CircleDashed,
    filter: { status: 'open', assignee: 'none' },
    count: 'unassigned',
    group: 'work',
  },
  {
    slug: 'mentioned',
    key: 'mentioned',
    icon: AtSign,
    filter: { status: 'all', mentioned: 'me' },
    count: 'mentioned',
    group: 'work',
  },
  {
    slug: 'drafts',
    key: 'drafts',
    icon: PencilLine,
    filter: { status: 'all', draft: true },
    count: 'drafts',
    group: 'work',
  },
  {
    slug: 'snoozed',
    key: 'snoozed',
    icon: AlarmClock,
    filter: { status: 'all', snoozed: true },
    count: 'snoozed',
    group: 'rest',
  },
  {
    slug: 'pending',
    key: 'pending',
    icon: Clock,
    filter: { status: 'pending' },
    count: 'pending',
    group: 'rest',
  },
  {
    slug: 'on-hold',
    key: 'on_hold',
    icon: CirclePause,
    filter: { status: 'on_hold' },
    count: 'on_hold',
    group: 'rest',
  },
  {
    slug: 'closed',
    key: 'closed',
    icon: Archive,
    filter: { status: 'closed' },
    count: null,
    group: 'rest',
  },
  {
    slug: 'spam',
    key: 'spam',
    icon: OctagonAlert,
    filter: { status: 'spam' },
    count: 'spam',
    group: 'rest',
  },
  {
    slug: 'trash',
    key: 'trash',
    icon: Trash2,
    filter: { status: 'trash' },
    count: null,
    group: 'rest',
  },
  { slug: 'all', key: 'all', icon: Layers, filter: { status: 'all' }, count: null, group: 'rest' },
]

/** What a view is called. */
export function useViewName(): (view: TicketView) => string {
  const { t } = useI18n()
  return ({ key, name }) => (key === 'saved' ? (name ?? '') : t(`view.${key}`))
}

/** Where a view that somebody keeps is found. */
export const SAVED = 'v-'

export const savedSlug = (id: string) => `${SAVED}${id}`

export function asView(saved: SavedView): TicketView {
  const search = readSearch(saved.filter)
  return {
    slug: savedSlug(saved.id),
    key: 'saved',
    name: saved.name,
    icon: search ? Search : ListFilter,
    filter: { status: 'all', ...readFilter(saved.filter) },
    search,
    count: null,
    group: 'rest',
  }
}

/** Whether a ticket still belongs to what a list shows: what an optimistic change asks. */
export function fits(
  filter: TicketFilter,
  ticket: {
    status: TicketStatus
    assignee: { id: string } | null
    snoozed_until?: string | null
    priority?: Priority
    team?: { id: string } | null
    tags?: readonly { id: string }[]
  },
  me: string,
): boolean {
  if (filter.status !== 'all' && filter.status !== ticket.status) return false
  if (filter.snoozed && !ticket.snoozed_until) return false
  // What sleeps is in no list of what is open.
  if (!filter.snoozed && filter.status === 'open' && ticket.snoozed_until) return false
  if (filter.priority && filter.priority !== ticket.priority) return false
  if (filter.team && filter.team !== (ticket.team?.id ?? 'none')) return false
  if (filter.tag && !ticket.tags?.some(({ id }) => id === filter.tag)) return false
  if (filter.assignee === 'me') return ticket.assignee?.id === me
  if (filter.assignee === 'none') return ticket.assignee === null
  return filter.assignee ? ticket.assignee?.id === filter.assignee : true
}
