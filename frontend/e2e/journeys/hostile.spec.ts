// A thousand mails that were made to harm, shown by the real server in a browser whose every
// request to anywhere else goes to a proxy that writes it down: nothing runs, nothing is asked for.
import { createServer, type Server } from 'node:http'
import { mkdir, rename, writeFile } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { chromium, expect, test, type Browser, type Page } from '@playwright/test'
import { signIn } from './support/agent'
import { addressOf, attacks, EVIL, WAYS } from './support/attacks'
import { startDemo, type Loket } from './support/loket'

const COUNT = 1_000
/** Frames beside each other; more only wait for the same two cores. */
const TOGETHER = 25
/** As the page has it. */
const SANDBOX = 'allow-same-origin allow-popups allow-popups-to-escape-sandbox'

/** What Chromium asks its maker by itself, such as what a form is for; no mail names these. */
const BROWSERS_OWN = /^(http:\/\/)?[a-z\d.-]+\.(googleapis|google|gstatic)\.com[:/]/

let loket: Loket
let proxy: Server
let browser: Browser
const asked: string[] = []

test.beforeAll(async () => {
  loket = await startDemo()
  proxy = createServer((request, response) => {
    asked.push(request.url ?? '')
    response.writeHead(204).end()
  })
  proxy.on('connect', (request, socket) => {
    asked.push(request.url ?? '')
    socket.destroy()
  })
  await new Promise<void>((resolve) => {
    proxy.listen(0, '127.0.0.1', resolve)
  })
  const { port } = proxy.address() as AddressInfo
  const { executablePath, args } = test.info().project.use.launchOptions ?? {}
  browser = await chromium.launch({
    executablePath,
    args: [
      ...(args ?? []),
      `--proxy-server=http://127.0.0.1:${String(port)}`,
      '--disable-features=AutofillServerCommunication',
    ],
  })
})
test.afterAll(async () => {
  await browser.close()
  proxy.close()
  await loket.stop()
  loket.remove()
})

/** Puts the mails into the shop's mailbox, as a provider does. */
async function deliver(): Promise<void> {
  const folder = loket.after("the shop's mailbox")
  await mkdir(join(folder, 'tmp'), { recursive: true })
  for (const { number, html } of attacks(COUNT)) {
    const name = `${String(Date.now())}.attack${String(number)}.example`
    const mail = `From: Mallory <mallory-${String(number)}@elsewhere.example.net>
To: service@ketting.example.com
Subject: Attack ${String(number)}
Message-ID: <attack-${String(number)}@elsewhere.example.net>
Date: ${new Date().toUTCString()}
MIME-Version: 1.0
Content-Type: text/html; charset=utf-8

<p>This is attack ${String(number)}.</p>
${html}
`
    await writeFile(join(folder, 'tmp', name), mail)
    await rename(join(folder, 'tmp', name), join(folder, 'new', name))
  }
}

interface Listed {
  items: { number: number; subject: string }[]
  next_cursor: string | null
}

/** The tickets that were made of them, by the number of the attack. */
async function tickets(page: Page): Promise<Map<number, number>> {
  const found = new Map<number, number>()
  let cursor = ''
  do {
    const listed = (await page.evaluate(
      async (path) => (await fetch(path)).json() as unknown,
      `/api/v1/tickets?limit=100${cursor}`,
    )) as Listed
    for (const { number, subject } of listed.items) {
      const attack = /^Attack (\d+)$/.exec(subject)?.[1]
      if (attack) found.set(Number(attack), number)
    }
    cursor = listed.next_cursor ? `&cursor=${listed.next_cursor}` : ''
  } while (cursor)
  return found
}

/** What the page looks like to somebody who was harmed. */
const harm = (page: Page) =>
  page.evaluate(() => ({
    ran: (window as { ran?: unknown }).ran ?? 0,
    title: document.title.includes('evil'),
  }))

