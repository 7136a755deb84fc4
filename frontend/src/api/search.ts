import type {
  QueryProblem,
  SearchAnswer,
  SearchRequest,
  TicketFound,
} from '@/features/search/types'
import { body, client } from './http'
import { Problem } from './problem'

export const search = (request: SearchRequest, signal?: AbortSignal): Promise<SearchAnswer> =>
  body(client.POST('/api/v1/search', { body: { typing: false, ...request }, signal }))

export const searchTicket = (
  number: number,
  q: string,
  signal?: AbortSignal,
): Promise<TicketFound> =>
  body(
    client.POST('/api/v1/tickets/{number}/search', {
      params: { path: { number } },
      body: { q },
      signal,
    }),
  )

const code = (error: unknown) => (error instanceof Problem ? error.code.replaceAll('-', '_') : null)

/** What the server says is wrong with a query; nothing when it is something else that failed. */
export function queryProblem(error: unknown): QueryProblem | null {
  if (code(error) !== 'invalid_query') return null
  return ((error as Problem).members.query_problem as QueryProblem | undefined) ?? null
}

/** Whether this instance keeps no index. */
export const isUnavailable = (error: unknown) => code(error) === 'search_unavailable'
