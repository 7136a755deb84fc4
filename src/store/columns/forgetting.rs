//! Tables of what goes and of what is kept longer.

use super::Class::{Blind, Plain, Sealed};
use super::Table;

pub(super) const PURGE: Table = Table {
    number: 40,
    name: "purge",
    columns: &[
        (1, "organization_id", Plain),
        (2, "id", Plain),
        (3, "channel_id", Plain),
        (4, "provider", Plain),
        (5, "state", Plain),
        (6, "cause", Plain),
        (7, "requested_by", Plain),
        (8, "requested_at", Plain),
        (9, "due_at", Plain),
        (10, "early_by", Plain),
        (11, "early_at", Plain),
        (12, "early_confirmed_by", Plain),
        (13, "planned_at", Plain),
        (14, "keys_destroyed_at", Plain),
        (15, "finished_at", Plain),
        (16, "told_at", Plain),
        (17, "counts", Plain),
        (18, "removed", Plain),
        (19, "error_code", Plain),
    ],
};

pub(super) const DELETION_STATEMENT: Table = Table {
    number: 41,
    name: "deletion_statement",
    columns: &[
        (1, "organization_id", Plain),
        (2, "id", Plain),
        (3, "purge_id", Plain),
        (4, "at", Plain),
        (5, "body", Plain),
        (6, "signing_key_id", Plain),
        (7, "signature", Plain),
    ],
};

pub(super) const RETENTION: Table = Table {
    number: 42,
    name: "retention",
    columns: &[
        (1, "organization_id", Plain),
        (2, "channel_id", Plain),
        (3, "months", Plain),
        (4, "then_what", Plain),
        (5, "spam_days", Plain),
        (6, "trash_days", Plain),
        (7, "quarantine_days", Plain),
        (8, "waits", Plain),
        (9, "changed_by", Plain),
        (10, "changed_at", Plain),
        (11, "last_run_at", Plain),
        (12, "version", Plain),
    ],
};

pub(super) const RETENTION_RUN: Table = Table {
    number: 43,
    name: "retention_run",
    columns: &[
        (1, "organization_id", Plain),
        (2, "id", Plain),
        (3, "channel_id", Plain),
        (4, "at", Plain),
        (5, "deleted", Plain),
        (6, "anonymized", Plain),
        (7, "spam", Plain),
        (8, "trash", Plain),
        (9, "quarantined", Plain),
        (10, "held", Plain),
    ],
};

pub(super) const HOLD: Table = Table {
    number: 44,
    name: "hold",
    columns: &[
        (1, "organization_id", Plain),
        (2, "id", Plain),
        (3, "kind", Plain),
        (4, "subject_id", Plain),
        (5, "reason", Sealed),
        (6, "placed_by", Plain),
        (7, "placed_at", Plain),
        (8, "review_at", Plain),
        (9, "ended_by", Plain),
        (10, "ended_at", Plain),
    ],
};

pub(super) const HOLD_PERSON: Table = Table {
    number: 45,
    name: "hold_person",
    columns: &[(1, "organization_id", Plain), (2, "hold_id", Plain), (3, "membership_id", Plain)],
};

pub(super) const ERASURE: Table = Table {
    number: 53,
    name: "erasure",
    columns: &[
        (1, "organization_id", Plain),
        (2, "id", Plain),
        (3, "state", Plain),
        (4, "key_id", Plain),
        (5, "person", Sealed),
        (6, "copies", Sealed),
        (7, "requested_by", Plain),
        (8, "requested_at", Plain),
        (9, "planned_at", Plain),
        (10, "keys_destroyed_at", Plain),
        (11, "finished_at", Plain),
        (12, "counts", Plain),
        (13, "removed", Plain),
    ],
};

pub(super) const ERASURE_TICKET: Table = Table {
    number: 54,
    name: "erasure_ticket",
    columns: &[
        (1, "organization_id", Plain),
        (2, "erasure_id", Plain),
        (3, "ticket_id", Plain),
        (4, "fate", Plain),
    ],
};

/// Message-IDs of mail that was erased, so that it does not come in again.
pub(super) const ERASED_MAIL: Table = Table {
    number: 55,
    name: "erased_mail",
    columns: &[(1, "organization_id", Plain), (2, "channel_id", Plain), (3, "id_blind", Blind)],
};

pub(super) const ROTATION: Table = Table {
    number: 75,
    name: "rotation",
    columns: &[
        (1, "id", Plain),
        (2, "organization_id", Plain),
        (3, "channel_id", Plain),
        (4, "key_id", Plain),
        (5, "version", Plain),
        (6, "state", Plain),
        (7, "children", Plain),
        (8, "total", Plain),
        (9, "done", Plain),
        (10, "started_at", Plain),
        (11, "resealed_at", Plain),
        (12, "forget_at", Plain),
        (13, "finished_at", Plain),
    ],
};
