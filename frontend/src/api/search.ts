import type {
  QueryProblem,
  SearchAnswer,
  SearchRequest,
  TicketFound,
} from '@/features/search/types'
import { body, client } from './http'
import { Problem } from './problem'

// The server's document does not have these operations yet.
const post = client.POST as unknown as (
  path: string,
  init: { params?: object; body: object; signal?: AbortSignal },
) => Promise<{ data?: unknown }>

export const search = (request: SearchRequest, signal?: AbortSignal): Promise<SearchAnswer> =>
  body(post('/api/v1/search', { body: request, signal })) as Promise<SearchAnswer>

export const searchTicket = (
  number: number,
  q: string,
  signal?: AbortSignal,
): Promise<TicketFound> =>
  body(
    post('/api/v1/tickets/{number}/search', { params: { path: { number } }, body: { q }, signal }),
  ) as Promise<TicketFound>

const code = (error: unknown) => (error instanceof Problem ? error.code.replaceAll('-', '_') : null)

/** What the server says is wrong with a query; nothing when it is something else that failed. */
export function queryProblem(error: unknown): QueryProblem | null {
  if (code(error) !== 'invalid_query') return null
  return ((error as Problem).members.query_problem as QueryProblem | undefined) ?? null
}

/** Whether this instance keeps no index. */
export const isUnavailable = (error: unknown) => code(error) === 'search_unavailable'
