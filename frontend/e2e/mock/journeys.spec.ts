import { expect, test, type APIRequestContext, type Page } from '@playwright/test'
import { enter } from '../views'

test.beforeEach(async ({ context }, { testId }) => {
  await enter(context, `journey-${testId}`)
})

const inbox = (page: Page) => page.getByRole('list', { name: 'Inbox' })
const conversation = (page: Page) => page.getByRole('main')

/** In another browser of the same world. */
async function noteOfColleague(page: Page, request: APIRequestContext): Promise<void> {
  const cookies = (await page.context().cookies()).map(({ name, value }) => `${name}=${value}`)
  await request.post('/api/v1/tickets/2004/notes', {
    data: { text: 'Van een collega.' },
    headers: { cookie: cookies.join() },
  })
}

test('an agent answers, stops the answer in time, and sends it again', async ({ page }) => {
  await page.goto('/tickets/open/2004')
  await conversation(page).getByText('#2004').waitFor()
  await page.keyboard.press('r')
  const editor = page.getByRole('textbox', { name: 'Your answer' })
  await editor.pressSequentially('Beste Marieke, hij komt vrijdag.')
  await expect(page.getByText('Draft saved')).toBeVisible()
  await page.keyboard.press('Control+Enter')
  const answer = page.getByRole('article', { name: 'Answer by Sanne de Vries' }).last()
  await expect(answer.getByText(/Leaves in \d+ s/)).toBeVisible()
  await answer.getByRole('button', { name: 'Undo' }).click()
  await expect(editor).toHaveText('Beste Marieke, hij komt vrijdag.')
  await editor.focus()
  await page.keyboard.press('Control+Enter')
  await expect(answer.getByText('Sent', { exact: true })).toBeVisible({ timeout: 15_000 })
})

test('a pasted picture stands in the answer, and is there after a reload', async ({ page }) => {
  await page.goto('/tickets/open/2004')
  await conversation(page).getByText('#2004').waitFor()
  await page.keyboard.press('r')
  const editor = page.getByRole('textbox', { name: 'Your answer' })
  await editor.pressSequentially('Kijk: ')
  await editor.evaluate((element) => {
    const data = new DataTransfer()
    data.items.add(new File(['picture'], 'kaart.png', { type: 'image/png' }))
    element.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true }))
  })
  const picture = editor.getByRole('img', { name: 'kaart.png' })
  await expect(picture).toHaveAttribute('src', /^\/api\/v1\/uploads\//)
  await expect(page.getByText('Draft saved')).toBeVisible()
  await expect(page.getByRole('button', { name: 'Remove kaart.png' })).toHaveCount(0)
  await page.reload()
  await conversation(page).getByText('#2004').waitFor()
  await page.keyboard.press('r')
  await expect(picture).toBeVisible()
})

test('an answer that was refused becomes a draft again', async ({ page }) => {
  await page.goto('/tickets/open/2003')
  const refused = page.getByRole('article').filter({ hasText: 'The mail server refused it.' })
  await expect(refused.getByRole('button', { name: 'Send again' })).toBeVisible()
  await refused.getByRole('button', { name: 'Back to draft' }).click()
  await expect(page.getByRole('textbox', { name: 'Your answer' })).toContainText('Guten Tag')
  await expect(refused).toHaveCount(0)
})

test('a draft is still there after a reload', async ({ page }) => {
  await page.goto('/tickets/open/2003')
  await conversation(page).getByText('#2003').waitFor()
  await page.keyboard.press('r')
  await page.getByRole('textbox', { name: 'Your answer' }).pressSequentially('Guten Tag')
  await expect(page.getByText('Draft saved')).toBeVisible()
  await page.reload()
  await page.getByRole('button', { name: /Draft Guten Tag/ }).click()
  await expect(page.getByRole('textbox', { name: 'Your answer' })).toHaveText('Guten Tag')
})

