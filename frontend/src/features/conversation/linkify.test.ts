import { describe, expect, it } from 'vitest'
import { linkify } from './linkify'

const links = (text: string) => linkify(text).flatMap(({ href }) => href ?? [])

describe('linkify', () => {
  it('loses nothing of the text', () => {
    const text = 'Zie https://a.example/x?y=(1), mail a@b.example. Of (https://c.example) zo!'
    expect(
      linkify(text)
        .map((part) => part.text)
        .join(''),
    ).toBe(text)
    expect(links(text)).toEqual([
      'https://a.example/x?y=(1)',
      'mailto:a@b.example',
      'https://c.example',
    ])
  })

  it.each(['javascript:alert(1)', 'data:text/html,x', 'file:///etc/passwd', 'ftp://x.example/y'])(
    'makes no link of %s',
    (text) => {
      expect(links(text)).toEqual([])
    },
  )
})
