//! The tables of requests of people about their data.

use super::Class::{Blind, Plain, Sealed};
use super::Table;

pub(super) const DATA_REQUEST: Table = Table {
    number: 46,
    name: "data_request",
    columns: &[
        (1, "organization_id", Plain),
        (2, "id", Plain),
        (3, "kind", Plain),
        (4, "state", Plain),
        (5, "is_known", Plain),
        (6, "membership_id", Plain),
        (7, "ticket_id", Plain),
        (8, "channel_id", Plain),
        (9, "language", Plain),
        (10, "key_id", Plain),
        (11, "content", Sealed),
        (12, "received_at", Plain),
        (13, "due_at", Plain),
        (14, "extended_months", Plain),
        (15, "opened_by", Plain),
        (16, "opened_at", Plain),
        (17, "handler_id", Plain),
        (18, "code_blind", Blind),
        (19, "code_at", Plain),
        (20, "code_tries", Plain),
        (21, "identified_at", Plain),
        (22, "parcel_id", Plain),
        (23, "parcel_until", Plain),
        (24, "erasure_id", Plain),
        (25, "acted_at", Plain),
        (26, "lift_at", Plain),
        (27, "ended_at", Plain),
        (28, "closed_at", Plain),
        (29, "told_at", Plain),
        (30, "version", Plain),
    ],
};

pub(super) const DATA_REQUEST_EVENT: Table = Table {
    number: 47,
    name: "data_request_event",
    columns: &[
        (1, "organization_id", Plain),
        (2, "id", Plain),
        (3, "request_id", Plain),
        (4, "kind", Plain),
        (5, "at", Plain),
        (6, "actor_id", Plain),
        (7, "content", Sealed),
        (8, "number", Plain),
    ],
};

pub(super) const DATA_REQUEST_MAIL: Table = Table {
    number: 48,
    name: "data_request_mail",
    columns: &[
        (1, "organization_id", Plain),
        (2, "id", Plain),
        (3, "request_id", Plain),
        (4, "kind", Plain),
        (5, "state", Plain),
        (6, "content", Sealed),
        (7, "created_by", Plain),
        (8, "created_at", Plain),
        (9, "ended_at", Plain),
    ],
};

pub(super) const DATA_REQUEST_WITHHELD: Table = Table {
    number: 49,
    name: "data_request_withheld",
    columns: &[
        (1, "organization_id", Plain),
        (2, "request_id", Plain),
        (3, "object_id", Plain),
        (4, "reason", Sealed),
        (5, "withheld_by", Plain),
        (6, "withheld_at", Plain),
        (7, "message_id", Plain),
    ],
};

pub(super) const PERSON_MARK: Table = Table {
    number: 63,
    name: "person_mark",
    columns: &[
        (1, "organization_id", Plain),
        (2, "id", Plain),
        (3, "kind", Plain),
        (4, "address_blind", Blind),
        (5, "request_id", Plain),
        (6, "since", Plain),
        (7, "ended_at", Plain),
    ],
};

pub(super) const RESTRICTION_READER: Table = Table {
    number: 64,
    name: "restriction_reader",
    columns: &[
        (1, "organization_id", Plain),
        (2, "request_id", Plain),
        (3, "membership_id", Plain),
    ],
};

pub(super) const MENTION: Table = Table {
    number: 65,
    name: "mention",
    columns: &[
        (1, "organization_id", Plain),
        (2, "message_id", Plain),
        (3, "address_blind", Blind),
    ],
};
