import { body, client, ifMatch } from './http'
import type {
  ImportChoice,
  Mailbox,
  MailboxChange,
  MailboxRequest,
  OAuthProvider,
  Page,
  ProviderChange,
  QuarantinedMessage,
  Uuid,
} from './types'

const of = (id: Uuid) => ({ path: { id } })
const changed = (id: Uuid, version: number) => ({ ...of(id), header: ifMatch(version) })

export const listMailboxes = async (signal?: AbortSignal) =>
  (await body(client.GET('/api/v1/mailboxes', { signal }))).items as Mailbox[]

/** The one of this id, while it is there. */
export const findMailbox = async (id: Uuid): Promise<Mailbox | null> =>
  (await listMailboxes()).find((mailbox) => mailbox.id === id) ?? null

export const createMailbox = (mailbox: MailboxRequest, key: string) =>
  body(
    client.POST('/api/v1/mailboxes', {
      params: { header: { 'Idempotency-Key': key } },
      body: mailbox,
    }),
  )

export const testMailbox = (mailbox: MailboxRequest) =>
  body(client.POST('/api/v1/mailboxes/test', { body: mailbox }))

export const updateMailbox = (id: Uuid, version: number, change: MailboxChange) =>
  body(
    client.PATCH('/api/v1/mailboxes/{id}', { params: changed(id, version), body: change }),
  ) as Promise<Mailbox>

export const setMailboxMembers = (id: Uuid, version: number, membership_ids: Uuid[]) =>
  body(
    client.PUT('/api/v1/mailboxes/{id}/members', {
      params: changed(id, version),
      body: { membership_ids },
    }),
  ) as Promise<Mailbox>

export const syncMailbox = (id: Uuid) =>
  body(client.POST('/api/v1/mailboxes/{id}/sync', { params: of(id) }))

export const connectMailbox = (request: {
  provider: OAuthProvider
  import?: ImportChoice
  mailbox_id?: Uuid
}) => body(client.POST('/api/v1/mailboxes/connect', { body: request }))

export const getProvider = (provider: OAuthProvider, signal?: AbortSignal) =>
  body(client.GET('/api/v1/providers/{provider}', { params: { path: { provider } }, signal }))

export const setProvider = (provider: OAuthProvider, change: ProviderChange) =>
  body(client.PUT('/api/v1/providers/{provider}', { params: { path: { provider } }, body: change }))

export interface QuarantineFilter {
  /** Its id. */
  mailbox?: Uuid
  reason?: string
  /** The moments between which it came in. */
  from?: string
  to?: string
}

export const listQuarantine = (
  filter: QuarantineFilter,
  cursor: string | null,
  signal?: AbortSignal,
) =>
  body(
    client.GET('/api/v1/quarantine', {
      params: { query: { ...filter, cursor: cursor ?? undefined } },
      signal,
    }),
  ) as Promise<Page<QuarantinedMessage>>

export const retryQuarantined = (id: Uuid) =>
  body(client.POST('/api/v1/quarantine/{id}/retry', { params: of(id) }))
