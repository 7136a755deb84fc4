import { readonly, ref, shallowReactive, watch, type Ref } from 'vue'
import { whileAwake } from './awake'

interface Toast {
  id: number
  text: string
  tone: 'plain' | 'bad'
  action?: { label: string; run: () => void }
  /** Goes when what it is about has changed: see `dismissAbout`. */
  about?: string
  /** How long it stays, in ms. */
  life?: number
}

/** Boxes that somebody types in: no toast lies over one. */
export const keptClear = shallowReactive(new Set<HTMLElement>())

/** For as long as it is shown. */
export function keepClear(box: Readonly<Ref<HTMLElement | null>>): void {
  whileAwake(() => {
    let known: HTMLElement | null = null
    const turn = (next: HTMLElement | null) => {
      if (known) keptClear.delete(known)
      if (next) keptClear.add(next)
      known = next
    }
    const stop = watch(box, turn, { immediate: true, flush: 'post' })
    return () => {
      stop()
      turn(null)
    }
  })
}

const LIFE_MS = { plain: 5_000, bad: 9_000 }

const list = ref<Toast[]>([])
let next = 1

export const toasts = readonly(list)

export function showToast(text: string, options: Partial<Omit<Toast, 'id' | 'text'>> = {}): number {
  const toast: Toast = { id: next++, text, tone: 'plain', ...options }
  // Three at most: an older one has been read or will not be.
  list.value = [...list.value.slice(-2), toast]
  setTimeout(() => {
    dismissToast(toast.id)
  }, toast.life ?? LIFE_MS[toast.tone])
  return toast.id
}

export function dismissToast(id: number): void {
  list.value = list.value.filter((toast) => toast.id !== id)
}

export function dismissAbout(about: string): void {
  list.value = list.value.filter((toast) => toast.about !== about)
}
