import { expect, test, type Locator, type Page } from '@playwright/test'
import { enter } from '../views'

test.beforeEach(async ({ context }, { testId }) => {
  await enter(context, `writing-${testId}`)
})

const open = async (page: Page, number = 2004) => {
  await page.goto(`/tickets/open/${number}`)
  await page.getByRole('main').getByText(`#${number}`).waitFor()
}
const editor = (page: Page, name = 'Your answer') =>
  page.getByRole('textbox', { name, exact: true })

async function paste(on: Locator): Promise<void> {
  await on.evaluate((element) => {
    const data = new DataTransfer()
    data.items.add(new File(['x'], 'scherm.png', { type: 'image/png' }))
    const event = { clipboardData: data, bubbles: true, cancelable: true }
    element.dispatchEvent(new ClipboardEvent('paste', event))
  })
}

async function drop(page: Page, on: Locator): Promise<void> {
  const dataTransfer = await page.evaluateHandle(() => {
    const data = new DataTransfer()
    data.items.add(new File(['x'], 'bon.txt', { type: 'text/plain' }))
    return data
  })
  await on.dispatchEvent('drop', { dataTransfer })
}

test('a mail is forwarded with its files by keyboard alone', async ({ page }) => {
  await open(page)
  await page.keyboard.press('f')
  await expect(page.getByRole('combobox', { name: 'To', exact: true })).toBeFocused()
  await page.keyboard.type('mill@example.org,')
  await expect(page.getByRole('textbox', { name: 'Subject' })).toHaveValue(/^Fwd: /)
  await expect(page.getByRole('region', { name: 'Forwarded mail' })).toBeVisible()
  await editor(page, 'Your words above the forwarded mail').click()
  await page.keyboard.type('Can you help?')
  await expect(page.getByText('Draft saved')).toBeVisible()
  // Kept beside the answer, also when the page is loaded anew.
  await page.reload()
  await page.getByRole('main').getByText('#2004').waitFor()
  await page.keyboard.press('f')
  await expect(editor(page, 'Your words above the forwarded mail')).toContainText('Can you help?')
  // A key goes where the focus is, which comes a moment after the words.
  await expect(page.locator('form :focus')).toHaveCount(1)
  await page.keyboard.press('ControlOrMeta+Enter')
  await expect(page.getByText('Answer to ticket 2004 leaves in a moment')).toBeVisible()
})

test('a note of a colleague stops an answer until it is looked at or passed over', async ({
  page,
  request,
}) => {
  await open(page)
  await page.keyboard.press('r')
  await editor(page).waitFor()
  await page.keyboard.type('Dag Marieke')
  const world = (await page.context().cookies()).map(({ name, value }) => `${name}=${value}`)
  await request.post('/api/v1/tickets/2004/notes?as=colleague', {
    headers: { cookie: world.join('; ') },
    data: { text: 'Wacht nog even' },
  })
  await expect(page.getByText('Something new came in while you were writing')).toBeVisible()
  await expect(page.getByRole('button', { name: 'Send', exact: true })).toBeDisabled()
  await page.keyboard.press('ControlOrMeta+Enter')
  await expect(page.getByText('Not sent yet: something new came in')).toBeVisible()
  await page.getByRole('button', { name: 'Send anyway' }).click()
  await expect(page.getByText('Answer to ticket 2004 leaves in a moment')).toBeVisible()
})

test('on a phone, what can be done about a warning stands under its text', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 })
  await open(page)
  await page.keyboard.press('r')
  await editor(page).fill('In de bijlage vindt u de factuur.')
  await page.getByRole('button', { name: 'Send', exact: true }).click()
  const warning = page.getByText('You write about an attachment, but there is none.')
  const text = await warning.boundingBox()
  const action = await page.getByRole('button', { name: 'Send anyway' }).boundingBox()
  expect(action?.y).toBeGreaterThanOrEqual((text?.y ?? 0) + (text?.height ?? 0))
  expect(text?.width).toBeGreaterThan(200)
})

test('an answer that promises a file and has none asks once', async ({ page }) => {
  await open(page)
  await page.keyboard.press('r')
  await editor(page).waitFor()
  await page.keyboard.type('In de bijlage vindt u de factuur.')
  await page.keyboard.press('ControlOrMeta+Enter')
  await expect(page.getByText('You write about an attachment, but there is none.')).toBeVisible()
  await page.keyboard.press('ControlOrMeta+Enter')
  await expect(page.getByText('Answer to ticket 2004 leaves in a moment')).toBeVisible()
})

