// Who is at which ticket right now, as far as this browser has been told. One store for the page:
// the conversation and each row of the list look into it.
import { onScopeDispose, shallowReactive } from 'vue'
import { serverNow } from '@/api/clock'
import { listPresence } from '@/api/presence'
import type { LiveEvent, Presence, Present } from '@/api/types'
import { onLiveEvent } from '@/composables/live'

/** Silence is seen within this long after it has begun to count. */
const SWEEP_MS = 5_000

const rooms = shallowReactive(new Map<number, Present[]>())

/** Those who are there and have not left. */
export function there(people: Present[], now: number): Present[] {
  return people.filter(({ state, until }) => state !== 'away' && Date.parse(until) > now)
}

export function setRoom({ number, people }: Presence): void {
  const found = there(people, serverNow())
  if (found.length) rooms.set(number, found)
  else rooms.delete(number)
}

export const peopleAt = (number: number): Present[] => rooms.get(number) ?? []

function sweep(): void {
  for (const [number, people] of rooms) {
    const left = there(people, serverNow())
    if (left.length !== people.length) setRoom({ number, people: left })
  }
}

async function reload(): Promise<void> {
  try {
    const found = await listPresence()
    rooms.clear()
    for (const room of found) setRoom(room)
  } catch {
    // Beats and events fill it in time.
  }
}

function onEvent({ type, data }: LiveEvent, me: string): void {
  if (type === 'reset') void reload()
  if (type !== 'presence' || typeof data.number !== 'number' || !data.people) return
  setRoom({ number: data.number, people: data.people.filter(({ id }) => id !== me) })
}

/** Keeps the store true. Mounted once, by the shell. */
export function useRooms(me: string): void {
  void reload()
  const stop = onLiveEvent((event) => {
    onEvent(event, me)
  })
  const timer = setInterval(sweep, SWEEP_MS)
  onScopeDispose(() => {
    stop()
    clearInterval(timer)
    rooms.clear()
  })
}
