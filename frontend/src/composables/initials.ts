/** The first letters of the first and the last word of a name, or of an address before its `@`. */
export function initialsOf(name: string): string {
  const words = name
    .replace(/@.*/, '')
    .split(/[\s._-]+/)
    .filter(Boolean)
  const first = words[0]?.[Symbol.iterator]().next().value ?? '?'
  const last = words.length > 1 ? (words.at(-1)?.[Symbol.iterator]().next().value ?? '') : ''
  return (first + last).toLocaleUpperCase()
}
