//! Every column of the schema, by permanent number and class. A test compares this table with
//! the live schema of both databases and fails on a column that it does not know.
//!
//! The numbers stand in the associated data of every sealed value: never reuse one, never
//! renumber. A new column takes the next free number of its table.

use crate::crypto::Column;

/// How a column is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// Readable in the database: ids, times, states, counters, sizes.
    Plain,
    /// AES-256-GCM under a key that lives in the keyring.
    Sealed,
    /// A keyed hash, for exact look-up.
    Blind,
}

/// One table: its permanent number, its name, and its columns as `(number, name, class)`.
#[derive(Debug)]
pub struct Table {
    /// Permanent number.
    pub number: u16,
    /// Name in the database.
    pub name: &'static str,
    /// The columns.
    pub columns: &'static [(u16, &'static str, Class)],
}

use Class::{Blind, Plain, Sealed};

/// `account.email`
pub const ACCOUNT_EMAIL: Column = Column { table: 3, column: 2 };
/// `account.name`
pub const ACCOUNT_NAME: Column = Column { table: 3, column: 4 };
/// `account.password_hash`
pub const ACCOUNT_PASSWORD_HASH: Column = Column { table: 3, column: 5 };
/// `session.data`
pub const SESSION_DATA: Column = Column { table: 4, column: 3 };
/// `channel.state_detail`
pub const CHANNEL_STATE_DETAIL: Column = Column { table: 8, column: 7 };
/// `mailbox.address`
pub const MAILBOX_ADDRESS: Column = Column { table: 10, column: 4 };
/// `mailbox.display_name`
pub const MAILBOX_DISPLAY_NAME: Column = Column { table: 10, column: 6 };
/// `mailbox.signature`
pub const MAILBOX_SIGNATURE: Column = Column { table: 10, column: 7 };
/// `mailbox.settings`
pub const MAILBOX_SETTINGS: Column = Column { table: 10, column: 9 };
/// `mailbox.credentials`
pub const MAILBOX_CREDENTIALS: Column = Column { table: 10, column: 10 };
/// `provider_client.client_id`
pub const PROVIDER_CLIENT_CLIENT_ID: Column = Column { table: 11, column: 3 };
/// `provider_client.client_secret`
pub const PROVIDER_CLIENT_CLIENT_SECRET: Column = Column { table: 11, column: 4 };
/// `folder.name`
pub const FOLDER_NAME: Column = Column { table: 12, column: 4 };
/// `raw_message.frame_table`
pub const RAW_MESSAGE_FRAME_TABLE: Column = Column { table: 14, column: 7 };
/// `raw_message.body`
pub const RAW_MESSAGE_BODY: Column = Column { table: 14, column: 8 };
/// `contact.name`
pub const CONTACT_NAME: Column = Column { table: 15, column: 4 };
/// `contact_identity.value`
pub const CONTACT_IDENTITY_VALUE: Column = Column { table: 16, column: 5 };
/// `ticket.subject`
pub const TICKET_SUBJECT: Column = Column { table: 17, column: 10 };
/// `ticket.snippet`
pub const TICKET_SNIPPET: Column = Column { table: 17, column: 11 };
/// `ticket.customer`
pub const TICKET_CUSTOMER: Column = Column { table: 17, column: 12 };
/// `message.envelope`
pub const MESSAGE_ENVELOPE: Column = Column { table: 19, column: 15 };
/// `message.text`
pub const MESSAGE_TEXT: Column = Column { table: 19, column: 16 };
/// `message.quoted`
pub const MESSAGE_QUOTED: Column = Column { table: 19, column: 17 };
/// `message.html`
pub const MESSAGE_HTML: Column = Column { table: 19, column: 18 };
/// `attachment.meta`
pub const ATTACHMENT_META: Column = Column { table: 21, column: 7 };
/// `attachment.frame_table`
pub const ATTACHMENT_FRAME_TABLE: Column = Column { table: 21, column: 13 };
/// `attachment.body`
pub const ATTACHMENT_BODY: Column = Column { table: 21, column: 14 };
/// `draft.content`
pub const DRAFT_CONTENT: Column = Column { table: 22, column: 6 };
/// `outbox.restore`
pub const OUTBOX_RESTORE: Column = Column { table: 23, column: 13 };
/// `outbox.error`
pub const OUTBOX_ERROR: Column = Column { table: 23, column: 15 };
/// `outbox.bounced`
pub const OUTBOX_BOUNCED: Column = Column { table: 23, column: 18 };
/// `idempotency_key.response`
pub const IDEMPOTENCY_KEY_RESPONSE: Column = Column { table: 27, column: 6 };
/// `setting.value`
pub const SETTING_VALUE: Column = Column { table: 28, column: 3 };

