// The filter in the address of the page: what is set there, and setting it.
import { computed } from 'vue'
import { useI18n } from 'vue-i18n'
import { useRoute } from 'vue-router'
import type { TicketFilter } from '@/api/tickets'
import { useSession } from '@/composables/session'
import { useSteps } from '@/composables/steps'
import { nameOf, useContact } from '@/features/contacts/queries'
import { FIELDS, readFilter, writeFilter, type Field } from './filter'
import { useMailboxes, useTag, useTeams, useUsers } from './queries'

/** What does not narrow: it puts in order. */
const ORDER: Field = 'sort'
const DAYS: Field[] = ['since', 'until']

export function useNarrow() {
  const route = useRoute()
  const step = useSteps()
  const narrow = computed(() => readFilter(route.query))

  function set(change: Partial<TicketFilter>): void {
    const others = Object.fromEntries(
      Object.entries(route.query).filter(([name]) => !(FIELDS as readonly string[]).includes(name)),
    )
    // A day is typed: on its way there it is others.
    const typed = DAYS.find((day) => day in change)
    step({ ...others, ...writeFilter({ ...narrow.value, ...change }) }, typed)
  }

  function clear(): void {
    step({})
  }

  return { narrow, set, clear }
}

export interface Chip {
  field: Field
  text: string
}

/** Each field of a filter that is set, in words. */
export function useChips(filter: () => Partial<TicketFilter>) {
  const { t, locale } = useI18n()
  const session = useSession()
  const mailboxes = useMailboxes()
  const users = useUsers()
  const teams = useTeams()
  const tag = useTag(() => filter().tag ?? undefined)
  const contact = useContact(() => filter().contact ?? '')
  const day = computed(
    () =>
      new Intl.DateTimeFormat(locale.value === 'nl' ? 'nl-NL' : 'en-GB', {
        dateStyle: 'medium',
        // A day has none: it is read as its midnight there.
        timeZone: 'UTC',
      }),
  )

  function assignee(id: string): string {
    if (id === 'none') return t('view.unassigned')
    if (id === 'me') return t('filter.assigned_to', { name: session.value.account.name })
    const name = users.data.value?.find((user) => user.id === id)?.name
    return t('filter.assigned_to', { name: name ?? '…' })
  }

  function text(field: Field, filter: Partial<TicketFilter>): string {
    switch (field) {
      case 'status':
        return filter.status === 'all' ? t('view.all') : t(`status.${filter.status ?? 'open'}`)
      case 'assignee':
        return assignee(filter.assignee ?? 'none')
      case 'team': {
        if (filter.team === 'none') return t('filter.no_team')
        const team = teams.data.value?.find(({ id }) => id === filter.team)
        return team?.name ?? t('filter.team')
      }
      case 'tag': {
        const known = tag.data.value?.id === filter.tag ? tag.data.value : undefined
        return known?.name ?? t('filter.tag')
      }
      case 'priority':
        return t(`acts.priority.${filter.priority ?? 'normal'}`)
      case 'snoozed':
        return t('view.snoozed')
      case 'mailbox': {
        const mailbox = mailboxes.data.value?.find(({ id }) => id === filter.mailbox)
        return mailbox ? mailbox.display_name || mailbox.address : t('ticket.mailbox')
      }
      case 'contact':
        return contact.data.value ? nameOf(contact.data.value) : t('filter.one_customer')
      case 'unread':
        return t('filter.unread')
      case 'has_attachment':
        return filter.has_attachment ? t('filter.with_files') : t('filter.without_files')
      case 'mentioned':
        return t('view.mentioned')
      case 'draft':
        return t('view.drafts')
      case 'since':
        return t('filter.since_day', { day: day.value.format(new Date(filter.since ?? '')) })
      case 'until':
        return t('filter.until_day', { day: day.value.format(new Date(filter.until ?? '')) })
      case 'sort':
        return t(`filter.${filter.sort ?? 'newest'}`)
    }
  }

  return computed<Chip[]>(() => {
    const given = filter()
    return FIELDS.filter((field) => given[field] !== undefined && field !== ORDER).map((field) => ({
      field,
      text: text(field, given),
    }))
  })
}
