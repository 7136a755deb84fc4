import { expect, test } from '@playwright/test'
import { enter } from '../views'

test('an owner fills in a host and records a disclosure', async ({ context, page }) => {
  await enter(context, 'register')
  await page.goto('/settings/register')
  const host = page.getByRole('listitem').filter({ hasText: 'accounts.google.com' })
  await expect(host.getByText('not filled in').first()).toBeVisible()
  await page.getByRole('button', { name: 'Fill in accounts.google.com' }).click()
  await page.getByLabel('Country').fill('Ireland')
  await page.getByRole('button', { name: 'Save' }).click()
  await expect(host.getByText('Ireland')).toBeVisible()

  await page.getByRole('button', { name: 'Record a disclosure' }).click()
  await page.getByLabel('Date').fill('2026-03-01')
  await page.getByLabel('Authority').fill('Police of Utopia')
  await page.getByLabel('Legal basis').fill('Order 12')
  await page.getByLabel('Who decided').fill('Sanne')
  const record = page.getByRole('button', { name: 'Record a disclosure' })
  await record.click()
  await expect(page.getByRole('alert').getByText('Say what.').first()).toBeVisible()
  await page.getByLabel('What was disclosed').fill('One name')
  await record.click()
  await expect(page.getByText('2026-03-01 · Police of Utopia')).toBeVisible()
})

test('an incident is looked up, and its deadline is shown', async ({ context, page }) => {
  await enter(context, 'incident')
  await page.goto('/settings/incident?from=2026-03-02T09:00:00Z&to=2026-03-02T18:00:00Z')
  await expect(page.getByLabel('From')).toHaveValue('2026-03-02T10:00')
  await page.getByLabel('Until').fill('2026-03-02T08:00')
  await expect(page.getByText('The end must be later')).toBeVisible()
  await expect(page.getByRole('button', { name: 'Look it up' })).toBeDisabled()
  await page.getByLabel('Until').fill('2026-03-02T19:00')
  await page.getByLabel('When you knew of it').fill('2026-03-02T12:00')
  await page.getByRole('button', { name: 'Look it up' }).click()
  await expect(
    page.getByText('Tell the authority by Thursday, 5 March 2026 at 12:00'),
  ).toBeVisible()
  await expect(page.getByText('#2004')).toBeVisible()
  const saved = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Download (JSON)' }).click()
  expect((await saved).suggestedFilename()).toBe('incident-2026-03-02.json')
})

test('an agent sees neither', async ({ context, page }) => {
  await enter(context, 'register-agent', 'agent')
  await page.goto('/settings/register')
  await expect(page).toHaveURL(/profile/)
  await expect(page.getByRole('link', { name: 'Incident' })).toHaveCount(0)
})
