import { expect, it } from 'vitest'
import { nextTick } from 'vue'
import { useNarrowed } from './narrowed'

const people = (count: number) =>
  Array.from({ length: count }, (_, n) => ({ name: n === 120 ? 'Zoë Ünal' : `Agent ${String(n)}` }))

it('A long list is shown a part at a time and narrowed by a part of a word, without its accents', async () => {
  const all = people(130)
  const list = useNarrowed(
    () => all,
    ({ name }) => name,
  )
  expect([list.searchable.value, list.shown.value.length, list.more.value]).toEqual([
    true,
    50,
    true,
  ])
  list.showMore()
  list.showMore()
  expect([list.shown.value.length, list.more.value]).toEqual([130, false])
  list.text.value = ' zoe u'
  await nextTick()
  expect(list.shown.value).toEqual([{ name: 'Zoë Ünal' }])
  list.text.value = ''
  await nextTick()
  expect([list.shown.value.length, list.more.value]).toEqual([50, true])
})

it('A short list has no field to search it', () => {
  const few = people(8)
  const list = useNarrowed(
    () => few,
    ({ name }) => name,
  )
  expect([list.searchable.value, list.more.value]).toEqual([false, false])
})
