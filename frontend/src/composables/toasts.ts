import { readonly, ref } from 'vue'

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
