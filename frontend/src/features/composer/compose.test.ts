import { QueryClient, VueQueryPlugin } from '@tanstack/vue-query'
import { flushPromises, mount } from '@vue/test-utils'
import { http, HttpResponse } from 'msw'
import { setupServer } from 'msw/node'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { defineComponent, h, reactive } from 'vue'
import { createMemoryHistory, createRouter } from 'vue-router'
import { cancelMessage } from '@/api/tickets'
import type { Draft, Message, Session, Ticket } from '@/api/types'
import { adoptSession } from '@/composables/session'
import { dismissToast, toasts } from '@/composables/toasts'
import { keys } from '@/features/tickets/queries'
import { i18n } from '@/i18n'
import { useCompose } from './compose'
import type { ComposeMode } from './mode'

vi.mock('@/composables/live', () => ({
  startLive: () => undefined,
  stopLive: () => undefined,
  onLiveEvent: () => () => undefined,
}))

const server = setupServer(
  http.get('*/api/v1/mailboxes', () => HttpResponse.json({ items: [], next_cursor: null })),
)
beforeAll(async () => {
  server.listen({ onUnhandledRequest: 'error' })
  await adoptSession({
    account: {
      id: 'a',
      name: 'Sanne',
      email: 's@x.example',
      locale: 'en',
      theme: 'light',
      time_zone: null,
    },
    organization: { id: 'o', name: 'X', time_zone: 'UTC' },
    membership: { id: 'me', role: 'agent' },
    permissions: [],
    policies_unread: false,
    last_event_id: 0,
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
  subject: 'Bread',
  draft: null,
  forward_draft: null,
  note_draft: null,
  messages: [] as Message[],
  customer,
  reply_defaults: { to: [customer], cc: [], others: [], bcc_warning: false },
} as unknown as Ticket

const client = new QueryClient()
const router = createRouter({
  history: createMemoryHistory(),
  routes: [
    { path: '/', name: 'home', component: { render: () => null } },
    { path: '/t/:number', name: 'tickets', component: { render: () => null } },
  ],
})

function start(
  draft: Draft | null = null,
  mode: ComposeMode = 'reply',
  of: () => Ticket = () => ticket,
) {
  let compose = null as ReturnType<typeof useCompose> | null
  const Host = defineComponent({
    setup() {
      compose = useCompose(of, draft, mode)
      return () => h('i')
    },
  })
  const plugins = [i18n, router, [VueQueryPlugin, { queryClient: client }]] as never
  const host = mount(Host, { global: { plugins } })
  if (!compose) throw new Error('not mounted')
  return { compose: compose as ReturnType<typeof useCompose>, unmount: () => host.unmount() }
}

const draftOf = (text: string) =>
  ({
    text,
    html: null,
    to: [customer],
    cc: [],
    bcc: [],
    attachments: [],
    subject: null,
    forwarded: null,
    without_signature: false,
    updated_at: '',
  }) satisfies Draft

describe('writing an answer', () => {
  it('keeps a note on the server while it is written', async () => {
    const saved: unknown[] = []
    server.use(
      http.put('*/api/v1/tickets/7/draft', async ({ request }) => {
        saved.push([new URL(request.url).searchParams.get('kind'), await request.json()])
        return HttpResponse.json(draftOf('Call them on Monday'))
      }),
    )
    const { compose, unmount } = start(null, 'note')
    compose.sheets.note.fields.text = 'Call them on Monday'
    await flushPromises()
    unmount()
    await vi.waitFor(() => {
      expect(saved).toMatchObject([['note', { text: 'Call them on Monday' }]])
    })
  })

  it('passes the last mail of the customer on, unless another is chosen', () => {
    const mail = (id: string, kind: Message['kind']) =>
      ({ id, kind, from: null, to: [], cc: [], bcc: [] }) as unknown as Message
    ticket.messages = [mail('1', 'inbound'), mail('2', 'inbound'), mail('3', 'outbound')]
    const { compose } = start(null, 'forward')
    const { fields } = compose.sheets.forward
    expect(fields.forwarded).toEqual({ message_id: '2', without: [] })
    expect(fields.to).toEqual([])
    expect(fields.subject).toBe('Fwd: Bread')
    fields.forwarded = { message_id: '2', without: ['f'] }
    compose.passOn('3')
    expect(fields.forwarded).toEqual({ message_id: '3', without: [] })
    ticket.messages = []
  })

  it('is stopped by what others have written meanwhile, until that is seen', async () => {
    const live = reactive({ ...ticket, messages: [] as Message[] })
    const { compose } = start(null, 'reply', () => live)
    live.version = 4
    live.messages = [
      { id: 'mine', kind: 'note', author: { id: 'me', name: 'Sanne' } } as Message,
      { id: 'theirs', kind: 'note', author: { id: 'other', name: 'Piet' } } as Message,
      { id: 'event', kind: 'event' } as Message,
    ]
    await flushPromises()
    expect(compose.news.value.map(({ id }) => id)).toEqual(['theirs'])
    compose.acknowledge()
    expect(compose.news.value).toEqual([])
  })

  it.each([
    { whose: 'me', leaves: true },
    { whose: 'other', leaves: false },
  ])(
    'is not stopped by a note of one’s own that the page has yet to hear of: $whose',
    async (of) => {
      const live = reactive({ ...ticket, messages: [] as Message[] })
      const versions: unknown[] = []
      server.use(
        http.post('*/api/v1/tickets/7/replies', async ({ request }) => {
          const { seen_version: seen } = (await request.json()) as { seen_version: number }
          versions.push(seen)
          if (seen === 4)
            return HttpResponse.json({ id: 'm', kind: 'outbound', delivery: {} }, { status: 201 })
          const type = 'https://loket.invalid/problems/unseen-message'
          return HttpResponse.json({ type, status: 409 }, { status: 409 })
        }),
      )
      const { compose } = start(null, 'reply', () => live)
      vi.spyOn(client, 'invalidateQueries').mockImplementation(() => {
        live.version = 4
        live.messages = [
          { id: 'note', kind: 'note', author: { id: of.whose, name: 'X' } } as Message,
        ]
        return Promise.resolve()
      })
      compose.sheets.answer.fields.text = 'Hello'
      expect(await compose.sendReply('pending')).toBe(of.leaves)
      expect(versions).toEqual(of.leaves ? [3, 4] : [3])
      expect(compose.news.value).toHaveLength(of.leaves ? 0 : 1)
      vi.restoreAllMocks()
    },
  )

  it('keeps the recipients while a note is looked at', () => {
    const { compose } = start()
    compose.sheets.answer.fields.to = [colleague]
    compose.sheets.answer.fields.cc = [customer]
    compose.setMode('note')
    compose.setMode('reply')
    expect(compose.sheets.answer.fields.to).toEqual([colleague])
    expect(compose.sheets.answer.fields.cc).toEqual([customer])
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
    compose.sheets.answer.fields.text = 'Begun, and more'
    await flushPromises()
    void compose.halt()
    unmount()
    await flushPromises()
    expect(saved).toEqual([])
  })

  describe('on two devices', () => {
    const at = (second: number) => `2026-11-27T10:00:0${second}.000Z`
    const there = { ...draftOf('First second'), updated_at: at(2) }
    const begin = () => {
      const live = reactive({ ...ticket, draft: { ...draftOf('First'), updated_at: at(1) } })
      return { live, ...start(null, 'reply', () => live as Ticket) }
    }
    /** The server, on which the other device has saved. */
    function outdated() {
      const over: unknown[] = []
      server.use(
        http.put('*/api/v1/tickets/7/draft', async ({ request }) => {
          const body = (await request.json()) as { builds_on: string; text: string }
          over.push(body.builds_on)
          return body.builds_on === there.updated_at
            ? HttpResponse.json({ ...draftOf(body.text), updated_at: at(3) })
            : HttpResponse.json({ type: '/problems/stale', status: 412 }, { status: 412 })
        }),
        http.get('*/api/v1/tickets/7/draft', () => HttpResponse.json(there)),
      )
      return over
    }

    it('takes over what was saved there while nothing here is unsaved', async () => {
      const { live, compose, unmount } = begin()
      const { fields, autosave } = compose.sheets.answer
      live.draft = there
      await flushPromises()
      expect([fields.text, autosave.state.value]).toEqual(['First second', 'saved'])
      // What was read before it was saved is no news.
      live.draft = { ...draftOf('First'), updated_at: at(1) }
      await flushPromises()
      expect(fields.text).toBe('First second')
      unmount()
    })

    it.each(['mine', 'theirs'] as const)('lets one choose which to keep: %s', async (kept) => {
      const over = outdated()
      const { compose, unmount } = begin()
      const { fields, autosave, other, keepMine, takeOther } = compose.sheets.answer
      fields.text = 'First third'
      await flushPromises()
      await autosave.flush()
      expect(other.value?.text).toBe('First second')
      expect([fields.text, autosave.state.value]).toEqual(['First third', 'failed'])
      await (kept === 'mine' ? keepMine() : takeOther())
      expect(other.value).toBeNull()
      expect(autosave.state.value).toBe('saved')
      expect(fields.text).toBe(kept === 'mine' ? 'First third' : 'First second')
      expect(over).toEqual(kept === 'mine' ? [at(1), at(2)] : [at(1)])
      unmount()
    })
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
    compose.sheets.answer.fields.text = 'Second'
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
    compose.sheets.answer.fields.text = 'Hello'
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
