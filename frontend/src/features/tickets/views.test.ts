import { describe, expect, it } from 'vitest'
import { fits } from './views'

const ticket = (status: 'open' | 'closed', assignee: string | null) => ({
  status,
  assignee: assignee ? { id: assignee } : null,
})

describe('fits', () => {
  it.each([
    [{ status: 'open' }, ticket('open', null), true],
    [{ status: 'open' }, ticket('closed', null), false],
    [{ status: 'all' }, ticket('closed', null), true],
    [{ status: 'open', assignee: 'me' }, ticket('open', 'me-id'), true],
    [{ status: 'open', assignee: 'me' }, ticket('open', 'other'), false],
    [{ status: 'open', assignee: 'none' }, ticket('open', 'other'), false],
    [{ status: 'open', assignee: 'none' }, ticket('open', null), true],
    [{ status: 'open', assignee: 'other' }, ticket('open', 'other'), true],
  ] as const)('%o with %o: %s', (filter, entry, expected) => {
    expect(fits(filter, entry, 'me-id')).toBe(expected)
  })
})
