import { expect, test, type Page } from '@playwright/test'
import { answer, conversation, find, inbox, mark, says, signIn, toggle } from './support/agent'
import { nothingToRead } from './support/journey'
import { startDemo, type Loket } from './support/loket'
import { traces } from './support/traces'

let loket: Loket
test.beforeAll(async () => {
  // Long enough to stop an answer on a busy machine.
  loket = await startDemo({ LOKET_SENDING__UNDO_SECONDS: '5' })
})
test.afterAll(async () => {
  await loket.stop()
  loket.remove()
})
test.beforeEach(async ({ page }) => {
  await signIn(page, loket.url, loket.after('sign in as'), loket.after('password'))
  await expect(inbox(page)).toBeVisible()
})

const message = (page: Page, name: string) =>
  page.getByRole('article', { name: `Message from ${name}` })

test('a week of mail in three languages, with files, pictures and threads', async ({ page }) => {
  await find(page, 'annelies.degroot@mail.example.org')
  await expect(message(page, 'Annelies de Groot')).toHaveCount(2)
  await expect
    .poll(() => says(message(page, 'Annelies de Groot').first()))
    .toContain('een kinderzitje')
  await find(page, 'f.elidrissi@kantoor.example.com')
  await expect(page.getByRole('list', { name: '2 attachments' })).toContainText('fietsen.csv')
})

test('an answer leaves, and the customer’s answer joins the ticket by itself', async ({ page }) => {
  await find(page, 'annelies.degroot@mail.example.org')
  const isSame = await mark(page)
  const card = await answer(page, 'Dag Annelies, het zitje ligt voor u klaar in de winkel.')
  await expect(card.getByText(/Leaves in \d+ s/)).toBeVisible()
  await expect(card.getByText('Sent', { exact: true })).toBeVisible()
  await expect(message(page, 'Annelies de Groot')).toHaveCount(3)
  const reaction = message(page, 'Annelies de Groot').last()
  await expect.poll(() => says(reaction)).toContain('daar ben ik mee geholpen')
  expect(await isSame()).toBe(true)
})

test('an answer that is stopped in time is the draft that it was', async ({ page }) => {
  await find(page, 'jeroen@bakker.example.org')
  const card = await answer(page, 'Dag Jeroen, dat klopt niet.')
  await card.getByRole('button', { name: 'Undo' }).click()
  const editor = page.getByRole('textbox', { name: 'Your answer' })
  await expect(editor).toHaveText('Dag Jeroen, dat klopt niet.')
  await expect(page.getByRole('article', { name: /^Answer by/ })).toHaveCount(0)
  await page.reload()
  await page.getByRole('button', { name: /Draft Dag Jeroen/ }).click()
  await expect(editor).toHaveText('Dag Jeroen, dat klopt niet.')
})

test('an answer is not stopped by a note of one’s own, though the page has yet to hear of it', async ({
  page,
}) => {
  await find(page, 'annelies.degroot@mail.example.org')
  const number = new URL(page.url()).pathname.split('/').at(-1) ?? ''
  // What is asked about the ticket after the note is answered only once the answer was refused.
  const refused = page.waitForResponse(
    (response) => response.url().endsWith('/replies') && response.status() === 409,
  )
  await page.route(`**/api/v1/tickets/${number}?*`, async (route) => {
    await refused
    await route.continue()
  })
  await page.keyboard.press('n')
  await page.getByRole('textbox', { name: 'Your note' }).fill('Belt morgen terug.')
  await page.keyboard.press('Control+Enter')
  await expect(page.getByRole('article', { name: /^Internal note/ }).last()).toContainText(
    'Belt morgen terug.',
  )
  const card = await answer(page, 'Dag Annelies, u belt morgen, begrijp ik.')
  await expect(card.getByText('Sent', { exact: true })).toBeVisible()
})

test('a ticket is noted on, assigned, closed and opened again', async ({ page }) => {
  await find(page, 'bram.willemsen@post.example.net')
  await page.keyboard.press('n')
  await page.getByRole('textbox', { name: 'Your note' }).fill('Banden liggen klaar in rek 4.')
  await page.keyboard.press('Control+Enter')
  await expect(
    page.getByRole('article', { name: 'Internal note by Sanne Kok' }).getByText('in rek 4'),
  ).toBeVisible()
  await page.getByRole('button', { name: 'Change assignee: Unassigned' }).click()
  await page.getByRole('option', { name: 'Milan Jansen' }).click()
  await expect(page.getByRole('button', { name: 'Change assignee: Milan Jansen' })).toBeVisible()
  await toggle(page).click()
  await expect(page.getByText(/Ticket \d+ closed/)).toBeVisible()
  await find(page, 'bram.willemsen@post.example.net')
  await expect(toggle(page)).toHaveText('Reopen')
  await toggle(page).click()
  await expect(toggle(page)).toHaveText('Close')
  await expect(conversation(page).getByText('Sanne Kok reopened the ticket')).toBeVisible()
})

test('a ticket is found by its number', async ({ page }) => {
  await find(page, 'pjansma@mail.example.org')
  const number = new URL(page.url()).pathname.split('/').at(-1) ?? ''
  await page.goto(`${loket.url}/tickets/open`)
  await find(page, number)
  await expect(page.getByRole('heading', { name: 'Krakend geluid bij trappen' })).toBeVisible()
})

test('the program of the page is sent compressed to whoever takes that', async ({ page }) => {
  const get = (path: string, encoding: string) =>
    page.request.get(`${loket.url}${path}`, { headers: { 'accept-encoding': encoding } })
  const html = await get('/', 'identity')
  expect(html.headers()['content-encoding']).toBeUndefined()
  const script = /src="(\/assets\/[^"]+\.js)"/.exec(await html.text())?.[1] ?? ''
  const [whole, small] = [await get(script, 'br, gzip;q=0'), await get(script, 'br, gzip')]
  expect(whole.headers()['content-encoding']).toBeUndefined()
  expect(small.headers()).toMatchObject({ 'content-encoding': 'gzip', vary: 'accept-encoding' })
  const length = (answer: typeof small) => Number(answer.headers()['content-length'])
  expect(length(small)).toBeGreaterThan(1_000)
  expect(length(small)).toBeLessThan(length(whole) / 2)
  expect(await small.body()).toEqual(await whole.body())
})

test('what the browser wants time after time is kept, and what may be new is asked for', async ({
  page,
}) => {
  const kept = async (path: string) => {
    const answer = await page.request.get(`${loket.url}${path}`)
    return answer.headers()['cache-control']
  }
  expect(await kept('/favicon.svg')).toBe('public, max-age=600')
  expect(await kept('/mail.html')).toBe('public, max-age=600')
  expect(await kept('/tickets/open')).toBe('no-cache')
})

test('nothing that a customer wrote can be read in the home folder', async () => {
  const words = ['kinderzitje', 'annelies', 'degroot', 'daar ben ik mee geholpen', 'in rek 4']
  // The search sees what lies at the provider.
  expect(traces(loket.after("the shop's mailbox"), words).found).not.toEqual([])
  await nothingToRead(loket, words)
})
