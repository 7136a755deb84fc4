// The ticket that comes next stands ready behind the one that is read, whole: to make a conversation
// takes longer than the eye forgives, to show one that is there does not.
import { useQueryClient } from '@tanstack/vue-query'
import { onScopeDispose, readonly, shallowRef, watch } from 'vue'
import { soon } from '@/composables/later'
import { keys, useReadAhead } from '@/features/tickets/queries'

/** Who goes on within this time is leafing: nothing is made for them. */
const STILL_MS = 150
/** What is not made by then would be made when it is wanted. */
const WITHIN_MS = 50
/** The one that is shown, and those that are about to leave. */
const MOST = 3

/** Which conversations are in the page. Their order never changes: a frame that is moved is empty. */
export function useReady(shown: () => number, next: () => number | null) {
  const client = useQueryClient()
  const readAhead = useReadAhead()
  const panes = shallowRef<number[]>([shown()])
  let timer: ReturnType<typeof setTimeout> | undefined

  watch(
    shown,
    (now) => {
      // What was read leaves when the page is still: who waits for this one does not wait for that.
      if (!panes.value.includes(now)) panes.value = [...panes.value.slice(1 - MOST), now]
    },
    { flush: 'sync' },
  )

  async function prepare(): Promise<void> {
    const [now, then] = [shown(), next()]
    if (then !== null) await readAhead(then)
    const there = then !== null && client.getQueryData(keys.ticket(then)) !== undefined
    soon(() => {
      if (shown() !== now || next() !== then) return
      const left = panes.value.filter((number) => number === now || number === then)
      panes.value = there && !left.includes(then) ? [...left, then] : left
    }, WITHIN_MS)
  }

  watch(
    () => [shown(), next()],
    () => {
      clearTimeout(timer)
      timer = setTimeout(() => void prepare(), STILL_MS)
    },
    { immediate: true },
  )
  onScopeDispose(() => {
    clearTimeout(timer)
  })
  return readonly(panes)
}
