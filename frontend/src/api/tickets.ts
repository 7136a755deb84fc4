import { body, client, ifMatch } from './http'
import type {
  CustomerChange,
  DraftChange,
  DraftKind,
  NoteRequest,
  Page,
  Priority,
  ReplyRequest,
  TicketChange,
  TicketStatus,
  TicketSummary,
  Uuid,
} from './types'
import { settle } from './unsaved'

export interface TicketFilter {
  status: TicketStatus | 'all'
  /** `me`, `none`, or a user's id. */
  assignee?: string
  mailbox?: Uuid
  /** Those that sleep, and no others. */
  snoozed?: boolean
  priority?: Priority
  /** `none`, or a team's id. */
  team?: string
  tag?: Uuid
  /** A ticket number or an e-mail address. */
  q?: string
  has_attachment?: boolean
  /** Only what one has not read. */
  unread?: true
  /** Only those with a note that names one. */
  mentioned?: 'me'
  /** Only those on which one has begun to write. */
  draft?: true
  contact?: Uuid
  /** Days, such as 2026-11-26. */
  since?: string
  until?: string
  /** The zone of these days. */
  zone?: string
  sort?: 'newest' | 'oldest'
}

const PAGE_SIZE = 50

const of = (number: number) => ({ path: { number } })
const message = (id: Uuid) => ({ params: { path: { id } } })

export const listTickets = (
  filter: TicketFilter,
  cursor: string | null,
  signal?: AbortSignal,
): Promise<Page<TicketSummary>> =>
  body(
    client.GET('/api/v1/tickets', {
      params: { query: { ...filter, cursor: cursor ?? undefined, limit: PAGE_SIZE } },
      signal,
    }),
  ) as Promise<Page<TicketSummary>>

export const getTicketCounts = (signal?: AbortSignal) =>
  body(client.GET('/api/v1/tickets/counts', { signal }))

export const getTicket = (number: number) =>
  body(client.GET('/api/v1/tickets/{number}', { params: of(number) }))

/** A conversation shows so many mails at first: their HTML comes with it. */
const WITH_HTML = 6

/** A ticket to be shown. */
export const openTicket = (number: number, signal?: AbortSignal) =>
  body(
    client.GET('/api/v1/tickets/{number}', {
      params: { ...of(number), query: { with_html: WITH_HTML } },
      signal,
    }),
  )

/** A mail's HTML, cleaned, for a frame. */
export const getMessageHtml = (id: Uuid, remoteImages: boolean) =>
  body(
    client.GET('/api/v1/messages/{id}/html', {
      params: { path: { id }, query: { remote_images: remoteImages } },
      parseAs: 'text',
    }),
  )

export const updateTicket = (number: number, version: number, change: TicketChange) =>
  body(
    client.PATCH('/api/v1/tickets/{number}', {
      params: { ...of(number), header: ifMatch(version) },
      body: change,
    }),
  )

export const readTicket = (number: number) =>
  body(client.POST('/api/v1/tickets/{number}/read', { params: of(number) }))

export const createReply = (number: number, reply: ReplyRequest, key: string) =>
  body(
    client.POST('/api/v1/tickets/{number}/replies', {
      params: { ...of(number), header: { 'Idempotency-Key': key } },
      body: reply,
    }),
  )

export const createNote = (number: number, note: NoteRequest, key: string) =>
  body(
    client.POST('/api/v1/tickets/{number}/notes', {
      params: { ...of(number), header: { 'Idempotency-Key': key } },
      body: note,
    }),
  )

const draftOf = (number: number, kind: DraftKind) => ({ ...of(number), query: { kind } })

export const getDraft = (number: number, kind: DraftKind) =>
  body(client.GET('/api/v1/tickets/{number}/draft', { params: draftOf(number, kind) }))

export const saveDraft = (
  number: number,
  kind: DraftKind,
  draft: DraftChange,
  /** Also when the page is left meanwhile. */
  keepalive = false,
) =>
  body(
    client.PUT('/api/v1/tickets/{number}/draft', {
      params: draftOf(number, kind),
      body: draft,
      keepalive,
    }),
  )

export const deleteDraft = (number: number, kind: DraftKind) =>
  body(client.DELETE('/api/v1/tickets/{number}/draft', { params: draftOf(number, kind) }))

export const updateCustomer = (number: number, change: CustomerChange) =>
  body(client.PUT('/api/v1/tickets/{number}/customer', { params: of(number), body: change }))

/** The ticket goes up in the one that it is related to. */
export const attachTicket = (number: number) =>
  body(client.POST('/api/v1/tickets/{number}/attach', { params: of(number) }))

/** Undo: the answer becomes a draft again, joined with what has been begun since. */
export const cancelMessage = async (id: Uuid) => {
  await settle()
  return body(client.POST('/api/v1/messages/{id}/cancel', message(id)))
}

export const retryMessage = (id: Uuid) =>
  body(client.POST('/api/v1/messages/{id}/retry', message(id)))

/** Somebody knows that an answer arrived of which Loket could not know it. */
export const markMessageSent = (id: Uuid) =>
  body(client.POST('/api/v1/messages/{id}/sent', message(id)))

export const confirmMessage = (id: Uuid) =>
  body(client.POST('/api/v1/messages/{id}/confirm', message(id)))