/** Shows these mails as the page shows one, and says what each frame holds. */
const show = (page: Page, numbers: number[]) =>
  page.evaluate(
    async ({ numbers, sandbox }) => {
      const texts: string[] = []
      await Promise.all(
        numbers.map(async (number) => {
          const ticket = (await (await fetch(`/api/v1/tickets/${String(number)}`)).json()) as {
            messages: { id: string; kind: string; has_html: boolean; text: string }[]
          }
          const mail = ticket.messages.find(({ kind }) => kind === 'inbound')
          if (!mail) throw new Error('no mail')
          // Where nothing but words is left they are shown as such, without a frame.
          if (!mail.has_html) {
            texts.push(mail.text)
            return
          }
          const frame = document.createElement('iframe')
          frame.setAttribute('sandbox', sandbox)
          frame.referrerPolicy = 'no-referrer'
          frame.src = `/api/v1/messages/${mail.id}/html`
          const loaded = new Promise((resolve) => {
            frame.addEventListener('load', resolve)
          })
          document.body.append(frame)
          await loaded
          const alone = frame.contentDocument?.body.textContent.trim()
          frame.contentDocument?.querySelector<HTMLElement>('[autofocus], a')?.focus()
          // And as the page does it: into a frame that stands ready.
          const ready = new Promise((resolve) => {
            frame.addEventListener('load', resolve, { once: true })
          })
          frame.src = '/mail.html'
          await ready
          const inner = frame.contentDocument
          const view = inner?.defaultView as (Window & typeof globalThis) | null | undefined
          if (!inner || !view) throw new Error('no frame')
          const html = await (await fetch(`/api/v1/messages/${mail.id}/html`)).text()
          const { body } = new view.DOMParser().parseFromString(html, 'text/html')
          inner.body.replaceWith(inner.adoptNode(body))
          const text = inner.body.textContent.trim()
          texts.push(text === alone ? text : 'not the same')
          inner.querySelector<HTMLElement>('[autofocus], a')?.focus()
          frame.remove()
        }),
      )
      return texts
    },
    { numbers, sandbox: SANDBOX },
  )

test('the browser tells of what gets out', async () => {
  const page = await browser.newPage()
  await page.goto(`${loket.url}/sign-in`)
  await page.evaluate((url) => {
    Object.assign(window, { ran: 1 })
    const image = new Image()
    // The page's own policy refuses it; a navigation is not for the policy to refuse.
    image.src = url
  }, addressOf(0))
  expect(await harm(page)).toMatchObject({ ran: 1 })
  await page.goto(addressOf(0)).catch(() => undefined)
  expect(asked.some((address) => address.includes(EVIL))).toBe(true)
  await page.close()
  asked.length = 0
})

test('a thousand mails run nothing and ask for nothing', async () => {
  test.setTimeout(600_000)
  const page = await browser.newPage({ locale: 'en-GB' })
  const dialogs: string[] = []
  page.on('dialog', (dialog) => {
    dialogs.push(dialog.message())
    void dialog.dismiss()
  })
  const popups: string[] = []
  page.on('popup', (popup) => popups.push(popup.url()))
  await signIn(page, loket.url, loket.after('sign in as'), loket.after('password'))
  await deliver()
  await expect
    .poll(async () => (await tickets(page)).size, { timeout: 300_000, intervals: [2_000] })
    .toBe(COUNT)
  const made = [...(await tickets(page)).values()]
  let shown = 0
  for (let from = 0; from < made.length; from += TOGETHER) {
    const texts = await show(page, made.slice(from, from + TOGETHER))
    // What was written is there: a page that shows nothing runs nothing.
    shown += texts.filter((text) => /This is attack \d+\./.test(text)).length
  }
  expect(shown).toBe(COUNT)
  expect(await harm(page)).toEqual({ ran: 0, title: false })

  // In the page itself, with all that it does to a mail: the first of each way.
  const first = await tickets(page)
  for (let number = 0; number < WAYS.length; number += 1) {
    await page.goto(`${loket.url}/tickets/all/${String(first.get(number))}`)
    const card = page.getByRole('article', { name: 'Message from Mallory' })
    await expect(card.or(page.getByText('This is attack')).first()).toBeVisible()
    expect(await harm(page), `attack ${String(number)}`).toEqual({ ran: 0, title: false })
  }
  expect(page.url()).toMatch(new RegExp(`^${loket.url}/tickets/`))
  expect(dialogs).toEqual([])
  expect(popups).toEqual([])
  expect(asked.filter((address) => !BROWSERS_OWN.test(address))).toEqual([])
})
