import { dayOf, userZone } from '@/composables/zone'
import { instant } from '@/features/tickets/when'
import { useQuery } from '@tanstack/vue-query'
import { computed } from 'vue'
import { useI18n } from 'vue-i18n'
import { listHolds } from '@/api/holds'
import type { Hold } from '@/api/types'
import { keys, useMailboxes } from '@/features/tickets/queries'

export function useHolds() {
  return useQuery({ queryKey: keys.holds, queryFn: ({ signal }) => listHolds(signal) })
}

/** Somebody should have looked whether it is needed yet. */
export const isOverdue = (hold: Pick<Hold, 'ended_at' | 'review_at'>, now: number) =>
  hold.ended_at === null && Date.parse(hold.review_at) <= now

/** Those in force before those that have ended; each the newest first. */
export function grouped(holds: Hold[]): { key: 'lasting' | 'ended'; holds: Hold[] }[] {
  const by = (at: (hold: Hold) => string) => (a: Hold, b: Hold) =>
    Date.parse(at(b)) - Date.parse(at(a))
  const lasting = holds.filter(({ ended_at }) => ended_at === null)
  const ended = holds.filter(({ ended_at }) => ended_at !== null)
  return [
    { key: 'lasting' as const, holds: lasting.sort(by(({ placed_at }) => placed_at)) },
    { key: 'ended' as const, holds: ended.sort(by(({ ended_at }) => ended_at ?? '')) },
  ].filter((group) => group.holds.length)
}

/** A number as people write it, with its sign or without. */
export function numberOf(typed: string): number | null {
  const found = /^#?(\d{1,15})$/.exec(typed.trim())
  return found ? Number(found[1]) : null
}

/** The start of a day where the reader is; null for no day, or one that is not to come. */
export function reviewAt(day: string, now: number): string | null {
  const parts = /^(\d{4})-(\d{2})-(\d{2})$/.exec(day)
  if (!parts) return null
  const [year = 0, month = 0, date = 0] = parts.slice(1).map(Number)
  const at = instant({ year, month, day: date }, [0, 0], userZone())
  return at.getTime() > now ? at.toISOString() : null
}

/** A day as a field for days wants it, so many days from now. */
export function dayIn(days: number, now: number): string {
  const [year = 0, month = 0, date = 0] = dayOf(now, userZone()).split('-').map(Number)
  return new Date(Date.UTC(year, month - 1, date + days)).toISOString().slice(0, 10)
}

/** What a hold keeps, in words; tickets and customers have no name here that may be shown. */
export function useSubject(hold: () => Pick<Hold, 'kind' | 'subject_id'>) {
  const { t } = useI18n()
  const mailboxes = useMailboxes()
  return computed(() => {
    const { kind, subject_id } = hold()
    const mailbox =
      kind === 'mailbox' ? mailboxes.data.value?.find(({ id }) => id === subject_id) : undefined
    return mailbox?.address ?? t(`hold.kinds.${kind}`)
  })
}
