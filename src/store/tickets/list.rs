//! Pages of tickets in the order of work.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use entity::UnixMillis;
use sea_orm::sea_query::{Expr, ExprTrait as _, SelectStatement};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, Order, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect, QueryTrait,
};

use super::{Ticket, open_all};
use crate::domain::ids::{ChannelId, ContactId, MembershipId, TagId, TeamId, TicketId};
use crate::domain::words::{Priority, Status};
use crate::store::error::Result;
use crate::store::{Scope, Store, from_millis, millis};

/// Which tickets. Empty fields limit nothing.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// With this status. Without one: every status but spam and trash.
    pub status: Option<Status>,
    /// Those that sleep. Otherwise they are left out of what is open.
    pub snoozed: bool,
    /// `Some(None)`: nobody's.
    pub assignee: Option<Option<MembershipId>>,
    /// Of this channel.
    pub channel_id: Option<ChannelId>,
    /// Of this customer.
    pub contact_id: Option<ContactId>,
    /// With or without files.
    pub has_attachment: Option<bool>,
    /// In which this member has something to read.
    pub unread_by: Option<MembershipId>,
    /// On which this member has begun to write.
    pub draft_of: Option<MembershipId>,
    /// The last message is not older.
    pub since: Option<DateTime<Utc>>,
    /// The last message is older.
    pub before: Option<DateTime<Utc>>,
    /// In which order.
    pub sort: Sort,
    /// As urgent as this.
    pub priority: Option<Priority>,
    /// `Some(None)`: of no team.
    pub team: Option<Option<TeamId>>,
    /// With this tag.
    pub tag: Option<TagId>,
    /// With a note that names this member.
    pub mentioned: Option<MembershipId>,
}

/// The order of a list.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Sort {
    /// Open tickets with the longest waiting first; all others with the newest first.
    #[default]
    Work,
    /// The newest message first.
    Newest,
    /// The oldest last message first.
    Oldest,
}

impl Filter {
    /// What they come in the order of.
    fn order(&self) -> (entity::ticket::Column, Order) {
        use entity::ticket::Column;
        match (self.sort, self.status) {
            (Sort::Oldest, _) => (Column::LastMessageAt, Order::Asc),
            // Whoever wakes first.
            (Sort::Work, _) if self.snoozed => (Column::SnoozedUntil, Order::Asc),
            (Sort::Work, Some(Status::Open)) => (Column::QueueAt, Order::Asc),
            (Sort::Work, Some(_)) => (Column::QueueAt, Order::Desc),
            (Sort::Newest, _) | (Sort::Work, None) => (Column::LastMessageAt, Order::Desc),
        }
    }

