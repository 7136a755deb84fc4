// Whom a mail goes to, by the keyboard.
import { expect, test, type Page } from '@playwright/test'
import { enter } from '../views'

test.beforeEach(async ({ context }, { testId }) => {
  await enter(context, `recipients-${testId}`)
})

const to = (page: Page) => page.getByRole('combobox', { name: 'To', exact: true })
const options = (page: Page) =>
  page.getByRole('listbox', { name: 'Suggested people' }).getByRole('option')
const chip = (page: Page, address: string) =>
  page.getByRole('button', { name: `Remove ${address}` })

async function forward(page: Page) {
  await page.goto('/tickets/open/2004')
  await page.getByRole('main').getByText('#2004').waitFor()
  await page.keyboard.press('f')
  await expect(to(page)).toBeFocused()
}

test('customers are offered while one types, and chosen by Enter and Tab', async ({ page }) => {
  await forward(page)
  await expect(to(page)).toHaveAttribute('aria-expanded', 'false')
  await page.keyboard.type('kell')
  const found = options(page).filter({ hasText: 'thomas.keller@beispiel.example' })
  await expect(found).toHaveAttribute('aria-selected', 'true')
  await expect(to(page)).toHaveAttribute(
    'aria-activedescendant',
    (await found.getAttribute('id')) ?? '?',
  )
  await page.keyboard.press('Enter')
  await expect(chip(page, 'thomas.keller@beispiel.example')).toBeVisible()
  await expect(to(page)).toBeFocused()
  await expect(to(page)).toHaveValue('')
  // Who is there already is not offered again; parts of an address do as well.
  await page.keyboard.type('keller')
  await expect(options(page)).toHaveCount(0)
  await to(page).fill('grant@north')
  await expect(options(page)).toHaveCount(0)
  await to(page).fill('o.grant@no')
  await expect(options(page)).toHaveText(/Oliver Grant/)
  await page.keyboard.press('Tab')
  await expect(chip(page, 'o.grant@northmill.example')).toBeVisible()
  await expect(to(page)).toBeFocused()
})

test('arrows go through those who are offered, and Escape leaves but the list', async ({
  page,
}) => {
  await forward(page)
  await page.keyboard.type('dijk')
  const both = options(page)
  await expect(both.filter({ hasText: 'henk.vandijk@example.nl' })).toBeVisible()
  await expect(both.first()).toHaveAttribute('aria-selected', 'true')
  await page.keyboard.press('ArrowDown')
  await expect(both.nth(1)).toHaveAttribute('aria-selected', 'true')
  await page.keyboard.press('ArrowUp')
  await expect(both.first()).toHaveAttribute('aria-selected', 'true')
  await page.keyboard.press('Escape')
  await expect(both).toHaveCount(0)
  await expect(to(page)).toHaveValue('dijk')
  await expect(to(page)).toBeFocused()
})

test('a whole address is taken as it is typed', async ({ page }) => {
  await forward(page)
  await page.keyboard.type('henk.vandijk@example.nl')
  await expect(options(page)).toHaveCount(1)
  await page.keyboard.press('Backspace')
  await page.keyboard.press('Backspace')
  await page.keyboard.type('net')
  await page.keyboard.press('Enter')
  await expect(chip(page, 'henk.vandijk@example.net')).toBeVisible()
})

test('who is offered costs one search for what is typed in one go', async ({ page }) => {
  const asked: string[] = []
  page.on('request', (request) => {
    if (request.url().endsWith('/api/v1/search'))
      asked.push((request.postDataJSON() as { q: string }).q)
  })
  await forward(page)
  // As fast as they come.
  await to(page).evaluate((field: HTMLInputElement) => {
    for (const typed of ['ke', 'kel', 'kell', 'keller']) {
      field.value = typed
      field.dispatchEvent(new Event('input', { bubbles: true }))
    }
  })
  await expect(options(page)).toHaveCount(1)
  expect(asked).toEqual(['from:keller*'])
})

