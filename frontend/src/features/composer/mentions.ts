// Colleagues and teams named in a note, as `@Name`.
export interface Nameable {
  id: string
  name: string
  team?: boolean
}

/** What is being typed after an `@`, up to the cursor; null when nothing is. */
export function asked(before: string): string | null {
  const match = /(?:^|[\s(])@([\p{L}\p{N}.'’ -]*)$/u.exec(before)
  return match?.[1] ?? null
}

/** Those whose name, or a part of it, begins so: nobody once more than a name was typed. */
export function offered<P extends Nameable>(people: P[], typed: string): P[] {
  const wanted = ` ${typed.toLowerCase()}`
  return people.filter(({ name }) => ` ${name.toLowerCase()}`.includes(wanted))
}

/** Where the text names somebody. Of `@Anna Bos` it is Anna Bos, and not Anna too. */
export function namings(text: string, people: Nameable[]): { at: number; person: Nameable }[] {
  const longest = [...people].sort((a, b) => b.name.length - a.name.length)
  // Not the one in an address.
  return [...text.matchAll(/(?<![\p{L}\p{N}._+-])@/gu)].flatMap(({ index }) => {
    const rest = text.slice(index + 1)
    const person = longest.find(
      ({ name }) =>
        rest.slice(0, name.length).toLowerCase() === name.toLowerCase() &&
        !/^[\p{L}\p{N}]/u.test(rest.slice(name.length)),
    )
    return person ? [{ at: index, person }] : []
  })
}

/** Whom the text names, each once. */
export const mentioned = (text: string, people: Nameable[]): string[] => [
  ...new Set(namings(text, people).map(({ person }) => person.id)),
]
