import { describe, expect, it } from 'vitest'
import { findQuote, hasOwnColours } from './frame'

const parse = (body: string) => new DOMParser().parseFromString(`<body>${body}</body>`, 'text/html')

describe('findQuote', () => {
  it('finds what Gmail quotes', () => {
    const inner = parse(
      '<p>New</p><div class="gmail_quote">Old <blockquote>older</blockquote></div>',
    )
    expect(findQuote(inner).map(({ className }) => className)).toEqual(['gmail_quote'])
  })

  it('takes all that follows where Outlook marks the beginning', () => {
    const inner = parse('<div>New</div><div id="appendonsend"></div><hr><div>Old</div>')
    expect(findQuote(inner).map(({ tagName }) => tagName)).toEqual(['DIV', 'HR', 'DIV'])
  })

  it('folds nothing when nothing would be left', () => {
    expect(findQuote(parse('<div class="gmail_quote">All there is</div>'))).toEqual([])
    expect(findQuote(parse('<p>No quote at all</p>'))).toEqual([])
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
