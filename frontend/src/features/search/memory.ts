// What was looked for, in the memory of this page and nowhere else: no address, no history that the
// browser writes down, no storage. An entry of the history holds a key without meaning; the query
// that belongs to it is gone with the page.
import { onScopeDispose, readonly, ref, shallowRef, watch } from 'vue'
import { useRouter, type Router } from 'vue-router'
import { session } from '@/composables/session'
import type { SearchSort } from './types'

export interface Asked {
  q: string
  sort: SearchSort
}

const MOST_KEPT = 200
const MOST_RECENT = 8

const kept = new Map<string, Asked>()
const recent = ref<string[]>([])
/** Of a link that was opened before anybody had signed in. */
let linked: string | null = null

export const recentSearches = readonly(recent)

/** The key by which an entry of the history finds it again. */
export function keep(asked: Asked): string {
  const key = crypto.randomUUID()
  kept.set(key, asked)
  const [oldest] = kept.keys()
  if (kept.size > MOST_KEPT && oldest) kept.delete(oldest)
  return key
}

export const recall = (key: unknown): Asked | undefined =>
  typeof key === 'string' ? kept.get(key) : undefined

export function remember(q: string): void {
  const text = q.trim()
  if (text)
    recent.value = [text, ...recent.value.filter((known) => known !== text)].slice(0, MOST_RECENT)
}

export function forgetRecent(): void {
  recent.value = []
}

// Who signs in next at this browser is somebody else.
watch(session, (now) => {
  if (now) return
  forgetRecent()
  kept.clear()
  linked = null
})

const SORTS: SearchSort[] = ['best', 'newest', 'oldest']

/** A link to a search. What stands behind the `#` is sent to no server. */
export function linkTo({ q, sort }: Asked): string {
  const fragment = new URLSearchParams(sort === 'best' ? { q } : { q, sort })
  return `${location.origin}/search#${fragment.toString()}`
}

/** What the page keeps of such a link: the state of the entry that takes its place. */
export function takeLinked(fragment: string): { search: string } | undefined {
  const given = new URLSearchParams(fragment.replace(/^#/, ''))
  const q = given.get('q')?.trim()
  if (!q) return undefined
  remember(q)
  linked = keep({ q, sort: SORTS.find((sort) => sort === given.get('sort')) ?? 'best' })
  return { search: linked }
}

const keyHere = (): unknown => (history.state as { search?: unknown } | null)?.search

/** The search that the present entry of the history stands for. */
function here(): { key: string; asked: Asked } | null {
  const key = keyHere()
  const asked = recall(key)
  if (typeof key === 'string' && asked) {
    if (key === linked) linked = null
    return { key, asked }
  }
  const brought = recall(linked)
  if (!linked || !brought) return null
  // The sign-in came between.
  history.replaceState({ ...(history.state as object), search: linked }, '')
  const found = { key: linked, asked: brought }
  linked = null
  return found
}

/** The search of the page, kept up with the browser's own back and forward. */
export function useAsked() {
  const router = useRouter()
  const current = shallowRef(here())
  onScopeDispose(
    router.afterEach((to) => {
      if (to.name === 'search') current.value = here()
    }),
  )
  return current
}

/** Where a search is answered, with a ticket beside it or without. */
export const placeOf = (key: string, number: number | null = null) => ({
  name: 'search',
  params: { number: number ?? '' },
  state: { search: key },
})

/** Goes to the results. */
export function goSearch(
  router: Router,
  asked: Asked,
  { number = null as number | null, replace = false } = {},
): void {
  remember(asked.q)
  // The address is the same for each search; the router would stay where it is.
  void router.push({ ...placeOf(keep(asked), number), replace, force: true })
}

export function useSearching() {
  const router = useRouter()
  return (asked: Asked, how?: Parameters<typeof goSearch>[2]) => {
    goSearch(router, asked, how)
  }
}
