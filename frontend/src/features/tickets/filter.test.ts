import { expect, it } from 'vitest'
import { readFilter, readSearch, writeFilter, writeSearch } from './filter'

const ID = '0192b000-0000-7000-8000-000000000001'

it('reads what it has written', () => {
  const filter = {
    status: 'open',
    assignee: 'none',
    mailbox: ID,
    unread: true,
    has_attachment: false,
    since: '2026-11-01',
    sort: 'oldest',
  } as const
  expect(readFilter(writeFilter(filter))).toEqual(filter)
})

it('leaves out what it does not understand', () => {
  expect(
    readFilter({
      status: 'shut',
      assignee: 'everybody',
      mailbox: 'mine',
      unread: 'false',
      since: 'tomorrow',
      sort: 'upwards',
      color: 'red',
      draft: ['true'],
    }),
  ).toEqual({})
})

it('reads the search that a view keeps, and none in a list', () => {
  for (const sort of ['best', 'newest', 'oldest'] as const) {
    const asked = { q: 'fiets from:"van Dijk"', sort }
    expect(readSearch(writeSearch(asked))).toEqual(asked)
  }
  expect(writeSearch({ q: 'fiets', sort: 'best' })).toEqual({ search: 'fiets' })
  expect(readSearch({ search: 'fiets', sort: 'upwards' })).toEqual({ q: 'fiets', sort: 'best' })
  expect(readSearch({ status: 'open', sort: 'newest' })).toBeNull()
})

it('keeps the words of a search out of what stands in an address', () => {
  expect(writeFilter(readFilter({ search: 'fiets', q: 'fiets', sort: 'oldest' }))).toEqual({
    sort: 'oldest',
  })
})
