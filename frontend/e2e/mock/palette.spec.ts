import { expect, test, type Page } from '@playwright/test'
import { enter } from '../views'

test.beforeEach(async ({ context }, { testId }) => {
  await enter(context, `palette-${testId}`)
})

const palette = (page: Page) => page.getByRole('dialog', { name: 'Go to and do' })
async function look(page: Page, text: string): Promise<void> {
  await page.keyboard.press('Control+k')
  await palette(page).waitFor()
  await page.keyboard.type(text)
}
const option = (page: Page, name: string | RegExp) => palette(page).getByRole('option', { name })
async function open(page: Page): Promise<void> {
  await page.goto('/tickets/open/2004')
  await page.getByRole('main').getByText('#2004').waitFor()
}

test('the palette finds tickets and customers by their words', async ({ page }) => {
  await open(page)
  await look(page, 'braadpan')
  const found = palette(page).getByRole('group', { name: 'In mail' }).getByRole('option')
  await expect(found.first()).toContainText('#')
  // What comes from the server comes below: Enter does what it did.
  await expect(palette(page).locator('[data-highlighted]')).toHaveText(/Search mail for/)
  await found.first().click()
  await expect(page).toHaveURL(/\/tickets\/all\/\d+$/)
  await look(page, 'marieke')
  await palette(page).getByRole('group', { name: 'Contacts' }).getByRole('option').first().click()
  await expect(page).toHaveURL(/\/contacts\/[\w-]+$/)
})

test('the palette leads to what stands within the settings', async ({ page }) => {
  await open(page)
  await look(page, 'signature')
  await option(page, 'Your signature').click()
  await expect(page).toHaveURL(/\/settings\/profile#signature$/)
  const section = page.getByRole('region', { name: 'Signature' })
  await expect(section).toBeFocused()
  await expect(section).toBeInViewport()
  await look(page, 'time zone')
  await option(page, /^Time zone/).click()
  await expect(page.getByRole('region', { name: 'Language and appearance' })).toBeFocused()
})

test('the palette changes how Loket looks, and what it speaks', async ({ page }) => {
  await open(page)
  await look(page, 'dark theme')
  await page.keyboard.press('Enter')
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark')
  await look(page, 'nederlands')
  await option(page, 'Language: Nederlands').click()
  await expect(page.locator('html')).toHaveAttribute('lang', 'nl')
})

test('acts without a key are in the palette, and can be given one', async ({ page }) => {
  await open(page)
  await look(page, 'another mailbox')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('dialog')).toContainText('mailbox')
  await page.keyboard.press('Escape')
  await look(page, 'restore')
  await expect(option(page, /^Restore/)).toHaveCount(0)
  await page.goto('/settings/profile')
  await page.getByText('Keys', { exact: true }).click()
  await page
    .getByRole('button', { name: 'Follow, or follow no more: change the key no key' })
    .click()
  await page.keyboard.press('w')
  await page.getByRole('button', { name: 'Follow, or follow no more: change the key W' }).waitFor()
  await open(page)
  await page.keyboard.press('w')
  await expect(page.getByText(/You follow ticket 2004/)).toBeVisible()
})

test('what is done to one message is in the palette', async ({ page }) => {
  await open(page)
  await look(page, 'original')
  await expect(option(page, /^View the original/)).toBeVisible()
  await page.keyboard.press('Escape')
  const asked = page.waitForRequest((request) => request.url().endsWith('/split'))
  const first = page.getByRole('article').filter({ visible: true }).first()
  await first.focus()
  const id = await first.getAttribute('data-message')
  await look(page, 'ticket of its own')
  await page.keyboard.press('Enter')
  expect((await asked).url()).toContain(`/messages/${id ?? ''}/split`)
  await expect(page.getByText(/The message is ticket/)).toBeVisible()
})
