import { QueryClient, VueQueryPlugin } from '@tanstack/vue-query'
import { flushPromises, mount } from '@vue/test-utils'
import { http, HttpResponse } from 'msw'
import { setupServer } from 'msw/node'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { defineComponent, h } from 'vue'
import type { Session, TicketSummary } from '@/api/types'
import { adoptSession } from '@/composables/session'
import { toasts } from '@/composables/toasts'
import { i18n } from '@/i18n'
import { useTicketChange } from './changes'
import { keys, type TicketPages } from './queries'

// There are no events to follow here.
vi.mock('@/composables/live', () => ({ startLive: () => undefined, stopLive: () => undefined }))

const server = setupServer()
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

const summary = { number: 7, version: 3, status: 'open', assignee: null } as TicketSummary

function start() {
  const client = new QueryClient()
  const open = keys.list({ status: 'open' })
  const all = keys.list({ status: 'all' })
  for (const key of [open, all])
    client.setQueryData<TicketPages>(key, {
      pages: [{ items: [summary], next_cursor: null }],
      pageParams: [null],
    })
  const statuses = (key: readonly unknown[]) =>
    client.getQueryData<TicketPages>(key)?.pages[0]?.items.map(({ status }) => status)
  let change = null as ReturnType<typeof useTicketChange> | null
  const Host = defineComponent({
    setup() {
      change = useTicketChange()
      return () => h('i')
    },
  })
  mount(Host, { global: { plugins: [i18n, [VueQueryPlugin, { queryClient: client }]] } })
  if (!change) throw new Error('not mounted')
  return { change, statuses, open, all }
}

describe('a change to a ticket', () => {
  it('shows at once, with the version that was seen', async () => {
    let asked: { version: string | null; body: unknown } | null = null
    server.use(
      http.patch('*/api/v1/tickets/7', async ({ request }) => {
        asked = { version: request.headers.get('if-match'), body: await request.json() }
        return HttpResponse.json({ ...summary, status: 'closed', version: 4 })
      }),
    )
    const { change, statuses, open, all } = start()
    change.setStatus(summary, 'closed')
    await flushPromises()
    expect(statuses(open)).toEqual([])
    expect(statuses(all)).toEqual(['closed'])
    await expect.poll(() => asked).toEqual({ version: '"3"', body: { status: 'closed' } })
  })

  const stale = () =>
    HttpResponse.json(
      { type: '/problems/stale', title: 'Stale', status: 412, detail: 'x' },
      { status: 412, headers: { 'content-type': 'application/problem+json' } },
    )

  it('is taken back, with the reason, when somebody else was first', async () => {
    let answer = (): void => undefined
    const asked = new Promise<void>((resolve) => {
      answer = resolve
    })
    server.use(
      http.patch('*/api/v1/tickets/7', async () => {
        await asked
        return stale()
      }),
      http.get('*/api/v1/tickets/7', () => HttpResponse.json({ ...summary, status: 'spam' })),
    )
    const { change, statuses, open } = start()
    change.setStatus(summary, 'closed')
    await expect.poll(() => statuses(open)).toEqual([])
    answer()
    await expect.poll(() => statuses(open)).toEqual(['open'])
    expect(toasts.value.at(-1)?.text).toContain(
      'Ticket 7 was not changed. Somebody else changed this',
    )
  })

  it('goes through when only something else of the ticket is newer', async () => {
    const versions: (string | null)[] = []
    server.use(
      http.patch('*/api/v1/tickets/7', ({ request }) => {
        const version = request.headers.get('if-match')
        versions.push(version)
        return version === '"9"'
          ? HttpResponse.json({ ...summary, status: 'closed', version: 10 })
          : stale()
      }),
      http.get('*/api/v1/tickets/7', () => HttpResponse.json({ ...summary, version: 9 })),
    )
    const { change, statuses, all } = start()
    change.setStatus(summary, 'closed')
    await expect.poll(() => versions).toEqual(['"3"', '"9"'])
    await expect.poll(() => statuses(all)).toEqual(['closed'])
  })

  it('takes what sleeps out of what is open, until that is taken back', async () => {
    const until = new Date('2026-12-01T08:00:00Z')
    const asked: unknown[] = []
    let undone: string | null = null
    server.use(
      http.patch('*/api/v1/tickets/7', async ({ request }) => {
        asked.push(await request.json())
        const slept = { ...summary, snoozed_until: until.toISOString(), version: 4 }
        return HttpResponse.json({ ...slept, act_id: 'act-1' })
      }),
      http.post('*/api/v1/acts/:id/undo', ({ params }) => {
        undone = String(params.id)
        return HttpResponse.json({ done: [7], refused: [] })
      }),
    )
    const { change, statuses, open, all } = start()
    change.snooze(summary, until)
    await flushPromises()
    expect(statuses(open)).toEqual([])
    expect(statuses(all)).toEqual(['open'])
    await expect.poll(() => asked).toEqual([{ snoozed_until: '2026-12-01T08:00:00.000Z' }])
    await expect.poll(() => toasts.value.at(-1)?.text).toContain('Ticket 7 sleeps until')
    toasts.value.at(-1)?.action?.run()
    await expect.poll(() => undone).toBe('act-1')
    await expect.poll(() => toasts.value.at(-1)?.text).toBe('Undone')
  })

  it('puts a tag on and takes it off', async () => {
    const asked: unknown[] = []
    server.use(
      http.patch('*/api/v1/tickets/7', async ({ request }) => {
        asked.push(await request.json())
        return HttpResponse.json({ ...summary, version: 4, act_id: null })
      }),
    )
    const { change } = start()
    const tag = { id: 't1', name: 'VIP', color: 'red' as const }
    change.toggleTag({ ...summary, tags: [] }, tag)
    await expect.poll(() => asked).toEqual([{ tags_add: ['t1'] }])
    change.toggleTag({ ...summary, tags: [tag] }, tag)
    await expect.poll(() => asked.at(-1)).toEqual({ tags_remove: ['t1'] })
  })
})
