// The time zone in which everything is shown and meant: one's own, or else that of the browser.
import { session } from './session'

export const browserZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone

export const userZone = (): string => session.value?.account.time_zone || browserZone()

const days = new Map<string, Intl.DateTimeFormat>()

/** The day that it is in the zone then, as fields for days want it: 2026-11-26. */
export function dayOf(at: number | Date, zone: string): string {
  const known =
    days.get(zone) ?? new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short' })
  days.set(zone, known)
  return known.format(at)
}
