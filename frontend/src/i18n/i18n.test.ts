import { describe, expect, it } from 'vitest'
import { compile } from './compile'
import en from './en'
import enOffice from './en-office'
import * as enProblems from './en-problems'
import nl from './nl'
import nlOffice from './nl-office'
import * as nlProblems from './nl-problems'

function flatten(value: unknown, path = ''): Record<string, string> {
  if (typeof value === 'string') return { [path]: value }
  return Object.assign(
    {},
    ...Object.entries(value as object).map(([key, inner]) =>
      flatten(inner, path ? `${path}.${key}` : key),
    ),
  ) as Record<string, string>
}

const placeholders = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name)

describe('translations', () => {
  const english = { ...flatten(en), ...flatten(enOffice), ...flatten(enProblems) }
  const dutch = { ...flatten(nl), ...flatten(nlOffice), ...flatten(nlProblems) }

  it('have the same keys', () => {
    expect(Object.keys(dutch).sort()).toEqual(Object.keys(english).sort())
  })

  it('are all filled in', () => {
    expect(Object.entries({ ...english, ...dutch }).filter(([, text]) => !text.trim())).toEqual([])
  })

  it('are all messages', () => {
    for (const text of [english, dutch].flatMap((words) => Object.values(words)))
      expect(() => compile(text)).not.toThrow()
  })

  it.each(Object.keys(english))('%s has the same placeholders and plurals', (key) => {
    const forms = (text = '') => text.split(' | ').map((form) => placeholders(form).sort())
    expect(forms(dutch[key])).toEqual(forms(english[key]))
  })
})
