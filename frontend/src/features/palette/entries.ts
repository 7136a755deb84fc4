// What the palette finds: acts that can be done here, views, mailboxes, settings, tickets.
import {
  CircleUserRound,
  ContactRound,
  Hash,
  Languages,
  Mail,
  Moon,
  Search,
  Settings,
  Sun,
  SunMoon,
  type LucideIcon,
} from '@lucide/vue'
import { computed, type ComputedRef } from 'vue'
import { useI18n } from 'vue-i18n'
import { useRouter, type RouteLocationRaw } from 'vue-router'
import { updateProfile } from '@/api/session'
import type { ProfileChange } from '@/api/types'
import { ACTS, actKeys, actsHere, GO, keyLabel, type ActName } from '@/composables/acts'
import { fold } from '@/composables/fold'
import { useProblems } from '@/composables/problems'
import { applyAccount, can, useSession } from '@/composables/session'
import { PERMISSION } from '@/features/permissions'
import { useSearching } from '@/features/search/memory'
import { useTyping } from '@/features/search/queries'
import { useSettingsPages } from '@/features/settings/pages'
import { findable } from '@/features/tickets/find'
import { useMailboxes, useViews } from '@/features/tickets/queries'
import { asView, useViewName, VIEWS } from '@/features/tickets/views'
import { LOCALES } from '@/i18n'
import { ACT_ICONS } from './icons'
import { usePlaces } from './places'

export const GROUPS = ['tickets', 'acts', 'go', 'settings', 'search', 'found', 'contacts'] as const

export interface Entry {
  id: string
  group: (typeof GROUPS)[number]
  label: string
  /** Whom or what it is about, beside it. */
  note?: string
  /** More words by which it is found. */
  words?: string
  icon: LucideIcon
  keys?: string
  run: () => void
}

/** What is done to a ticket comes before what moves about. */
const ORDER = ['write', 'act', 'move']

/** Acts that are about the palette or the list itself, of no use in it. */
const LEFT_OUT: ActName[] = ['next', 'previous', 'open', 'select']

const THEMES = { system: SunMoon, light: Sun, dark: Moon } as const

/** `open`: whether it is asked; nothing is searched for one that is closed. */
export function usePaletteEntries(text: () => string, open: () => boolean): ComputedRef<Entry[]> {
  const { t } = useI18n()
  const problems = useProblems()
  const session = useSession()
  const router = useRouter()
  const mailboxes = useMailboxes()
  const views = useViews()
  const viewName = useViewName()
  const search = useSearching()
  const pages = useSettingsPages()
  const places = usePlaces()
  const { typed } = useTyping(text, () => open() && can(PERMISSION.read))

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
        icon: ACT_ICONS[name],
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
  // The rest of the settings: too much to show before somebody has named it.
  const within = computed<Entry[]>(() =>
    places.value.map(({ id, label, words, icon, to: place }) => ({
      id: `place-${id}`,
      group: 'settings',
      label,
      words,
      icon,
      run: to(place),
    })),
  )
  async function change(wanted: ProfileChange): Promise<void> {
    try {
      await applyAccount(await updateProfile(wanted))
    } catch (error) {
      problems.toast(error)
    }
  }
  const looks = computed<Entry[]>(() => [
    ...(['system', 'light', 'dark'] as const)
      .filter((theme) => theme !== session.value.account.theme)
      .map((theme): Entry => ({
        id: `theme-${theme}`,
        group: 'settings',
        label: t('palette.theme', { theme: t(`profile.theme_${theme}`) }),
        words: theme,
        icon: THEMES[theme],
        run: () => void change({ theme }),
      })),
    ...LOCALES.filter(({ code }) => code !== session.value.account.locale).map(
      ({ code, name }): Entry => ({
        id: `language-${code}`,
        group: 'settings',
        label: t('palette.language', { language: name }),
        words: t('palette.words.language'),
        icon: Languages,
        run: () => void change({ locale: code }),
      }),
    ),
  ])
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

  // After what has a name, so that Enter does what was named; before what comes from the server, so
  // that nothing comes under the finger.
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

  const mail = computed<Entry[]>(() => [
    ...(typed.value?.answer?.items ?? []).map(({ ticket }): Entry => ({
      id: `found-${ticket.number}`,
      group: 'found',
      label: ticket.subject,
      note: `${ticket.customer.name || ticket.customer.address} · #${ticket.number}`,
      icon: Mail,
      run: to({ name: 'tickets', params: { view: 'all', number: ticket.number } }),
    })),
    ...(typed.value?.answer?.contacts ?? []).map(({ id, name, address }): Entry => ({
      id: `contact-${id}`,
      group: 'contacts',
      label: name || address || t('search.nameless'),
      note: name ? (address ?? undefined) : undefined,
      icon: ContactRound,
      run: to({ name: 'contact', params: { id } }),
    })),
  ])

  return computed(() => {
    const wanted = fold(text().trim()).split(/\s+/)
    const offered = [...acts.value, ...go.value, ...settings.value]
    if (wanted[0]) offered.push(...looks.value, ...within.value)
    const named = offered.filter(({ label, words = '' }) => {
      const known = fold(`${label} ${words}`)
      return wanted.every((word) => known.includes(word))
    })
    return [...found.value, ...named, ...searched.value, ...mail.value]
  })
}
