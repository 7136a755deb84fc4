// What somebody hears who does not see the page: names, roles, places in lists, what is announced, and
// where one is after each act.
import { expect, test, type Page } from '@playwright/test'
import { enter } from '../views'

test.beforeEach(async ({ context }, { testId }) => {
  await enter(context, `reader-${testId}`)
})

const inbox = (page: Page) => page.getByRole('list', { name: 'Inbox', exact: true })
const heard = (page: Page, text: string | RegExp) =>
  page.locator('[role=status], [role=alert], [aria-live]').filter({ hasText: text })

test('from the inbox to an answer, by what is said', async ({ page }) => {
  await page.goto('/tickets/open')
  await inbox(page).getByRole('link').first().waitFor()
  // Parts that one can jump to, and a way past the sidebar that comes first.
  await page.keyboard.press('Tab')
  await expect(page.getByRole('link', { name: 'Skip to content' })).toBeFocused()
  await expect(page.locator('body')).toMatchAriaSnapshot(`
    - link "Skip to content"
    - complementary:
      - navigation "Main":
        - list:
          - listitem:
            - link /Inbox \\d+/
    - main:
      - region "Tickets":
        - heading "Inbox" [level=1]
        - search:
          - combobox "Search mail, number or address"
        - list "Inbox"
  `)

  // A list of which only a part is in the page says how long it is, and where each row stands.
  const first = inbox(page).getByRole('listitem').first()
  await expect(first).toHaveAttribute('aria-posinset', '1')
  const size = Number(await first.getAttribute('aria-setsize'))
  expect(size).toBeGreaterThan(10)
  await expect(first.getByRole('link')).toHaveAccessibleName(
    /Marieke van Dijk.*Pakket nog niet ontvangen/,
  )
  await expect(first.getByRole('checkbox')).toHaveAccessibleName('Choose ticket 2004')
  // Which view and which row are the current ones.
  await expect(page.getByRole('link', { name: /^Inbox/ })).toHaveAttribute('aria-current', 'page')
  await first.getByRole('link').press('Enter')
  await expect(first.getByRole('link')).toHaveAttribute('aria-current', 'true')

  const ticket = page.getByRole('region', { name: 'Ticket 2004' })
  await expect(ticket.getByRole('heading', { level: 1 })).toHaveText(/Pakket nog niet ontvangen/)
  await expect(ticket.getByRole('feed', { name: 'Conversation' })).toMatchAriaSnapshot(`
    - feed "Conversation":
      - article "Message from Marieke van Dijk":
        - button "to Veldkeuken, Henk van Dijk Show recipients"
        - time
        - list "3 attachments":
          - listitem:
            - button "Preview bestelbevestiging.pdf"
            - link "Download bestelbevestiging.pdf"
        - link "Download all 3 files"
      - article "Answer by Sanne de Vries"
      - article /Internal note by/
      - article "Message from Marieke van Dijk"
  `)
  const messages = ticket.getByRole('article')
  await expect(messages.last()).toHaveAttribute('aria-posinset', '5')
  await expect(messages.last()).toHaveAttribute('aria-setsize', '5')

  // The answer: the focus is where one writes, and comes back to the page when it is sent.
  await page.keyboard.press('r')
  const box = page.getByRole('textbox', { name: 'Your answer' })
  await expect(box).toBeFocused()
  await page.keyboard.type('Dag Marieke, hij komt vrijdag.')
  await expect(heard(page, 'Draft saved').first()).toBeAttached()
  await page.keyboard.press('Control+Enter')
  await expect(heard(page, /Answer to ticket 2004 leaves/).first()).toBeAttached()
  await expect(box).toHaveCount(0)
  await expect(messages.last()).toHaveAccessibleName('Answer by Sanne de Vries')
})

test('after each act the focus is somewhere, and what was done is said', async ({ page }) => {
  await page.goto('/tickets/open/2004')
  const ticket = page.getByRole('region', { name: 'Ticket 2004' })
  await ticket.getByText('#2004').waitFor()

  // A menu takes the focus, says what is chosen, and gives the focus back.
  const status = ticket.getByRole('button', { name: /^Status/ })
  await status.focus()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('menu')).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(status).toBeFocused()

  // A dialog has a name and holds the focus; closed, it gives it back.
  await page.keyboard.press('?')
  const help = page.getByRole('dialog')
  await expect(help).toHaveAccessibleName('Keyboard shortcuts')
  await expect(help.locator(':focus')).toHaveCount(1)
  await page.keyboard.press('Escape')
  await expect(help).toHaveCount(0)
  await expect(status).toBeFocused()

  // A preview too.
  const preview = ticket.getByRole('button', { name: 'Preview order.csv' })
  await preview.press('Enter')
  await expect(page.getByRole('dialog', { name: 'order.csv' }).locator(':focus')).toHaveCount(1)
  await page.keyboard.press('Escape')
  await expect(preview).toBeFocused()

  // Tags: the field says which of the list is meant.
  await page.keyboard.press('t')
  const tags = page.getByRole('combobox', { name: 'Find a tag' })
  await expect(tags).toBeFocused()
  await page.getByRole('option').first().waitFor()
  await page.keyboard.press('ArrowDown')
  await expect(tags).toHaveAttribute('aria-activedescendant', /./)
  const active = await tags.getAttribute('aria-activedescendant')
  await expect(page.locator(`[id="${active ?? ''}"]`)).toHaveRole('option')
  await page.keyboard.press('Escape')

  // What is done is said, with the way back.
  await page.keyboard.press('e')
  await expect(heard(page, 'Ticket 2004 closed').first()).toBeAttached()
  await expect(page.getByRole('button', { name: 'Undo' })).toBeVisible()
  await expect(page.getByRole('region', { name: 'Ticket 2003' })).toBeVisible()
  await page.keyboard.press('z')
  await expect(inbox(page).getByRole('link', { name: /VK-20481/ })).toBeVisible()

  // What goes wrong is said as well.
  await page.keyboard.press('/')
  await page.keyboard.type('emma is:nonsense')
  await page.keyboard.press('Enter')
  const field = page.getByRole('combobox', { name: 'Search mail, number or address' })
  await expect(field).toHaveAccessibleDescription(/This cannot stand behind/)
})
