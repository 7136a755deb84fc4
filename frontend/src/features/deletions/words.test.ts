import { describe, expect, it } from 'vitest'
import { daysUntilDisconnected } from '@/features/mailboxes/state'
import { farewellText } from './farewell'
import { command, rangeOf, spaced } from './statement'

describe('the last message', () => {
  const preview = { address: 'info@shop.example', due_at: '2026-03-16T09:00:00Z' }

  it.each([
    ['nl', 'uiterlijk op 17 maart 2026'],
    ['de', 'spätestens am 17. März 2026'],
    ['en', 'by 17 March 2026'],
    ['fr', 'by 17 March 2026'],
  ])('in %s says %s', (language, words) => {
    const text = farewellText(language, preview)
    expect(text).toContain(words)
    expect(text).toContain('info@shop.example')
    expect(text).not.toMatch(/[{}]/)
  })
})

describe('a statement', () => {
  it('has a fingerprint that people can compare', () => {
    expect(spaced('9f2c41d07b')).toBe('9f2c 41d0 7b')
    expect(spaced('')).toBe('')
  })

  it('says how it is checked, by the name of the file that was downloaded', () => {
    const stated = { id: 's', signing_key: { id: 'k', fingerprint: 'abcd' } }
    expect(command(stated)).toBe('loket statement verify loket-statement-s.json --key abcd')
  })

  it('may be of a mailbox without a message', () => {
    const deleted = { oldest: null, newest: null } as never
    expect(rangeOf(deleted)).toBeNull()
    expect(rangeOf({ oldest: 0, newest: 86_400_000 } as never)).toEqual({
      oldest: '1970-01-01T00:00:00.000Z',
      newest: '1970-01-02T00:00:00.000Z',
    })
  })
})

describe('a mailbox that needs a sign-in', () => {
  const now = Date.parse('2026-03-10T12:00:00Z')
  const mailbox = {
    state: 'needs_reauthorization' as const,
    state_at: '2026-03-02T09:00:00Z',
    kept_at: null,
  }

  it('is disconnected after 14 days', () => {
    expect(daysUntilDisconnected(mailbox, now)).toBe(5)
    expect(daysUntilDisconnected(mailbox, now + 20 * 86_400_000)).toBe(0)
  })

  it('is not when somebody keeps its data, or when it works', () => {
    expect(daysUntilDisconnected({ ...mailbox, kept_at: mailbox.state_at }, now)).toBeNull()
    expect(daysUntilDisconnected({ ...mailbox, state: 'active' }, now)).toBeNull()
  })
})
