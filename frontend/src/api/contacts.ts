import { body, client } from './http'
import type { ContactChange, ContactProfile, Page, Uuid } from './types'

const of = (id: Uuid) => ({ params: { path: { id } } })

export interface ContactFilter {
  /** A whole e-mail address. */
  address?: string
  blocked?: true
}

const PAGE_SIZE = 50

export const listContacts = (
  filter: ContactFilter,
  cursor: string | null,
  signal?: AbortSignal,
): Promise<Page<ContactProfile>> =>
  body(
    client.GET('/api/v1/contacts', {
      params: { query: { ...filter, cursor: cursor ?? undefined, limit: PAGE_SIZE } },
      signal,
    }),
  ) as Promise<Page<ContactProfile>>

export const getContact = (id: Uuid, signal?: AbortSignal) =>
  body(client.GET('/api/v1/contacts/{id}', { ...of(id), signal }))

export const updateContact = (id: Uuid, change: ContactChange) =>
  body(client.PUT('/api/v1/contacts/{id}', { ...of(id), body: change }))

export const blockContact = (id: Uuid, blocked: boolean) =>
  body(client.PUT('/api/v1/contacts/{id}/block', { ...of(id), body: { blocked } }))

/** The first goes up in the second. */
export const mergeContact = (id: Uuid, into: Uuid) =>
  body(client.POST('/api/v1/contacts/{id}/merge', { ...of(id), body: { into } }))
