import { useQueryClient } from '@tanstack/vue-query'
import { onScopeDispose } from 'vue'
import { onLiveEvent } from '@/composables/live'
import { keys } from './queries'

// Many events can come at once (an import, a bulk change): they cause one refetch.
const GATHER_MS = 250
// A search is asked seldom: what has changed has to be indexed first, and each stands in the audit log.
const SEARCH_MS = 3_000

/** Keeps what is on the screen true. Mounted once, by the shell. */
export function useLiveQueries(): void {
  const client = useQueryClient()
  const tickets = new Set<number>()
  let everything = false
  let mailboxes = false
  let timer: ReturnType<typeof setTimeout> | null = null
  let searching: ReturnType<typeof setTimeout> | null = null

  const searchAgain = () => {
    searching = null
    void client.invalidateQueries({ queryKey: keys.searches })
  }

  const flush = () => {
    timer = null
    if (everything) {
      void client.invalidateQueries()
    } else {
      if (tickets.size > 0) {
        for (const queryKey of [keys.lists, keys.histories, keys.counts])
          void client.invalidateQueries({ queryKey })
        searching ??= setTimeout(searchAgain, SEARCH_MS)
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
    // Who is where changes nothing that was loaded; what one writes is looked after by its box.
    if (type === 'presence' || type === 'draft') return
    if (type === 'reset') everything = true
    else if (type === 'mailbox') mailboxes = true
    else if (typeof data.number === 'number') tickets.add(data.number)
    else everything = true
    timer ??= setTimeout(flush, GATHER_MS)
  })

  onScopeDispose(() => {
    stop()
    if (timer) clearTimeout(timer)
    if (searching) clearTimeout(searching)
  })
}
