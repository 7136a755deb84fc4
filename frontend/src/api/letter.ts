import { body, client } from './http'
import type { Letter, LetterChange, NewTicketRequest } from './types'

/** The letter that one is writing, if there is one. */
export const getLetter = (signal?: AbortSignal): Promise<Letter | null> =>
  body(client.GET('/api/v1/letter', { signal }))

export const saveLetter = (
  letter: LetterChange,
  /** Also when the page is left meanwhile. */
  keepalive = false,
) => body(client.PUT('/api/v1/letter', { body: letter, keepalive }))

export const deleteLetter = () => body(client.DELETE('/api/v1/letter'))

export const createTicket = (ticket: NewTicketRequest, key: string) =>
  body(
    client.POST('/api/v1/tickets', {
      params: { header: { 'Idempotency-Key': key } },
      body: ticket,
    }),
  )
