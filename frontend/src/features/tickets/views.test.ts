import { describe, expect, it } from 'vitest'
import { asView, fits } from './views'

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
    [{ status: 'open' }, { ...ticket('open', null), snoozed_until: '2026-12-01' }, false],
    [{ status: 'all', snoozed: true }, { ...ticket('open', null), snoozed_until: 'x' }, true],
    [{ status: 'all', snoozed: true }, ticket('open', null), false],
    [{ status: 'all', tag: 't' }, { ...ticket('open', null), tags: [{ id: 't' }] }, true],
    [{ status: 'all', tag: 't' }, { ...ticket('open', null), tags: [] }, false],
    [{ status: 'all', team: 'none' }, { ...ticket('open', null), team: null }, true],
    [{ status: 'all', team: 'x' }, { ...ticket('open', null), team: null }, false],
    [{ status: 'all', priority: 'high' }, { ...ticket('open', null), priority: 'low' }, false],
  ] as const)('%o with %o: %s', (filter, entry, expected) => {
    expect(fits(filter, entry, 'me-id')).toBe(expected)
  })
})

describe('a view that somebody keeps', () => {
  const kept = (filter: Record<string, string>) =>
    asView({
      id: 'x',
      name: 'Kept',
      filter,
      shared: false,
      own: true,
      can_change: true,
      version: 1,
    })

  it('is a list', () => {
    const { slug, name, filter, search } = kept({ status: 'open', sort: 'oldest' })
    expect([slug, name, search]).toEqual(['v-x', 'Kept', null])
    expect(filter).toEqual({ status: 'open', sort: 'oldest' })
  })

  it('or a search, which is never counted and looks different', () => {
    const view = kept({ search: 'fiets', sort: 'newest' })
    expect(view.search).toEqual({ q: 'fiets', sort: 'newest' })
    expect(view.count).toBeNull()
    expect(view.icon).not.toBe(kept({}).icon)
  })
})
