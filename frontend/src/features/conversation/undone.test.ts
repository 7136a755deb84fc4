import { QueryClient, VueQueryPlugin } from '@tanstack/vue-query'
import { flushPromises, mount } from '@vue/test-utils'
import { expect, it, vi } from 'vitest'
import * as api from '@/api/tickets'
import type { Delivery, Draft, Message, Ticket } from '@/api/types'
import { i18n } from '@/i18n'
import DeliveryLine from './DeliveryLine.vue'
import { UNDONE } from './undone'

it('An answer that was taken back is told of although its card went before the server answered', async () => {
  let tell: (draft: Draft) => void = () => undefined
  vi.spyOn(api, 'cancelMessage').mockReturnValue(
    new Promise((resolve) => {
      tell = resolve
    }),
  )
  const undone = vi.fn()
  const delivery = {
    state: 'waiting',
    can_cancel: true,
    undo_until: new Date(Date.now() + 60_000).toISOString(),
    bounced: [],
  } as unknown as Delivery
  const line = mount(DeliveryLine, {
    props: {
      message: { id: 'm' } as Message,
      delivery,
      ticket: { number: 7, mailbox: { disconnected: false } } as Ticket,
    },
    global: {
      plugins: [i18n, [VueQueryPlugin, { queryClient: new QueryClient() }]] as never,
      provide: { [UNDONE as symbol]: undone },
    },
  })
  await line.get('button').trigger('click')
  line.unmount()
  const draft = { text: 'Hij ligt klaar.' } as unknown as Draft
  tell(draft)
  await flushPromises()
  expect(undone).toHaveBeenCalledExactlyOnceWith(draft)
})
