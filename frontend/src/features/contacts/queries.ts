import { useInfiniteQuery, useQuery, type QueryFunctionContext } from '@tanstack/vue-query'
import { computed, type MaybeRefOrGetter, toValue } from 'vue'
import { getContact, listContacts, type ContactFilter } from '@/api/contacts'
import { listTickets } from '@/api/tickets'
import type { ContactProfile, Page } from '@/api/types'
import { keys, nextPage, type ReadPage } from '@/features/tickets/queries'

export const contactKeys = {
  all: keys.contacts,
  list: (filter: ContactFilter) => ['contacts', 'list', filter] as const,
  one: (id: string) => ['contacts', 'one', id] as const,
  of: (address: string) => ['contacts', 'of', address] as const,
  history: (id: string) => [...keys.histories, id] as const,
}

// From the key, and made here: the cache outlives whoever asks, and must not hold them.
type Read<K extends (...of: never[]) => readonly unknown[]> = QueryFunctionContext<ReturnType<K>>
const readList =
  (filter: ContactFilter): ReadPage<Page<ContactProfile>> =>
  ({ pageParam, signal }) =>
    listContacts(filter, pageParam, signal)
const readContact = ({ queryKey, signal }: Read<typeof contactKeys.one>) =>
  getContact(queryKey[2], signal)
const readContactOf = async ({ queryKey, signal }: Read<typeof contactKeys.of>) =>
  (await listContacts({ address: queryKey[2] }, null, signal)).items[0] ?? null
const readHistory = ({ queryKey, signal }: Read<typeof contactKeys.history>) =>
  listTickets({ status: 'all', contact: queryKey[2] }, null, signal)

export function useContactList(filter: MaybeRefOrGetter<ContactFilter>) {
  return useInfiniteQuery({
    queryKey: computed(() => contactKeys.list(toValue(filter))),
    queryFn: computed(() => readList(toValue(filter))),
    initialPageParam: null as string | null,
    getNextPageParam: nextPage,
  })
}

export function useContact(id: MaybeRefOrGetter<string>) {
  return useQuery({
    queryKey: computed(() => contactKeys.one(toValue(id))),
    queryFn: readContact,
    enabled: computed(() => toValue(id) !== ''),
  })
}

const isWholeAddress = (text: string) => /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(text)

/** Who has this address; null when nobody has. What is half an address is not looked for. */
export function useContactOf(address: MaybeRefOrGetter<string>) {
  return useQuery({
    queryKey: computed(() => contactKeys.of(toValue(address).toLowerCase())),
    queryFn: readContactOf,
    enabled: computed(() => isWholeAddress(toValue(address))),
  })
}

/** The newest tickets of a contact. */
export function useHistory(id: MaybeRefOrGetter<string>, enabled: () => boolean = () => true) {
  return useQuery({
    queryKey: computed(() => contactKeys.history(toValue(id))),
    queryFn: readHistory,
    enabled,
  })
}

/** What somebody is called, as far as one knows. */
export const nameOf = (contact: Pick<ContactProfile, 'name' | 'identities'>) =>
  contact.name ?? contact.identities[0]?.value ?? '?'
