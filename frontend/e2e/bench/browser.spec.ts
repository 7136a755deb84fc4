// How long an agent waits, from the key to the paint, on a large database. It asserts nothing about
// time: `make bench` holds the figures against what is wanted.
import { writeFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { expect, test, type CDPSession, type Page } from '@playwright/test'

const { LOKET_EMAIL: email = '', LOKET_PASSWORD: password = '', BENCH_OUT: out = '' } = process.env

const WARM_UP = 15
const TIMES = 60
/** Tickets of a day. */
const DAY = 400
const SCROLLED_MS = 6_000

type Figures = Record<string, number>

test('an agent at work', async ({ page }) => {
  const figures: Figures = {}
  figures['initial JavaScript, gzip'] = await load(page)
  await inbox(page)
  const session = await page.context().newCDPSession(page)
  await install(page)

  await act(page, 'j', WARM_UP)
  figures['j: p95'] = p95(await act(page, 'j', TIMES))
  figures['k: p95'] = p95(await act(page, 'k', TIMES))
  figures['open a ticket, prefetched: p95'] = p95(await open(page, 'j', 400))
  figures['open a ticket from the list: p95'] = p95(await click(page))
  figures['close and move on: p95'] = p95(await open(page, 'e', 400))
  figures['switch the view: p95'] = p95(await views(page))
  figures['frame while scrolling: p95'] = p95(await scroll(page))

  await page.goto('/tickets/open')
  await inbox(page)
  await install(page)
  await open(page, 'j', 0, WARM_UP)
  const before = await heap(session)
  await open(page, 'j', 0, DAY)
  figures['heap after 400 tickets, of before'] = (await heap(session)) / before
  expect(Object.values(figures).every(Number.isFinite)).toBe(true)
  writeFileSync(out, JSON.stringify(figures))
})

/** Signs in; how much JavaScript came until the list stood there, in kB. */
async function load(page: Page): Promise<number> {
  let bytes = 0
  const seen: Promise<void>[] = []
  page.on('response', (response) => {
    if (!/\.js(\?|$)/.test(response.url())) return
    seen.push(
      response.body().then((body) => {
        bytes += gzipSync(body).length
      }),
    )
  })
  await page.goto('/sign-in')
  await page.getByLabel('E-mail address').fill(email)
  await page.getByLabel('Password', { exact: true }).fill(password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await inbox(page)
  await Promise.all(seen)
  page.removeAllListeners('response')
  return bytes / 1_000
}

const inbox = (page: Page) =>
  page.getByRole('list', { name: 'Inbox' }).getByRole('link').first().waitFor()

/** What is measured is measured in the page: the way to it over the debugger takes time of its own. */
async function install(page: Page): Promise<void> {
  await page.evaluate(() => {
    const frame = () =>
      new Promise<void>((resolve) => {
        requestAnimationFrame(() => {
          // After the paint of this frame.
          const { port1, port2 } = new MessageChannel()
          port1.onmessage = () => {
            resolve()
          }
          port2.postMessage(null)
        })
      })
    const until = async (is: () => boolean) => {
      const late = performance.now() + 20_000
      while (!is()) {
        if (performance.now() > late) throw new Error('it does not come')
        await frame()
      }
      await frame()
    }
    const current = () =>
      document.querySelector('a[aria-current="true"]')?.closest('li')?.ariaPosInSet ?? ''
    const shown = () => {
      const number = /\/(\d+)$/.exec(location.pathname)?.[1]
      const title = document.querySelector('#content h1 + p')?.textContent ?? ''
      return Boolean(number) && title.includes(`#${number ?? ''}`)
    }
    const press = (key: string) =>
      document.body.dispatchEvent(
        new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }),
      )
    Object.assign(window, { bench: { frame, until, current, shown, press } })
  })
}

interface Bench {
  frame: () => Promise<void>
  until: (is: () => boolean) => Promise<void>
  current: () => string
  shown: () => boolean
  press: (key: string) => void
}

