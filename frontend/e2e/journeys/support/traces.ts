// Looks for words in every file below a folder, in the spellings that a leak would have.
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** “file: word as spelling” for each find, and how many files were read. */
export function traces(folder: string, words: string[]): { files: number; found: string[] } {
  const found: string[] = []
  let files = 0
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    const path = join(folder, name)
    let bytes: Buffer
    try {
      if (!statSync(path).isFile()) continue
      bytes = readFileSync(path)
    } catch (error) {
      // A write-ahead log goes when its database is closed.
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') continue
      throw error
    }
    files += 1
    const whole = Buffer.concat([Buffer.from(name), bytes])
    const lower = Buffer.from(whole.toString('latin1').toLowerCase(), 'latin1')
    for (const word of words)
      for (const [spelling, needle, folded] of spellings(word))
        if ((folded ? lower : whole).includes(needle)) found.push(`${name}: ${word} as ${spelling}`)
  }
  return { files, found }
}

function* spellings(word: string): Generator<[string, Buffer, boolean]> {
  const folded = word.toLowerCase()
  const utf16 = Buffer.from(folded, 'utf16le')
  yield ['plain', Buffer.from(folded), true]
  yield ['UTF-16LE', utf16, true]
  yield ['UTF-16BE', Buffer.from(utf16).swap16(), true]
  yield ['hex', Buffer.from(Buffer.from(word).toString('hex')), true]
  // The characters that stand for the word wherever it begins in a group of three bytes.
  for (const shift of [0, 1, 2]) {
    const text = Buffer.concat([Buffer.alloc(shift), Buffer.from(word)]).toString('base64')
    const first = Math.ceil((shift * 8) / 6)
    const last = Math.floor(((shift + Buffer.byteLength(word)) * 8) / 6)
    yield ['base64', Buffer.from(text.slice(first, last)), false]
  }
}