test('nothing is asked of a file that was attached meanwhile', async ({ page }) => {
  await open(page)
  await page.keyboard.press('r')
  await editor(page).fill('In de bijlage vindt u de factuur.')
  await page.keyboard.press('ControlOrMeta+Enter')
  const warning = page.getByText('You write about an attachment, but there is none.')
  await expect(warning).toBeVisible()
  await drop(page, page.getByRole('feed').filter({ visible: true }))
  await expect(page.getByRole('button', { name: /Remove bon\.txt/ })).toBeVisible()
  await expect(warning).toHaveCount(0)
})

test('an answer without its file leaves as it was meant to', async ({ page }) => {
  const asked: unknown[] = []
  page.on('request', (request) => {
    if (request.method() === 'POST' && request.url().endsWith('/replies'))
      asked.push(request.postDataJSON())
  })
  await open(page)
  await page.keyboard.press('r')
  await editor(page).waitFor()
  await page.keyboard.type('See the attached file.')
  await page.keyboard.press('ControlOrMeta+Shift+Enter')
  await page.getByRole('button', { name: 'Send anyway' }).click()
  await expect(page.getByText('Answer to ticket 2004 leaves in a moment')).toBeVisible()
  expect(asked).toMatchObject([{ then: 'closed' }])
})

test('Escape leaves the answer, and the next keys are not for it', async ({ page }) => {
  await open(page)
  await page.keyboard.press('r')
  await editor(page).waitFor()
  await page.keyboard.type('Even kijken')
  await page.keyboard.press('Escape')
  await expect(editor(page)).toHaveCount(0)
  await page.keyboard.press('j')
  await expect(page).not.toHaveURL(/2004/)
  await page.keyboard.press('k')
  await expect(
    page.getByRole('button', { name: 'Draft Even kijken', exact: true }).filter({ visible: true }),
  ).toBeVisible()
})

test('what was typed a moment ago is there when the page is loaded anew', async ({ page }) => {
  await open(page)
  await page.keyboard.press('r')
  await editor(page).waitFor()
  await page.keyboard.type('Nog niet bewaard')
  await page.reload()
  await expect(page.getByRole('button', { name: 'Draft Nog niet bewaard' })).toBeVisible()
})

test('a forward is kept though it says nothing of its own', async ({ page }) => {
  await open(page)
  await page.keyboard.press('f')
  await page.getByRole('combobox', { name: 'To', exact: true }).waitFor()
  await page.keyboard.type('mill@example.org,')
  await expect(page.getByText('Draft saved')).toBeVisible()
  await page.reload()
  await page.getByRole('main').getByText('#2004').waitFor()
  await page.keyboard.press('f')
  await expect(page.getByRole('button', { name: /mill@example\.org/ })).toBeVisible()
})

test('plain text keeps a picture as a file, and the way back brings all of it', async ({
  page,
}) => {
  await open(page)
  await page.keyboard.press('r')
  await editor(page).waitFor()
  await page.keyboard.type('Zo ziet het eruit: ')
  await paste(editor(page))
  await expect(editor(page).getByRole('img', { name: 'scherm.png' })).toBeVisible()
  await page.getByRole('button', { name: 'Plain text' }).click()
  await expect(page.getByRole('button', { name: /Remove scherm\.png/ })).toBeVisible()
  await page.getByRole('button', { name: 'Plain text' }).click()
  await expect(editor(page).getByRole('img', { name: 'scherm.png' })).toBeVisible()
})

test('files that are dropped or pasted into plain text are attached', async ({ page }) => {
  const isThere = async () => {
    await expect(page.getByRole('button', { name: /Remove bon\.txt/ })).toBeVisible()
    await expect(page.getByRole('button', { name: /Remove scherm\.png/ })).toBeVisible()
  }
  await open(page)
  await page.keyboard.press('r')
  await page.getByRole('button', { name: 'Plain text' }).click()
  await paste(editor(page))
  await drop(page, editor(page))
  await isThere()
  await page.goto('/tickets/new')
  await page.getByRole('button', { name: 'Plain text' }).click()
  await drop(page, editor(page, 'Your mail'))
  await paste(editor(page, 'Your mail'))
  await isThere()
})

