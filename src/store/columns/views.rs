//! How somebody likes their pages, lists of tickets that they keep, and at which ticket they are.

use super::Class::{Plain, Sealed};
use super::Table;

pub(super) const PREFERENCE: Table = Table {
    number: 100,
    name: "preference",
    columns: &[
        (1, "organization_id", Plain),
        (2, "membership_id", Plain),
        (3, "content", Plain),
        (4, "updated_at", Plain),
    ],
};

pub(super) const SAVED_VIEW: Table = Table {
    number: 101,
    name: "saved_view",
    columns: &[
        (1, "organization_id", Plain),
        (2, "id", Plain),
        (3, "owner_id", Plain),
        (4, "is_shared", Plain),
        (5, "content", Sealed),
        (6, "created_at", Plain),
        (7, "version", Plain),
    ],
};

pub(super) const PRESENCE: Table = Table {
    number: 130,
    name: "presence",
    columns: &[
        (1, "organization_id", Plain),
        (2, "membership_id", Plain),
        (3, "ticket_id", Plain),
        (4, "state", Plain),
        (5, "until", Plain),
    ],
};
