// What is written and how it arrives, at a real mail server: part 4 of the agent's day.
import { randomBytes } from 'node:crypto'
import { expect, test, type APIRequestContext, type Page } from '@playwright/test'
import { conversation, says, toggle } from './support/agent'
import { atEachWidth, open, sidebar } from './support/desk'
import { file, header, parts, text } from './support/mime'
import { arrived, device, enter, openOffice, post, writes, type Office } from './support/office'
import { account, mails } from './support/rig'

const SIGNATURE = 'Acme, Dorpsstraat 1'
/** Larger than what is kept in the database. */
const FILE = randomBytes(70_000)

async function sign(ask: APIRequestContext, id: string): Promise<void> {
  const answer = await ask.get('/api/v1/mailboxes')
  const { items } = (await answer.json()) as { items: { id: string; version: number }[] }
  const { version } = items.find((known) => known.id === id) ?? {}
  await ask.patch(`/api/v1/mailboxes/${id}`, {
    data: { signature: SIGNATURE },
    headers: { 'if-match': `"${version}"` },
    failOnStatusCode: true,
  })
}

let office: Office
test.beforeAll(async () => {
  // Long enough to stop an answer on a busy machine.
  office = await openOffice({ LOKET_SENDING__UNDO_SECONDS: '5' })
  const { ask, mailbox, colleague } = office
  await sign(ask, mailbox.id)
  await post(ask, '/teams', { name: 'Werkplaats', member_ids: [colleague.id] })
  const words = {
    Begin: 'Dag {{customer.first_name|klant}}, dank voor uw bericht.',
    Slot: 'Uw nummer is {{ticket.number}}. Groet, {{agent.first_name}} van {{mailbox.name}}',
  }
  for (const [name, text] of Object.entries(words))
    await post(ask, '/saved-replies', { name, text, scope: 'organization' })
})
test.afterAll(() => office.close())

const editor = (page: Page, name = 'Your answer') => page.getByRole('textbox', { name })
const box = (page: Page) => page.getByRole('region', { name: 'Reply' }).filter({ visible: true })
const leaves = (page: Page, number: string) =>
  expect(page.getByText(`Answer to ticket ${number} leaves in a moment`)).toBeVisible()
const saved = (page: Page) => expect(box(page).getByText('Draft saved')).toBeVisible()

