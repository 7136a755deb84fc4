import { useSessionStorage } from '@vueuse/core'
import { session } from '@/composables/session'
import type { Purge } from '@/api/types'
import { isCounting, isRunning } from './purges'

export interface Banner {
  kind: 'one' | 'many' | 'late'
  /** The one that it names, or whose end is told. */
  first: Purge
  ids: string[]
}

/** What every admin is told on every page. What is late cannot be put away. */
export function bannerOf(
  purges: Purge[],
  now: number,
  dismissed: readonly string[],
): Banner | null {
  const late = purges.find(
    (purge) => purge.is_late && (isRunning(purge, now) || isCounting(purge, now)),
  )
  if (late) return { kind: 'late', first: late, ids: [late.id] }
  const counting = purges
    // What goes with its organization has a banner of its own.
    .filter((purge) => purge.cause !== 'closing' && isCounting(purge, now))
    .sort((a, b) => Date.parse(a.due_at) - Date.parse(b.due_at))
  const [first] = counting
  if (!first || counting.every(({ id }) => dismissed.includes(id))) return null
  return {
    kind: counting.length > 1 ? 'many' : 'one',
    first,
    ids: counting.map(({ id }) => id),
  }
}

/** Which purges somebody has seen enough of in this session; ids only. */
export function useDismissed() {
  const key = `loket-seen-deletions-${session.value?.membership.id ?? ''}`
  const dismissed = useSessionStorage<string[]>(key, [], { writeDefaults: false })
  return {
    dismissed,
    dismiss: (ids: string[]) => {
      dismissed.value = [...new Set([...dismissed.value, ...ids])]
    },
  }
}
