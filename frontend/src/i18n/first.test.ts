import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { expect, it } from 'vitest'
import desk from './en'
import office from './en-office'

const SRC = resolve(import.meta.dirname, '..')
const FIRST = ['main.ts', 'features/shell/AppShell.vue', 'features/tickets/TicketsPage.vue']

/** What a file cannot do without; what it fetches later (`import()`) comes with its words. */
function imports(file: string): string[] {
  const text = readFileSync(file, 'utf8')
  return [...text.matchAll(/^(?:import|export) (?!type )[^'"]*?['"]([@.][^'"]+)['"]/gm)].flatMap(
    ([, from = '']) => {
      const path = from.startsWith('@/')
        ? join(SRC, from.slice(2))
        : from.startsWith('.')
          ? resolve(dirname(file), from)
          : ''
      return [path, `${path}.ts`, join(path, 'index.ts')].filter(
        (name) => /\.(?:ts|vue)$/.test(name) && existsSync(name),
      )
    },
  )
}

const seen = new Set<string>()
function visit(file: string): void {
  if (seen.has(file)) return
  seen.add(file)
  imports(file).forEach(visit)
}
FIRST.forEach((file) => {
  visit(join(SRC, file))
})

const known = (words: object, key: string) =>
  key
    .split('.')
    .filter(Boolean)
    .reduce<unknown>((at, name) => (at as Record<string, unknown> | undefined)?.[name], words) !==
  undefined

it('The first page says no word that is fetched after it', () => {
  expect(seen.size).toBeGreaterThan(50)
  const late = [...seen].flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(/\bt\(\s*['"`]([a-z_]+\.[a-z_.]*)/g)]
      .map(([, key = '']) => key)
      .filter((key) => known(office, key) && !known(desk, key))
      .map((key) => `${file.slice(SRC.length + 1)}: ${key}`),
  )
  expect(late).toEqual([])
})
