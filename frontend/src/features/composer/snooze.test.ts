import { describe, expect, it } from 'vitest'
import { snoozes } from './snooze'

const of = (now: string, zone: string) =>
  Object.fromEntries(
    snoozes(new Date(now), zone).map(({ key, until }) => [key, until.toISOString().slice(0, 16)]),
  )

describe('snoozes', () => {
  it('come back in the morning of the zone', () => {
    expect(of('2026-11-26T15:10:00Z', 'Europe/Amsterdam')).toEqual({
      tomorrow: '2026-11-27T08:00',
      three_days: '2026-11-29T08:00',
      next_week: '2026-11-30T08:00',
    })
    // Where it is tomorrow already.
    expect(of('2026-11-26T15:10:00Z', 'Asia/Tokyo').tomorrow).toBe('2026-11-28T00:00')
  })

  it('are not offered twice: three days after a Friday is Monday', () => {
    expect(of('2026-11-27T15:10:00Z', 'Europe/Amsterdam')).toEqual({
      tomorrow: '2026-11-28T08:00',
      three_days: '2026-11-30T08:00',
    })
  })

  it('are a week away on a Monday, and a day on a Sunday', () => {
    expect(of('2026-11-30T07:00:00Z', 'Europe/Amsterdam').next_week).toBe('2026-12-07T08:00')
    expect(of('2026-11-29T07:00:00Z', 'Europe/Amsterdam').tomorrow).toBe('2026-11-30T08:00')
  })
})
