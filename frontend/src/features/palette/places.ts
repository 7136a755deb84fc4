// What is found within the pages of the settings: by its own name, and by words that stand there.
import {
  Bell,
  Building2,
  CircleUserRound,
  Clock,
  Download,
  ImageUp,
  Keyboard,
  Languages,
  Mail,
  KeyRound,
  MonitorSmartphone,
  Palette,
  Signature,
  type LucideIcon,
} from '@lucide/vue'
import { computed } from 'vue'
import { useI18n } from 'vue-i18n'
import type { RouteLocationRaw } from 'vue-router'
import { can, session } from '@/composables/session'
import { PERMISSION } from '@/features/permissions'

export interface Place {
  id: string
  label: string
  /** More words by which it is found. */
  words: string
  icon: LucideIcon
  to: RouteLocationRaw
}

export function usePlaces() {
  const { t } = useI18n()
  const own = (id: string, anchor: string, icon: LucideIcon, label: string, words = ''): Place => ({
    id,
    label,
    words,
    icon,
    to: { name: 'profile', hash: `#${anchor}` },
  })

  return computed<Place[]>(() => [
    own('photo', 'about', ImageUp, t('profile.photo'), t('palette.words.photo')),
    own('name', 'about', CircleUserRound, t('profile.about'), t('profile.name')),
    own('language', 'appearance', Languages, t('profile.language'), t('palette.words.language')),
    own('theme', 'appearance', Palette, t('profile.theme'), t('palette.words.theme')),
    own('time-zone', 'appearance', Clock, t('profile.time_zone')),
    own('keys', 'working', Keyboard, t('keyboard.keys'), t('palette.words.keys')),
    own('signature', 'signature', Signature, t('notice.signature_label')),
    own('notices', 'notices', Bell, t('notice.title'), t('palette.words.notices')),
    own('password', 'password', KeyRound, t('profile.change_password')),
    own('sessions', 'sessions', MonitorSmartphone, t('session.title'), t('palette.words.sessions')),
    ...(can(PERMISSION.mailboxes)
      ? [
          {
            id: 'connect',
            label: t('mailbox.connect'),
            words: t('palette.words.connect'),
            icon: Mail,
            to: { name: 'mailbox-connect' },
          },
          {
            id: 'acknowledgement',
            label: t('mailbox.ack.title'),
            words: t('palette.words.acknowledgement'),
            icon: Mail,
            to: { name: 'mailboxes' },
          },
          {
            id: 'retention',
            label: t('retention.title'),
            words: t('palette.words.retention'),
            icon: Mail,
            to: { name: 'mailboxes' },
          },
        ]
      : []),
    ...(session.value?.membership.role === 'owner'
      ? [
          {
            id: 'export',
            label: t('closing.export'),
            words: '',
            icon: Download,
            to: { name: 'organization', hash: '#export' },
          },
          {
            id: 'closing',
            label: t('closing.title'),
            words: '',
            icon: Building2,
            to: { name: 'closing' },
          },
        ]
      : []),
  ])
}
