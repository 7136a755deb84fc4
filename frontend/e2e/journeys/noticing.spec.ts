// What one is told of, here, by mail and by the browser: part 9 of the agent's day. It is Milan who is
// told, and mostly Anna who gives reason to.
import { expect, test, type Page } from '@playwright/test'
import type { Ticket } from '../../src/api/types'
import { conversation, toggle } from './support/agent'
import { atEachWidth, open, sidebar } from './support/desk'
import { header, text } from './support/mime'
import { enter, get, openOffice, post, writes, type Office } from './support/office'
import { account, mails, type Account } from './support/rig'

let office: Office
let team: string
test.beforeAll(async () => {
  office = await openOffice()
  const member_ids = [office.owner.id, office.colleague.id]
  team = (await post<{ id: string }>(office.ask, '/teams', { name: 'Werkplaats', member_ids })).id
})
test.afterAll(() => office.close())

interface Shown {
  title: string
  open: () => void
}

const bell = (page: Page, unread: number) =>
  page.getByRole('button', {
    name: unread ? `Notices: ${String(unread)} unread` : 'Notices: none unread',
  })
const kind = (page: Page, name: string) => page.getByRole('checkbox', { name, exact: true })
const MENTION = 'Somebody mentions me in a note'
const ASSIGNED = 'Somebody assigns a ticket to me'

/** A customer's mail in which nothing may be passed on; the ticket's number and who wrote. */
async function arrives(subject: string): Promise<[string, Account]> {
  const from = await account('plain')
  const letter = { from, name: 'Truus Klaverblad', subject, words: 'Waar blijft mijn zeekanarie?' }
  return [await writes(office, letter), from]
}

/** Anna writes a note; what it names is told. */
const note = (number: string, named: { mentions: string[] } | { teams: string[] }) =>
  post(office.ask, `/tickets/${number}/notes`, { text: 'Een heggenmus?', ...named })
const mention = (number: string) => note(number, { mentions: [office.colleague.id] })

/** Anna gives a ticket to somebody. */
async function assign(number: string, assignee_id: string): Promise<void> {
  const { version } = await get<Ticket>(office.ask, `/tickets/${number}`)
  const headers = { 'if-match': `"${String(version)}"` }
  const change = { data: { assignee_id }, headers, failOnStatusCode: true }
  await office.ask.patch(`/api/v1/tickets/${number}`, change)
}

/** What Milan was mailed of a ticket. */
const mailed = (number: string) =>
  mails(office.colleague.email)
    .filter((mail) => header(mail, 'Subject') === `Loket: ticket ${number}`)
    .map((mail) => text(mail))

/** Switches something on or off in one's profile, and waits until that is kept. */
async function set(page: Page, name: string, on: boolean): Promise<void> {
  const kept = page.waitForResponse(
    (answer) => answer.url().endsWith('/profile/settings') && answer.request().method() === 'PUT',
  )
  await kind(page, name).setChecked(on)
  expect((await kept).ok()).toBe(true)
}

async function toProfile(page: Page): Promise<void> {
  await sidebar(page)
  await page.getByRole('button', { name: 'Account: Milan Jansen' }).click()
  await page.getByRole('menuitem', { name: 'Profile' }).click()
  await expect(page.getByRole('heading', { name: 'Profile', level: 1 })).toBeVisible()
}