test('the keyboard alone is enough to move, note, assign and close', async ({ page }) => {
  await page.goto('/tickets/open')
  await inbox(page).getByRole('link').first().waitFor()
  await page.keyboard.press('j')
  await expect(page).toHaveURL(/\/open\/2004$/)
  await page.keyboard.press('j')
  await page.keyboard.press('j')
  await page.keyboard.press('k')
  await expect(page).toHaveURL(/\/open\/2003$/)
  await conversation(page).getByText('#2003').waitFor()
  await page.keyboard.press('n')
  await page.keyboard.type('Nog even nabellen.')
  await expect(page.getByRole('textbox', { name: 'Your note' })).toHaveValue('Nog even nabellen.')
  await page.keyboard.press('Control+Enter')
  await expect(page.getByRole('article', { name: 'Internal note by Sanne de Vries' })).toBeVisible()
  await page.keyboard.press('i')
  await expect(page.getByRole('combobox', { name: 'Find a colleague or team' })).toBeFocused()
  await page.getByRole('option', { name: 'Sanne de Vries (you)' }).waitFor()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('button', { name: 'Change assignee: Sanne de Vries' })).toBeVisible()
  await expect(page.getByRole('combobox', { name: 'Find a colleague or team' })).toHaveCount(0)
  await page.keyboard.press('e')
  await expect(page).toHaveURL(/\/open\/2002$/)
  await expect(page.getByText('Ticket 2003 closed')).toBeVisible()
  await page.keyboard.press('z')
  await expect(inbox(page).locator('a[href$="/2003"]')).toBeVisible()
  await page.keyboard.press('/')
  await page.keyboard.type('emma')
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(/\/search$/)
  await expect(
    page.getByRole('list', { name: 'Search results' }).getByRole('link').first(),
  ).toBeVisible()
  await page.keyboard.press('/')
  await page.keyboard.press('Control+A')
  await page.keyboard.type('emma.whitfield@example.co.uk')
  await page.keyboard.press('Enter')
  await expect(
    page.getByRole('heading', { name: 'Results for “emma.whitfield@example.co.uk”' }),
  ).toBeVisible()
})

test('a change in another browser shows by itself', async ({ page, request }) => {
  const listening = page.waitForResponse((response) => response.url().endsWith('/api/v1/events'))
  await page.goto('/tickets/open/2004')
  await conversation(page).getByText('#2004').waitFor()
  await listening
  await noteOfColleague(page, request)
  await expect(
    page.getByRole('region', { name: 'Conversation' }).getByText('Van een collega.'),
  ).toBeVisible()
})

test('a page is read once, and again what has changed since', async ({ page, request }) => {
  const read: string[] = []
  page.on('request', (request) => {
    if (request.method() === 'GET') read.push(new URL(request.url()).pathname)
  })
  const times = (path: string) => read.filter((known) => known === path).length
  const events = page.waitForResponse('**/api/v1/events')
  await page.goto('/tickets/open')
  await inbox(page).waitFor()
  await events
  await noteOfColleague(page, request)
  await expect.poll(() => times('/api/v1/tickets')).toBe(2)
  expect(times('/api/v1/views')).toBe(1)
})

test('two tabs share one event stream', async ({ context }) => {
  let streams = 0
  context.on('request', (request) => {
    if (request.url().endsWith('/api/v1/events')) streams += 1
  })
  const first = await context.newPage()
  await first.goto('/tickets/open')
  await inbox(first).waitFor()
  const second = await context.newPage()
  await second.goto('/tickets/open/2004')
  await conversation(second).getByText('#2004').waitFor()
  expect(streams).toBe(1)
  // The tab that read the stream goes away; the other one takes over.
  await first.close()
  await expect.poll(() => streams).toBe(2)
})

