import { describe, expect, it } from 'vitest'
import { createParser } from './event-stream'
import type { LiveEvent } from './types'

function parse(...chunks: string[]): LiveEvent[] {
  const events: LiveEvent[] = []
  const feed = createParser((event) => events.push(event))
  for (const chunk of chunks) feed(chunk)
  return events
}

describe('the event stream', () => {
  it('reads events however they are cut', () => {
    const text = ': hello\n\nid: 7\nevent: ticket\ndata: {"number":42,"kind":"ticket_updated"}\n\n'
    const expected = [{ id: '7', type: 'ticket', data: { number: 42, kind: 'ticket_updated' } }]
    expect(parse(text)).toEqual(expected)
    expect(parse(...text)).toEqual(expected)
    expect(parse(text.replaceAll('\n', '\r\n'))).toEqual(expected)
  })

  it('ignores types that it does not know, and keeps the last id', () => {
    expect(
      parse('id: 1\nevent: later-thing\ndata: {}\n\nevent: reset\ndata: {"kind":"reset"}\n\n'),
    ).toEqual([{ id: '1', type: 'reset', data: { kind: 'reset' } }])
  })

  it('treats unreadable data as “something has changed”', () => {
    expect(parse('event: mailbox\ndata: {oops\n\n')).toEqual([
      { id: '', type: 'mailbox', data: {} },
    ])
  })
})
