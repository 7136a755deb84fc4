//! The sealed columns by name, as the associated data binds them.

use crate::crypto::Column;

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
/// `mailbox.acknowledgement`
pub const MAILBOX_ACKNOWLEDGEMENT: Column = Column { table: 10, column: 29 };
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
/// `contact.profile`
pub const CONTACT_PROFILE: Column = Column { table: 15, column: 8 };
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
/// `ticket.exempt_reason`
pub const TICKET_EXEMPT_REASON: Column = Column { table: 17, column: 31 };
/// `hold.reason`
pub const HOLD_REASON: Column = Column { table: 44, column: 5 };
/// `parcel.content`
pub const PARCEL_CONTENT: Column = Column { table: 50, column: 13 };
/// `erasure.person`
pub const ERASURE_PERSON: Column = Column { table: 53, column: 5 };
/// `erasure.copies`
pub const ERASURE_COPIES: Column = Column { table: 53, column: 6 };
/// `register_host.content`
pub const REGISTER_HOST_CONTENT: Column = Column { table: 60, column: 4 };
/// `disclosure.content`
pub const DISCLOSURE_CONTENT: Column = Column { table: 61, column: 3 };
/// `incident_notice.content`
pub const INCIDENT_NOTICE_CONTENT: Column = Column { table: 62, column: 3 };
/// `policy_text.content`
pub const POLICY_TEXT_CONTENT: Column = Column { table: 56, column: 5 };
/// `data_request.content`
pub const DATA_REQUEST_CONTENT: Column = Column { table: 46, column: 11 };
/// `data_request_event.content`
pub const DATA_REQUEST_EVENT_CONTENT: Column = Column { table: 47, column: 7 };
/// `data_request_mail.content`
pub const DATA_REQUEST_MAIL_CONTENT: Column = Column { table: 48, column: 6 };
/// `data_request_withheld.reason`
pub const DATA_REQUEST_WITHHELD_REASON: Column = Column { table: 49, column: 4 };
/// `saved_view.content`
pub const SAVED_VIEW_CONTENT: Column = Column { table: 101, column: 5 };
/// `tag.name`
pub const TAG_NAME: Column = Column { table: 80, column: 3 };
/// `letter.content`
pub const LETTER_CONTENT: Column = Column { table: 90, column: 5 };
/// `saved_reply.content`
pub const SAVED_REPLY_CONTENT: Column = Column { table: 91, column: 5 };
/// `member_setting.signature`
pub const MEMBER_SETTING_SIGNATURE: Column = Column { table: 94, column: 3 };
/// `account_photo.content`
pub const ACCOUNT_PHOTO_CONTENT: Column = Column { table: 110, column: 3 };
