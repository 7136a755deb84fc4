import { describe, expect, it } from 'vitest'
import type { DataRequest, DataRequestLine } from '@/api/types'
import { filtered, isRunning, needsIdentity } from './requests'

const line = (id: string, fields: Partial<DataRequestLine> = {}) =>
  ({ id, closed_at: null, is_late: false, is_soon: false, ...fields }) as DataRequestLine
const ids = (lines: DataRequestLine[]) => lines.map(({ id }) => id)

describe('the register', () => {
  const all = [
    line('late', { is_late: true }),
    line('soon', { is_soon: true }),
    line('later'),
    line('old', { closed_at: '2026-01-01T00:00:00Z' }),
    line('new', { closed_at: '2026-02-01T00:00:00Z' }),
  ]

  it('shows what is open, as it is due', () => {
    expect(ids(filtered(all, 'open'))).toEqual(['late', 'soon', 'later'])
    expect(ids(filtered(all, 'late'))).toEqual(['late', 'soon'])
  })

  it('shows what is closed, the newest first', () => {
    expect(ids(filtered(all, 'closed'))).toEqual(['new', 'old'])
  })

  it('knows what needs no code', () => {
    expect(needsIdentity('erasure')).toBe(true)
    expect(needsIdentity('objection')).toBe(false)
  })

  it('looks again while something goes on by itself', () => {
    const erasing = (state: NonNullable<DataRequest['erasure']>['state']) =>
      isRunning({
        erasure: { state, removed: 0, messages: 9, finished_at: null, holds: 0 },
        parcel: null,
      })
    expect(
      ['planned', 'destroying', 'deleting'].map((state) => erasing(state as 'planned')),
    ).toEqual([true, true, true])
    // A legal hold may last for years.
    expect(erasing('held')).toBe(false)
    expect(erasing('done')).toBe(false)
    expect(isRunning({ erasure: null, parcel: null })).toBe(false)
  })
})
