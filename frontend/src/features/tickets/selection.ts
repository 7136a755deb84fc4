// Which tickets of the list are chosen, for acts on many at once. It lives as long as the list that
// they were chosen in.
import { computed, ref } from 'vue'
import type { ActName } from '@/composables/acts'

/** As many as the server changes in one request. */
export const MOST = 500

const chosen = ref<ReadonlySet<number>>(new Set())
/** Where a range begins. */
let anchor: number | null = null

export const selection = computed(() => chosen.value)
export const selected = computed(() => [...chosen.value].sort((a, b) => a - b))
export const anySelected = computed(() => chosen.value.size > 0)

/** What the bar does to all of them. */
export const OF_MANY = [
  'close',
  'spam',
  'trash',
  'merge',
  'tags',
  'snooze',
  'assign',
  'status',
  'priority',
] as const satisfies ActName[]
type ActOfMany = (typeof OF_MANY)[number]

/** Asked for while the bar was not there yet. */
let waiting: ActOfMany | null = null

/** The bar does it once it is there. */
export function leaveToBar(act: ActOfMany): void {
  waiting = act
}
export function takeWaiting(): ActOfMany | null {
  const act = waiting
  waiting = null
  return act
}

function set(numbers: Iterable<number>): void {
  chosen.value = new Set([...numbers].slice(0, MOST))
  if (!chosen.value.size) waiting = null
}

export function toggleSelected(number: number): void {
  const next = new Set(chosen.value)
  if (!next.delete(number)) next.add(number)
  anchor = number
  set(next)
}

/** From the last one that was chosen to this one, in the order of the list. */
export function selectRange(number: number, list: readonly number[]): void {
  const to = list.indexOf(number)
  const from = anchor === null ? -1 : list.indexOf(anchor)
  if (to < 0 || from < 0) {
    toggleSelected(number)
    return
  }
  const range = list.slice(Math.min(from, to), Math.max(from, to) + 1)
  set([...chosen.value, ...range])
}

export function selectAll(list: readonly number[]): void {
  set(list)
  anchor = list[0] ?? null
}

export function clearSelection(): void {
  set([])
  anchor = null
}

/** What has left the list is chosen no more. */
export function keepSelected(list: readonly number[]): void {
  if (!chosen.value.size) return
  const there = new Set(list)
  const left = [...chosen.value].filter((number) => there.has(number))
  if (left.length !== chosen.value.size) set(left)
}
