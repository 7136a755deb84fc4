import { QueryClient, VueQueryPlugin } from '@tanstack/vue-query'
import { flushPromises, mount } from '@vue/test-utils'
import { http, HttpResponse } from 'msw'
import { setupServer } from 'msw/node'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { defineComponent, h } from 'vue'
import { createMemoryHistory, createRouter } from 'vue-router'
import { cancelMessage } from '@/api/tickets'
import type { Draft, Message, Session, Ticket } from '@/api/types'
import { adoptSession } from '@/composables/session'
import { dismissToast, toasts } from '@/composables/toasts'
import { keys } from '@/features/tickets/queries'
import { i18n } from '@/i18n'
import { useCompose } from './compose'
import type { ComposeMode } from './mode'

vi.mock('@/composables/live', () => ({ startLive: () => undefined, stopLive: () => undefined }))

const server = setupServer(
  http.get('*/api/v1/mailboxes', () => HttpResponse.json({ items: [], next_cursor: null })),
)
beforeAll(async () => {
  server.listen({ onUnhandledRequest: 'error' })
  await adoptSession({
    account: { id: 'a', name: 'Sanne', email: 's@x.example', locale: 'en', theme: 'light' },
    organization: { id: 'o', name: 'X', time_zone: 'UTC' },
    membership: { id: 'me', role: 'agent' },
    permissions: [],
    policies_unread: false,
    preferences: { density: 'comfortable', after_act: 'next', keys_off: false, keys: {} },
  } satisfies Session)
})
afterEach(() => {
  server.resetHandlers()
})
afterAll(() => {
  server.close()
})

const customer = { name: 'Jan', address: 'jan@example.nl' }
const colleague = { name: 'Piet', address: 'piet@example.nl' }
const ticket = {
  number: 7,
  version: 3,
  messages: [] as Message[],
  customer,
  reply_defaults: { to: [customer], cc: [], bcc_warning: false },
} as unknown as Ticket

const client = new QueryClient()
const router = createRouter({
  history: createMemoryHistory(),
  routes: [
    { path: '/', name: 'home', component: { render: () => null } },
    { path: '/t/:number', name: 'tickets', component: { render: () => null } },
  ],
})

function start(draft: Draft | null = null, mode: ComposeMode = 'reply') {
  let compose = null as ReturnType<typeof useCompose> | null
  const Host = defineComponent({
    setup() {
      compose = useCompose(() => ticket, draft, mode)
      return () => h('i')
    },
  })
  const plugins = [i18n, router, [VueQueryPlugin, { queryClient: client }]] as never
  const host = mount(Host, { global: { plugins } })
  if (!compose) throw new Error('not mounted')
  return { compose: compose as ReturnType<typeof useCompose>, unmount: () => host.unmount() }
}

const draftOf = (text: string) =>
  ({ text, html: null, to: [customer], cc: [], bcc: [], attachments: [], updated_at: '' }) as Draft

describe('writing an answer', () => {
  it('keeps a note that was not added when the box is left', async () => {
    const first = start(null, 'note')
    first.compose.note.value = 'Call them on Monday'
    await flushPromises()
    first.unmount()
    expect(start(null, 'note').compose.note.value).toBe('Call them on Monday')
  })

  it('keeps the recipients while a note is looked at', () => {
    const { compose } = start()
    compose.fields.to = [colleague]
    compose.fields.cc = [customer]
    compose.setMode('note')
    compose.setMode('reply')
    expect(compose.fields.to).toEqual([colleague])
    expect(compose.fields.cc).toEqual([customer])
  })

  it('saves no more once another draft has taken its place', async () => {
    const saved: unknown[] = []
    server.use(
      http.put('*/api/v1/tickets/7/draft', async ({ request }) => {
        saved.push(await request.json())
        return HttpResponse.json(draftOf(''))
      }),
    )
    const { compose, unmount } = start(draftOf('Begun'))
    compose.fields.text = 'Begun, and more'
    await flushPromises()
    void compose.autosave.halt()
    unmount()
    await flushPromises()
    expect(saved).toEqual([])
  })

  it('is saved before the server joins it with an answer that is taken back', async () => {
    const calls: string[] = []
    server.use(
      http.put('*/api/v1/tickets/7/draft', () => {
        calls.push('save')
        return HttpResponse.json(draftOf('Second'))
      }),
      http.post('*/api/v1/messages/m/cancel', () => {
        calls.push('cancel')
        return HttpResponse.json(draftOf('First\n\nSecond'))
      }),
    )
    const { compose } = start()
    compose.fields.text = 'Second'
    await flushPromises()
    await cancelMessage('m')
    expect(calls).toEqual(['save', 'cancel'])
  })

  it('brings a sent answer back, wherever the list has moved on to', async () => {
    await router.push({ name: 'home' })
    const message = {
      id: 'm',
      kind: 'outbound',
      delivery: { undo_until: new Date(Date.now() + 10_000).toISOString() },
    }
    server.use(
      http.post('*/api/v1/tickets/7/replies', () => HttpResponse.json(message, { status: 201 })),
      http.post('*/api/v1/messages/m/cancel', () => HttpResponse.json(draftOf('As it was'))),
    )
    client.setQueryData(keys.ticket(7), ticket)
    const { compose, unmount } = start()
    compose.fields.text = 'Hello'
    expect(await compose.sendReply('closed')).toBe(true)
    unmount()
    const toast = toasts.value.at(-1)
    toast?.action?.run()
    await vi.waitFor(() => {
      expect(router.currentRoute.value.params.number).toBe('7')
    })
    expect(client.getQueryData<Ticket>(keys.ticket(7))?.draft?.text).toBe('As it was')
    dismissToast(toast?.id ?? 0)
  })
})
