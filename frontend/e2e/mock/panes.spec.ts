import { expect, test, type Page } from '@playwright/test'
import { enter } from '../views'

test.beforeEach(async ({ context }, { testId }) => {
  await enter(context, `panes-${testId}`)
})

const details = (page: Page) =>
  page.getByRole('complementary', { name: 'Details' }).filter({ visible: true })
const open = async (page: Page, number: number) => {
  await page.goto(`/tickets/open/${number}`)
  await page.getByRole('main').getByText(`#${number}`).waitFor()
}

test('details that stand beside a ticket stay for the next one, and for the next day', async ({
  page,
}) => {
  await open(page, 2004)
  await expect(details(page)).toHaveCount(0)
  await page.keyboard.press(']')
  await expect(details(page)).toContainText('2004')
  await page.keyboard.press('j')
  await expect(page).not.toHaveURL(/2004/)
  const next = /\d+$/.exec(page.url())?.[0] ?? ''
  await expect(details(page)).toContainText(next)
  await page.reload()
  await expect(details(page)).toContainText(next)
  await page.keyboard.press(']')
  await expect(details(page)).toHaveCount(0)
  await page.keyboard.press('k')
  await expect(page).toHaveURL(/2004/)
  await expect(details(page)).toHaveCount(0)
})

test('details that lie over a ticket go when somebody writes, and are not there at the next one', async ({
  page,
}) => {
  await page.setViewportSize({ width: 1024, height: 768 })
  await open(page, 2004)
  await page.keyboard.press(']')
  await expect(details(page)).toBeVisible()
  await page.keyboard.press('r')
  await expect(page.getByRole('textbox', { name: 'Your answer' })).toBeFocused()
  await expect(details(page)).toHaveCount(0)
  await page.getByRole('button', { name: 'Close', exact: true }).last().click()
  await page.keyboard.press(']')
  await expect(details(page)).toBeVisible()
  await page.keyboard.press('j')
  await expect(page).not.toHaveURL(/2004/)
  await expect(details(page)).toHaveCount(0)
})

test('a ticket keeps more of a small screen than its list', async ({ page }) => {
  await page.setViewportSize({ width: 1024, height: 768 })
  await open(page, 2004)
  const wide = async (name: string) =>
    (await page.getByRole('region', { name }).filter({ visible: true }).first().boundingBox())
      ?.width
  expect(await wide('Tickets')).toBe(307)
  expect(await wide('Conversation')).toBeGreaterThan(460)
})

test('on a phone what can be done with a ticket stands above its subject', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 })
  await open(page, 2004)
  const pane = page.getByRole('region', { name: 'Ticket 2004' })
  const subject = await pane.getByRole('heading', { level: 1 }).boundingBox()
  const close = await pane.getByRole('button', { name: 'Close', exact: true }).boundingBox()
  if (!subject || !close) throw new Error('no header')
  expect(close.y + close.height).toBeLessThanOrEqual(subject.y)
})

test('in a narrow pane the answer has its words, whatever else is there', async ({ page }) => {
  await page.setViewportSize({ width: 1024, height: 768 })
  await open(page, 2004)
  const words = page.getByRole('button', { name: /^Reply to/ }).locator('span')
  await expect(words).toBeVisible()
  const cut = await words.evaluate((span) => span.scrollWidth > span.clientWidth)
  expect(cut).toBe(false)
  await page.keyboard.press('r')
  // None of the kinds of answer is cut, as one that does not fit would be.
  const modes = page.getByRole('group', { name: 'Kind of answer' })
  await expect(modes.getByRole('button')).toHaveCount(4)
  expect(await modes.evaluate((group) => group.scrollWidth - group.clientWidth)).toBe(0)
})

test('a ticket that is not there is asked for once, and there is a way back', async ({ page }) => {
  const asked: string[] = []
  page.on('request', (request) => {
    if (request.url().includes('/tickets/99999')) asked.push(request.url())
  })
  await open(page, 2004)
  const main = page.getByRole('main')
  await page.evaluate(() => {
    history.pushState(history.state, '', '/tickets/open/99999')
    dispatchEvent(new PopStateEvent('popstate', { state: history.state }))
  })
  await expect(main.getByText('This ticket does not exist, or you may not see it.')).toBeVisible()
  await main.getByRole('button', { name: 'Back' }).click()
  await expect(page).toHaveURL(/\/tickets\/open$/)
  expect(asked).toHaveLength(1)
})

for (const width of [1440, 1024])
  test(`a row names its mailbox and its tags in a page of ${width}`, async ({ page }) => {
    await page.setViewportSize({ width, height: 900 })
    await page.goto('/tickets/all/2004')
    const row = (number: number) =>
      page.getByRole('list', { name: 'All tickets' }).locator(`a[href$="/${number}"]`)
    const height = async () => (await row(2001).boundingBox())?.height
    await expect(row(2001).getByText('Veldkeuken Wholesale').first()).toBeVisible()
    await expect(row(1990).getByTitle('VIP')).toBeVisible()
    expect(await height()).toBe(56)
    await page.getByRole('button', { name: /^Filter and sort/ }).click()
    await page.getByText('Compact').click()
    await page.keyboard.press('Escape')
    await expect(row(2001).getByRole('img', { name: 'Veldkeuken Wholesale' })).toBeVisible()
    await expect(row(1990).getByTitle('VIP')).toBeVisible()
    expect(await height()).toBe(36)
  })
