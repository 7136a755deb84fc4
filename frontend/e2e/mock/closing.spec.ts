import { expect, test } from '@playwright/test'
import { enter } from '../views'

test('an organization is closed with care, and taken back', async ({ page, context }, {
  testId,
}) => {
  await enter(context, testId)
  await page.goto('/settings/organization')
  await page.getByRole('link', { name: 'Close organization…' }).click()
  await expect(page.getByText('A full export is made.', { exact: false })).toBeVisible()
  const ask = page.getByRole('button', { name: 'Ask to close Veldkeuken' })
  await page.getByLabel('Type the name of the organization: Veldkeuken').fill('veldkeuken')
  await page.getByLabel('Your password').fill('something else')
  await expect(ask).toBeDisabled()
  await page.getByLabel('Type the name of the organization: Veldkeuken').fill('Veldkeuken')
  await ask.click()
  await expect(page.getByText('This is not your password.')).toBeVisible()
  await page.getByLabel('Your password').fill('correct horse battery')
  await page.keyboard.press('Enter')
  const waits = page.getByRole('region', { name: 'This organization is to be closed' })
  await expect(waits.getByRole('listitem')).toHaveCount(2)

  // The link of the mail.
  await page.goto('/settings/profile')
  await page.goto('/settings/organization/close#the-token')
  await page.getByRole('button', { name: 'Confirm', exact: true }).click()
  await expect(page.getByRole('heading', { name: /^Deleted in 13 days/ })).toBeVisible()
  const banner = page.getByRole('complementary', { name: 'Closing' })
  await expect(banner).toContainText('Tickets can be read, and not answered.')
  expect(new URL(page.url()).hash).toBe('')
  await page.getByRole('button', { name: 'Take it back' }).click()
  await expect(banner).toHaveCount(0)
  await expect(ask).toBeVisible()
})

test('whoever has the link reads the statement of an organization that is gone', async ({
  page,
  context,
}, { testId }) => {
  await enter(context, testId, 'signed-out')
  await page.goto('/closed/0192f000-0000-7000-8000-00000000c105')
  const paper = page.getByRole('article', { name: 'Statement of deletion' })
  await expect(paper).toContainText('The organization is closed.')
  await expect(paper).toContainText('There were 3 mailboxes and 9 users.')
  await expect(page.getByRole('link', { name: 'Download JSON' })).toBeVisible()
  await page.goto('/closed/nothing')
  await expect(page.getByText('Not here, or not yet')).toBeVisible()
})
