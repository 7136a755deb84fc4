import { expect, test } from '@playwright/test'
import { enter } from '../views'

test.beforeEach(async ({ context }, { testId }) => {
  await enter(context, `titles-${testId}`)
})

test('a tab says where one is, and nothing that a customer wrote', async ({ page }) => {
  await page.goto('/tickets/open')
  // The bell counts one.
  await expect(page).toHaveTitle('(1) Inbox · Loket')
  await page.getByRole('list', { name: 'Inbox' }).waitFor()
  await page.keyboard.press('j')
  await expect(page).toHaveTitle(/^\(1\) #\d+ · Inbox · Loket$/)
  await page.goto('/contacts')
  await expect(page).toHaveTitle('(1) Contacts · Loket')
  await page.getByRole('main').getByRole('listitem').first().getByRole('link').click()
  await expect(page).toHaveURL(/contacts\//)
  await expect(page).toHaveTitle('(1) Contacts · Loket')
  await page.goto('/settings/tags')
  await expect(page).toHaveTitle('(1) Tags · Settings · Loket')
  await page.goto('/settings/profile')
  await page.getByText('Nederlands').click()
  await expect(page).toHaveTitle('(1) Profiel · Instellingen · Loket')
})

test('the page to sign in has a title of its own', async ({ context, page }, { testId }) => {
  await enter(context, `titles-out-${testId}`, 'signed-out')
  await page.goto('/sign-in')
  await expect(page).toHaveTitle('Sign in · Loket')
})
