// When a ticket comes back that is sent to sleep with its answer.
import { once, parseWhen } from '@/features/tickets/when'

export type Snooze = 'tomorrow' | 'three_days' | 'next_week'

const WORDS: [Snooze, string][] = [
  ['tomorrow', 'tomorrow 9:00'],
  ['three_days', 'in 3 days'],
  ['next_week', 'next week'],
]

/** In the agent's own zone, always in the morning and always yet to come. */
export function snoozes(now: Date, zone: string): { key: Snooze; until: Date }[] {
  const found = WORDS.flatMap(([key, words]) => {
    const until = parseWhen(words, now, zone)
    return until ? [{ key, until }] : []
  })
  return once(found, ({ until }) => until)
}
