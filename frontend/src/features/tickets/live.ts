import { useQueryClient } from '@tanstack/vue-query'
import { onScopeDispose } from 'vue'
import { onLiveEvent } from '@/composables/live'
import { keys } from './queries'

// Many events can come at once (an import, a bulk change): they cause one refetch.
const GATHER_MS = 250

/** Keeps what is on the screen true. Mounted once, by the shell. */
export function useLiveQueries(): void {
  const client = useQueryClient()
  const tickets = new Set<number>()
  let everything = false
  let mailboxes = false
  let timer: ReturnType<typeof setTimeout> | null = null

  const flush = () => {
    timer = null
    if (everything) {
      void client.invalidateQueries()
    } else {
      if (tickets.size > 0) {
        void client.invalidateQueries({ queryKey: keys.lists })
        void client.invalidateQueries({ queryKey: keys.counts })
      }
      for (const number of tickets)
        void client.invalidateQueries({ queryKey: keys.ticket(number), exact: true })
      if (mailboxes)
        for (const queryKey of [keys.mailboxes, keys.purges])
          void client.invalidateQueries({ queryKey })
    }
    tickets.clear()
    everything = mailboxes = false
  }

  const stop = onLiveEvent(({ type, data }) => {
    // Who is where changes nothing that was loaded.
    if (type === 'presence') return
    if (type === 'reset') everything = true
    else if (type === 'mailbox') mailboxes = true
    else if (typeof data.number === 'number') tickets.add(data.number)
    else everything = true
    timer ??= setTimeout(flush, GATHER_MS)
  })

  onScopeDispose(() => {
    stop()
    if (timer) clearTimeout(timer)
  })
}
