import type { Delivery } from '@/api/types'

/** What a person can do about an answer on its way. */
export interface DeliveryActions {
  /** Within the undo window. */
  undo: boolean
  /** Later, when it went nowhere. */
  toDraft: boolean
  /** It was refused, or came back. */
  retry: boolean
  /** It waits for a yes. */
  sendNow: boolean
  /** It may have arrived: sending it again is asked for twice. */
  askAgain: boolean
  /** It may have arrived, and somebody knows. */
  arrived: boolean
}

/** An attempt that ended in these may have gone through. */
const DOUBTFUL = new Set(['connection_lost', 'interrupted'])

/** Nothing leaves by a mailbox that is disconnected; what is known of an answer can be put right. */
export function actionsOf(
  { state, code, can_cancel }: Delivery,
  disconnected = false,
): DeliveryActions {
  const asks = state === 'needs_confirmation'
  const doubtful = state === 'in_doubt' || (asks && DOUBTFUL.has(code ?? ''))
  return {
    undo: state === 'waiting' && can_cancel,
    toDraft: state !== 'waiting' && can_cancel,
    retry: !disconnected && ((state === 'failed' && code !== 'unreadable') || state === 'retrying'),
    sendNow: !disconnected && asks && !doubtful,
    askAgain: !disconnected && doubtful,
    arrived: doubtful,
  }
}
