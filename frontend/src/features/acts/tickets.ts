// The acts that are no change of a field: merge, move, split, restore, delete for good, follow, and
// many at once. Each tells what was done and how it is taken back.
// Each by itself: a conversation has many places from which one of them can be done.
import { useMutation, useQueryClient } from '@tanstack/vue-query'
import { useI18n } from 'vue-i18n'
import {
  addFollower,
  changeTickets,
  deleteTicket,
  followTicket,
  mergeTicket,
  moveTicket,
  removeFollower,
  restoreTicket,
  splitMessage,
  unfollowTicket,
} from '@/api/acts'
import { attachTicket, getTicket, updateCustomer } from '@/api/tickets'
import { Problem } from '@/api/problem'
import type {
  BulkRequest,
  CustomerChange,
  MergeRequest,
  NamedRef,
  RefusedTicket,
  TicketSummary,
} from '@/api/types'
import { useProblems } from '@/composables/problems'
import { showToast } from '@/composables/toasts'
import { keys } from '@/features/tickets/queries'
import { ONE_BY_ONE, useUndo } from '@/features/tickets/undo'

type Numbered = Pick<TicketSummary, 'number' | 'version'>

/** With the newest version, when only something else about the ticket was newer. */
async function atVersion<T>(
  { number, version }: Numbered,
  act: (number: number, version: number) => Promise<T>,
): Promise<T> {
  try {
    return await act(number, version)
  } catch (error) {
    if (!(error instanceof Problem && error.status === 412)) throw error
    return act(number, (await getTicket(number)).version)
  }
}

/** It was left out of a merge since its customer is another one. */
export const isOfAnother = ({ code }: RefusedTicket) =>
  code.replaceAll('-', '_') === 'different_customers'

function useOutcome() {
  const client = useQueryClient()
  const problems = useProblems()
  return {
    onSettled: () => client.invalidateQueries({ queryKey: keys.tickets }),
    onError: (error: unknown) => {
      problems.toast(error)
    },
  }
}

export function useMerge() {
  const { onSettled } = useOutcome()
  const { tell } = useUndo()
  const { t } = useI18n()
  return useMutation({
    mutationKey: ONE_BY_ONE,
    mutationFn: ({ number, ...request }: MergeRequest & { number: number }) =>
      mergeTicket(number, request),
    onSuccess: ({ number, act_id }) => {
      tell(t('acts.toast.merged', { number }), act_id)
    },
    onSettled,
  })
}

/** Merges a ticket into the one that it is related to. */
export function useAttach() {
  const { onSettled } = useOutcome()
  const { tell } = useUndo()
  const { t } = useI18n()
  return useMutation({
    mutationKey: ONE_BY_ONE,
    mutationFn: (number: number) => attachTicket(number),
    onSuccess: ({ number, act_id }) => {
      tell(t('ticket.attached', { number }), act_id)
    },
    onSettled,
  })
}

export function useMove() {
  const { onSettled } = useOutcome()
  const { tell } = useUndo()
  const { t } = useI18n()
  return useMutation({
    mutationKey: ONE_BY_ONE,
    mutationFn: ({ ticket, mailbox }: { ticket: Numbered; mailbox: NamedRef }) =>
      atVersion(ticket, (number, version) => moveTicket(number, version, mailbox.id)),
    onSuccess: ({ number, act_id }, { mailbox }) => {
      tell(t('acts.toast.moved', { number, mailbox: mailbox.name }), act_id)
    },
    onSettled,
  })
}

export function useSplit() {
  const { tell } = useUndo()
  const { t } = useI18n()
  return useMutation({
    mutationKey: ONE_BY_ONE,
    mutationFn: (id: string) => splitMessage(id),
    onSuccess: ({ number, act_id }) => {
      tell(t('acts.toast.split', { number }), act_id)
    },
    ...useOutcome(),
  })
}

