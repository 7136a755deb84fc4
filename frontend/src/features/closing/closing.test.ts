import { describe, expect, it } from 'vitest'
import { canUndo, pace } from './closing'

const NOW = Date.parse('2026-03-02T09:00:00Z')

describe('closing', () => {
  it('can be taken back until the window ends', () => {
    expect(canUndo({ state: 'asked', due_at: null }, NOW)).toBe(true)
    expect(canUndo({ state: 'countdown', due_at: '2026-03-02T09:00:01Z' }, NOW)).toBe(true)
    expect(canUndo({ state: 'countdown', due_at: '2026-03-02T09:00:00Z' }, NOW)).toBe(false)
    expect(canUndo({ state: 'deleting', due_at: '2026-03-03T09:00:00Z' }, NOW)).toBe(false)
  })

  it('is looked at more often while somebody waits for it', () => {
    expect(pace(null)).toBeGreaterThan(60_000)
  })
})
