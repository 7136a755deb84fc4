// The names that the interface uses for what the server's document describes.
import type { components, operations } from './schema'

type Schemas = components['schemas']

export type Uuid = string

export type Account = Schemas['Account']
export type Attachment = Schemas['Attachment']
export type Authority = Schemas['Authority']
export type ContactProfile = Schemas['ContactProfile']
export type ContactChange = Schemas['ContactRequest']
export type ContactFact = Schemas['ContactFact']
export type ContactFactKind = Schemas['ContactFactKind']
export type DataRequest = Schemas['DataRequest']
export type DataRequestLine = Schemas['DataRequestLine']
export type DataRequestNew = Schemas['DataRequestRequest']
export type ReplyText = Schemas['ReplyText']
export type RequestKind = Schemas['RequestKind']
export type RequestItem = Schemas['RequestItem']
export type ErasurePreview = Schemas['ErasurePreview']
export type ProviderCopy = Schemas['ProviderCopy']
export type RequestLink = Schemas['RequestLink']
export type RequestPerson = Schemas['KnownPerson']
export type Delivery = Schemas['Delivery']
export type Draft = Schemas['Draft']
export type DraftChange = Schemas['DraftRequest']
export type DraftKind = NonNullable<
  NonNullable<operations['get_draft']['parameters']['query']>['kind']
>
export type ForwardedMail = Schemas['ForwardedMail']
export type Letter = Schemas['Letter']
export type LetterChange = Schemas['LetterRequest']
export type NoteRequest = Schemas['NoteRequest']
export type NewTicketRequest = Schemas['NewTicketRequest']
export type CustomerChange = Schemas['CustomerRequest']
export type DisclosureRequest = Schemas['DisclosureRequest']
export type EmailAddress = Schemas['Person']
export type DeletionCounts = Schemas['DeletionCounts']
export type Disconnection = Schemas['Disconnection']
export type DisconnectionPreview = Schemas['DisconnectionPreview']
export type IncidentAccess = Schemas['IncidentAccess']
export type IncidentAct = Schemas['IncidentAct']
export type IncidentPackage = Schemas['IncidentPackage']
export type Closing = Schemas['Closing']
export type ClosingPreview = Schemas['ClosingPreview']
export type Export = Schemas['Export']
export type Hold = Schemas['Hold']
export type HoldKind = Schemas['HoldKind']
export type HoldRequest = Schemas['HoldRequest']
export type Invitation = Schemas['Invitation']
export type ImportChoice = Schemas['ImportRequest']
export type ImportMode = Schemas['ImportMode']
export type Locale = Schemas['Locale']
export type Mailbox = Schemas['Mailbox']
export type MailboxChange = Schemas['MailboxChange']
export type OwnSession = Schemas['OwnSession']
export type MailboxRequest = Schemas['MailboxRequest']
export type MailboxState = Schemas['ChannelState']
export type MailboxTest = Schemas['MailboxCheck']
export type MailProvider = Schemas['Provider']
export type Message = Schemas['Message']
export type NamedRef = Schemas['UserRef']
export type Notice = Schemas['Notice']
export type Notices = Schemas['Notices']
export type OwnSettings = Schemas['OwnSettings']
export type OwnSettingsChange = Schemas['OwnSettingsRequest']
export type OAuthProvider = Schemas['OAuthProvider']
export type Organization = Schemas['Organization']
export type Presence = Schemas['Presence']
export type PresenceState = Schemas['PresenceState']
export type Present = Schemas['Present']
export type ProfileChange = Schemas['ProfileRequest']
export type ProviderChange = Schemas['ProviderRequest']
export type ProviderSettings = Schemas['ProviderClient']
export type Preferences = Schemas['Preferences']
export type Purge = Schemas['Purge']
export type SavedView = Schemas['View']
export type SavedViewChange = Schemas['ViewRequest']
export type Policy = Schemas['Policy']
export type PolicyContent = Schemas['PolicyContent']
export type PolicyKind = Schemas['PolicyKind']
export type PolicyReader = Schemas['PolicyReader']
export type PolicyRequest = Schemas['PolicyRequest']
export type QuarantinedMessage = Schemas['QuarantinedMail']
export type Register = Schemas['Register']
export type RegisterHost = Schemas['RegisterHost']
export type RegisterHostChange = Schemas['RegisterHostRequest']
export type ReplyDefaults = Schemas['ReplyDefaults']
export type ReplyRequest = Schemas['ReplyRequest']
export type Retention = Schemas['Retention']
export type RetentionRule = Schemas['RetentionRequest']
export type RetentionRun = Schemas['RetentionRun']
export type SavedReply = Schemas['SavedReply']
export type SavedReplyChange = Schemas['SavedReplyRequest']
export type Session = Schemas['Session']
export type SetupRequest = Schemas['SetupRequest']
export type Theme = Schemas['Theme']
export type Ticket = Schemas['Ticket']
export type BulkRequest = Schemas['BulkRequest']
export type ChangedTicket = Schemas['ChangedTicket']
export type MergeRequest = Schemas['MergeRequest']
export type Priority = Schemas['Priority']
export type RefusedTicket = Schemas['RefusedTicket']
export type Tag = Schemas['Tag']
export type TagRef = Schemas['TagRef']
export type TagChange = Schemas['TagChange']
export type TagColor = Schemas['TagColor']
export type TagRequest = Schemas['TagRequest']
export type Team = Schemas['Team']
export type TeamChange = Schemas['TeamChange']
export type TeamRef = Schemas['TeamRef']
export type TeamRequest = Schemas['TeamRequest']
export type TicketChange = Schemas['TicketRequest']
export type TicketCounts = Schemas['TicketCounts']
export type TicketStatus = Schemas['Status']
export type TicketSummary = Schemas['TicketSummary']
export type Upload = Schemas['Attachment']
export type Role = Schemas['Role']
export type User = Schemas['User']
export type UserChange = Schemas['UserChange']
export type UserRequest = Schemas['UserRequest']

