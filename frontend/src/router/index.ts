import { createRouter, createWebHistory, type RouteRecordRaw } from 'vue-router'
import { getSetup } from '@/api/session'
import { BESIDE } from '@/composables/panes'
import { canAny, session } from '@/composables/session'
import { PERMISSION } from '@/features/permissions'
import { searchPage } from '@/features/search/load'
import { SAVED, VIEWS } from '@/features/tickets/views'
import { withWords } from '@/i18n'

declare module 'vue-router' {
  interface RouteMeta {
    /** Shown without a session. */
    public?: boolean
    /** Shown only to whom the server has given one of these permissions. */
    permission?: string | string[]
  }
}

const routes: RouteRecordRaw[] = [
  {
    path: '/setup',
    name: 'setup',
    component: withWords(() => import('@/features/setup/SetupPage.vue')),
    meta: { public: true },
  },
  {
    path: '/sign-in',
    name: 'sign-in',
    component: () => import('@/features/auth/SignInPage.vue'),
    meta: { public: true },
  },
  {
    path: '/password',
    name: 'password',
    component: () => import('@/features/auth/PasswordPage.vue'),
    meta: { public: true },
  },
  {
    path: '/read-first',
    name: 'read-first',
    component: withWords(() => import('@/features/policies/ReadFirstPage.vue')),
  },
  {
    path: '/requests',
    name: 'person',
    component: withWords(() => import('@/features/requests/PersonPage.vue')),
    meta: { public: true },
  },
  {
    // Of an organization that is gone: whoever has the link reads it.
    path: '/closed/:id',
    name: 'closed',
    component: withWords(() => import('@/features/closing/ClosedPage.vue')),
    props: true,
    meta: { public: true },
  },
  {
    path: '/',
    component: () => import('@/features/shell/AppShell.vue'),
    children: [
      { path: '', redirect: { name: 'tickets', params: { view: 'open' } } },
      {
        // What notices link to: a ticket's number is all that one needs to know.
        path: 'tickets/:number(\\d+)',
        redirect: (to) => ({
          name: 'tickets',
          params: { view: 'all', number: to.params.number as string },
        }),
      },
      {
        path: 'tickets/new',
        name: 'letter',
        component: withWords(() => import('@/features/letter/LetterPage.vue')),
        meta: { permission: PERMISSION.work },
      },
      {
        path: `tickets/:view(${VIEWS.map((view) => view.slug).join('|')}|${SAVED}[0-9a-f-]{36})/:number(\\d+)?`,
        name: 'tickets',
        component: () => import('@/features/tickets/TicketsPage.vue'),
      },
      {
        // What is looked for stands in no address: see features/search/memory.ts.
        path: 'search/:number(\\d+)?',
        name: 'search',
        component: searchPage,
        meta: { permission: PERMISSION.read },
      },
      {
        path: 'contacts',
        name: 'contacts',
        component: withWords(() => import('@/features/contacts/ContactsPage.vue')),
        meta: { permission: PERMISSION.read },
      },
      {
        path: 'contacts/:id',
        name: 'contact',
        component: withWords(() => import('@/features/contacts/ContactPage.vue')),
        props: true,
        meta: { permission: PERMISSION.read },
      },
      {
        path: 'settings',
        component: withWords(() => import('@/features/settings/SettingsLayout.vue')),
        children: [
          {
            path: '',
            name: 'settings',
            component: withWords(() => import('@/features/settings/SettingsIndex.vue')),
            beforeEnter: () => (matchMedia(BESIDE).matches ? { name: 'profile' } : true),
          },
          {
            path: 'profile',
            name: 'profile',
            component: withWords(() => import('@/features/settings/ProfilePage.vue')),
          },
          {
            path: 'organization',
            name: 'organization',
            component: withWords(() => import('@/features/settings/OrganizationPage.vue')),
            meta: { permission: PERMISSION.organization },
          },
          {
            path: 'organization/close',
            name: 'closing',
            component: withWords(() => import('@/features/closing/ClosingPage.vue')),
            meta: { permission: PERMISSION.organization },
          },
          {
            path: 'users',
            name: 'users',
            component: withWords(() => import('@/features/users/UsersPage.vue')),
          },
          {
            path: 'teams',
            name: 'teams',
            component: withWords(() => import('@/features/teams/TeamsPage.vue')),
          },
          {
            path: 'tags',
            name: 'tags',
            component: withWords(() => import('@/features/tags/TagsPage.vue')),
          },
          {
            path: 'mailboxes',
            name: 'mailboxes',
            component: withWords(() => import('@/features/mailboxes/MailboxesPage.vue')),
          },
          {
            path: 'mailboxes/connect/:provider(google|microsoft|imap|maildir)?',
            name: 'mailbox-connect',
            component: withWords(() => import('@/features/mailboxes/ConnectPage.vue')),
            props: true,
            meta: { permission: PERMISSION.mailboxes },
          },
          {
            path: 'mailboxes/:id',
            name: 'mailbox',
            component: withWords(() => import('@/features/mailboxes/MailboxPage.vue')),
            props: true,
            meta: { permission: PERMISSION.mailboxes },
          },
          {
            path: 'mailboxes/:id/disconnect',
            name: 'mailbox-disconnect',
            component: withWords(() => import('@/features/deletions/DisconnectPage.vue')),
            props: true,
            meta: { permission: PERMISSION.mailboxes },
          },
          {
            path: 'deletions',
            name: 'deletions',
            component: withWords(() => import('@/features/deletions/DeletionsPage.vue')),
            meta: { permission: [PERMISSION.mailboxes, PERMISSION.audit] },
          },
          {
            path: 'deletions/statements/:id',
            name: 'statement',
            component: withWords(() => import('@/features/deletions/StatementPage.vue')),
            props: true,
            meta: { permission: [PERMISSION.mailboxes, PERMISSION.audit] },
          },
          {
            path: 'holds',
            name: 'holds',
            component: withWords(() => import('@/features/holds/HoldsPage.vue')),
            meta: { permission: [PERMISSION.holds, PERMISSION.audit] },
          },
          {
            path: 'requests',
            name: 'requests',
            component: withWords(() => import('@/features/requests/RequestsPage.vue')),
            meta: { permission: PERMISSION.requests },
          },
          {
            path: 'requests/:id',
            name: 'request',
            component: withWords(() => import('@/features/requests/RequestPage.vue')),
            props: true,
            meta: { permission: PERMISSION.requests },
          },
          {
            path: 'providers/:provider(google|microsoft)',
            name: 'provider',
            component: withWords(() => import('@/features/mailboxes/ProviderPage.vue')),
            props: true,
            meta: { permission: PERMISSION.mailboxes },
          },
          {
            path: 'quarantine',
            name: 'quarantine',
            component: withWords(() => import('@/features/quarantine/QuarantinePage.vue')),
            meta: { permission: PERMISSION.quarantine },
          },
          {
            path: 'register',
            name: 'register',
            component: withWords(() => import('@/features/register/RegisterPage.vue')),
            meta: { permission: PERMISSION.audit },
          },
          {
            path: 'saved-replies',
            name: 'saved-replies',
            component: withWords(() => import('@/features/replies/SavedRepliesPage.vue')),
            meta: { permission: PERMISSION.work },
          },
          {
            path: 'policies',
            name: 'policies',
            component: withWords(() => import('@/features/policies/PoliciesPage.vue')),
          },
          {
            path: 'incident',
            name: 'incident',
            component: withWords(() => import('@/features/incident/IncidentPage.vue')),
            meta: { permission: PERMISSION.organization },
          },
        ],
      },
      {
        path: ':rest(.*)*',
        name: 'not-found',
        component: () => import('@/features/shell/NotFoundPage.vue'),
      },
    ],
  },
]

export function createAppRouter() {
  const router = createRouter({ history: createWebHistory(), routes })

  router.beforeEach(async (to) => {
    if (to.name === 'setup') return true
    if (to.name === 'search' && to.hash) {
      // Before anything that would carry it along, to the sign-in and into its address.
      history.replaceState(history.state, '', '/search')
      const { takeLinked } = await import('@/features/search/memory')
      return { path: '/search', replace: true, state: takeLinked(to.hash) }
    }
    if (!session.value && !to.meta.public) {
      const setup = await getSetup().catch(() => null)
      if (setup?.needed)
        return { name: 'setup', query: to.query.token ? { token: to.query.token } : {} }
      return { name: 'sign-in', query: to.fullPath === '/' ? {} : { next: to.fullPath } }
    }
    if (session.value && to.name === 'sign-in') return '/'
    const unread = session.value?.policies_unread ?? false
    if (unread && to.name !== 'read-first')
      return { name: 'read-first', query: to.fullPath === '/' ? {} : { next: to.fullPath } }
    if (!unread && to.name === 'read-first') return '/'
    if (to.meta.permission && !canAny([to.meta.permission].flat())) return { name: 'profile' }
    return true
  })

  return router
}
