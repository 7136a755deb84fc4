import { describe, expect, it } from 'vitest'
import type { Purge } from '@/api/types'
import { bannerOf } from './banner'
import { isCounting, isRunning, pace, passed, timeLeft } from './purges'

const NOW = Date.parse('2026-03-02T09:00:00Z')
const HOUR = 3_600_000
const DAY = 24 * HOUR
const at = (after: number) => new Date(NOW + after).toISOString()
const purge = (fields: Partial<Purge>) =>
  ({
    id: 'p',
    state: 'countdown',
    requested_at: at(-DAY),
    due_at: at(13 * DAY),
    is_late: false,
    ...fields,
  }) as Purge

describe('the time that is left', () => {
  it.each([
    [13 * DAY + 4 * HOUR, ['days 13', 'hours 4']],
    [DAY + HOUR / 2, ['days 1']],
    [23 * HOUR + 59 * 60_000, ['hours 23']],
    [59.5 * 60_000, ['minutes 60']],
    [1, ['minutes 1']],
    [-DAY, ['minutes 1']],
  ])('%i ms is %j', (left, words) => {
    expect(timeLeft(at(left), NOW).map(([unit, n]) => `${unit} ${n}`)).toEqual(words)
  })

  it('is shown as a part of the whole', () => {
    expect(passed(purge({}), NOW)).toBeCloseTo(1 / 14)
    expect(passed(purge({ due_at: at(-HOUR) }), NOW)).toBe(1)
    // No window at all, and a clock that is behind.
    expect(passed(purge({ requested_at: at(0), due_at: at(0) }), NOW)).toBe(1)
    expect(passed(purge({ requested_at: at(HOUR) }), NOW)).toBe(0)
  })
})

describe('a purge', () => {
  it('can be taken back until the very moment that it is due', () => {
    expect(isCounting(purge({ due_at: at(1) }), NOW)).toBe(true)
    expect(isCounting(purge({ due_at: at(0) }), NOW)).toBe(false)
    expect(isRunning(purge({ due_at: at(0) }), NOW)).toBe(true)
  })

  it('is watched closely while it runs', () => {
    expect(pace([purge({})], NOW)).toBe(60_000)
    expect(pace([purge({}), purge({ state: 'deleting' })], NOW)).toBe(2_000)
    expect(pace([purge({ state: 'done', due_at: at(-DAY) })], NOW)).toBe(60_000)
    expect(pace(undefined, NOW)).toBe(60_000)
  })
})

describe('the banner', () => {
  it('tells the first that is due', () => {
    const later = purge({ id: 'later' })
    const sooner = purge({ id: 'sooner', due_at: at(HOUR) })
    expect(bannerOf([later], NOW, [])).toEqual({ kind: 'one', first: later, ids: ['later'] })
    expect(bannerOf([later, sooner], NOW, [])).toMatchObject({
      kind: 'many',
      first: { id: 'sooner' },
    })
  })

  it('is not there when nothing waits', () => {
    expect(bannerOf([purge({ state: 'done', due_at: at(-DAY) })], NOW, [])).toBeNull()
    expect(bannerOf([purge({ state: 'deleting', due_at: at(-DAY) })], NOW, [])).toBeNull()
  })

  it('stays away until another mailbox is disconnected', () => {
    expect(bannerOf([purge({})], NOW, ['p'])).toBeNull()
    expect(bannerOf([purge({}), purge({ id: 'q' })], NOW, ['p'])).not.toBeNull()
  })

  it('cannot be put away when a deletion is late', () => {
    const late = purge({ id: 'late', state: 'deleting', due_at: at(-DAY), is_late: true })
    expect(bannerOf([purge({}), late], NOW, ['p', 'late'])?.kind).toBe('late')
    expect(bannerOf([{ ...late, state: 'done' }], NOW, [])).toBeNull()
  })
})
