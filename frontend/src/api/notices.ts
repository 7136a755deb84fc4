import { body, client } from './http'
import type { OwnSettingsChange, Uuid } from './types'

export const listNotices = (cursor: Uuid | null, signal?: AbortSignal) =>
  body(
    client.GET('/api/v1/notices', { params: { query: { cursor: cursor ?? undefined } }, signal }),
  )

/** These have been read; all, when none are named. */
export const readNotices = (ids: Uuid[] | null) =>
  body(client.POST('/api/v1/notices/read', { body: { ids } }))

export const getOwnSettings = (signal?: AbortSignal) =>
  body(client.GET('/api/v1/profile/settings', { signal }))

export const saveOwnSettings = (settings: OwnSettingsChange) =>
  body(client.PUT('/api/v1/profile/settings', { body: settings }))
