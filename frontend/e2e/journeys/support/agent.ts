// What an agent does in the browser.
import { expect, type Locator, type Page } from '@playwright/test'

export const inbox = (page: Page) => page.getByRole('list', { name: 'Inbox' })
export const conversation = (page: Page) => page.getByRole('main')

export async function signIn(page: Page, url: string, email: string, password: string) {
  await page.goto(`${url}/sign-in`)
  await page.getByLabel('E-mail address').fill(email)
  await page.getByLabel('Password', { exact: true }).fill(password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page).toHaveURL(/\/tickets\/open/)
}

/** The button that closes the open ticket, or opens it again. */
export const toggle = (page: Page) =>
  conversation(page).getByRole('button', { name: /^(Close|Reopen)$/ })

/** What a message says, whether its text is plain or in a frame. */
export const says = (card: Locator) =>
  card.evaluateAll((cards) =>
    cards
      .flatMap((element) => [
        element.textContent,
        ...[...element.querySelectorAll('iframe')].map(
          // Between two documents a frame has no body.
          ({ contentDocument }) =>
            (contentDocument?.body as HTMLElement | null | undefined)?.textContent,
        ),
      ])
      .join(' '),
  )

/** Opens the only ticket that a number or an address finds. */
export async function find(page: Page, what: string): Promise<void> {
  await page.keyboard.press('/')
  await page.getByRole('combobox', { name: 'Search mail, number or address' }).fill(what)
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { name: `Results for “${what}”` })).toBeVisible()
  const results = page.getByRole('list', { name: 'Inbox' }).getByRole('link')
  await expect(results).toHaveCount(1)
  const number = /\/(\d+)(\?|$)/.exec((await results.getAttribute('href')) ?? '')?.[1] ?? ''
  await results.click()
  // The one that was open before may stay until this one is here.
  const shown = conversation(page).getByText(`#${number}`, { exact: true })
  await expect(shown.filter({ visible: true }).first()).toBeVisible()
  await expect(toggle(page)).toBeVisible()
}

/** Writes an answer in the open ticket and sends it; returns its card. */
export async function answer(page: Page, text: string): Promise<Locator> {
  await page.keyboard.press('r')
  await page.getByRole('textbox', { name: 'Your answer' }).pressSequentially(text)
  await page.keyboard.press('Control+Enter')
  const card = page.getByRole('article', { name: /^Answer by/ }).last()
  await expect.poll(() => says(card)).toContain(text)
  return card
}

/** From here on the page must stay the one that it is; the answer says whether it did. */
export async function mark(page: Page): Promise<() => Promise<boolean>> {
  await page.evaluate(() => {
    Object.assign(window, { marked: true })
  })
  return () => page.evaluate(() => 'marked' in window)
}

/** Every address that the page asks for, other than Loket's own. */
export function foreignRequests(page: Page, url: string): string[] {
  const foreign: string[] = []
  page.on('request', (request) => {
    if (!request.url().startsWith(`${url}/`)) foreign.push(request.url())
  })
  return foreign
}
