import { expect, test } from '@playwright/test'
import { enter } from '../views'

const GOOGLE = '0192b000-0000-7000-8000-000000000001'

test('a mailbox leaves as one file, for who gives their password', async ({ page, context }, {
  testId,
}) => {
  await enter(context, testId)
  await page.goto(`/settings/mailboxes/${GOOGLE}`)
  const section = page.getByRole('region', { name: 'Export' })
  await section.getByRole('button', { name: /^Export…/ }).click()
  const dialog = page.getByRole('dialog')
  await expect(dialog.getByRole('button', { name: 'Make the export' })).toBeDisabled()
  await dialog.getByLabel('Your password').fill('something else')
  await page.keyboard.press('Enter')
  await expect(dialog.getByText('This is not your password.')).toBeVisible()
  await dialog.getByLabel('Your password').fill('correct horse battery')
  await page.keyboard.press('Enter')
  await expect(dialog).toHaveCount(0)
  const list = section.getByRole('list', { name: 'Exports of info@veldkeuken.example' })
  await expect(list.getByText(/0 of \d+ tickets/)).toBeVisible()
  await expect(section.getByRole('button', { name: /^Export…/ })).toBeDisabled()
  await expect(list.getByText(/48 MB · until .* · not downloaded yet/)).toBeVisible()

  const download = page.waitForEvent('download')
  await list.getByRole('link', { name: /^Download/ }).click()
  expect((await download).suggestedFilename()).toBe('export.zip')
  await list.getByRole('button', { name: /^Remove the export/ }).click()
  await expect(list).toHaveCount(0)
})

test('a mailbox can be exported until its data goes', async ({ page, context }, { testId }) => {
  await enter(context, testId, 'deletions')
  await page.goto('/settings/deletions')
  await page
    .getByRole('button', { name: /^Export… wholesale/ })
    .first()
    .click()
  await expect(page.getByRole('dialog')).toContainText('Export wholesale@veldkeuken.example')
})
