import { describe, expect, it } from 'vitest'
import type { Notice } from '@/api/types'
import { fresh } from './browser'

const notice = (id: string, kind: Notice['kind'], read = false): Notice => ({
  id,
  kind,
  read,
  number: 7,
  by: null,
  at: '2026-11-26T10:00:00Z',
})

describe('fresh', () => {
  it('is what is unread, new, and not switched off', () => {
    const list = [
      notice('a', 'mention'),
      notice('b', 'mention', true),
      notice('c', 'assigned'),
      notice('d', 'replied'),
    ]
    const found = fresh(list, new Set(['c']), ['replied_browser', 'mention_mail'])
    expect(found.map(({ id }) => id)).toEqual(['a'])
  })
})
