interface Part {
  text: string
  href?: string
}

// Only what starts like an address on the web or of a mailbox; never javascript:, data: or file:.
const LINK = /\bhttps?:\/\/[^\s<>"']+|\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+/giu
// A sentence's own punctuation after a link does not belong to it.
const TAIL = /[.,;:!?…]+$/u

/** Cuts plain text into links and what stands between them. */
export function linkify(text: string): Part[] {
  const parts: Part[] = []
  let end = 0
  for (const match of text.matchAll(LINK)) {
    let link = match[0].replace(TAIL, '')
    while (link.endsWith(')') && !link.includes('(')) link = link.slice(0, -1)
    if (match.index > end) parts.push({ text: text.slice(end, match.index) })
    parts.push({ text: link, href: /^https?:/i.test(link) ? link : `mailto:${link}` })
    end = match.index + link.length
  }
  if (end < text.length) parts.push({ text: text.slice(end) })
  return parts
}
