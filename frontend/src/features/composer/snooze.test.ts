import { describe, expect, it } from 'vitest'
import { snoozes } from './snooze'

const of = (now: Date) =>
  Object.fromEntries(snoozes(now).map(({ key, until }) => [key, until.toString().slice(0, 21)]))

describe('snoozes', () => {
  it('come back in the morning', () => {
    expect(of(new Date(2026, 10, 26, 16, 10))).toEqual({
      tomorrow: 'Fri Nov 27 2026 09:00',
      three_days: 'Sun Nov 29 2026 09:00',
      next_week: 'Mon Nov 30 2026 09:00',
    })
  })

  it('are a week away on a Monday, and a day on a Sunday', () => {
    expect(of(new Date(2026, 10, 30, 8, 0)).next_week).toBe('Mon Dec 07 2026 09:00')
    expect(of(new Date(2026, 10, 29, 8, 0)).next_week).toBe('Mon Nov 30 2026 09:00')
  })
})
