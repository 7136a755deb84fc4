import { useEventListener } from '@vueuse/core'
import { onScopeDispose, readonly, ref } from 'vue'
import { onSettle } from '@/api/unsaved'

export type DraftState = 'clean' | 'dirty' | 'saving' | 'saved' | 'failed'

// A draft is on the server within a second of the last key, and while typing at least that often.
const QUIET_MS = 450
const AT_LATEST_MS = 900
const RETRY_MS = 4_000

/** Saves what is written, one request at a time, always the newest; tries again when it fails. */
export function useAutosave<T>(
  read: () => T,
  /** `leaving`: the page may be gone before it is answered. */
  save: (draft: T, leaving: boolean) => Promise<unknown>,
) {
  const state = ref<DraftState>('clean')
  let timer: ReturnType<typeof setTimeout> | undefined
  let dirtySince = 0
  let running: Promise<void> | null = null
  let again = false
  let stopped = false

  function touch(): void {
    if (stopped) return
    const now = Date.now()
    if (state.value !== 'dirty') dirtySince = now
    if (state.value !== 'saving') state.value = 'dirty'
    again = true
    clearTimeout(timer)
    timer = setTimeout(
      () => void flush(),
      Math.max(0, Math.min(QUIET_MS, dirtySince + AT_LATEST_MS - now)),
    )
  }

  async function flush(): Promise<void> {
    clearTimeout(timer)
    await settle()
    if (!again || stopped) return
    again = false
    state.value = 'saving'
    running = save(read(), false).then(
      () => {
        running = null
        saved()
      },
      () => {
        running = null
        failed()
      },
    )
    await running
  }

  function saved(): void {
    state.value = again ? 'dirty' : 'saved'
  }
  function failed(): void {
    again = true
    state.value = 'failed'
    if (!stopped) timer = setTimeout(() => void flush(), RETRY_MS)
  }

  /** At once, also beside a save that is on its way: in a moment the page may be gone. */
  function leave(): void {
    if (!again || stopped) return
    clearTimeout(timer)
    again = false
    void save(read(), true).then(saved, failed)
  }
  useEventListener(window, 'pagehide', leave)
  useEventListener(document, 'visibilitychange', () => {
    if (document.visibilityState === 'hidden') leave()
  })

  /** Nothing is on its way any more. */
  async function settle(): Promise<void> {
    while (running) await running
  }

  /** Waits for what is on its way and saves no more: the draft is about to be sent or thrown away. */
  async function halt(): Promise<void> {
    stopped = true
    clearTimeout(timer)
    await settle()
  }

  function resume(next: DraftState = 'clean'): void {
    stopped = false
    again = false
    state.value = next
  }

  const forget = onSettle(flush)
  onScopeDispose(() => {
    forget()
    void flush()
  })

  return { state: readonly(state), touch, flush, settle, halt, resume }
}
