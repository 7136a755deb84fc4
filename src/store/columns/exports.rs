//! Exports, and the closing of an organization.

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

pub(super) const CLOSING: Table = Table {
    number: 70,
    name: "closing",
    columns: &[
        (1, "organization_id", Plain),
        (2, "id", Plain),
        (3, "state", Plain),
        (4, "asked_by", Plain),
        (5, "asked_at", Plain),
        (6, "confirmed_at", Plain),
        (7, "second_by", Plain),
        (8, "second_at", Plain),
        (9, "export_id", Plain),
        (10, "exported_at", Plain),
        (11, "downloaded_at", Plain),
        (12, "begun_at", Plain),
        (13, "due_at", Plain),
        (14, "planned_at", Plain),
        (15, "keys_destroyed_at", Plain),
        (16, "finished_at", Plain),
        (17, "counts", Plain),
        (18, "statement_id", Plain),
        (19, "key_id", Plain),
        (20, "name", Plain),
        (21, "error_code", Plain),
    ],
};
