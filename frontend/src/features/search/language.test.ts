import { describe, expect, it } from 'vitest'
import { narrow, narrowedBy, parts, plainWords, replaceTerm, termAt, written } from './language'

const terms = (q: string) =>
  parts(q).map((part) =>
    part.kind === 'term' ? [part.field, part.value, part.negated] : part.kind,
  )

describe('the parts of a query', () => {
  it.each([
    [
      'fiets kapot',
      [
        [null, 'fiets', false],
        [null, 'kapot', false],
      ],
    ],
    [
      '"fiets kapot" -band',
      [
        [null, 'fiets kapot', false],
        [null, 'band', true],
      ],
    ],
    [
      'from:"Jan Smit" IS:open',
      [
        ['from', 'Jan Smit', false],
        ['is', 'open', false],
      ],
    ],
    ['(a OR b)', ['open', [null, 'a', false], 'or', [null, 'b', false], 'close']],
    [
      'or http://x:1',
      [
        [null, 'or', false],
        [null, 'http://x:1', false],
      ],
    ],
    ['"never closed', [[null, 'never closed', false]]],
    ['-', [[null, '', true]]],
    ['  ', []],
  ])('%j', (q, expected) => {
    expect(terms(q)).toEqual(expected)
  })

  it('have their places', () => {
    for (const part of parts('a (from:"x y" OR -b)')) expect(part.to).toBeGreaterThan(part.from)
    expect(parts('a from:"x y"').map(({ from, to }) => [from, to])).toEqual([
      [0, 1],
      [2, 12],
    ])
  })

  it('take a long query in one go', () => {
    expect(parts('('.repeat(5_000) + '"a '.repeat(5_000)).length).toBeGreaterThan(5_000)
  })
})

describe('completing', () => {
  it('finds what the caret is in, or right behind', () => {
    expect(termAt('fiets from:ja', 13)).toMatchObject({ field: 'from', value: 'ja' })
    expect(termAt('fiets from:ja', 3)).toMatchObject({ field: null, value: 'fiets' })
    expect(termAt('fiets ', 6)).toMatchObject({ value: '', from: 6, to: 6 })
    expect(termAt('a b', 2)).toMatchObject({ value: '' })
  })

  it('puts the text there, and the caret where one goes on', () => {
    const q = 'fiets -fr kapot'
    expect(replaceTerm(q, termAt(q, 9), 'from:')).toEqual({ text: 'fiets -from: kapot', caret: 12 })
    const value = 'mailbox:ver'
    expect(replaceTerm(value, termAt(value, 11), `mailbox:${written('Info Groot')}`)).toEqual({
      text: 'mailbox:"Info Groot" ',
      caret: 21,
    })
  })

  it('keeps a value with a space together, and quotes out of it', () => {
    expect([written('me'), written('Jan "J" Smit'), written('')]).toEqual([
      'me',
      '"Jan J Smit"',
      '""',
    ])
  })
})

describe('narrowing', () => {
  const status = (value: string) => ['open', 'closed'].includes(value)

  it('adds a term, changes it, and takes it out again', () => {
    const open = narrow('fiets', 'is', 'open', status)
    expect(open).toBe('fiets is:open')
    expect(narrowedBy(open, 'is', status)).toBe('open')
    const closed = narrow(open, 'is', 'closed', status)
    expect(closed).toBe('fiets is:closed')
    expect(narrow(closed, 'is', null, status)).toBe('fiets')
  })

  it('leaves what is another thing', () => {
    expect(narrow('is:unread -is:closed (is:open a)', 'is', 'open', status)).toBe(
      'is:unread -is:closed (is:open a) is:open',
    )
  })

  it('narrows both sides of an OR', () => {
    const narrowed = narrow('fiets OR step', 'mailbox', 'Info Groot')
    expect(narrowed).toBe('(fiets OR step) mailbox:"Info Groot"')
    expect(narrowedBy(narrowed, 'mailbox')).toBe('Info Groot')
    expect(narrowedBy('fiets OR mailbox:x', 'mailbox')).toBeNull()
    expect(narrow(narrowed, 'mailbox', null)).toBe('(fiets OR step)')
  })
})

it('What is found within a ticket are the words, not the fields', () => {
  expect(plainWords('from:jan "fiets kapot" -band is:open subject:bel (a OR b)')).toBe(
    '"fiets kapot" bel a b',
  )
})
