import { expect, test, type Page } from '@playwright/test'
import { enter } from '../views'

test.beforeEach(async ({ context }, { testId }) => {
  await enter(context, `contacts-${testId}`)
})

const lines = (page: Page) => page.getByRole('list', { name: 'Contacts' }).getByRole('listitem')

async function openFirst(page: Page): Promise<string> {
  await page.goto('/contacts')
  await lines(page).first().getByRole('link').click()
  const heading = page.getByRole('main').getByRole('heading', { level: 1 })
  await expect(page.getByRole('button', { name: 'Edit' })).toBeVisible()
  return heading.innerText()
}

test('a contact is found by a part of the name', async ({ page }) => {
  await page.goto('/contacts')
  await lines(page).first().waitFor()
  const before = await lines(page).count()
  await page.getByRole('textbox', { name: 'Find by name or e-mail address' }).fill('marieke')
  await expect(lines(page).first()).toContainText('Marieke')
  expect(await lines(page).count()).toBeLessThan(before)
  await page.getByRole('textbox', { name: 'Find by name or e-mail address' }).fill('zzz')
  await expect(page.getByText('Nobody is called that')).toBeVisible()
  // What is looked for stands in no address.
  await expect(page).toHaveURL(/\/contacts$/)
})

test('one writes to a contact from their page, and the address stands in no URL', async ({
  page,
}) => {
  const name = await openFirst(page)
  await page.getByRole('link', { name: 'Write' }).click()
  await expect(page).toHaveURL(/\/tickets\/new\?contact=[\w-]+$/)
  await expect(page.getByRole('textbox', { name: 'Your mail' })).toBeVisible()
  await expect(page.getByRole('main')).toContainText(name)
})

test('blocking says what it does, and is undone', async ({ page }) => {
  await openFirst(page)
  await expect(page.getByText(/New mail from this contact goes to spam/)).toBeVisible()
  await page.getByRole('button', { name: 'Block' }).click()
  await expect(page.getByText(/^Blocked since/)).toBeVisible()
  await page.getByRole('button', { name: 'Undo' }).click()
  await expect(page.getByRole('button', { name: 'Block' })).toBeVisible()
})

test('z takes back what was done to contacts, the last act first, and says when there is none', async ({
  page,
}) => {
  const name = await openFirst(page)
  const heading = page.getByRole('main').getByRole('heading', { level: 1 })
  await page.keyboard.press('z')
  await expect(page.getByText('There is nothing to undo.')).toBeVisible()
  await page.getByRole('button', { name: 'Edit' }).click()
  await page.getByRole('dialog').getByLabel('Name').fill('Somebody Else')
  await page.getByRole('button', { name: 'Save' }).click()
  await expect(heading).toHaveText('Somebody Else')
  await page.getByRole('button', { name: 'Block' }).click()
  await expect(page.getByText(/^Blocked since/)).toBeVisible()
  await page.keyboard.press('z')
  await expect(page.getByRole('button', { name: 'Block' })).toBeVisible()
  await page.getByRole('link', { name: 'Contacts' }).last().click()
  await expect(lines(page).first()).toContainText('Somebody Else')
  await page.keyboard.press('z')
  await expect(lines(page).first()).toContainText(name)
})

test('a contact’s name is read on a phone', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 })
  await openFirst(page)
  const heading = page.getByRole('main').getByRole('heading', { level: 1 })
  expect((await heading.boundingBox())?.width).toBeGreaterThan(200)
})

test('keys do here what they can do here, and the list of them says no more', async ({ page }) => {
  await page.goto('/contacts')
  await lines(page).first().waitFor()
  await page.keyboard.press('/')
  const box = page.getByRole('textbox', { name: 'Find by name or e-mail address' })
  await expect(box).toBeFocused()
  await box.blur()
  await page.keyboard.press('?')
  const help = page.getByRole('dialog')
  await expect(help.getByText('New ticket')).toBeVisible()
  await expect(help.getByText('Send and close')).toHaveCount(0)
})

test('what a colleague wrote in the meantime is shown before it is replaced', async ({
  page,
  request,
}) => {
  const name = await openFirst(page)
  await page.getByRole('button', { name: 'Edit' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Name').fill('My name for them')
  const cookies = (await page.context().cookies()).map(({ name, value }) => `${name}=${value}`)
  await request.put(`/api/v1/contacts/${new URL(page.url()).pathname.split('/').at(-1) ?? ''}`, {
    data: { name, facts: [{ kind: 'note', label: null, value: 'Calls on Mondays.' }] },
    headers: { cookie: cookies.join() },
  })
  await dialog.getByRole('button', { name: 'Save', exact: true }).click()
  await expect(dialog.getByRole('status')).toContainText('Calls on Mondays.')
  await expect(dialog.getByLabel('Name')).toHaveValue('My name for them')
  await dialog.getByRole('button', { name: 'Add a note' }).click()
  await dialog.getByRole('textbox', { name: 'Note' }).last().fill('Calls on Mondays.')
  await dialog.getByRole('button', { name: 'Save', exact: true }).click()
  await expect(dialog).toHaveCount(0)
  const main = page.getByRole('main')
  await expect(main.getByRole('heading', { level: 1 })).toHaveText('My name for them')
  await expect(main.getByText('Calls on Mondays.')).toBeVisible()
})
