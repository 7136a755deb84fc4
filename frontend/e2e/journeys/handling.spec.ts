// What is done with tickets, on a desk, a laptop and a phone: part 6 of the agent's day.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test, type Page } from '@playwright/test'
import { conversation, inbox, says, signIn } from './support/agent'
import { addressOf, arrives, atEachWidth, choose, open } from './support/desk'
import { startDemo, type Loket } from './support/loket'

/** Of the shop's second mailbox. */
const folder = mkdtempSync(join(tmpdir(), 'loket-journey-'))
const WORKSHOP = 'De werkplaats'

let loket: Loket
test.beforeAll(async ({ request }) => {
  loket = await startDemo({
    LOKET_SENDING__UNDO_SECONDS: '1',
    LOKET_SECURITY__MAILDIR_FOLDERS: folder,
  })
  for (const part of ['cur', 'new', 'tmp'].flatMap((part) => [`mail/${part}`, `sent/${part}`]))
    mkdirSync(join(folder, part), { recursive: true })
  const headers = { origin: loket.url }
  const data = { email: loket.after('sign in as'), password: loket.after('password') }
  await request.post(`${loket.url}/api/v1/session`, { data, headers, failOnStatusCode: true })
  await request.post(`${loket.url}/api/v1/mailboxes`, {
    data: {
      provider: 'maildir',
      address: 'werkplaats@ketting.example.com',
      display_name: WORKSHOP,
      path: join(folder, 'mail'),
      deliver: { kind: 'folder', path: join(folder, 'sent') },
    },
    headers,
    failOnStatusCode: true,
  })
})
test.afterAll(async () => {
  await loket.stop()
  loket.remove()
  rmSync(folder, { recursive: true, force: true })
})

/** Takes back what a line of the conversation tells of. */
const takeBack = (page: Page, line: string | RegExp) =>
  conversation(page)
    .getByRole('paragraph')
    .filter({ hasText: line, visible: true })
    .getByRole('button', { name: 'Undo' })
    .click()
const undone = (page: Page) =>
  expect(page.getByText('Undone', { exact: true }).last()).toBeVisible()
const status = (page: Page, name: string) => page.getByRole('button', { name: `Status: ${name}` })

