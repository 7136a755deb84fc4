// The pages of the settings that this user may see.
import {
  BookText,
  Building2,
  Eraser,
  FileUser,
  Group,
  Mail,
  MessageSquareText,
  Scale,
  ScrollText,
  ShieldAlert,
  Siren,
  Tags,
  UserRound,
  UsersRound,
  type LucideIcon,
} from '@lucide/vue'
import { computed } from 'vue'
import { useI18n } from 'vue-i18n'
import { canAny } from '@/composables/session'
import { PERMISSION } from '@/features/permissions'

interface SettingsPage {
  /** The route, and the page's name in the translations. */
  to: keyof typeof PAGES
  label: string
  icon: LucideIcon
}

/** By route, in the order of the menu: an icon, and which permissions open it; none is for all. */
const PAGES = {
  profile: [UserRound],
  organization: [Building2, PERMISSION.organization],
  users: [UsersRound],
  teams: [Group],
  tags: [Tags],
  mailboxes: [Mail],
  'saved-replies': [MessageSquareText, PERMISSION.work],
  quarantine: [ShieldAlert, PERMISSION.quarantine],
  deletions: [Eraser, PERMISSION.mailboxes, PERMISSION.audit],
  policies: [ScrollText],
  register: [BookText, PERMISSION.audit],
  incident: [Siren, PERMISSION.organization],
  requests: [FileUser, PERMISSION.requests],
  holds: [Scale, PERMISSION.holds, PERMISSION.audit],
} as const satisfies Record<string, readonly [LucideIcon, ...string[]]>

// Pages that lie below one of those.
const ABOVE: Record<string, keyof typeof PAGES> = {
  mailbox: 'mailboxes',
  'mailbox-connect': 'mailboxes',
  'mailbox-disconnect': 'mailboxes',
  provider: 'mailboxes',
  closing: 'organization',
  statement: 'deletions',
  request: 'requests',
}

/** The page of the menu that a route belongs to. */
export function settingsPage(route: string): keyof typeof PAGES | null {
  return ABOVE[route] ?? (route in PAGES ? (route as keyof typeof PAGES) : null)
}

export const pageWords = (page: keyof typeof PAGES) =>
  `settings.${page === 'saved-replies' ? 'saved' : page}` as const

export function useSettingsPages() {
  const { t } = useI18n()
  return computed<SettingsPage[]>(() =>
    (Object.keys(PAGES) as (keyof typeof PAGES)[]).flatMap((to) => {
      const [icon, ...permissions] = PAGES[to]
      if (permissions.length > 0 && !canAny(permissions)) return []
      return [{ to, label: t(pageWords(to)), icon }]
    }),
  )
}
