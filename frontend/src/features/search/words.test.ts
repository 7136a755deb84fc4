import { expect, it } from 'vitest'
import en from '@/i18n/en-office'
import nl from '@/i18n/nl-office'
import { fieldsLike, like } from './completion'
import { FIELDS, VALUES } from './language'
import { QUERY_CODES } from './types'
import { cut } from './words'

it.each([
  ['English', en.search],
  ['Dutch', nl.search],
])('%s has a sentence for all that can be wrong and all that can be said', (_, words) => {
  expect(QUERY_CODES.filter((code) => !(code in words.wrong))).toEqual([])
  expect(FIELDS.filter((field) => !(field in words.field))).toEqual([])
  const values = Object.entries(VALUES).flatMap(([field, all]) => all.map((v) => `${field}_${v}`))
  expect(values.filter((value) => !(value in words.value))).toEqual([])
})

it('A wrong piece is cut out where the server says, also when that is nowhere', () => {
  expect(cut('a from: b', { from: 2, to: 7 })).toEqual(['a ', 'from:', ' b'])
  expect(cut('ab', { from: 5, to: 9 })).toEqual(['ab', '', ''])
  expect(cut('ab', { from: 1, to: 0 })).toEqual(['a', '', 'b'])
})

it('What begins so comes before what has it inside', () => {
  expect(fieldsLike('F')).toEqual(['from', 'file'])
  expect(fieldsLike('')).toEqual([])
  const names = ['Info Groot', 'Groothandel'].map((text) => ({ text, words: text }))
  expect(like(names, 'groot').map(({ text }) => text)).toEqual(['Groothandel', 'Info Groot'])
})
