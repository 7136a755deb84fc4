// What is done with tickets beside answering them, and the words that are put on them.
import { body, client, ifMatch, newIdempotencyKey } from './http'
import type {
  BulkRequest,
  MergeRequest,
  Tag,
  TagChange,
  TagRequest,
  Team,
  TeamChange,
  TeamRequest,
  Uuid,
} from './types'

const of = (number: number) => ({ path: { number } })
const at = (number: number, version: number) => ({
  params: { ...of(number), header: ifMatch(version) },
})
const byId = (id: Uuid) => ({ path: { id } })
const changed = (id: Uuid, version: number) => ({ ...byId(id), header: ifMatch(version) })
const once = () => ({ header: { 'Idempotency-Key': newIdempotencyKey() } })

export const mergeTicket = (number: number, merge: MergeRequest) =>
  body(client.POST('/api/v1/tickets/{number}/merge', { params: of(number), body: merge }))

export const moveTicket = (number: number, version: number, mailbox: Uuid) =>
  body(
    client.POST('/api/v1/tickets/{number}/move', {
      ...at(number, version),
      body: { mailbox_id: mailbox },
    }),
  )

export const restoreTicket = (number: number, version: number) =>
  body(client.POST('/api/v1/tickets/{number}/restore', at(number, version)))

/** For good, in ten minutes. */
export const deleteTicket = (number: number, version: number) =>
  body(client.POST('/api/v1/tickets/{number}/deletion', at(number, version)))

export const followTicket = (number: number) =>
  body(client.PUT('/api/v1/tickets/{number}/followers/me', { params: of(number) }))

export const unfollowTicket = (number: number) =>
  body(client.DELETE('/api/v1/tickets/{number}/followers/me', { params: of(number) }))

const follower = (number: number, id: Uuid) => ({ params: { path: { number, id } } })

export const addFollower = (number: number, id: Uuid) =>
  body(client.PUT('/api/v1/tickets/{number}/followers/{id}', follower(number, id)))

export const removeFollower = (number: number, id: Uuid) =>
  body(client.DELETE('/api/v1/tickets/{number}/followers/{id}', follower(number, id)))

export const changeTickets = (request: BulkRequest) =>
  body(client.POST('/api/v1/tickets/bulk', { body: request }))

/** The message becomes a ticket of its own, which is given back. */
export const splitMessage = (id: Uuid) =>
  body(client.POST('/api/v1/messages/{id}/split', { params: { ...byId(id), ...once() } }))

export const undoAct = (id: Uuid) =>
  body(client.POST('/api/v1/acts/{id}/undo', { params: byId(id) }))

export const listTags = (q: string, cursor: string | null, signal?: AbortSignal) =>
  body(
    client.GET('/api/v1/tags', {
      params: { query: { q: q || undefined, cursor: cursor ?? undefined } },
      signal,
    }),
  )

/** The one of this id; nothing if it has been removed. */
export const findTag = async (id: Uuid, signal?: AbortSignal): Promise<Tag | null> => {
  const page = await body(client.GET('/api/v1/tags', { params: { query: { id } }, signal }))
  return page.items[0] ?? null
}

export const createTag = (tag: TagRequest): Promise<Tag> =>
  body(client.POST('/api/v1/tags', { params: once(), body: tag }))

export const updateTag = (id: Uuid, version: number, change: TagChange): Promise<Tag> =>
  body(client.PATCH('/api/v1/tags/{id}', { params: changed(id, version), body: change }))

export const deleteTag = (id: Uuid) =>
  body(client.DELETE('/api/v1/tags/{id}', { params: byId(id) }))

export const listTeams = async (signal?: AbortSignal): Promise<Team[]> =>
  (await body(client.GET('/api/v1/teams', { signal }))).items

export const createTeam = (team: TeamRequest): Promise<Team> =>
  body(client.POST('/api/v1/teams', { params: once(), body: team }))

export const updateTeam = (id: Uuid, version: number, change: TeamChange): Promise<Team> =>
  body(client.PATCH('/api/v1/teams/{id}', { params: changed(id, version), body: change }))

export const deleteTeam = (id: Uuid) =>
  body(client.DELETE('/api/v1/teams/{id}', { params: byId(id) }))
