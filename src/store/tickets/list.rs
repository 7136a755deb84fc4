//! Pages of tickets in the order of work.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, Order, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect,
};

use super::{Ticket, open_all};
use crate::domain::ids::{ChannelId, ContactId, MembershipId, TicketId};
use crate::domain::words::Status;
use crate::store::error::Result;
use crate::store::{Scope, Store, from_millis, millis};

/// Which tickets. Empty fields limit nothing.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// With this status. Without one: every status but spam and trash.
    pub status: Option<Status>,
    /// `Some(None)`: nobody's.
    pub assignee: Option<Option<MembershipId>>,
    /// Of this channel.
    pub channel_id: Option<ChannelId>,
    /// Of this customer.
    pub contact_id: Option<ContactId>,
    /// With a note that names this member.
    pub mentioned: Option<MembershipId>,
}

/// Where the next page begins: after the ticket with this place in the order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PageCursor {
    /// Its time in the order.
    pub at: DateTime<Utc>,
    /// Its id.
    pub id: TicketId,
}

/// A page.
#[derive(Debug, Clone)]
pub struct Page {
    /// The tickets.
    pub tickets: Vec<Ticket>,
    /// Where the next page begins, if there is one.
    pub next: Option<PageCursor>,
}

/// Open tickets come with the longest waiting first; all others with the newest first.
pub async fn list(
    store: &Store,
    scope: &Scope,
    filter: &Filter,
    after: Option<PageCursor>,
    limit: u64,
) -> Result<Page> {
    use entity::ticket::{Column, Entity};
    let (sort, order) = match filter.status {
        Some(Status::Open) => (Column::QueueAt, Order::Asc),
        Some(_) => (Column::QueueAt, Order::Desc),
        None => (Column::LastMessageAt, Order::Desc),
    };
    let mut query = Entity::find().filter(condition(scope, filter));
    if let Some(after) = after {
        let at = millis(after.at);
        let beyond = match order {
            Order::Asc => sort.gt(at),
            _ => sort.lt(at),
        };
        let same = match order {
            Order::Asc => Column::Id.gt(after.id.0),
            _ => Column::Id.lt(after.id.0),
        };
        query = query
            .filter(Condition::any().add(beyond).add(Condition::all().add(sort.eq(at)).add(same)));
    }
    let mut rows = query
        .order_by(sort, order.clone())
        .order_by(Column::Id, order)
        .limit(limit + 1)
        .all(store.db().read())
        .await?;
    let more = u64::try_from(rows.len()).unwrap_or(u64::MAX) > limit;
    rows.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    let next = rows.last().filter(|_| more).map(|row| PageCursor {
        at: from_millis(if filter.status.is_some() { row.queue_at } else { row.last_message_at }),
        id: TicketId(row.id),
    });
    Ok(Page { tickets: open_all(store, rows).await?, next })
}

fn condition(scope: &Scope, filter: &Filter) -> Condition {
    use entity::ticket::Column;
    let mut condition = scope.limit_tickets();
    // What went up in another ticket is found there.
    condition = condition.add(Column::MergedIntoId.is_null());
    condition = match filter.status {
        Some(status) => condition.add(Column::Status.eq(status.as_str())),
        None => {
            condition.add(Column::Status.is_not_in([Status::Spam.as_str(), Status::Trash.as_str()]))
        }
    };
    if let Some(assignee) = filter.assignee {
        condition = match assignee {
            Some(id) => condition.add(Column::AssigneeId.eq(id.0)),
            None => condition.add(Column::AssigneeId.is_null()),
        };
    }
    if let Some(channel) = filter.channel_id {
        condition = condition.add(Column::ChannelId.eq(channel.0));
    }
    if let Some(member) = filter.mentioned {
        let named = crate::store::notices::tickets_naming(scope.organization_id().0, member);
        condition = condition.add(Column::Id.in_subquery(named));
    }
    if let Some(contact) = filter.contact_id {
        condition = condition.add(Column::ContactId.eq(contact.0));
    }
    condition
}

/// How many tickets there are, for the sidebar.
#[derive(Debug, Clone, Default)]
pub struct Counts {
    /// By status.
    pub by_status: HashMap<Status, i64>,
    /// Open and assigned to the member.
    pub mine: i64,
    /// Open and nobody's.
    pub unassigned: i64,
}

/// Counts what the scope reaches.
pub async fn counts(store: &Store, scope: &Scope, member: MembershipId) -> Result<Counts> {
    use entity::ticket::{Column, Entity};
    let rows: Vec<(String, i64)> = Entity::find()
        .select_only()
        .column(Column::Status)
        // Of the rows, not of a column: the index then tells all of it.
        .expr_as(Expr::cust("COUNT(*)"), "n")
        .filter(scope.limit(Column::OrganizationId, Column::ChannelId))
        .group_by(Column::Status)
        .into_tuple()
        .all(store.db().read())
        .await?;
    let mut by_status = HashMap::new();
    for (status, n) in rows {
        by_status.insert(status.parse::<Status>()?, n);
    }
    // Taken off again, because the index that counts does not know whose they are.
    for (status, n) in hidden_counts(store, scope).await? {
        by_status.entry(status.parse::<Status>()?).and_modify(|all| *all -= n);
    }
    let of = async |assignee: Option<MembershipId>| -> Result<i64> {
        let filter =
            Filter { status: Some(Status::Open), assignee: Some(assignee), ..Filter::default() };
        let n = Entity::find().filter(condition(scope, &filter)).count(store.db().read()).await?;
        Ok(i64::try_from(n).unwrap_or(i64::MAX))
    };
    Ok(Counts { by_status, mine: of(Some(member)).await?, unassigned: of(None).await? })
}

/// How many tickets of each status are left out of the scope.
async fn hidden_counts(store: &Store, scope: &Scope) -> Result<Vec<(String, i64)>> {
    use entity::ticket::{Column, Entity};
    if scope.hidden().is_empty() {
        return Ok(Vec::new());
    }
    Ok(Entity::find()
        .select_only()
        .column(Column::Status)
        .expr_as(Expr::cust("COUNT(*)"), "n")
        .filter(scope.limit(Column::OrganizationId, Column::ChannelId))
        .filter(Column::ContactId.is_in(scope.hidden().iter().map(|id| id.0)))
        .group_by(Column::Status)
        .into_tuple()
        .all(store.db().read())
        .await?)
}
