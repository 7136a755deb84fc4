import { describe, expect, it } from 'vitest'
import type { Message } from '@/api/types'
import { eventPhrases, undoable, undoing, withoutUndoings } from './event-words'

const event = (data: object) => ({
  kind: 'ticket_updated',
  actor: { id: 'anna', name: 'Anna' },
  data: data as never,
  names: {},
})

describe('eventPhrases', () => {
  it.each([
    [{ status: 'closed', status_before: 'open' }, [{ key: 'closed' }]],
    [{ status: 'open', status_before: 'closed' }, [{ key: 'reopened' }]],
    [{ status: 'spam', status_before: 'open' }, [{ key: 'status', status: 'spam' }]],
    [{ assignee: 'anna', assignee_before: null }, [{ key: 'assigned_self' }]],
    [{ assignee: 'ben', assignee_before: 'anna' }, [{ key: 'assigned', assignee: 'ben' }]],
    [{ assignee: null, assignee_before: 'anna' }, [{ key: 'unassigned' }]],
    [{ contact: 'c2', contact_before: 'c1' }, [{ key: 'customer_changed' }]],
    [
      { attached: 't1', attached_to: 't2', act: 'a', act_kind: 'merge' },
      [{ key: 'acts.event.merged', named: { source: 't1', target: 't2', gone: 'a_ticket' } }],
    ],
    [
      { follows: true, follower: 'ben' },
      [{ key: 'acts.event.follower', named: { name: 'ben', gone: 'a_colleague' } }],
    ],
    [
      { priority: 'high', priority_before: 'low' },
      [{ key: 'acts.event.priority', priority: 'high' }],
    ],
    [
      { tags_added: ['x'], tags_removed: ['y'] },
      [
        { key: 'acts.event.tagged', named: { name: 'x', gone: 'a_tag' } },
        { key: 'acts.event.untagged', named: { name: 'y', gone: 'a_tag' } },
      ],
    ],
    [
      { snoozed_until: '2026-12-01T08:00:00Z' },
      [{ key: 'acts.event.snoozed', until: '2026-12-01T08:00:00Z' }],
    ],
    [{ snoozed_until: null }, [{ key: 'acts.event.woken' }]],
    [{ status: 'closed', snoozed_until: null }, [{ key: 'closed' }]],
    [{ woke: true, snoozed_until_before: 'x' }, [{ key: 'acts.event.woke' }]],
    [{ status: 'open', status_before: 'spam' }, [{ key: 'acts.event.restored' }]],
    [{ status: 'open', undone: 'a' }, [{ key: 'acts.event.undone' }]],
    [{ team: null, team_before: 'x' }, [{ key: 'acts.event.no_team' }]],
    [{}, [{ key: 'changed' }]],
  ])('says %j', (data, phrases) => {
    expect(eventPhrases(event(data))).toEqual(phrases)
  })

  it('says each of several changes', () => {
    expect(eventPhrases(event({ status: 'closed', assignee: 'anna' }))).toEqual([
      { key: 'closed' },
      { key: 'assigned_self' },
    ])
  })
})

describe('undoable', () => {
  const at = '2026-11-01T10:00:00Z'
  const line = (data: object) => ({ at, event: event(data) }) as unknown as Message
  const days = (n: number) => Date.parse(at) + n * 86_400_000
  const merge = line({ attached: 's', attached_to: 't', act: 'a', act_kind: 'merge' })

  it('names the act of a merge, for 30 days', () => {
    expect(undoable(merge, [merge], days(29))).toBe('a')
    expect(undoable(merge, [merge], days(31))).toBeNull()
  })

  it('leaves alone what was undone, and small changes', () => {
    expect(undoable(merge, [merge, line({ undone: 'a' })], days(1))).toBeNull()
    const undone = line({ undone: 'a' })
    expect(undoing(merge, [merge, undone])).toBe(undone)
    const small = line({ priority: 'high', act: 'b', act_kind: 'change' })
    expect(undoable(small, [small], days(1))).toBeNull()
  })
})

describe('withoutUndoings', () => {
  it('leaves out what the line of the act tells, and nothing else', () => {
    const line = (data: object) => ({ event: event(data) }) as unknown as Message
    const lines = [{ status: 'closed', act: 'a' }, { undone: 'a' }, { undone: 'b' }, {}].map(line)
    expect(withoutUndoings(lines)).toEqual([lines[0], lines[2], lines[3]])
  })
})
