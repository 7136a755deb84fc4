// docs/screenshot.png: the demo, as README.md shows it; and, with SHOTS=folder, each of its views in
// both themes and on a phone, to be looked at.
import { expect, test, type Page } from '@playwright/test'
import { answer, find, inbox, signIn } from '../journeys/support/agent'
import { startDemo, type Loket } from '../journeys/support/loket'
import { settle } from '../views'

let loket: Loket
test.beforeAll(async () => {
  loket = await startDemo({ LOKET_SENDING__UNDO_SECONDS: '1' })
})
test.afterAll(async () => {
  await loket.stop()
  loket.remove()
})

const enter = (page: Page) =>
  signIn(page, loket.url, loket.after('sign in as'), loket.after('password'))

test('the conversation that README shows', async ({ page }) => {
  await page.setViewportSize({ width: 1440, height: 860 })
  await enter(page)
  await find(page, 'annelies.degroot@mail.example.org')
  const number = new URL(page.url()).pathname.split('/').at(-1) ?? ''
  await answer(
    page,
    'Dag Annelies, er ligt er nog een in de winkel. Ik heb hem voor u apart gezet.',
  )
  const messages = page.getByRole('article', { name: 'Message from Annelies de Groot' })
  await expect(messages).toHaveCount(3)
  await page.goto(`${loket.url}/tickets/open/${number}`)
  await inbox(page).getByRole('link').first().waitFor()
  await page.getByRole('button', { name: 'Reply to Annelies de Groot…' }).waitFor()
  await settle(page)
  await page.screenshot({ path: '../docs/screenshot.png' })
})

const LOOKS = [
  { name: 'light', width: 1440, height: 900, colorScheme: 'light' },
  { name: 'dark', width: 1440, height: 900, colorScheme: 'dark' },
  { name: 'phone', width: 390, height: 844, colorScheme: 'light' },
] as const
const CUSTOMERS = [
  'annelies.degroot@mail.example.org',
  'f.elidrissi@kantoor.example.com',
  'bram.willemsen@post.example.net',
  'news@velotrade.example.net',
]
const PATHS = [
  'tickets/open',
  'tickets/closed',
  'tickets/spam',
  'settings/profile',
  'settings/organization',
  'settings/users',
  'settings/mailboxes',
  'settings/mailboxes/connect',
  'settings/mailboxes/connect/google',
  'settings/mailboxes/connect/imap',
  'settings/providers/google',
  'settings/quarantine',
]

const folder = process.env.SHOTS
if (folder)
  for (const { name, width, height, colorScheme } of LOOKS)
    test(`every view, ${name}`, async ({ browser }) => {
      test.setTimeout(240_000)
      const context = await browser.newContext({ viewport: { width, height }, colorScheme })
      const page = await context.newPage()
      await page.goto(`${loket.url}/sign-in`)
      await page.screenshot({ path: `${folder}/sign-in-${name}.png` })
      await enter(page)
      for (const path of PATHS) {
        await page.goto(`${loket.url}/${path}`)
        await settle(page)
        await page.screenshot({ path: `${folder}/${path.replaceAll('/', '-')}-${name}.png` })
      }
      for (const [index, customer] of CUSTOMERS.entries()) {
        await page.goto(`${loket.url}/tickets/all?q=${customer}`)
        await page.getByRole('region', { name: 'Tickets' }).getByRole('link').first().click()
        await page.getByRole('region', { name: 'Conversation' }).waitFor()
        await settle(page)
        if (index === 0) {
          await page.keyboard.press('r')
          await page.getByRole('textbox', { name: 'Your answer' }).waitFor()
        }
        await page.screenshot({ path: `${folder}/conversation-${String(index)}-${name}.png` })
      }
      await context.close()
    })