for (const width of [390, 1024])
  test(`one recipient takes one row at ${width}`, async ({ page }) => {
    await page.setViewportSize({ width, height: 844 })
    await page.goto('/tickets/open/2004')
    await page.getByRole('main').getByText('#2004').filter({ visible: true }).waitFor()
    await page
      .getByRole('button', { name: /^Reply to/ })
      .filter({ visible: true })
      .click()
    const recipient = chip(page, 'marieke.vandijk@example.nl')
    await expect(recipient).toBeVisible()
    const [field, row] = await Promise.all([to(page).boundingBox(), recipient.boundingBox()])
    expect(Math.abs((field?.y ?? 0) - (row?.y ?? 99))).toBeLessThan(4)
  })

test('name and address of a recipient are read in full on a phone', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 })
  await page.goto('/tickets/open/2004')
  await page.getByRole('main').getByText('#2004').filter({ visible: true }).waitFor()
  await page
    .getByRole('button', { name: /^Reply to/ })
    .filter({ visible: true })
    .click()
  const recipient = page.locator('span', { has: chip(page, 'marieke.vandijk@example.nl') })
  for (const text of ['Marieke van Dijk', 'marieke.vandijk@example.nl']) {
    const shown = recipient.getByText(text, { exact: true })
    await expect(shown).toBeVisible()
    expect(await shown.evaluate((line) => line.scrollWidth > line.clientWidth)).toBe(false)
  }
})

for (const width of [390, 1024, 1440])
  test(`a toast lies over nothing that is typed in at ${width}`, async ({ page }) => {
    await page.setViewportSize({ width, height: 844 })
    await page.goto('/tickets/open/2004')
    await page.getByRole('main').getByText('#2004').filter({ visible: true }).waitFor()
    await page.keyboard.press('p')
    await page.getByRole('menu').getByText('High', { exact: true }).click()
    const toast = page.getByText('Ticket 2004: High priority')
    await expect(toast).toBeVisible()
    await page.keyboard.press('m')
    const picker = page.getByRole('combobox', { name: 'Find a saved reply' })
    await expect(picker).toBeVisible()
    const bottom = async () => (await toast.boundingBox())?.y ?? Infinity
    const form = page.locator('form').filter({ has: picker })
    await expect
      .poll(async () => {
        const boxes = await Promise.all([
          form.boundingBox(),
          page.getByRole('listbox').boundingBox(),
        ])
        return (await bottom()) + 24 < Math.min(...boxes.map((box) => box?.y ?? -1))
      })
      .toBe(true)
  })

test('three toasts over a letter stay in the window', async ({ page }) => {
  // None of them goes while the others come.
  await page.addInitScript(() => {
    const real = window.setTimeout.bind(window)
    window.setTimeout = ((act: () => void, ms?: number) =>
      real(act, ms === 9_000 ? 90_000 : ms)) as typeof setTimeout
  })
  await page.route('**/api/v1/profile', (route) => route.abort())
  await page.setViewportSize({ width: 390, height: 700 })
  await page.goto('/tickets/new')
  await to(page).waitFor()
  const toasts = page.getByRole('status').getByRole('button', { name: 'Close' })
  for (const count of [1, 2, 3]) {
    await page.keyboard.press('Control+k')
    await page.getByRole('dialog').waitFor()
    await page.keyboard.type('dark theme')
    await page.keyboard.press('Enter')
    await expect(toasts).toHaveCount(count)
  }
  const form = (await page.locator('form').boundingBox())?.y ?? 0
  for (const toast of await toasts.all()) {
    await toast.scrollIntoViewIfNeeded()
    await expect(toast).toBeInViewport({ ratio: 1 })
    const { y, height } = (await toast.boundingBox()) ?? { y: Infinity, height: 0 }
    expect(y + height).toBeLessThan(form)
  }
})
