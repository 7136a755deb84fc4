// How one likes one's pages, and how admins settle the office: parts 1 and 10 of the agent's day.
import { expect, test, type Locator, type Page } from '@playwright/test'
import { inbox } from './support/agent'
import { atEachWidth, open, sidebar } from './support/desk'
import { header, text } from './support/mime'
import { arrived, device, enter, openOffice, post, writes, type Office } from './support/office'
import { account, mails } from './support/rig'

/** More than a page of the list has. */
const TAGS = 55

let office: Office
test.beforeAll(async () => {
  office = await openOffice()
  for (let n = 1; n <= TAGS; n += 1)
    await post(office.ask, '/tags', { name: `Merk ${String(n).padStart(2, '0')}`, color: 'gray' })
})
test.afterAll(() => office.close())

/** To a page of the settings, as one goes there. */
async function toSettings(page: Page, name: string): Promise<void> {
  await sidebar(page)
  await page.getByRole('link', { name: 'Settings', exact: true }).first().click()
  await page.getByRole('navigation', { name: 'Settings' }).getByRole('link', { name }).click()
  await expect(page.getByRole('heading', { name, level: 1 })).toBeVisible()
}

/** What is wrong is said at the field, which has the focus. */
async function isRefused(field: Locator, words: string | RegExp): Promise<void> {
  await expect(field).toHaveAccessibleDescription(words)
  await expect(field).toHaveAttribute('aria-invalid', 'true')
  await expect(field).toBeFocused()
}