export interface Page<T> {
  items: T[]
  next_cursor: string | null
}

/** What a signed statement of deletion states; the server's document leaves its members open. */
export interface Stated {
  format: string
  id: Uuid
  organization: { id: Uuid; name: string }
  /** `provider` says nothing of an organization. */
  subject: { kind: 'mailbox' | 'organization'; id: Uuid; provider: MailProvider | '' }
  request: {
    cause: Schemas['PurgeCause']
    by: Uuid | null
    early_by: Uuid | null
    early_confirmed_by: Uuid | null
  }
  times: {
    requested_at: string
    window_ended_at: string
    keys_destroyed_at: string | null
    finished_at: string | null
  }
  /** `oldest` and `newest` are milliseconds since 1970. */
  deleted: Record<CountedKind, number> & { oldest: number | null; newest: number | null }
  keys: { destroyed: Uuid[]; forget_list_number: number }
  closed?: {
    mailboxes: number
    users: number
    confirmed_at: string | null
    second_by: Uuid | null
    exported_at: string | null
    export_downloaded_at: string | null
    statements: Uuid[]
  }
  remnants: { readable_until: string; backups_until: string; keys_in_same_cluster: boolean }
  signing_key: { id: Uuid; fingerprint: string }
}
export type CountedKind =
  | 'tickets'
  | 'messages'
  | 'attachments'
  | 'contacts'
  | 'originals'
  | 'answers'
  | 'drafts'
  | 'ledger_lines'
export interface SignedStatement {
  statement: Stated
  signature: Schemas['StatementSignature']
}

export const EVENTS = [
  'ticket',
  'message',
  'mailbox',
  'contact',
  'tag',
  'team',
  'view',
  'saved_reply',
  'user',
  'organization',
  'presence',
  'draft',
  'reset',
] as const
export interface LiveEvent {
  id: string
  type: (typeof EVENTS)[number]
  data: Partial<Schemas['EventData']>
}
