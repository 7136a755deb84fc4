import type { InjectionKey, Ref } from 'vue'

/** What led to the ticket that is shown: the message that was found, and what was looked for. */
export interface Lead {
  message: string | null
  words: string
}

export const LEAD: InjectionKey<Ref<Lead | null>> = Symbol('lead')
