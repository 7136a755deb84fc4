import { describe, expect, it } from 'vitest'
import type { Delivery } from '@/api/types'
import { actionsOf } from './delivery'

const delivery = (
  state: Delivery['state'],
  code: string | null = null,
  can_cancel = false,
): Delivery => ({
  state,
  code,
  can_cancel,
  undo_until: null,
  attempts: 1,
  error: null,
  next_attempt_at: null,
  bounced: [],
})

const offered = (of: Delivery, disconnected = false) =>
  Object.entries(actionsOf(of, disconnected))
    .filter(([, offers]) => offers)
    .map(([name]) => name)

describe('actionsOf', () => {
  it.each<[string, Delivery, string[]]>([
    ['in the undo window', delivery('waiting', null, true), ['undo']],
    ['on its way', delivery('sending'), []],
    ['sent', delivery('sent'), []],
    [
      'overtaken by the customer',
      delivery('needs_confirmation', 'newer_message', true),
      ['toDraft', 'sendNow'],
    ],
    [
      'overtaken after an attempt that may have gone through',
      delivery('needs_confirmation', 'connection_lost'),
      ['askAgain', 'arrived'],
    ],
    ['refused for now', delivery('retrying', 'refused_for_now', true), ['toDraft', 'retry']],
    ['refused', delivery('failed', 'refused', true), ['toDraft', 'retry']],
    ['came back', delivery('failed', 'bounced'), ['retry']],
    ['can no longer be read', delivery('failed', 'unreadable', true), ['toDraft']],
    ['in doubt', delivery('in_doubt', 'connection_lost'), ['askAgain', 'arrived']],
  ])('%s', (_, of, expected) => {
    expect(offered(of)).toEqual(expected)
  })

  it.each<[string, Delivery, string[]]>([
    ['refused', delivery('failed', 'refused', true), ['toDraft']],
    ['overtaken', delivery('needs_confirmation', 'newer_message', true), ['toDraft']],
    ['in doubt', delivery('in_doubt', 'connection_lost'), ['arrived']],
  ])('sends nothing by a mailbox that is disconnected: %s', (_, of, expected) => {
    expect(offered(of, true)).toEqual(expected)
  })
})
