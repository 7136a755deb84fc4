import { describe, expect, it } from 'vitest'
import type { RetentionRule } from '@/api/types'
import { isSame, isShorter, overAt, spanOf } from './rule'

const RULE: RetentionRule = {
  months: 18,
  then: 'delete',
  spam_days: 30,
  trash_days: 30,
  quarantine_days: 90,
}

describe('a rule', () => {
  it.each(['months', 'spam_days', 'trash_days', 'quarantine_days'] as const)(
    'is shorter with less of %s',
    (span) => {
      expect(isShorter({ ...RULE, [span]: RULE[span] - 1 }, RULE)).toBe(true)
      expect(isShorter({ ...RULE, [span]: RULE[span] + 1 }, RULE)).toBe(false)
    },
  )

  it('is shorter when it deletes what was made anonymous', () => {
    const soft: RetentionRule = { ...RULE, then: 'anonymize' }
    expect(isShorter(RULE, soft)).toBe(true)
    expect(isShorter(soft, RULE)).toBe(false)
  })

  it('is shorter by one of its times, though another is longer', () => {
    expect(isShorter({ ...RULE, months: 24, spam_days: 7 }, RULE)).toBe(true)
  })

  it('is the same only in all', () => {
    expect(isSame({ ...RULE }, RULE)).toBe(true)
    expect(isSame({ ...RULE, then: 'anonymize' }, RULE)).toBe(false)
    expect(isSame({ ...RULE, quarantine_days: 91 }, RULE)).toBe(false)
  })
})

describe('what is typed', () => {
  it.each([
    ['18', 18],
    [' 120 ', 120],
    ['0', null],
    ['121', null],
    ['', null],
    ['1.5', null],
    ['-3', null],
    ['a year', null],
  ])('as months: %j is %j', (typed, months) => {
    expect(spanOf('months', typed)).toBe(months)
  })

  it('may be a year of days', () => {
    expect(spanOf('spam_days', '365')).toBe(365)
    expect(spanOf('spam_days', '366')).toBeNull()
  })
})

describe('the time of a ticket is over', () => {
  it.each([
    ['2025-03-10T09:00:00.000Z', 18, '2026-09-10T09:00:00.000Z'],
    ['2025-08-31T12:00:00.000Z', 18, '2027-02-28T12:00:00.000Z'],
    ['2024-12-31T23:30:00.000Z', 2, '2025-02-28T23:30:00.000Z'],
  ])('%s and %d months: %s', (last, months, over) => {
    expect(overAt(last, months)).toBe(over)
  })
})