atEachWidth((width) => {
  test.beforeEach(async ({ page }) => {
    // What the browser would show.
    await page.addInitScript(() => {
      const shown: Shown[] = []
      class Stub {
        static permission: NotificationPermission = 'default'
        static requestPermission() {
          Stub.permission = 'granted'
          return Promise.resolve(Stub.permission)
        }
        onclick: (() => void) | null = null
        constructor(title: string) {
          shown.push({ title, open: () => this.onclick?.() })
        }
      }
      Object.assign(window, { Notification: Stub, shown })
    })
    await enter(page, office, office.colleague)
    const headers = { origin: office.loket.url }
    const all = { headers, failOnStatusCode: true }
    const own = { data: { signature: null, switched_off: [] }, ...all }
    await page.request.put(`${office.loket.url}/api/v1/profile/settings`, own)
    await page.request.post(`${office.loket.url}/api/v1/notices/read`, { data: {}, ...all })
    await page.reload()
    await sidebar(page)
    await expect(bell(page, 0)).toBeVisible()
  })

  test('a mention and an assignment ring, count in the title, and are mailed without a word of the customer', async ({
    page,
  }) => {
    const [number, customer] = await arrives(`Een zeekanarie ${String(width)}`)
    const icon = page.locator('link[rel=icon]')
    await expect(icon).toHaveAttribute('href', /\/favicon\.svg$/)
    await mention(number)
    await expect(bell(page, 1)).toBeVisible()
    await expect(page).toHaveTitle(/^\(1\) /)
    await expect(icon).toHaveAttribute('href', /^data:image\/svg/)
    await assign(number, office.colleague.id)
    await expect(bell(page, 2)).toBeVisible()
    await expect(page).toHaveTitle(/^\(2\) /)
    await expect.poll(() => mailed(number).length).toBe(2)

    await bell(page, 2).click()
    const told = page.getByRole('dialog', { name: 'Notices' })
    await expect(
      told.getByRole('link', { name: `Anna de Vries assigned ticket ${number} to you` }),
    ).toBeVisible()
    await told.getByRole('link', { name: `Anna de Vries mentions you in ticket ${number}` }).click()
    await expect(toggle(page)).toBeVisible()
    await expect(conversation(page).getByText('Een heggenmus?')).toBeVisible()
    await expect(page).not.toHaveTitle(/^\(/)
    await expect(icon).toHaveAttribute('href', /\/favicon\.svg$/)

    const words = mailed(number).join('\n')
    expect(words).toContain(`Anna de Vries mentions you in a note on ticket ${number}.`)
    expect(words).toContain(`Anna de Vries assigned ticket ${number} to you.`)
    expect(words).toContain(`${office.loket.url}/tickets/${number}`)
    for (const mail of mails(office.colleague.email))
      for (const word of ['zeekanarie', 'Klaverblad', 'heggenmus', customer.address])
        expect(mail).not.toContain(word)
  })

  test('each is switched off in the profile, and nobody is told of what they did themselves', async ({
    page,
  }) => {
    const [[first], [second]] = [
      await arrives(`Eerst ${String(width)}`),
      await arrives(`Daarna ${String(width)}`),
    ]
    // His own acts: Milan takes a ticket, and names a team that he belongs to.
    await open(page, office.loket, first)
    if (width === 1440) await page.keyboard.press('i')
    else await page.getByRole('button', { name: /^Change assignee: / }).click()
    await page.getByRole('option', { name: 'Milan Jansen (you)' }).click()
    await expect(page.getByRole('button', { name: 'Change assignee: Milan Jansen' })).toBeVisible()
    const own = { text: 'Wie weet dit?', teams: [team] }
    await page.request.post(`${office.loket.url}/api/v1/tickets/${first}/notes`, {
      data: own,
      headers: { origin: office.loket.url },
      failOnStatusCode: true,
    })
    await assign(first, office.owner.id)

    await toProfile(page)
    await set(page, `${MENTION}: E-mail`, false)
    await set(page, `${ASSIGNED}: Here`, false)
    await expect(kind(page, `${ASSIGNED}: Browser`)).toBeDisabled()
    await mention(first)
    await assign(first, office.colleague.id)
    await expect.poll(() => mailed(first)).toHaveLength(1)
    expect(mailed(first)[0]).toContain('assigned')
    await sidebar(page)
    await expect(bell(page, 1)).toBeVisible()
    await bell(page, 1).click()
    await page.getByRole('button', { name: 'Mark all as read' }).click()
    await expect(bell(page, 0)).toBeAttached()

    await page.reload()
    await set(page, `${MENTION}: E-mail`, true)
    await set(page, `${MENTION}: Here`, false)
    await set(page, `${ASSIGNED}: Here`, true)
    await set(page, `${ASSIGNED}: E-mail`, false)
    await assign(second, office.colleague.id)
    await mention(second)
    await expect.poll(() => mailed(second)).toHaveLength(1)
    expect(mailed(second)[0]).toContain('mentions')
    await sidebar(page)
    await bell(page, 1).click()
    const told = page.getByRole('dialog', { name: 'Notices' }).getByRole('link')
    await expect(told.filter({ hasText: `ticket ${second}` })).toHaveText([/assigned/])
    expect(mailed(first)).toHaveLength(1)
  })

  test('the browser tells while nobody looks at the tab, until that is switched off', async ({
    page,
  }) => {
    const [number] = await arrives(`Niemand kijkt ${String(width)}`)
    const [other] = await arrives(`Nog iemand ${String(width)}`)
    const shown = () =>
      page.evaluate(() => (window as unknown as { shown: Shown[] }).shown.map(({ title }) => title))
    await toProfile(page)
    await page.getByRole('button', { name: 'Allow' }).click()
    await expect(page.getByRole('button', { name: 'Allow' })).toHaveCount(0)
    // Whoever looks at the page sees the bell.
    await mention(number)
    await sidebar(page)
    await expect(bell(page, 1)).toBeVisible()
    expect(await shown()).toEqual([])

    await page.evaluate(() => {
      document.hasFocus = () => false
    })
    await assign(number, office.colleague.id)
    const words = `Anna de Vries assigned ticket ${number} to you`
    await expect.poll(shown).toEqual([words])
    await page.evaluate(() => {
      ;(window as unknown as { shown: Shown[] }).shown[0]?.open()
    })
    await expect(page).toHaveURL(new RegExp(`/${number}$`))
    await expect(toggle(page)).toBeVisible()

    await toProfile(page)
    await set(page, `${ASSIGNED}: Browser`, false)
    await assign(other, office.colleague.id)
    await mention(other)
    await expect.poll(shown).toEqual([words, `Anna de Vries mentions you in ticket ${other}`])
  })
})
