// Paints what was found over the page's own text, without a change to it.
import { wordsIn, type Place } from './in-ticket'
import type { Piece } from './types'

/** More than these in one message are painted no more: nobody looks at each. */
const MOST = 500

/** Where these words stand in an element. */
export function ranges(element: Element, words: readonly string[]): Range[] {
  const out: Range[] = []
  if (!words.length) return out
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT)
  for (let node = walker.nextNode(); node && out.length < MOST; node = walker.nextNode()) {
    const text = node.nodeValue ?? ''
    // The longest first: `bestelling` and not the `bestel` in it.
    for (let at = 0; at < text.length && out.length < MOST;) {
      const next = words
        .map((word) => ({ word, at: text.indexOf(word, at) }))
        .filter((place) => place.at >= 0)
        .sort((a, b) => a.at - b.at || b.word.length - a.word.length)[0]
      if (!next) break
      const range = document.createRange()
      range.setStart(node, next.at)
      range.setEnd(node, next.at + next.word.length)
      out.push(range)
      at = next.at + next.word.length
    }
  }
  return out
}

const bodies = (id: string) =>
  document.querySelectorAll(`[data-message="${CSS.escape(id)}"] .prose-mail`)

/** Where the highlights are not known (Firefox before 140), the message alone is shown. */
const canPaint = () => 'highlights' in CSS

// Here and not with the other styles: what makes those smaller does not know this yet.
const STYLES = `
  ::highlight(found) { background-color: var(--hit); color: var(--hit-text); }
  ::highlight(found-here) { background-color: var(--hit-here); color: var(--hit-here-text); }`
let sheet: CSSStyleSheet | null = null
function dress(): void {
  if (sheet) return
  sheet = new CSSStyleSheet()
  sheet.replaceSync(STYLES)
  document.adoptedStyleSheets.push(sheet)
}

export function paint(pieces: ReadonlyMap<string, Piece[]>, now: Place | null): Range | null {
  const all: Range[] = []
  let here: Range | null = null
  for (const [id, found] of pieces) {
    const words = wordsIn(found)
    const inMessage = [...bodies(id)].flatMap((body) => ranges(body, words))
    if (now?.message === id) here = inMessage[Math.min(now.nth, inMessage.length - 1)] ?? null
    all.push(...inMessage)
  }
  if (canPaint()) {
    dress()
    CSS.highlights.set('found', new Highlight(...all))
    const one = new Highlight(...(here ? [here] : []))
    one.priority = 1
    CSS.highlights.set('found-here', one)
  }
  return here
}

export function unpaint(): void {
  if (!canPaint()) return
  CSS.highlights.delete('found')
  CSS.highlights.delete('found-here')
}
