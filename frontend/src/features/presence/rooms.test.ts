import { beforeEach, describe, expect, it, vi } from 'vitest'
import { peopleAt, setRoom, there } from './rooms'

const person = (id: string, state: 'viewing' | 'replying' | 'away', seconds: number) => ({
  id,
  state,
  until: new Date(Date.now() + seconds * 1_000).toISOString(),
})

describe('there', () => {
  it('is who has not left and was heard of lately', () => {
    const people = [
      person('a', 'viewing', 30),
      person('b', 'away', 30),
      person('c', 'replying', -1),
    ]
    expect(there(people, Date.now()).map(({ id }) => id)).toEqual(['a'])
  })
})

describe('a room', () => {
  beforeEach(() => {
    vi.useRealTimers()
  })

  it('is forgotten when the last one leaves', () => {
    setRoom({ number: 7, people: [person('a', 'replying', 30)] })
    expect(peopleAt(7)).toHaveLength(1)
    setRoom({ number: 7, people: [person('a', 'away', 30)] })
    expect(peopleAt(7)).toEqual([])
  })
})
