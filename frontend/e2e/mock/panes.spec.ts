import { expect, test, type Locator, type Page } from '@playwright/test'
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

const widthOf = async (pane: Locator) => Math.round((await pane.boundingBox())?.width ?? 0)
/** By the pointer, as far as that. */
async function drag(page: Page, name: string, by: number) {
  const box = await page.getByRole('separator', { name }).boundingBox()
  if (!box) throw new Error('no handle')
  const [x, y] = [box.x + box.width / 2, box.y + 300]
  await page.mouse.move(x, y)
  await page.mouse.down()
  await page.mouse.move(x + by / 2, y, { steps: 3 })
  await page.mouse.move(x + by, y, { steps: 3 })
  await page.mouse.up()
}

for (const { name, path, pane } of [
  {
    name: 'Width of the sidebar',
    path: '/tickets/open/2004',
    pane: 'aside:has(nav[aria-label=Main])',
  },
  { name: 'Width of the list', path: '/tickets/open/2004', pane: 'main > div:first-child' },
  {
    name: 'Width of the list of settings',
    path: '/settings/profile',
    pane: 'aside[aria-label=Settings]',
  },
])
  test(`a pane is made wider by pointer and keys, and stays so: ${name}`, async ({ page }) => {
    await page.goto(path)
    const handle = page.getByRole('separator', { name })
    const of = page.locator(pane).filter({ visible: true }).first()
    await handle.waitFor()
    const before = await widthOf(of)
    await expect(handle).toHaveAttribute('aria-valuenow', String(before))
    await drag(page, name, 40)
    await expect.poll(() => widthOf(of)).toBe(before + 40)
    await expect(handle).toBeFocused()
    await page.keyboard.press('ArrowLeft')
    await expect(handle).toHaveAttribute('aria-valuenow', String(before + 24))
    await page.reload()
    await expect.poll(() => widthOf(of)).toBe(before + 24)
    await handle.focus()
    for (const [key, limit] of [
      ['End', 'aria-valuemax'],
      ['Home', 'aria-valuemin'],
    ] as const) {
      await page.keyboard.press(key)
      await expect.poll(() => widthOf(of)).toBe(Number(await handle.getAttribute(limit)))
    }
    await handle.dblclick({ position: { x: 4, y: 200 } })
    await expect.poll(() => widthOf(of)).toBe(before)
  })

test('the list goes out of the way of a ticket by key and button, and comes back with its row', async ({
  page,
}) => {
  await open(page, 2004)
  const list = page.getByRole('region', { name: 'Tickets' })
  const pane = page.getByRole('region', { name: 'Ticket 2004' })
  const before = await widthOf(pane)
  await page.keyboard.press('\\')
  await expect(list).toBeHidden()
  expect(await widthOf(pane)).toBeGreaterThan(before + 280)
  // Far down, while nobody sees it.
  for (let n = 0; n < 30; n += 1) await page.keyboard.press('j')
  await expect(page).not.toHaveURL(/2004/)
  await page.reload()
  await page.getByRole('main').getByRole('heading', { level: 1 }).waitFor()
  await expect(list).toBeHidden()
  await page.getByRole('button', { name: 'Show the list' }).filter({ visible: true }).click()
  await expect(list.locator('a[aria-current=true]')).toBeInViewport()
  // Without a ticket there is nothing that it would make room for.
  await page.keyboard.press('\\')
  await expect(list).toBeHidden()
  await page.keyboard.press('u')
  await expect(list).toBeVisible()
})

test('with sidebar and list away, both are a press away', async ({ page }) => {
  await open(page, 2004)
  const sidebar = page.getByRole('navigation', { name: 'Main' })
  for (const name of ['Width of the sidebar', 'Width of the list']) {
    await page.getByRole('separator', { name }).focus()
    await page.keyboard.press('Enter')
    await expect(page.getByRole('separator', { name })).toHaveCount(0)
  }
  await expect(sidebar).toBeHidden()
  await page.getByRole('button', { name: 'Show the sidebar' }).filter({ visible: true }).click()
  await expect(sidebar).toBeVisible()
})

test('from the first paint on panes are as wide as they were left', async ({ page }) => {
  await open(page, 2004)
  await drag(page, 'Width of the sidebar', 50)
  await drag(page, 'Width of the list', 90)
  const left = await Promise.all(
    [page.locator('aside:has(nav)'), page.locator('main > div:first-child')].map(widthOf),
  )
  await page.addInitScript(() => {
    const seen = new Set<string>()
    Object.assign(window, { seen })
    const look = () => {
      const panes = ['aside:has(nav)', 'main > div:first-child'].map((pane) =>
        document.querySelector(pane)?.getBoundingClientRect(),
      )
      if (panes.every(Boolean)) seen.add(panes.map((box) => Math.round(box?.width ?? 0)).join())
      requestAnimationFrame(look)
    }
    requestAnimationFrame(look)
  })
  await page.reload()
  await page.getByRole('main').getByText('#2004').waitFor()
  expect(await page.evaluate(() => [...(window as unknown as { seen: Set<string> }).seen])).toEqual(
    [left.join()],
  )
})

for (const { device, width } of [
  { device: 'phone', width: 390 },
  { device: 'tablet', width: 820 },
])
  test(`on a ${device} panes are as they come`, async ({ page }) => {
    await page.addInitScript(() => {
      localStorage.setItem('loket.list-folded', 'true')
      localStorage.setItem('loket.list-width', '640')
    })
    await page.setViewportSize({ width, height: 900 })
    await open(page, 2004)
    await expect(page.getByRole('separator')).toHaveCount(0)
    await expect(page.getByRole('button', { name: /(Hide|Show) the list/ })).toHaveCount(0)
    const list = page.getByRole('region', { name: 'Tickets' })
    if (device === 'tablet') expect(await widthOf(list)).toBeLessThan(400)
    await page.keyboard.press('\\')
    await expect(list).toBeVisible({ visible: device === 'tablet' })
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
