import { useMutation, useQuery, useQueryClient } from '@tanstack/vue-query'
import { computed } from 'vue'
import { useI18n } from 'vue-i18n'
import { serverNow } from '@/api/clock'
import { connectMailbox } from '@/api/mailboxes'
import { listPurges } from '@/api/purges'
import type { Purge } from '@/api/types'
import { useProblems } from '@/composables/problems'
import { useTimes } from '@/composables/time'
import { keys } from '@/features/tickets/queries'
import { leaveFor } from '@/features/mailboxes/actions'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** What can still be taken back. */
export const isCounting = (purge: Pick<Purge, 'state' | 'due_at'>, now: number) =>
  purge.state === 'countdown' && Date.parse(purge.due_at) > now

/** Between the end of the window and the last row. */
export const isRunning = (purge: Pick<Purge, 'state' | 'due_at'>, now: number) =>
  !isCounting(purge, now) && ['countdown', 'destroying', 'deleting'].includes(purge.state)

type Unit = 'days' | 'hours' | 'minutes'

/** The two largest units of the time that is left: 13 days and 4 hours; 5 hours; 12 minutes. */
export function timeLeft(until: string, now: number): [Unit, number][] {
  const left = Math.max(0, Date.parse(until) - now)
  const days = Math.floor(left / DAY)
  const hours = Math.floor((left % DAY) / HOUR)
  if (days > 0)
    return hours > 0
      ? [
          ['days', days],
          ['hours', hours],
        ]
      : [['days', days]]
  if (hours > 0) return [['hours', hours]]
  // Never "0 minutes" while there is time.
  return [['minutes', Math.max(1, Math.ceil(left / MINUTE))]]
}

/** How much of the window has passed, from 0 to 1. */
export function passed(purge: Pick<Purge, 'requested_at' | 'due_at'>, now: number): number {
  const from = Date.parse(purge.requested_at)
  const whole = Date.parse(purge.due_at) - from
  return whole <= 0 ? 1 : Math.min(1, Math.max(0, (now - from) / whole))
}

/** "13 days and 4 hours", in the reader's language. */
export function useTimeLeft() {
  const { t } = useI18n()
  return (until: string, now: number) => {
    const [first = '', second] = timeLeft(until, now).map(([unit, n]) =>
      t(`deletion.left.${unit}`, { n }, n),
    )
    return second ? t('deletion.left.both', { a: first, b: second }) : first
  }
}

/** How often the list is looked at: no event tells of each batch that is removed. */
export function pace(purges: Purge[] | undefined, now: number): number {
  return purges?.some((purge) => isRunning(purge, now)) ? 2_000 : MINUTE
}

export function usePurges(enabled: () => boolean = () => true) {
  return useQuery({
    queryKey: keys.purges,
    queryFn: ({ signal }) => listPurges(signal),
    enabled: computed(enabled),
    refetchInterval: ({ state }) => pace(state.data, serverNow()),
  })
}

/** The minute's clock, and not behind what the server has just said. */
export function usePurgeClock(purges: ReturnType<typeof usePurges>) {
  const times = useTimes()
  return computed(() =>
    Math.max(times.now.value, purges.dataUpdatedAt.value + serverNow() - Date.now()),
  )
}

/** What changes on the screen when a mailbox is disconnected or comes back. */
export function useAfterwards() {
  const client = useQueryClient()
  return () =>
    Promise.all(
      [keys.purges, keys.mailboxes, keys.tickets, keys.users].map((queryKey) =>
        client.invalidateQueries({ queryKey }),
      ),
    )
}

/** Takes it back by a new consent: the browser leaves for the provider. */
export function useConsent(purge: () => Purge) {
  const problems = useProblems()
  return useMutation({
    mutationFn: () =>
      connectMailbox({
        provider: purge().provider === 'microsoft' ? 'microsoft' : 'google',
        import: { mode: 'now' },
        mailbox_id: purge().mailbox_id,
      }),
    onSuccess: ({ authorize_url }) => {
      leaveFor(authorize_url)
    },
    onError: (error) => {
      problems.toast(error)
    },
  })
}
