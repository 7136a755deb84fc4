import type { Ticket } from '../api/types'
import type { Db } from './db'
import { emit } from './world'

/** After a change: what a list shows of it, and an event. */
export function touch(db: Db, ticket: Ticket): void {
  const mails = ticket.messages.filter(({ kind }) => kind !== 'event')
  ticket.version += 1
  ticket.message_count = mails.length
  ticket.snippet = (mails.at(-1)?.text ?? '').replace(/\s+/g, ' ').slice(0, 160)
  ticket.last_message_at = mails.at(-1)?.at ?? ticket.last_message_at
  emit(db, 'ticket', { number: ticket.number, kind: 'ticket_updated' })
}

/** An answer leaves ten seconds after it was given, as it does in Loket. */
export function deliver(db: Db, ticket: Ticket, id: string): void {
  const step = (after: number, change: (target: Ticket['messages'][number]) => void) =>
    setTimeout(() => {
      const target = ticket.messages.find((entry) => entry.id === id)
      if (!target?.delivery || target.delivery.state === 'cancelled') return
      change(target)
      emit(db, 'message', { number: ticket.number, message_id: id, kind: 'delivery_changed' })
    }, after).unref()
  step(10_000, ({ delivery }) => {
    if (delivery)
      Object.assign(delivery, {
        state: 'sending',
        undo_until: null,
        attempts: 1,
        can_cancel: false,
      })
  })
  step(11_200, ({ delivery }) => {
    if (delivery) delivery.state = 'sent'
  })
}
