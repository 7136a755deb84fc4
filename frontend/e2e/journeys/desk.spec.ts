// The agent's day, part by part, on a desk, a laptop and a phone.
import { expect, test } from '@playwright/test'
import { answer, conversation, find, inbox, says, signIn, toggle } from './support/agent'
import { sidebar, WIDTHS } from './support/desk'
import { startDemo, type Loket } from './support/loket'

let loket: Loket
test.beforeAll(async () => {
  loket = await startDemo({ LOKET_SENDING__UNDO_SECONDS: '5' })
})
test.afterAll(async () => {
  await loket.stop()
  loket.remove()
})

// Each width works on tickets of its own: what one does to them another would find done.
const CUSTOMERS = [
  'pjansma@mail.example.org',
  'jeroen@bakker.example.org',
  'bram.willemsen@post.example.net',
]

for (const [index, viewport] of WIDTHS.entries())
  test.describe(`at ${String(viewport.width)} px`, () => {
    const customer = CUSTOMERS[index] ?? ''
    test.use({ viewport })
    test.beforeEach(async ({ page }) => {
      await signIn(page, loket.url, loket.after('sign in as'), loket.after('password'))
      await expect(inbox(page)).toBeVisible()
    })

    test('1 layout: nothing is cut off, and rows are as high as one likes', async ({ page }) => {
      const overflow = () =>
        page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
      expect(await overflow()).toBeLessThanOrEqual(0)
      await inbox(page).getByRole('link').first().click()
      await expect(toggle(page)).toBeVisible()
      expect(await overflow()).toBeLessThanOrEqual(0)
      await page.goto(`${loket.url}/tickets/open`)
      await page.getByRole('button', { name: /^Filter and sort/ }).click()
      await page.getByText('Compact').click()
      await page.keyboard.press('Escape')
      const row = inbox(page).getByRole('listitem').first()
      await expect.poll(async () => (await row.boundingBox())?.height).toBe(36)
      await page.getByRole('button', { name: /^Filter and sort/ }).click()
      await page.getByText('Comfortable').click()
      await expect.poll(async () => (await row.boundingBox())?.height).toBe(56)
    })

    test('2 views: a filter is kept under a name', async ({ page }) => {
      await page.getByRole('button', { name: /^Filter and sort/ }).click()
      await page.getByLabel('Attachments').selectOption({ label: 'With' })
      await expect(page).toHaveURL(/has_attachment=true/)
      await page.keyboard.press('Escape')
      await page.getByRole('button', { name: 'Save as a view' }).click()
      const dialog = page.getByRole('dialog')
      const name = `With files ${String(viewport.width)}`
      await dialog.getByLabel('Name').fill(name)
      await dialog.getByRole('button', { name: 'Save' }).click()
      await expect(page.getByRole('heading', { name })).toBeVisible()
      await (await sidebar(page)).getByRole('link', { name }).waitFor()
      await page.goBack()
      await expect(page).toHaveURL(/tickets\/open/)
    })

    test('3 conversation: files are looked at and fetched together', async ({ page }) => {
      await find(page, 'f.elidrissi@kantoor.example.com')
      const files = page.getByRole('list', { name: '2 attachments' })
      await files.getByRole('button', { name: /^Preview .*fietsen\.csv/ }).click()
      await expect(page.getByRole('dialog').locator('pre')).not.toBeEmpty()
      await page.keyboard.press('Escape')
      const link = page.getByRole('link', { name: 'Download all 2 files' })
      const [download] = await Promise.all([page.waitForEvent('download'), link.click()])
      expect(download.suggestedFilename()).toMatch(/^ticket-\d+\.zip$/)
      expect(await download.failure()).toBeNull()
    })

    test('4 and 5 writing and working together: a note, an answer, its undo', async ({ page }) => {
      await find(page, customer)
      await page.keyboard.press('n')
      await page.getByRole('textbox', { name: 'Your note' }).fill('Even gebeld.')
      await page.keyboard.press('Control+Enter')
      await expect(
        page.getByRole('article', { name: /^Internal note/ }).getByText('Even gebeld.'),
      ).toBeVisible()
      const card = await answer(page, 'Hij ligt klaar.')
      await card.getByRole('button', { name: 'Undo' }).click()
      await expect(page.getByRole('textbox', { name: 'Your answer' })).toHaveText('Hij ligt klaar.')
      // As on another day: with all that has happened in the ticket since.
      await expect(page.getByRole('article', { name: /^Answer by/ })).toHaveCount(0)
      await page.reload()
      await page.getByRole('button', { name: /Draft Hij ligt klaar/ }).click()
      await page.getByRole('textbox', { name: 'Your answer' }).press('Control+Enter')
      const sent = page.getByRole('article', { name: /^Answer by/ }).last()
      await expect.poll(() => says(sent)).toContain('Hij ligt klaar.')
      await expect(sent.getByText('Sent', { exact: true })).toBeVisible({ timeout: 60_000 })
    })

    test('6 acts: a tag, a status, and the way back', async ({ page }) => {
      await find(page, customer)
      // Their answer to ours opens the ticket: an act just then is refused, as it should be.
      const theirs = conversation(page).getByRole('article', { name: /^Message from/ })
      await expect.poll(() => says(theirs), { timeout: 60_000 }).toContain('simulated customer')
      await page.keyboard.press('t')
      await page.keyboard.type(`Breed ${String(viewport.width)}`)
      await page.getByRole('option', { name: /^Make/ }).waitFor()
      await page.keyboard.press('Enter')
      await expect(page.getByRole('button', { name: /^Take off Breed/ })).toBeVisible()
      await page.keyboard.press('Escape')
      const before = await toggle(page).textContent()
      await toggle(page).click()
      await expect(page.getByText(/Ticket \d+ (closed|opened|reopened)/).first()).toBeVisible()
      await page.getByRole('button', { name: 'Undo' }).first().click()
      await expect(page.getByText('Undone', { exact: true })).toBeVisible()
      await find(page, customer)
      await expect(toggle(page)).toHaveText(before ?? '')
    })

    test('7 keyboard: the palette goes anywhere', async ({ page }) => {
      await page.keyboard.press('Control+k')
      const palette = page.getByRole('dialog', { name: 'Go to and do' })
      await palette.waitFor()
      await page.keyboard.type('tags')
      await palette.getByRole('option', { name: /Tags/ }).first().waitFor()
      await page.keyboard.press('Enter')
      await expect(page).toHaveURL(/settings\/tags/)
    })

    test('8 contacts: a customer is found, and what is known of them', async ({ page }) => {
      await page.goto(`${loket.url}/contacts?address=${customer}`)
      await conversation(page).getByRole('listitem').getByRole('link').first().click()
      await expect(page).toHaveURL(/contacts\/[0-9a-f-]{36}/)
      await expect(conversation(page).getByText(customer).first()).toBeVisible()
      await page.getByRole('button', { name: 'Edit' }).click()
      await expect(page.getByRole('dialog')).toBeVisible()
    })

    test('9 notices: the bell says what there is', async ({ page }) => {
      await sidebar(page)
      await page.getByRole('button', { name: /^Notices/ }).click()
      await expect(page.getByRole('dialog')).toBeVisible()
    })

    test('10 admin pages: each is reached from the last', async ({ page }) => {
      await page.goto(`${loket.url}/settings/mailboxes`)
      await page.getByRole('heading', { name: 'Mailboxes', level: 1 }).waitFor()
      const nav = page.getByRole('navigation', { name: 'Settings' })
      const back = page.getByRole('link', { name: 'Settings', exact: true })
      for (const name of ['Users', 'Tags', 'Saved replies']) {
        // On a phone the list of them is a page of its own.
        if (!(await nav.isVisible())) await back.last().click()
        await nav.getByRole('link', { name }).click()
        await expect(page.getByRole('heading', { name, level: 1 })).toBeVisible()
      }
    })

    test('11 live: what a colleague does shows by itself, also after the connection was gone', async ({
      page,
      context,
    }) => {
      await find(page, customer)
      const number = new URL(page.url()).pathname.split('/').at(-1) ?? ''
      const stream = '**/api/v1/events*'
      await context.route(stream, (route) => route.abort())
      await page.reload()
      await expect(page.getByText(/^No connection/)).toBeVisible()
      await context.unroute(stream)
      await expect(page.getByText(/^No connection/)).toHaveCount(0)
      const made = await page.request.post(`${loket.url}/api/v1/tickets/${number}/notes`, {
        data: { text: `Van een collega, ${String(viewport.width)}` },
        headers: { origin: loket.url, 'idempotency-key': crypto.randomUUID() },
      })
      expect(made.status()).toBe(201)
      await expect(page.getByText(`Van een collega, ${String(viewport.width)}`)).toBeVisible()
    })
  })

