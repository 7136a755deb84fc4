import { afterEach, describe, expect, it, vi } from 'vitest'
import { previewOf, readStart } from './preview'

const file = (content_type: string, size = 1) => ({
  id: '1',
  name: 'x',
  content_type,
  size,
  inline: false,
})

describe('previewOf', () => {
  it.each([
    ['image/PNG; name=x', 'image'],
    ['image/svg+xml', null],
    ['application/pdf', 'pdf'],
    ['text/plain; charset=utf-8', 'text'],
    ['text/csv', 'text'],
    ['application/json', 'text'],
    ['text/html', null],
    ['application/octet-stream', null],
  ])('%s is shown as %s', (type, expected) => {
    expect(previewOf(file(type))).toBe(expected)
  })

  it('leaves a large PDF alone', () => {
    expect(previewOf(file('application/pdf', 30_000_000))).toBeNull()
  })
})

describe('readStart', () => {
  const answer = (bytes: Uint8Array<ArrayBuffer>) =>
    vi.spyOn(globalThis, 'fetch').mockResolvedValue(new Response(bytes))
  const read = () => readStart('/x', new AbortController().signal)
  afterEach(() => vi.restoreAllMocks())

  it('reads either way of writing', async () => {
    answer(new TextEncoder().encode('café'))
    expect(await read()).toEqual({ text: 'café', cut: false })
    answer(new Uint8Array([99, 97, 102, 233, 33]))
    expect(await read()).toEqual({ text: 'café!', cut: false })
  })

  it('stops after the beginning', async () => {
    answer(new Uint8Array(300_000).fill(97))
    const { text, cut } = await read()
    expect([text.length, cut]).toEqual([256 * 1024, true])
  })
})
