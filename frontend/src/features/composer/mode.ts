import type { DraftKind } from '@/api/types'

export type { DraftKind }
export type ComposeMode = 'reply' | 'reply_all' | 'forward' | 'note'

export const kindOf = (mode: ComposeMode): DraftKind =>
  mode === 'forward' || mode === 'note' ? mode : 'answer'
