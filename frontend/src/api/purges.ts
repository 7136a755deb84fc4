// Forgetting a mailbox: disconnecting it, taking that back, its deletion and the proof of it.
import { body, client } from './http'
import type { Page, Purge, SignedStatement, Uuid } from './types'

const of = (id: Uuid) => ({ path: { id } })

export const getDisconnection = (id: Uuid, signal?: AbortSignal) =>
  body(client.GET('/api/v1/mailboxes/{id}/disconnection', { params: of(id), signal }))

export const disconnectMailbox = (id: Uuid) =>
  body(client.POST('/api/v1/mailboxes/{id}/disconnection', { params: of(id) }))

export const sendFarewell = (id: Uuid, text: string) =>
  body(client.POST('/api/v1/mailboxes/{id}/farewell', { params: of(id), body: { text } }))

/** `password`: of an IMAP mailbox. */
export const reconnectMailbox = (id: Uuid, password: string | null) =>
  body(client.POST('/api/v1/mailboxes/{id}/reconnection', { params: of(id), body: { password } }))

export const keepMailbox = (id: Uuid) =>
  body(client.POST('/api/v1/mailboxes/{id}/keep', { params: of(id) }))

export const listPurges = async (signal?: AbortSignal) =>
  (await body(client.GET('/api/v1/purges', { signal }))).items as Purge[]

export const hastenPurge = async (id: Uuid, proof: { address: string; password: string }) =>
  (
    (await body(
      client.POST('/api/v1/purges/{id}/haste', { params: of(id), body: proof }),
    )) as Page<Purge>
  ).items

export const getStatement = (id: Uuid, signal?: AbortSignal) =>
  body(
    client.GET('/api/v1/statements/{id}', { params: of(id), signal }),
  ) as Promise<SignedStatement>
