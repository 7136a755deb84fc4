import type { InfiniteData, QueryClient } from '@tanstack/vue-query'
import type { TicketSummary } from '@/api/types'
import type { SearchAnswer } from './types'

type SearchPages = InfiniteData<SearchAnswer, string | null>

/** Shows a change of a ticket where it was found; what was found stays found. */
export function patchFound(
  client: QueryClient,
  searches: readonly unknown[],
  number: number,
  apply: (ticket: TicketSummary) => TicketSummary,
): void {
  client.setQueriesData<SearchPages>(
    { queryKey: searches },
    (found) =>
      found && {
        ...found,
        pages: found.pages.map((page) => ({
          ...page,
          items: page.items.map((item) =>
            item.ticket.number === number ? { ...item, ticket: apply(item.ticket) } : item,
          ),
        })),
      },
  )
}
