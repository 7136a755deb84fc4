import { body, client, ifMatch } from './http'
import type { SavedView, SavedViewChange, Uuid } from './types'

const of = (id: Uuid) => ({ params: { path: { id } } })

export const listViews = async (signal?: AbortSignal): Promise<SavedView[]> =>
  (await body(client.GET('/api/v1/views', { signal }))).items

/** By the id of the view; one that is a search has none. */
export const countViews = async (signal?: AbortSignal): Promise<Record<string, number>> =>
  (await body(client.GET('/api/v1/views/counts', { signal }))).counts

export const createView = (view: SavedViewChange) =>
  body(client.POST('/api/v1/views', { body: view }))

export const updateView = (id: Uuid, version: number, view: SavedViewChange) =>
  body(
    client.PUT('/api/v1/views/{id}', {
      params: { path: { id }, header: ifMatch(version) },
      body: view,
    }),
  )

export const deleteView = (id: Uuid) => body(client.DELETE('/api/v1/views/{id}', of(id)))
