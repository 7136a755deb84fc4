// Going through a list by keys, with one ticket open beside it.
import { computed, nextTick, onScopeDispose, ref, watch } from 'vue'
import { useQueryClient } from '@tanstack/vue-query'
import { useRouter, type RouteLocationRaw } from 'vue-router'
import type { TicketSummary } from '@/api/types'
import { actKeys, useActs } from '@/composables/acts'
import { afterPaint } from '@/composables/paint'
import { useSession } from '@/composables/session'
import { beforeKeys, useShortcuts } from '@/composables/shortcuts'
import { keys, usePrefetch, useReadAhead } from './queries'

/** Who goes on within this time is leafing; what they pass by is not shown. */
const LEAFING_MS = 120
/**
 * The ticket before stays for no longer than this where the one that was opened has to come first:
 * what stands there in between takes longer to draw than most tickets take to come.
 */
const COMING_MS = 80

export function useLeafing(
  tickets: () => TicketSummary[],
  number: () => number | null,
  place: (number: number | null) => RouteLocationRaw,
  isReady: (number: number) => boolean,
) {
  const router = useRouter()
  const session = useSession()
  const index = computed(() => tickets().findIndex((ticket) => ticket.number === number()))
  const { shown, later } = useShown(number)

  function open(to: number | null): void {
    if (to === number()) return
    // Moving through tickets is one step in the history, not one for each.
    void (number() === null || to === null ? router.push(place(to)) : router.replace(place(to)))
  }

  // Where the open ticket stood, so that moving on still works once it has left the list.
  const lastIndex = ref(0)
  let lastSeen: number | null = null
  watch(
    [index, number],
    ([now, of]) => {
      if (now < 0) return
      lastIndex.value = now
      lastSeen = of
    },
    { immediate: true },
  )

  // Whoever reads one goes on to its neighbours.
  usePrefetch(() => {
    const at = index.value
    return at < 0
      ? []
      : [tickets()[at + 1], tickets()[at - 1]].flatMap((ticket) => ticket?.number ?? [])
  })

  function target(step: 1 | -1): number {
    if (number() === null) return 0
    if (index.value >= 0) return index.value + step
    return step === 1 ? lastIndex.value : lastIndex.value - 1
  }

  /** The ticket that a step leads to, of those that are there. */
  function stepped(step: 1 | -1): TicketSummary | undefined {
    const all = tickets()
    return all[Math.min(Math.max(target(step), 0), all.length - 1)]
  }

  // Whoever goes on goes on in the same direction.
  const direction = ref<1 | -1>(1)
  const next = computed(() => {
    const to = stepped(direction.value)?.number ?? null
    return number() === null || to === number() ? null : to
  })

  function move(step: 1 | -1): void {
    const next = stepped(step)
    if (!next || next.number === number()) return
    direction.value = step
    later(isReady(next.number))
    open(next.number)
  }

  /**
   * After an act that is done with the ticket: to where the user likes to be then. `kept` is the
   * ticket that this one has become a part of.
   */
  async function moveOn(kept?: number): Promise<void> {
    const at = index.value
    const all = tickets()
    // It may have left the list already: then the next one stands in its place.
    const next =
      at >= 0 ? (all[at + 1] ?? all[at - 1]) : (all[lastIndex.value] ?? all[lastIndex.value - 1])
    const { after_act: after } = session.value.preferences
    if (after === 'stay') {
      if (kept !== undefined) open(kept)
      return
    }
    if (at < 0 && lastSeen !== number()) return
    const refocus = heldFocus()
    direction.value = 1
    await nextTick()
    open(after === 'list' ? null : (next?.number ?? null))
    refocus(next?.number)
  }

  const openFirst = () => {
    if (number() === null) move(1)
  }

  useActs({
    next: () => {
      move(1)
    },
    previous: () => {
      move(-1)
    },
    list: () => {
      open(null)
    },
    open: openFirst,
  })
  useShortcuts({ Enter: openFirst })

  return { shown, next, open, moveOn }
}

/**
 * Where the focus was may be gone with the ticket: then it goes to the row of the next one, and not
 * to the beginning of the page.
 */
function heldFocus(): (to: number | undefined) => void {
  const { body } = document
  if (document.activeElement === body) return () => undefined
  return (to) => {
    afterPaint(() => {
      const now = document.activeElement
      if (to === undefined || (now && now !== body && !now.closest('[inert]'))) return
      const rows = document.querySelectorAll<HTMLElement>('#content li > a')
      const row = [...rows].find((link) => link.getAttribute('href')?.endsWith(`/${String(to)}`))
      // On a narrow page there is no list beside it.
      if (row?.checkVisibility()) row.focus({ preventScroll: true })
      else document.getElementById('content')?.focus({ preventScroll: true })
    })
  }
}

/**
 * Which ticket stands beside the list. At a step through it, the row is marked first: the ticket
 * comes when that is painted, or when somebody who leafs quickly has come to a stop. One that stands
 * ready costs no time: it comes with its row.
 */
function useShown(number: () => number | null) {
  const client = useQueryClient()
  const readAhead = useReadAhead()
  const shown = ref(number())
  let waits = false
  let stepped = 0
  let frame = 0
  let timer: ReturnType<typeof setTimeout> | undefined

  function forget(): void {
    cancelAnimationFrame(frame)
    clearTimeout(timer)
  }
  function catchUp(): void {
    forget()
    waits = false
    shown.value = number()
  }

  /** The step that follows is one of leafing. */
  function later(ready: boolean): void {
    const now = performance.now()
    const quick = now - stepped < LEAFING_MS
    stepped = now
    forget()
    waits = quick || !ready
    if (!waits) return
    if (quick) timer = setTimeout(catchUp, LEAFING_MS)
    // After the paint of that frame, not before it.
    else frame = requestAnimationFrame(() => (timer = setTimeout(catchUp)))
  }

  const isHere = (to: number) => client.getQueryData(keys.ticket(to)) !== undefined
  async function awaitIt(to: number): Promise<void> {
    waits = true
    forget()
    timer = setTimeout(catchUp, COMING_MS)
    await readAhead(to)
    if (waits && number() === to) catchUp()
  }

  watch(number, (to) => {
    if (to === null || shown.value === null) catchUp()
    else if (waits) return
    else if (isHere(to)) catchUp()
    else void awaitIt(to)
  })
  // Any other key is meant for the ticket whose row is marked. The page has it by the time that the
  // key acts: between two listeners, Vue draws.
  beforeKeys((key) => {
    const { next, previous } = actKeys.value
    if (waits && key !== next && key !== previous) catchUp()
  })
  onScopeDispose(forget)
  return { shown, later }
}
