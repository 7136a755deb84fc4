import { mount } from '@vue/test-utils'
import { VueQueryPlugin } from '@tanstack/vue-query'
import { nextTick } from 'vue'
import { createMemoryHistory, createRouter } from 'vue-router'
import { expect, it, vi } from 'vitest'
import { listPane } from '@/composables/panes'
import { i18n } from '@/i18n'
import { queryClient } from '@/query'
import ListAndTicket from './ListAndTicket.vue'

it('draws nothing of the list while it is made wider', async () => {
  const list = vi.fn(() => 'rows')
  const router = createRouter({
    history: createMemoryHistory(),
    routes: [{ path: '/', component: {} }],
  })
  const page = mount(ListAndTicket, {
    props: { tickets: [], number: null, place: () => '/' },
    slots: { default: list },
    global: { plugins: [i18n, router, [VueQueryPlugin, { queryClient }]] },
  })
  const pane = page.get<HTMLElement>('main > div').element
  const drawn = list.mock.calls.length
  for (const width of [310, 320, 330]) {
    listPane.make(width)
    await nextTick()
    expect(pane.style.width).toBe(`${String(width)}px`)
  }
  expect(list).toHaveBeenCalledTimes(drawn)
})
