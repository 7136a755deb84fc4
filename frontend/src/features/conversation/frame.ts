// What the page wants to know of a mail's document. Pure reading; no change is made here.

/**
 * The elements that make up the quoted part, which the server has marked; empty when nothing would
 * be left without them.
 */
export function findQuote(inner: Document): HTMLElement[] {
  const marked = [...inner.querySelectorAll<HTMLElement>('[data-loket-quote]')]
  const elements = marked.flatMap((element) =>
    // Outlook marks only where the quote begins: all that follows belongs to it.
    element.dataset.loketQuote === 'rest' ? [element, ...following(element)] : [element],
  )
  return hasTextWithout(inner, elements) ? elements : []
}

function following(start: HTMLElement): HTMLElement[] {
  const out: HTMLElement[] = []
  for (let at: Element | null = start; at && at.tagName !== 'BODY'; at = at.parentElement)
    for (let next = at.nextElementSibling; next; next = next.nextElementSibling)
      if ('style' in next) out.push(next as HTMLElement)
  return out
}

function hasTextWithout(inner: Document, elements: HTMLElement[]): boolean {
  const walker = inner.createTreeWalker(inner.body, NodeFilter.SHOW_TEXT)
  for (let node = walker.nextNode(); node; node = walker.nextNode())
    if (node.nodeValue?.trim() && !elements.some((element) => element.contains(node))) return true
  return false
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
