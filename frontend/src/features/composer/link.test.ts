import { expect, it } from 'vitest'
import { linkTo } from './link'

it('leads where a mail can lead', () => {
  expect(linkTo('https://example.nl/a?b=c#d')).toBe('https://example.nl/a?b=c#d')
  expect(linkTo('HTTP://example.nl')).toBe('HTTP://example.nl')
  expect(linkTo('mailto:info@example.nl')).toBe('mailto:info@example.nl')
  expect(linkTo('tel:+31201234567')).toBe('tel:+31201234567')
})

it('adds https to a bare domain', () => {
  expect(linkTo(' example.nl ')).toBe('https://example.nl')
  expect(linkTo('www.köln.example:8080/a?b')).toBe('https://www.köln.example:8080/a?b')
})

it('leads nowhere else', () => {
  for (const typed of [
    '',
    'here',
    'https://',
    'mailto:',
    'javascript:alert(1)',
    'data:text/html,x',
    'ftp://example.nl',
    'file:///etc/passwd',
    'example.nl and more',
  ])
    expect(linkTo(typed), typed).toBeNull()
})
