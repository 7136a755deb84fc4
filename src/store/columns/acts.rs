//! What agents do with tickets: tags, followers, acts that can be undone. A tag's name is the
//! organization's own word, and sealed under its key.

use super::Class::{Plain, Sealed};
use super::Table;

pub(super) const TAG: Table = Table {
    number: 80,
    name: "tag",
    columns: &[
        (1, "organization_id", Plain),
        (2, "id", Plain),
        (3, "name", Sealed),
        (4, "color", Plain),
        (5, "created_at", Plain),
        (6, "version", Plain),
    ],
};

pub(super) const TICKET_TAG: Table = Table {
    number: 81,
    name: "ticket_tag",
    columns: &[(1, "organization_id", Plain), (2, "ticket_id", Plain), (3, "tag_id", Plain)],
};

pub(super) const FOLLOWER: Table = Table {
    number: 82,
    name: "follower",
    columns: &[
        (1, "organization_id", Plain),
        (2, "ticket_id", Plain),
        (3, "membership_id", Plain),
        (4, "created_at", Plain),
    ],
};

pub(super) const ACT: Table = Table {
    number: 83,
    name: "act",
    columns: &[
        (1, "organization_id", Plain),
        (2, "id", Plain),
        (3, "kind", Plain),
        (4, "membership_id", Plain),
        (5, "at", Plain),
        (6, "undone_at", Plain),
        (7, "undone_by", Plain),
    ],
};

pub(super) const ACT_TICKET: Table = Table {
    number: 84,
    name: "act_ticket",
    columns: &[
        (1, "organization_id", Plain),
        (2, "act_id", Plain),
        (3, "ticket_id", Plain),
        (4, "trace", Plain),
    ],
};
