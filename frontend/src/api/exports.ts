// Exports: ZIPs that are made by the server and kept for a week.
import { body, client } from './http'
import type { Export, Uuid } from './types'

const of = (id: Uuid) => ({ path: { id } })

export const listMailboxExports = async (id: Uuid, signal?: AbortSignal) =>
  (await body(client.GET('/api/v1/mailboxes/{id}/exports', { params: of(id), signal })))
    .items as Export[]

export const exportMailbox = (id: Uuid, password: string) =>
  body(client.POST('/api/v1/mailboxes/{id}/exports', { params: of(id), body: { password } }))

export const removeExport = (id: Uuid) =>
  body(client.DELETE('/api/v1/exports/{id}', { params: of(id) }))

export const exportUrl = (id: Uuid) => `/api/v1/exports/${id}/file`
