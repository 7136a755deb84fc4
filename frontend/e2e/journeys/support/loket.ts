// The program as its users run it: a process and what it prints.
import { spawn, type ChildProcess } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { mkdir, rename, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, request } from '@playwright/test'
import type { Mailbox } from '../../../src/api/types'

/** The program that is tested. */
export const PROGRAM =
  process.env.LOKET ?? fileURLToPath(new URL('../../../../target/debug/loket', import.meta.url))

/** Longer than anything takes on a busy machine; only a failure waits for it. */
const PATIENCE_MS = 60_000

export interface Loket {
  /** Where it is, without a slash at the end. */
  url: string
  /** The folder of everything that Loket keeps. */
  home: string
  /** All that it has printed. */
  said: () => string
  /** What stands behind these words on their line. */
  after: (words: string) => string
  /** Waits for its end after Ctrl-C; what it kept stays. */
  stop: () => Promise<void>
  /** Removes what it kept. */
  remove: () => void
}

/** Starts a subcommand in an empty home folder, and waits until it has printed `ready`. */
export async function start(
  subcommand: 'serve' | 'demo',
  ready: RegExp,
  settings: Record<string, string> = {},
): Promise<Loket> {
  const folder = mkdtempSync(join(tmpdir(), 'loket-journey-'))
  const home = join(folder, 'home')
  // What is written beside the home, while it runs, counts as well when it is searched.
  const temporary = join(subcommand === 'serve' ? home : folder, 'tmp')
  mkdirSync(temporary, { recursive: true })
  const { DATABASE_URL: _, ...environment } = process.env
  const child = spawn(PROGRAM, [subcommand, '--home', home, '--listen', '127.0.0.1:0'], {
    env: { ...environment, TMPDIR: temporary, ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  await new Promise<void>((resolve, reject) => {
    const fail = (why: string) => {
      child.kill('SIGKILL')
      reject(new Error(`loket ${subcommand} ${why}:\n${said}`))
    }
    const timer = setTimeout(() => {
      fail('is not ready')
    }, PATIENCE_MS)
    const listen = (chunk: Buffer) => {
      said += chunk.toString()
      if (!ready.test(said)) return
      clearTimeout(timer)
      resolve()
    }
    child.stdout.on('data', listen)
    child.stderr.on('data', listen)
    child.on('error', (error) => {
      fail(error.message)
    })
    child.on('exit', (code) => {
      fail(`ended with ${String(code)}`)
    })
  })
  const after = (words: string) => {
    const line = said.split('\n').find((candidate) => candidate.includes(words))
    if (line === undefined) throw new Error(`no “${words}” in:\n${said}`)
    return line.slice(line.indexOf(words) + words.length).trim()
  }
  return {
    url: after(subcommand === 'serve' ? 'Loket is at' : 'demo is at'),
    home,
    said: () => said,
    after,
    stop: () => ended(child),
    remove: () => {
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Starts a demo, and waits until its mail has come in: a mail that comes while one answers stops it. */
export async function startDemo(settings: Record<string, string> = {}): Promise<Loket> {
  const loket = await start('demo', /Ctrl-C ends/, settings)
  const account = await request.newContext({
    baseURL: loket.url,
    extraHTTPHeaders: { origin: loket.url },
  })
  const data = { email: loket.after('sign in as'), password: loket.after('password') }
  await account.post('/api/v1/session', { data, failOnStatusCode: true })
  const mailboxes = async () => {
    const answer = await account.get('/api/v1/mailboxes', { failOnStatusCode: true })
    return ((await answer.json()) as { items: Mailbox[] }).items
  }
  await expect
    .poll(async () => (await mailboxes()).map(({ state }) => state), { timeout: PATIENCE_MS })
    .toEqual(['active'])
  await account.dispose()
  return loket
}

/** Puts a mail into the demo's mailbox, as a provider does. */
export async function deliver(loket: Loket, name: string, mail: string): Promise<void> {
  const folder = loket.after("the shop's mailbox")
  await mkdir(join(folder, 'tmp'), { recursive: true })
  const file = `${String(Date.now())}.${name}.example`
  await writeFile(join(folder, 'tmp', file), mail)
  await rename(join(folder, 'tmp', file), join(folder, 'new', file))
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const end = new Promise<number | null>((resolve) => {
    child.once('exit', resolve)
  })
  child.kill('SIGINT')
  const code = await end
  if (code !== 0) throw new Error(`loket ended with ${String(code)}`)
}
