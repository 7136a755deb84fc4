//! The table of exports.

use super::Class::{Plain, Sealed};
use super::Table;

pub(super) const PARCEL: Table = Table {
    number: 50,
    name: "parcel",
    columns: &[
        (1, "organization_id", Plain),
        (2, "id", Plain),
        (3, "kind", Plain),
        (4, "subject_id", Plain),
        (5, "channel_id", Plain),
        (6, "key_id", Plain),
        (7, "state", Plain),
        (8, "object_name", Plain),
        (9, "parts", Plain),
        (10, "done", Plain),
        (11, "total", Plain),
        (12, "size", Plain),
        (13, "content", Sealed),
        (14, "error_code", Plain),
        (15, "made_by", Plain),
        (16, "created_at", Plain),
        (17, "ready_at", Plain),
        (18, "expires_at", Plain),
        (19, "downloads", Plain),
        (20, "downloaded_at", Plain),
    ],
};
