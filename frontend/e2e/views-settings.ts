// The views of people's data and of what admins keep: see `views`.
import type { View } from './views'

export const SETTINGS_VIEWS: View[] = [
  { name: 'settings', path: '/settings' },
  { name: 'register', path: '/settings/register' },
  {
    name: 'register-forms',
    path: '/settings/register',
    prepare: async (page) => {
      await page.getByRole('button', { name: 'Fill in imap.gmail.com' }).click()
      await page.getByRole('button', { name: 'Record a disclosure' }).click()
      await page.getByLabel('Legal basis').waitFor()
    },
  },
  { name: 'policies', path: '/settings/policies' },
  {
    name: 'policies-publish',
    path: '/settings/policies',
    prepare: async (page) => {
      await page.getByRole('button', { name: 'Publish a text' }).click()
      await page.getByLabel('Title').waitFor()
    },
  },
  { name: 'policies-auditor', path: '/settings/policies', scenario: 'auditor' },
  { name: 'read-first', path: '/', scenario: 'unread' },
  { name: 'requests', path: '/settings/requests' },
  {
    name: 'requests-new',
    path: '/settings/requests',
    prepare: async (page) => {
      await page.getByRole('button', { name: 'New request' }).click()
      await page.getByRole('dialog').getByLabel('E-mail address').fill('marieke@example.nl')
      await page.getByRole('button', { name: 'Look up' }).click()
      await page.getByText('3 tickets of theirs').waitFor()
    },
  },
  { name: 'request', path: '/settings/requests/0192d100-0000-7000-8000-000000000001' },
  { name: 'request-restriction', path: '/settings/requests/0192d100-0000-7000-8000-000000000002' },
  {
    name: 'request-review',
    path: '/settings/requests/0192d100-0000-7000-8000-000000000006',
    prepare: async (page) => {
      await page.getByRole('button', { name: 'Look through' }).click()
      await page.getByRole('button', { name: 'Keep back: foto-van-els.jpg' }).click()
    },
  },
  { name: 'request-erasure', path: '/settings/requests/0192d100-0000-7000-8000-000000000007' },
  { name: 'request-unknown', path: '/settings/requests/0192d100-0000-7000-8000-000000000004' },
  {
    name: 'request-refuse',
    path: '/settings/requests/0192d100-0000-7000-8000-000000000003',
    prepare: async (page) => {
      await page.getByRole('button', { name: 'Refuse' }).click()
      await page.getByRole('dialog').getByLabel('Reason').waitFor()
    },
  },
  { name: 'person', path: '/requests#token', scenario: 'signed-out' },
  { name: 'incident', path: '/settings/incident' },
  {
    name: 'incident-report',
    path: '/settings/incident',
    prepare: async (page) => {
      await page.getByRole('button', { name: 'Look it up' }).click()
      await page.getByText('The audit log is unbroken').waitFor()
    },
  },
  { name: 'retention', path: '/settings/mailboxes/0192b000-0000-7000-8000-000000000001' },
  { name: 'retention-waits', path: '/settings/mailboxes/0192b000-0000-7000-8000-000000000003' },
  {
    name: 'retention-confirm',
    path: '/settings/mailboxes/0192b000-0000-7000-8000-000000000003',
    prepare: async (page) => {
      await page.getByRole('button', { name: 'Confirm…' }).click()
      await page.getByRole('dialog').waitFor()
    },
  },
  {
    name: 'retention-wrong',
    path: '/settings/mailboxes/0192b000-0000-7000-8000-000000000001',
    prepare: async (page) => {
      await page.getByLabel('Days spam is kept').fill('400')
      await page.keyboard.press('Enter')
      await page.getByText('Fill in a whole number from 1 to 365.').waitFor()
    },
  },
  { name: 'conversation-anonymous', path: '/tickets/all/1995', scenario: 'kept' },
  {
    name: 'conversation-kept',
    path: '/tickets/open/2004',
    scenario: 'kept',
    prepare: async (page) => {
      await page.getByRole('button', { name: 'Details' }).click()
      await page.getByText('Warranty runs until 2031.').waitFor()
    },
  },
  {
    name: 'keep-longer',
    path: '/tickets/open/2004',
    prepare: async (page) => {
      await page.getByRole('button', { name: 'More actions' }).click()
      await page.getByRole('menuitem', { name: 'Keep longer…' }).click()
      await page.getByRole('dialog').waitFor()
    },
  },
  {
    name: 'hold-ticket',
    path: '/tickets/open/2004',
    prepare: async (page) => {
      await page.getByRole('button', { name: 'More actions' }).click()
      await page.getByRole('menuitem', { name: 'Place a legal hold…' }).click()
      await page.getByRole('dialog').waitFor()
    },
  },
  { name: 'holds', path: '/settings/holds', scenario: 'kept' },
  { name: 'holds-none', path: '/settings/holds' },
  { name: 'holds-auditor', path: '/settings/holds', scenario: 'auditor' },
  {
    name: 'holds-place',
    path: '/settings/holds',
    scenario: 'kept',
    prepare: async (page) => {
      await page.getByRole('button', { name: 'Place a hold' }).click()
      await page.getByRole('button', { name: 'Place the hold' }).click()
      await page.getByText('Say why it is kept.').waitFor()
    },
  },
  {
    name: 'holds-end',
    path: '/settings/holds',
    scenario: 'kept',
    prepare: async (page) => {
      await page
        .getByRole('button', { name: /^End the hold/ })
        .first()
        .click()
      await page.getByRole('dialog').waitFor()
    },
  },
  { name: 'quarantine', path: '/settings/quarantine' },
  { name: 'quarantine-much', path: '/settings/quarantine', scenario: 'much-quarantine' },
  {
    name: 'shortcuts',
    path: '/tickets/open',
    prepare: async (page) => {
      await page.getByRole('list', { name: 'Inbox' }).waitFor()
      await page.keyboard.press('?')
      await page.getByRole('dialog').waitFor()
    },
  },
  { name: 'tags', path: '/settings/tags' },
  {
    name: 'tag-dialog',
    path: '/settings/tags',
    prepare: async (page) => {
      await page.getByRole('button', { name: 'Change VIP' }).click()
      await page.getByRole('dialog').waitFor()
    },
  },
  { name: 'teams', path: '/settings/teams' },
  {
    name: 'team-dialog',
    path: '/settings/teams',
    prepare: async (page) => {
      await page.getByRole('button', { name: 'Change Klantenservice' }).click()
      await page.getByRole('dialog').waitFor()
    },
  },
  {
    name: 'tag-menu',
    path: '/tickets/open/2004',
    prepare: async (page) => {
      await page.getByRole('main').getByText('#2004').waitFor()
      await page.keyboard.press('t')
      await page.getByRole('option', { name: 'VIP' }).waitFor()
    },
  },
  {
    name: 'snooze-menu',
    path: '/tickets/open/2004',
    prepare: async (page) => {
      await page.getByRole('main').getByText('#2004').waitFor()
      await page.keyboard.press('h')
      await page.getByRole('textbox', { name: 'When' }).fill('next tuesday 9:00')
    },
  },
  {
    name: 'merge',
    path: '/tickets/open/2004',
    prepare: async (page) => {
      await page.getByRole('main').getByText('#2004').waitFor()
      await page.keyboard.press('Shift+M')
      await page.getByLabel('Number of the ticket that stays').fill('2003')
      await page.getByRole('button', { name: 'Merge', exact: true }).click()
      await page.getByText('different customers').first().waitFor()
    },
  },
  {
    name: 'bulk',
    path: '/tickets/open',
    prepare: async (page) => {
      await page.getByRole('checkbox', { name: 'Choose ticket 2004' }).check()
      await page.getByRole('checkbox', { name: 'Choose ticket 2003' }).check()
    },
  },
  { name: 'not-found', path: '/nowhere' },
]
