import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { effectScope, nextTick, ref, type EffectScope } from 'vue'
import * as api from '@/api/search'
import { useTyping } from './queries'
import type { SearchAnswer } from './types'

const answer = (total: number) => ({ total, items: [] }) as unknown as SearchAnswer

let scope: EffectScope
beforeEach(() => {
  vi.useFakeTimers()
  scope = effectScope()
})
afterEach(() => {
  scope.stop()
  vi.useRealTimers()
})

function begin() {
  const text = ref('')
  const answers: { q: string; signal?: AbortSignal; tell: (total: number) => void }[] = []
  vi.spyOn(api, 'search').mockImplementation(
    ({ q }, signal) =>
      new Promise((resolve) => {
        answers.push({
          q,
          signal,
          tell: (total) => {
            resolve(answer(total))
          },
        })
      }),
  )
  const { typed } = scope.run(() =>
    useTyping(
      () => text.value,
      () => true,
    ),
  ) as ReturnType<typeof useTyping>
  const type = async (q: string, ms: number) => {
    text.value = q
    await nextTick()
    await vi.advanceTimersByTimeAsync(ms)
  }
  return { typed, answers, type }
}

it('Asks when the hand pauses, once', async () => {
  const { answers, type } = begin()
  await type('f', 20)
  await type('fi', 20)
  await type('fie', 39)
  expect(answers).toHaveLength(0)
  await vi.advanceTimersByTimeAsync(1)
  expect(answers.map(({ q }) => q)).toEqual(['fie'])
})

it('An answer that comes late never takes the place of a newer one', async () => {
  const { typed, answers, type } = begin()
  await type('fiets', 40)
  await type('fietsband', 40)
  expect(answers.map(({ signal }) => signal?.aborted)).toEqual([true, false])
  answers[1]?.tell(2)
  await vi.advanceTimersByTimeAsync(0)
  expect(typed.value).toMatchObject({ q: 'fietsband', answer: { total: 2 } })
  answers[0]?.tell(1)
  await vi.advanceTimersByTimeAsync(0)
  expect(typed.value?.answer?.total).toBe(2)
})

it('Shows nothing for nothing, also when an answer is on its way', async () => {
  const { typed, answers, type } = begin()
  await type('fiets', 40)
  await type('', 0)
  answers[0]?.tell(1)
  await vi.advanceTimersByTimeAsync(500)
  expect(typed.value).toBeNull()
})
