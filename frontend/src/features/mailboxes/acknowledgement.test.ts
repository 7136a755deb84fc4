import { expect, it } from 'vitest'
import { filled, firstText } from './acknowledgement'

const VALUES = {
  'ticket.number': '7',
  'organization.name': '{{mailbox.name}}',
  'mailbox.name': 'Hulp',
}

it('fills in what is known, once', () => {
  expect(filled('{{ticket.number}} {{ organization.name }} {{x}}.', VALUES)).toBe(
    '7 {{mailbox.name}} .',
  )
})

it('has a text to begin with in each language of mail', () => {
  const texts = ['en', 'nl', 'de'].map(firstText)
  expect(new Set(texts).size).toBe(3)
  for (const text of texts) expect(filled(text, VALUES)).toContain('7')
  expect(firstText('fr')).toBe(texts[0])
})