atEachWidth((width) => {
  test.beforeEach(async ({ page }) => {
    await signIn(page, loket.url, loket.after('sign in as'), loket.after('password'))
    await expect(inbox(page)).toBeVisible()
  })

  test('spam and trash: by a key, and back by z, by the line that tells of it and by restoring', async ({
    page,
  }) => {
    const number = await arrives(page, loket, `Guus Wit ${String(width)}`)
    await open(page, loket, number)
    await page.keyboard.press('!')
    await expect(page.getByText(`Ticket ${number}: Spam`)).toBeVisible()
    await page.keyboard.press('z')
    await undone(page)
    await open(page, loket, number)
    await expect(status(page, 'Open')).toBeVisible()

    await choose(page, 'Mark as spam')
    await expect(page.getByText(`Ticket ${number}: Spam`)).toBeVisible()
    await open(page, loket, number, 'spam')
    await expect(status(page, 'Spam')).toBeVisible()
    await takeBack(page, 'changed the status to “Spam”')
    await undone(page)
    await expect(status(page, 'Open')).toBeVisible()

    await page.keyboard.press('#')
    await expect(page.getByText(`Ticket ${number}: Trash`)).toBeVisible()
    await open(page, loket, number, 'trash')
    await choose(page, 'Restore')
    await expect(page.getByText(`Ticket ${number} restored`)).toBeVisible()
    await expect(status(page, 'Open')).toBeVisible()
  })

  test('what is deleted for good waits, and is taken back', async ({ page }) => {
    const number = await arrives(page, loket, `Ina Rood ${String(width)}`)
    await open(page, loket, number)
    await choose(page, 'Delete for good…')
    await page.getByRole('dialog').getByRole('button', { name: 'Delete for good' }).click()
    await expect(
      page.getByText(`Ticket ${number} will be deleted for good in 10 minutes`),
    ).toBeVisible()
    await open(page, loket, number, 'all')
    const waiting = conversation(page).getByText(/^Will be deleted for good in/)
    await expect(waiting).toBeVisible()
    const message = page.getByRole('article', { name: /^Message from/ })
    await expect.poll(() => says(message)).toContain('Wanneer is mijn fiets klaar?')
    await takeBack(page, 'ordered that this is deleted for good')
    await undone(page)
    await expect(waiting).toHaveCount(0)
  })

  test('two tickets become one, and a message a ticket of its own', async ({ page }) => {
    const from = await arrives(page, loket, `Kees Grijs ${String(width)}`)
    const into = await arrives(page, loket, `Loes Paars ${String(width)}`)
    await open(page, loket, from)
    await choose(page, 'Merge into another ticket…')
    await page.getByLabel('Number of the ticket that stays').fill(into)
    await page.getByRole('button', { name: 'Merge', exact: true }).click()
    await page.getByRole('button', { name: 'Merge anyway' }).click()
    await expect(page.getByText(`Merged into ticket ${into}`)).toBeVisible()

    await open(page, loket, into, 'all')
    const theirs = page.getByRole('article', { name: /^Message from Kees Grijs/ })
    await theirs.getByRole('button', { name: 'More about this message' }).click()
    await page.getByRole('menuitem', { name: 'Make this message a ticket of its own' }).click()
    await expect(page.getByText(/^The message is ticket \d+ now/)).toBeVisible()
    await open(page, loket, into, 'all')
    await expect(page.getByRole('article', { name: /^Message from Loes Paars/ })).toBeVisible()
    await expect(theirs).toHaveCount(0)
    await takeBack(page, /made ticket #\d+ of a message of/)
    await expect(theirs).toBeVisible()
  })

  test('a ticket goes to another mailbox, sleeps until tomorrow and is woken', async ({ page }) => {
    const number = await arrives(page, loket, `Bas Geel ${String(width)}`)
    await open(page, loket, number)
    await choose(page, 'Move to another mailbox…')
    const dialog = page.getByRole('dialog', { name: `Move ticket ${number}` })
    await dialog.getByLabel('Mailbox').selectOption({ label: WORKSHOP })
    await dialog.getByRole('button', { name: 'Move', exact: true }).click()
    await expect(page.getByText(`Ticket ${number} moved to ${WORKSHOP}`)).toBeVisible()
    await takeBack(page, `moved this to ${WORKSHOP}`)
    await undone(page)

    await page.keyboard.press('h')
    await page.getByRole('button', { name: /^Tomorrow/ }).click()
    await expect(page.getByText(`Ticket ${number} sleeps until`)).toBeVisible()
    await page.goto(`${loket.url}/tickets/snoozed`)
    await page
      .getByRole('list', { name: 'Snoozed' })
      .getByRole('link', { name: new RegExp(`Bas Geel ${String(width)}`) })
      .click()
    await page.getByRole('button', { name: /^Sleeps until/ }).click()
    await page.getByRole('button', { name: 'Wake now' }).click()
    await expect(page.getByText(`Ticket ${number} is awake`)).toBeVisible()
    await open(page, loket, number)
  })

  test('a customer is written to first', async ({ page }) => {
    const address = addressOf(`Cor Roze ${String(width)}`)
    await page.keyboard.press('c')
    await page.getByRole('combobox', { name: 'To', exact: true }).fill(`${address},`)
    await page.getByRole('textbox', { name: 'Subject' }).fill('Uw fiets staat klaar')
    await page.getByRole('textbox', { name: 'Your mail' }).fill('U kunt hem komen halen.')
    await expect(page.getByText('Draft saved')).toBeVisible()
    await page.getByRole('button', { name: 'Send', exact: true }).click()
    await expect(page).toHaveURL(/\/tickets\/all\/\d+/)
    const sent = page.getByRole('article', { name: /^Answer by/ })
    await expect.poll(() => says(sent)).toContain('U kunt hem komen halen.')
    await expect(sent.getByText('Sent', { exact: true })).toBeVisible({ timeout: 60_000 })
  })
})
