import { useQueryClient, type QueryKey } from '@tanstack/vue-query'
import { onScopeDispose } from 'vue'
import type { LiveEvent } from '@/api/types'
import { onLiveEvent } from '@/composables/live'
import { keys } from './queries'

// Many events can come at once (an import, a bulk change): they cause one refetch.
const GATHER_MS = 250
// A search is asked seldom: what has changed has to be indexed first, and each stands in the audit log.
const SEARCH_MS = 3_000

/** What else hangs on a thing, by the kind of event that tells of it. What a ticket shows of it, it shows anew. */
const HANGS_ON: Partial<Record<LiveEvent['type'], QueryKey[]>> = {
  mailbox: [keys.mailboxes, keys.purges],
  contact: [keys.contacts, keys.lists, keys.details],
  tag: [keys.tags, keys.lists, keys.details],
  team: [keys.teams, keys.lists, keys.details],
  view: [keys.views, keys.viewCounts],
  saved_reply: [keys.savedReplies],
  user: [keys.users, keys.mailboxes],
  organization: [keys.organization],
}

/** Keeps what is on the screen true. Mounted once, by the shell. */
export function useLiveQueries(): void {
  const client = useQueryClient()
  const tickets = new Set<number>()
  const others = new Map<string, QueryKey>()
  let everything = false
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
          others.set(queryKey.join(), queryKey)
        searching ??= setTimeout(searchAgain, SEARCH_MS)
      }
      for (const queryKey of others.values()) void client.invalidateQueries({ queryKey })
      for (const number of tickets)
        void client.invalidateQueries({ queryKey: keys.ticket(number), exact: true })
    }
    tickets.clear()
    others.clear()
    everything = false
  }

  const stop = onLiveEvent(({ type, data }) => {
    // Who is where changes nothing that was loaded; what one writes is looked after by its box.
    if (type === 'presence' || type === 'draft') return
    const hanging = HANGS_ON[type]
    if (hanging) for (const queryKey of hanging) others.set(queryKey.join(), queryKey)
    else if (type !== 'reset' && typeof data.number === 'number') tickets.add(data.number)
    else everything = true
    timer ??= setTimeout(flush, GATHER_MS)
  })

  onScopeDispose(() => {
    stop()
    if (timer) clearTimeout(timer)
    if (searching) clearTimeout(searching)
  })
}
