// A form on something that others may change meanwhile. What is saved builds on what the form was
// opened on; the server refuses what was overtaken (412). Then the form says what it is now, and
// whoever typed keeps theirs or takes the other: nobody's work is lost without a word.
import { useMutation } from '@tanstack/vue-query'
import { computed, shallowRef } from 'vue'
import { isStale } from '@/api/problem'

/** One line of what a form shows, in words. */
export interface Shown {
  label: string
  value: string
  /** What is compared, where the words do not say all of it. */
  is?: unknown
}

interface Editing<T, V> {
  /** What the form was opened on; null for what is new, which nobody else knows. */
  of: T | null
  /** What of it a change names as what it builds on. */
  builds: (of: T) => V
  /** What it is now; null where it is gone. */
  load: () => Promise<T | null>
  /** All that the form would replace. What else has changed does not concern it. */
  shows: (of: T) => Shown[]
  /** Fills the form with it. */
  adopt: (now: T) => void
  save: (builds: V | null) => Promise<T>
  onSuccess: (saved: T, before: T | null) => unknown
  /** After success and failure: what is on the page besides. */
  onSettled?: () => unknown
}

/** What most things are changed against. */
export const versionOf = ({ version }: { version: number }) => version

/** Each is an overtaking of its own: so often nobody is overtaken. */
const MOST_TRIES = 5

const key = ({ label, value, is = value }: Shown) => JSON.stringify([label, is])

/** The lines that another has changed; one that is gone has no value any more. */
export function differences(before: Shown[], now: Shown[]): Shown[] {
  const known = new Set(before.map(key))
  const there = new Set(now.map(key))
  const changed = now.filter((line) => !known.has(key(line)))
  const gone = before.filter(
    (line) => !there.has(key(line)) && !changed.some(({ label }) => label === line.label),
  )
  return [...changed, ...gone.map(({ label }) => ({ label, value: '' }))]
}

export function useEditing<T, V = number>(editing: Editing<T, V>) {
  const { builds, load, shows, adopt, save } = editing
  let known = editing.of
  const theirs = shallowRef<{ now: T; lines: Shown[] } | null>(null)

  /** Learns what another has made of it; returns where that does not concern the form. */
  async function learn(before: T, error: unknown): Promise<void> {
    const now = await load()
    if (now === null) throw error
    const lines = differences(shows(before), shows(now))
    known = now
    if (!lines.length) return
    theirs.value = { now, lines }
    throw error
  }

  const saving = useMutation({
    mutationFn: async () => {
      for (let tries = 1; ; tries += 1) {
        const before = known
        try {
          return { saved: await save(before && builds(before)), before }
        } catch (error) {
          if (before === null || !isStale(error) || tries === MOST_TRIES) throw error
          await learn(before, error)
        }
      }
    },
    onSuccess: ({ saved, before }) => {
      known = saved
      theirs.value = null
      return editing.onSuccess(saved, before)
    },
    onSettled: () => editing.onSettled?.(),
  })

  return {
    /** The lines that somebody has changed meanwhile. */
    theirs: computed(() => theirs.value?.lines ?? null),
    /** What else went wrong. */
    error: computed(() => {
      const error = saving.error.value
      return theirs.value && isStale(error) ? null : error
    }),
    busy: saving.isPending,
    /** Saves what was typed, over what the form has told of. */
    submit: () => {
      saving.mutate()
    },
    /** Takes what the other has made of it. */
    take: () => {
      if (!theirs.value) return
      adopt(theirs.value.now)
      theirs.value = null
    },
  }
}
