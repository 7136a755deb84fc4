import { useMutation, useQuery, useQueryClient } from '@tanstack/vue-query'
import { computed } from 'vue'
import { getRequest, listRequests, listTemplates } from '@/api/requests'
import type { DataRequest, DataRequestLine, RequestKind } from '@/api/types'
import { showToast } from '@/composables/toasts'
import { keys } from '@/features/tickets/queries'

export const KINDS: RequestKind[] = [
  'access',
  'rectification',
  'erasure',
  'restriction',
  'portability',
  'objection',
  'consent_withdrawal',
]

export type Filter = 'open' | 'late' | 'closed'

export const isClosed = ({ closed_at }: Pick<DataRequestLine, 'closed_at'>) => closed_at !== null

/** Open ones as they are due; closed ones the newest first. */
export function filtered(requests: DataRequestLine[], filter: Filter): DataRequestLine[] {
  if (filter === 'closed')
    return requests
      .filter(isClosed)
      .sort((a, b) => Date.parse(b.closed_at ?? '') - Date.parse(a.closed_at ?? ''))
  const open = requests.filter((request) => !isClosed(request))
  return filter === 'open' ? open : open.filter(({ is_late, is_soon }) => is_late || is_soon)
}

/** Whether something is handed out, changed or erased. */
export const needsIdentity = (kind: RequestKind) =>
  kind === 'access' || kind === 'portability' || kind === 'rectification' || kind === 'erasure'

export function useRequests(enabled: () => boolean = () => true) {
  return useQuery({
    queryKey: keys.requests,
    queryFn: ({ signal }) => listRequests(signal),
    enabled: computed(enabled),
  })
}

/** Something goes on by itself: it is looked at now and then, until it has ended. */
const LOOK_MS = 3_000
const ERASING = ['planned', 'destroying', 'deleting']

export const isRunning = ({ erasure, parcel }: Pick<DataRequest, 'erasure' | 'parcel'>) =>
  ERASING.includes(erasure?.state ?? '') || parcel?.state === 'preparing'

export function useRequest(id: () => string) {
  return useQuery({
    queryKey: computed(() => keys.request(id())),
    queryFn: ({ signal }) => getRequest(id(), signal),
    refetchInterval: ({ state }) => (state.data && isRunning(state.data) ? LOOK_MS : false),
  })
}

/** Texts for the person; read once somebody wants one. */
export function useTemplates(id: () => string, enabled: () => boolean = () => true) {
  return useQuery({
    queryKey: computed(() => keys.templates(id())),
    queryFn: ({ signal }) => listTemplates(id(), signal),
    enabled: computed(enabled),
  })
}

/** Does something to a request; what the server answers is what the page then shows. */
export function useAct<V = void>(
  act: (given: V) => Promise<unknown>,
  options: { said?: string; done?: () => void } = {},
) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: act,
    onSuccess: async () => {
      if (options.said) showToast(options.said)
      options.done?.()
      await Promise.all(
        [keys.requests, keys.tickets].map((queryKey) => client.invalidateQueries({ queryKey })),
      )
    },
  })
}
