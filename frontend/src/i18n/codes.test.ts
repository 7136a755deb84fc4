import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import document from '../../../docs/openapi.json'
import enOffice from './en-office'
import * as enProblems from './en-problems'
import nlOffice from './nl-office'
import * as nlProblems from './nl-problems'

// The server's own lists: a code that it may send has a sentence in each language.
const { Problem, CheckCode } = document.components.schemas
const problems = Problem.properties.type.enum.map((type) =>
  type.replace('/problems/', '').replaceAll('-', '_'),
)

/** Fields that the server's sources call wrong. */
function fields(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return fields(path)
    if (!entry.name.endsWith('.rs')) return []
    const wrong =
      /(?:invalid|check_name|check_email|check_server|check_path|passwords::check)\(\s*"([a-z_.]+)"/g
    return [...readFileSync(path, 'utf8').matchAll(wrong)].map(([, name = '']) => name)
  })
}

describe.each([
  ['English', { ...enOffice, ...enProblems }],
  ['Dutch', { ...nlOffice, ...nlProblems }],
])('%s', (_, messages) => {
  const missing = (wanted: string[], known: object) =>
    wanted.filter((name) => !(name in known)).sort()

  it('has a sentence for each problem', () => {
    // A wrong field is told by the field.
    expect(missing(problems, messages.problem_type)).toEqual(['invalid'])
  })

  it('has no sentence for a problem that never comes', () => {
    expect(missing(Object.keys(messages.problem_type), { offline: 1, ...index(problems) })).toEqual(
      [],
    )
  })

  it('has a sentence for each field', () => {
    const wrong = fields(join(import.meta.dirname, '../../../src')).map((name) =>
      name.replaceAll('.', '_'),
    )
    expect(wrong.length).toBeGreaterThan(20)
    expect(missing(wrong, messages.problem_field)).toEqual([])
  })

  it('has a sentence for each outcome of a connection test', () => {
    expect(missing(CheckCode.enum, messages.mailbox.check)).toEqual([])
  })
})

const index = (names: string[]) => Object.fromEntries(names.map((name) => [name, 1]))
