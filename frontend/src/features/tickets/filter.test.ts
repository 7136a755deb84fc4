import { expect, it } from 'vitest'
import { readFilter, writeFilter } from './filter'

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
