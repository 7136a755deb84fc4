// What can be done, by name: one place for keys, the palette, the list of shortcuts and what each
// user has chosen instead.
import { computed, shallowReactive } from 'vue'
import { whileAwake } from './awake'
import { session } from './session'
import { useShortcuts } from './shortcuts'

export type ActGroup = 'move' | 'act' | 'write' | 'go'

/** The keys that come with Loket. An empty one has none of its own. */
export const ACTS = {
  next: { key: 'j', group: 'move' },
  previous: { key: 'k', group: 'move' },
  open: { key: 'o', group: 'move' },
  list: { key: 'u', group: 'move' },
  find: { key: '/', group: 'move' },
  find_in: { key: 'F', group: 'move' },
  sidebar: { key: '[', group: 'move' },
  fold_list: { key: '\\', group: 'move' },
  details: { key: ']', group: 'move' },
  help: { key: '?', group: 'move' },
  close: { key: 'e', group: 'act' },
  assign: { key: 'i', group: 'act' },
  status: { key: 's', group: 'act' },
  priority: { key: 'p', group: 'act' },
  tags: { key: 't', group: 'act' },
  snooze: { key: 'h', group: 'act' },
  select: { key: 'x', group: 'act' },
  merge: { key: 'M', group: 'act' },
  spam: { key: '!', group: 'act' },
  trash: { key: '#', group: 'act' },
  undo: { key: 'z', group: 'act' },
  follow: { key: '', group: 'act' },
  move: { key: '', group: 'act' },
  restore: { key: '', group: 'act' },
  delete: { key: '', group: 'act' },
  customer: { key: '', group: 'act' },
  keep: { key: '', group: 'act' },
  hold: { key: '', group: 'act' },
  request: { key: '', group: 'act' },
  split: { key: '', group: 'act' },
  attach: { key: '', group: 'act' },
  original: { key: '', group: 'act' },
  download: { key: '', group: 'act' },
  resend: { key: '', group: 'act' },
  reply: { key: 'r', group: 'write' },
  reply_all: { key: 'a', group: 'write' },
  forward: { key: 'f', group: 'write' },
  note: { key: 'n', group: 'write' },
  saved_replies: { key: 'm', group: 'write' },
  compose: { key: 'c', group: 'write' },
} as const satisfies Record<string, { key: string; group: ActGroup }>

export type ActName = keyof typeof ACTS

/** The letters that go somewhere after `g`. */
export const GO = {
  i: 'open',
  m: 'mine',
  u: 'unassigned',
  n: 'mentioned',
  d: 'drafts',
  z: 'snoozed',
  p: 'pending',
  h: 'on_hold',
  c: 'closed',
  a: 'all',
  s: 'settings',
} as const

const NAMES = Object.keys(ACTS) as ActName[]

/** By act, as the user has it. */
export const actKeys = computed(() => {
  const chosen: Record<string, string> = session.value?.preferences.keys ?? {}
  return Object.fromEntries(NAMES.map((name) => [name, chosen[name] ?? ACTS[name].key])) as Record<
    ActName,
    string
  >
})

/** As it is shown on a key: letters in capitals, as they are on keyboards. */
export function keyLabel(key: string): string {
  if (/^[a-z]$/.test(key)) return key.toUpperCase()
  return /^[A-Z]$/.test(key) ? `⇧ ${key}` : key
}

/** The key that goes with others, as it is called on this machine. */
export const modifier = navigator.platform.startsWith('Mac') ? '⌘' : 'Ctrl'

type Runs = Partial<Record<ActName, () => void>>

const offered = shallowReactive(new Set<Runs>())
const first = shallowReactive(new Set<Runs>())

/** What can be done here and now, the innermost offer of each act. */
export const actsHere = computed(() => {
  const runs = new Map<ActName, () => void>()
  for (const offer of [...offered, ...first])
    for (const name of NAMES) {
      const run = offer[name]
      if (run) runs.set(name, run)
    }
  return runs
})

/**
 * Offers acts for as long as the component is there: by their keys and in the palette. `before`:
 * rather than what others offer, whoever came last.
 */
export function useActs(runs: Runs, before = false): void {
  useShortcuts((key) => {
    if (session.value?.preferences.keys_off) return undefined
    const name = NAMES.find((act) => runs[act] && actKeys.value[act] === key)
    return name && runs[name]
  }, before)
  whileAwake(() => {
    const where = before ? first : offered
    where.add(runs)
    return () => where.delete(runs)
  })
}
