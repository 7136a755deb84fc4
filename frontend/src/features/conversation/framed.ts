import type { InjectionKey } from 'vue'

/** Told of each mail that stands in its frame. */
export const FRAMED: InjectionKey<(id: string) => void> = Symbol('framed')

let opened = false

/** Whether no conversation was shown since the page was loaded. To be asked once by each. */
export function isFirst(): boolean {
  const first = !opened
  opened = true
  return first
}
