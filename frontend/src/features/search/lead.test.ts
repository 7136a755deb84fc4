import { expect, it } from 'vitest'
import { leadTo, type Found } from './lead'

const hit = (number: number, message_id: string | null) => ({ ticket: { number }, message_id })

it('leads to the message that was found in a ticket, and says the words in any case', () => {
  const found = { hits: [hit(1, 'a'), hit(2, null)], words: 'fiets' } as Found
  expect(leadTo(found, 1)).toEqual({ message: 'a', words: 'fiets' })
  for (const number of [2, 3, null])
    expect(leadTo(found, number)).toEqual({ message: null, words: 'fiets' })
})
