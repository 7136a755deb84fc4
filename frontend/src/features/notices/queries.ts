import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/vue-query'
import { getOwnSettings, listNotices, readNotices, saveOwnSettings } from '@/api/notices'
import type { Notices, OwnSettings, Uuid } from '@/api/types'

/** Below what live events renew: a notice always comes with an event of its ticket. */
const noticesKey = ['tickets', 'counts', 'notices'] as const
const ownSettingsKey = ['own-settings'] as const

export function useNotices() {
  return useInfiniteQuery({
    queryKey: noticesKey,
    queryFn: ({ pageParam, signal }) => listNotices(pageParam, signal),
    initialPageParam: null as Uuid | null,
    getNextPageParam: (last: Notices) => last.next_cursor,
  })
}

export function useReadNotices() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (ids: Uuid[] | null) => readNotices(ids),
    onSettled: () => client.invalidateQueries({ queryKey: noticesKey }),
  })
}

export function useOwnSettings() {
  return useQuery({
    queryKey: ownSettingsKey,
    queryFn: ({ signal }) => getOwnSettings(signal),
    staleTime: 60_000,
  })
}

export function useSaveOwnSettings() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (settings: OwnSettings) => saveOwnSettings(settings),
    onSuccess: (saved) => {
      client.setQueryData(ownSettingsKey, saved)
    },
  })
}
