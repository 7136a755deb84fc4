import { useInfiniteQuery } from '@tanstack/vue-query'
import { computed, onScopeDispose, shallowRef, watch } from 'vue'
import { search } from '@/api/search'
import { keys } from '@/features/tickets/queries'
import type { Asked } from './memory'
import type { SearchAnswer } from './types'

/** Each search stands in the audit log: it is asked again when something was done, not by the clock. */
export function useSearchResults(asked: () => Asked | null) {
  return useInfiniteQuery({
    queryKey: computed(() => keys.search(asked())),
    queryFn: ({ pageParam, signal }) => {
      const { q, sort } = asked() ?? { q: '', sort: 'best' as const }
      return search({ q, sort, cursor: pageParam ?? undefined }, signal)
    },
    initialPageParam: null as string | null,
    getNextPageParam: (last: SearchAnswer) => last.next_cursor,
    enabled: () => asked() !== null,
    staleTime: Infinity,
    refetchOnWindowFocus: false,
  })
}

/** Who types pauses this long at the end of a word, not between two letters of it. */
const PAUSE_MS = 120
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
