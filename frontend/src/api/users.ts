import { body, client, ifMatch } from './http'
import type { User, UserChange, UserRequest, Uuid } from './types'

const of = (id: Uuid) => ({ path: { id } })

export const listUsers = async (signal?: AbortSignal) =>
  (await body(client.GET('/api/v1/users', { signal }))).items as User[]

export const inviteUser = (user: UserRequest, key: string) =>
  body(client.POST('/api/v1/users', { params: { header: { 'Idempotency-Key': key } }, body: user }))

export const inviteUserAgain = (id: Uuid) =>
  body(client.POST('/api/v1/users/{id}/invitation', { params: of(id) }))

export const updateUser = (id: Uuid, version: number, change: UserChange) =>
  body(
    client.PATCH('/api/v1/users/{id}', {
      params: { ...of(id), header: ifMatch(version) },
      body: change,
    }),
  )

export const countUserTickets = (id: Uuid, signal?: AbortSignal) =>
  body(client.GET('/api/v1/users/{id}/tickets/count', { params: of(id), signal }))
