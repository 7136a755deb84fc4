import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { expect, test, type Page } from '@playwright/test'
import { answer, conversation, find, inbox, signIn } from './support/agent'
import { PROGRAM, startDemo, type Loket } from './support/loket'

let loket: Loket
test.beforeAll(async () => {
  loket = await startDemo({ LOKET_SENDING__UNDO_SECONDS: '1' })
})
test.afterAll(async () => {
  await loket.stop()
  loket.remove()
})
test.beforeEach(async ({ page }) => {
  await signIn(page, loket.url, loket.after('sign in as'), loket.after('password'))
})

const CUSTOMER = 'annelies.degroot@mail.example.org'
const banner = (page: Page) => page.getByRole('complementary', { name: 'Deletions' })
const card = (page: Page) => page.getByRole('main').getByRole('listitem').first()

/** Disconnects the shop's only mailbox; its address. */
async function disconnect(page: Page): Promise<string> {
  await page.goto(`${loket.url}/settings/mailboxes`)
  await page.getByRole('link', { name: /^Settings of/ }).click()
  await page.getByRole('link', { name: 'Disconnect…' }).click()
  // The page before has boxes to tick as well.
  await page.waitForURL('**/disconnect')
  await page.getByRole('checkbox').check()
  const submit = page.getByRole('button', { name: /^Disconnect / })
  const address = ((await submit.textContent()) ?? '').replace('Disconnect', '').trim()
  await submit.click()
  await expect(page.getByText(`${address} is disconnected`).first()).toBeVisible()
  return address
}

test('a mailbox is disconnected, and comes back as it was', async ({ page }) => {
  await expect(inbox(page)).toBeVisible()
  const address = await disconnect(page)
  await expect(banner(page)).toContainText(/is deleted in 1[34] days/)
  await page.getByRole('link', { name: 'See the countdown' }).click()
  await expect(card(page)).toContainText(address)
  await expect(card(page).getByRole('progressbar')).toBeVisible()

  await page.goto(`${loket.url}/tickets/open`)
  await find(page, CUSTOMER)
  await expect(page.getByText(/^Mailbox disconnected – read only until/)).toBeVisible()
  await expect(conversation(page).getByText('Disconnected').first()).toBeVisible()
  await expect(page.getByRole('button', { name: 'Reply all' })).toHaveCount(0)

  await page.goto(`${loket.url}/settings/deletions`)
  await page.getByRole('button', { name: /^Undo/ }).click()
  await page.getByRole('button', { name: 'Connect again' }).click()
  await expect(page.getByText(`${address} is connected again`)).toBeVisible()
  await expect(page.getByText('Nothing is being deleted')).toBeVisible()
  await expect(banner(page)).toHaveCount(0)

  await page.goto(`${loket.url}/tickets/open`)
  await find(page, CUSTOMER)
  const sent = await answer(page, 'Dag Annelies, wij zijn er weer.')
  await expect(sent.getByText('Sent', { exact: true })).toBeVisible()
})

test('what is deleted now is proven', async ({ page }) => {
  await expect(inbox(page)).toBeVisible()
  const address = await disconnect(page)
  await page.getByRole('link', { name: 'See the countdown' }).click()
  await page.getByRole('button', { name: /^Delete now/ }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel(`Type ${address}`).fill(address)
  await dialog.getByLabel('Your own password').fill('not this one')
  await dialog.getByRole('button', { name: 'Delete now' }).click()
  await expect(dialog.getByText('This is not your password.')).toBeVisible()
  await dialog.getByLabel('Your own password').fill(loket.after('password'))
  await dialog.getByRole('button', { name: 'Delete now' }).click()
  await page.getByRole('link', { name: /^Statement/ }).click({ timeout: 60_000 })

  const paper = page.getByRole('article', { name: 'Statement of deletion' })
  await expect(paper).toContainText('asked to have it deleted before the time')
  await expect(paper).toContainText('The keys were destroyed on')
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'Download JSON' }).click(),
  ])
  const path = await download.path()
  const file = JSON.parse(readFileSync(path, 'utf8')) as {
    statement: { signing_key: { fingerprint: string }; deleted: { tickets: number } }
  }
  await expect(paper).toContainText(`--key ${file.statement.signing_key.fingerprint}`)
  expect(file.statement.deleted.tickets).toBeGreaterThan(5)
  const keys = await page.request.get(`${loket.url}/.well-known/loket-statement-keys.json`)
  expect(await keys.text()).toContain(file.statement.signing_key.fingerprint)

  const { fingerprint } = file.statement.signing_key
  const said = execFileSync(PROGRAM, ['statement', 'verify', path, '--key', fingerprint])
  expect(said.toString()).toMatch(/^Genuine/)

  await page.goto(`${loket.url}/tickets/all`)
  await expect(page.getByText('No mailbox yet')).toBeVisible()
})
