//! The tables of the register of processing, of incidents and of policy texts.

use super::Class::{Blind, Plain, Sealed};
use super::Table;

/// What an owner says of a host.
pub(super) const REGISTER_HOST: Table = Table {
    number: 60,
    name: "register_host",
    columns: &[
        (1, "organization_id", Plain),
        (2, "id", Plain),
        (3, "host_blind", Blind),
        (4, "content", Sealed),
        (5, "changed_by", Plain),
        (6, "changed_at", Plain),
    ],
};

/// What was disclosed to an authority.
pub(super) const DISCLOSURE: Table = Table {
    number: 61,
    name: "disclosure",
    columns: &[
        (1, "organization_id", Plain),
        (2, "id", Plain),
        (3, "content", Sealed),
        (4, "recorded_by", Plain),
        (5, "recorded_at", Plain),
    ],
};

/// What an operator wrote to admins about an incident.
pub(super) const INCIDENT_NOTICE: Table = Table {
    number: 62,
    name: "incident_notice",
    columns: &[
        (1, "organization_id", Plain),
        (2, "id", Plain),
        (3, "content", Sealed),
        (4, "from_at", Plain),
        (5, "to_at", Plain),
        (6, "made_at", Plain),
    ],
};

/// What an owner published.
pub(super) const POLICY_TEXT: Table = Table {
    number: 56,
    name: "policy_text",
    columns: &[
        (1, "organization_id", Plain),
        (2, "id", Plain),
        (3, "kind", Plain),
        (4, "version", Plain),
        (5, "content", Sealed),
        (6, "published_by", Plain),
        (7, "published_at", Plain),
    ],
};

/// Who has read which.
pub(super) const POLICY_READING: Table = Table {
    number: 57,
    name: "policy_reading",
    columns: &[
        (1, "organization_id", Plain),
        (2, "policy_id", Plain),
        (3, "membership_id", Plain),
        (4, "read_at", Plain),
    ],
};
