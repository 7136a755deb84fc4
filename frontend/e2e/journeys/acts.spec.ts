import { expect, test } from '@playwright/test'
import { conversation, find, inbox, says, signIn } from './support/agent'
import { startDemo, type Loket } from './support/loket'

let loket: Loket
test.beforeAll(async () => {
  loket = await startDemo()
})
test.afterAll(async () => {
  await loket.stop()
  loket.remove()
})
test.beforeEach(async ({ page }) => {
  await signIn(page, loket.url, loket.after('sign in as'), loket.after('password'))
  await expect(inbox(page)).toBeVisible()
})

test('a ticket is tagged with a new word, made urgent and sent to sleep', async ({ page }) => {
  await find(page, 'bram.willemsen@post.example.net')
  await page.keyboard.press('t')
  await page.keyboard.type('Banden')
  await page.getByRole('option', { name: 'Make “Banden”' }).waitFor()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('button', { name: 'Take off Banden' })).toBeVisible()
  await page.keyboard.press('Escape')
  await page.keyboard.press('p')
  await page.getByRole('menuitem', { name: 'Urgent' }).press('Enter')
  await expect(page.getByRole('button', { name: 'Priority: Urgent' })).toBeVisible()
  await expect(page.getByRole('menu')).toHaveCount(0)
  await page.keyboard.press('h')
  await expect(page.getByRole('textbox', { name: 'When' })).toBeFocused()
  await page.keyboard.type('volgende dinsdag 9:00')
  await page.keyboard.press('Enter')
  await expect(page.getByText(/Ticket \d+ sleeps until Tue/)).toBeVisible()
  await page.goto(`${loket.url}/tickets/snoozed`)
  const row = page.getByRole('list', { name: 'Snoozed' }).getByRole('link')
  await expect(row).toContainText('Banden')
  await row.click()
  await expect(conversation(page).getByText(/let this sleep until Tue/)).toBeVisible()
  await expect(conversation(page).getByText('added Banden')).toBeVisible()
})

test('two tickets become one, and two again from the line that tells of it', async ({ page }) => {
  await find(page, 'jeroen@bakker.example.org')
  const into = new URL(page.url()).pathname.split('/').at(-1) ?? ''
  await find(page, 'pjansma@mail.example.org')
  const from = new URL(page.url()).pathname.split('/').at(-1) ?? ''
  await page.keyboard.press('Shift+M')
  await page.getByLabel('Number of the ticket that stays').fill(into)
  await page.getByRole('button', { name: 'Merge', exact: true }).click()
  await expect(page.getByText('These tickets are of different customers')).toBeVisible()
  await page.getByRole('button', { name: 'Merge anyway' }).click()
  await expect(page.getByText(`Merged into ticket ${into}`)).toBeVisible()

  await page.goto(`${loket.url}/tickets/all/${into}`)
  const theirs = page.getByRole('article', { name: /^Message from/ })
  await expect.poll(() => says(theirs)).toContain('kraak')
  await expect(page.getByText(/From or to another customer/).first()).toBeVisible()
  // Jeroen is answered, and nobody else.
  const { reply_defaults: to } = (await (
    await page.request.get(`${loket.url}/api/v1/tickets/${into}`)
  ).json()) as { reply_defaults: Record<'to' | 'cc' | 'others', { address: string }[]> }
  const addresses = [...to.to, ...to.cc, ...to.others].map(({ address }) => address)
  expect(addresses).toEqual(['jeroen@bakker.example.org'])

  await page.reload()
  const line = page.getByText(`merged ticket #${from} into #${into}`)
  await line.locator('..').getByRole('button', { name: 'Undo' }).click()
  await expect(page.getByText('2 tickets are as they were')).toBeVisible()
  await page.goto(`${loket.url}/tickets/all/${from}`)
  await expect.poll(() => says(theirs)).toContain('kraak')
})

test('many tickets are closed at once and taken back at once', async ({ page }) => {
  const rows = inbox(page).getByRole('link')
  await expect(rows.nth(2)).toBeVisible()
  // Customers go on writing meanwhile: these three are what counts.
  const links = await rows.evaluateAll((all) =>
    all.slice(0, 3).map((link) => link.getAttribute('href') ?? ''),
  )
  const number = (link = '') => link.split('/').at(-1) ?? ''
  const box = (index: number) =>
    page.getByRole('checkbox', { name: `Choose ticket ${number(links[index])}`, exact: true })
  await box(0).check()
  await box(2).click({ modifiers: ['Shift'] })
  const bar = page.getByRole('toolbar', { name: 'What to do with the chosen tickets' })
  await bar.getByRole('button', { name: 'Close', exact: true }).click()
  await expect(page.getByText('3 tickets changed')).toBeVisible()
  for (const link of links) await expect(page.locator(`a[href="${link}"]`)).toHaveCount(0)
  await page.keyboard.press('z')
  for (const link of links) await expect(page.locator(`a[href="${link}"]`)).toBeVisible()
})
