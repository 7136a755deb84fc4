// Every view of the application: what the accessibility checks and the pictures go through.
import type { BrowserContext, Page } from '@playwright/test'
import { SETTINGS_VIEWS } from './views-settings'

export interface View {
  name: string
  path: string
  scenario?: string
  /** What to do before looking. */
  prepare?: (page: Page) => Promise<void>
}

const openReply = async (page: Page) => {
  await page.getByRole('main').getByText('#2004').waitFor()
  await page.keyboard.press('r')
  await page.getByRole('textbox', { name: 'Your answer' }).waitFor()
}

/** To the field that finds, once it is there. */
const toBox = async (page: Page) => {
  await page.getByRole('combobox', { name: /^Search mail/ }).waitFor()
  await page.keyboard.press('/')
}

const openInvite = async (page: Page) => {
  await page.getByRole('button', { name: 'Invite', exact: true }).click()
  await page.getByRole('dialog').waitFor()
}

/** Narrower pages have a drawer. */
const PHONE = 768

export const VIEWS: View[] = [
  { name: 'setup', path: '/setup?token=abc', scenario: 'setup' },
  { name: 'sign-in', path: '/sign-in', scenario: 'signed-out' },
  { name: 'tickets', path: '/tickets/open' },
  { name: 'drafts', path: '/tickets/drafts' },
  { name: 'conversation', path: '/tickets/open/2004' },
  { name: 'conversation-failed', path: '/tickets/open/2003' },
  { name: 'conversation-phishing', path: '/tickets/open/2002' },
  { name: 'conversation-html', path: '/tickets/open/2001' },
  { name: 'conversation-bounce', path: '/tickets/open/2000' },
  { name: 'conversation-related', path: '/tickets/open/1998', scenario: 'related' },
  { name: 'conversation-erased', path: '/tickets/all/1994', scenario: 'kept' },
  {
    name: 'conversation-details',
    path: '/tickets/open/2004',
    prepare: async (page) => {
      await page.getByRole('button', { name: 'Details' }).click()
    },
  },
  { name: 'composer', path: '/tickets/open/2004', prepare: openReply },
  {
    name: 'composer-note',
    path: '/tickets/open/2004',
    prepare: async (page) => {
      await page.getByRole('main').getByText('#2004').waitFor()
      await page.keyboard.press('n')
      await page
        .getByRole('textbox', { name: 'Your note' })
        .fill('Gebeld: morgen nog eens proberen.')
    },
  },
  {
    name: 'notices',
    path: '/tickets/open',
    prepare: async (page) => {
      if ((page.viewportSize()?.width ?? 0) < PHONE)
        await page.getByRole('button', { name: 'Open menu' }).click()
      await page.getByRole('button', { name: 'Notices: 1 unread' }).click()
      await page.getByRole('link', { name: /mentions you/ }).waitFor()
    },
  },
  {
    name: 'composer-forward',
    path: '/tickets/open/2004',
    prepare: async (page) => {
      await page.getByRole('main').getByText('#2004').waitFor()
      await page.keyboard.press('f')
      await page.getByRole('textbox', { name: 'Your words above the forwarded mail' }).waitFor()
    },
  },
  {
    name: 'composer-link',
    path: '/tickets/open/2004',
    prepare: async (page) => {
      await openReply(page)
      await page.getByRole('button', { name: 'Link', exact: true }).click()
    },
  },
  {
    name: 'composer-saved',
    path: '/tickets/open/2004',
    prepare: async (page) => {
      await page.getByRole('main').getByText('#2004').waitFor()
      await page.keyboard.press('m')
      await page.getByRole('option').first().waitFor()
    },
  },
  {
    name: 'letter',
    path: '/tickets/new',
    prepare: async (page) => {
      await page.getByRole('textbox', { name: 'Your mail' }).waitFor()
    },
  },
  { name: 'saved-replies', path: '/settings/saved-replies' },
  {
    name: 'saved-reply-new',
    path: '/settings/saved-replies',
    prepare: async (page) => {
      await page.getByRole('button', { name: 'New saved reply' }).click()
      await page.getByRole('dialog').getByRole('textbox', { name: 'Text' }).waitFor()
    },
  },
  {
    name: 'discard',
    path: '/tickets/open/2004',
    prepare: async (page) => {
      await openReply(page)
      await page.keyboard.type('Beste Marieke')
      await page.getByRole('button', { name: 'Discard draft' }).click()
      await page.getByRole('dialog').waitFor()
    },
  },
  {
    name: 'change-customer',
    path: '/tickets/open/2004',
    prepare: async (page) => {
      await page.getByRole('button', { name: 'More actions' }).click()
      await page.getByRole('menuitem', { name: 'Change customer…' }).click()
      await page.getByRole('dialog').waitFor()
    },
  },
  {
    name: 'picture',
    path: '/tickets/open/2004',
    prepare: async (page) => {
      await page.getByRole('button', { name: 'Preview track-and-trace.png' }).click()
      await page.getByRole('dialog').waitFor()
    },
  },
  {
    name: 'preview-pdf',
    path: '/tickets/open/2004',
    prepare: async (page) => {
      await page.getByRole('button', { name: 'Preview bestelbevestiging.pdf' }).click()
      await page.getByRole('dialog').locator('canvas[data-drawn]').nth(9).waitFor()
    },
  },
  {
    name: 'preview-text',
    path: '/tickets/open/2004',
    prepare: async (page) => {
      await page.getByRole('button', { name: 'Preview order.csv' }).click()
      await page.getByRole('dialog').getByText('VK-20481').waitFor()
    },
  },
  {
    name: 'note-team',
    path: '/tickets/open/2004',
    prepare: async (page) => {
      await page.getByRole('main').getByText('#2004').waitFor()
      await page.keyboard.press('n')
      await page.getByRole('textbox', { name: 'Your note' }).waitFor()
      await page.keyboard.type('Kijken jullie? @')
      await page.getByRole('option', { name: /team$/ }).first().waitFor()
    },
  },
  {
    name: 'thread-long',
    path: '/tickets/all/3001',
    scenario: 'heavy',
    prepare: async (page) => {
      await page.getByRole('button', { name: 'Show 1996 earlier messages' }).click()
      await page.locator('article[aria-posinset="1997"]').waitFor()
    },
  },
  { name: 'files-many', path: '/tickets/all/3003', scenario: 'heavy' },
  { name: 'scripts', path: '/tickets/all/3004', scenario: 'heavy' },
  {
    name: 'tickets-tag',
    path: '/tickets/open',
    scenario: 'heavy',
    prepare: async (page) => {
      await page.getByRole('button', { name: /^Filter and sort/ }).click()
      await page.getByRole('button', { name: 'Tag: Any tag' }).click()
      await page.getByRole('option', { name: 'topic 00001' }).waitFor()
    },
  },
  {
    name: 'bulk-merge',
    path: '/tickets/open',
    prepare: async (page) => {
      for (const number of [2004, 2003])
        await page.getByRole('checkbox', { name: `Choose ticket ${String(number)}` }).check()
      await page.getByRole('button', { name: 'More acts' }).click()
      await page.getByRole('menuitem', { name: /^Merge into/ }).click()
      await page.getByRole('dialog').waitFor()
    },
  },
  {
    name: 'assignee-menu',
    path: '/tickets/open/2004',
    prepare: async (page) => {
      await page.getByRole('button', { name: /^Change assignee/ }).click()
      await page.getByRole('option').first().waitFor()
    },
  },
  {
    name: 'status-menu',
    path: '/tickets/open/2004',
    prepare: async (page) => {
      await page.getByRole('button', { name: 'More actions' }).click()
    },
  },
  {
    name: 'user-menu',
    path: '/settings/profile',
    prepare: async (page) => {
      // On a phone it lies in the drawer.
      if ((page.viewportSize()?.width ?? 0) < PHONE)
        await page.getByRole('button', { name: 'Open menu' }).click()
      await page.getByRole('button', { name: /^Account/ }).click()
      await page.getByRole('menu').waitFor()
    },
  },
  {
    name: 'tickets-filter',
    path: '/tickets/open?assignee=none&has_attachment=true',
    prepare: async (page) => {
      await page.getByRole('button', { name: /^Filter and sort/ }).click()
      await page.getByRole('dialog').waitFor()
    },
  },
  {
    name: 'tickets-filtered',
    path: '/tickets/open?assignee=me&unread=true&since=2026-01-01',
  },
  {
    name: 'tickets-compact',
    path: '/tickets/open/2004',
    prepare: async (page) => {
      if ((page.viewportSize()?.width ?? 0) < PHONE)
        await page.getByRole('button', { name: 'Back' }).click()
      await page.getByRole('button', { name: /^Filter and sort/ }).click()
      await page.getByText('Compact').click()
      await page.keyboard.press('Escape')
    },
  },
  {
    name: 'view-save',
    path: '/tickets/open?assignee=none&unread=true',
    prepare: async (page) => {
      await page.getByRole('button', { name: 'Save as a view' }).click()
      await page.getByLabel('Name').fill('Nobody looks at it')
    },
  },
  {
    name: 'palette',
    path: '/tickets/open/2004',
    prepare: async (page) => {
      await page.getByRole('main').getByText('#2004').waitFor()
      await page.keyboard.press('Control+k')
      await page.getByRole('dialog').waitFor()
    },
  },
  { name: 'contacts', path: '/contacts' },
  { name: 'contacts-nobody', path: '/contacts?address=nobody@nowhere.example' },
  {
    name: 'contact',
    path: '/contacts',
    prepare: async (page) => {
      await page.getByRole('main').getByRole('listitem').getByRole('link').first().click()
      await page.getByText('Bakkerij De Korst').waitFor()
    },
  },
  {
    name: 'contact-edit',
    path: '/contacts',
    prepare: async (page) => {
      await page.getByRole('main').getByRole('listitem').getByRole('link').first().click()
      await page.getByRole('button', { name: 'Edit' }).click()
      await page.getByRole('dialog').waitFor()
    },
  },
  { name: 'find', path: '/tickets/open?q=marieke' },
  { name: 'find-nothing', path: '/tickets/open?q=nobody@nowhere.example' },
  {
    name: 'search-box',
    path: '/tickets/open',
    prepare: async (page) => {
      await toBox(page)
      await page.keyboard.type('bestelling f')
      await page.getByRole('option', { name: /^from:/ }).waitFor()
      await page.getByRole('group', { name: 'Tickets' }).getByRole('option').first().waitFor()
      await page.keyboard.press('ArrowDown')
    },
  },
  {
    name: 'search-box-empty',
    path: '/search#q=bestelling',
    prepare: async (page) => {
      await page.getByRole('list', { name: 'Search results' }).getByRole('link').first().waitFor()
      await toBox(page)
      await page.keyboard.press('Backspace')
      await page.getByRole('option', { name: 'bestelling' }).waitFor()
    },
  },
  {
    name: 'search-help',
    path: '/tickets/open',
    prepare: async (page) => {
      await toBox(page)
      await page.getByRole('button', { name: 'How to search' }).click()
      await page.getByRole('dialog').waitFor()
    },
  },
  { name: 'search-start', path: '/search' },
  { name: 'search-results', path: '/search#q=bestelling' },
  {
    name: 'search-narrowed',
    path: '/search#q=bestelling+is%3Aopen+mailbox%3AVeldkeuken&sort=newest',
  },
  {
    name: 'search-saved',
    path: '/search#q=bestelling',
    prepare: async (page) => {
      await page.getByRole('button', { name: 'Save as a view' }).click()
      await page.getByLabel('Name').fill('Orders')
      await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click()
      await page.getByRole('heading', { name: 'Orders' }).waitFor()
    },
  },
  {
    name: 'search-ticket',
    path: '/search#q=bestelling',
    prepare: async (page) => {
      await page.getByRole('list', { name: 'Search results' }).getByRole('link').first().click()
      await page.getByRole('article').first().waitFor()
    },
  },
  {
    name: 'search-compact',
    path: '/tickets/open',
    prepare: async (page) => {
      await page.getByRole('button', { name: /^Filter and sort/ }).click()
      await page.getByText('Compact').click()
      await page.keyboard.press('Escape')
      await toBox(page)
      await page.keyboard.type('bestelling')
      await page.keyboard.press('Enter')
      await page.getByRole('list', { name: 'Search results' }).getByRole('link').first().waitFor()
    },
  },
  { name: 'search-nothing', path: '/search#q=ornithopter' },
  { name: 'search-wrong', path: '/search#q=fiets+%22kapot+is%3Aopen' },
  { name: 'search-partial', path: '/search#q=b*' },
  { name: 'search-indexing', path: '/search#q=bestelling', scenario: 'indexing' },
  { name: 'search-unavailable', path: '/search#q=bestelling', scenario: 'no-search' },
  {
    name: 'find-in-ticket',
    path: '/tickets/open/2004',
    prepare: async (page) => {
      await page.getByRole('main').getByText('#2004').waitFor()
      await page.keyboard.press('F')
      await page.getByRole('textbox', { name: 'Find in this ticket' }).fill('pan')
      await page.getByText(/^\W*1\W* of/).waitFor()
    },
  },
  { name: 'empty-no-mailbox', path: '/tickets/open', scenario: 'empty' },
  { name: 'empty-importing', path: '/tickets/open', scenario: 'importing' },
  { name: 'empty-done', path: '/tickets/mine', scenario: 'done' },
  { name: 'missing', path: '/tickets/open/999999' },
  { name: 'profile', path: '/settings/profile' },
  {
    name: 'profile-sessions',
    path: '/settings/profile',
    prepare: async (page) => {
      const list = page.getByRole('list', { name: /^(Signed in|Ingelogd)$/ })
      await list.getByRole('listitem').nth(2).scrollIntoViewIfNeeded()
    },
  },
  { name: 'organization', path: '/settings/organization' },
  { name: 'users', path: '/settings/users' },
  { name: 'users-agent', path: '/settings/users', scenario: 'agent' },
  { name: 'users-no-mail', path: '/settings/users', scenario: 'no-mail' },
  {
    name: 'users-menu',
    path: '/settings/users',
    prepare: async (page) => {
      await page.getByRole('button', { name: 'Actions for Noor Hassan' }).click()
      await page.getByRole('menu').waitFor()
    },
  },
  { name: 'users-invite', path: '/settings/users', prepare: openInvite },
  {
    name: 'users-invite-refused',
    path: '/settings/users',
    prepare: async (page) => {
      await openInvite(page)
      await page.getByLabel('E-mail address').fill('joris@veldkeuken.example')
      await page.getByLabel('Name').fill('Joris')
      await page.getByRole('button', { name: 'Send the invitation' }).click()
      await page.getByText('There is a user with this address already.').waitFor()
    },
  },
  {
    name: 'users-link',
    path: '/settings/users',
    scenario: 'no-mail',
    prepare: async (page) => {
      await page.getByRole('button', { name: 'Make a new link Noor Hassan' }).click()
      await page.getByRole('dialog').waitFor()
    },
  },
  {
    name: 'users-disable',
    path: '/settings/users',
    prepare: async (page) => {
      await page.getByRole('button', { name: 'Actions for Joris Bakker' }).click()
      await page.getByRole('menuitem', { name: 'Disable…' }).click()
      await page.getByRole('checkbox').waitFor()
    },
  },
  { name: 'mailboxes', path: '/settings/mailboxes' },
  { name: 'mailboxes-empty', path: '/settings/mailboxes', scenario: 'empty' },
  { name: 'mailbox', path: '/settings/mailboxes/0192b000-0000-7000-8000-000000000002' },
  {
    name: 'mailbox-acknowledgement',
    path: '/settings/mailboxes/0192b000-0000-7000-8000-000000000002',
    prepare: async (page) => {
      await page.getByRole('checkbox', { name: /^(Answer new tickets|Nieuwe tickets)/ }).check()
      await page
        .getByText(/^(What the customer gets|Wat de klant krijgt)$/)
        .scrollIntoViewIfNeeded()
    },
  },
  {
    name: 'mailbox-export',
    path: '/settings/mailboxes/0192b000-0000-7000-8000-000000000002',
    prepare: async (page) => {
      await page.getByRole('button', { name: /^(Export|Exporteren)…/ }).click()
      await page.getByRole('dialog').waitFor()
    },
  },
  {
    name: 'closing',
    path: '/settings/organization/close',
    prepare: async (page) => {
      await page.getByRole('button', { name: /Veldkeuken/ }).waitFor()
    },
  },
  {
    name: 'closing-asked',
    path: '/settings/organization/close#the-token',
    prepare: async (page) => {
      await page.getByLabel(/Veldkeuken/).fill('Veldkeuken')
      await page.getByLabel(/^(Your password|Uw wachtwoord)/).fill('correct horse battery')
      await page.getByRole('button', { name: /Veldkeuken/ }).click()
      await page.getByRole('button', { name: /^(Confirm|Bevestigen)$/ }).waitFor()
    },
  },
  { name: 'closing-countdown', path: '/settings/organization/close', scenario: 'closing' },
  { name: 'closing-banner', path: '/tickets/open', scenario: 'closing' },
  {
    name: 'closed',
    path: '/closed/0192f000-0000-7000-8000-00000000c105',
    scenario: 'signed-out',
  },
  { name: 'closed-missing', path: '/closed/nothing', scenario: 'signed-out' },
  { name: 'connect', path: '/settings/mailboxes/connect' },
  { name: 'connect-google', path: '/settings/mailboxes/connect/google' },
  { name: 'connect-microsoft', path: '/settings/mailboxes/connect/microsoft' },
  {
    name: 'connect-imap',
    path: '/settings/mailboxes/connect/imap',
    prepare: async (page) => {
      await page.getByLabel('E-mail address').fill('shop@example.nl')
      await page.getByLabel('Password', { exact: true }).fill('wrong')
      await page.getByLabel('Server').first().fill('imap.example.nl')
      await page.getByLabel('Server').last().fill('smtp.example.nl')
      await page.getByRole('button', { name: 'Test connection' }).click()
      await page.getByText('Not yet.').waitFor()
    },
  },
  { name: 'connect-maildir', path: '/settings/mailboxes/connect/maildir' },
  { name: 'provider', path: '/settings/providers/microsoft' },
  { name: 'provider-google', path: '/settings/providers/google' },
  {
    name: 'disconnect',
    path: '/settings/mailboxes/0192b000-0000-7000-8000-000000000001/disconnect',
  },
  {
    name: 'disconnect-waiting',
    path: '/settings/mailboxes/0192b000-0000-7000-8000-000000000002/disconnect',
    prepare: async (page) => {
      await page.getByRole('button', { name: /^Send to/ }).click()
      await page.getByText('still wait to leave').waitFor()
    },
  },
  {
    name: 'disconnect-done',
    path: '/settings/mailboxes/0192b000-0000-7000-8000-000000000002/disconnect',
    prepare: async (page) => {
      await page.getByRole('button', { name: /^Send to/ }).click()
      await page.getByText('still wait to leave').waitFor()
      await page.getByRole('checkbox').check()
      await page.getByRole('button', { name: /^Disconnect / }).click()
      await page.getByText('answers were stopped').waitFor()
    },
  },
  { name: 'deletions', path: '/settings/deletions', scenario: 'deletions' },
  { name: 'deletions-late', path: '/settings/deletions', scenario: 'late' },
  { name: 'deletions-auditor', path: '/settings/deletions', scenario: 'auditor' },
  { name: 'deletions-none', path: '/settings/deletions' },
  {
    name: 'deletions-undo',
    path: '/settings/deletions',
    scenario: 'deletions',
    prepare: async (page) => {
      await page.getByRole('button', { name: /^Undo/ }).click()
      await page.getByRole('dialog').waitFor()
    },
  },
  {
    name: 'deletions-now',
    path: '/settings/deletions',
    scenario: 'deletions',
    prepare: async (page) => {
      await page.getByRole('button', { name: /^Delete now/ }).click()
      await page.getByRole('dialog').waitFor()
      await page.getByLabel(/^Type /).fill('wholesale@veldkeuken.example')
      await page.getByLabel('Your own password').fill('wrong')
      await page.getByRole('dialog').getByRole('button', { name: 'Delete now' }).click()
      await page.getByText('This is not your password.').waitFor()
    },
  },
  {
    name: 'statement',
    path: '/settings/deletions/statements/0192e000-0000-7000-8000-000000000001',
    scenario: 'deletions',
  },
  {
    name: 'tickets-disconnected',
    path: '/tickets/all?mailbox=0192b000-0000-7000-8000-000000000002',
    scenario: 'deletions',
  },
  {
    name: 'conversation-disconnected',
    path: '/tickets/all?mailbox=0192b000-0000-7000-8000-000000000002',
    scenario: 'deletions',
    prepare: async (page) => {
      await page
        .getByRole('listitem')
        .getByRole('link', { name: /Disconnected/ })
        .first()
        .click()
      await page
        .getByRole('main')
        .getByText(/^Mailbox disconnected/)
        .filter({ visible: true })
        .first()
        .waitFor()
    },
  },
  ...SETTINGS_VIEWS,
]

// The server may outlive a run; its worlds must not.
const RUN = Date.now().toString(36)

/** A world of its own, so that tests do not see each other's changes. */
export async function enter(context: BrowserContext, world: string, scenario = 'default') {
  await context.addCookies([
    { name: 'mock', value: `${RUN}-${world}.${scenario}`, url: 'http://localhost:4173' },
  ])
}

/** Waits until nothing loads any more and nothing moves. */
export async function settle(page: Page): Promise<void> {
  await page.locator('#app :is(main, section)').filter({ visible: true }).first().waitFor()
  await page
    .locator('.animate-pulse-soft')
    .first()
    .waitFor({ state: 'detached', timeout: 4_000 })
    .catch(() => undefined)
  await page.evaluate(async () => {
    await document.fonts.ready
    await Promise.all(
      document
        .getAnimations()
        .filter(({ effect }) => effect?.getComputedTiming().iterations !== Infinity)
        .map((animation) => animation.finished.catch(() => undefined)),
    )
  })
}
