// Server-sent events over fetch: unlike EventSource it can send Last-Event-ID on a first request
// (the page was read at a known moment) and tells a 401 from a network failure.
import { EVENTS, type LiveEvent } from './types'
import { apiUrl } from './http'

interface StreamHandlers {
  onOpen: () => void
  onEvent: (event: LiveEvent) => void
}

// The server sends a comment every 15 s; three missed ones mean that the connection is dead.
const SILENCE_LIMIT_MS = 50_000

/** Resolves when the stream ends, rejects when it breaks or is refused. */
export async function readEvents(
  lastEventId: string,
  handlers: StreamHandlers,
  signal: AbortSignal,
): Promise<void> {
  const stop = new AbortController()
  signal.addEventListener('abort', () => {
    stop.abort()
  })
  let watchdog = setTimeout(() => {
    stop.abort()
  }, SILENCE_LIMIT_MS)
  try {
    const headers = new Headers({ accept: 'text/event-stream', 'last-event-id': lastEventId })
    const response = await fetch(apiUrl('/events'), {
      headers,
      signal: stop.signal,
      cache: 'no-store',
      credentials: 'same-origin',
    })
    if (!response.ok || !response.body) throw new EventStreamRefused(response.status)
    handlers.onOpen()
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader()
    const parse = createParser(handlers.onEvent)
    for (;;) {
      const { value, done } = await reader.read()
      if (done) return
      clearTimeout(watchdog)
      watchdog = setTimeout(() => {
        stop.abort()
      }, SILENCE_LIMIT_MS)
      parse(value)
    }
  } finally {
    clearTimeout(watchdog)
  }
}

export class EventStreamRefused extends Error {
  constructor(readonly status: number) {
    super(`event stream refused with ${status}`)
  }
}

const TYPES = new Set<string>(EVENTS)

/** The parsing rules of the HTML standard, section 9.2.6, for whole lines. */
export function createParser(onEvent: (event: LiveEvent) => void): (chunk: string) => void {
  let buffer = ''
  let id = ''
  let type = ''
  let data: string[] = []

  const dispatch = () => {
    if (TYPES.has(type)) {
      let parsed: LiveEvent['data'] = {}
      try {
        parsed = data.length ? (JSON.parse(data.join('\n')) as LiveEvent['data']) : {}
      } catch {
        // An event that we cannot read still says that something of this type has changed.
      }
      onEvent({ id, type: type as LiveEvent['type'], data: parsed })
    }
    type = ''
    data = []
  }

  const line = (text: string) => {
    if (text === '') {
      dispatch()
      return
    }
    const colon = text.indexOf(':')
    if (colon === 0) return
    const field = colon < 0 ? text : text.slice(0, colon)
    const value = colon < 0 ? '' : text.slice(colon + 1).replace(/^ /, '')
    if (field === 'event') type = value
    else if (field === 'data') data.push(value)
    else if (field === 'id') id = value
  }

  return (chunk) => {
    buffer += chunk
    const lines = buffer.split(/\r\n|\n|\r/)
    buffer = lines.pop() ?? ''
    for (const text of lines) line(text)
  }
}
