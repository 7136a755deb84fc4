import { useQuery } from '@tanstack/vue-query'
import { computed } from 'vue'
import { serverNow } from '@/api/clock'
import { getClosing } from '@/api/closing'
import type { Closing } from '@/api/types'
import { useTimes } from '@/composables/time'
import { keys } from '@/features/tickets/queries'

const MINUTE = 60_000

/** Whether it can still be taken back. */
export const canUndo = (closing: Pick<Closing, 'state' | 'due_at'>, now: number) =>
  closing.state === 'asked' ||
  (closing.state === 'countdown' && closing.due_at !== null && Date.parse(closing.due_at) > now)

/** How often it is looked at: no event tells of it. */
export const pace = (closing: Closing | null | undefined) =>
  closing?.state === 'asked' ? 5_000 : closing ? MINUTE : 10 * MINUTE

export function useClosing() {
  return useQuery({
    queryKey: keys.closing,
    queryFn: ({ signal }) => getClosing(signal),
    refetchInterval: ({ state }) => pace(state.data),
  })
}

/** The minute's clock, and not behind what the server has just said. */
export function useClosingClock(query: ReturnType<typeof useClosing>) {
  const times = useTimes()
  return computed(() =>
    Math.max(times.now.value, query.dataUpdatedAt.value + serverNow() - Date.now()),
  )
}
