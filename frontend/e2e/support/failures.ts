import { appendFileSync } from 'node:fs'
import type { Reporter, TestCase, TestResult } from '@playwright/test/reporter'

/** An escape sequence of a terminal's colours. */
const COLOUR = /\u001b\[[\d;]*m/g

/**
 * Writes what has failed in the end, and what only passed when it was tried again, to the file that
 * LOKET_FAILURES names: whoever runs many suites tells it once more where it can be seen.
 */
export default class Failures implements Reporter {
  readonly #file = process.env.LOKET_FAILURES

  onTestEnd(test: TestCase, result: TestResult): void {
    const outcome = test.outcome()
    const last = result.retry === test.retries
    if (!this.#file || (outcome !== 'flaky' && !(outcome === 'unexpected' && last))) return
    const where = test.titlePath().filter(Boolean).join(' › ')
    const errors = test.results.flatMap(({ errors: of }) => of)
    const why = (errors.at(-1)?.message ?? '').replace(COLOUR, '').trim().split('\n').slice(0, 30)
    const lines = [`${outcome === 'flaky' ? 'flaky' : 'failed'}: ${where}`, ...why]
    appendFileSync(this.#file, `${lines.join('\n    ')}\n`)
  }

  printsToStdio(): boolean {
    return false
  }
}
