import { body, client, ifMatch } from './http'
import type { Page, SavedReply, SavedReplyChange, Uuid } from './types'

export interface SavedReplyFilter {
  /** Words of the name or the text. */
  q?: string
  scope?: SavedReply['scope']
  /** Without those of other mailboxes. */
  mailbox?: Uuid
}

export const listSavedReplies = (
  filter: SavedReplyFilter,
  cursor: string | null,
  limit: number,
  signal?: AbortSignal,
): Promise<Page<SavedReply>> =>
  body(
    client.GET('/api/v1/saved-replies', {
      params: { query: { ...filter, cursor: cursor ?? undefined, limit } },
      signal,
    }),
  ) as Promise<Page<SavedReply>>

export const createSavedReply = (reply: SavedReplyChange) =>
  body(client.POST('/api/v1/saved-replies', { body: reply }))

export const updateSavedReply = (id: Uuid, version: number, reply: SavedReplyChange) =>
  body(
    client.PUT('/api/v1/saved-replies/{id}', {
      params: { path: { id }, header: ifMatch(version) },
      body: reply,
    }),
  )

/** The one of this id; nothing if it has been removed, or is no longer for whoever asks. */
export const findSavedReply = async (id: Uuid): Promise<SavedReply | null> => {
  const page = (await body(
    client.GET('/api/v1/saved-replies', { params: { query: { id } } }),
  )) as Page<SavedReply>
  return page.items[0] ?? null
}

export const deleteSavedReply = (id: Uuid) =>
  body(client.DELETE('/api/v1/saved-replies/{id}', { params: { path: { id } } }))
