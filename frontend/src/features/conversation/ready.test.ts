import { QueryClient, VueQueryPlugin } from '@tanstack/vue-query'
import { mount } from '@vue/test-utils'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { defineComponent, ref } from 'vue'
import { keys } from '@/features/tickets/queries'
import { useReady } from './ready'

beforeEach(() => {
  vi.useFakeTimers()
  // A browser that never says that it has time: only the longest wait of each act ends.
  vi.stubGlobal('requestIdleCallback', (act: () => void, { timeout }: { timeout: number }) =>
    setTimeout(act, timeout),
  )
})
afterEach(() => {
  vi.unstubAllGlobals()
  vi.useRealTimers()
})

function begin(next: number) {
  const queryClient = new QueryClient()
  for (const number of [1, 2, 3]) queryClient.setQueryData(keys.ticket(number), { number })
  const shown = ref(1)
  let panes: ReturnType<typeof useReady> | undefined
  mount(
    defineComponent({
      setup() {
        panes = useReady(
          () => shown.value,
          () => shown.value + next,
        )
        return () => null
      },
    }),
    { global: { plugins: [[VueQueryPlugin, { queryClient }]] as never } },
  )
  return { shown, panes: () => panes?.value }
}

it('The next ticket stands ready before one can have read this one, though the browser is never idle', async () => {
  const { panes } = begin(1)
  await vi.advanceTimersByTimeAsync(250)
  expect(panes()).toEqual([1, 2])
})

it('Nothing is made for who goes on at once', async () => {
  const { shown, panes } = begin(1)
  await vi.advanceTimersByTimeAsync(100)
  shown.value = 2
  await vi.advanceTimersByTimeAsync(140)
  expect(panes()).toEqual([1, 2])
  await vi.advanceTimersByTimeAsync(250)
  expect(panes()).toEqual([2, 3])
})
