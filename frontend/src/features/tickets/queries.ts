import {
  keepPreviousData,
  useInfiniteQuery,
  useQuery,
  type InfiniteData,
} from '@tanstack/vue-query'
import { computed, type MaybeRefOrGetter, toValue } from 'vue'
import { listMailboxes } from '@/api/mailboxes'
import { getTicket, getTicketCounts, listTickets, type TicketFilter } from '@/api/tickets'
import { listUsers } from '@/api/users'
import type { Page, TicketSummary } from '@/api/types'

export type TicketPages = InfiniteData<Page<TicketSummary>, string | null>

export const keys = {
  tickets: ['tickets'] as const,
  lists: ['tickets', 'list'] as const,
  list: (filter: TicketFilter) => ['tickets', 'list', filter] as const,
  counts: ['tickets', 'counts'] as const,
  ticket: (number: number) => ['tickets', 'detail', number] as const,
  mailboxes: ['mailboxes'] as const,
  users: ['users'] as const,
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

export function useTicketList(filter: MaybeRefOrGetter<TicketFilter>) {
  return useInfiniteQuery({
    queryKey: computed(() => keys.list(toValue(filter))),
    queryFn: ({ pageParam, signal }) => listTickets(toValue(filter), pageParam, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (last: Page<TicketSummary>) => last.next_cursor,
  })
}

export function useTicketCounts() {
  return useQuery({
    queryKey: keys.counts,
    queryFn: ({ signal }) => getTicketCounts(signal),
    placeholderData: keepPreviousData,
  })
}

export function useTicket(number: MaybeRefOrGetter<number>) {
  return useQuery({
    queryKey: computed(() => keys.ticket(toValue(number))),
    queryFn: ({ signal }) => getTicket(toValue(number), signal),
  })
}

export function useMailboxes() {
  return useQuery({ queryKey: keys.mailboxes, queryFn: ({ signal }) => listMailboxes(signal) })
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
