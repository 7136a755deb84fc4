import { body, client } from './http'
import type { DisclosureRequest, RegisterHostChange } from './types'

export const getRegister = (signal?: AbortSignal) =>
  body(client.GET('/api/v1/register', { signal }))

export const updateRegisterHost = (host: string, change: RegisterHostChange) =>
  body(client.PUT('/api/v1/register/hosts/{host}', { params: { path: { host } }, body: change }))

export const createDisclosure = (disclosure: DisclosureRequest, key: string) =>
  body(
    client.POST('/api/v1/register/disclosures', {
      params: { header: { 'Idempotency-Key': key } },
      body: disclosure,
    }),
  )
