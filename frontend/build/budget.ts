import { gzipSync } from 'node:zlib'
import type { Plugin } from 'vite'

/** What a browser may have to fetch before the inbox can be used: kB of JavaScript, gzipped. */
const BUDGET_KB = 150

/** What is shown at first to somebody who has signed in. */
const FIRST = [
  'frontend/index.html',
  'features/shell/AppShell.vue',
  'features/tickets/TicketsPage.vue',
]

/** Its words, of which a reader fetches one. */
const WORDS = ['src/i18n/en.ts', 'src/i18n/nl.ts']

/**
 * Fails a build whose first page has grown too heavy: the entry, the shell and the inbox with all
 * that they import (not what they load later). The words of one language
 * count too.
 */
export function budget(): Plugin {
  return {
    name: 'budget',
    apply: 'build',
    writeBundle(_, bundle) {
      const chunks = Object.values(bundle).filter((file) => file.type === 'chunk')
      const byName = new Map(chunks.map((chunk) => [chunk.fileName, chunk]))
      const seen = new Set<string>()
      const visit = (name: string) => {
        if (seen.has(name)) return
        seen.add(name)
        byName.get(name)?.imports.forEach(visit)
      }
      for (const first of FIRST) {
        const chunk = chunks.find(({ facadeModuleId }) => facadeModuleId?.endsWith(first))
        if (!chunk) throw new Error(`budget: ${first} is in no chunk of its own`)
        visit(chunk.fileName)
      }
      const bytes = (name: string) => gzipSync(byName.get(name)?.code ?? '').length
      const words = chunks
        .filter(({ facadeModuleId }) => WORDS.some((file) => facadeModuleId?.endsWith(file)))
        .map(({ fileName }) => bytes(fileName))
      if (words.length !== WORDS.length) throw new Error('budget: where are the words?')
      const sizes = [...seen].map((name) => ({ name, kB: bytes(name) / 1000 }))
      const total = sizes.reduce((sum, { kB }) => sum + kB, Math.max(...words) / 1000)
      this.info(`first page: ${total.toFixed(1)} of ${String(BUDGET_KB)} kB JavaScript (gzip)`)
      if (total <= BUDGET_KB) return
      const heaviest = sizes
        .sort((a, b) => b.kB - a.kB)
        .slice(0, 12)
        .map(({ name, kB }) => `  ${kB.toFixed(1).padStart(6)} ${name}`)
      this.error(`the first page is too heavy:\n${heaviest.join('\n')}`)
    },
  }
}
