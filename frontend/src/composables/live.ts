// One event stream per browser. The tab that holds the lock reads it and passes each event on to
// the others; when it closes, the next one takes over where it stopped.
import { readonly, ref } from 'vue'
import { EventStreamRefused, readEvents } from '@/api/event-stream'
import type { LiveEvent } from '@/api/types'

type Listener = (event: LiveEvent) => void
export type LiveState = 'connecting' | 'live' | 'offline'
type Packet =
  { kind: 'event'; event: LiveEvent } | { kind: 'state'; state: LiveState } | { kind: 'hello' }

const RETRY_MS = [500, 1_000, 2_000, 5_000, 10_000, 20_000]

const state = ref<LiveState>('connecting')
const listeners = new Set<Listener>()
let stop: AbortController | null = null

export const liveState = readonly(state)

export function onLiveEvent(listener: Listener): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

function emit(event: LiveEvent): void {
  for (const listener of listeners) listener(event)
}

/**
 * `scope` keeps two people who use the same browser apart. `after` is the newest event of the moment
 * before anything was read: what has happened since then is told.
 */
export function startLive(scope: string, after: number, onRefused: () => void): void {
  stopLive()
  const controller = new AbortController()
  stop = controller
  const { signal } = controller
  const name = `loket-live-${scope}`
  const channel = new BroadcastChannel(name)
  let lastEventId = String(after)
  let leading = false
  let reading: AbortController | null = null

  const share = (packet: Packet) => {
    channel.postMessage(packet)
  }
  const setState = (next: LiveState) => {
    state.value = next
    if (leading) share({ kind: 'state', state: next })
  }

  channel.onmessage = ({ data }: MessageEvent<Packet>) => {
    if (data.kind === 'hello') {
      if (leading) share({ kind: 'state', state: state.value })
    } else if (data.kind === 'state') {
      state.value = data.state
    } else {
      if (data.event.id) lastEventId = data.event.id
      emit(data.event)
    }
  }

  const lead = async () => {
    leading = true
    let failures = 0
    while (!signal.aborted) {
      try {
        reading = new AbortController()
        await readEvents(
          lastEventId,
          {
            onOpen: () => {
              failures = 0
              setState('live')
            },
            onEvent: (event) => {
              if (event.id) lastEventId = event.id
              share({ kind: 'event', event })
              emit(event)
            },
          },
          AbortSignal.any([signal, reading.signal]),
        )
      } catch (error) {
        if (signal.aborted) return
        if (error instanceof EventStreamRefused && error.status === 401) {
          onRefused()
          return
        }
        failures += 1
        if (failures > 1) setState('offline')
      }
      await pause(RETRY_MS[Math.min(failures, RETRY_MS.length - 1)] ?? 20_000, signal)
    }
  }

  // The connection that is gone would be waited for, a minute and longer.
  const goOffline = () => {
    setState('offline')
    reading?.abort()
  }
  addEventListener('offline', goOffline, { signal })
  signal.addEventListener('abort', () => {
    channel.close()
    state.value = 'connecting'
  })
  share({ kind: 'hello' })
  navigator.locks
    .request(name, { signal }, async () => {
      await lead()
    })
    .catch((error: unknown) => {
      if (!signal.aborted) throw error
    })
}

export function stopLive(): void {
  stop?.abort()
  stop = null
}

/** Waits, but not past the moment that the network comes back or the tab is looked at again. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer)
      window.removeEventListener('online', done)
      document.removeEventListener('visibilitychange', visible)
      signal.removeEventListener('abort', done)
      resolve()
    }
    const visible = () => {
      if (document.visibilityState === 'visible') done()
    }
    const timer = setTimeout(done, ms)
    window.addEventListener('online', done)
    document.addEventListener('visibilitychange', visible)
    signal.addEventListener('abort', done)
  })
}
