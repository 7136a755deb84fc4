import { useInfiniteQuery } from '@tanstack/vue-query'
import { computed, onScopeDispose, shallowRef, watch } from 'vue'
import { search } from '@/api/search'
import { keys, nextPage, type ReadPage } from '@/features/tickets/queries'
import type { Asked } from './memory'
import type { SearchAnswer } from './types'

// Made here, of what is asked alone: the cache outlives the page, and must not hold it.
const read =
  ({ q, sort }: Asked): ReadPage<SearchAnswer> =>
  ({ pageParam, signal }) =>
    search({ q, sort, cursor: pageParam ?? undefined }, signal)

/** Each search stands in the audit log: it is asked again when something happened, not by the clock. */
export function useSearchResults(asked: () => Asked | null) {
  return useInfiniteQuery({
    queryKey: computed(() => keys.search(asked())),
    queryFn: computed(() => read(asked() ?? { q: '', sort: 'best' })),
    initialPageParam: null as string | null,
    getNextPageParam: nextPage,
    enabled: computed(() => asked() !== null),
    staleTime: Infinity,
    refetchOnWindowFocus: false,
  })
}

/** What was found, each ticket once: one that moved while pages were fetched may come twice. */
export function useFound(asked: () => Asked | null) {
  const results = useSearchResults(asked)
  const hits = computed(() => {
    const seen = new Set<number>()
    return (results.data.value?.pages.flatMap(({ items }) => items) ?? []).filter(
      ({ ticket }) => !seen.has(ticket.number) && seen.add(ticket.number),
    )
  })
  const tickets = computed(() => hits.value.map(({ ticket }) => ticket))
  return { results, hits, tickets }
}

/** Keys that come faster are one wish. Whoever waits for longer is answered within a tenth of a second. */
const PAUSE_MS = 40
/** As many as fit under the box. */
const SHOWN = 5

export interface Typed {
  /** What was asked. */
  q: string
  answer: SearchAnswer | null
  error: unknown
}

/** Answers while somebody types. What is older than the newest answer never takes its place. */
export function useTyping(text: () => string, wanted: () => boolean) {
  const typed = shallowRef<Typed | null>(null)
  const busy = shallowRef(false)
  let timer: ReturnType<typeof setTimeout> | undefined
  let asking: AbortController | null = null

  function stop(): void {
    clearTimeout(timer)
    asking?.abort()
    asking = null
    busy.value = false
  }

  async function ask(q: string): Promise<void> {
    const mine = new AbortController()
    asking = mine
    try {
      const answer = await search({ q, limit: SHOWN, typing: true }, mine.signal)
      if (asking === mine) typed.value = { q, answer, error: null }
    } catch (error) {
      if (asking === mine) typed.value = { q, answer: null, error }
    } finally {
      if (asking === mine) stop()
    }
  }

  watch(
    () => (wanted() ? text().trim() : ''),
    (q) => {
      stop()
      if (!q) typed.value = null
      if (!q || typed.value?.q === q) return
      busy.value = true
      timer = setTimeout(() => void ask(q), PAUSE_MS)
    },
    { immediate: true },
  )
  onScopeDispose(stop)
  return { typed, busy }
}
