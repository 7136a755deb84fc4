// Closing the organization, and taking everything along before.
import { apiUrl, body, client } from './http'
import type { Closing, Export, SignedStatement, Uuid } from './types'

export const getClosing = async (signal?: AbortSignal): Promise<Closing | null> =>
  (await body(client.GET('/api/v1/organization/closing', { signal }))).closing

export const previewClosing = (signal?: AbortSignal) =>
  body(client.GET('/api/v1/organization/closing/preview', { signal }))

export const askClosing = async (proof: {
  name: string
  password: string
}): Promise<Closing | null> =>
  (await body(client.POST('/api/v1/organization/closing', { body: proof }))).closing

export const confirmClosing = async (token: string): Promise<Closing | null> =>
  (await body(client.POST('/api/v1/organization/closing/confirmation', { body: { token } })))
    .closing

export const undoClosing = () => body(client.DELETE('/api/v1/organization/closing'))

export const listOrganizationExports = async (signal?: AbortSignal) =>
  (await body(client.GET('/api/v1/organization/exports', { signal }))).items as Export[]

export const exportOrganization = (password: string) =>
  body(client.POST('/api/v1/organization/exports', { body: { password } }))

/** Of an organization that is gone: for whoever knows its id. */
export const getClosedStatement = (id: Uuid, signal?: AbortSignal) =>
  body(
    client.GET('/api/v1/closed/{id}', { params: { path: { id } }, signal }),
  ) as Promise<SignedStatement>

export const closedStatementUrl = (id: Uuid) => apiUrl(`/closed/${id}`)