atEachWidth((width) => {
  const hasKeys = width === 1440

  /** Begins to write: by a key where there is a keyboard, else by what stands under the ticket. */
  async function begin(page: Page, key: string, button: string): Promise<void> {
    if (hasKeys) await page.keyboard.press(key)
    else await box(page).getByRole('button', { name: button }).first().click()
  }

  async function send(page: Page): Promise<void> {
    if (hasKeys) await page.keyboard.press('Control+Enter')
    else await box(page).locator('button[type=submit]').click()
  }

  test.beforeEach(async ({ page }) => {
    await enter(page, office, office.owner)
  })

  test('an answer to all reaches each of them, signed, and a forward takes the file along', async ({
    page,
  }) => {
    const [customer, partner, boss, maker] = await Promise.all(
      Array.from({ length: 4 }, () => account('plain')),
    )
    if (!customer || !partner || !boss || !maker) throw new Error('too few')
    const number = await writes(office, {
      from: customer,
      name: 'Truus Klaverblad',
      subject: `Voor ons allen ${String(width)}`,
      to: [partner],
      cc: [boss],
      file: { name: 'foto.jpg', body: FILE },
    })
    await open(page, office.loket, number)
    await begin(page, 'a', 'Reply all')
    for (const { address } of [customer, partner, boss])
      await expect(page.getByRole('button', { name: `Remove ${address}` })).toBeVisible()
    await expect(page.getByRole('region', { name: 'Signature' })).toContainText(SIGNATURE)
    await editor(page).pressSequentially('Hij is morgen klaar.')
    await send(page)
    await leaves(page, number)

    await begin(page, 'f', 'Forward')
    await page.getByRole('combobox', { name: 'To', exact: true }).fill(`${maker.address},`)
    const passedOn = page.getByRole('region', { name: 'Forwarded mail' })
    await expect(passedOn).toContainText('foto.jpg')
    await editor(page, 'Your words above the forwarded mail').fill('Kun jij hiernaar kijken?')
    await send(page)

    for (const whom of [customer, partner, boss]) {
      const got = await arrived(whom)
      expect(text(got)).toContain('Hij is morgen klaar.')
      expect(text(got)).toContain(SIGNATURE)
      expect(`${header(got, 'To')}, ${header(got, 'Cc')}`).toContain(customer.address)
      expect(`${header(got, 'To')}, ${header(got, 'Cc')}`).toContain(partner.address)
      expect(`${header(got, 'To')}, ${header(got, 'Cc')}`).not.toContain(office.mailbox.address)
    }
    const passed = await arrived(maker)
    expect(header(passed, 'Subject')).toBe(`Fwd: Voor ons allen ${String(width)}`)
    expect(text(passed)).toContain('Kun jij hiernaar kijken?')
    expect(text(passed)).toContain('Wanneer is mijn fiets klaar?')
    expect(file(passed, 'foto.jpg')?.equals(FILE)).toBe(true)
    expect(mails(customer.address)).toHaveLength(1)
  })

  test('a note names a colleague and a team, who find it under Mentioned', async ({
    page,
    browser,
  }) => {
    const theirs = await device(browser, page, office, office.colleague)
    const named = { Mil: '@Milan Jansen ', werk: '@Werkplaats ' }
    for (const [typed, whole] of Object.entries(named)) {
      const subject = `Kijk jij ${typed} ${String(width)}`
      const from = await account('plain')
      const number = await writes(office, { from, name: 'Guus Wit', subject })
      await open(page, office.loket, number)
      await begin(page, 'n', 'Note')
      await editor(page, 'Your note').pressSequentially(`Weet jij dit, @${typed}`)
      const option = page.getByRole('option', { name: new RegExp(`^${whole.slice(1).trim()}`) })
      if (hasKeys) {
        await expect(option).toBeVisible()
        await page.keyboard.press('Enter')
      } else await option.click()
      await expect(editor(page, 'Your note')).toHaveValue(`Weet jij dit, ${whole}`)
      await send(page)
      const note = page.getByRole('article', { name: 'Internal note by Anna de Vries' })
      await expect(note).toContainText(`Weet jij dit, ${whole.trim()}`)

      await (await sidebar(theirs)).getByRole('link', { name: /^Mentioned/ }).click()
      const list = theirs.getByRole('list', { name: 'Mentioned' })
      await list.getByRole('link', { name: new RegExp(subject) }).click()
      await expect(conversation(theirs).getByText(`Weet jij dit, ${whole.trim()}`)).toBeVisible()
      expect(mails(from.address)).toEqual([])
    }
    await theirs.context().close()
  })

  test('saved replies make a plain mail that closes its ticket, and a promised file is asked for', async ({
    page,
  }) => {
    const [first, second] = [await account('plain'), await account('plain')]
    const [plain, filed] = await Promise.all([
      writes(office, { from: first, name: 'Pien Bruin', subject: `Nog open ${String(width)}` }),
      writes(office, { from: second, name: 'Wil Groen', subject: `De rekening ${String(width)}` }),
    ])
    await open(page, office.loket, plain)
    if (hasKeys) await page.keyboard.press('m')
    else {
      await begin(page, 'r', 'Reply to Pien Bruin…')
      await page.getByRole('button', { name: 'Insert a saved reply' }).click()
    }
    const find = page.getByRole('combobox', { name: 'Find a saved reply' })
    await expect(find).toBeFocused()
    await find.fill('begin')
    await expect(page.getByRole('option')).toHaveCount(1)
    await page.keyboard.press('Enter')
    await expect(editor(page)).toHaveText('Dag Pien, dank voor uw bericht.')
    await expect(editor(page)).toBeFocused()
    await page.keyboard.press('Enter')
    await page.keyboard.press('/')
    await expect(find).toBeFocused()
    await find.fill('slot')
    await expect(page.getByRole('option')).toHaveCount(1)
    if (hasKeys) await page.keyboard.press('Enter')
    else await page.getByRole('option').click()
    const end = `Uw nummer is ${plain}. Groet, Anna van Hulp van Acme`
    await expect(editor(page)).toContainText(end)
    await page.getByRole('button', { name: 'Plain text' }).click()
    await expect(editor(page)).toHaveValue(new RegExp(`^Dag Pien, dank[^]*\n${end}`))
    if (hasKeys) await page.keyboard.press('Control+Shift+Enter')
    else if (width === 1024) await page.getByRole('button', { name: 'Send and close' }).click()
    else {
      await page.getByRole('button', { name: 'More ways to send' }).click()
      await page.getByRole('menuitem', { name: /^Send and close/ }).click()
    }
    await leaves(page, plain)

    await open(page, office.loket, filed)
    await begin(page, 'r', 'Reply to Wil Groen…')
    await editor(page).fill('In de bijlage vindt u de rekening.')
    await send(page)
    const warning = page.getByText('You write about an attachment, but there is none.')
    await expect(warning).toBeVisible()
    const chooser = page.waitForEvent('filechooser')
    await page.getByRole('button', { name: 'Attach files' }).first().click()
    const rekening = { name: 'rekening.pdf', mimeType: 'application/pdf', buffer: FILE }
    await (await chooser).setFiles(rekening)
    await expect(page.getByRole('button', { name: 'Remove rekening.pdf' })).toBeVisible()
    await expect(warning).toHaveCount(0)
    await page.getByRole('button', { name: 'More ways to send' }).click()
    await page.getByRole('menuitem', { name: /^Tomorrow morning/ }).click()
    await leaves(page, filed)

    const answered = await arrived(first)
    expect(header(answered, 'Content-Type')).toMatch(/^text\/plain/)
    expect(text(answered)).toContain(end)
    const billed = await arrived(second)
    expect(parts(billed).map(({ type }) => type)).toContain('text/html')
    expect(file(billed, 'rekening.pdf')?.equals(FILE)).toBe(true)
    await open(page, office.loket, plain, 'closed')
    await expect(toggle(page)).toHaveText('Reopen')
    await open(page, office.loket, filed, 'snoozed')
    await expect(page.getByRole('button', { name: /^Sleeps until/ })).toBeVisible()
  })

  test('a draft is there after a reload and on another device, and what was sent comes back in time', async ({
    page,
    browser,
  }) => {
    const customer = await account('plain')
    const number = await writes(office, {
      from: customer,
      name: 'Kees Grijs',
      subject: `Een begin ${String(width)}`,
    })
    await open(page, office.loket, number)
    await begin(page, 'r', 'Reply to Kees Grijs…')
    await editor(page).pressSequentially('Eerst dit.')
    await saved(page)
    await page.reload()
    await page.getByRole('button', { name: 'Draft Eerst dit.' }).click()
    await expect(editor(page)).toHaveText('Eerst dit.')

    const other = await device(browser, page, office, office.owner)
    await open(other, office.loket, number, 'drafts')
    await other.getByRole('button', { name: 'Draft Eerst dit.' }).click()
    await expect(editor(other)).toBeFocused()
    await other.keyboard.press('Control+End')
    await other.keyboard.type(' En dan dat.')
    await saved(other)
    await expect(editor(page)).toHaveText('Eerst dit. En dan dat.')
    await other.context().close()

    await send(page)
    const card = page.getByRole('article', { name: /^Answer by/ }).last()
    const left = card.getByText(/^Leaves in \d s$/)
    const shown = await left.textContent()
    await expect(left).not.toHaveText(shown ?? '')
    await card.getByRole('button', { name: 'Undo' }).click()
    await expect(editor(page)).toHaveText('Eerst dit. En dan dat.')
    await expect(page.getByRole('article', { name: /^Answer by/ })).toHaveCount(0)
    await editor(page).fill('Toch iets anders.')
    await send(page)
    await expect.poll(() => says(card)).toContain('Toch iets anders.')
    expect(text(await arrived(customer))).not.toContain('Eerst dit.')
  })
})