test('a mail cannot run anything and loads nothing from elsewhere', async ({ page, baseURL }) => {
  const foreign: string[] = []
  page.on('request', (request) => {
    if (new URL(request.url()).origin !== new URL(baseURL ?? '').origin) foreign.push(request.url())
  })
  await page.goto('/tickets/open/2001')
  const frame = page.locator('iframe:visible')
  await expect(frame).toHaveAttribute(
    'sandbox',
    'allow-same-origin allow-popups allow-popups-to-escape-sandbox',
  )
  await expect(frame.contentFrame().getByText('Order form for spring')).toBeVisible()
  await expect.poll(async () => (await frame.boundingBox())?.height ?? 0).toBeGreaterThan(300)
  await page.getByRole('button', { name: 'Load images once' }).click()
  await expect(frame.contentFrame().getByText('North Mill', { exact: true })).toBeVisible()
  expect(foreign).toEqual([])
})

test('a wide mail fits a phone, and an image that is not there leaves no hole', async ({
  page,
}) => {
  await page.setViewportSize({ width: 390, height: 844 })
  await page.goto('/tickets/open/2001')
  const frame = page.locator('iframe:visible').first()
  await frame.contentFrame().getByText('Order form for spring').waitFor()
  await expect
    .poll(() =>
      frame.evaluate((element: HTMLIFrameElement) => {
        const root = element.contentDocument?.documentElement
        return root ? root.scrollWidth - root.clientWidth : 1
      }),
    )
    .toBe(0)
  const hole = frame.contentFrame().getByAltText('Our kitchen')
  await expect.poll(async () => (await hole.boundingBox())?.height ?? 0).toBeLessThan(60)
})

test('the quote is folded and comes out on request', async ({ page }) => {
  await page.goto('/tickets/open/2004')
  const frame = page.locator('iframe:visible')
  const quoted = frame.contentFrame().getByText('Beste Marieke')
  await expect(frame.contentFrame().getByText('tussen 9 en 12 uur')).toBeVisible()
  await expect(quoted).toBeHidden()
  const before = (await frame.boundingBox())?.height ?? 0
  await page.getByRole('button', { name: 'Show quoted text' }).click()
  await expect(quoted).toBeVisible()
  await expect.poll(async () => (await frame.boundingBox())?.height ?? 0).toBeGreaterThan(before)
})

test('files are attached by choosing and by pasting', async ({ page }) => {
  await page.goto('/tickets/open/2004')
  await conversation(page).getByText('#2004').waitFor()
  await page.keyboard.press('r')
  await page.getByRole('textbox', { name: 'Your answer' }).waitFor()
  await page.locator('input[type=file]').setInputFiles({
    name: 'garantie.pdf',
    mimeType: 'application/pdf',
    buffer: Buffer.from('%PDF-1.7'),
  })
  await expect(page.getByText('garantie.pdf')).toBeVisible()
  await page.getByRole('button', { name: 'garantie.pdf', exact: false }).click()
  await expect(page.getByText('garantie.pdf')).toBeHidden()
})

test('on a phone, list and conversation take turns', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 })
  await page.goto('/tickets/open')
  await inbox(page)
    .getByRole('link', { name: /Lieferung/ })
    .first()
    .click()
  await expect(inbox(page)).toBeHidden()
  await expect(page.getByRole('heading', { name: 'Lieferung beschädigt' })).toBeVisible()
  await page.goBack()
  await expect(inbox(page)).toBeVisible()
  await page.getByRole('button', { name: 'Open menu' }).click()
  await page.getByRole('link', { name: /^Closed/ }).click()
  await expect(page).toHaveURL(/\/tickets\/closed/)
})

test('the list goes on as one scrolls, and holds only what is seen', async ({ page }) => {
  await page.goto('/tickets/closed')
  const list = page.getByRole('list', { name: 'Closed' })
  await list.getByRole('link').first().waitFor()
  const scroller = list.locator('..')
  await expect(async () => {
    await scroller.evaluate((element) => {
      element.scrollTop = element.scrollHeight
    })
    await expect(page.getByText('That is everything.')).toBeVisible({ timeout: 100 })
  }).toPass({ timeout: 30_000, intervals: [50] })
  expect(await list.getByRole('listitem').count()).toBeLessThan(40)
})

test('language and theme follow at once', async ({ page }) => {
  await page.goto('/settings/profile')
  await page.getByText('Nederlands', { exact: true }).click()
  await expect(page.getByRole('heading', { name: 'Profiel' })).toBeVisible()
  await expect(page.locator('html')).toHaveAttribute('lang', 'nl')
  await page.getByText('Donker', { exact: true }).click()
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark')
})

