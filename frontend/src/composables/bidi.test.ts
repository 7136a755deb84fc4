import { expect, it } from 'vitest'
import { isolated } from './bidi'

it.each(['רחל', 'رامي', 'Dana \u202Egnp.exe', 'شركة Acme'])('%s is isolated', (name) => {
  expect(isolated(name)).toBe(`\u2068${name}\u2069`)
})
it.each(['Ada', 'Zoë 👩‍👩‍👧', '北京', 'a@example.com', ''])('%s is left as it is', (name) => {
  expect(isolated(name)).toBe(name)
})
