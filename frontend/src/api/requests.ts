// What people ask about their data.
import { body, client } from './http'
import type {
  Authority,
  DataRequest,
  DataRequestLine,
  DataRequestNew,
  ErasurePreview,
  ProviderCopy,
  ReplyText,
  RequestItem,
  RequestLink,
  RequestPerson,
  Uuid,
} from './types'

const at = (id: Uuid) => ({ params: { path: { id } } })
const BASE = '/api/v1/data-requests/{id}'

export const listRequests = async (signal?: AbortSignal) =>
  (await body(client.GET('/api/v1/data-requests', { signal }))).items as DataRequestLine[]

export const createRequest = (request: DataRequestNew) =>
  body(client.POST('/api/v1/data-requests', { body: request }))

export const lookUpPerson = (address: string) =>
  body(client.POST('/api/v1/data-requests/person', { body: { address } })) as Promise<RequestPerson>

export const getRequest = (id: Uuid, signal?: AbortSignal) =>
  body(client.GET(BASE, { ...at(id), signal })) as Promise<DataRequest>

export const assignRequest = (id: Uuid, handler_id: Uuid) =>
  body(client.PATCH(BASE, { ...at(id), body: { handler_id } }))

export const sendCode = (id: Uuid) => body(client.POST(`${BASE}/code`, at(id)))

export const confirmIdentity = (id: Uuid, code: string) =>
  body(client.POST(`${BASE}/identity`, { ...at(id), body: { code } }))

export const extendRequest = (id: Uuid, months: number, reason: string) =>
  body(client.POST(`${BASE}/extension`, { ...at(id), body: { months, reason } }))

export const refuseRequest = (id: Uuid, reason: string, reply: ReplyText | null) =>
  body(client.POST(`${BASE}/refusal`, { ...at(id), body: { reason, reply } }))

export const completeRequest = (id: Uuid, reply: ReplyText | null) =>
  body(client.POST(`${BASE}/completion`, { ...at(id), body: { reply } }))

export const withdrawRequest = (id: Uuid) => body(client.POST(`${BASE}/withdrawal`, at(id)))

export const replyToRequest = (id: Uuid, reply: ReplyText) =>
  body(client.POST(`${BASE}/replies`, { ...at(id), body: reply }))

export const listTemplates = async (id: Uuid, signal?: AbortSignal) =>
  (await body(client.GET(`${BASE}/templates`, { ...at(id), signal }))).items

export const rectify = (id: Uuid, right: { name: string | null; address: string | null }) =>
  body(client.PUT(`${BASE}/rectification`, { ...at(id), body: right }))

export const restrict = (id: Uuid, people: Uuid[]) =>
  body(client.PUT(`${BASE}/restriction`, { ...at(id), body: { people } }))

export const announceLift = (id: Uuid, when: string) =>
  body(client.POST(`${BASE}/restriction/announcement`, { ...at(id), body: { at: when } }))

export const lift = (id: Uuid) => body(client.DELETE(`${BASE}/restriction`, at(id)))

export const mark = (id: Uuid) => body(client.PUT(`${BASE}/mark`, at(id)))

export const unmark = (id: Uuid) => body(client.DELETE(`${BASE}/mark`, at(id)))

export const listItems = async (id: Uuid, cursor: string | null, signal?: AbortSignal) =>
  (await body(
    client.GET(`${BASE}/items`, {
      params: { path: { id }, query: cursor ? { cursor } : {} },
      signal,
    }),
  )) as { items: RequestItem[]; next_cursor: string | null }

export const withhold = (
  id: Uuid,
  message_id: Uuid,
  kept: { file_id: Uuid | null; reason: string | null },
) =>
  body(
    client.PUT(`${BASE}/items/{message_id}`, {
      params: { path: { id, message_id } },
      body: kept,
    }),
  )

export const makeParcel = (id: Uuid) => body(client.POST(`${BASE}/parcel`, at(id)))

export const previewErasure = (id: Uuid, signal?: AbortSignal) =>
  body(client.GET(`${BASE}/erasure`, { ...at(id), signal })) as Promise<ErasurePreview>

export const erasePerson = (id: Uuid) => body(client.POST(`${BASE}/erasure`, at(id)))

export const listCopies = async (id: Uuid, signal?: AbortSignal) =>
  (await body(client.GET(`${BASE}/copies`, { ...at(id), signal }))).items as ProviderCopy[]

export const getAuthority = (signal?: AbortSignal) =>
  body(client.GET('/api/v1/authority', { signal }))

export const setAuthority = (authority: Authority) =>
  body(client.PUT('/api/v1/authority', { body: authority }))

// The page of the person: nobody signs in.

export const lookAtLink = (token: string) =>
  body(client.POST('/api/v1/request-links/look', { body: { token } })) as Promise<RequestLink>

export const sendLinkCode = (token: string) =>
  body(client.POST('/api/v1/request-links/code', { body: { token } }))

export const confirmLink = (token: string, code: string) =>
  body(client.POST('/api/v1/request-links/confirmation', { body: { token, code } }))

export const unlockParcel = (token: string, code: string) =>
  body(client.POST('/api/v1/request-links/parcel', { body: { token, code } })) as Promise<{
    pass: string
  }>

/** Where the browser downloads the file by itself. */
export const parcelFile = (pass: string) =>
  `/api/v1/request-links/parcel/file?pass=${encodeURIComponent(pass)}`