    /// A row's time in that order.
    fn place(&self, row: &entity::ticket::Model) -> UnixMillis {
        match self.order().0 {
            entity::ticket::Column::SnoozedUntil => row.snoozed_until.unwrap_or_default(),
            entity::ticket::Column::QueueAt => row.queue_at,
            _ => row.last_message_at,
        }
    }
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

/// A page in the order of the filter.
pub async fn list(
    store: &Store,
    scope: &Scope,
    filter: &Filter,
    after: Option<PageCursor>,
    limit: u64,
) -> Result<Page> {
    use entity::ticket::{Column, Entity};
    let (sort, order) = filter.order();
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
    let next = rows
        .last()
        .filter(|_| more)
        .map(|row| PageCursor { at: from_millis(filter.place(row)), id: TicketId(row.id) });
    Ok(Page { tickets: open_all(store, rows).await?, next })
}

/// The ids of as many, in no order.
pub async fn list_ids(
    store: &Store,
    scope: &Scope,
    filter: &Filter,
    limit: u64,
) -> Result<Vec<TicketId>> {
    use entity::ticket::{Column, Entity};
    let ids: Vec<uuid::Uuid> = Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(condition(scope, filter))
        .limit(limit)
        .into_tuple()
        .all(store.db().read())
        .await?;
    Ok(ids.into_iter().map(TicketId).collect())
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
    if let Some(has) = filter.has_attachment {
        condition = condition.add(Column::HasAttachment.eq(has));
    }
    if let Some(since) = filter.since {
        condition = condition.add(Column::LastMessageAt.gte(millis(since)));
    }
    if let Some(before) = filter.before {
        condition = condition.add(Column::LastMessageAt.lt(millis(before)));
    }
    if let Some(member) = filter.draft_of {
        condition = condition.add(Column::Id.in_subquery(drafts_of(scope, member)));
    }
    if let Some(member) = filter.unread_by {
        condition = condition.add(unread(member));
    }
    if filter.snoozed {
        condition = condition.add(Column::SnoozedUntil.is_not_null());
    } else if filter.status == Some(Status::Open) {
        condition = condition.add(Column::SnoozedUntil.is_null());
    }
    marked(condition, scope, filter)
}

/// What agents have put on them.
fn marked(mut condition: Condition, scope: &Scope, filter: &Filter) -> Condition {
    use entity::ticket::Column;
    if let Some(priority) = filter.priority {
        condition = condition.add(Column::Priority.eq(priority.as_str()));
        if priority != Priority::Normal {
            // As the index has it.
            condition = condition.add(Expr::cust("priority <> 'normal'"));
        }
    }
    match filter.team {
        Some(Some(team)) => condition = condition.add(Column::TeamId.eq(team.0)),
        Some(None) => condition = condition.add(Column::TeamId.is_null()),
        None => {}
    }
    if let Some(tag) = filter.tag {
        use entity::ticket_tag;
        let tagged = ticket_tag::Entity::find()
            .select_only()
            .column(ticket_tag::Column::TicketId)
            .filter(ticket_tag::Column::OrganizationId.eq(scope.organization_id().0))
            .filter(ticket_tag::Column::TagId.eq(tag.0));
        condition = condition.add(Column::Id.in_subquery(QueryTrait::into_query(tagged)));
    }
    condition
}

/// The tickets on which the member has begun to write.
fn drafts_of(scope: &Scope, member: MembershipId) -> SelectStatement {
    use entity::draft::{Column, Entity};
    Entity::find()
        .select_only()
        .column(Column::TicketId)
        .filter(Column::OrganizationId.eq(scope.organization_id().0))
        .filter(Column::MembershipId.eq(member.0))
        .into_query()
}

/// As `service::tickets` says of one ticket: history arrives read.
fn unread(member: MembershipId) -> Condition {
    use entity::{ticket, ticket_seen};
    let seen = ticket_seen::Entity::find()
        .select_only()
        .expr(Expr::value(1))
        .filter(
            Expr::col((ticket_seen::Entity, ticket_seen::Column::OrganizationId))
                .equals((ticket::Entity, ticket::Column::OrganizationId)),
        )
        .filter(
            Expr::col((ticket_seen::Entity, ticket_seen::Column::TicketId))
                .equals((ticket::Entity, ticket::Column::Id)),
        )
        .filter(ticket_seen::Column::MembershipId.eq(member.0))
        .filter(
            Expr::col((ticket_seen::Entity, ticket_seen::Column::SeenAt))
                .gte(Expr::col((ticket::Entity, ticket::Column::LastInboundAt))),
        );
    Condition::all()
        .add(ticket::Column::IsHistory.eq(false))
        .add(ticket::Column::LastInboundAt.is_not_null())
        .add(Expr::exists(seen.into_query()).not())
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
    /// Those that sleep.
    pub snoozed: i64,
    /// With a note that names the member.
    pub mentioned: i64,
    /// On which the member has begun to write.
    pub drafts: i64,
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
    let sleeping = sleeping(store, scope).await?;
    if let Some(open) = by_status.get_mut(&Status::Open) {
        *open -= sleeping.get(&Status::Open).copied().unwrap_or(0);
    }
    let of = async |filter: Filter| -> Result<i64> {
        let n = Entity::find().filter(condition(scope, &filter)).count(store.db().read()).await?;
        Ok(i64::try_from(n).unwrap_or(i64::MAX))
    };
    let open = |assignee| Filter {
        status: Some(Status::Open),
        assignee: Some(assignee),
        ..Filter::default()
    };
    Ok(Counts {
        by_status,
        mine: of(open(Some(member))).await?,
        unassigned: of(open(None)).await?,
        snoozed: sleeping.values().sum(),
        mentioned: count_of(store, scope, named_in(store, scope, member).await?).await?,
        drafts: count_of(store, scope, begun_by(store, scope, member).await?).await?,
    })
}

/// A member has no more drafts and mentions than are counted.
const MOST_OF_ONE: u64 = 1_000;

/// How many of these tickets the scope reaches, but for spam and trash. Their ids are asked for before:
/// with the question in this one, `SQLite` goes through all tickets of the channels.
async fn count_of(store: &Store, scope: &Scope, ids: Vec<uuid::Uuid>) -> Result<i64> {
    use entity::ticket::{Column, Entity};
    if ids.is_empty() {
        return Ok(0);
    }
    let these = condition(scope, &Filter::default()).add(Column::Id.is_in(ids));
    let n = Entity::find().filter(these).count(store.db().read()).await?;
    Ok(i64::try_from(n).unwrap_or(i64::MAX))
}

/// Tickets with a note that names the member.
async fn named_in(store: &Store, scope: &Scope, member: MembershipId) -> Result<Vec<uuid::Uuid>> {
    let mut named = crate::store::notices::tickets_naming(scope.organization_id().0, member);
    let rows = store.db().read().query_all(named.limit(MOST_OF_ONE)).await?;
    rows.iter().map(|row| Ok(row.try_get_by_index(0)?)).collect()
}

/// Tickets on which the member has begun to write.
async fn begun_by(store: &Store, scope: &Scope, member: MembershipId) -> Result<Vec<uuid::Uuid>> {
    use entity::draft::{Column, Entity};
    Ok(Entity::find()
        .select_only()
        .column(Column::TicketId)
        .filter(Column::OrganizationId.eq(scope.organization_id().0))
        .filter(Column::MembershipId.eq(member.0))
        .limit(MOST_OF_ONE)
        .into_tuple()
        .all(store.db().read())
        .await?)
}

/// How many tickets of each status sleep.
async fn sleeping(store: &Store, scope: &Scope) -> Result<HashMap<Status, i64>> {
    use entity::ticket::{Column, Entity};
    let rows: Vec<(String, i64)> = Entity::find()
        .select_only()
        .column(Column::Status)
        .expr_as(Expr::cust("COUNT(*)"), "n")
        .filter(scope.limit_tickets())
        .filter(Column::SnoozedUntil.is_not_null())
        .group_by(Column::Status)
        .into_tuple()
        .all(store.db().read())
        .await?;
    rows.into_iter().map(|(status, n)| Ok((status.parse()?, n))).collect()
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
