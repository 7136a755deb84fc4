// The number of unread notices where a tab shows it: in its title and on its icon.
import { onScopeDispose, watchEffect } from 'vue'

/** `(3) Loket`, and without the number what it was. */
export const titled = (title: string, count: number) => {
  const plain = title.replace(/^\(\d+\+?\) /u, '')
  return count > 0 ? `(${count > 99 ? '99+' : count}) ${plain}` : plain
}

/** The mark, with a dot when something is unread. */
export function icon(unread: boolean): string {
  const dot = unread ? '<circle cx="25" cy="7" r="7" fill="#e5484d" stroke="#fff"/>' : ''
  const svg =
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">' +
    '<rect width="32" height="32" rx="8" fill="#4c54d8"/>' +
    '<g fill="none" stroke="#fff" stroke-width="2.6" stroke-linecap="round">' +
    `<path d="M9 22.5v-7a7 7 0 0 1 14 0v7"/><path d="M6.5 22.5h19"/></g>` +
    `<circle cx="16" cy="16.2" r="2.5" fill="#fff"/>${dot}</svg>`
  return `data:image/svg+xml,${encodeURIComponent(svg)}`
}

export function useBadge(count: () => number): void {
  const link = document.querySelector<HTMLLinkElement>('link[rel="icon"]')
  const plain = link?.href
  const show = (n: number) => {
    document.title = titled(document.title, n)
    if (link && plain) link.href = n > 0 ? icon(true) : plain
  }
  watchEffect(() => {
    show(count())
  })
  onScopeDispose(() => {
    show(0)
  })
}
