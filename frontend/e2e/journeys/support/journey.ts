// The main journey: a customer's mail becomes a ticket, the answer leaves by the same mailbox, and
// the customer's answer to that joins the ticket.
import { expect, type Page } from '@playwright/test'
import { answer, inbox, mark, says } from './agent'
import { start, type Loket } from './loket'
import { header } from './mime'
import { account, mails, settings, write, type Account } from './rig'
import { traces } from './traces'

export const OWNER = { email: 'anna@acme.test', password: 'correct horse battery' }

/** A server on an empty home, with the rig as both vendors. */
export const serve = () =>
  start('serve', /works once:\s+\S+\s/, { ...settings(), LOKET_SENDING__UNDO_SECONDS: '1' })

/** The page that an empty server leads to, with the token from its console. */
export async function setUp(page: Page, loket: Loket): Promise<void> {
  const token = /works once:\s+(\S+)\s/.exec(loket.said())?.[1] ?? ''
  await page.goto(loket.url)
  await page.getByLabel('Setup code').fill(token)
  await page.getByLabel('Organization').fill('Acme')
  await page.getByLabel('Your name').fill('Anna de Vries')
  await page.getByLabel('Your e-mail address').fill(OWNER.email)
  await page.getByLabel('Password', { exact: true }).fill(OWNER.password)
  await page.getByRole('button', { name: 'Set up Loket' }).click()
  await expect(page.getByText('No mailbox yet')).toBeVisible()
}

/** From the page of mailboxes to the provider's own page of consent, signed in there. */
export async function toConsent(
  page: Page,
  provider: 'Google' | 'Microsoft',
  mailbox: Account,
): Promise<void> {
  await page.getByRole('link', { name: 'Connect a mailbox' }).first().click()
  await page.getByRole('link', { name: new RegExp(`^${provider}`) }).click()
  await page.getByRole('button', { name: `Continue with ${provider}` }).click()
  await page.getByLabel('E-mail').fill(mailbox.address)
  await page.getByLabel('Password').fill(mailbox.password)
  await page.getByRole('button', { name: 'Next' }).click()
  await expect(page.getByRole('heading', { name: 'Allow access?' })).toBeVisible()
}

/** Waits until the mailbox is read, then has the whole conversation. */
export async function converse(page: Page, loket: Loket, mailbox: Account): Promise<void> {
  await expect(page.getByText('Active', { exact: true })).toBeVisible()
  await page.goto(`${loket.url}/tickets/open`)
  await expect(page.getByText('All done')).toBeVisible()
  const isSame = await mark(page)

  const customer = await account('plain')
  await write(customer.address, mailbox.address, question(customer, mailbox))
  await inbox(page)
    .getByRole('link', { name: /Waar blijft mijn zeekanarie/ })
    .click()
  const messages = page.getByRole('article', { name: 'Message from Truus Klaverblad' })
  await expect.poll(() => says(messages)).toContain('al een week')

  const card = await answer(page, 'Morgen komt de heggenmus.')
  await expect(card.getByText('Sent', { exact: true })).toBeVisible()
  await expect.poll(() => mails(customer.address).length).toBe(1)
  const got = mails(customer.address)[0] ?? ''
  expect(got).toContain('Morgen komt de heggenmus.')
  expect(header(got, 'From')).toContain(`<${mailbox.address}>`)
  expect(header(got, 'In-Reply-To')).toBe('<vraag@customers.test>')

  await write(customer.address, mailbox.address, thanks(customer, mailbox, got))
  await expect.poll(() => says(messages.last())).toContain('Fijn, dank!')
  await expect(page.getByText('Open', { exact: true }).first()).toBeVisible()
  await expect(inbox(page).getByRole('listitem')).toHaveCount(1)
  expect(await isSame()).toBe(true)

  await nothingToRead(loket, ['zeekanarie', 'heggenmus', 'klaverblad', local(customer.address)])
}

/** While the server runs, and after it has stopped. */
export async function nothingToRead(loket: Loket, words: string[]): Promise<void> {
  for (const look of ['while it runs', 'after it has stopped']) {
    if (look !== 'while it runs') await loket.stop()
    const { files, found } = traces(loket.home, words)
    expect(found, look).toEqual([])
    expect(files, look).toBeGreaterThanOrEqual(4)
  }
}

const local = (address: string) => address.split('@')[0] ?? ''

function question(customer: Account, mailbox: Account): string {
  return `From: Truus Klaverblad <${customer.address}>
To: ${mailbox.address}
Subject: Waar blijft mijn zeekanarie?
Message-ID: <vraag@customers.test>
Date: ${new Date().toUTCString()}

Ik wacht al een week op mijn zeekanarie.
`
}

function thanks(customer: Account, mailbox: Account, answered: string): string {
  return `From: Truus Klaverblad <${customer.address}>
To: ${mailbox.address}
Subject: Re: Waar blijft mijn zeekanarie?
Message-ID: <dank@customers.test>
In-Reply-To: ${header(answered, 'Message-ID')}
References: <vraag@customers.test> ${header(answered, 'Message-ID')}
Date: ${new Date().toUTCString()}

Fijn, dank! Tot morgen.
`
}