/** From the key until the next row is marked. */
const act = (page: Page, key: string, times: number) =>
  page.evaluate(
    async ({ key, times }) => {
      const { until, current, press, shown } = (window as unknown as { bench: Bench }).bench
      const took: number[] = []
      for (let time = 0; time < times; time += 1) {
        const before = current()
        const began = performance.now()
        press(key)
        await until(() => current() !== before)
        took.push(performance.now() - began)
        await until(shown)
      }
      return took
    },
    { key, times },
  )

/** From the key until another ticket stands there, after `rest` ms in which one reads. */
const open = (page: Page, key: string, rest: number, times = TIMES) =>
  page.evaluate(
    async ({ key, times, rest }) => {
      const { until, press, shown } = (window as unknown as { bench: Bench }).bench
      const took: number[] = []
      for (let time = 0; time < times; time += 1) {
        await new Promise((resolve) => setTimeout(resolve, rest))
        const before = location.pathname
        const began = performance.now()
        press(key)
        await until(() => location.pathname !== before && shown())
        took.push(performance.now() - began)
      }
      return took
    },
    { key, times, rest },
  )

/** From a click on a row that nobody has been near until its conversation stands there. */
const click = (page: Page) =>
  page.evaluate(async (times) => {
    const { until, frame, shown } = (window as unknown as { bench: Bench }).bench
    const took: number[] = []
    const scroller = document.querySelector('section[aria-label] [tabindex="-1"]')
    for (let time = 0; time < times; time += 1) {
      scroller?.scrollBy(0, 240)
      await frame()
      await frame()
      const rows = [...document.querySelectorAll<HTMLElement>('ul[aria-label] > li > a')]
      const row = rows[Math.floor(rows.length / 2)]
      if (!row || row.ariaCurrent) continue
      const before = location.pathname
      const began = performance.now()
      row.click()
      await until(() => location.pathname !== before && shown())
      took.push(performance.now() - began)
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
    return took
  }, TIMES)

/** From the click in the sidebar until the other list stands there. */
const views = (page: Page) =>
  page.evaluate(async (times) => {
    const { until } = (window as unknown as { bench: Bench }).bench
    const links = [...document.querySelectorAll<HTMLElement>('nav a[href^="/tickets/"]')]
    const wanted = ['/tickets/open', '/tickets/pending', '/tickets/closed', '/tickets/all']
    const took: number[] = []
    for (let time = 0; time < times; time += 1) {
      const path = wanted[time % wanted.length] ?? ''
      const link = links.find((candidate) => candidate.getAttribute('href') === path)
      if (!link) throw new Error(`no link to ${path}`)
      const began = performance.now()
      link.click()
      await until(
        () =>
          location.pathname === path &&
          document
            .querySelector('ul[aria-label] > li > a')
            ?.getAttribute('href')
            ?.startsWith(path) === true,
      )
      took.push(performance.now() - began)
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
    return took
  }, TIMES)

/** Each frame's time while the list of everything runs by. */
async function scroll(page: Page): Promise<number[]> {
  await page.goto('/tickets/all')
  await page.getByRole('list', { name: 'All tickets' }).getByRole('link').first().waitFor()
  return page.evaluate(async (duration) => {
    const scroller = document.querySelector('section[aria-label] [tabindex="-1"]')
    const took: number[] = []
    const end = performance.now() + duration
    let last = performance.now()
    while (last < end) {
      scroller?.scrollBy(0, 120)
      const now = await new Promise<number>((resolve) => requestAnimationFrame(resolve))
      took.push(now - last)
      last = now
    }
    return took
  }, SCROLLED_MS)
}

async function heap(session: CDPSession): Promise<number> {
  for (let time = 0; time < 3; time += 1) await session.send('HeapProfiler.collectGarbage')
  const { usedSize } = await session.send('Runtime.getHeapUsage')
  return usedSize
}

function p95(took: number[]): number {
  const sorted = [...took].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length * 0.95)] ?? Number.NaN
}
