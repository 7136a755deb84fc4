import { expect, test, type Page } from '@playwright/test'
import { enter } from '../views'

const banner = (page: Page) =>
  page.getByRole('complementary', { name: 'Mailboxes that are not read' })

test('who can mend it is told of the only mailbox that is not read, on every page', async ({
  context,
  page,
}, { testId }) => {
  await enter(context, `banner-${testId}`, 'expired')
  await page.goto('/tickets/open')
  await expect(banner(page)).toContainText(/^No mail from \S.* since /)
  await expect(
    page.getByRole('link', { name: 'Settings' }).getByRole('img', { name: 'Sign-in needed' }),
  ).toBeVisible()
  await banner(page).getByRole('link', { name: 'Reconnect' }).click()
  await expect(page).toHaveURL(/\/settings\/mailboxes\/[0-9a-f-]{36}$/)
  await expect(
    page.getByRole('main').getByRole('button', { name: 'Reconnect' }).first(),
  ).toBeVisible()
  await banner(page).getByRole('button', { name: 'Put this notice away' }).click()
  await expect(banner(page)).toHaveCount(0)
  await page.reload()
  await expect(
    page.getByRole('main').getByRole('button', { name: 'Reconnect' }).first(),
  ).toBeVisible()
  await expect(banner(page)).toHaveCount(0)
})

test('an agent is told whom to ask', async ({ context, page }, { testId }) => {
  await enter(context, `banner-${testId}`, 'agent')
  await page.goto('/tickets/open')
  await expect(banner(page)).toContainText('Ask an admin to connect it again.')
  await expect(banner(page).getByRole('link')).toHaveCount(0)
})
