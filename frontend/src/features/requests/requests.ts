import {
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
  type QueryFunctionContext,
} from '@tanstack/vue-query'
import { computed } from 'vue'
import {
  getRequest,
  listCopies,
  listItems,
  listRequests,
  listTemplates,
  previewErasure,
} from '@/api/requests'
import type { DataRequest, DataRequestLine, RequestKind } from '@/api/types'
import { showToast } from '@/composables/toasts'
import { keys, nextPage, type ReadPage } from '@/features/tickets/queries'

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

// From the key, and made here: the cache outlives the page, and must not hold it.
const readRequest = ({ queryKey, signal }: QueryFunctionContext<ReturnType<typeof keys.request>>) =>
  getRequest(queryKey[1], signal)
const readTemplates = ({
  queryKey,
  signal,
}: QueryFunctionContext<ReturnType<typeof keys.templates>>) => listTemplates(queryKey[1], signal)
const readPreview = ({
  queryKey,
  signal,
}: QueryFunctionContext<ReturnType<typeof keys.erasurePreview>>) =>
  previewErasure(queryKey[1], signal)
const readCopies = ({ queryKey, signal }: QueryFunctionContext<ReturnType<typeof keys.copies>>) =>
  listCopies(queryKey[1], signal)
const readItems =
  (id: string): ReadPage<Awaited<ReturnType<typeof listItems>>> =>
  ({ pageParam, signal }) =>
    listItems(id, pageParam, signal)
const lookAgain = ({ state }: { state: { data?: DataRequest } }) =>
  state.data && isRunning(state.data) ? LOOK_MS : false

export function useRequest(id: () => string) {
  return useQuery({
    queryKey: computed(() => keys.request(id())),
    queryFn: readRequest,
    refetchInterval: lookAgain,
  })
}

/** Texts for the person; read once somebody wants one. */
export function useTemplates(id: () => string, enabled: () => boolean = () => true) {
  return useQuery({
    queryKey: computed(() => keys.templates(id())),
    queryFn: readTemplates,
    enabled: computed(enabled),
  })
}

/** What an erasure would do, before it is begun. */
export function useErasurePreview(id: () => string, enabled: () => boolean) {
  return useQuery({
    queryKey: computed(() => keys.erasurePreview(id())),
    queryFn: readPreview,
    enabled: computed(enabled),
  })
}

/** Where copies of what was erased may be. */
export function useCopies(id: () => string, enabled: () => boolean) {
  return useQuery({
    queryKey: computed(() => keys.copies(id())),
    queryFn: readCopies,
    enabled: computed(enabled),
  })
}

/** What is looked through before it is handed out. */
export function useRequestItems(id: () => string) {
  return useInfiniteQuery({
    queryKey: computed(() => keys.requestItems(id())),
    queryFn: computed(() => readItems(id())),
    initialPageParam: null as string | null,
    getNextPageParam: nextPage,
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
