// What the page wants to know of a mail's document. Pure reading; no change is made here.

// Where mail programs put what they quote, in order of how sure it is.
const QUOTES = [
  '[data-loket-quote]',
  '.gmail_quote_container',
  '.gmail_quote',
  'blockquote[type=cite]',
  '.moz-cite-prefix',
  '#appendonsend',
  '#divRplyFwdMsg',
  '.yahoo_quoted',
  '.protonmail_quote',
]

/** The elements that make up the quoted part; empty when nothing would be left without them. */
export function findQuote(inner: Document): HTMLElement[] {
  for (const selector of QUOTES) {
    const start = [...inner.querySelectorAll<HTMLElement>(selector)].find(
      (element) => !element.parentElement?.closest(selector),
    )
    if (!start) continue
    // Outlook marks only where the quote begins: all that follows belongs to it.
    const onlyStart = ['#appendonsend', '#divRplyFwdMsg', '.moz-cite-prefix'].includes(selector)
    const elements = onlyStart ? [start, ...following(start)] : [start]
    return textWithout(inner, elements).trim() === '' ? [] : elements
  }
  return []
}

function following(start: HTMLElement): HTMLElement[] {
  const out: HTMLElement[] = []
  for (let next = start.nextElementSibling; next; next = next.nextElementSibling)
    if ('style' in next) out.push(next as HTMLElement)
  return out
}

function textWithout(inner: Document, elements: HTMLElement[]): string {
  const walker = inner.createTreeWalker(inner.body, NodeFilter.SHOW_TEXT)
  let text = ''
  for (let node = walker.nextNode(); node; node = walker.nextNode())
    if (!elements.some((element) => element.contains(node))) text += node.nodeValue ?? ''
  return text
}

/** Whether the mail was laid out on a ground of its own, so that a dark one would break it. */
export function hasOwnColours(inner: Document): boolean {
  if (inner.querySelector('[bgcolor], [background], font[color], img:not([width="1"])')) return true
  const styled = [...inner.querySelectorAll<HTMLElement>('[style]')]
  return styled.some(
    ({ style }) =>
      style.background !== '' ||
      style.backgroundColor !== '' ||
      (style.color !== '' && !/^(inherit|black|rgb\(0, 0, 0\)|windowtext)$/i.test(style.color)),
  )
}