test('a morning with the keyboard alone', async ({ page }) => {
  await signIn(page, loket.url, loket.after('sign in as'), loket.after('password'))
  await inbox(page).getByRole('link').first().waitFor()
  await page.keyboard.press('j')
  await expect(page).toHaveURL(/\/open\/\d+$/)
  await expect(toggle(page)).toBeVisible()
  const first = new URL(page.url()).pathname
  // A note, an owner, a tag, a snooze: nothing is clicked.
  await page.keyboard.press('n')
  await page.getByRole('textbox', { name: 'Your note' }).waitFor()
  await page.keyboard.type('Zonder muis.')
  await page.keyboard.press('Control+Enter')
  await expect(page.getByRole('article', { name: /^Internal note/ }).last()).toBeVisible()
  await page.keyboard.press('i')
  await expect(page.getByRole('combobox', { name: 'Find a colleague or team' })).toBeFocused()
  await page.getByRole('option', { name: /\(you\)$/ }).waitFor()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('button', { name: /^Change assignee: Sanne/ })).toBeVisible()
  await page.keyboard.press('e')
  await expect(page.getByText(/Ticket \d+ closed/)).toBeVisible()
  await expect.poll(() => new URL(page.url()).pathname).not.toBe(first)
  await page.keyboard.press('z')
  await expect(page.getByText('Undone', { exact: true })).toBeVisible()
  await page.keyboard.press('g')
  await page.keyboard.press('c')
  await expect(page).toHaveURL(/\/tickets\/closed/)
  await page.keyboard.press('?')
  await expect(page.getByRole('dialog', { name: 'Keyboard shortcuts' })).toBeVisible()
  await page.keyboard.press('Escape')
  await page.keyboard.press('c')
  await expect(page).toHaveURL(/\/tickets\/new/)
})

