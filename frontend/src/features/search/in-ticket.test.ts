import { beforeEach, expect, it } from 'vitest'
import { ranges } from './highlight'
import { found, placeNow, show, step, stopFinding, useFound, wordsIn } from './in-ticket'
import type { Message } from '@/api/types'

const piece = (text: string, hit = false) => ({ text, hit })

beforeEach(stopFinding)

it('Goes through the hits in the order of the conversation, and round', () => {
  show(
    {
      messages: [
        { message_id: 'late', pieces: [piece('fiets', true)] },
        {
          message_id: 'early',
          pieces: [piece('fiets', true), piece(' en '), piece('fietsen', true)],
        },
        { message_id: 'elsewhere', pieces: [piece('fiets', true)] },
      ],
    },
    ['early', 'between', 'late'],
  )
  expect(found.value?.places).toHaveLength(3)
  const seen = [placeNow.value]
  for (let n = 0; n < 3; n += 1) {
    step(1)
    seen.push(placeNow.value)
  }
  expect(seen.map((place) => [place?.message, place?.nth])).toEqual([
    ['early', 0],
    ['early', 1],
    ['late', 0],
    ['early', 0],
  ])
  step(-1)
  expect(placeNow.value?.message).toBe('late')
})

it('Opens the quote only where the quote alone has it', () => {
  const message = { id: 'm', text: 'Dank!' } as Message
  const { inQuote } = useFound(() => message)
  show({ messages: [{ message_id: 'm', pieces: [piece('fiets', true)] }] }, ['m'])
  expect(inQuote.value).toBe(true)
  const other = useFound(() => ({ ...message, text: 'De fiets.' }))
  expect(other.inQuote.value).toBe(false)
})

it('Finds the words in the text of an element, the longest first', () => {
  const element = document.createElement('div')
  element.innerHTML = 'De fietsen en de <a href="#">fiets</a>.'
  const words = wordsIn([
    piece('fiets', true),
    piece('de'),
    piece('fietsen', true),
    piece('fiets', true),
  ])
  expect(ranges(element, words).map(String)).toEqual(['fietsen', 'fiets'])
})

it('Paints no more than anybody looks at', () => {
  const element = document.createElement('div')
  element.textContent = 'a '.repeat(5_000)
  expect(ranges(element, ['a'])).toHaveLength(500)
})
