import { body, client } from './http'
import { Problem } from './problem'
import type { Letter, LetterChange, NewTicketRequest } from './types'

/** The letter that one is writing, if there is one. */
export const getLetter = async (signal?: AbortSignal): Promise<Letter | null> => {
  try {
    return await body(client.GET('/api/v1/letter', { signal }))
  } catch (error) {
    if (error instanceof Problem && error.status === 404) return null
    throw error
  }
}

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
