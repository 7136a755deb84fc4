// Choosing in the list: by the box, by `x`, a range with Shift, all of it page by page.
import { onScopeDispose, shallowReactive, watch, type Ref } from 'vue'
import type { TicketSummary } from '@/api/types'
import { useActs } from '@/composables/acts'
import { useShortcuts } from '@/composables/shortcuts'
import { useUndo } from './undo'
import {
  anySelected,
  clearSelection,
  keepSelected,
  leaveToBar,
  MOST,
  OF_MANY,
  selectAll,
  selectRange,
  toggleSelected,
} from './selection'

interface List {
  tickets: TicketSummary[]
  current: number | null
  /** What is shown; with another one nothing is chosen any more. */
  filter: unknown
  query: { hasNextPage: Ref<boolean>; fetchNextPage: () => Promise<{ isError: boolean }> }
}

export function useListSelection(list: () => List) {
  const { undoLast } = useUndo()
  const shown = () => JSON.stringify(list().filter)
  const numbers = () => list().tickets.map(({ number }) => number)

  function choose(number: number, event: MouseEvent): void {
    if (event.shiftKey) selectRange(number, numbers())
    else toggleSelected(number)
  }

  /** Page after page, until the list ends or no more can be chosen. */
  async function loadAll(): Promise<void> {
    const { query } = list()
    const filter = shown()
    while (shown() === filter && query.hasNextPage.value && list().tickets.length < MOST) {
      const { isError } = await query.fetchNextPage()
      if (isError) break
    }
    if (shown() === filter) selectAll(numbers())
  }

  useActs({
    undo: () => void undoLast(),
    select: () => {
      const { current } = list()
      if (current !== null) toggleSelected(current)
    },
  })
  useShortcuts({
    Escape: () => {
      if (anySelected.value) clearSelection()
    },
  })
  // The bar comes with the first choice, after this: what is faster, a key or the palette, waits for
  // it, and is never for the ticket that is open.
  const waiting = shallowReactive<Partial<Record<(typeof OF_MANY)[number], () => void>>>({})
  watch(
    anySelected,
    (any) => {
      for (const act of OF_MANY) {
        waiting[act] = any
          ? () => {
              leaveToBar(act)
            }
          : undefined
      }
    },
    { flush: 'sync' },
  )
  useActs(waiting, true)
  watch(shown, clearSelection)
  watch(numbers, keepSelected)
  onScopeDispose(clearSelection)

  return { choose, loadAll }
}
