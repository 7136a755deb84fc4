// What happened to a ticket, as the server keeps it: each changed field beside what it was before.
import type { Message } from '@/api/types'

type TicketEvent = NonNullable<Message['event']>

export interface EventPhrase {
  /** Below `event`, or a whole name of a translation. */
  key: string
  /** The status that the phrase names. */
  status?: string
  /** The membership that the phrase names. */
  assignee?: string
  priority?: string
  /** A moment that the phrase names. */
  until?: string
  /** Ids whose names stand in the event, and what is said where one is gone. */
  named?: { name?: string; source?: string; target?: string; gone: string }
}

const act = (key: string, more: Partial<EventPhrase> = {}): EventPhrase => ({
  key: `acts.event.${key}`,
  ...more,
})

/** One phrase for each thing that the event changed. */
export function eventPhrases(event: TicketEvent): EventPhrase[] {
  const data = (event.data ?? {}) as Record<string, unknown>
  const whole = wholeAct(data)
  if (whole) return [whole]
  const phrases: EventPhrase[] = []
  if (typeof data.undone === 'string') phrases.push(act('undone'))
  if (typeof data.status === 'string') phrases.push(statusPhrase(data.status, data.status_before))
  if ('assignee' in data) phrases.push(assigneePhrase(data.assignee, event.actor?.id))
  if ('team' in data) phrases.push(teamPhrase(data.team))
  if (typeof data.priority === 'string') phrases.push(act('priority', { priority: data.priority }))
  if ('snoozed_until' in data && !('status' in data && data.snoozed_until === null))
    phrases.push(
      typeof data.snoozed_until === 'string'
        ? act('snoozed', { until: data.snoozed_until })
        : act('woken'),
    )
  for (const id of ids(data.tags_added))
    phrases.push(act('tagged', { named: { name: id, gone: 'a_tag' } }))
  for (const id of ids(data.tags_removed))
    phrases.push(act('untagged', { named: { name: id, gone: 'a_tag' } }))
  if (typeof data.mailbox === 'string')
    phrases.push(act('moved', { named: { name: data.mailbox, gone: 'a_mailbox' } }))
  if ('contact' in data) phrases.push({ key: 'customer_changed' })
  return phrases.length ? phrases : [{ key: 'changed' }]
}

/** What is one thing, however many fields it changed. */
function wholeAct(data: Record<string, unknown>): EventPhrase | null {
  if (data.woke === true) return act('woke')
  if (data.kept === true) return act('kept')
  if (typeof data.follower === 'string')
    return act(data.follows === true ? 'follower' : 'follower_gone', {
      named: { name: data.follower, gone: 'a_colleague' },
    })
  if (data.follows === true) return act('follows')
  if (data.follows === false) return act('follows_no_more')
  if (typeof data.undone === 'string') return act('undone')
  if (typeof data.delete_at === 'string') return act('deleting')
  const tickets = (source: unknown, target: unknown) => ({
    named: { source: String(source), target: String(target), gone: 'a_ticket' },
  })
  if ('attached' in data) return act('merged', tickets(data.attached, data.attached_to))
  if ('split' in data) return act('split', tickets(data.split_from, data.split))
  return null
}

const ids = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((id) => typeof id === 'string') : []

function statusPhrase(status: string, before: unknown): EventPhrase {
  if ((before === 'spam' || before === 'trash') && status !== 'spam' && status !== 'trash')
    return act('restored')
  if (status === 'closed') return { key: 'closed' }
  if (status === 'open' && before === 'closed') return { key: 'reopened' }
  return { key: 'status', status }
}

function assigneePhrase(assignee: unknown, actor: string | undefined): EventPhrase {
  if (typeof assignee !== 'string') return { key: 'unassigned' }
  return assignee === actor ? { key: 'assigned_self' } : { key: 'assigned', assignee }
}

function teamPhrase(team: unknown): EventPhrase {
  return typeof team === 'string'
    ? act('team', { named: { name: team, gone: 'a_team' } })
    : act('no_team')
}

/** On how many tickets an act was, if it was on several at once. */
export function ticketsOf(message: Message): number {
  const { tickets } = dataOf(message)
  return typeof tickets === 'number' ? tickets : 1
}

/** Kinds of acts that can be taken back from their line. */
const UNDOABLE = ['merge', 'split', 'spam', 'trash', 'move', 'bulk', 'delete']
const UNDO_WITHIN_MS = 30 * 86_400_000

/**
 * The act behind an event, if it can be taken back there: within 30 days, unless that was done
 * already, as a later event of the conversation says.
 */
export function undoable(message: Message, messages: Message[], now: number): string | null {
  const data = dataOf(message)
  if (typeof data.act !== 'string' || !UNDOABLE.includes(String(data.act_kind))) return null
  if (now - Date.parse(message.at) > UNDO_WITHIN_MS) return null
  return undoing(message, messages) ? null : data.act
}

const dataOf = ({ event }: Message) => (event?.data ?? {}) as Record<string, unknown>

/** The event that tells that what this one tells was undone. */
export function undoing(message: Message, messages: Message[]): Message | undefined {
  const { act } = dataOf(message)
  return typeof act === 'string'
    ? messages.find((later) => dataOf(later).undone === act)
    : undefined
}

/** The line of what was done tells as well that it was undone: that needs none of its own. */
export function withoutUndoings(messages: Message[]): Message[] {
  const acts = new Set(messages.map((message) => dataOf(message).act))
  const told = (undone: unknown) => typeof undone === 'string' && acts.has(undone)
  return messages.filter((message) => !told(dataOf(message).undone))
}
