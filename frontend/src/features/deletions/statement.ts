import type { CountedKind, Stated } from '@/api/types'

/** In the order in which they are told. */
export const KINDS: CountedKind[] = [
  'tickets',
  'messages',
  'attachments',
  'contacts',
  'originals',
  'answers',
  'drafts',
  'ledger_lines',
]

/** The range of the messages, as moments; null when there was none. */
export function rangeOf({ oldest, newest }: Stated['deleted']) {
  if (oldest === null || newest === null) return null
  return { oldest: new Date(oldest).toISOString(), newest: new Date(newest).toISOString() }
}

/** In groups of four, as people compare it; checking ignores the blanks. */
export const spaced = (fingerprint: string) => fingerprint.match(/.{1,4}/g)?.join(' ') ?? ''

export const fileName = (id: string) => `loket-statement-${id}.json`

/** What checks the file, on any machine. */
export const command = (stated: Pick<Stated, 'id' | 'signing_key'>) =>
  `loket statement verify ${fileName(stated.id)} --key ${stated.signing_key.fingerprint}`
