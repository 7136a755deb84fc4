// Says at which ticket one is: at once, when what one does changes, and every 20 seconds while the
// page is looked at.
import { useDocumentVisibility } from '@vueuse/core'
import { computed, watch } from 'vue'
import { tellPresence } from '@/api/presence'
import type { PresenceState } from '@/api/types'
import { whileAwake } from '@/composables/awake'
import { afterPaint } from '@/composables/paint'
import { setRoom } from './rooms'

const BEAT_MS = 20_000

export function useBeat(number: number, doing: () => PresenceState): void {
  const visibility = useDocumentVisibility()
  // Whoever looks at another tab is not here, but an answer that is begun is theirs still.
  const state = computed<PresenceState>(() =>
    visibility.value === 'visible' || doing() === 'replying' ? doing() : 'away',
  )

  async function say(what: PresenceState): Promise<void> {
    try {
      setRoom(await tellPresence(number, what))
    } catch {
      // The next beat says it again.
    }
  }

  whileAwake(() => {
    let told = false
    const tell = (what: PresenceState) => {
      told = true
      void say(what)
    }
    // What is shown comes first.
    const unwait = afterPaint(() => {
      tell(state.value)
    })
    const unwatch = watch(state, tell)
    const timer = setInterval(() => {
      if (state.value !== 'away') tell(state.value)
    }, BEAT_MS)
    const leave = () => {
      if (told) void tellPresence(number, 'away').catch(() => undefined)
    }
    window.addEventListener('pagehide', leave)
    return () => {
      unwait()
      unwatch()
      clearInterval(timer)
      window.removeEventListener('pagehide', leave)
      // Who goes on waits for what comes, not for this.
      afterPaint(leave)
    }
  })
}
