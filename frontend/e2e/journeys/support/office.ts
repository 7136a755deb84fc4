// An office on the rig: a server that is set up, a mailbox at a real mail server, and two who answer
// its mail. What customers write comes in by IMAP, what is answered leaves by SMTP, and each of them
// has a mailbox to look into.
import { expect, request, type APIRequestContext, type Browser, type Page } from '@playwright/test'
import type {
  Invitation,
  Mailbox,
  Page as List,
  Session,
  TicketSummary,
} from '../../../src/api/types'
import { signIn } from './agent'
import { start, type Loket } from './loket'
import { text } from './mime'
import { account, mails, rig, settings, write, type Account } from './rig'

const PASSWORD = 'een korte zin'

export interface Member {
  id: string
  name: string
  email: string
  /** What their browser is signed in by. */
  cookies: Cookies
}
type Cookies = Awaited<ReturnType<APIRequestContext['storageState']>>['cookies']

export interface Office {
  loket: Loket
  mailbox: Account & { id: string; name: string }
  owner: Member
  colleague: Member
  /** Asks as the owner. */
  ask: APIRequestContext
  close: () => Promise<void>
}

/** Sets up a server with its mailbox and both who work with it. */
export async function openOffice(more: Record<string, string> = {}): Promise<Office> {
  const [mail, anna, milan] = [
    await account('plain'),
    await account('plain'),
    await account('plain'),
  ]
  const loket = await start('serve', /works once:\s+\S+\s/, {
    ...settings(),
    LOKET_SENDING__UNDO_SECONDS: '1',
    // Loket's own mail leaves by it too.
    LOKET_SMTP__MAILBOX: mail.address,
    ...more,
  })
  const ask = await visitor(loket)
  const token = /works once:\s+(\S+)\s/.exec(loket.said())?.[1] ?? ''
  await post(ask, '/setup', {
    token,
    organization_name: 'Acme',
    time_zone: 'Europe/Amsterdam',
    owner_name: 'Anna de Vries',
    owner_email: anna.address,
    password: PASSWORD,
  })
  const owner = await member(ask, anna)
  const mailbox = await link(ask, mail, 'Hulp van Acme')
  const colleague = await invite(loket, ask, milan, 'Milan Jansen', mailbox.id)
  return {
    loket,
    mailbox,
    owner,
    colleague,
    ask,
    close: async () => {
      await ask.dispose()
      await loket.stop()
      loket.remove()
    },
  }
}

const visitor = (loket: Loket) =>
  request.newContext({ baseURL: loket.url, extraHTTPHeaders: { origin: loket.url } })

/** Has something made, and returns it. */
export async function post<T>(ask: APIRequestContext, path: string, data: object): Promise<T> {
  const answer = await ask.post(`/api/v1${path}`, { data, failOnStatusCode: true })
  return (answer.status() === 204 ? null : await answer.json()) as T
}

export async function get<T>(ask: APIRequestContext, path: string): Promise<T> {
  return (await (await ask.get(`/api/v1${path}`, { failOnStatusCode: true })).json()) as T
}

async function member(ask: APIRequestContext, { address }: Account): Promise<Member> {
  await post(ask, '/session', { email: address, password: PASSWORD })
  const { account: own, membership } = await get<Session>(ask, '/session')
  const { cookies } = await ask.storageState()
  return { id: membership.id, name: own.name, email: address, cookies }
}

async function link(ask: APIRequestContext, of: Account, name: string) {
  const { id } = await post<Mailbox>(ask, '/mailboxes', {
    provider: 'imap',
    address: of.address,
    display_name: name,
    password: of.password,
    imap: { host: rig().plain.imapHost, port: rig().ports.imaps, tls: 'implicit' },
    smtp: { host: '127.0.0.1', port: rig().ports.smtps, tls: 'implicit' },
  })
  await expect
    .poll(async () => (await get<List<Mailbox>>(ask, '/mailboxes')).items.map(({ state }) => state))
    .toEqual(['active'])
  return { ...of, id, name }
}

/** Somebody who chooses a password by the link in their mail. */
async function invite(
  loket: Loket,
  ask: APIRequestContext,
  of: Account,
  name: string,
  mailbox: string,
): Promise<Member> {
  const wanted = { email: of.address, name, role: 'agent', mailbox_ids: [mailbox] }
  await post<Invitation>(ask, '/users', wanted)
  const token = () => /\/password#(\S+)/.exec(mails(of.address).map(text).join('\n'))?.[1]
  await expect.poll(token).toBeDefined()
  const theirs = await visitor(loket)
  const data = { token: token(), password: PASSWORD }
  await theirs.put('/api/v1/password', { data, failOnStatusCode: true })
  const invited = await member(theirs, of)
  await theirs.dispose()
  return invited
}

/** Goes to a page of Loket as somebody who has signed in before. */
export async function enter(page: Page, { loket }: Office, as: Member, path = '/tickets/open') {
  await page.context().addCookies(as.cookies)
  await page.goto(`${loket.url}${path}`)
}

/** Another browser that is as wide, in which somebody signs in. */
export async function device(browser: Browser, page: Page, office: Office, as: Member) {
  const context = await browser.newContext({ viewport: page.viewportSize(), locale: 'en-GB' })
  const other = await context.newPage()
  await signIn(other, office.loket.url, as.email, PASSWORD)
  return other
}

export interface Letter {
  from: Account
  /** Of the sender. */
  name: string
  subject: string
  words?: string
  /** Who else it is to, and who gets a copy. */
  to?: Account[]
  cc?: Account[]
  file?: { name: string; body: Buffer }
  /** Further fields of the header. */
  fields?: string[]
}

/** A customer writes to the mailbox; the number of the ticket, in a list of the server's. */
export async function writes(office: Office, letter: Letter, list = ''): Promise<string> {
  await write(letter.from.address, office.mailbox.address, raw(office, letter))
  let number: number | undefined
  await expect
    .poll(async () => {
      const path = `/tickets?limit=100${list}`
      const { items } = await get<List<TicketSummary>>(office.ask, path)
      number = items.find(({ subject }) => subject === letter.subject)?.number
      return number
    })
    .toBeDefined()
  return String(number)
}

function raw({ mailbox }: Office, { from, name, subject, ...letter }: Letter): string {
  const addresses = (of: Account[]) => of.map(({ address }) => address).join(', ')
  const words = letter.words ?? 'Wanneer is mijn fiets klaar?'
  const head = [
    `From: ${name} <${from.address}>`,
    `To: ${addresses([mailbox, ...(letter.to ?? [])])}`,
    ...(letter.cc ? [`Cc: ${addresses(letter.cc)}`] : []),
    `Subject: ${subject}`,
    `Message-ID: <${String(Date.now())}-${from.address}>`,
    `Date: ${new Date().toUTCString()}`,
    'MIME-Version: 1.0',
    ...(letter.fields ?? []),
  ]
  const plain = `Content-Type: text/plain; charset=utf-8\n\n${words}\n`
  if (!letter.file) return `${head.join('\n')}\n${plain}`
  const base64 = letter.file.body.toString('base64').replace(/(.{76})/g, '$1\n')
  return `${head.join('\n')}
Content-Type: multipart/mixed; boundary="het-einde"

--het-einde
${plain}
--het-einde
Content-Type: application/octet-stream
Content-Disposition: attachment; filename="${letter.file.name}"
Content-Transfer-Encoding: base64

${base64}
--het-einde--
`
}

/** The only mail that an account has got, once it is there. */
export async function arrived({ address }: Account): Promise<string> {
  await expect.poll(() => mails(address).length).toBe(1)
  return mails(address)[0] ?? ''
}
