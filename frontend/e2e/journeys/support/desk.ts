// The agent's desk at three widths. What is narrow shows the same in turns: the list or the ticket,
// with the sidebar in a drawer.
import { expect, test, type Browser, type Page } from '@playwright/test'
import { inbox, signIn, toggle } from './agent'
import { deliver, type Loket } from './loket'

export const WIDTHS = [
  { width: 1440, height: 900 },
  { width: 1024, height: 768 },
  { width: 390, height: 844 },
]
const isNarrow = (page: Page) => (page.viewportSize()?.width ?? 0) < 1024

/** The journeys that `tell` tells, on a desk, a laptop and a phone. */
export function atEachWidth(tell: (width: number) => void): void {
  for (const viewport of WIDTHS)
    test.describe(`at ${String(viewport.width)} px`, () => {
      test.use({ viewport })
      tell(viewport.width)
    })
}

/** The sidebar, which a narrow page has in a drawer. */
export async function sidebar(page: Page) {
  const bar = page.getByRole('navigation', { name: 'Main' })
  if (isNarrow(page)) {
    // A ticket fills the page: its list has the menu.
    const back = page.getByRole('button', { name: 'Back', exact: true })
    if (await back.isVisible()) await back.click()
    const drawer = page.locator('aside', { has: page.locator('nav') }).first()
    if ((await drawer.getAttribute('inert')) !== null)
      await page.getByRole('button', { name: 'Open menu' }).click()
  }
  await expect(bar.getByRole('link', { name: /^Inbox/ })).toBeInViewport()
  return bar
}

export const COLLEAGUE = { name: 'Milan Jansen', email: 'milan@ketting.example.com' }

/** The other one who answers the shop's mail, in a browser of their own that is as wide. */
export async function colleague(browser: Browser, page: Page, loket: Loket): Promise<Page> {
  const context = await browser.newContext({ viewport: page.viewportSize(), locale: 'en-GB' })
  const theirs = await context.newPage()
  await signIn(theirs, loket.url, COLLEAGUE.email, loket.after('password'))
  await expect(inbox(theirs)).toBeVisible()
  return theirs
}

/** Somebody writes to the shop, who never did before; the number of the ticket. */
export async function arrives(page: Page, loket: Loket, customer: string, cc?: string) {
  const subject = `Een vraag van ${customer}`
  const mail = `From: ${customer} <${addressOf(customer)}>
To: service@ketting.example.com${cc ? `\nCc: ${cc}` : ''}
Subject: ${subject}
Message-ID: <vraag-${addressOf(customer)}>
Date: ${new Date().toUTCString()}

Wanneer is mijn fiets klaar?
`
  await deliver(loket, addressOf(customer), mail)
  let number: number | undefined
  await expect
    .poll(async () => {
      const answer = await page.request.get(`${loket.url}/api/v1/tickets?limit=100`)
      const { items } = (await answer.json()) as { items: { number: number; subject: string }[] }
      number = items.find((ticket) => ticket.subject === subject)?.number
      return number
    })
    .toBeDefined()
  return String(number)
}
export const addressOf = (customer: string) =>
  `${customer.toLowerCase().replaceAll(' ', '.')}@klanten.example.org`

/** Opens a ticket by its number. */
export async function open(page: Page, loket: Loket, number: string, view = 'open') {
  await page.goto(`${loket.url}/tickets/${view}/${number}`)
  await expect(toggle(page)).toBeVisible()
}

/** Chooses an entry of the menu of the open ticket. */
export async function choose(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name: 'More actions', exact: true }).click()
  await page.getByRole('menuitem', { name }).click()
}
