// How long an agent waits, from the key to the paint, on a large database. It asserts nothing about
// time: `make bench` holds the figures against what is wanted.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { expect, test, type CDPSession, type Page } from '@playwright/test'
import { score } from './lighthouse'

const {
  LOKET_URL: url = '',
  LOKET_EMAIL: email = '',
  LOKET_PASSWORD: password = '',
  LOKET_LONG_TICKET: long = '',
  BENCH_OUT: out = '',
} = process.env

const WARM_UP = 15
const TIMES = 60
/** Tickets of a day, after those in which the browser compiles most of what is used all day. */
const DAY = 400
const MORNING = 100
const WORKDAY_MS = 8 * 60 * 60 * 1_000
/** How long somebody looks at a ticket who goes on to its neighbour. */
const READING_MS = 400
/** Tickets after which the heap is looked at, early and late in the day. */
const WEIGHED = 10
const SCROLLED_MS = 6_000
/** Messages of the longest ticket. */
const LONG = 2_000
/** How words begin that many tickets have. */
const BEGINNINGS = ['or', 'de', 'in', 'fi', 'be', 're', 'pl', 'gr', 'co', 'ac']
const VIEWS = ['closed', 'pending', 'all', 'on-hold', 'spam', 'open']

test('an agent at work', async ({ page }) => {
  const add = (name: string, took: number[]) => {
    for (const share of [50, 95]) write({ [`${name}: p${share}`]: percentile(took, share) })
  }
  await page.addInitScript(install)
  write({ 'initial JavaScript, gzip': await load(page) })

  await act(page, 'j', 'marked', WARM_UP)
  add('j', await act(page, 'j', 'marked', TIMES))
  add('k', await act(page, 'k', 'marked', TIMES))
  add('open a ticket, prefetched', await act(page, 'j', 'opened', TIMES, READING_MS))
  add('open a ticket from the list', await open(page))
  add('close and move on', await act(page, 'e', 'opened', TIMES, READING_MS))
  add('switch the view', await views(page))
  add('first results while typing', await typing(page))
  add('frame while scrolling', await scroll(page))
  add('frame while scrolling a ticket of 2,000 messages', await scrollTicket(page))

  write({ 'heap after 400 tickets, of before': await day(page) })
})

test('what Lighthouse says', async ({ launchOptions }) => {
  const scores = await score(launchOptions, async (page) => {
    await signIn(page, url)
    const first = page.getByRole('list', { name: 'Inbox' }).getByRole('link').first()
    const ticket = (await first.getAttribute('href')) ?? ''
    return { inbox: `${url}/tickets/open`, ticket: url + ticket }
  })
  const figures: Record<string, number> = {}
  for (const [name, of] of Object.entries(scores))
    for (const [category, percent] of Object.entries(of))
      figures[`Lighthouse ${category}, ${name}`] = percent
  write(figures)
})

/** At once: one that cannot be measured does not take the others with it. */
function write(figures: Record<string, number>): void {
  expect(Object.values(figures).every(Number.isFinite)).toBe(true)
  const text = existsSync(out) ? readFileSync(out, 'utf8') : ''
  const before = text ? (JSON.parse(text) as Record<string, number>) : {}
  writeFileSync(out, JSON.stringify({ ...before, ...figures }, null, 1))
}

