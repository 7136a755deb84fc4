import { reactive } from 'vue'
import type { ImportChoice, ImportMode } from '@/api/types'

const DAY_MS = 86_400_000

export function useImportChoice() {
  const choice = reactive<{ mode: ImportMode; since: string }>({
    mode: 'now',
    since: new Date(Date.now() - 30 * DAY_MS).toISOString().slice(0, 10),
  })
  const body = (): ImportChoice =>
    choice.mode === 'since'
      ? { mode: 'since', since: new Date(`${choice.since}T00:00`).toISOString() }
      : { mode: choice.mode }
  return { choice, body }
}
