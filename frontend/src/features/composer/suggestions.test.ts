import { describe, expect, it } from 'vitest'
import { fits, queryFor } from './suggestions'

describe('who is meant by what is typed', () => {
  const renee = { name: 'Renée de Boer', address: 'r.deboer@fietshuis.example.nl' }

  it.each([
    'ren',
    'RENEE',
    'boer',
    'de bo',
    'boer ren',
    'r.debo',
    'deboer',
    'fietsh',
    'r.deboer@fi',
  ])('knows her by %s', (typed) => {
    expect(fits(renee, typed)).toBe(true)
  })

  it.each(['enee', 'renee jansen', 'huis', 'r.deboer@x'])('does not by %s', (typed) => {
    expect(fits(renee, typed)).toBe(false)
  })

  it('asks for how words begin, and not for single letters', () => {
    expect(queryFor('r.debo')).toBe('from:debo*')
    expect(queryFor('Renée d')).toBe('from:renee*')
    expect(queryFor('"x')).toBe('')
  })
})