test('setting up leads to the first mailbox', async ({ page, context }, { testId }) => {
  await enter(context, `setup-${testId}`, 'setup')
  await page.goto('/')
  await expect(page).toHaveURL(/\/setup/)
  await page.getByLabel('Setup code').fill('wrong')
  await page.getByLabel('Organization').fill('Veldkeuken')
  await page.getByLabel('Your name').fill('Sanne de Vries')
  await page.getByLabel('Your e-mail address').fill('sanne@veldkeuken.example')
  await page.getByLabel('Password', { exact: true }).fill('correct horse battery')
  await page.getByRole('button', { name: 'Set up Loket' }).click()
  await expect(page.getByText('This is not the code that was printed.').first()).toBeVisible()
  await page.getByLabel('Setup code').fill('let-me-in')
  await page.getByRole('button', { name: 'Set up Loket' }).click()
  await expect(page.getByText('No mailbox yet')).toBeVisible()
})

test('signing in goes on where one was going', async ({ page, context }, { testId }) => {
  await enter(context, `sign-in-${testId}`, 'signed-out')
  await page.goto('/tickets/open/2004')
  await expect(page).toHaveURL(/sign-in\?next=/)
  await page.getByLabel('E-mail address').fill('sanne@veldkeuken.example')
  await page.getByLabel('Password', { exact: true }).fill('wrong')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page.getByText('do not belong together')).toBeVisible()
  await page.getByLabel('Password', { exact: true }).fill('correct horse battery')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page).toHaveURL(/\/tickets\/open\/2004/)
})

test('connecting a mailbox by Google comes back with a word', async ({ page }) => {
  await page.goto('/settings/mailboxes/connect/google')
  await page.getByText('Everything', { exact: true }).click()
  await page.getByRole('button', { name: 'Continue with Google' }).click()
  await expect(page.getByText('info@veldkeuken.example is connected')).toBeVisible()
})

test('nothing of the mail is kept in the browser', async ({ page }) => {
  await page.goto('/tickets/open/2004')
  await conversation(page).getByText('#2004').waitFor()
  const kept = await page.evaluate(async () => ({
    // How wide a pane is, and whether one is folded: a number or a yes, and no word.
    local: Object.entries(localStorage).filter(
      ([name, value]) => !name.startsWith('loket.') || !/^(\d+|true|false)$/.test(String(value)),
    ).length,
    session: sessionStorage.length,
    databases: (await indexedDB.databases()).length,
    caches: (await caches.keys()).length,
  }))
  expect(kept).toEqual({ local: 0, session: 0, databases: 0, caches: 0 })
})

test('on a phone, the settings are a list of pages with a way back to it', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 })
  await page.goto('/tickets/open')
  await page.getByRole('button', { name: 'Open menu' }).click()
  await page.getByRole('link', { name: 'Settings' }).click()
  await expect(page).toHaveURL(/\/settings$/)
  await expect(page).toHaveTitle(/Settings · Loket$/)
  const organization = page.getByRole('main').getByRole('list', { name: 'Organization' })
  await organization.getByRole('link', { name: 'Teams' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Teams' })).toBeVisible()
  await expect(organization).toHaveCount(0)
  await page.goBack()
  await organization.getByRole('link', { name: 'Tags' }).click()
  await page.getByRole('link', { name: 'Settings', exact: true }).click()
  await expect(organization).toBeVisible()
  // A page is led to as ever, and a wider window has the list beside it.
  await page.goto('/settings/users')
  await expect(page.getByRole('heading', { level: 1, name: 'Users' })).toBeVisible()
  await page.goto('/settings')
  await expect(organization).toBeVisible()
  await page.setViewportSize({ width: 1024, height: 800 })
  await expect(page).toHaveURL(/\/settings\/profile$/)
  await expect(page.getByRole('navigation', { name: 'Settings' })).toBeVisible()
})
