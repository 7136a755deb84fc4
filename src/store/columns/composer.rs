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
