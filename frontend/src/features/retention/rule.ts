import type { RetentionRule } from '../../api/types'

export const MOST = { months: 120, spam_days: 365, trash_days: 365, quarantine_days: 365 } as const
export type Span = keyof typeof MOST
export const DAYS = ['spam_days', 'trash_days', 'quarantine_days'] as const

/** Whether a rule removes anything sooner than another did: the server lets such a one wait. */
export function isShorter(rule: RetentionRule, than: RetentionRule): boolean {
  return (
    (Object.keys(MOST) as Span[]).some((span) => rule[span] < than[span]) ||
    (rule.then === 'delete' && than.then === 'anonymize')
  )
}

export function isSame(rule: RetentionRule, other: RetentionRule): boolean {
  return (
    rule.then === other.then &&
    (Object.keys(MOST) as Span[]).every((span) => rule[span] === other[span])
  )
}

/** What was typed as a whole number of the field's range, or null. */
export function spanOf(span: Span, typed: string): number | null {
  const text = typed.trim()
  if (!/^\d{1,4}$/.test(text)) return null
  const number = Number(text)
  return number >= 1 && number <= MOST[span] ? number : null
}

/** When a ticket's time is over: so many calendar months later, at the month's last day at most. */
export function overAt(lastMessageAt: string, months: number): string {
  const at = new Date(lastMessageAt)
  const day = at.getUTCDate()
  at.setUTCDate(1)
  at.setUTCMonth(at.getUTCMonth() + months)
  const days = new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + 1, 0)).getUTCDate()
  at.setUTCDate(Math.min(day, days))
  return at.toISOString()
}
