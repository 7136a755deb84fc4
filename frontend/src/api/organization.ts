import { body, client } from './http'

export const getOrganization = (signal?: AbortSignal) =>
  body(client.GET('/api/v1/organization', { signal }))

export const updateOrganization = (change: { name?: string; time_zone?: string }) =>
  body(client.PATCH('/api/v1/organization', { body: change }))