test('what was written is found by its words, a name half remembered and a note of a moment ago', async ({
  page,
}) => {
  await signIn(page, loket.url, loket.after('sign in as'), loket.after('password'))
  await inbox(page).getByRole('link').first().waitFor()
  const box = page.getByRole('combobox', { name: 'Search mail, number or address' })
  const results = page.getByRole('list', { name: 'Search results' }).getByRole('link')
  const search = async (what: string) => {
    await page.keyboard.press('/')
    await box.fill(what)
    await page.keyboard.press('Enter')
    await expect(page).toHaveURL(/\/search$/)
  }
  // A letter wrong, for a name.
  await search('jannsma')
  await expect(results.first()).toContainText('Jansma')
  await results.first().click()
  await expect(toggle(page)).toBeVisible()
  const number = new URL(page.url()).pathname.split('/').at(-1) ?? ''
  await page.keyboard.press('n')
  await page.getByRole('textbox', { name: 'Your note' }).pressSequentially('Zeldzame vuurtoren.')
  await page.keyboard.press('Control+Enter')
  await expect(page.getByRole('article', { name: /^Internal note/ }).last()).toBeVisible()
  await page.goto(`${loket.url}/tickets/open`)
  await inbox(page).getByRole('link').first().waitFor()
  await expect
    .poll(async () => {
      const found = await page.request.post(`${loket.url}/api/v1/search`, {
        data: { q: 'vuurtorens' },
        headers: { origin: loket.url },
      })
      return ((await found.json()) as { total: number }).total
    })
    .toBe(1)
  await search('vuurtorens')
  await expect(results).toHaveCount(1)
  await expect(results.first().locator('mark').first()).toHaveText('vuurtoren')
  await expect(results.first()).toHaveAttribute('href', new RegExp(`/${number}$`))
})
