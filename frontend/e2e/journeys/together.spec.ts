// Two people at the same mail, each in a browser of their own: part 5 of the agent's day.
import { expect, test, type Page } from '@playwright/test'
import { conversation, inbox, says, signIn, toggle } from './support/agent'
import { arrives, atEachWidth, COLLEAGUE, colleague, open } from './support/desk'
import { startDemo, type Loket } from './support/loket'

let loket: Loket
test.beforeAll(async () => {
  loket = await startDemo({ LOKET_SENDING__UNDO_SECONDS: '1' })
})
test.afterAll(async () => {
  await loket.stop()
  loket.remove()
})

const reply = (page: Page) => page.getByRole('textbox', { name: 'Your answer' })
const presence = (page: Page) =>
  page.getByRole('region', { name: 'Reply' }).getByRole('list').filter({ visible: true })
const notes = (page: Page) => page.getByRole('article', { name: /^Internal note/ })
const priority = (page: Page, name: string) =>
  page.getByRole('button', { name: `Priority: ${name}` })

const replyName = (page: Page) => page.getByRole('dialog').getByRole('textbox', { name: 'Name' })
const save = (page: Page) =>
  page.getByRole('dialog').getByRole('button', { name: 'Save', exact: true })

async function prioritize(page: Page, name: string): Promise<void> {
  await page.keyboard.press('p')
  await page.getByRole('menuitem', { name }).press('Enter')
}

/** Holds back what this page asks to have changed of the ticket, until it is released. */
async function hold(page: Page, number: string): Promise<() => void> {
  let release: () => void = () => undefined
  const released = new Promise<void>((resolve) => {
    release = resolve
  })
  await page.route(
    `**/api/v1/tickets/${number}`,
    async (route) => {
      await released
      await route.continue()
    },
    { times: 1 },
  )
  return release
}