test('a link is made, refused, changed and taken away beside the text', async ({ page }) => {
  await open(page)
  await page.keyboard.press('r')
  await editor(page).fill('onze pagina')
  await page.keyboard.press('ControlOrMeta+A')
  const button = page.getByRole('button', { name: 'Link', exact: true })
  const address = page.getByRole('textbox', { name: 'Address of the link' })
  const link = editor(page).getByRole('link', { name: 'onze pagina' })
  await button.click()
  await expect(address).toBeFocused()
  await page.keyboard.type('javascript:alert(1)')
  await page.keyboard.press('Enter')
  await expect(address).toHaveAccessibleDescription(/^Give a web address/)
  await address.fill('veldkeuken.example/pannen')
  await page.keyboard.press('Enter')
  await expect(link).toHaveAttribute('href', 'https://veldkeuken.example/pannen')
  await expect(editor(page)).toBeFocused()
  await button.click()
  await expect(address).toHaveValue('https://veldkeuken.example/pannen')
  await page.getByRole('button', { name: 'Remove link' }).click()
  await expect(link).toHaveCount(0)
  await button.click()
  await expect(address).toBeFocused()
  await page.keyboard.press('Escape')
  await expect(address).toHaveCount(0)
  await expect(editor(page)).toBeFocused()
  // Where nothing is chosen, the address is the text.
  await editor(page).fill('Zie ')
  await button.click()
  await address.fill('example.nl')
  await page.keyboard.press('Enter')
  await expect(editor(page)).toBeFocused()
  await page.keyboard.type(' en verder')
  await expect(editor(page).getByRole('link')).toHaveText(['example.nl'])
  await expect(editor(page)).toHaveText('Zie example.nl en verder')
})

test('a letter is sent and its ticket closed on a phone', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 })
  await page.goto('/tickets/new')
  await page.getByRole('combobox', { name: 'To', exact: true }).fill('mill@example.org,')
  await page.getByRole('textbox', { name: 'Subject' }).fill('Levering')
  await editor(page, 'Your mail').fill('Morgen komen we langs.')
  await expect(page.getByRole('button', { name: 'Send and close' })).toBeHidden()
  await page.getByRole('button', { name: 'More ways to send' }).click()
  const sent = page.waitForRequest(
    (request) => request.method() === 'POST' && request.url().endsWith('/api/v1/tickets'),
  )
  await page.getByRole('menuitem', { name: 'Send and close' }).click()
  expect((await sent).postDataJSON()).toMatchObject({ subject: 'Levering', then: 'closed' })
})

test('a file that is dropped on the conversation goes with an answer', async ({ page }) => {
  await open(page)
  await drop(page, page.getByRole('feed').filter({ visible: true }))
  await expect(editor(page)).toBeVisible()
  await expect(page.getByRole('button', { name: /Remove bon\.txt/ })).toBeVisible()
})

test('a note takes files as an answer does: dropped, pasted, or chosen', async ({ page }) => {
  await open(page)
  await page.keyboard.press('n')
  const note = page.getByRole('textbox', { name: 'Your note' })
  await expect(note).toBeFocused()
  await drop(page, note)
  const chip = page.getByRole('button', { name: /Remove bon\.txt/ })
  await expect(chip).toBeVisible()
  await paste(note)
  await expect(page.getByRole('button', { name: /Remove .*\.png/ })).toBeVisible()
  await expect(page.getByRole('button', { name: 'Attach files' })).toBeVisible()
  await expect(page.getByText(/: \d+%$/)).toHaveCount(0)
  // Without a word too.
  const sent = page.waitForRequest((request) => request.url().endsWith('/notes'))
  await page.keyboard.press('ControlOrMeta+Enter')
  expect((await sent).postDataJSON().attachment_ids).toHaveLength(2)
  const card = page.getByRole('article', { name: /^Internal note by/ }).last()
  await expect(card.getByRole('link', { name: 'Download bon.txt' })).toBeVisible()
})

test('a saved reply is put in by a slash, filled in with what is known', async ({ page }) => {
  await open(page)
  await page.keyboard.press('r')
  await editor(page).waitFor()
  await page.keyboard.type('/')
  await expect(page.getByRole('combobox', { name: 'Find a saved reply' })).toBeFocused()
  await page.keyboard.type('opening')
  await expect(page.getByRole('option')).toHaveCount(1)
  await page.keyboard.press('Enter')
  await expect(editor(page)).toContainText('We are open from Monday to Friday')
  await expect(editor(page)).toContainText('Kind regards,Sanne')
  await expect(editor(page)).not.toContainText('{{')
  // Plain text has the same words.
  await page.getByRole('button', { name: 'Plain text' }).click()
  await expect(editor(page)).toHaveValue(/We are open from Monday to Friday/)
})

