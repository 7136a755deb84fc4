import { expect, test, type APIRequestContext, type Page } from '@playwright/test'
import { enter } from '../views'

test.beforeEach(async ({ context }, { testId }) => {
  await enter(context, `editing-${testId}`)
})

const MAILBOX = '0192b000-0000-7000-8000-000000000001'
const TAG = '0192d000-0000-7000-8000-000000000001'

/** Somebody else changes it, in a browser of their own. */
async function others(page: Page, request: APIRequestContext, path: string, data: object) {
  const cookies = (await page.context().cookies()).map(({ name, value }) => `${name}=${value}`)
  const list = path.split('/')[0] ?? ''
  const headers = { cookie: cookies.join() }
  const all = await request.get(`/api/v1/${list}`, { headers })
  const { items } = (await all.json()) as { items: { id: string; version: number }[] }
  const version = items.find(({ id }) => path.includes(id))?.version ?? 0
  const changed = await request.patch(`/api/v1/${path}`, {
    data,
    headers: { ...headers, 'if-match': `"${String(version)}"` },
  })
  expect(changed.ok()).toBe(true)
}

test('a form that was overtaken says what it is now, and loses nothing that was typed', async ({
  page,
  request,
}) => {
  await page.goto(`/settings/mailboxes/${MAILBOX}`)
  const name = page.getByLabel('Display name')
  const signature = page.getByLabel('Signature', { exact: true })
  await signature.fill('The kitchen of the field')
  await others(page, request, `mailboxes/${MAILBOX}`, { display_name: 'Veldkeuken Utrecht' })
  const form = page.locator('form').filter({ has: signature })
  await form.getByRole('button', { name: 'Save', exact: true }).click()
  const told = form.getByRole('status').filter({ hasText: 'Somebody has changed this' })
  await expect(told).toContainText('Veldkeuken Utrecht')
  await expect(told).not.toContainText('Signature')
  await expect(signature).toHaveValue('The kitchen of the field')
  await expect(name).toHaveValue('Veldkeuken')

  // What the other has made of it is taken, and gone on with.
  await told.getByRole('button', { name: 'Take theirs' }).click()
  await expect(told).toHaveCount(0)
  await expect(name).toHaveValue('Veldkeuken Utrecht')
  await signature.fill('The kitchen')
  await others(page, request, `mailboxes/${MAILBOX}`, { signature: 'Somebody else’s' })
  await form.getByRole('button', { name: 'Save', exact: true }).click()
  await expect(told).toContainText('Somebody else’s')

  // Or it is replaced.
  await told.getByRole('button', { name: 'Save mine instead' }).click()
  await expect(page.getByText('Saved', { exact: true }).first()).toBeVisible()
  await expect(told).toHaveCount(0)
  await page.reload()
  await expect(name).toHaveValue('Veldkeuken Utrecht')
  await expect(signature).toHaveValue('The kitchen')
})

test('what somebody changes beside a form does not stop it', async ({ page, request }) => {
  await page.goto(`/settings/mailboxes/${MAILBOX}`)
  const signature = page.getByLabel('Signature', { exact: true })
  await signature.fill('The kitchen')
  await others(page, request, `mailboxes/${MAILBOX}`, {
    acknowledgement: { enabled: true, text: 'We have it.' },
  })
  const form = page.locator('form').filter({ has: signature })
  await form.getByRole('button', { name: 'Save', exact: true }).click()
  await expect(page.getByText('Saved', { exact: true }).first()).toBeVisible()
  await expect(page.getByText('Somebody has changed this')).toHaveCount(0)
})

test('a dialog that was overtaken stays open', async ({ page, request }) => {
  await page.goto('/settings/tags')
  await page.getByRole('button', { name: 'Change Bezorging' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Name').fill('Levering')
  await others(page, request, `tags/${TAG}`, { color: 'green' })
  await dialog.getByRole('button', { name: 'Save', exact: true }).click()
  await expect(dialog.getByRole('status')).toContainText('Green')
  await expect(dialog.getByLabel('Name')).toHaveValue('Levering')
  await dialog.getByRole('button', { name: 'Take theirs' }).click()
  await expect(dialog.getByRole('radio', { name: 'Green' })).toBeChecked()
})
