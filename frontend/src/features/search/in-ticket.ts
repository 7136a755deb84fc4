// What is found in the ticket that is open: which messages, and the place where the reader is. One at
// a time, as there is one conversation at a time.
import { computed, shallowRef } from 'vue'
import type { Message } from '@/api/types'
import type { Piece, TicketFound } from './types'

export interface Place {
  message: string
  /** Which of the hits of the message, from 0. */
  nth: number
}

interface Found {
  pieces: ReadonlyMap<string, Piece[]>
  /** Each hit, in the order in which it is read. */
  places: Place[]
  at: number
}

export const found = shallowRef<Found | null>(null)

export const placeNow = computed(() => found.value?.places[found.value.at] ?? null)

/** Puts the answer in the order of the conversation. */
export function show(answer: TicketFound, order: readonly string[]): void {
  const pieces = new Map(answer.messages.map(({ message_id: id, pieces: all }) => [id, all]))
  const places = order.flatMap((message) => {
    const hits = pieces.get(message)?.filter(({ hit }) => hit).length ?? 0
    return Array.from({ length: hits }, (_, nth) => ({ message, nth }))
  })
  found.value = { pieces, places, at: 0 }
}

export function step(by: 1 | -1): void {
  const now = found.value
  const count = now?.places.length ?? 0
  if (now && count) found.value = { ...now, at: (now.at + by + count) % count }
}

export function stopFinding(): void {
  found.value = null
}

/** The words that were found, as they are written in the message. */
export const wordsIn = (pieces: readonly Piece[] | undefined): string[] => [
  ...new Set((pieces ?? []).filter(({ hit, text }) => hit && text.trim()).map(({ text }) => text)),
]

/** What a message shows of it: its pieces, where the reader is, and whether the quote hides any. */
export function useFound(message: () => Message) {
  const pieces = computed(() => found.value?.pieces.get(message().id) ?? null)
  const nth = computed(() => {
    const now = placeNow.value
    return now?.message === message().id ? now.nth : null
  })
  const inQuote = computed(
    () =>
      nth.value !== null &&
      wordsIn(pieces.value ?? []).some((word) => !message().text.includes(word)),
  )
  return { pieces, nth, inQuote }
}
