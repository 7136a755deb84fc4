import { describe, expect, it } from 'vitest'
import { findQuote, hasOwnColours } from './frame'
import quotes from './quotes.json'

const parse = (body: string) => new DOMParser().parseFromString(`<body>${body}</body>`, 'text/html')

describe('findQuote', () => {
  // Behind the server's sanitizer: written by its own test from what each program sends.
  it.each(quotes.map(({ program, html, own }) => [program, html, own] as const))(
    'leaves what was written with %s',
    (_, html, own) => {
      const inner = parse(html)
      for (const element of findQuote(inner)) element.remove()
      expect(inner.body.textContent.replace(/\n/g, '').trim()).toBe(own)
    },
  )

  it('folds nothing when nothing would be left', () => {
    expect(findQuote(parse('<div data-loket-quote="this">All there is</div>'))).toEqual([])
  })
})

describe('hasOwnColours', () => {
  it.each([
    ['<p>Plain</p>', false],
    ['<p style="color: rgb(0, 0, 0)">Black is no choice</p>', false],
    ['<table bgcolor="#fff"><tr><td>x</td></tr></table>', true],
    ['<p style="background-color: yellow">x</p>', true],
    ['<p style="color: #c00">x</p>', true],
  ])('%s: %s', (html, expected) => {
    expect(hasOwnColours(parse(html))).toBe(expected)
  })
})
