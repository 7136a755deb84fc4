import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/vue-query'
import { computed, toValue, type MaybeRefOrGetter } from 'vue'
import { listSavedReplies, type SavedReplyFilter } from '@/api/saved-replies'
import type { Page, SavedReply } from '@/api/types'

export const savedRepliesKey = ['saved-replies'] as const

const PAGE = 50
/** As many as one looks through before typing another letter. */
const OFFERED = 20

export function useSavedReplies(filter: MaybeRefOrGetter<SavedReplyFilter>) {
  return useInfiniteQuery({
    queryKey: computed(() => [...savedRepliesKey, 'pages', toValue(filter)]),
    queryFn: ({ pageParam, signal }) => listSavedReplies(toValue(filter), pageParam, PAGE, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (last: Page<SavedReply>) => last.next_cursor,
    placeholderData: keepPreviousData,
  })
}

export function useOfferedReplies(filter: MaybeRefOrGetter<SavedReplyFilter>) {
  return useQuery({
    queryKey: computed(() => [...savedRepliesKey, 'offered', toValue(filter)]),
    queryFn: ({ signal }) => listSavedReplies(toValue(filter), null, OFFERED, signal),
    placeholderData: keepPreviousData,
    staleTime: 30_000,
  })
}
