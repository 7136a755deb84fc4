import { body, client } from './http'
import type { Policy, PolicyRequest } from './types'

export const listPolicies = async (signal?: AbortSignal) =>
  (await body(client.GET('/api/v1/policies', { signal }))).items as Policy[]

export const getPolicy = (id: string, signal?: AbortSignal) =>
  body(client.GET('/api/v1/policies/{id}', { params: { path: { id } }, signal }))

export const publishPolicy = (policy: PolicyRequest, key: string) =>
  body(
    client.POST('/api/v1/policies', {
      params: { header: { 'Idempotency-Key': key } },
      body: policy,
    }),
  )

export const acknowledgePolicy = (id: string) =>
  body(client.POST('/api/v1/policies/{id}/acknowledgement', { params: { path: { id } } }))
