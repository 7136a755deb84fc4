import { useQuery } from '@tanstack/vue-query'
import { refDebounced } from '@vueuse/core'
import { computed } from 'vue'
import { keys, readDetail } from '@/features/tickets/queries'

/** The customer of a ticket that is named by its number, once it is typed. */
export function useCustomerOf(number: () => number | null) {
  const settled = refDebounced(computed(number), 300)
  const query = useQuery({
    queryKey: computed(() => keys.ticket(settled.value ?? 0)),
    queryFn: readDetail,
    enabled: computed(() => settled.value !== null),
    retry: false,
  })
  // What is still typed has no customer yet.
  const ticket = computed(() =>
    settled.value !== null && settled.value === number() ? query.data.value : undefined,
  )
  const contact = computed(() => ticket.value?.contact)
  return {
    contact,
    name: computed(
      () =>
        ticket.value &&
        [contact.value?.name, ticket.value.customer.address].filter(Boolean).join(' · '),
    ),
    problem: computed(() => {
      if (settled.value === null || settled.value !== number()) return null
      if (query.isError.value) return 'hold.number_missing'
      return ticket.value && !ticket.value.contact ? 'hold.no_contact' : null
    }),
  }
}
