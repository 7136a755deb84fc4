import { describe, expect, it } from 'vitest'
import { eventPhrases } from './event-words'

const event = (data: object) => ({
  kind: 'ticket_updated',
  actor: { id: 'anna', name: 'Anna' },
  data: data as never,
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
    [{ attached: 't1', attached_to: 't2' }, [{ key: 'attached' }]],
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
