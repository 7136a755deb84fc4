import { expect, test, type Browser, type Page } from '@playwright/test'
import { inbox, signIn } from './support/agent'
import { startDemo, type Loket } from './support/loket'

let loket: Loket
test.beforeAll(async () => {
  loket = await startDemo()
})
test.afterAll(async () => {
  await loket.stop()
  loket.remove()
})

const PASSWORD = 'a short sentence'

async function owner(page: Page): Promise<void> {
  await signIn(page, loket.url, loket.after('sign in as'), loket.after('password'))
  await page.goto(`${loket.url}/settings/users`)
}

/** Fills in the invitation; the link that is then shown, for the demo sends no mail of its own. */
async function invite(page: Page, name: string, email: string): Promise<string> {
  await page.getByRole('button', { name: 'Invite', exact: true }).click()
  await page.getByLabel('E-mail address').fill(email)
  await page.getByLabel('Name').fill(name)
  await page.getByRole('button', { name: 'Make the link' }).click()
  return (await page.getByText(/\/password#/).textContent()) ?? ''
}

async function follow(browser: Browser, link: string): Promise<Page> {
  const page = await browser.newPage()
  await page.goto(link)
  await page.getByLabel('New password').fill(PASSWORD)
  await page.getByRole('button', { name: 'Save the password' }).click()
  await expect(page.getByText('Your password is saved.')).toBeVisible()
  return page
}

test('whoever is invited chooses a password and sees only their mailbox', async ({
  page,
  browser,
}) => {
  await owner(page)
  await expect(page.getByText('Loket sends no mail of its own here')).toBeVisible()
  const link = await invite(page, 'Bea Visser', 'bea@veldkeuken.example')
  await page.getByRole('button', { name: 'Done' }).click()
  const row = page.getByRole('main').getByRole('listitem').filter({ hasText: 'Bea Visser' })
  await expect(row).toContainText('Link ends in 7 days')

  const theirs = await follow(browser, link)
  await signIn(theirs, loket.url, 'bea@veldkeuken.example', PASSWORD)
  await expect(inbox(theirs)).toBeVisible()
  const session = await theirs.request.get(`${loket.url}/api/v1/mailboxes`)
  const { items } = (await session.json()) as { items: { members: { name: string }[] }[] }
  expect(items).toHaveLength(1)
  expect(items[0]?.members.map(({ name }) => name)).toContain('Bea Visser')
  await theirs.goto(`${loket.url}/settings/users`)
  await expect(theirs.getByRole('button', { name: 'Invite', exact: true })).toHaveCount(0)

  // The link has done its work.
  const late = await browser.newPage()
  await late.goto(link)
  await late.getByLabel('New password').fill('another sentence')
  await late.getByRole('button', { name: 'Save the password' }).click()
  await expect(late.getByRole('alert')).toContainText('This link was used already')

  // Disabled, they are out at once.
  await page.reload()
  await expect(row).not.toContainText('Invited')
  await page.getByRole('button', { name: 'Actions for Bea Visser' }).click()
  await page.getByRole('menuitem', { name: 'Disable…' }).click()
  await page.getByRole('button', { name: 'Disable', exact: true }).click()
  await expect(page.getByText('Bea Visser can sign in no more')).toBeVisible()
  await theirs.goto(`${loket.url}/tickets/open`)
  await expect(theirs).toHaveURL(/sign-in/)
})

test('without a mailbox there is no mail to see', async ({ page, browser }) => {
  await owner(page)
  await page.getByRole('button', { name: 'Invite', exact: true }).click()
  await page.getByRole('dialog').getByRole('checkbox').uncheck()
  await expect(page.getByText('Without a mailbox they see no mail.')).toBeVisible()
  await page.getByLabel('E-mail address').fill('cas@veldkeuken.example')
  await page.getByLabel('Name').fill('Cas Mol')
  await page.getByRole('button', { name: 'Make the link' }).click()
  const link = (await page.getByText(/\/password#/).textContent()) ?? ''
  const theirs = await follow(browser, link)
  await signIn(theirs, loket.url, 'cas@veldkeuken.example', PASSWORD)
  await expect(theirs.getByText('No mailbox yet')).toBeVisible()
})
