import { QueryClient, VueQueryPlugin } from '@tanstack/vue-query'
import { mount } from '@vue/test-utils'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { defineComponent, h } from 'vue'
import type { LiveEvent } from '@/api/types'
import { useLiveQueries } from './live'

let tell: (event: LiveEvent) => void = () => undefined
vi.mock('@/composables/live', () => ({
  onLiveEvent: (listener: typeof tell) => {
    tell = listener
    return () => undefined
  },
}))

/** What may be on the screen, by its key. */
const LOADED = [
  ['tickets', 'list', {}],
  ['tickets', 'counts'],
  ['tickets', 'search', {}],
  ['tickets', 'view-counts'],
  ['tickets', 'detail', 7],
  ['tickets', 'detail', 8],
  ['contacts', 'one', 'c'],
  ['views'],
  ['mailboxes'],
  ['purges'],
  ['users'],
  ['tags', 'one', 't'],
  ['teams'],
  ['saved-replies', 'pages', {}],
  ['organization'],
  ['policies'],
]
let client: QueryClient

beforeEach(() => {
  vi.useFakeTimers()
  client = new QueryClient()
  for (const key of LOADED) client.setQueryData(key, {})
  const Shell = defineComponent(() => {
    useLiveQueries()
    return () => h('div')
  })
  mount(Shell, { global: { plugins: [[VueQueryPlugin, { queryClient: client }]] as never } })
})
afterEach(() => {
  vi.useRealTimers()
})

function askedAgain(...events: Pick<LiveEvent, 'type' | 'data'>[]): string[] {
  for (const event of events) tell({ id: '1', ...event })
  vi.advanceTimersByTime(300)
  return LOADED.filter((key) => client.getQueryState(key)?.isInvalidated).map((key) =>
    key.filter((part) => typeof part !== 'object').join(' '),
  )
}

const LISTS = ['tickets list', 'tickets counts']
const SHOWN = ['tickets list', 'tickets detail 7', 'tickets detail 8']

it.each<[LiveEvent['type'], LiveEvent['data'], string[]]>([
  ['ticket', { number: 7, kind: 'ticket_updated' }, [...LISTS, 'tickets detail 7']],
  ['ticket', { number: 8, kind: 'ticket_removed' }, [...LISTS, 'tickets detail 8']],
  ['contact', { id: 'c' }, [...SHOWN, 'contacts one c']],
  ['tag', { id: 't' }, [...SHOWN, 'tags one t']],
  ['team', { id: 'x' }, [...SHOWN, 'teams']],
  ['view', { id: 'x' }, ['tickets view-counts', 'views']],
  ['saved_reply', { id: 'x' }, ['saved-replies pages']],
  ['user', { id: 'x' }, ['mailboxes', 'users']],
  ['mailbox', { mailbox_id: 'x' }, ['mailboxes', 'purges']],
  ['organization', { id: 'x' }, ['organization']],
  ['presence', { number: 7 }, []],
])('%s %o asks again for %o', (type, data, expected) => {
  expect(askedAgain({ type, data })).toEqual(expected)
})

it('asks once for what several events hang on, and for everything after a reset', () => {
  const invalidate = vi.spyOn(client, 'invalidateQueries')
  askedAgain({ type: 'tag', data: { id: 't' } }, { type: 'ticket', data: { number: 7 } })
  const asked = invalidate.mock.calls.map(([filters]) =>
    ((filters as { queryKey?: readonly string[] } | undefined)?.queryKey ?? []).join(' '),
  )
  expect(asked.filter((key) => key === 'tickets list')).toHaveLength(1)
  expect(askedAgain({ type: 'reset', data: {} })).toHaveLength(LOADED.length)
})
