//! Search indexes. Their words are in files of their own, sealed under a key that `key_id` names.

use super::Class::Plain;
use super::Table;

pub(super) const SEARCH_INDEX: Table = Table {
    number: 120,
    name: "search_index",
    columns: &[
        (1, "organization_id", Plain),
        (2, "id", Plain),
        (3, "channel_id", Plain),
        (4, "instance_id", Plain),
        (5, "key_id", Plain),
        (6, "state", Plain),
        (7, "format", Plain),
        (8, "number", Plain),
        (9, "done", Plain),
        (10, "total", Plain),
        (11, "rebuild_asked_at", Plain),
        (12, "expunged_at", Plain),
        (13, "created_at", Plain),
    ],
};

pub(super) const SEARCH_FEED: Table = Table {
    number: 121,
    name: "search_feed",
    columns: &[
        (1, "organization_id", Plain),
        (2, "instance_id", Plain),
        (3, "position", Plain),
        (4, "seen_at", Plain),
    ],
};
