import type { InjectionKey } from 'vue'
import type { Draft } from '@/api/types'

/**
 * Told that an answer was taken back, with what is left of it. Not an event of the message's card: that goes with the
 * message, which may be before the server has answered, and what is gone tells nobody anything.
 */
export const UNDONE: InjectionKey<(draft: Draft | null) => void> = Symbol('undone')
