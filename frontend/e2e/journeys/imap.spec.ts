import { expect, test } from '@playwright/test'
import type { Loket } from './support/loket'
import { converse, serve, setUp } from './support/journey'
import { account, rig } from './support/rig'

let loket: Loket
test.beforeAll(async () => {
  loket = await serve()
})
test.afterAll(async () => {
  await loket.stop()
  loket.remove()
})

test('from an empty server over IMAP and SMTP to a conversation with a customer', async ({
  page,
}) => {
  const mailbox = await account('plain')
  await setUp(page, loket)
  await page.getByRole('link', { name: 'Connect a mailbox' }).first().click()
  await page.getByRole('link', { name: /^IMAP and SMTP/ }).click()
  await page.getByLabel('E-mail address').fill(mailbox.address)
  await page.getByLabel('Display name').fill('Hulp van Acme')
  await expect(page.getByLabel('User name')).toHaveValue(mailbox.address)
  const servers = [
    { title: 'Reading (IMAP)', host: rig().plain.imapHost, port: rig().ports.imaps },
    { title: 'Sending (SMTP)', host: '127.0.0.1', port: rig().ports.smtps },
  ]
  for (const { title, host, port } of servers) {
    const fields = page.getByRole('group', { name: title })
    await fields.getByLabel('Server').fill(host)
    await fields.getByLabel('Port').fill(String(port))
  }

  // The test says what is wrong, in words, before anything is saved.
  await page.getByLabel('Password', { exact: true }).fill('not the password')
  await page.getByRole('button', { name: 'Test connection' }).click()
  await expect(page.getByText('Not yet. See below what is wrong.')).toBeVisible()
  await page.getByLabel('Password', { exact: true }).fill(mailbox.password)
  await page.getByRole('button', { name: 'Test connection' }).click()
  await expect(page.getByText('Everything works.')).toBeVisible()
  await page.getByRole('button', { name: 'Connect mailbox' }).click()
  await expect(page.getByText(`${mailbox.address} is connected`)).toBeVisible()
  await converse(page, loket, mailbox)
})
