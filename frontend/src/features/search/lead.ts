import type { InjectionKey, Ref } from 'vue'
import type { SearchHit } from './types'

/** What led to the ticket that is shown: the message that was found, and what was looked for. */
export interface Lead {
  message: string | null
  words: string
}

/** What a search found, and the words that it was asked for. */
export interface Found {
  hits: SearchHit[]
  words: string
}

export function leadTo({ hits, words }: Found, number: number | null): Lead {
  const hit = hits.find(({ ticket }) => ticket.number === number)
  return { message: hit?.message_id ?? null, words }
}

export const LEAD: InjectionKey<Ref<Lead | null>> = Symbol('lead')
