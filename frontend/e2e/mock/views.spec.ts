import { expect, test, type Page } from '@playwright/test'
import { enter } from '../views'

test.beforeEach(async ({ context }, { testId }) => {
  await enter(context, `views-${testId}`)
})

const tickets = (page: Page) => page.getByRole('region', { name: 'Tickets' })
const rows = (page: Page) => tickets(page).getByRole('list', { name: 'Inbox' }).getByRole('link')
const filters = (page: Page) => page.getByRole('button', { name: /^Filter and sort/ })
const chips = (page: Page) => page.getByRole('list', { name: 'Filters' }).getByRole('button')

test('a list is narrowed to a status and a customer, and kept from the chips', async ({ page }) => {
  await page.goto('/tickets/open')
  await rows(page).first().waitFor()
  await filters(page).click()
  const panel = page.getByRole('dialog', { name: 'Filter and sort' })
  await panel.getByLabel('Status').selectOption({ label: 'All tickets' })
  await panel.getByLabel('Customer').fill('nobody@example.com')
  await expect(panel.getByText('No customer has this address.')).toBeVisible()
  await panel.getByLabel('Customer').fill('marieke.vandijk@example.nl')
  await expect(panel.getByRole('button', { name: 'Remove Marieke van Dijk' })).toBeVisible()
  await expect(page).toHaveURL(/status=all&contact=[0-9a-f-]{36}/)
  await page.keyboard.press('Escape')
  await expect(chips(page)).toHaveText([
    'All tickets',
    'Marieke van Dijk',
    'Clear all',
    'Save as a view',
  ])
  await expect(rows(page).first()).toContainText('Marieke van Dijk')
  await chips(page).last().click()
  await expect(page.getByRole('dialog')).toContainText('Shows: All tickets · Marieke van Dijk')
})

test('an empty view says what it would show, and where there is work', async ({ page }) => {
  await page.route(/\/api\/v1\/tickets\?.*mentioned=me/, (route) =>
    route.fulfill({ json: { items: [], next_cursor: null } }),
  )
  await page.goto('/tickets/mentioned')
  await expect(tickets(page)).toContainText('Nobody has mentioned you')
  await expect(tickets(page)).not.toContainText('All done')
  await tickets(page)
    .getByRole('link', { name: /^Mine \(\d+\)$/ })
    .click()
  await expect(page).toHaveURL(/\/tickets\/mine$/)
  await page.goto('/tickets/open?contact=0192f7a0-0000-7000-8000-000000000000')
  await expect(tickets(page)).toContainText('Nothing matches')
  await tickets(page).getByRole('button', { name: 'Show everything' }).click()
  await rows(page).first().waitFor()
})

test('a view that is not there is no inbox', async ({ page }) => {
  await page.goto('/tickets/v-0192f7a0-0000-7000-8000-000000000000')
  await expect(page.getByRole('heading', { name: 'This view is not there' })).toBeVisible()
  await expect(rows(page)).toHaveCount(0)
  await tickets(page).getByRole('link', { name: 'Inbox' }).click()
  await rows(page).first().waitFor()
})

test('beside a ticket stands what else its customer wrote about, and a way to all of it', async ({
  page,
}) => {
  await page.goto('/tickets/open/2004')
  await page.getByRole('main').getByText('#2004').waitFor()
  await page.keyboard.press(']')
  const details = page.getByRole('complementary', { name: 'Details' }).filter({ visible: true })
  await expect(details.getByRole('heading', { name: 'Other tickets' })).toBeVisible()
  await expect(details.getByRole('link', { name: /#1988/ })).toBeVisible()
  const earlier = details.getByRole('link', { name: /#1978 (Open|Pending|Closed)/ })
  await expect(earlier.getByRole('time')).toBeVisible()
  await details.getByRole('link', { name: 'All tickets of this customer' }).click()
  await expect(page).toHaveURL(/\/tickets\/all\?contact=/)
  await expect(chips(page).first()).toHaveText('Marieke van Dijk')
})

test('what the agent has begun stands in the list of drafts, in place of the customer’s words', async ({
  page,
}) => {
  const row = (name: string) =>
    page.getByRole('list', { name }).getByRole('link', { name: /Emma Whitfield.*delivery address/ })
  await page.goto('/tickets/drafts')
  await expect(row('Drafts')).toContainText('Draft: Hi Emma,')
  await expect(row('Drafts')).not.toContainText('I ordered two knives')
  // What is written on is told when it is left; what is discarded is gone.
  await row('Drafts').click()
  await page.getByRole('heading', { name: 'Can I still change my delivery address?' }).waitFor()
  await page.keyboard.press('r')
  const editor = page.getByRole('textbox', { name: 'Your answer' })
  await editor.fill('Hello again.')
  await expect(page.getByText('Draft saved')).toBeVisible()
  await editor.press('Escape')
  await expect(row('Drafts')).toContainText('Draft: Hello again.')
  await page.goto('/tickets/open')
  await expect(row('Inbox')).toContainText('I ordered two knives')
})
