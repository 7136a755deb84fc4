// What the palette finds: acts that can be done here, views, mailboxes, settings, tickets.
import {
  CircleUserRound,
  Command,
  ContactRound,
  Hash,
  Mail,
  Search,
  Settings,
  type LucideIcon,
} from '@lucide/vue'
import { computed, type ComputedRef } from 'vue'
import { useI18n } from 'vue-i18n'
import { useRouter, type RouteLocationRaw } from 'vue-router'
import { ACTS, actKeys, actsHere, GO, keyLabel, type ActName } from '@/composables/acts'
import { can } from '@/composables/session'
import { PERMISSION } from '@/features/permissions'
import { useSearching } from '@/features/search/memory'
import { useSettingsPages } from '@/features/settings/pages'
import { findable } from '@/features/tickets/find'
import { useMailboxes, useViews } from '@/features/tickets/queries'
import { asView, useViewName, VIEWS } from '@/features/tickets/views'

export interface Entry {
  id: string
  group: 'acts' | 'go' | 'settings' | 'tickets' | 'search'
  label: string
  icon: LucideIcon
  keys?: string
  run: () => void
}

/** What is done to a ticket comes before what moves about. */
const ORDER = ['write', 'act', 'move']

/** Acts that are about the palette or the list itself, of no use in it. */
const LEFT_OUT: ActName[] = ['next', 'previous', 'open', 'select']

export function usePaletteEntries(text: () => string): ComputedRef<Entry[]> {
  const { t } = useI18n()
  const router = useRouter()
  const mailboxes = useMailboxes()
  const views = useViews()
  const viewName = useViewName()
  const search = useSearching()
  const pages = useSettingsPages()

  const to = (place: RouteLocationRaw) => () => {
    void router.push(place)
  }

  const acts = computed<Entry[]>(() =>
    [...actsHere.value]
      .filter(([name]) => !LEFT_OUT.includes(name))
      .sort(([a], [b]) => ORDER.indexOf(ACTS[a].group) - ORDER.indexOf(ACTS[b].group))
      .map(([name, run]) => ({
        id: `act-${name}`,
        group: 'acts',
        label: t(`act.${name}`),
        icon: Command,
        keys: keyLabel(actKeys.value[name]) || undefined,
        run,
      })),
  )
  const people = computed<Entry>(() => ({
    id: 'contacts',
    group: 'go',
    label: t('contact.title'),
    icon: ContactRound,
    run: to({ name: 'contacts' }),
  }))
  const letters = Object.fromEntries(Object.entries(GO).map(([letter, view]) => [view, letter]))
  const go = computed<Entry[]>(() => [
    ...[...VIEWS, ...(views.data.value ?? []).map(asView)].map((view): Entry => ({
      id: `view-${view.slug}`,
      group: 'go',
      label: viewName(view),
      icon: view.icon as LucideIcon,
      keys: letters[view.key] ? `G ${letters[view.key]?.toUpperCase() ?? ''}` : undefined,
      run: to({ name: 'tickets', params: { view: view.slug } }),
    })),
    people.value,
    ...(mailboxes.data.value ?? []).map((mailbox): Entry => ({
      id: `mailbox-${mailbox.id}`,
      group: 'go',
      label: mailbox.display_name || mailbox.address,
      icon: Mail,
      run: to({ name: 'tickets', params: { view: 'open' }, query: { mailbox: mailbox.id } }),
    })),
  ])
  const settings = computed<Entry[]>(() =>
    pages.value.map(({ to: place, label }) => ({
      id: `settings-${place}`,
      group: 'settings',
      label,
      icon: place === 'profile' ? CircleUserRound : Settings,
      run: to({ name: place }),
    })),
  )
  // A number or an address is looked for as it is.
  const found = computed<Entry[]>(() => {
    const q = findable(text())
    if (!q) return []
    const number = /^#?(\d+)$/.exec(q)?.[1]
    return [
      number
        ? {
            id: 'ticket',
            group: 'tickets',
            label: t('palette.ticket', { number }),
            icon: Hash,
            run: to({ name: 'tickets', params: { view: 'all', number } }),
          }
        : {
            id: 'find',
            group: 'tickets',
            label: t('palette.find', { text: q }),
            icon: Search,
            run: to({ name: 'tickets', params: { view: 'all' }, query: { q } }),
          },
    ]
  })

  // Last, so that Enter does what was named.
  const searched = computed<Entry[]>(() => {
    const q = text().trim()
    if (!q || !can(PERMISSION.read)) return []
    const run = () => {
      search({ q, sort: 'best' })
    }
    return [
      {
        id: 'search',
        group: 'search',
        label: t('palette.search_for', { text: q }),
        icon: Search,
        run,
      },
    ]
  })

  return computed(() => {
    const wanted = fold(text().trim()).split(/\s+/)
    const named = [...acts.value, ...go.value, ...settings.value].filter(({ label }) => {
      const words = fold(label)
      return wanted.every((word) => words.includes(word))
    })
    return [...found.value, ...named, ...searched.value]
  })
}

/** Without accents and capitals: nobody types those to find something. */
function fold(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLocaleLowerCase()
}

export const GROUPS = ['tickets', 'acts', 'go', 'settings', 'search'] as const
