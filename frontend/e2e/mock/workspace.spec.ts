import { expect, test, type Page } from '@playwright/test'
import { enter } from '../views'

test.beforeEach(async ({ context }, { testId }) => {
  await enter(context, `workspace-${testId}`)
})

const list = (page: Page, name = 'Inbox') => page.getByRole('list', { name, exact: true })
const rows = (page: Page, name = 'Inbox') => list(page, name).getByRole('link')
const filters = (page: Page) => page.getByRole('button', { name: /^Filter and sort/ })

test('a filter stands in the address, in words above the list, and goes by one click', async ({
  page,
}) => {
  await page.goto('/tickets/open')
  await rows(page).first().waitFor()
  const before = Number(await rows(page).first().locator('..').getAttribute('aria-setsize'))
  await filters(page).click()
  await page.getByLabel('Assignee').selectOption({ label: 'Me' })
  await expect(page).toHaveURL(/assignee=me/)
  await page.getByLabel('Attachments').selectOption({ label: 'With' })
  await page.keyboard.press('Escape')
  const chips = page.getByRole('list', { name: 'Filters' })
  await expect(chips.getByRole('button')).toHaveText([
    'Assigned to Sanne de Vries',
    'With attachment',
    'Clear all',
    'Save as a view',
  ])
  // The browser's own button goes back to where one was.
  await rows(page).first().click()
  await page.goBack()
  await expect(chips).toBeVisible()
  await page.reload()
  await expect(chips.getByRole('button')).toHaveCount(4)
  await chips.getByRole('button', { name: 'Clear all' }).click()
  await expect(chips).toHaveCount(0)
  await expect(rows(page).first().locator('..')).toHaveAttribute('aria-setsize', String(before))
})

test('a list is kept under a name, found in the sidebar, renamed and removed', async ({ page }) => {
  await page.goto('/tickets/open?assignee=none')
  await filters(page).click()
  await page.getByRole('button', { name: 'Save as a view' }).last().click()
  const dialog = page.getByRole('dialog')
  await expect(dialog.getByText('Shows: Open · Unassigned')).toBeVisible()
  await dialog.getByLabel('Name').fill('Nobody has these')
  await dialog.getByRole('button', { name: 'Save' }).click()
  await expect(page).toHaveURL(/\/tickets\/v-[0-9a-f-]{36}$/)
  await expect(page.getByRole('heading', { name: 'Nobody has these' })).toBeVisible()
  const sidebar = page.getByRole('navigation', { name: 'Main' })
  await sidebar.getByRole('link', { name: 'Inbox' }).click()
  await sidebar.getByRole('link', { name: 'Nobody has these' }).click()
  await rows(page, 'Nobody has these').first().waitFor()

  await page.getByRole('button', { name: 'Change Nobody has these' }).click()
  await dialog.getByLabel('Name').fill('Orphans')
  await dialog.getByRole('button', { name: 'Save' }).click()
  await expect(page.getByRole('heading', { name: 'Orphans' })).toBeVisible()
  await page.getByRole('button', { name: 'Change Orphans' }).click()
  await dialog.getByRole('button', { name: 'Remove' }).click()
  await expect(page).toHaveURL(/\/tickets\/open$/)
  await expect(sidebar.getByRole('link', { name: 'Orphans' })).toHaveCount(0)
})

test('without a ticket the page says how to come to one', async ({ page }) => {
  await page.goto('/tickets/open')
  const pane = page.getByRole('region', { name: 'Conversation' })
  await expect(pane).toContainText(/Or press\s*J\s*and\s*K\s*to move,\s*\?\s*for all shortcuts/)
})

test('rows are as high as one likes, also after a reload', async ({ page }) => {
  await page.goto('/tickets/open')
  const row = rows(page).first()
  await row.waitFor()
  const height = async () => (await row.locator('..').boundingBox())?.height
  expect(await height()).toBe(56)
  await filters(page).click()
  await page.getByText('Compact').click()
  await page.keyboard.press('Escape')
  await expect.poll(height).toBe(36)
  await page.reload()
  await row.waitFor()
  expect(await height()).toBe(36)
})

test('panes are made wider with the mouse and with keys, and the sidebar is put away', async ({
  page,
}) => {
  await page.goto('/tickets/open/2004')
  await page.getByRole('main').getByText('#2004').waitFor()
  const region = page.getByRole('region', { name: 'Tickets' })
  const width = async () => Math.round((await region.boundingBox())?.width ?? 0)
  const handle = page.getByRole('separator', { name: 'Width of the list' })
  expect(await width()).toBe(384)
  await handle.focus()
  await page.keyboard.press('ArrowRight')
  await expect.poll(width).toBe(400)
  await expect(handle).toHaveAttribute('aria-valuenow', '400')
  const box = await handle.boundingBox()
  if (!box) throw new Error('no handle')
  await page.mouse.move(box.x + 4, 300)
  await page.mouse.down()
  await page.mouse.move(box.x + 104, 300)
  await page.mouse.up()
  await expect.poll(width).toBe(500)
  await page.reload()
  await expect.poll(width).toBe(500)

  const sidebar = page.getByRole('navigation', { name: 'Main' })
  await expect(sidebar).toBeVisible()
  await page.getByRole('main').getByText('#2004').click()
  await page.keyboard.press('[')
  await expect(sidebar).toBeHidden()
  await page.getByRole('button', { name: 'Show the sidebar' }).click()
  await expect(sidebar).toBeVisible()
})