export function useRestore() {
  const { tell } = useUndo()
  const { t } = useI18n()
  return useMutation({
    mutationKey: ONE_BY_ONE,
    mutationFn: (ticket: Numbered) => atVersion(ticket, restoreTicket),
    onSuccess: ({ number, act_id }) => {
      tell(t('acts.toast.restored', { number }), act_id)
    },
    ...useOutcome(),
  })
}

export function useDelete() {
  const { onSettled } = useOutcome()
  const { tell } = useUndo()
  const { t } = useI18n()
  return useMutation({
    mutationKey: ONE_BY_ONE,
    mutationFn: (ticket: Numbered) => atVersion(ticket, deleteTicket),
    onSuccess: ({ number, act_id }) => {
      tell(t('acts.toast.deleted', { number }), act_id)
    },
    onSettled,
  })
}

interface Following {
  number: number
  follows: boolean
  /** Somebody else, who is told from now on. */
  user?: NamedRef
}

const setFollows = ({ number, follows, user }: Following) =>
  user
    ? (follows ? addFollower : removeFollower)(number, user.id)
    : (follows ? followTicket : unfollowTicket)(number)

export function useFollow() {
  const { tell } = useUndo()
  const { t } = useI18n()

  function words({ number, follows, user }: Following): string {
    if (!user) return t(follows ? 'acts.toast.followed' : 'acts.toast.unfollowed', { number })
    const { name } = user
    return t(follows ? 'acts.toast.follows' : 'acts.toast.follows_not', { name, number })
  }

  return useMutation({
    mutationKey: ONE_BY_ONE,
    mutationFn: setFollows,
    onSuccess: (_, wanted) => {
      tell(words(wanted), async () => {
        await setFollows({ ...wanted, follows: !wanted.follows })
        return { done: [wanted.number], refused: [] }
      })
    },
    ...useOutcome(),
  })
}

export function useCustomerChange() {
  const { onSettled } = useOutcome()
  const { tell } = useUndo()
  const { t } = useI18n()
  return useMutation({
    mutationKey: ONE_BY_ONE,
    mutationFn: ({ ticket, change }: { ticket: TicketSummary; change: CustomerChange }) =>
      updateCustomer(ticket.number, change),
    onSuccess: ({ number, customer: now }, { ticket: { customer: before } }) => {
      tell(t('ticket.change_customer_done'), async () => {
        // Not over what somebody else has made of it since.
        const { customer } = await getTicket(number)
        if (customer.address !== now.address) return { done: [], refused: [{ number }] }
        const { address, name } = before
        await updateCustomer(number, name ? { address, name } : { address })
        return { done: [number], refused: [] }
      })
    },
    onSettled,
  })
}

export function useBulk() {
  const problems = useProblems()
  const { tell } = useUndo()
  const { t } = useI18n()

  /** Why one of many was refused, in the reader's language. */
  function reason({ code, message }: RefusedTicket): string {
    return problems.words(new Problem({ type: `/problems/${code}`, status: 409, detail: message }))
  }

  return useMutation({
    mutationKey: ONE_BY_ONE,
    mutationFn: (request: BulkRequest) => changeTickets(request),
    onSuccess: ({ act_id, done, refused: all }, { merge: into, move_to, delete: deleted }) => {
      // Whether those of other customers are meant as well is asked, not told.
      const asked = into && !into.confirm_different_customers
      const refused = asked ? all.filter((one) => !isOfAnother(one)) : all
      const what = deleted ? 'bulk_deleted' : move_to ? 'bulk_moved' : 'bulk'
      const text = t(`acts.toast.${what}`, done.length)
      const [first] = refused
      const why = first
        ? ` ${t('acts.toast.bulk_refused', { n: refused.length, reason: reason(first) }, refused.length)}`
        : ''
      if (done.length) tell(text + why, act_id)
      else if (why) showToast(why.trim(), { tone: 'bad' })
    },
    ...useOutcome(),
  })
}
