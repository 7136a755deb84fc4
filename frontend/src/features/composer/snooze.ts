// When a ticket comes back that is sent to sleep with its answer.
const MORNING = 9

export type Snooze = 'tomorrow' | 'three_days' | 'next_week'

/** In the agent's own zone, always in the morning and always yet to come. */
export function snoozes(now: Date): { key: Snooze; until: Date }[] {
  const morning = (days: number) => {
    const at = new Date(now)
    at.setDate(at.getDate() + days)
    at.setHours(MORNING, 0, 0, 0)
    return at
  }
  // On a Monday the next one is a week away.
  const monday = (8 - now.getDay()) % 7 || 7
  return [
    { key: 'tomorrow', until: morning(1) },
    { key: 'three_days', until: morning(3) },
    { key: 'next_week', until: morning(monday) },
  ]
}
