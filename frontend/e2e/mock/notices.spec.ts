import { expect, test } from '@playwright/test'
import { enter } from '../views'

test.beforeEach(async ({ context }, { testId }) => {
  await enter(context, `notices-${testId}`)
})

test('the bell tells what is unread, in the title and on the icon too, until it is read', async ({
  page,
}) => {
  await page.goto('/tickets/open')
  const bell = page.getByRole('button', { name: 'Notices: 1 unread' })
  await expect(bell).toBeVisible()
  await expect(page).toHaveTitle(/^\(1\) /)
  const icon = page.locator('link[rel=icon]')
  await expect(icon).toHaveAttribute('href', /^data:image\/svg\+xml,.*%3E1%3C%2Ftext/)
  await bell.click()
  await expect(
    page.getByRole('link', { name: /Joris Bakker mentions you in ticket 2003/ }),
  ).toBeVisible()
  await page.getByRole('button', { name: 'Mark all as read' }).click()
  await expect(page.getByRole('button', { name: 'Notices: none unread' })).toBeAttached()
  await expect(page).not.toHaveTitle(/^\(/)
  await expect(icon).toHaveAttribute('href', /favicon\.svg$/)
})

test('a notice leads to its ticket, where one sees who else is there', async ({ page }) => {
  await page.goto('/tickets/open')
  await page.getByRole('button', { name: 'Notices: 1 unread' }).click()
  await page.getByRole('link', { name: /ticket 2003/ }).click()
  await expect(page).toHaveURL(/\/tickets\/all\/2003/)
  await expect(page.getByText('Joris Bakker is writing an answer').first()).toBeVisible()
  await expect(page.getByRole('button', { name: 'Notices: none unread' })).toBeAttached()
})

test('a colleague is named in a note by keyboard alone', async ({ page }) => {
  await page.goto('/tickets/open/2004')
  await page.getByRole('main').getByText('#2004').waitFor()
  await page.keyboard.press('n')
  const note = page.getByRole('textbox', { name: 'Your note' })
  await note.waitFor()
  await page.keyboard.type('Kijk even @jor')
  await expect(page.getByRole('option', { name: 'Joris Bakker' })).toBeVisible()
  await page.keyboard.press('Enter')
  await expect(note).toHaveValue('Kijk even @Joris Bakker ')
  const sent = page.waitForRequest((request) => request.url().endsWith('/2004/notes'))
  await page.keyboard.press('ControlOrMeta+Enter')
  expect((await sent).postDataJSON()).toMatchObject({ mentions: [expect.any(String)] })
})

test('a name of several words is offered to its end, and counts when it is typed by hand', async ({
  page,
  context,
}, { testId }) => {
  await enter(context, `notices-${testId}`, 'agent')
  await page.goto('/tickets/open/2004')
  await page.getByRole('main').getByText('#2004').waitFor()
  await page.keyboard.press('n')
  await page.getByRole('textbox', { name: 'Your note' }).waitFor()
  const offered = page.getByRole('option', { name: 'Sanne de Vries' })
  await page.keyboard.type('Kijk even @sanne de vr')
  await expect(offered).toBeVisible()
  await page.keyboard.type('ies naar')
  await expect(offered).toHaveCount(0)
  const sent = page.waitForRequest((request) => request.url().endsWith('/2004/notes'))
  await page.keyboard.press('ControlOrMeta+Enter')
  expect((await sent).postDataJSON()).toMatchObject({ mentions: [expect.stringMatching(/0001$/)] })
})

test('the signature can be taken out of an answer, and is changed in the profile', async ({
  page,
}) => {
  await page.goto('/tickets/open/2004')
  await page.getByRole('main').getByText('#2004').waitFor()
  await page.keyboard.press('r')
  const block = page.getByRole('region', { name: 'Signature' })
  await expect(block).toContainText('Sanne')
  await page.getByRole('button', { name: 'Leave the signature out' }).click()
  await expect(block).toBeHidden()
  await page.getByRole('button', { name: 'Add the signature' }).click()
  await expect(block).toBeVisible()
  await page.goto('/settings/profile')
  await page.getByLabel('Your signature').fill('Sanne de Vries, klantenservice')
  await page.getByLabel('Your signature').press('Tab')
  await page.keyboard.press('Enter')
  await expect(page.getByText('Saved', { exact: true })).toBeVisible()
  await page.getByRole('checkbox', { name: 'Somebody mentions me in a note: E-mail' }).uncheck()
  await expect(page.getByText('Saved', { exact: true }).first()).toBeVisible()
})

test('whoever reads a ticket has read what they were told of it', async ({ page }) => {
  await page.goto('/tickets/all/2003')
  await expect(page.getByRole('button', { name: 'Notices: none unread' })).toBeAttached()
  await expect(page).not.toHaveTitle(/^\(/)
})
