import { body, client, ifMatch } from './http'

export const getOrganization = (signal?: AbortSignal) =>
  body(client.GET('/api/v1/organization', { signal }))

export const updateOrganization = (
  version: number,
  change: { name?: string; time_zone?: string },
) =>
  body(client.PATCH('/api/v1/organization', { params: { header: ifMatch(version) }, body: change }))
