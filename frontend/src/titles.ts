// What a tab is called (WCAG 2.4.2). The browser writes it into its history: it says where one is, never
// what a customer wrote or is called.
import { watch } from 'vue'
import type { RouteLocationNormalized, Router } from 'vue-router'
import { afterPaint } from '@/composables/paint'
import { pageWords, settingsPage } from '@/features/settings/pages'
import { VIEWS } from '@/features/tickets/views'
import { i18n } from '@/i18n'

const WORDS: Record<string, string> = {
  setup: 'setup.title',
  'sign-in': 'auth.submit',
  password: 'auth.forgotten',
  'read-first': 'settings.policies',
  search: 'palette.search',
  letter: 'writing.letter.title',
  settings: 'settings.title',
  contacts: 'contact.title',
  contact: 'contact.title',
  'not-found': 'app.not_found',
}

function keysOf({ name, params }: RouteLocationNormalized): string[] {
  if (name === 'tickets') {
    const view = VIEWS.find(({ slug }) => slug === params.view)
    return [view ? `view.${view.key}` : 'filter.saved_views']
  }
  const page = settingsPage(String(name))
  if (page) return [pageWords(page), 'settings.title']
  return [WORDS[String(name)] ?? ''].filter(Boolean)
}

function titleOf(route: RouteLocationNormalized): string {
  const { t, te } = i18n.global
  const number = typeof route.params.number === 'string' && route.params.number
  return [
    ...(number ? [`#${number}`] : []),
    ...keysOf(route)
      .filter((key) => te(key))
      .map((key) => t(key)),
    'Loket',
  ].join(' · ')
}

export function keepTitles(router: Router): void {
  const show = () => {
    // What is unread stands before it: see features/notices/badge.ts.
    const unread = /^\(\d+\+?\) /u.exec(document.title)?.[0] ?? ''
    document.title = unread + titleOf(router.currentRoute.value)
  }
  // What was asked for is painted first: whoever leafs through tickets does not wait for their names.
  let unwait: () => void = () => undefined
  const later = () => {
    unwait()
    // A tab in the background is not painted.
    if (document.hidden) show()
    else unwait = afterPaint(show)
  }
  watch([router.currentRoute, i18n.global.locale], later, { immediate: true })
}
