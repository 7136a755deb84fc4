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
  await expect(email).not.toHaveAttribute('aria-invalid', 'true')
})
