// How long a mailbox's mail is kept, and tickets that are kept longer.
import { body, client, ifMatch } from './http'
import type { RetentionRule, Uuid } from './types'

const of = (id: Uuid) => ({ path: { id } })
const changed = (id: Uuid, version: number) => ({ ...of(id), header: ifMatch(version) })
const ticket = (number: number) => ({ path: { number } })

export const getRetention = (id: Uuid, signal?: AbortSignal) =>
  body(client.GET('/api/v1/mailboxes/{id}/retention', { params: of(id), signal }))

export const setRetention = (id: Uuid, version: number, rule: RetentionRule) =>
  body(client.PUT('/api/v1/mailboxes/{id}/retention', { params: changed(id, version), body: rule }))

export const confirmRetention = (id: Uuid, version: number) =>
  body(
    client.POST('/api/v1/mailboxes/{id}/retention/confirmation', { params: changed(id, version) }),
  )

export const exemptTicket = (number: number, reason: string) =>
  body(
    client.PUT('/api/v1/tickets/{number}/exemption', { params: ticket(number), body: { reason } }),
  )

export const endExemption = (number: number) =>
  body(client.DELETE('/api/v1/tickets/{number}/exemption', { params: ticket(number) }))