test('a saved reply is chosen by pointer', async ({ page }) => {
  await open(page)
  await page.keyboard.press('r')
  await editor(page).waitFor()
  await page.getByRole('button', { name: 'Insert a saved reply' }).click()
  await expect(page.getByRole('combobox', { name: 'Find a saved reply' })).toBeFocused()
  await page.getByRole('option', { name: /opening/i }).click()
  await expect(editor(page)).toContainText('We are open from Monday to Friday')
})

test('saved replies are offered at once by m, and Escape leaves the answer as it was', async ({
  page,
}) => {
  await open(page)
  await page.keyboard.press('m')
  await expect(page.getByRole('combobox', { name: 'Find a saved reply' })).toBeFocused()
  await page.keyboard.press('Escape')
  await expect(editor(page)).toBeFocused()
})

test('an answer is sent, and its ticket sleeps until a time in words', async ({ page }) => {
  const asked: unknown[] = []
  page.on('request', (request) => {
    if (request.method() === 'POST' && request.url().endsWith('/replies'))
      asked.push(request.postDataJSON())
  })
  await open(page)
  await page.keyboard.press('r')
  await editor(page).waitFor()
  await page.keyboard.type('Komt goed')
  await page.getByRole('button', { name: 'More ways to send' }).press('Enter')
  await page.getByRole('menuitem', { name: 'Pick a time…' }).press('Enter')
  await expect(page.getByRole('textbox', { name: 'When' })).toBeFocused()
  await page.keyboard.type('1 mei 2031 9:30')
  await page.keyboard.press('Enter')
  await expect(page.getByText('Answer to ticket 2004 leaves in a moment')).toBeVisible()
  expect(asked).toMatchObject([{ then: 'pending', snooze_until: '2031-05-01T07:30:00.000Z' }])
})

test('a letter is kept while it is written and makes a ticket', async ({ page }) => {
  await page.goto('/tickets/open')
  await page.getByRole('list', { name: 'Inbox' }).waitFor()
  await page.keyboard.press('c')
  await expect(page.getByRole('heading', { name: 'New ticket' })).toBeVisible()
  await expect(page.getByRole('combobox', { name: 'To', exact: true })).toBeFocused()
  await page.keyboard.type('Nieuwe Klant <nieuw@example.nl>,')
  await page.getByRole('textbox', { name: 'Subject' }).fill('Uw bestelling')
  await editor(page, 'Your mail').click()
  await page.keyboard.type('Uw bestelling staat klaar.')
  await expect(page.getByText('Draft saved')).toBeVisible()
  await page.reload()
  await expect(editor(page, 'Your mail')).toContainText('Uw bestelling staat klaar.')
  await page.getByRole('button', { name: 'Send', exact: true }).click()
  await expect(page).toHaveURL(/\/tickets\/all\/\d+/)
  await expect(page.getByRole('article', { name: /answer/i })).toContainText('staat klaar')
})

