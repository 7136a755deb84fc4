// The query language as far as the box needs it: where its parts are, what the caret stands in, and
// putting a term in or taking it out. What a query means, and whether it is right, the server says.

export const FIELDS = [
  'from',
  'to',
  'subject',
  'body',
  'note',
  'file',
  'is',
  'tag',
  'mailbox',
  'has',
  'before',
  'after',
  'on',
  'assignee',
  'team',
  'priority',
  'contact',
  'number',
] as const
export type Field = (typeof FIELDS)[number]

/** What a field takes, where that is a fixed list. */
export const VALUES = {
  is: [
    'open',
    'pending',
    'on_hold',
    'closed',
    'spam',
    'trash',
    'unread',
    'snoozed',
    'unassigned',
    'waiting',
  ],
  has: ['attachment', 'note', 'tag'],
  priority: ['urgent', 'high', 'normal', 'low'],
} as const satisfies Partial<Record<Field, readonly string[]>>

export const DATES = ['today', 'yesterday', '7d', '30d'] as const

export interface Term {
  kind: 'term'
  from: number
  to: number
  negated: boolean
  field: Field | null
  /** Without its quotation marks. */
  value: string
  quoted: boolean
}
export type Part = Term | { kind: 'or' | 'open' | 'close'; from: number; to: number }

const SPACE = /\s/

function term(text: string, from: number): Term {
  const negated = text.startsWith('-')
  const rest = negated ? text.slice(1) : text
  const name = /^([a-z]+):/i.exec(rest)?.[1]?.toLowerCase()
  const field = FIELDS.find((known) => known === name) ?? null
  const given = field ? rest.slice(field.length + 1) : rest
  return {
    kind: 'term',
    from,
    to: from + text.length,
    negated,
    field,
    value: given.replaceAll('"', ''),
    quoted: given.includes('"'),
  }
}

/** Cuts a query into its parts; whatever was typed, none of it is an error. */
export function parts(q: string): Part[] {
  const found: Part[] = []
  let at = 0
  while (at < q.length) {
    const char = q.charAt(at)
    if (SPACE.test(char)) at += 1
    else if (char === '(' || char === ')') {
      found.push({ kind: char === '(' ? 'open' : 'close', from: at, to: at + 1 })
      at += 1
    } else {
      const from = at
      let quoted = false
      while (at < q.length && (quoted || !/[\s()]/.test(q.charAt(at)))) {
        if (q.charAt(at) === '"') quoted = !quoted
        at += 1
      }
      const text = q.slice(from, at)
      found.push(text === 'OR' ? { kind: 'or', from, to: at } : term(text, from))
    }
  }
  return found
}

/** As a value is written: in quotation marks when it would not hold together without. */
export const written = (value: string) => {
  const plain = value.replaceAll('"', '')
  return /[\s()]/.test(plain) || plain === '' ? `"${plain}"` : plain
}

/** The term that the caret stands in or right behind; an empty one between two others. */
export function termAt(q: string, caret: number): Term {
  const found = parts(q).find(
    (part): part is Term => part.kind === 'term' && part.from < caret && caret <= part.to,
  )
  return found ?? { ...term('', caret), to: caret }
}

/** Puts another text in a term's place, and a space behind it unless more is to come. */
export function replaceTerm(q: string, { from, to, negated }: Term, text: string) {
  const open = text.endsWith(':')
  const rest = q.slice(to).replace(/^\s+/, '')
  const before = `${q.slice(0, from)}${negated ? '-' : ''}${text}${open ? '' : ' '}`
  return { text: open ? before + q.slice(to) : before + rest, caret: before.length }
}

function topLevel(q: string): { terms: Term[]; alternatives: boolean } {
  let depth = 0
  let alternatives = false
  const terms: Term[] = []
  for (const part of parts(q)) {
    if (part.kind === 'open') depth += 1
    else if (part.kind === 'close') depth = Math.max(0, depth - 1)
    else if (depth > 0) continue
    else if (part.kind === 'term') terms.push(part)
    else alternatives = true
  }
  return { terms, alternatives }
}

type Which = (value: string) => boolean

/** The term that narrows the whole query by this field, if there is one. */
export function narrowedBy(q: string, field: Field, which: Which = () => true): string | null {
  const { terms, alternatives } = topLevel(q)
  if (alternatives) return null
  const found = terms.find(
    (each) => each.field === field && !each.negated && which(each.value.toLowerCase()),
  )
  return found?.value ?? null
}

/** Narrows the whole query by this field, in the place of what did so before; with nothing, no more. */
export function narrow(q: string, field: Field, value: string | null, which: Which = () => true) {
  const { terms, alternatives } = topLevel(q)
  // Beside an OR a term would belong to one side of it only.
  let text = alternatives ? `(${q.trim()})` : q
  if (!alternatives)
    for (const each of terms.toReversed())
      if (each.field === field && !each.negated && which(each.value.toLowerCase()))
        text = text.slice(0, each.from) + text.slice(each.to)
  text = text.replace(/\s+/g, ' ').trim()
  return value === null ? text : `${text} ${field}:${written(value)}`.trim()
}

/** What of a query is looked for in texts: what to find within one ticket. */
export function plainWords(q: string): string {
  return parts(q)
    .flatMap((part) =>
      part.kind === 'term' &&
      !part.negated &&
      part.value &&
      (part.field === null ||
        part.field === 'subject' ||
        part.field === 'body' ||
        part.field === 'note')
        ? [part.quoted ? `"${part.value}"` : part.value]
        : [],
    )
    .join(' ')
}
