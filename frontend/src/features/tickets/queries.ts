import {
  keepPreviousData,
  useInfiniteQuery,
  useQuery,
  useQueryClient,
  type InfiniteData,
  type QueryFunctionContext,
} from '@tanstack/vue-query'
import { useDebounceFn } from '@vueuse/core'
import { computed, type MaybeRefOrGetter, toValue, watch } from 'vue'
import { findTag, listTeams } from '@/api/acts'
import { listMailboxes } from '@/api/mailboxes'
import { getOrganization } from '@/api/organization'
import { Problem } from '@/api/problem'
import { getTicketCounts, listTickets, openTicket, type TicketFilter } from '@/api/tickets'
import { listUsers } from '@/api/users'
import { countViews, listViews } from '@/api/views'
import type { Page, TicketSummary } from '@/api/types'
import { userZone } from '@/composables/zone'

export type TicketPages = InfiniteData<Page<TicketSummary>, string | null>

export const keys = {
  tickets: ['tickets'] as const,
  lists: ['tickets', 'list'] as const,
  list: (filter: TicketFilter) => ['tickets', 'list', filter] as const,
  searches: ['tickets', 'search'] as const,
  search: (asked: unknown) => ['tickets', 'search', asked] as const,
  counts: ['tickets', 'counts'] as const,
  /** Of customers. */
  histories: ['tickets', 'of'] as const,
  viewCounts: ['tickets', 'view-counts'] as const,
  details: ['tickets', 'detail'] as const,
  ticket: (number: number) => ['tickets', 'detail', number] as const,
  contacts: ['contacts'] as const,
  savedReplies: ['saved-replies'] as const,
  views: ['views'] as const,
  mailboxes: ['mailboxes'] as const,
  organization: ['organization'] as const,
  users: ['users'] as const,
  tags: ['tags'] as const,
  teams: ['teams'] as const,
  purges: ['purges'] as const,
  retention: (mailbox: string) => ['retention', mailbox] as const,
  holds: ['holds'] as const,
  requests: ['requests'] as const,
  request: (id: string) => ['requests', id] as const,
  requestItems: (id: string) => ['requests', id, 'items'] as const,
  erasurePreview: (id: string) => ['requests', id, 'erasure'] as const,
  copies: (id: string) => ['requests', id, 'copies'] as const,
  templates: (id: string) => ['requests', id, 'templates'] as const,
  authority: ['authority'] as const,
  /** Of a mailbox, or of everything. */
  exports: (of: string | null) => ['exports', of] as const,
  closing: ['closing'] as const,
}

/** How a page of a list is read. */
export type ReadPage<T> = (at: Pick<PageContext, 'pageParam' | 'signal'>) => Promise<T>
type PageContext = QueryFunctionContext<readonly unknown[], string | null>

// What reads holds what is read and nothing else: the cache outlives whoever asks, and a function
// that was made within a component would hold all of it.

/** Days mean what they do where the reader is. */
const inZone = (filter: TicketFilter): TicketFilter =>
  filter.since || filter.until ? { ...filter, zone: userZone() } : filter

const readList =
  (filter: TicketFilter): ReadPage<Page<TicketSummary>> =>
  ({ pageParam, signal }) =>
    listTickets(inZone(filter), pageParam, signal)

/** Where a list goes on. */
export const nextPage = ({ next_cursor: cursor }: { next_cursor: string | null }) => cursor

export function useTicketList(filter: MaybeRefOrGetter<TicketFilter>, enabled: () => boolean) {
  return useInfiniteQuery({
    queryKey: computed(() => keys.list(toValue(filter))),
    queryFn: computed(() => readList(toValue(filter))),
    initialPageParam: null as string | null,
    getNextPageParam: nextPage,
    enabled,
  })
}

export function useTicketCounts() {
  return useQuery({
    queryKey: keys.counts,
    queryFn: ({ signal }) => getTicketCounts(signal),
    placeholderData: keepPreviousData,
  })
}

export const readDetail = ({
  queryKey,
  signal,
}: QueryFunctionContext<ReturnType<typeof keys.ticket>>) => openTicket(queryKey[2], signal)

/** For so long what is missing is not asked for again. */
const MISSING_MS = 5_000

export function useTicket(number: MaybeRefOrGetter<number>) {
  return useQuery({
    queryKey: computed(() => keys.ticket(toValue(number))),
    queryFn: readDetail,
    // What was not there when it was read ahead is not there a moment later.
    retryOnMount: ({ state: { error, errorUpdatedAt } }) =>
      !(error instanceof Problem && error.status === 404) ||
      Date.now() - errorUpdatedAt > MISSING_MS,
  })
}

/** A moment after the page is still, so that leafing through does not ask for everything. */
const STILL_MS = 250

/** Reads a ticket before it is asked for: who goes on to it then does not wait. */
export function useReadAhead(): (number: number) => Promise<void> {
  const client = useQueryClient()
  return (number) =>
    client.prefetchQuery({
      queryKey: keys.ticket(number),
      queryFn: readDetail,
      staleTime: Infinity,
    })
}

/** The same for several. */
export function usePrefetch(numbers: () => number[]): void {
  const readAhead = useReadAhead()
  const later = useDebounceFn((wanted: number[]) => {
    for (const number of wanted) void readAhead(number)
  }, STILL_MS)
  watch(
    () => numbers().join(),
    () => {
      void later(numbers())
    },
    { immediate: true },
  )
}

export function useViews() {
  return useQuery({ queryKey: keys.views, queryFn: ({ signal }) => listViews(signal) })
}

/** A list that somebody keeps may be dear to count: each event is not worth that. */
const VIEWS_COUNTED_MS = 20_000

export function useViewCounts(enabled: () => boolean) {
  return useQuery({
    queryKey: keys.viewCounts,
    queryFn: ({ signal }) => countViews(signal),
    placeholderData: keepPreviousData,
    refetchInterval: VIEWS_COUNTED_MS,
    enabled,
  })
}

export function useMailboxes() {
  return useQuery({ queryKey: keys.mailboxes, queryFn: ({ signal }) => listMailboxes(signal) })
}

export function useOrganization(enabled: () => boolean = () => true) {
  return useQuery({
    queryKey: keys.organization,
    queryFn: ({ signal }) => getOrganization(signal),
    enabled,
  })
}

export function useTeams() {
  return useQuery({ queryKey: keys.teams, queryFn: ({ signal }) => listTeams(signal) })
}

const tagKey = (id: string) => [...keys.tags, 'one', id] as const
const readTag = ({ queryKey, signal }: QueryFunctionContext<ReturnType<typeof tagKey>>) =>
  findTag(queryKey[2], signal)

/** One of thousands of tags, by its id. */
export function useTag(id: () => string | undefined) {
  return useQuery({
    queryKey: computed(() => tagKey(id() ?? '')),
    queryFn: readTag,
    enabled: computed(() => Boolean(id())),
  })
}

/** Everybody, those who are disabled as well: their names stand on what they wrote. */
export function useUsers() {
  return useQuery({ queryKey: keys.users, queryFn: ({ signal }) => listUsers(signal) })
}

/** Whom something can be given to. */
export function useColleagues() {
  const users = useUsers()
  return computed(() => (users.data.value ?? []).filter(({ state }) => state !== 'disabled'))
}
