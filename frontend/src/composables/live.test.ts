import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { readEvents } from '@/api/event-stream'
import type { LiveEvent } from '@/api/types'
import { onLiveEvent, startLive, stopLive } from './live'

vi.mock('@/api/event-stream', async (original) => ({
  ...(await original<object>()),
  readEvents: vi.fn(),
}))
class Channel {
  onmessage: unknown = null
  postMessage(): void {
    // There is no other tab.
  }
  close(): void {
    // Nothing to close.
  }
}

const read = vi.mocked(readEvents)
let seen: LiveEvent[] = []
let stopListening: () => void = () => undefined

beforeEach(() => {
  vi.stubGlobal('BroadcastChannel', Channel)
  Object.defineProperty(navigator, 'locks', {
    configurable: true,
    value: { request: (_: string, __: object, act: () => Promise<void>) => act() },
  })
  vi.useFakeTimers()
  seen = []
  stopListening = onLiveEvent((event) => seen.push(event))
})
afterEach(() => {
  stopLive()
  stopListening()
  vi.useRealTimers()
})

describe('live events', () => {
  it('begin where the page was read, and go on from there', async () => {
    const asked: string[] = []
    read.mockImplementation((last, { onOpen, onEvent }) => {
      asked.push(last)
      onOpen()
      if (asked.length === 2) onEvent({ id: '42', type: 'ticket', data: { number: 7 } })
      // The connection ends before anything has happened.
      return Promise.reject(new Error('cut off'))
    })
    startLive('me', 41, () => undefined)
    await vi.advanceTimersByTimeAsync(3_500)
    expect(asked.slice(0, 3)).toEqual(['41', '41', '42'])
    expect(seen.map(({ id, type }) => [id, type])).toEqual([['42', 'ticket']])
  })
})