atEachWidth((width) => {
  test.beforeEach(async ({ page }) => {
    await signIn(page, loket.url, loket.after('sign in as'), loket.after('password'))
    await expect(inbox(page)).toBeVisible()
  })

  test('who else is there is seen, and an answer that knows not of a note is stopped', async ({
    page,
    context,
    browser,
  }) => {
    // The one that has waited longest: whoever is answered waits no more.
    const row = inbox(page).getByRole('link').first()
    const number = /\d+$/.exec((await row.getAttribute('href')) ?? '')?.[0] ?? ''
    const theirs = await colleague(browser, page, loket)
    await open(theirs, loket, number)
    await expect(row).toContainText(`${COLLEAGUE.name} is looking at this`)
    await open(page, loket, number)
    await expect(presence(theirs)).toContainText('Sanne Kok is looking at this')
    await theirs.keyboard.press('r')
    await expect(presence(page)).toContainText(`${COLLEAGUE.name} is writing an answer`)

    // This page hears nothing for a while: it is the server that stops the answer.
    const stream = '**/api/v1/events*'
    await context.route(stream, (route) => route.abort())
    await page.reload()
    await expect(toggle(page)).toBeVisible()
    await page.keyboard.press('r')
    await reply(page).fill('Hij is morgen klaar.')
    await theirs.getByRole('button', { name: 'Note', exact: true }).click()
    await theirs.getByRole('textbox', { name: 'Your note' }).fill('Wacht: het wiel is nog krom.')
    await theirs.keyboard.press('Control+Enter')
    await expect(notes(theirs)).toBeVisible()
    const refused = page.waitForResponse(
      (response) => response.url().endsWith('/replies') && response.status() === 409,
    )
    await page.keyboard.press('Control+Enter')
    await refused
    await expect(page.getByText('Not sent yet: something new came in')).toBeVisible()
    await expect(page.getByText('Wacht: het wiel is nog krom.').first()).toBeVisible()
    await context.unroute(stream)
    await page.getByRole('button', { name: 'Send anyway' }).click()
    for (const of of [page, theirs]) {
      const sent = of.getByRole('article', { name: 'Answer by Sanne Kok' })
      await expect.poll(() => says(sent)).toContain('Hij is morgen klaar.')
    }
    await theirs.context().close()
  })

  test('a ticket is handed over, and two who change it at once lose nothing', async ({
    page,
    browser,
  }) => {
    const number = await arrives(page, loket, `Wil Groen ${String(width)}`)
    const theirs = await colleague(browser, page, loket)
    await open(page, loket, number)
    await open(theirs, loket, number)
    await page.keyboard.press('i')
    await page.getByRole('combobox', { name: 'Find a colleague or team' }).fill('mil')
    await expect(page.getByRole('option')).toHaveCount(1)
    await page.keyboard.press('Enter')
    const owner = { name: `Change assignee: ${COLLEAGUE.name}` }
    await expect(theirs.getByRole('button', owner)).toBeVisible()
    await expect(conversation(theirs).getByText(/assigned this to/)).toBeVisible()

    // The same: the later one is told, and sees what holds.
    let release = await hold(page, number)
    await prioritize(page, 'Low')
    await expect(priority(page, 'Low')).toBeVisible()
    await prioritize(theirs, 'Urgent')
    await expect(theirs.getByText(`Ticket ${number}: Urgent priority`)).toBeVisible()
    release()
    await expect(page.getByText(`Ticket ${number} was not changed.`)).toBeVisible()
    await expect(page.getByText(/Somebody else changed this in the meantime/)).toBeVisible()
    await expect(priority(page, 'Urgent')).toBeVisible()

    // Of two things each is done.
    release = await hold(page, number)
    await page.keyboard.press('s')
    await page.getByRole('menuitem', { name: 'Pending' }).press('Enter')
    await prioritize(theirs, 'High')
    await expect(theirs.getByText(`Ticket ${number}: High priority`)).toBeVisible()
    release()
    for (const of of [page, theirs]) {
      await expect(priority(of, 'High')).toBeVisible()
      await expect(of.getByRole('button', { name: 'Status: Pending' })).toBeVisible()
    }
    await theirs.context().close()
  })

  test('two who change one saved reply lose nothing either', async ({ page, browser }) => {
    const theirs = await colleague(browser, page, loket)
    const first = `Openingstijden ${String(width)}`
    await page.goto(`${loket.url}/settings/saved-replies`)
    await page.getByRole('button', { name: 'New saved reply' }).click()
    await replyName(page).fill(first)
    const forWhom = page.getByRole('combobox', { name: 'For' })
    const ours = forWhom.locator('option', { hasText: /^Everybody in/ }).first()
    await forWhom.selectOption((await ours.getAttribute('value')) ?? '')
    await page.getByRole('textbox', { name: 'Text' }).fill('Wij zijn er van negen tot vijf.')
    await save(page).click()
    await expect(page.getByRole('dialog')).toHaveCount(0)
    for (const of of [page, theirs]) {
      await of.goto(`${loket.url}/settings/saved-replies`)
      await of.getByRole('button', { name: first, exact: true }).click()
      await expect(replyName(of)).toHaveValue(first)
    }
    await replyName(page).fill(`${first}, nieuw`)
    await save(page).click()
    await expect(page.getByRole('dialog')).toHaveCount(0)

    await replyName(theirs).fill(`${first}, in de zomer`)
    await save(theirs).click()
    const told = theirs.getByRole('dialog').getByRole('status')
    await expect(told).toContainText('Somebody has changed this in the meantime')
    await expect(told).toContainText(`${first}, nieuw`)
    await expect(replyName(theirs)).toHaveValue(`${first}, in de zomer`)
    await told.getByRole('button', { name: 'Save mine instead' }).click()
    await expect(theirs.getByRole('dialog')).toHaveCount(0)
    await page.reload()
    const kept = { name: `${first}, in de zomer`, exact: true }
    await expect(page.getByRole('button', kept)).toBeVisible()
    await theirs.context().close()
  })
})
