import { expect, test } from '@playwright/test'
import type { Loket } from './support/loket'
import { converse, serve, setUp, toConsent } from './support/journey'
import { account } from './support/rig'

let loket: Loket
test.beforeAll(async () => {
  loket = await serve()
})
test.afterAll(async () => {
  await loket.stop()
  loket.remove()
})

test('from an empty server over Google to a conversation with a customer', async ({ page }) => {
  const mailbox = await account('google')
  await setUp(page, loket)
  await toConsent(page, 'Google', mailbox)
  await page.getByRole('button', { name: 'Allow' }).click()
  await expect(page.getByText(`${mailbox.address} is connected`)).toBeVisible()
  await converse(page, loket, mailbox)
})
