import type { InjectionKey } from 'vue'

/** A frame for each mail is dear to make: the newest mail's comes first, the others when it stands. */
export interface Framed {
  /** Whether a message's frame may be there yet. */
  may: (id: string) => boolean
  /** It stands. */
  done: (id: string) => void
}

export const FRAMED: InjectionKey<Framed> = Symbol('framed')

let opened = false

/** Whether no conversation was shown since the page was loaded. To be asked once by each. */
export function isFirst(): boolean {
  const first = !opened
  opened = true
  return first
}
