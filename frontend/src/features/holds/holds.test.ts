import { describe, expect, it } from 'vitest'
import type { Hold } from '@/api/types'
import { dayIn, grouped, isOverdue, numberOf, reviewAt } from './holds'

const NOW = Date.parse('2026-03-10T12:00:00Z')
const hold = (id: string, placed_at: string, ended_at: string | null = null) =>
  ({ id, placed_at, ended_at, review_at: '2026-03-01T00:00:00Z' }) as Hold

describe('the list of holds', () => {
  it('has those in force first, each group with the newest first', () => {
    const groups = grouped([
      hold('old end', '2024-01-01T00:00:00Z', '2024-06-01T00:00:00Z'),
      hold('old', '2025-01-01T00:00:00Z'),
      hold('new end', '2023-01-01T00:00:00Z', '2025-06-01T00:00:00Z'),
      hold('new', '2026-01-01T00:00:00Z'),
    ])
    expect(groups.map(({ key, holds }) => [key, holds.map(({ id }) => id)])).toEqual([
      ['lasting', ['new', 'old']],
      ['ended', ['new end', 'old end']],
    ])
  })

  it('has no empty group', () => {
    expect(grouped([])).toEqual([])
    expect(grouped([hold('a', '2026-01-01T00:00:00Z')]).map(({ key }) => key)).toEqual(['lasting'])
  })

  it('marks a review that has passed, unless the hold has ended', () => {
    expect(isOverdue(hold('a', ''), NOW)).toBe(true)
    expect(isOverdue({ ended_at: null, review_at: '2026-03-11T00:00:00Z' }, NOW)).toBe(false)
    expect(isOverdue(hold('a', '', '2026-03-02T00:00:00Z'), NOW)).toBe(false)
  })
})

describe('what is filled in', () => {
  it.each([
    ['2004', 2004],
    [' #2004 ', 2004],
    ['', null],
    ['20 04', null],
    ['a', null],
  ])('as a ticket: %j is %j', (typed, number) => {
    expect(numberOf(typed)).toBe(number)
  })

  it('as a day of review is one to come', () => {
    expect(reviewAt(dayIn(1, NOW), NOW)).not.toBeNull()
    expect(reviewAt(dayIn(0, NOW), NOW)).toBeNull()
    expect(reviewAt('', NOW)).toBeNull()
    expect(reviewAt('tomorrow', NOW)).toBeNull()
  })

  it('as a day keeps its two digits', () => {
    expect(dayIn(0, new Date(2026, 0, 5, 12).getTime())).toBe('2026-01-05')
    expect(dayIn(30, new Date(2026, 0, 5, 12).getTime())).toBe('2026-02-04')
  })
})
