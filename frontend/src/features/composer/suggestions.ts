// Whom somebody means who types a part of a name or an address: people of the ticket, and customers.
// Names and addresses are sealed; the search knows how their words begin.
import { keepPreviousData, useQuery } from '@tanstack/vue-query'
import { refDebounced } from '@vueuse/core'
import { computed } from 'vue'
import { search } from '@/api/search'
import type { EmailAddress } from '@/api/types'
import { fold } from '@/composables/fold'
import { merge } from './addresses'

/** Each search stands in the audit log: one for what is typed in one go. */
const PAUSE_MS = 150
/** More than one looks through. */
const SHOWN = 5

const wordsOf = (text: string) =>
  fold(text)
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean)

/** Whether each word that is typed begins one of the name or of the address. */
export function fits({ name, address }: EmailAddress, typed: string): boolean {
  const known = wordsOf(`${name ?? ''} ${address}`)
  return wordsOf(typed).every((word) => known.some((one) => one.startsWith(word)))
}

/** What the search is asked: a single letter begins too many words. */
export const queryFor = (typed: string): string =>
  wordsOf(typed)
    .filter((word) => word.length > 1)
    .map((word) => `from:${word}*`)
    .join(' ')

// Made here: the cache outlives the field, and must not hold it.
const readCustomers = (q: string) => async (context: { signal: AbortSignal }) => {
  const { contacts } = await search({ q, limit: 1, typing: true }, context.signal)
  return contacts.flatMap(({ name, address, blocked }) =>
    address && !blocked ? [{ name, address }] : [],
  )
}

export function useSuggestions(
  typed: () => string,
  chosen: () => EmailAddress[],
  people: () => EmailAddress[],
) {
  const settled = refDebounced(computed(typed), PAUSE_MS)
  const q = computed(() => queryFor(settled.value))
  const found = useQuery({
    queryKey: computed(() => ['recipients', q.value]),
    queryFn: computed(() => readCustomers(q.value)),
    enabled: computed(() => q.value !== ''),
    placeholderData: keepPreviousData,
    refetchOnWindowFocus: false,
    retry: false,
  })
  return computed(() => {
    const text = typed()
    if (!wordsOf(text).length) return []
    const taken = new Set(chosen().map(({ address }) => address.toLowerCase()))
    return merge([], [...people(), ...(found.data.value ?? [])])
      .filter((entry) => !taken.has(entry.address.toLowerCase()) && fits(entry, text))
      .slice(0, SHOWN)
  })
}
