import { useInfiniteQuery, useQuery } from '@tanstack/vue-query'
import { computed, type MaybeRefOrGetter, toValue } from 'vue'
import { getContact, listContacts, type ContactFilter } from '@/api/contacts'
import { listTickets } from '@/api/tickets'
import type { ContactProfile, Page } from '@/api/types'

export const contactKeys = {
  all: ['contacts'] as const,
  one: (id: string) => ['contacts', 'one', id] as const,
}

export function useContactList(filter: MaybeRefOrGetter<ContactFilter>) {
  return useInfiniteQuery({
    queryKey: computed(() => ['contacts', 'list', toValue(filter)] as const),
    queryFn: ({ pageParam, signal }) => listContacts(toValue(filter), pageParam, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (last: Page<ContactProfile>) => last.next_cursor,
  })
}

export function useContact(id: MaybeRefOrGetter<string>) {
  return useQuery({
    queryKey: computed(() => contactKeys.one(toValue(id))),
    // From the key, as all here: the cache outlives whoever asks, and must not hold them.
    queryFn: ({ queryKey, signal }) => getContact(queryKey[2], signal),
  })
}

/** The newest tickets of a contact. */
export function useHistory(id: MaybeRefOrGetter<string>) {
  return useQuery({
    queryKey: computed(() => ['tickets', 'of', toValue(id)] as const),
    queryFn: ({ queryKey, signal }) =>
      listTickets({ status: 'all', contact: queryKey[2] }, null, signal),
  })
}

/** What somebody is called, as far as one knows. */
export const nameOf = (contact: ContactProfile) =>
  contact.name ?? contact.identities[0]?.value ?? '?'
