import { expect, test, type Page } from '@playwright/test'
import { enter } from '../views'

test.beforeEach(async ({ context }, { testId }) => {
  await enter(context, `history-${testId}`)
})

const set = (page: Page) => page.getByRole('list', { name: 'Filters' })
const length = (page: Page) => page.evaluate(() => history.length)

async function choose(page: Page, label: string, option: string) {
  await page.getByRole('dialog').getByLabel(label).selectOption(option)
}

test('back and forward go through views and through what narrows them', async ({ page }) => {
  await page.goto('/tickets/open')
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'All' }).click()
  await expect(page).toHaveURL(/\/tickets\/all$/)
  await page.getByRole('button', { name: /^Filter and sort/ }).click()
  await choose(page, 'Read', 'Unread')
  await expect(page).toHaveURL(/\?unread=true$/)
  await choose(page, 'Priority', 'High')
  await expect(page).toHaveURL(/priority=high/)
  await page.keyboard.press('Escape')
  await expect(set(page).getByRole('listitem')).toHaveText(['High', 'Unread', 'Clear all', /Save/])
  await set(page).getByRole('button', { name: 'Remove Unread' }).click()
  await expect(page).toHaveURL(/\/tickets\/all\?priority=high$/)

  await page.goBack()
  await expect(page).toHaveURL(/unread=true/)
  await expect(set(page)).toContainText('High')
  await page.goBack()
  await expect(page).toHaveURL(/\/tickets\/all\?unread=true$/)
  await expect(set(page)).not.toContainText('High')
  await page.goBack()
  await expect(page).toHaveURL(/\/tickets\/all$/)
  await expect(set(page)).toHaveCount(0)
  await page.goBack()
  await expect(page).toHaveURL(/\/tickets\/open$/)
  await page.goForward()
  await page.goForward()
  await expect(page).toHaveURL(/\/tickets\/all\?unread=true$/)
  await expect(set(page)).toContainText('Unread')
  await page.reload()
  await expect(set(page)).toContainText('Unread')
})

test('what is looked for is one step, however many letters it has', async ({ page }) => {
  await page.goto('/tickets/open')
  const box = page.getByRole('combobox', { name: /^Search mail/ })
  await box.click()
  await expect(box).toBeFocused()
  const before = await length(page)
  await page.keyboard.type('2003')
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(/\?q=2003$/)
  expect(await length(page)).toBe(before + 1)
  await page.goBack()
  await expect(page).toHaveURL(/\/tickets\/open$/)
  await expect(box).toHaveValue('')
  await page.goForward()
  await expect(box).toHaveValue('2003')
})

test('a day that is typed is one step', async ({ page }) => {
  await page.goto('/tickets/open')
  await page.getByRole('button', { name: /^Filter and sort/ }).click()
  const from = page.getByRole('dialog').getByLabel('From', { exact: true })
  await from.focus()
  const before = await length(page)
  // In a year of four digits each digit makes a day of its own.
  await page.keyboard.type('02022026')
  await expect(page).toHaveURL(/since=2026-02-02/)
  expect(await length(page)).toBe(before + 1)
  await page.goBack()
  await expect(page).toHaveURL(/\/tickets\/open$/)
})
