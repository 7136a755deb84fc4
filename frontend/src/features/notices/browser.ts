// Notices as the browser shows them, while a tab is open. There is no push service: whoever closes
// every tab is told by mail, or when they come back.
import { watch } from 'vue'
import { useI18n } from 'vue-i18n'
import { useRouter } from 'vue-router'
import type { Notice, OwnSettings } from '@/api/types'

export const canNotify = () => 'Notification' in globalThis

const SWITCH = {
  mention: 'mention_browser',
  assigned: 'assigned_browser',
  replied: 'replied_browser',
} as const

/** What came since the last look and is to be shown. */
export function fresh(
  notices: Notice[],
  shown: ReadonlySet<string>,
  off: OwnSettings['switched_off'],
): Notice[] {
  return notices.filter(
    ({ id, kind, read }) => !read && !shown.has(id) && !off.includes(SWITCH[kind]),
  )
}

export function useBrowserNotices(
  notices: () => Notice[] | undefined,
  off: () => OwnSettings['switched_off'] | undefined,
): void {
  const { t } = useI18n()
  const router = useRouter()
  const shown = new Set<string>()
  let first = true

  watch(
    [notices, off],
    ([list, without]) => {
      if (!list || !without) return
      const news = fresh(list, shown, without)
      for (const { id } of list) shown.add(id)
      // What was there when the page was opened is in the list.
      if (first) {
        first = false
        return
      }
      // Whoever looks at the page sees the bell.
      if (!canNotify() || Notification.permission !== 'granted' || document.hasFocus()) return
      for (const { id, kind, number, by } of news) {
        const words = t(`notice.line.${kind}`, { name: by?.name ?? '', number })
        // Of the same notice in several tabs one is shown.
        const notification = new Notification(words, { tag: id, icon: '/favicon.svg' })
        notification.onclick = () => {
          window.focus()
          void router.push(`/tickets/${number}`)
        }
      }
    },
    { immediate: true },
  )
}
