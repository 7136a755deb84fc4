// Changes to a ticket are shown at once and taken back, with the reason, when the server refuses.
import { useQueryClient, type MutationOptions, type QueryKey } from '@tanstack/vue-query'
import { useI18n } from 'vue-i18n'
import { getTicket, updateTicket, type TicketFilter } from '@/api/tickets'
import { Problem } from '@/api/problem'
import type {
  NamedRef,
  Priority,
  TagRef,
  TeamRef,
  Ticket,
  TicketChange,
  TicketStatus,
  TicketSummary,
} from '@/api/types'
import { useProblems } from '@/composables/problems'
import { useSession } from '@/composables/session'
import { useTimes } from '@/composables/time'
import { patchFound } from '@/features/search/pages'
import { keys, type TicketPages } from './queries'
import { ONE_BY_ONE, useUndo } from './undo'
import { fits } from './views'

type Seen = Pick<TicketSummary, 'number' | 'version' | 'status' | 'assignee'> &
  Partial<TicketSummary>

interface Change {
  ticket: Seen
  status?: TicketStatus
  assignee?: NamedRef | null
  team?: TeamRef | null
  priority?: Priority
  snoozed_until?: string | null
  tags_add?: TagRef[]
  tags_remove?: TagRef[]
}

type Changed = Awaited<ReturnType<typeof updateTicket>>
/** What was known of all tickets. */
interface Before {
  before: [QueryKey, unknown][]
}

/** As the server is asked for it. */
function request(change: Change): TicketChange {
  const ids = (tags: TagRef[] | undefined) => tags?.map(({ id }) => id)
  const wanted: TicketChange = {
    status: change.status,
    assignee_id: change.assignee === undefined ? undefined : (change.assignee?.id ?? null),
    team_id: change.team === undefined ? undefined : (change.team?.id ?? null),
    priority: change.priority,
    snoozed_until: change.snoozed_until,
    tags_add: ids(change.tags_add),
    tags_remove: ids(change.tags_remove),
  }
  return Object.fromEntries(Object.entries(wanted).filter(([, value]) => value !== undefined))
}

/** As it will be, before the server has answered. */
function changed<T extends TicketSummary>(item: T, change: Omit<Change, 'ticket'>): T {
  const gone = new Set(change.tags_remove?.map(({ id }) => id))
  const known = new Set(item.tags?.map(({ id }) => id))
  const added = change.tags_add?.filter(({ id }) => !known.has(id)) ?? []
  return {
    ...item,
    status: change.status ?? item.status,
    assignee: change.assignee === undefined ? item.assignee : change.assignee,
    team: change.team === undefined ? item.team : change.team,
    priority: change.priority ?? item.priority,
    // Whoever says what it is has looked at it.
    snoozed_until:
      change.snoozed_until === undefined
        ? change.status
          ? null
          : item.snoozed_until
        : change.snoozed_until,
    ...(change.tags_add || change.tags_remove
      ? {
          tags: [...(item.tags ?? []).filter(({ id }) => !gone.has(id)), ...added].sort((a, b) =>
            a.name.localeCompare(b.name),
          ),
        }
      : {}),
  }
}

/** What of a ticket a change builds on: when somebody else has changed that, it is refused. */
function sameGround(now: TicketSummary, { ticket, ...change }: Change): boolean {
  const same = (id?: { id: string } | null, other?: { id: string } | null) =>
    (id?.id ?? null) === (other?.id ?? null)
  if (now.status !== ticket.status || !same(now.assignee, ticket.assignee)) return false
  if (change.team !== undefined && !same(now.team, ticket.team)) return false
  if (change.priority && now.priority !== ticket.priority) return false
  return change.snoozed_until === undefined || now.snoozed_until === ticket.snoozed_until
}

