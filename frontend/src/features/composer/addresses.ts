import type { EmailAddress, Message, ReplyDefaults } from '@/api/types'

const ADDRESS = /^[^\s@<>,;"]+@[^\s@<>,;"]+\.[^\s@<>,;".]{2,}$/u

const isAddress = (text: string) => ADDRESS.test(text)

/** Reads `Name <a@b.nl>, c@d.nl; …` as people paste it; what is no address is left over. */
export function parseAddresses(text: string): { found: EmailAddress[]; rest: string[] } {
  const found: EmailAddress[] = []
  const rest: string[] = []
  for (const piece of splitOutsideQuotes(text)) {
    const match = /^(.*?)<([^<>]+)>$/u.exec(piece)
    const address = (match?.[2] ?? piece).trim()
    const name = match?.[1]?.trim().replace(/^"(.*)"$/u, '$1') ?? ''
    if (isAddress(address)) found.push({ name: name || null, address })
    else rest.push(piece)
  }
  return { found, rest }
}

// `"Jansen, Piet" <p@j.nl>` has a comma that separates nothing.
function splitOutsideQuotes(text: string): string[] {
  const pieces: string[] = []
  let piece = ''
  let quoted = false
  for (const character of text) {
    if (character === '"') quoted = !quoted
    if (!quoted && /[,;\n\t]/u.test(character)) {
      pieces.push(piece)
      piece = ''
    } else piece += character
  }
  pieces.push(piece)
  return pieces.map((entry) => entry.trim()).filter(Boolean)
}

const same = (a: string, b: string) => a.toLowerCase() === b.toLowerCase()

/** `extra` added to `list`, each address once. */
export function merge(list: EmailAddress[], extra: EmailAddress[]): EmailAddress[] {
  const out = [...list]
  for (const entry of extra)
    if (!out.some(({ address }) => same(address, entry.address))) out.push(entry)
  return out
}

/** Whom an answer goes to at first: the server knows who was addressed and which addresses are ours. */
export function recipientsOf(
  { to, cc, others }: ReplyDefaults,
  mode: 'reply' | 'reply_all',
): { to: EmailAddress[]; cc: EmailAddress[] } {
  return { to: mode === 'reply_all' ? merge(to, others) : [...to], cc: [...cc] }
}

/** The same people, with the names that the conversation knows for them. */
export function named(list: EmailAddress[], messages: Message[]): EmailAddress[] {
  const people = messages.flatMap(({ from, to, cc, bcc }) => [
    ...(from ? [from] : []),
    ...to,
    ...cc,
    ...bcc,
  ])
  return list.map(
    (entry) =>
      (entry.name ? entry : undefined) ??
      people.find((person) => person.name && same(person.address, entry.address)) ??
      entry,
  )
}
