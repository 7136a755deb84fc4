import { describe, expect, it } from 'vitest'
import { findable } from './find'

describe('what can be looked for', () => {
  it.each([
    ['712', '712'],
    [' #712 ', '712'],
    ['jan@example.nl', 'jan@example.nl'],
    ['jan@example.n', null],
    ['jan@', null],
    ['jan', null],
    ['', null],
    ['jan@example.nl and more', null],
  ])('%j: %j', (text, expected) => {
    expect(findable(text)).toBe(expected)
  })
})
