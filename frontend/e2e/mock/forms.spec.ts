import { expect, test } from '@playwright/test'
import { enter } from '../views'

test.beforeEach(async ({ context }, { testId }) => {
  await enter(context, `forms-${testId}`)
})

test('what is not filled in right is said beside its field', async ({ page }) => {
  await page.goto('/settings/users')
  await page.getByRole('button', { name: 'Invite', exact: true }).click()
  const email = page.getByLabel('E-mail address')
  const dialog = page.getByRole('dialog')
  await email.fill('x')
  await email.press('Enter')
  await expect(email).toHaveAttribute('aria-invalid', 'true')
  await expect(email).toHaveAccessibleDescription('This is not an e-mail address.')
  await expect(email).toBeFocused()
  await expect(dialog.getByLabel('Name')).toHaveAccessibleDescription('Fill this in.')
  await email.fill('x@veldkeuken.example')
  await expect(email).toHaveValue('x@veldkeuken.example')
  await expect(email).not.toHaveAttribute('aria-invalid', 'true')
})

test('a mailbox is connected or tested only when what that needs is filled in', async ({
  page,
}) => {
  await page.goto('/settings/mailboxes/connect/imap')
  const wrong = page.locator('[aria-invalid=true]')
  await page.getByRole('button', { name: 'Connect mailbox' }).click()
  await expect(wrong).toHaveCount(6)
  await expect(page.getByLabel('E-mail address')).toBeFocused()
  await page.reload()
  await page.getByRole('button', { name: 'Test connection' }).click()
  await expect(wrong).toHaveCount(5)
  await expect(page.getByLabel('Display name')).not.toHaveAttribute('aria-invalid', 'true')
  await page.getByLabel('E-mail address').fill('shop@veldkeuken.example')
  await page.getByLabel('Password', { exact: true }).fill('right')
  await page.getByLabel('Server').first().fill('imap.veldkeuken.example')
  await page.getByLabel('Server').last().fill('smtp.veldkeuken.example')
  await expect(wrong).toHaveCount(0)
  await page.getByRole('button', { name: 'Test connection' }).click()
  await expect(page.getByText('Everything works.')).toBeVisible()
  await page.getByRole('button', { name: 'Connect mailbox' }).click()
  await expect(page.getByLabel('Display name')).toBeFocused()
  await expect(wrong).toHaveCount(1)
})

test('what a server refuses of one field is said there and nowhere else', async ({ page }) => {
  await page.goto('/settings/profile')
  const present = page.getByLabel('Current password', { exact: true })
  await present.fill('wrong')
  await page.getByLabel('New password', { exact: true }).fill('a longer sentence than that')
  await page.getByRole('button', { name: 'Change password' }).click()
  await expect(present).toHaveAccessibleDescription('This is not your present password.')
  await expect(page.getByText('This is not your present password.')).toHaveCount(1)
  await expect(present).toBeFocused()
})