/// The classification table.
pub const TABLES: &[Table] = &[
    Table {
        number: 1,
        name: "organization",
        columns: &[
            (1, "id", Plain),
            (2, "name", Plain),
            (3, "time_zone", Plain),
            (4, "key_id", Plain),
            (5, "created_at", Plain),
            (6, "closed_at", Plain),
        ],
    },
    Table {
        number: 2,
        name: "organization_counter",
        columns: &[(1, "organization_id", Plain), (2, "tickets", Plain), (3, "events", Plain)],
    },
    Table {
        number: 3,
        name: "account",
        columns: &[
            (1, "id", Plain),
            (2, "email", Sealed),
            (3, "email_blind", Blind),
            (4, "name", Sealed),
            (5, "password_hash", Sealed),
            (6, "locale", Plain),
            (7, "theme", Plain),
            (8, "created_at", Plain),
            (9, "disabled_at", Plain),
        ],
    },
    Table {
        number: 4,
        name: "session",
        columns: &[
            (1, "id_hash", Plain),
            (2, "account_id", Plain),
            (3, "data", Sealed),
            (4, "expires_at", Plain),
        ],
    },
    Table {
        number: 5,
        name: "membership",
        columns: &[
            (1, "organization_id", Plain),
            (2, "id", Plain),
            (3, "account_id", Plain),
            (4, "role", Plain),
            (5, "created_at", Plain),
            (6, "disabled_at", Plain),
            (7, "invited_at", Plain),
        ],
    },
    Table {
        number: 6,
        name: "team",
        columns: &[
            (1, "organization_id", Plain),
            (2, "id", Plain),
            (3, "name", Plain),
            (4, "created_at", Plain),
        ],
    },
    Table {
        number: 7,
        name: "team_member",
        columns: &[
            (1, "organization_id", Plain),
            (2, "team_id", Plain),
            (3, "membership_id", Plain),
        ],
    },
    Table {
        number: 8,
        name: "channel",
        columns: &[
            (1, "organization_id", Plain),
            (2, "id", Plain),
            (3, "kind", Plain),
            (4, "key_id", Plain),
            (5, "state", Plain),
            (6, "state_code", Plain),
            (7, "state_detail", Sealed),
            (8, "state_at", Plain),
            (9, "created_at", Plain),
            (10, "disconnected_at", Plain),
            (11, "told_at", Plain),
        ],
    },
    Table {
        number: 9,
        name: "channel_member",
        columns: &[
            (1, "organization_id", Plain),
            (2, "channel_id", Plain),
            (3, "membership_id", Plain),
        ],
    },
    Table {
        number: 10,
        name: "mailbox",
        columns: &[
            (1, "organization_id", Plain),
            (2, "channel_id", Plain),
            (3, "provider", Plain),
            (4, "address", Sealed),
            (5, "address_blind", Blind),
            (6, "display_name", Sealed),
            (7, "signature", Sealed),
            (8, "language", Plain),
            (9, "settings", Sealed),
            (10, "credentials", Sealed),
            (11, "credentials_expire_at", Plain),
            (12, "refresh_lease_until", Plain),
            (13, "import_mode", Plain),
            (14, "import_since", Plain),
            (15, "history_before", Plain),
            (16, "import_read", Plain),
            (17, "import_total", Plain),
            (18, "last_sync_at", Plain),
            (19, "last_mail_at", Plain),
            (20, "created_at", Plain),
            (21, "reader_id", Plain),
            (22, "reader_until", Plain),
            (23, "look_wanted_at", Plain),
        ],
    },
    Table {
        number: 11,
        name: "provider_client",
        columns: &[
            (1, "organization_id", Plain),
            (2, "provider", Plain),
            (3, "client_id", Sealed),
            (4, "client_secret", Sealed),
            (5, "tenant", Plain),
            (6, "updated_at", Plain),
            (7, "id", Plain),
        ],
    },
    Table {
        number: 12,
        name: "folder",
        columns: &[
            (1, "organization_id", Plain),
            (2, "id", Plain),
            (3, "channel_id", Plain),
            (4, "name", Sealed),
            (5, "name_blind", Blind),
            (6, "role", Plain),
            (7, "uid_validity", Plain),
            (8, "last_uid", Plain),
            (9, "backfill_uid", Plain),
            (10, "updated_at", Plain),
        ],
    },
    Table {
        number: 13,
        name: "ledger",
        columns: &[
            (1, "organization_id", Plain),
            (2, "id", Plain),
            (3, "channel_id", Plain),
            (4, "folder_id", Plain),
            (5, "uid_validity", Plain),
            (6, "uid", Plain),
            (7, "state", Plain),
            (8, "reason", Plain),
            (9, "message_id", Plain),
            (10, "content_blind", Blind),
            (11, "attempts", Plain),
            (12, "is_history", Plain),
            (13, "received_at", Plain),
            (14, "seen_at", Plain),
            (15, "id_blind", Blind),
        ],
    },
    Table {
        number: 14,
        name: "raw_message",
        columns: &[
            (1, "organization_id", Plain),
            (2, "message_id", Plain),
            (3, "channel_id", Plain),
            (4, "key_id", Plain),
            (5, "size", Plain),
            (6, "stored_size", Plain),
            (7, "frame_table", Sealed),
            (8, "body", Sealed),
            (9, "object_name", Plain),
            (10, "created_at", Plain),
        ],
    },
    Table {
        number: 15,
        name: "contact",
        columns: &[
            (1, "organization_id", Plain),
            (2, "id", Plain),
            (3, "key_id", Plain),
            (4, "name", Sealed),
            (5, "created_at", Plain),
            (6, "name_channel_id", Plain),
        ],
    },
    Table {
        number: 16,
        name: "contact_identity",
        columns: &[
            (1, "organization_id", Plain),
            (2, "id", Plain),
            (3, "contact_id", Plain),
            (4, "kind", Plain),
            (5, "value", Sealed),
            (6, "value_blind", Blind),
            (7, "channel_id", Plain),
            (8, "created_at", Plain),
        ],
    },
    Table {
        number: 17,
        name: "ticket",
        columns: &[
            (1, "organization_id", Plain),
            (2, "id", Plain),
            (3, "number", Plain),
            (4, "channel_id", Plain),
            (5, "contact_id", Plain),
            (6, "key_id", Plain),
            (7, "status", Plain),
            (8, "assignee_id", Plain),
            (9, "team_id", Plain),
            (10, "subject", Sealed),
            (11, "snippet", Sealed),
            (12, "customer", Sealed),
            (13, "message_count", Plain),
            (14, "has_attachment", Plain),
            (15, "is_history", Plain),
            (16, "waiting_since", Plain),
            (17, "queue_at", Plain),
            (18, "last_inbound_at", Plain),
            (19, "last_message_at", Plain),
            (20, "closed_at", Plain),
            (21, "snoozed_until", Plain),
            (22, "merged_into_id", Plain),
            (23, "related_to_id", Plain),
            (24, "version", Plain),
            (25, "created_at", Plain),
            (26, "inbound_version", Plain),
            (27, "replaced_contact_id", Plain),
        ],
    },
    Table {
        number: 18,
        name: "ticket_seen",
        columns: &[
            (1, "organization_id", Plain),
            (2, "ticket_id", Plain),
            (3, "membership_id", Plain),
            (4, "seen_at", Plain),
        ],
    },
    Table {
        number: 31,
        name: "participant",
        columns: &[
            (1, "organization_id", Plain),
            (2, "ticket_id", Plain),
            (3, "address_blind", Blind),
        ],
    },
    Table {
        number: 19,
        name: "message",
        columns: &[
            (1, "organization_id", Plain),
            (2, "id", Plain),
            (3, "ticket_id", Plain),
            (4, "channel_id", Plain),
            (5, "contact_id", Plain),
            (6, "author_id", Plain),
            (7, "kind", Plain),
            (8, "key_id", Plain),
            (9, "at", Plain),
            (10, "is_auto", Plain),
            (11, "is_bounce", Plain),
            (12, "has_html", Plain),
            (13, "has_remote_images", Plain),
            (14, "flags", Plain),
            (15, "envelope", Sealed),
            (16, "text", Sealed),
            (17, "quoted", Sealed),
            (18, "html", Sealed),
            (19, "created_at", Plain),
        ],
    },
    Table {
        number: 20,
        name: "message_reference",
        columns: &[
            (1, "organization_id", Plain),
            (2, "channel_id", Plain),
            (3, "blind", Blind),
            (4, "message_id", Plain),
            (5, "ticket_id", Plain),
            (6, "own", Plain),
        ],
    },
    Table {
        number: 21,
        name: "attachment",
        columns: &[
            (1, "organization_id", Plain),
            (2, "id", Plain),
            (3, "message_id", Plain),
            (4, "channel_id", Plain),
            (5, "key_id", Plain),
            (6, "position", Plain),
            (7, "meta", Sealed),
            (8, "size", Plain),
            (9, "inline", Plain),
            (10, "raw_start", Plain),
            (11, "raw_end", Plain),
            (12, "encoding", Plain),
            (13, "frame_table", Sealed),
            (14, "body", Sealed),
            (15, "object_name", Plain),
            (16, "uploaded_by", Plain),
            (17, "created_at", Plain),
            (18, "held_by", Plain),
        ],
    },
    Table {
        number: 22,
        name: "draft",
        columns: &[
            (1, "organization_id", Plain),
            (2, "id", Plain),
            (3, "ticket_id", Plain),
            (4, "membership_id", Plain),
            (5, "key_id", Plain),
            (6, "content", Sealed),
            (7, "updated_at", Plain),
        ],
    },
    Table {
        number: 23,
        name: "outbox",
        columns: &[
            (1, "organization_id", Plain),
            (2, "id", Plain),
            (3, "channel_id", Plain),
            (4, "ticket_id", Plain),
            (5, "message_id", Plain),
            (6, "state", Plain),
            (7, "not_before", Plain),
            (8, "attempts", Plain),
            (9, "lease_until", Plain),
            (10, "last_attempt_at", Plain),
            (11, "confirmed_at", Plain),
            (12, "seen_version", Plain),
            (13, "restore", Sealed),
            (14, "error_code", Plain),
            (15, "error", Sealed),
            (16, "sent_at", Plain),
            (17, "created_at", Plain),
            (18, "bounced", Sealed),
        ],
    },
    Table {
        number: 24,
        name: "event",
        columns: &[
            (1, "organization_id", Plain),
            (2, "number", Plain),
            (3, "at", Plain),
            (4, "kind", Plain),
            (5, "actor_id", Plain),
            (6, "channel_id", Plain),
            (7, "ticket_id", Plain),
            (8, "message_id", Plain),
            (9, "data", Plain),
        ],
    },
    Table {
        number: 25,
        name: "job",
        columns: &[
            (1, "id", Plain),
            (2, "organization_id", Plain),
            (3, "kind", Plain),
            (4, "subject_id", Plain),
            (5, "payload", Plain),
            (6, "unique_key", Plain),
            (7, "run_at", Plain),
            (8, "attempts", Plain),
            (9, "lease_until", Plain),
            (10, "lease_token", Plain),
            (11, "error_code", Plain),
            (12, "created_at", Plain),
        ],
    },
    Table {
        number: 26,
        name: "forget_entry",
        columns: &[
            (1, "number", Plain),
            (2, "at", Plain),
            (3, "kind", Plain),
            (4, "ids", Plain),
            (5, "signing_key_id", Plain),
            (6, "signature", Plain),
        ],
    },
    Table {
        number: 27,
        name: "idempotency_key",
        columns: &[
            (1, "organization_id", Plain),
            (2, "membership_id", Plain),
            (3, "key_hash", Plain),
            (4, "request_hash", Plain),
            (5, "status", Plain),
            (6, "response", Sealed),
            (7, "created_at", Plain),
            (8, "id", Plain),
        ],
    },
    Table {
        number: 28,
        name: "setting",
        columns: &[
            (1, "organization_id", Plain),
            (2, "name", Plain),
            (3, "value", Sealed),
            (4, "updated_at", Plain),
            (5, "id", Plain),
        ],
    },
    Table { number: 29, name: "server_meta", columns: &[(1, "name", Plain), (2, "value", Plain)] },
    Table {
        number: 30,
        name: "audit_entry",
        columns: &[
            (1, "organization_id", Plain),
            (2, "number", Plain),
            (3, "at", Plain),
            (4, "actor_kind", Plain),
            (5, "actor_id", Plain),
            (6, "action", Plain),
            (7, "object_kind", Plain),
            (8, "object_id", Plain),
            (9, "channel_id", Plain),
            (10, "hash", Plain),
        ],
    },
];