async function signIn(page: Page, at = ''): Promise<void> {
  await page.goto(`${at}/sign-in`)
  await page.getByLabel('E-mail address').fill(email)
  await page.getByLabel('Password', { exact: true }).fill(password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await inbox(page)
}

/** Signs in; how much JavaScript comes on a later visit until the list stands there, in kB. */
async function load(page: Page): Promise<number> {
  await signIn(page)
  const scripts = new Map<string, Promise<number>>()
  page.on('response', (response) => {
    if (!/\.js(\?|$)/.test(response.url())) return
    const size = response.body().then(
      (body) => gzipSync(body).length,
      // Of the page that was left.
      () => 0,
    )
    scripts.set(response.url(), size)
  })
  await page.goto('/')
  await inbox(page)
  // What the page fetches when it has nothing else to do may be on its way by now.
  const initial = await page.evaluate(() => {
    const [listed] = performance.getEntriesByName('listed')
    return performance
      .getEntriesByType('resource')
      .filter(({ startTime }) => listed && startTime <= listed.startTime)
      .map(({ name }) => name)
  })
  page.removeAllListeners('response')
  let bytes = 0
  for (const name of initial) bytes += (await scripts.get(name)) ?? 0
  return bytes / 1_000
}

const inbox = (page: Page) =>
  page.getByRole('list', { name: 'Inbox' }).getByRole('link').first().waitFor()

type Sign = 'marked' | 'opened' | 'listed' | 'found'

interface Bench {
  begin: (type: string, sign: Sign) => void
  took: Promise<number>
}
type Benched = typeof window & { bench: Bench }

/**
 * The way to the page over the debugger takes time of its own. So the page itself measures: from the
 * moment at which the browser got the key to the end of the frame that shows what it was for.
 */
function install(): void {
  const PATIENCE_MS = 20_000
  const row = () => document.querySelector('a[aria-current="true"]')?.getAttribute('href') ?? ''
  const inSight = (element: Element) => {
    const { top, bottom } = element.getBoundingClientRect()
    const box = element.closest('[role=region]')?.getBoundingClientRect()
    return box !== undefined && bottom > box.top && top < box.bottom
  }
  /** Not of the ticket that comes next, which stands ready unseen. */
  const seen = (selector: string) =>
    [...document.querySelectorAll(selector)].filter((element) => !element.closest('[inert]'))
  /** The ticket of this address, and what can be seen of its mails: not only their cards. */
  const isOpen = () => {
    const number = /\/(\d+)$/.exec(location.pathname)?.[1]
    const shown = seen('#content h1 + div > span')[0]?.textContent
    const cards = seen('#content [role=region] article')
    return (
      number !== undefined &&
      shown === `#${number}` &&
      cards.length > 0 &&
      cards.every((card) => card.checkVisibility({ opacityProperty: true })) &&
      !cards.flatMap((card) => [...card.querySelectorAll('[aria-busy=true]')]).some(inSight)
    )
  }
  const firstRow = () => document.querySelector('ul[aria-label] > li > a')
  const isListed = () => {
    const first = firstRow()?.getAttribute('href')
    return first?.startsWith(`${location.pathname.replace(/\/$/, '')}/`) === true
  }
  const untilListed = new MutationObserver(() => {
    if (!firstRow()) return
    performance.mark('listed')
    untilListed.disconnect()
  })
  untilListed.observe(document, { childList: true, subtree: true })
  const begin = (type: string, sign: Sign) => {
    const [path, marked] = [location.pathname, row()]
    const is = {
      marked: () => row() !== marked && row() !== '',
      opened: () => location.pathname !== path && isOpen(),
      listed: () => location.pathname !== path && isListed(),
      found: () => document.querySelector('[role=search] [role=option] mark') !== null,
    }[sign]
    bench.took = new Promise((resolve, reject) => {
      const look = (event: Event) => {
        // Before this frame's paint: what is there now is painted by it.
        requestAnimationFrame(() => {
          const is_there = is()
          if (!is_there && performance.now() > event.timeStamp + PATIENCE_MS)
            reject(new Error(`not ${sign} at ${location.pathname}`))
          else if (!is_there) look(event)
          else {
            // After it.
            const { port1, port2 } = new MessageChannel()
            port1.onmessage = () => {
              resolve(performance.now() - event.timeStamp)
            }
            port2.postMessage(null)
          }
        })
      }
      document.addEventListener(type, look, { once: true, capture: true })
    })
  }
  const bench: Bench = { begin, took: Promise.resolve(0) }
  Object.assign(window, { bench })
}

/** From what `input` does to the page until it shows the sign of it, in ms. */
async function time(
  page: Page,
  sign: Sign,
  type: 'keydown' | 'click',
  input: () => Promise<void>,
): Promise<number> {
  await page.evaluate(
    ({ sign, type }) => {
      ;(window as Benched).bench.begin(type, sign)
    },
    { sign, type },
  )
  await input()
  return page.evaluate(() => (window as Benched).bench.took)
}

const rest = (page: Page, ms: number) =>
  page.evaluate((ms) => new Promise((resolve) => setTimeout(resolve, ms)), ms)

/** Presses a key time after time, with so many ms in which one reads. */
async function act(
  page: Page,
  key: string,
  sign: Sign,
  times: number,
  reading = 0,
): Promise<number[]> {
  const took: number[] = []
  for (let count = 0; count < times; count += 1) {
    // Keys come at any point of a frame.
    await rest(page, reading + ((count * 7) % 17))
    took.push(await time(page, sign, 'keydown', () => page.keyboard.press(key)))
  }
  return took
}

/** Clicks on rows that nobody has been near. */
async function open(page: Page): Promise<number[]> {
  const took: number[] = []
  for (let count = 0; count < TIMES; count += 1) {
    const place = await page.evaluate(async () => {
      const scroller = document.querySelector('section[aria-label] [tabindex="-1"]')
      scroller?.scrollBy(0, 300)
      for (let frame = 0; frame < 2; frame += 1) await new Promise(requestAnimationFrame)
      const box = scroller?.getBoundingClientRect()
      return box && { x: box.x + box.width / 2, y: box.y + box.height / 2 }
    })
    if (!place) throw new Error('no list')
    took.push(await time(page, 'opened', 'click', () => page.mouse.click(place.x, place.y)))
    await rest(page, READING_MS)
  }
  return took
}

/** Clicks in the sidebar: each view once as it was never seen, and once more. */
async function views(page: Page): Promise<number[]> {
  const took: number[] = []
  while (took.length < TIMES) {
    await page.goto('/tickets/open')
    await inbox(page)
    for (const view of [...VIEWS, ...VIEWS]) {
      const link = page.getByRole('navigation').locator(`a[href="/tickets/${view}"]`)
      took.push(await time(page, 'listed', 'click', () => link.click()))
      await rest(page, READING_MS)
    }
  }
  return took
}

/** Types the beginning of a word: from its last letter to the first results. */
async function typing(page: Page): Promise<number[]> {
  await page.goto('/tickets/open')
  await inbox(page)
  const form = page.getByRole('search')
  const box = form.getByRole('combobox')
  const took: number[] = []
  for (let count = 0; count < WARM_UP + TIMES; count += 1) {
    const [first = '', second = ''] = BEGINNINGS[count % BEGINNINGS.length] ?? ''
    await box.fill('')
    await form.getByRole('option').locator('mark').first().waitFor({ state: 'detached' })
    await rest(page, READING_MS + ((count * 7) % 17))
    await page.keyboard.press(first)
    took.push(await time(page, 'found', 'keydown', () => page.keyboard.press(second)))
  }
  return took.slice(WARM_UP)
}

/** Each frame's time while the list of everything runs by. */
async function scroll(page: Page): Promise<number[]> {
  await page.goto('/tickets/all')
  await page.getByRole('list', { name: 'All tickets' }).getByRole('link').first().waitFor()
  return frames(page, 'section[aria-label] [tabindex="-1"]', 120)
}

/** Each frame's time while all messages of the longest ticket run by, from the newest upwards. */
async function scrollTicket(page: Page): Promise<number[]> {
  await page.goto(`/tickets/all/${long}`)
  const conversation = page.locator('#content [role=region]')
  await conversation.getByRole('button', { name: /^Show \d+ earlier messages$/ }).click()
  // It begins where the first of those that were shown before is.
  await page.waitForFunction(
    (messages) => document.querySelector(`article[aria-setsize="${messages}"]`) !== null,
    String(LONG),
  )
  await rest(page, READING_MS)
  return frames(page, '#content [role=region]:not([inert] *)', -120)
}

/** Each frame's time while this is scrolled by so many pixels in each. */
async function frames(page: Page, selector: string, by: number): Promise<number[]> {
  return page.evaluate(
    async ([selector, by, duration]) => {
      const scroller = document.querySelector(selector)
      const frame = () => new Promise<number>(requestAnimationFrame)
      const took: number[] = []
      let last = await frame()
      const end = last + duration
      const from = scroller?.scrollTop
      while (last < end) {
        scroller?.scrollBy(0, by)
        const now = await frame()
        took.push(now - last)
        last = now
      }
      if (scroller?.scrollTop === from) throw new Error(`${selector} does not scroll`)
      return took
    },
    [selector, by, SCROLLED_MS] as const,
  )
}

/** Closes tickets until the evening; how many times as much the page holds on to by then. */
async function day(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page)
  // Eight hours pass in a minute: what the page forgets with time it forgets here too.
  await page.clock.install()
  await page.goto('/tickets/open')
  await inbox(page)
  await act(page, 'j', 'opened', 1)
  const work = async (tickets: number) => {
    const heaps: number[] = []
    for (let left = tickets; left > 0; left -= 1) {
      await act(page, 'e', 'opened', 1)
      await page.clock.fastForward(WORKDAY_MS / DAY)
      // What the page holds for a moment comes and goes: the least of a few is what stays.
      if (left <= WEIGHED) heaps.push(await heap(session))
    }
    return Math.min(...heaps)
  }
  const before = await work(MORNING)
  return (await work(DAY)) / before
}

async function heap(session: CDPSession): Promise<number> {
  for (let time = 0; time < 3; time += 1) await session.send('HeapProfiler.collectGarbage')
  const { usedSize } = await session.send('Runtime.getHeapUsage')
  return usedSize
}

function percentile(took: number[], share: number): number {
  const sorted = [...took].sort((a, b) => a - b)
  return sorted[Math.floor((sorted.length * share) / 100)] ?? Number.NaN
}
