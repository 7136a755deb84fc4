// An answer that was taken back from elsewhere (a toast, after the list had moved on) goes to the
// reply box of its ticket, if that is open by then.
import type { Draft } from '@/api/types'

const boxes = new Map<number, (draft: Draft | null) => void>()

export function onRestored(number: number, show: (draft: Draft | null) => void): () => void {
  boxes.set(number, show)
  return () => {
    if (boxes.get(number) === show) boxes.delete(number)
  }
}

export function showRestored(number: number, draft: Draft | null): void {
  boxes.get(number)?.(draft)
}
