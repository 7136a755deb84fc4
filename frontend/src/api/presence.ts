import { body, client } from './http'
import type { Presence, PresenceState } from './types'

export const listPresence = async (signal?: AbortSignal): Promise<Presence[]> =>
  (await body(client.GET('/api/v1/presence', { signal }))).items

export const tellPresence = (number: number, state: PresenceState) =>
  body(
    client.POST('/api/v1/tickets/{number}/presence', {
      params: { path: { number } },
      body: { state },
      // Also while the page is being left.
      keepalive: true,
    }),
  )
