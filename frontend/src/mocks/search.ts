// A small search by words over the mock's tickets: enough for the views to show something.
import { HttpResponse } from 'msw'
import type { Message, Ticket } from '../api/types'
import { parts, VALUES, type Term } from '../features/search/language'
import type {
  Piece,
  QueryProblem,
  SearchAnswer,
  SearchHit,
  SearchRequest,
} from '../features/search/types'
import { summary } from './acts'
import type { Db } from './db'
import { on, type ProblemCode } from './typed'

const fold = (text: string) => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()

const wrong = (code: QueryProblem['code'], from: number, to: number, field?: string) => ({
  code,
  from,
  to,
  ...(field ? { field } : {}),
})

function problemOf({ q, typing }: Pick<SearchRequest, 'q' | 'typing'>): QueryProblem | null {
  if (q.length > 1_000) return wrong('too_long', 1_000, q.length)
  if (typing) return null
  if ((q.match(/"/g)?.length ?? 0) % 2) return wrong('unclosed_quote', q.lastIndexOf('"'), q.length)
  let open: number | null = null
  for (const part of parts(q)) {
    if (part.kind === 'open') open = part.from
    if (part.kind === 'close') {
      if (open === null) return wrong('unopened_bracket', part.from, part.to)
      open = null
    }
    if (part.kind !== 'term' || !part.field) continue
    if (!part.value) return wrong('missing_value', part.from, part.to, part.field)
    const known = (VALUES as Partial<Record<string, readonly string[]>>)[part.field]
    if (known && !known.includes(part.value))
      return wrong('unknown_value', part.to - part.value.length, part.to, part.field)
  }
  return open === null ? null : wrong('unclosed_bracket', open, open + 1)
}

const textOf = ({ messages }: Ticket) =>
  messages.map(({ text, quoted_text: quoted }) => `${text}\n${quoted}`).join('\n')

function has(db: Db, ticket: Ticket, { field, value }: Term): boolean {
  const wanted = fold(value.replace(/\*$/, ''))
  const name = (given: { name: string } | null) => given !== null && fold(given.name) === wanted
  const { customer } = ticket
  switch (field) {
    case 'is':
      if (value === 'unread') return ticket.unread
      if (value === 'snoozed') return ticket.snoozed_until !== null
      if (value === 'unassigned') return ticket.assignee === null
      if (value === 'waiting') return ticket.waiting_since !== null
      return ticket.status === value
    case 'from':
    case 'contact':
      return fold(`${customer.name ?? ''} ${customer.address}`).includes(wanted)
    case 'subject':
      return fold(ticket.subject).includes(wanted)
    case 'has':
      if (value === 'tag') return ticket.tags.length > 0
      return value === 'note'
        ? ticket.messages.some(({ kind }) => kind === 'note')
        : ticket.has_attachment
    case 'mailbox':
      return name(ticket.mailbox)
    case 'on':
      return ticket.last_message_at.startsWith(value)
    case 'assignee':
      if (value === 'none') return ticket.assignee === null
      return value === 'me'
        ? ticket.assignee?.id === db.session?.membership.id
        : name(ticket.assignee)
    case 'tag':
      return ticket.tags.some(name)
    case 'priority':
      return ticket.priority === value
    default:
      return fold(
        `${ticket.number} ${ticket.subject} ${customer.name ?? ''} ${customer.address} ${textOf(ticket)}`,
      ).includes(wanted)
  }
}

/** Alternatives, of which each wants all of its terms. */
function alternatives(q: string): Term[][] {
  const found: Term[][] = [[]]
  let depth = 0
  for (const part of parts(q)) {
    if (part.kind === 'open') depth += 1
    else if (part.kind === 'close') depth -= 1
    else if (part.kind === 'or' && depth === 0) found.push([])
    else if (part.kind === 'term' && part.value) found.at(-1)?.push(part)
  }
  return found.filter((terms) => terms.length)
}

const wordsIn = (q: string, fields: (string | null)[]) =>
  alternatives(q)
    .flat()
    .filter(({ field, negated }) => fields.includes(field) && !negated)
    .map(({ value }) => fold(value.replace(/\*$/, '')))
const words = (q: string) => wordsIn(q, [null])

function marked(text: string, wanted: string[]): Piece[] {
  const pieces: Piece[] = []
  for (const piece of text.split(/(\p{L}[\p{L}\p{N}]*|\p{N}+)/u).filter(Boolean)) {
    // A letter or two is in every word.
    const hit = wanted.some((word) =>
      word.length > 2 ? fold(piece).includes(word) : word && fold(piece).startsWith(word),
    )
    const last = pieces.at(-1)
    if (last && last.hit === hit) last.text += piece
    else pieces.push({ text: piece, hit })
  }
  return pieces
}

/** The sentence around the first that was found. */
function excerpt(message: Message, wanted: string[]): Piece[] {
  const text = message.text.replace(/\s+/g, ' ')
  const at = Math.max(0, ...wanted.map((word) => fold(text).indexOf(word)).filter((i) => i >= 0))
  const from = at > 40 ? text.lastIndexOf(' ', at - 40) + 1 : 0
  return marked(`${from ? '…' : ''}${text.slice(from, from + 160)}`, wanted)
}

function hit(ticket: Ticket, wanted: string[]): SearchHit {
  const mails = ticket.messages.filter(({ kind }) => kind !== 'event')
  const best =
    mails.find(({ text }) => wanted.some((word) => fold(text).includes(word))) ?? mails.at(-1)
  return {
    ticket: summary(ticket),
    message_id: best?.id ?? null,
    subject: marked(ticket.subject, wanted),
    snippet: best ? excerpt(best, wanted) : [],
    in_note: best?.kind === 'note',
  }
}

function count<T>(all: T[]): Map<T, number> {
  const counts = new Map<T, number>()
  for (const each of all) counts.set(each, (counts.get(each) ?? 0) + 1)
  return new Map([...counts].sort(([, a], [, b]) => b - a))
}

function countsOf(found: Ticket[]): SearchAnswer['counts'] {
  const names = new Map<string, string>()
  for (const { mailbox, assignee } of found) {
    names.set(mailbox.id, mailbox.name)
    if (assignee) names.set(assignee.id, assignee.name)
  }
  return {
    status: [...count(found.map(({ status }) => status))].map(([value, n]) => ({
      value,
      count: n,
    })),
    mailbox: [...count(found.map(({ mailbox }) => mailbox.id))].map(([value, n]) => ({
      value,
      name: names.get(value) ?? '',
      count: n,
    })),
    year: [...count(found.map(({ last_message_at: at }) => Number(at.slice(0, 4))))].map(
      ([value, n]) => ({ value, count: n }),
    ),
    assignee: [...count(found.map(({ assignee }) => assignee?.id ?? null))].map(([value, n]) => ({
      value,
      name: value ? (names.get(value) ?? null) : null,
      count: n,
    })),
  }
}

function answer(db: Db, request: SearchRequest): SearchAnswer {
  const { q, sort = 'best', limit = 20, cursor } = request
  const wanted = words(q)
  const all = alternatives(q)
  const thrown = /is:(spam|trash)/.test(q)
  const found = [...db.tickets.values()].filter(
    (ticket) =>
      (thrown || !['spam', 'trash'].includes(ticket.status)) &&
      all.some((terms) => terms.every((term) => has(db, ticket, term) !== term.negated)),
  )
  if (sort === 'newest') found.sort((a, b) => b.last_message_at.localeCompare(a.last_message_at))
  if (sort === 'oldest') found.sort((a, b) => a.last_message_at.localeCompare(b.last_message_at))
  const from = Number(cursor ?? 0)
  const names = new Map(found.flatMap(({ contact }) => (contact ? [[contact.id, contact]] : [])))
  const meant = wordsIn(q, [null, 'from'])
  const first = from === 0 && meant.length > 0
  const mentions = (text: string) => meant.every((word) => fold(text).includes(word))
  return {
    items: found.slice(from, from + limit).map((ticket) => hit(ticket, wanted)),
    next_cursor: from + limit < found.length ? String(from + limit) : null,
    total: found.length,
    is_complete: !/\b\w\*/.test(q),
    counts: countsOf(found),
    contacts: first
      ? [...names.values()]
          .filter(({ name, identities: [at] }) => mentions(`${name ?? ''} ${at?.value ?? ''}`))
          .slice(0, 5)
          .map(({ id, name, identities }) => ({
            id,
            name,
            address: identities[0]?.value ?? null,
            blocked: false,
          }))
      : [],
    saved_replies: first
      ? db.replies
          .filter(({ name, text }) => mentions(`${name} ${text}`))
          .slice(0, 5)
          .map(({ id, name }) => ({ id, title: name }))
      : [],
    indexing: db.indexing,
  }
}

const problem = (status: number, code: ProblemCode, members: object = {}) =>
  HttpResponse.json(
    { type: `/problems/${code}`, title: code, status, detail: code, errors: [], ...members },
    { status, headers: { 'content-type': 'application/problem+json' } },
  ) as Response

/** What is answered to a query that is wrong. */
export function refusal(asked: Pick<SearchRequest, 'q' | 'typing'>): Response | null {
  const found = problemOf(asked)
  return found && problem(422, 'invalid-query', { query_problem: found })
}

export const searchHandlers = [
  on('post', '/api/v1/search', async ({ db, body, ok }) => {
    const asked = (await body()) as SearchRequest
    if (!db.searches) return problem(503, 'search-unavailable')
    const refused = refusal(asked)
    if (refused) return refused
    return ok(answer(db, asked))
  }),
  on('post', '/api/v1/tickets/{number}/search', async ({ db, body, ok, params }) => {
    const ticket = db.tickets.get(Number(params.number))
    if (!ticket) return problem(404, 'not-found')
    const { q } = await body()
    const refused = refusal({ q, typing: true })
    if (refused) return refused
    const wanted = words(q)
    return ok({
      messages: ticket.messages
        .filter(({ kind }) => kind !== 'event')
        .map(({ id, text, quoted_text: quoted }) => ({
          message_id: id,
          pieces: marked(quoted ? `${text}\n${quoted}` : text, wanted),
        }))
        .filter(({ pieces }) => pieces.some((piece) => piece.hit)),
    })
  }),
]
