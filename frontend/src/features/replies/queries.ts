import {
  keepPreviousData,
  useInfiniteQuery,
  useQuery,
  type QueryFunctionContext,
} from '@tanstack/vue-query'
import { computed, toValue, type MaybeRefOrGetter } from 'vue'
import { listSavedReplies, type SavedReplyFilter } from '@/api/saved-replies'
import type { Page, SavedReply } from '@/api/types'
import { keys, nextPage, type ReadPage } from '@/features/tickets/queries'

export const savedRepliesKey = keys.savedReplies

const PAGE = 50
/** As many as one looks through before typing another letter. */
const OFFERED = 20

const offeredKey = (filter: SavedReplyFilter) => [...savedRepliesKey, 'offered', filter] as const
// From the key, and made here: the cache outlives whoever asks, and must not hold them.
const readPages =
  (filter: SavedReplyFilter): ReadPage<Page<SavedReply>> =>
  ({ pageParam, signal }) =>
    listSavedReplies(filter, pageParam, PAGE, signal)
const readOffered = ({ queryKey, signal }: QueryFunctionContext<ReturnType<typeof offeredKey>>) =>
  listSavedReplies(queryKey[2], null, OFFERED, signal)

export function useSavedReplies(filter: MaybeRefOrGetter<SavedReplyFilter>) {
  return useInfiniteQuery({
    queryKey: computed(() => [...savedRepliesKey, 'pages', toValue(filter)]),
    queryFn: computed(() => readPages(toValue(filter))),
    initialPageParam: null as string | null,
    getNextPageParam: nextPage,
    placeholderData: keepPreviousData,
  })
}

export function useOfferedReplies(filter: MaybeRefOrGetter<SavedReplyFilter>) {
  return useQuery({
    queryKey: computed(() => offeredKey(toValue(filter))),
    queryFn: readOffered,
    placeholderData: keepPreviousData,
    staleTime: 30_000,
  })
}