test('a saved reply is kept, changed and removed in settings', async ({ page }) => {
  await page.goto('/settings/saved-replies')
  await page.getByRole('button', { name: 'New saved reply' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Name').fill('Leeftijd')
  await dialog.getByRole('textbox', { name: 'Text' }).click()
  await page.keyboard.type('Hallo {{customer.age}}')
  await dialog.getByRole('button', { name: 'Save' }).click()
  const text = dialog.getByRole('textbox', { name: 'Text' })
  await expect(text).toHaveAccessibleDescription(/no variable/)
  await expect(text).toBeFocused()
  await page.keyboard.press('Escape')
  await page.getByRole('searchbox', { name: 'Find a saved reply' }).fill('levertijd')
  const items = page.getByRole('main').getByRole('listitem').filter({ hasText: 'bestelling' })
  await expect(items).toHaveCount(1)
  await page.getByRole('button', { name: 'Levertijd', exact: true }).click()
  await page.getByRole('dialog').getByLabel('Name').fill('Hoe lang duurt levertijd')
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click()
  await page.getByRole('button', { name: 'Remove Hoe lang duurt levertijd' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click()
  await expect(page.getByText('No saved reply has these words')).toBeVisible()
})

const saved = (page: Page) => expect(page.getByText('Draft saved')).toBeVisible()

test('what is typed while the answer comes up is in it, whatever the keys do elsewhere', async ({
  page,
}) => {
  await open(page)
  // A slow machine: the editor is there for a while before it has the focus.
  await page.evaluate(() => {
    const { requestAnimationFrame: soon } = window
    window.requestAnimationFrame = (act) => soon(() => setTimeout(() => soon(act), 300))
  })
  await page.keyboard.press('r')
  await page.keyboard.type('see ')
  await editor(page).waitFor()
  await page.keyboard.type('you ')
  await expect(editor(page)).toBeFocused()
  await page.keyboard.type('there')
  await expect(editor(page)).toHaveText(/^see you there/)
})

test('what was written on another device is not lost', async ({ page, context }) => {
  await open(page)
  await page.keyboard.press('r')
  await editor(page).waitFor()
  await page.keyboard.type('First')
  await saved(page)
  const other = await context.newPage()
  await open(other)
  await other.keyboard.press('r')
  await expect(editor(other)).toContainText('First')
  await other.keyboard.type(' second')
  await saved(other)
  // Here nothing is unsaved: it is taken over as it is saved there.
  await expect(editor(page)).toContainText('First second')
  // There something is written, and not saved before something else is saved here.
  let release: () => void = () => undefined
  const isSaved = new Promise<void>((resolve) => {
    release = resolve
  })
  await other.route('**/draft*', async (route) => {
    if (route.request().method() === 'PUT') await isSaved
    await route.continue()
  })
  await editor(other).click()
  await other.keyboard.press('ControlOrMeta+End')
  const tried = other.waitForRequest((request) => request.method() === 'PUT')
  await other.keyboard.type(' fourth')
  await tried
  await editor(page).click()
  await page.keyboard.press('ControlOrMeta+End')
  await page.keyboard.type(' third')
  await saved(page)
  await expect(editor(page)).toHaveText('First second third')
  release()
  const choice = other.getByText('You have written something else on another device')
  await expect(choice).toBeVisible()
  await expect(other.getByText('First second third')).toBeVisible()
  await expect(other.getByRole('button', { name: 'Send', exact: true })).toBeDisabled()
  await other.keyboard.press('ControlOrMeta+Enter')
  await expect(choice).toBeVisible()
  await other.getByRole('button', { name: 'Take the other one' }).click()
  await expect(choice).toHaveCount(0)
  await expect(editor(other)).toHaveText('First second third')
})

test('what is here can be kept instead of what was written on another device', async ({
  page,
  context,
}) => {
  await open(page)
  const other = await context.newPage()
  await open(other)
  for (const [at, text] of [
    [page, 'Here'],
    [other, 'There'],
  ] as const) {
    await at.keyboard.press('n')
    await editor(at, 'Your note').waitFor()
    await at.keyboard.type(text)
    if (at === page) await saved(at)
  }
  await other.getByRole('button', { name: 'Keep what is here' }).click()
  await saved(other)
  await other.reload()
  await other.getByRole('main').getByText('#2004').waitFor()
  await other.keyboard.press('n')
  await expect(editor(other, 'Your note')).toHaveValue('There')
})

test('a letter that is written on two devices is one letter, and nothing of it is lost', async ({
  page,
  context,
}) => {
  await page.goto('/tickets/new')
  const mail = (at: Page) => editor(at, 'Your mail')
  await mail(page).click()
  await page.keyboard.type('First')
  await saved(page)
  const other = await context.newPage()
  await other.goto('/tickets/new')
  await expect(mail(other)).toHaveText('First')
  await mail(other).click()
  await other.keyboard.press('ControlOrMeta+End')
  await other.keyboard.type(' second')
  await saved(other)
  await expect(mail(page)).toHaveText('First second')
  // Both at once: the one that comes later asks which is meant.
  let release: () => void = () => undefined
  const isSaved = new Promise<void>((resolve) => {
    release = resolve
  })
  await other.route('**/letter', async (route) => {
    if (route.request().method() === 'PUT') await isSaved
    await route.continue()
  })
  const tried = other.waitForRequest((request) => request.method() === 'PUT')
  await other.keyboard.type(' there')
  await tried
  await mail(page).click()
  await page.keyboard.press('ControlOrMeta+End')
  const kept = page.waitForResponse((answer) => answer.request().method() === 'PUT' && answer.ok())
  await page.keyboard.type(' here')
  await kept
  release()
  await expect(other.getByText('You have written something else on another device')).toBeVisible()
  await expect(other.getByRole('button', { name: 'Send', exact: true })).toBeDisabled()
  await other.getByRole('button', { name: 'Keep what is here' }).click()
  await expect(mail(page)).toHaveText('First second there')
})

test('a new ticket is begun without a complaint of the browser', async ({ page }) => {
  const complaints: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text())
  })
  await page.goto('/tickets/new')
  await expect(page.getByRole('heading', { name: 'New ticket' })).toBeVisible()
  await editor(page, 'Your mail').waitFor()
  expect(complaints).toEqual([])
})