export function useTicketChange() {
  const client = useQueryClient()
  const session = useSession()
  const problems = useProblems()
  const times = useTimes()
  const undo = useUndo()
  const { t } = useI18n()

  /** The newest version that this browser knows, so that two quick acts do not refuse each other. */
  function version(ticket: Seen): number {
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
    patchFound(client, keys.searches, number, apply)
    client.setQueryData<Ticket>(keys.ticket(number), (ticket) =>
      ticket ? { ...ticket, ...apply(ticket) } : ticket,
    )
  }

  const options: MutationOptions<Changed, Error, Change, Before> = {
    mutationKey: ONE_BY_ONE,
    // One after the other: the second of two quick acts builds on what came of the first.
    scope: { id: ONE_BY_ONE[0] },
    mutationFn: async (change: Change) => {
      const { ticket } = change
      try {
        return await updateTicket(ticket.number, version(ticket), request(change))
      } catch (error) {
        if (!(error instanceof Problem && error.status === 412)) throw error
        // Something else about the ticket is newer, perhaps by our own hand (a note, a draft). Only
        // what this act builds on has to be as it was seen.
        const now = await getTicket(ticket.number)
        if (!sameGround(now, change)) throw error
        return updateTicket(ticket.number, now.version, request(change))
      }
    },
    onMutate: async ({ ticket, ...change }) => {
      await client.cancelQueries({ queryKey: keys.tickets })
      const before = client.getQueriesData({ queryKey: keys.tickets })
      patch(ticket.number, (item) => changed(item, change))
      return { before }
    },
    // Here and not at the call: whoever called may be gone, because the list has moved on.
    onSuccess: ({ act_id: act, ...summary }, change) => {
      patch(summary.number, (item) => ({ ...item, ...summary }))
      undo.tell(words(change), act)
    },
    onError: (error, { ticket }, context) => {
      for (const [key, data] of context?.before ?? []) client.setQueryData(key, data)
      problems.toast(error, t('ticket.not_changed', { number: ticket.number }))
    },
    // Not while another waits: what the server has by then lacks what is shown already.
    onSettled: () =>
      client.isMutating({ mutationKey: ONE_BY_ONE }) > 1
        ? undefined
        : client.invalidateQueries({ queryKey: keys.tickets }),
  }

  /** Nothing is made before it is asked for: each conversation has half a dozen places for it. */
  function change(wanted: Change): void {
    const mutation = client.getMutationCache().build(client, options)
    // `onError` has told of it.
    void mutation.execute(wanted).catch(() => undefined)
  }

  /** What was done, in a few words. */
  function words({ ticket, ...change }: Change): string {
    const { number } = ticket
    if (change.snoozed_until)
      return t('acts.toast.snoozed', { number, until: times.until(change.snoozed_until) })
    if (change.snoozed_until === null) return t('acts.toast.woken', { number })
    if (change.status === 'closed') return t('ticket.closed_toast', { number })
    if (change.status === 'open' && ticket.status === 'closed')
      return t('ticket.reopened_toast', { number })
    if (change.status)
      return t('ticket.status_toast', { number, status: t(`status.${change.status}`) })
    if (change.priority)
      return t('acts.toast.priority', { number, priority: t(`acts.priority.${change.priority}`) })
    if (change.team) return t('ticket.assigned_toast', { name: change.team.name })
    if (change.assignee) return t('ticket.assigned_toast', { name: change.assignee.name })
    if (change.assignee === null || change.team === null) return t('ticket.unassigned_toast')
    const [added] = change.tags_add ?? []
    if (added) return t('acts.toast.tagged', { number, tag: added.name })
    return t('acts.toast.untagged', { number, tag: change.tags_remove?.[0]?.name ?? '' })
  }

  function setStatus(ticket: Seen, status: TicketStatus): void {
    if (ticket.status !== status) change({ ticket, status })
  }

  function assign(ticket: Seen, assignee: NamedRef | null): void {
    if ((ticket.assignee?.id ?? null) !== (assignee?.id ?? null)) change({ ticket, assignee })
  }

  function assignToMe(ticket: Seen): void {
    assign(ticket, { id: session.value.membership.id, name: session.value.account.name })
  }

  function giveToTeam(ticket: Seen, team: TeamRef | null): void {
    if ((ticket.team?.id ?? null) !== (team?.id ?? null)) change({ ticket, team })
  }

  function setPriority(ticket: Seen, priority: Priority): void {
    if (ticket.priority !== priority) change({ ticket, priority })
  }

  function snooze(ticket: Seen, until: Date | null): void {
    change({ ticket, snoozed_until: until?.toISOString() ?? null })
  }

  function toggleTag(ticket: Seen, tag: TagRef): void {
    const has = ticket.tags?.some(({ id }) => id === tag.id)
    change(has ? { ticket, tags_remove: [tag] } : { ticket, tags_add: [tag] })
  }

  return { setStatus, assign, assignToMe, giveToTeam, setPriority, snooze, toggleTag }
}