atEachWidth((width) => {
  test.beforeEach(async ({ page }) => {
    const { ask, owner } = office
    const usual = { data: { theme: 'light', locale: 'en' }, failOnStatusCode: true }
    await ask.patch('/api/v1/profile', usual)
    const rows = { after_act: 'next', density: 'comfortable', keys: {}, keys_off: false }
    await ask.put('/api/v1/profile/preferences', { data: rows, failOnStatusCode: true })
    await enter(page, office, owner)
    await expect(inbox(page).or(page.getByText('All done'))).toBeVisible()
  })

  test('looks and language are one’s own, here and on another device, and panes stay as they were', async ({
    page,
    browser,
  }) => {
    const from = await account('plain')
    const subject = `Een lijst ${String(width)}`
    const number = await writes(office, { from, name: 'Guus Wit', subject })
    await toSettings(page, 'Profile')
    const looks = page.locator('html')
    await page.getByText('Dark', { exact: true }).click()
    await expect(looks).toHaveAttribute('data-theme', 'dark')
    await page.getByText('Compact', { exact: true }).click()
    await page.getByText('Nederlands', { exact: true }).click()
    await expect(page.getByRole('heading', { name: 'Profiel', level: 1 })).toBeVisible()
    await page.reload()
    await expect(page.getByRole('heading', { name: 'Profiel', level: 1 })).toBeVisible()
    await expect(looks).toHaveAttribute('data-theme', 'dark')

    const other = await device(browser, page, office, office.owner)
    await expect(other.locator('html')).toHaveAttribute('data-theme', 'dark')
    await expect(other.locator('html')).toHaveAttribute('lang', 'nl')
    const row = inbox(other).getByRole('listitem').first()
    await expect.poll(async () => (await row.boundingBox())?.height).toBe(36)
    await other.context().close()
    await page.getByText('English', { exact: true }).click()
    await expect(page.getByRole('heading', { name: 'Profile', level: 1 })).toBeVisible()

    // A phone shows one pane at a time.
    if (width === 390) return
    await open(page, office.loket, number)
    const handle = page.getByRole('separator', { name: 'Width of the list' })
    const before = Number(await handle.getAttribute('aria-valuenow'))
    await handle.press('ArrowRight')
    await expect(handle).not.toHaveAttribute('aria-valuenow', String(before))
    const after = (await handle.getAttribute('aria-valuenow')) ?? ''
    expect(Number(after)).toBeGreaterThan(before)
    if (width === 1440) await page.keyboard.press('[')
    else await page.getByRole('button', { name: 'Hide the sidebar' }).click()
    const bar = page.getByRole('navigation', { name: 'Main' })
    await expect(bar).toBeHidden()
    await page.reload()
    await expect(handle).toHaveAttribute('aria-valuenow', after)
    await expect(bar).toBeHidden()
    await page.getByRole('button', { name: 'Show the sidebar' }).first().click()
    await expect(bar).toBeVisible()
  })

  test('teams, tags, saved replies and the organization are settled, and what is wrong is said at its field', async ({
    page,
  }) => {
    const name = (what: string) => `${what} ${String(width)}`
    const dialog = page.getByRole('dialog')
    const field = dialog.getByLabel('Name', { exact: true })
    const save = dialog.getByRole('button', { name: 'Save' })
    const main = page.getByRole('main')

    await toSettings(page, 'Teams')
    await page.getByRole('button', { name: 'New team' }).click()
    await field.fill(name('Ploeg'))
    await dialog.getByRole('checkbox', { name: /^Milan Jansen/ }).check()
    await save.click()
    await expect(page.getByText(`Team ${name('Ploeg')} saved`)).toBeVisible()
    await page.getByRole('button', { name: 'New team' }).click()
    await field.fill(name('Ploeg'))
    await save.click()
    await isRefused(field, 'This name is taken. Choose another one.')
    await page.keyboard.press('Escape')
    await page.reload()
    const team = main.getByRole('listitem').filter({ hasText: name('Ploeg') })
    await expect(team).toContainText('Milan Jansen')

    await toSettings(page, 'Tags')
    const tags = page.getByRole('list', { name: 'Tags' }).getByRole('listitem')
    await expect(tags).toHaveCount(50)
    await page.getByRole('button', { name: 'Show more' }).click()
    await expect(tags.filter({ hasText: `Merk ${String(TAGS)}` })).toBeVisible()
    await page.getByRole('searchbox', { name: 'Find a tag' }).fill('merk 3')
    await expect(tags).toHaveCount(10)
    await page.getByRole('button', { name: 'Change Merk 31' }).click()
    await field.fill('Merk 32')
    await save.click()
    await isRefused(field, 'This name is taken. Choose another one.')
    await field.fill('Merk 31')
    await dialog.getByText('Green', { exact: true }).click()
    await save.click()
    await expect(page.getByText('Tag Merk 31 saved')).toBeVisible()
    await expect(tags.filter({ hasText: 'Merk 31' }).locator('[data-color=green]')).toBeVisible()

    await toSettings(page, 'Saved replies')
    await page.getByRole('button', { name: 'New saved reply' }).click()
    await field.fill(name('Leeftijd'))
    const words = dialog.getByRole('textbox', { name: 'Text' })
    await words.fill('U bent {{customer.age}}')
    await save.click()
    await isRefused(words, /variable/)
    await words.fill('U bent {{customer.first_name}}')
    await save.click()
    await expect(dialog).toHaveCount(0)
    await page.reload()
    await expect(main.getByRole('listitem').filter({ hasText: name('Leeftijd') })).toBeVisible()

    await toSettings(page, 'Organization')
    const organization = page.getByRole('textbox', { name: 'Organization' })
    await organization.fill('   ')
    await main.getByRole('button', { name: 'Save', exact: true }).click()
    await isRefused(organization, /./)
    await organization.fill(name('Acme'))
    await main.getByRole('button', { name: 'Save', exact: true }).click()
    await expect(page.getByText('Saved', { exact: true })).toBeVisible()
    await page.reload()
    await expect(organization).toHaveValue(name('Acme'))
    await sidebar(page)
    await expect(page.getByRole('complementary').getByText(name('Acme'))).toBeVisible()
  })

  test('a mailbox signs, and says once to each new customer that their mail is there', async ({
    page,
  }) => {
    const signature = `Met groet, Acme ${String(width)}`
    await toSettings(page, 'Mailboxes')
    await page.getByRole('link', { name: office.mailbox.name, exact: true }).click()
    const main = page.getByRole('main')
    const form = (label: string) => main.locator('form').filter({ has: page.getByLabel(label) })
    const signs = 'Signature'
    const answers = 'Answer new tickets from this mailbox at once'
    await page.getByLabel(signs, { exact: true }).fill(signature)
    await form(signs).getByRole('button', { name: 'Save' }).click()
    await expect(page.getByText('Saved', { exact: true })).toBeVisible()
    await page.getByLabel(answers).check()
    await page.getByLabel('Text', { exact: true }).fill('Uw nummer is {{ticket.age}}.')
    await form(answers).getByRole('button', { name: 'Save' }).click()
    await isRefused(page.getByLabel('Text', { exact: true }), /./)
    await page.getByLabel('Text', { exact: true }).fill('Uw nummer is {{ticket.number}}.')
    await expect(main.getByText('Uw nummer is 1234.')).toBeVisible()
    const kept = page.waitForResponse(
      (answer) => answer.request().method() === 'PATCH' && answer.ok(),
    )
    await form(answers).getByRole('button', { name: 'Save' }).click()
    await kept
    await page.reload()
    await expect(page.getByLabel(signs, { exact: true })).toHaveValue(signature)
    await expect(page.getByLabel(answers)).toBeChecked()

    const [customer, list, last] = await Promise.all([1, 2, 3].map(() => account('plain')))
    if (!customer || !list || !last) throw new Error('too few')
    const letter = (subject: string) => ({ name: 'Wil', subject: `${subject} ${String(width)}` })
    const number = await writes(office, { from: customer, ...letter('Nieuw') })
    const told = await arrived(customer)
    expect(text(told)).toContain(`Uw nummer is ${number}.`)
    expect(text(told)).toContain(signature)
    expect(header(told, 'Auto-Submitted')).toMatch(/^auto-replied/)
    expect(header(told, 'To')).toContain(customer.address)
    const fields = ['List-Id: <nieuws.customers.test>', 'Precedence: list']
    await writes(office, { from: list, ...letter('Nieuws'), fields })
    await writes(office, { from: customer, ...letter('En nog iets') })
    // Whoever comes last is told last.
    await writes(office, { from: last, ...letter('Ook nieuw') })
    await arrived(last)
    expect(mails(customer.address)).toHaveLength(1)
    expect(mails(list.address)).toEqual([])
  })
})
