// Legal holds: what they name is not deleted until they end.
import { body, client } from './http'
import type { Hold, HoldRequest, Uuid } from './types'

export const listHolds = async (signal?: AbortSignal) =>
  (await body(client.GET('/api/v1/holds', { signal }))).items as Hold[]

export const createHold = (hold: HoldRequest) => body(client.POST('/api/v1/holds', { body: hold }))

export const endHold = (id: Uuid) =>
  body(client.POST('/api/v1/holds/{id}/end', { params: { path: { id } } }))
