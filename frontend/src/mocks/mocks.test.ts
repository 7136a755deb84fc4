import { describe, expect, it } from 'vitest'
import document from '../../../docs/openapi.json'
import { handlers } from './handlers'

// That each handler keeps to the server's document is a matter of types; here: that none is missing.
describe('the mock', () => {
  const answered = new Set(
    handlers.map(({ info }) => `${String(info.method)} ${String(info.path).replace('*', '')}`),
  )
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map(
      (method) => `${method.toUpperCase()} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`,
    ),
  )

  it('answers each operation of the server', () => {
    expect(operations.filter((operation) => !answered.has(operation))).toEqual([])
  })

  it('answers nothing that the server does not', () => {
    // The provider's way back is no part of the API.
    const known = new Set([...operations, 'GET /oauth/callback'])
    expect([...answered].filter((operation) => !known.has(operation))).toEqual([])
  })
})
