// What happened to a ticket, as the server keeps it: each changed field beside what it was before.
import type { Message } from '@/api/types'

export interface EventPhrase {
  key: string
  /** The status that the phrase names. */
  status?: string
  /** The membership that the phrase names. */
  assignee?: string
}

/** One phrase for each thing that the event changed. */
export function eventPhrases(event: NonNullable<Message['event']>): EventPhrase[] {
  const data = (event.data ?? {}) as Record<string, unknown>
  const phrases: EventPhrase[] = []
  if (typeof data.status === 'string') phrases.push(statusPhrase(data.status, data.status_before))
  if ('assignee' in data) phrases.push(assigneePhrase(data.assignee, event.actor?.id))
  if ('attached' in data) phrases.push({ key: 'attached' })
  if ('contact' in data) phrases.push({ key: 'customer_changed' })
  return phrases.length ? phrases : [{ key: 'changed' }]
}

function statusPhrase(status: string, before: unknown): EventPhrase {
  if (status === 'closed') return { key: 'closed' }
  if (status === 'open' && before === 'closed') return { key: 'reopened' }
  return { key: 'status', status }
}

function assigneePhrase(assignee: unknown, actor: string | undefined): EventPhrase {
  if (typeof assignee !== 'string') return { key: 'unassigned' }
  return assignee === actor ? { key: 'assigned_self' } : { key: 'assigned', assignee }
}
