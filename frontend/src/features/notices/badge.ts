// The number of unread notices where a tab shows it: in its title and on its icon.
import { onScopeDispose, watchEffect } from 'vue'

/** `(3) Loket`, and without the number what it was. */
export const titled = (title: string, count: number) => {
  const plain = title.replace(/^\(\d+\+?\) /u, '')
  return count > 0 ? `(${count > 99 ? '99+' : count}) ${plain}` : plain
}

/**
 * The mark with the number on it, as large as sixteen pixels need it; its own ground and the ring
 * hold it apart from a tab of any colour. The page's policy allows images from `data:`.
 */
function icon(count: number): string {
  const text = count > 9 ? '9+' : String(count)
  const wide = text.length * 8 + 14
  const svg =
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">' +
    '<rect width="32" height="32" rx="8" fill="#2b57a7"/>' +
    '<g fill="none" stroke="#fff" stroke-width="2.6" stroke-linecap="round">' +
    '<path d="M9 22.5v-7a7 7 0 0 1 14 0v7"/><path d="M6.5 22.5h19"/></g>' +
    `<rect x="${31 - wide}" y="9" width="${wide}" height="22" rx="7" fill="#c62828" stroke="#fff" stroke-width="2"/>` +
    `<text x="${31 - wide / 2}" y="26.8" font-family="Arial,Helvetica,sans-serif" font-size="19" ` +
    `font-weight="bold" fill="#fff" text-anchor="middle">${text}</text></svg>`
  return `data:image/svg+xml,${encodeURIComponent(svg)}`
}

export function useBadge(count: () => number): void {
  const link = document.querySelector<HTMLLinkElement>('link[rel="icon"]')
  const plain = link?.href
  const show = (n: number) => {
    document.title = titled(document.title, n)
    if (link && plain) link.href = n > 0 ? icon(n) : plain
  }
  watchEffect(() => {
    show(count())
  })
  onScopeDispose(() => {
    show(0)
  })
}
