import { expect, test, type Page } from '@playwright/test'
import { enter } from '../views'

test.beforeEach(async ({ context }, { testId }) => {
  await enter(context, `users-${testId}`)
})

const row = (page: Page, name: string) =>
  page.getByRole('main').getByRole('listitem').filter({ hasText: name })
const act = async (page: Page, name: string, what: string | RegExp) => {
  await page.getByRole('button', { name: `Actions for ${name}` }).click()
  await page.getByRole('menuitem', { name: what }).click()
}

test('a colleague is invited by keyboard alone', async ({ page }) => {
  await page.goto('/settings/users')
  await page.getByRole('button', { name: 'Invite', exact: true }).focus()
  await page.keyboard.press('Enter')
  await expect(page.getByLabel('E-mail address')).toBeFocused()
  await page.keyboard.type('bea@veldkeuken.example')
  await page.keyboard.press('Tab')
  await page.keyboard.type('Bea Visser')
  await page.keyboard.press('Tab')
  await page.keyboard.press('Tab')
  await page.keyboard.press('Space')
  await page.keyboard.press('Enter')
  await expect(page.getByText('Invitation sent to bea@veldkeuken.example')).toBeVisible()
  await expect(row(page, 'Bea Visser')).toContainText('Invited')
  await expect(row(page, 'Bea Visser')).toContainText('Veldkeuken')
  await expect(row(page, 'Bea Visser')).toContainText('Link ends in 7 days')
  await expect(page.getByRole('button', { name: 'Invite', exact: true })).toBeFocused()
})

test('an address that is refused says why and keeps what was filled in', async ({ page }) => {
  await page.goto('/settings/users')
  await page.getByRole('button', { name: 'Invite', exact: true }).click()
  await page.getByLabel('E-mail address').fill('bea@shop.other.example')
  await page.getByLabel('Name').fill('Bea')
  await page.getByRole('button', { name: 'Send the invitation' }).click()
  await expect(page.getByRole('alert')).toContainText('Take another address of theirs.')
  await page.getByLabel('E-mail address').fill('bea@veldkeuken.example')
  await page.getByRole('button', { name: 'Send the invitation' }).click()
  await expect(row(page, 'Bea')).toContainText('Invited')
})

test('where Loket sends no mail, the link is shown once', async ({ page, context }, { testId }) => {
  await enter(context, `no-mail-${testId}`, 'no-mail')
  await page.goto('/settings/users')
  await expect(page.getByText('Loket sends no mail of its own here')).toBeVisible()
  await expect(page.getByText('you get a link to hand over')).toBeVisible()
  await page.getByRole('button', { name: 'Make a new link Noor Hassan' }).click()
  await expect(page.getByRole('dialog').getByText(/password#/)).toBeVisible()
  await page.getByRole('button', { name: 'Done' }).click()
  await expect(page.getByText(/password#/)).toHaveCount(0)
})

test('a role is changed, and changed back', async ({ page }) => {
  await page.goto('/settings/users')
  await page.getByRole('button', { name: 'Actions for Joris Bakker' }).click()
  await page.getByRole('menuitemradio', { name: /^Admin/ }).click()
  await expect(page.getByText('Joris Bakker is now: Admin')).toBeVisible()
  await expect(row(page, 'Joris Bakker')).toContainText('Admin')
  await page.getByRole('button', { name: 'Undo' }).click()
  await expect(row(page, 'Joris Bakker')).toContainText('Agent')
})

test('whoever is disabled can leave their tickets to others, and comes back', async ({ page }) => {
  await page.goto('/settings/users')
  await act(page, 'Joris Bakker', 'Disable…')
  await expect(page.getByText(/Unassign their \d+ open tickets/)).toBeVisible()
  await page.getByRole('button', { name: 'Disable', exact: true }).click()
  await expect(page.getByText('Joris Bakker can sign in no more')).toBeVisible()
  const disabled = page.getByRole('list', { name: 'Disabled users' })
  await expect(disabled).toContainText('Joris Bakker')
  await act(page, 'Joris Bakker', 'Enable again')
  await expect(disabled).not.toContainText('Joris Bakker')
  await act(page, 'Joris Bakker', 'Disable…')
  await expect(page.getByText('No open ticket is assigned to them.')).toBeVisible()
})

test('nobody acts on themselves, and an agent on nobody', async ({ page, context }, { testId }) => {
  await page.goto('/settings/users')
  await expect(row(page, 'Joris Bakker')).toBeVisible()
  await expect(page.getByRole('button', { name: /^Actions for Sanne/ })).toHaveCount(0)
  await enter(context, `agent-${testId}`, 'agent')
  await page.reload()
  await expect(row(page, 'Joris Bakker')).toBeVisible()
  await expect(page.getByRole('button', { name: /^(Actions for|Invite)/ })).toHaveCount(0)
})

test('quarantine shows more until that is all', async ({ page, context }, { testId }) => {
  await enter(context, `quarantine-${testId}`, 'much-quarantine')
  await page.goto('/settings/quarantine')
  const items = page.getByRole('main').getByRole('listitem')
  await expect(items).toHaveCount(100)
  await page.getByRole('button', { name: 'Show more' }).click()
  await expect(items).toHaveCount(200)
  await page.getByRole('button', { name: 'Show more' }).click()
  await expect(items).toHaveCount(242)
  await expect(page.getByRole('button', { name: 'Show more' })).toHaveCount(0)
})

test('a mailbox leads to what of it is in quarantine', async ({ page }) => {
  await page.goto('/settings/mailboxes')
  const boxes = page.getByRole('main').getByRole('listitem')
  // Nothing of the second one is there.
  await expect(boxes.filter({ hasText: '0 in quarantine' }).first()).toBeVisible()
  await expect(page.getByRole('link', { name: /^0 in quarantine/ })).toHaveCount(0)
  await boxes.getByRole('link', { name: 'Veldkeuken', exact: true }).click()
  await expect(page).toHaveURL(/mailboxes\/0192b000-0000-7000-8000-000000000001$/)
  await page.getByRole('link', { name: '2 in quarantine' }).click()
  await expect(page).toHaveURL(/quarantine\?mailbox=0192b000-0000-7000-8000-000000000001$/)
  await expect(page.getByRole('combobox', { name: 'Mailbox' })).toHaveValue(/0001$/)
})

test('the quarantine is narrowed on the server, and told when nothing fits', async ({
  page,
  context,
}, { testId }) => {
  await enter(context, `quarantine-narrow-${testId}`, 'much-quarantine')
  await page.goto('/settings/quarantine')
  const items = page.getByRole('main').getByRole('listitem')
  await expect(items).toHaveCount(100)
  await page.getByLabel('Reason').selectOption('Nested too deeply')
  await expect(items).toHaveCount(1)
  await expect(items).toContainText('Nested too deeply')
  await page.reload()
  await expect(items).toHaveCount(1)
  await page.getByLabel('Mailbox', { exact: true }).selectOption({ index: 2 })
  await expect(page.getByText('No mail in quarantine fits this')).toBeVisible()
  await page.getByRole('button', { name: 'Show all' }).click()
  await expect(items).toHaveCount(100)
  await expect(page.getByLabel('Reason')).toHaveValue('')
})
