import { body, client } from './http'

export interface IncidentQuestion {
  from: string
  to: string
  user?: string
  mailbox?: string
  aware_at?: string
}

export const getIncidentPackage = (query: IncidentQuestion, signal?: AbortSignal) =>
  body(client.GET('/api/v1/incidents/package', { params: { query }, signal }))
