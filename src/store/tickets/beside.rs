//! What a list shows beside its tickets: their tags, and how the member stands to each.

use std::collections::{HashMap, HashSet};
use std::fmt::Write as _;

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, Statement, Value};
use uuid::Uuid;

use crate::domain::ids::{MembershipId, OrganizationId, TagId, TicketId};
use crate::store::error::Result;
use crate::store::{Store, from_millis};

/// Ids are filled up to a multiple of this, so that there are few statements and each is prepared once.
const FULL: usize = 10;

/// Tickets of one statement.
const MOST: usize = 500;

/// What there is beside tickets.
#[derive(Debug, Default)]
pub struct Beside {
    /// The tags, in no order.
    pub tags: Vec<(TicketId, TagId)>,
    /// Up to when the member has seen each.
    pub seen: HashMap<TicketId, DateTime<Utc>>,
    /// Those on which the member has a draft.
    pub begun: HashSet<TicketId>,
}

/// What there is beside these tickets, in one statement.
pub async fn beside(
    store: &Store,
    organization_id: OrganizationId,
    tickets: &[TicketId],
    member: MembershipId,
) -> Result<Beside> {
    let mut found = Beside::default();
    let db = store.db().read();
    for chunk in tickets.chunks(MOST) {
        let mut values: Vec<Value> = vec![organization_id.0.into(), member.0.into()];
        let last = chunk.last().copied().into_iter();
        let full = chunk.len().next_multiple_of(FULL);
        let ids = chunk.iter().copied().chain(last.cycle()).take(full);
        let mut among = String::new();
        for id in ids {
            values.push(id.0.into());
            let comma = if among.is_empty() { "" } else { ", " };
            // Text can always be written to.
            let _ = write!(among, "{comma}${}", values.len());
        }
        let query = format!(
            "SELECT 0 AS what, ticket_id AS ticket, tag_id AS tag, CAST(NULL AS BIGINT) AS at \
             FROM ticket_tag WHERE organization_id = $1 AND ticket_id IN ({among}) \
             UNION ALL SELECT 1, ticket_id, ticket_id, seen_at FROM ticket_seen \
             WHERE organization_id = $1 AND membership_id = $2 AND ticket_id IN ({among}) \
             UNION ALL SELECT 2, ticket_id, ticket_id, NULL FROM draft \
             WHERE organization_id = $1 AND membership_id = $2 AND ticket_id IN ({among})"
        );
        let statement = Statement::from_sql_and_values(db.get_database_backend(), query, values);
        for row in db.query_all_raw(statement).await? {
            let (what, ticket): (i32, Uuid) =
                (row.try_get("", "what")?, row.try_get("", "ticket")?);
            let ticket = TicketId(ticket);
            match what {
                0 => found.tags.push((ticket, TagId(row.try_get("", "tag")?))),
                1 => {
                    let at: i64 = row.try_get("", "at")?;
                    found.seen.insert(ticket, from_millis(entity::UnixMillis(at)));
                }
                _ => _ = found.begun.insert(ticket),
            }
        }
    }
    Ok(found)
}
