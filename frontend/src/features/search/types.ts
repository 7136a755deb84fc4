// What a search asks and answers: the server's own words, under the names that the pages use.
import type { components } from '@/api/schema'

type Schemas = components['schemas']

/** A part of a text; `hit` where it is what was looked for. */
export type Piece = Schemas['Piece']
export type SearchSort = 'best' | 'newest' | 'oldest'
/** `typing`: the last word is not finished; it finds what begins with it, and little is wrong. */
export type SearchRequest = Pick<Schemas['SearchRequest'], 'q'> & {
  sort?: SearchSort
  limit?: number
  cursor?: string
  typing?: boolean
}
export type SearchHit = Schemas['SearchHit']
export type SearchCounts = Schemas['SearchCounts']
export type SearchAnswer = Schemas['SearchResult']
export type TicketFound = Schemas['WithinResult']

export const QUERY_CODES = [
  'too_long',
  'too_many_words',
  'too_many_wildcards',
  'wildcard_place',
  'wildcard_too_short',
  'too_deep',
  'unclosed_quote',
  'unclosed_bracket',
  'unopened_bracket',
  'dangling_or',
  'dangling_not',
  'missing_value',
  'unknown_value',
  'bad_date',
  'bad_number',
] as const

/** What is wrong with a query, and where: `from` and `to` count UTF-16 units. */
export type QueryProblem = Pick<Schemas['QueryProblem'], 'from' | 'to'> & {
  code: (typeof QUERY_CODES)[number]
  field?: string
}