test('the palette finds acts, views, settings and tickets, by the keyboard alone', async ({
  page,
}) => {
  await page.goto('/tickets/open/2004')
  await page.getByRole('main').getByText('#2004').waitFor()
  const palette = page.getByRole('dialog', { name: 'Go to and do' })
  const look = async (text: string) => {
    await page.keyboard.press('Control+k')
    await palette.waitFor()
    await page.keyboard.type(text)
    await palette.getByRole('option').first().waitFor()
  }
  await look('unassi')
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(/\/tickets\/unassigned/)
  await look('#2003')
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(/\/all\/2003$/)
  await page.getByRole('main').getByText('#2003').waitFor()
  await look('write a note')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('textbox', { name: 'Your note' })).toBeFocused()
  await look('organization')
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(/\/settings\/organization$/)
  await page.keyboard.press('Control+k')
  await page.keyboard.type('no such thing')
  await expect(
    palette.getByRole('option', { name: 'Search mail for “no such thing”' }),
  ).toBeVisible()
  await expect(palette.getByText('Nothing is called that.')).toHaveCount(0)
  await page.keyboard.press('Escape')
  await expect(palette).toHaveCount(0)
})

test('g and a letter goes somewhere, and what follows is no act', async ({ page }) => {
  await page.goto('/tickets/open/2004')
  await page.getByRole('main').getByText('#2004').waitFor()
  await page.keyboard.press('g')
  await page.keyboard.press('i')
  await expect(page).toHaveURL(/\/tickets\/open$/)
  await page.keyboard.press('g')
  await page.keyboard.press('c')
  await expect(page).toHaveURL(/\/tickets\/closed$/)
})

test('keys are changed, refused when they are taken, and turned off', async ({ page }) => {
  await page.goto('/settings/profile')
  await page.getByText('Keys', { exact: true }).click()
  const next = page.getByRole('button', { name: /^Next ticket: change the key/ })
  await next.click()
  await page.keyboard.press('e')
  await expect(page.getByRole('alert')).toHaveText('“E” belongs to “Close, or reopen” already.')
  await page.keyboard.press('w')
  await expect(next).toHaveAccessibleName('Next ticket: change the key W')
  await page.goto('/tickets/open')
  await rows(page).first().waitFor()
  await page.keyboard.press('j')
  await page.keyboard.press('w')
  await expect(page).toHaveURL(/\/open\/2004$/)

  await page.goto('/settings/profile')
  const kept = page.waitForResponse((answer) => answer.request().method() !== 'GET')
  await page.getByLabel('Single keys act').uncheck()
  await kept
  await page.goto('/tickets/open')
  await rows(page).first().waitFor()
  await page.keyboard.press('w')
  await page.keyboard.press('Control+k')
  await page.getByRole('dialog', { name: 'Go to and do' }).waitFor()
  await expect(page).toHaveURL(/\/open$/)
})

test('after closing a ticket one is where one likes to be', async ({ page }) => {
  const prefer = async (label: string) => {
    const kept = page.waitForResponse((answer) => answer.request().method() === 'PUT')
    await page.goto('/settings/profile')
    await page.getByLabel('After closing a ticket').selectOption({ label })
    await kept
  }
  await prefer('Go back to the list')
  await page.goto('/tickets/open/2004')
  await page.getByRole('main').getByText('#2004').waitFor()
  await page.keyboard.press('e')
  await expect(page).toHaveURL(/\/tickets\/open$/)
  await prefer('Stay on it')
  await page.goto('/tickets/open/2003')
  await page.getByRole('main').getByText('#2003').waitFor()
  await page.keyboard.press('e')
  await expect(page.getByText('Ticket 2003 closed')).toBeVisible()
  await expect(page).toHaveURL(/\/open\/2003$/)
})

test('a contact is found, written down about, blocked and merged', async ({ page }) => {
  await page.goto('/contacts')
  const all = page.getByRole('list', { name: 'Contacts' })
  await all.getByRole('link').first().click()
  await expect(page.getByText('Bakkerij De Korst')).toBeVisible()
  await page.getByRole('button', { name: 'Edit' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('button', { name: 'Add a field' }).click()
  await dialog.getByLabel('What it is').last().fill('Route')
  await dialog.getByLabel('Value').last().fill('7B')
  await dialog.getByRole('button', { name: 'Save' }).click()
  await expect(page.getByText('7B')).toBeVisible()
  await page.getByRole('button', { name: 'Block', exact: true }).click()
  await expect(page.getByText(/^Blocked since/)).toBeVisible()
  await page.getByRole('button', { name: 'Unblock' }).click()
  await expect(page.getByText(/^Blocked since/)).toHaveCount(0)

  const name = await page.getByRole('heading', { level: 1 }).textContent()
  await page.getByRole('link', { name: 'Contacts' }).last().click()
  await all.getByRole('link').nth(1).click()
  const address = await page.getByRole('main').getByRole('listitem').first().textContent()
  await page.getByRole('link', { name: 'Contacts' }).last().click()
  await all.getByRole('link').first().click()
  await page.getByRole('button', { name: 'Merge' }).click()
  await dialog.getByLabel('E-mail address of the contact that stays').fill(address?.trim() ?? '')
  await expect(dialog.getByText(/^Goes up in/)).toBeVisible()
  await dialog.getByRole('button', { name: 'Merge' }).click()
  await expect(page.getByText('7B')).toBeVisible()
  await expect(page.getByRole('heading', { level: 1 })).not.toHaveText(name ?? '')
})

test('on a phone the drawer goes when one chooses the list that is shown already', async ({
  page,
}) => {
  await page.setViewportSize({ width: 390, height: 844 })
  await page.goto('/tickets/open')
  await rows(page).first().waitFor()
  await page.getByRole('button', { name: 'Open menu' }).click()
  const entry = page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: /^Inbox/ })
  await expect(entry).toBeInViewport()
  await entry.click()
  await expect(entry).not.toBeInViewport()
  await rows(page).first().click()
  await expect(page).toHaveURL(/\/open\/\d+$/)
})
