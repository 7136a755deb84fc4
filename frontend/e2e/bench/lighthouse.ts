// Lighthouse's scores of pages that are signed in to, in the Chromium of the tests, as a desktop.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium, type LaunchOptions, type Page } from '@playwright/test'
import lighthouse, { desktopConfig, type Result } from 'lighthouse'

const CATEGORIES = ['performance', 'accessibility', 'best-practices']
/** The stream of events never ends, so the page is never done. */
const LOADED_MS = 15_000
/** How often each page is loaded: an odd number, of whose scores the middle one counts. */
const TIMES = 3
/** How often that is tried. */
const RUNS = 3

type Scores = Record<string, number>

/** The scores in percent, by the category's name, of the pages that `signIn` names. */
export async function score(
  options: LaunchOptions,
  signIn: (page: Page) => Promise<Record<string, string>>,
): Promise<Record<string, Scores>> {
  const profile = mkdtempSync(join(tmpdir(), 'loket-lighthouse-'))
  // One profile, so that the page that Lighthouse opens has the session's cookie.
  const context = await chromium.launchPersistentContext(profile, {
    ...options,
    args: [...(options.args ?? []), '--remote-debugging-port=0'],
  })
  try {
    const page = context.pages()[0] ?? (await context.newPage())
    const pages = await signIn(page)
    await page.goto('about:blank')
    const [port] = readFileSync(join(profile, 'DevToolsActivePort'), 'utf8').split('\n')
    const scores: Record<string, Scores> = {}
    for (const [name, url] of Object.entries(pages))
      scores[name] = await scoresOf(url, Number(port))
    return scores
  } finally {
    await context.close()
    rmSync(profile, { recursive: true, force: true })
  }
}

async function scoresOf(url: string, port: number): Promise<Scores> {
  const all = new Map<string, number[]>()
  for (let time = 0; time < TIMES; time += 1) {
    const lhr = await audit(url, port)
    // Where one is not signed in there is another page.
    if (lhr.finalDisplayedUrl !== url) throw new Error(`${url} led to ${lhr.finalDisplayedUrl}`)
    for (const { id, score } of Object.values(lhr.categories))
      all.set(id, [...(all.get(id) ?? []), Math.round((score ?? 0) * 100)])
  }
  const middle = (scores: number[]) => scores.sort((a, b) => a - b)[(TIMES - 1) / 2] ?? 0
  return Object.fromEntries([...all].map(([id, scores]) => [id, middle(scores)]))
}

/** It asks itself to be run again where the machine was too busy to record the page. */
async function audit(url: string, port: number): Promise<Result> {
  let reason = ''
  for (let run = 0; run < RUNS; run += 1) {
    const result = await lighthouse(
      url,
      {
        port,
        disableStorageReset: true,
        onlyCategories: CATEGORIES,
        maxWaitForLoad: LOADED_MS,
        logLevel: 'silent',
      },
      desktopConfig,
    )
    if (result && !result.lhr.runtimeError) return result.lhr
    reason = result?.lhr.runtimeError?.message ?? 'no result'
  }
  throw new Error(`Lighthouse did not load ${url}: ${reason}`)
}
