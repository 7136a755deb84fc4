// What a search asks and answers, as the server will say it.
import type { TicketSummary, Uuid } from '@/api/types'

/** A part of a text; `hit` where it is what was looked for. */
export interface Piece {
  text: string
  hit: boolean
}

export type SearchSort = 'best' | 'newest' | 'oldest'

export interface SearchRequest {
  q: string
  sort?: SearchSort
  /** 1 to 50; 25 unless given. */
  limit?: number
  cursor?: string
  /** The last word is not finished: it finds what begins with it, and little is wrong. */
  typing?: boolean
}

export interface SearchHit {
  ticket: TicketSummary
  /** The message that fits best; none when only the ticket itself does. */
  message_id: Uuid | null
  snippet: Piece[]
  subject: Piece[]
  in_note: boolean
}

export interface SearchCounts {
  status: { value: TicketSummary['status']; count: number }[]
  mailbox: { value: Uuid; name: string; count: number }[]
  year: { value: number; count: number }[]
  assignee: { value: Uuid | null; name: string | null; count: number }[]
}

interface FoundContact {
  id: Uuid
  name: string | null
  address: string | null
}

interface FoundReply {
  id: Uuid
  title: string
}

export interface SearchAnswer {
  items: SearchHit[]
  next_cursor: string | null
  total: number
  /** Whether nothing was left out, for time or for the number of forms. */
  is_complete: boolean
  counts: SearchCounts
  contacts: FoundContact[]
  saved_replies: FoundReply[]
  /** What is not in the index yet, in messages. */
  indexing: { done: number; total: number } | null
}

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
export interface QueryProblem {
  code: (typeof QUERY_CODES)[number]
  field?: string
  from: number
  to: number
}

export interface TicketFound {
  messages: { message_id: Uuid; pieces: Piece[] }[]
}
