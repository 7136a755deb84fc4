import { expect, test } from '@playwright/test'
import type { Loket } from './support/loket'
import { OWNER, serve, setUp, toConsent } from './support/journey'
import { signIn } from './support/agent'
import { account } from './support/rig'

let loket: Loket
test.beforeAll(async ({ browser }) => {
  loket = await serve()
  const page = await browser.newPage()
  await setUp(page, loket)
  await page.close()
})
test.afterAll(async () => {
  await loket.stop()
  loket.remove()
})
test.beforeEach(async ({ page }) => {
  await signIn(page, loket.url, OWNER.email, OWNER.password)
  await page.goto(`${loket.url}/settings/mailboxes`)
})

const PROVIDERS = [
  { name: 'Google', shape: 'google', box: 'https://mail.google.com/' },
  { name: 'Microsoft', shape: 'ms', box: 'https://outlook.office.com/SMTP.Send' },
] as const

for (const { name, shape, box } of PROVIDERS) {
  test(`who says no at ${name} is told that nothing was connected`, async ({ page }) => {
    await toConsent(page, name, await account(shape))
    await page.getByRole('button', { name: 'Deny' }).click()
    await expect(
      page.getByText('Permission was not given, so nothing was connected.'),
    ).toBeVisible()
    await page.goto(`${loket.url}/settings/mailboxes`)
    await expect(page.getByText('No mailbox yet')).toBeVisible()
  })

  test(`who keeps the mail from Loket at ${name} is told what is missing`, async ({ page }) => {
    await toConsent(page, name, await account(shape))
    await page.getByLabel(box).uncheck()
    await page.getByRole('button', { name: 'Allow' }).click()
    await expect(
      page.getByText('Permission to read and send mail was not given. Try again and leave every'),
    ).toBeVisible()
    await page.goto(`${loket.url}/settings/mailboxes`)
    await expect(page.getByText('No mailbox yet')).toBeVisible()
  })
}
