//! What agents write.

use super::Class::{Plain, Sealed};
use super::Table;

pub(super) const LETTER: Table = Table {
    number: 90,
    name: "letter",
    columns: &[
        (1, "organization_id", Plain),
        (2, "id", Plain),
        (3, "membership_id", Plain),
        (4, "key_id", Plain),
        (5, "content", Sealed),
        (6, "updated_at", Plain),
    ],
};

pub(super) const SAVED_REPLY: Table = Table {
    number: 91,
    name: "saved_reply",
    columns: &[
        (1, "organization_id", Plain),
        (2, "id", Plain),
        (3, "scope", Plain),
        (4, "subject_id", Plain),
        (5, "content", Sealed),
        (6, "version", Plain),
        (7, "created_by", Plain),
        (8, "updated_at", Plain),
    ],
};

pub(super) const NOTICE: Table = Table {
    number: 92,
    name: "notice",
    columns: &[
        (1, "organization_id", Plain),
        (2, "id", Plain),
        (3, "membership_id", Plain),
        (4, "kind", Plain),
        (5, "ticket_id", Plain),
        (6, "actor_id", Plain),
        (7, "at", Plain),
        (8, "read_at", Plain),
    ],
};

pub(super) const NOTE_MENTION: Table = Table {
    number: 93,
    name: "note_mention",
    columns: &[
        (1, "organization_id", Plain),
        (2, "message_id", Plain),
        (3, "membership_id", Plain),
    ],
};

pub(super) const MEMBER_SETTING: Table = Table {
    number: 94,
    name: "member_setting",
    columns: &[
        (1, "organization_id", Plain),
        (2, "membership_id", Plain),
        (3, "signature", Sealed),
        (4, "switched_off", Plain),
    ],
};

pub(super) const ACCOUNT_PHOTO: Table = Table {
    number: 110,
    name: "account_photo",
    columns: &[(1, "account_id", Plain), (2, "version", Plain), (3, "content", Sealed)],
};
