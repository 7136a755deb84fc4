// Changes to a ticket are shown at once and taken back, with the reason, when the server refuses.
import { useMutation, useQueryClient } from '@tanstack/vue-query'
import { useI18n } from 'vue-i18n'
import { getTicket, updateTicket, type TicketFilter } from '@/api/tickets'
import { Problem } from '@/api/problem'
import type { NamedRef, Ticket, TicketStatus, TicketSummary } from '@/api/types'
import { useProblems } from '@/composables/problems'
import { useSession } from '@/composables/session'
import { showToast } from '@/composables/toasts'
import { keys, type TicketPages } from './queries'
import { fits } from './views'

interface Change {
  ticket: Pick<TicketSummary, 'number' | 'version' | 'status' | 'assignee'>
  status?: TicketStatus
  assignee?: NamedRef | null
  /** Taking a change back needs no word about how to take it back. */
  undoing?: boolean
}

export function useTicketChange() {
  const client = useQueryClient()
  const session = useSession()
  const problems = useProblems()
  const { t } = useI18n()

  /** The newest version that this browser knows, so that two quick acts do not refuse each other. */
  function version(ticket: Change['ticket']): number {
    const known = client.getQueryData<Ticket>(keys.ticket(ticket.number))?.version ?? 0
    return Math.max(known, ticket.version)
  }

  function patch(number: number, apply: (ticket: TicketSummary) => TicketSummary): void {
    const me = session.value.membership.id
    for (const [key, pages] of client.getQueriesData<TicketPages>({ queryKey: keys.lists })) {
      if (!pages) continue
      const filter = key[2] as TicketFilter
      client.setQueryData<TicketPages>(key, {
        ...pages,
        pages: pages.pages.map((page) => ({
          ...page,
          items: page.items.flatMap((item) => {
            if (item.number !== number) return [item]
            const next = apply(item)
            return filter.q || fits(filter, next, me) ? [next] : []
          }),
        })),
      })
    }
    client.setQueryData<Ticket>(keys.ticket(number), (ticket) =>
      ticket ? { ...ticket, ...apply(ticket) } : ticket,
    )
  }

  const mutation = useMutation({
    mutationFn: async ({ ticket, status, assignee }: Change) => {
      const change = {
        ...(status === undefined ? {} : { status }),
        ...(assignee === undefined ? {} : { assignee_id: assignee?.id ?? null }),
      }
      try {
        return await updateTicket(ticket.number, version(ticket), change)
      } catch (error) {
        if (!(error instanceof Problem && error.status === 412)) throw error
        // Something else about the ticket is newer, perhaps by our own hand (a note, a draft). Only
        // what this act builds on has to be as it was seen.
        const now = await getTicket(ticket.number)
        const same =
          now.status === ticket.status &&
          (now.assignee?.id ?? null) === (ticket.assignee?.id ?? null)
        if (!same) throw error
        return updateTicket(ticket.number, now.version, change)
      }
    },
    onMutate: async ({ ticket, status, assignee }) => {
      await client.cancelQueries({ queryKey: keys.tickets })
      const before = client.getQueriesData({ queryKey: keys.tickets })
      patch(ticket.number, (item) => ({
        ...item,
        status: status ?? item.status,
        assignee: assignee === undefined ? item.assignee : assignee,
      }))
      return { before }
    },
    // Here and not at the call: whoever called may be gone, because the list has moved on.
    onSuccess: (summary, change) => {
      patch(summary.number, (item) => ({ ...item, ...summary }))
      tell(summary, change)
    },
    onError: (error, { ticket }, context) => {
      for (const [key, data] of context?.before ?? []) client.setQueryData(key, data)
      problems.toast(error, t('ticket.not_changed', { number: ticket.number }))
    },
    onSettled: () => client.invalidateQueries({ queryKey: keys.tickets }),
  })

  function tell(summary: TicketSummary, { ticket, status, assignee, undoing }: Change): void {
    if (assignee !== undefined)
      showToast(
        assignee
          ? t('ticket.assigned_toast', { name: assignee.name })
          : t('ticket.unassigned_toast'),
      )
    if (status === undefined || undoing) return
    const text =
      status === 'closed'
        ? t('ticket.closed_toast', { number: ticket.number })
        : status === 'open' && ticket.status === 'closed'
          ? t('ticket.reopened_toast', { number: ticket.number })
          : t('ticket.status_toast', { number: ticket.number, status: t(`status.${status}`) })
    const undo = {
      label: t('ticket.undo'),
      run: () => {
        setStatus(summary, ticket.status, true)
      },
    }
    showToast(text, { action: undo })
  }

  function setStatus(ticket: Change['ticket'], status: TicketStatus, undoing = false): void {
    if (ticket.status !== status) mutation.mutate({ ticket, status, undoing })
  }

  function assign(ticket: Change['ticket'], assignee: NamedRef | null): void {
    if ((ticket.assignee?.id ?? null) !== (assignee?.id ?? null))
      mutation.mutate({ ticket, assignee })
  }

  function assignToMe(ticket: Change['ticket']): void {
    assign(ticket, { id: session.value.membership.id, name: session.value.account.name })
  }

  return { setStatus, assign, assignToMe }
}
