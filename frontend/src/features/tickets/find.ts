/** What the server can look for: a ticket's number, or a whole address (addresses are sealed). */
export function findable(text: string): string | null {
  const q = text.trim().replace(/^#/, '')
  return /^\d{1,18}$/.test(q) || /^[^\s@]+@[^\s@]+\.[^\s@.]{2,}$/.test(q) ? q : null
}
