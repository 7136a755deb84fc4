//! Notices: what members are told of tickets, by ids; and whom notes name.

use chrono::{DateTime, Utc};
use sea_orm::sea_query::{Expr, ExprTrait as _};
use sea_orm::{
    ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait, Set,
};
use uuid::Uuid;

use super::error::Result;
use super::{Scope, Store, Tx, from_millis, millis};
use crate::domain::desk::NoticeKind;
use crate::domain::ids::{MembershipId, MessageId, NoticeId, OrganizationId, TicketId};

/// What a member is told.
#[derive(Debug, Clone)]
pub struct Notice {
    /// Its id.
    pub id: NoticeId,
    /// Who is told.
    pub membership_id: MembershipId,
    /// Why.
    pub kind: NoticeKind,
    /// Of which ticket.
    pub ticket_id: TicketId,
    /// Who gave reason to; nobody when it was a customer.
    pub actor_id: Option<MembershipId>,
    /// When.
    pub at: DateTime<Utc>,
    /// When it was read.
    pub read_at: Option<DateTime<Utc>>,
}

fn open(row: &entity::notice::Model) -> Result<Notice> {
    Ok(Notice {
        id: NoticeId(row.id),
        membership_id: MembershipId(row.membership_id),
        kind: row.kind.parse()?,
        ticket_id: TicketId(row.ticket_id),
        actor_id: row.actor_id.map(MembershipId),
        at: from_millis(row.at),
        read_at: row.read_at.map(from_millis),
    })
}

/// Adds notices.
pub async fn add(tx: &Tx, organization_id: OrganizationId, notices: &[Notice]) -> Result<()> {
    let row = |notice: &Notice| entity::notice::ActiveModel {
        organization_id: Set(organization_id.0),
        id: Set(notice.id.0),
        membership_id: Set(notice.membership_id.0),
        kind: Set(notice.kind.as_str().to_owned()),
        ticket_id: Set(notice.ticket_id.0),
        actor_id: Set(notice.actor_id.map(|id| id.0)),
        at: Set(millis(notice.at)),
        read_at: Set(notice.read_at.map(millis)),
    };
    for chunk in super::chunks(notices.iter().map(row).collect(), 8) {
        entity::notice::Entity::insert_many(chunk).exec_without_returning(tx.conn()).await?;
    }
    Ok(())
}

/// The member's notices of these kinds, the newest first, before `before`.
pub async fn list(
    store: &Store,
    organization_id: OrganizationId,
    member: MembershipId,
    kinds: &[NoticeKind],
    (before, limit): (Option<NoticeId>, u64),
) -> Result<Vec<Notice>> {
    use entity::notice::{Column, Entity};
    let mut query = Entity::find()
        .filter(Column::OrganizationId.eq(organization_id.0))
        .filter(Column::MembershipId.eq(member.0))
        .filter(Column::Kind.is_in(kinds.iter().map(|kind| kind.as_str())));
    if let Some(before) = before {
        query = query.filter(Column::Id.lt(before.0));
    }
    let rows = query.order_by_desc(Column::Id).limit(limit).all(store.db().read()).await?;
    rows.iter().map(open).collect()
}

/// The notice, if it is there.
pub async fn find(
    store: &Store,
    organization_id: OrganizationId,
    id: NoticeId,
) -> Result<Option<Notice>> {
    let row = entity::notice::Entity::find_by_id((organization_id.0, id.0));
    row.one(store.db().read()).await?.map(|row| open(&row)).transpose()
}

/// How many of these kinds the member has not read.
pub async fn count_unread(
    store: &Store,
    scope: &Scope,
    member: MembershipId,
    kinds: &[NoticeKind],
) -> Result<u64> {
    use entity::notice::{Column, Entity};
    use entity::ticket;
    // By each notice's own ticket: all tickets of the scope are many.
    let reached = ticket::Entity::find()
        .select_only()
        .expr(Expr::value(1))
        .filter(scope.limit_tickets())
        .filter(Expr::col((ticket::Entity, ticket::Column::Id)).equals((Entity, Column::TicketId)))
        .into_query();
    Ok(Entity::find()
        .filter(Column::OrganizationId.eq(scope.organization_id().0))
        .filter(Column::MembershipId.eq(member.0))
        .filter(Column::Kind.is_in(kinds.iter().map(|kind| kind.as_str())))
        .filter(Column::ReadAt.is_null())
        .filter(Expr::exists(reached))
        .count(store.db().read())
        .await?)
}

/// Which notices are read.
#[derive(Debug, Clone, Copy)]
pub enum Read<'a> {
    /// These.
    Some(&'a [NoticeId]),
    /// Those of a ticket.
    Ticket(TicketId),
    /// All of them.
    All,
}

/// The member has read them.
pub async fn mark_read(
    store: &Store,
    organization_id: OrganizationId,
    member: MembershipId,
    read: Read<'_>,
) -> Result<()> {
    use entity::notice::{Column, Entity};
    let mut query = Entity::update_many()
        .col_expr(Column::ReadAt, Expr::value(Some(millis(store.now()).0)))
        .filter(Column::OrganizationId.eq(organization_id.0))
        .filter(Column::MembershipId.eq(member.0))
        .filter(Column::ReadAt.is_null());
    query = match read {
        Read::Some(ids) => query.filter(Column::Id.is_in(ids.iter().map(|id| id.0))),
        Read::Ticket(id) => query.filter(Column::TicketId.eq(id.0)),
        Read::All => query,
    };
    query.exec(store.db().write()).await?;
    Ok(())
}

/// Removes what is older than `before`.
pub async fn sweep(store: &Store, before: DateTime<Utc>) -> Result<u64> {
    use entity::notice::{Column, Entity};
    let removed = Entity::delete_many().filter(Column::At.lt(millis(before)));
    Ok(removed.exec(store.db().write()).await?.rows_affected)
}

/// Whom a note names.
pub async fn add_mentions(
    tx: &Tx,
    organization_id: OrganizationId,
    message_id: MessageId,
    members: &[MembershipId],
) -> Result<()> {
    let row = |member: &MembershipId| entity::note_mention::ActiveModel {
        organization_id: Set(organization_id.0),
        message_id: Set(message_id.0),
        membership_id: Set(member.0),
    };
    for chunk in super::chunks(members.iter().map(row).collect(), 3) {
        entity::note_mention::Entity::insert_many(chunk).exec_without_returning(tx.conn()).await?;
    }
    Ok(())
}

/// The tickets with a note that names the member, as a condition on a ticket's id.
pub(super) fn tickets_naming(
    organization_id: Uuid,
    member: MembershipId,
) -> sea_orm::sea_query::SelectStatement {
    use entity::{message, note_mention as named};
    use sea_orm::sea_query::Query;
    let note = |column: message::Column| Expr::col((message::Entity, column));
    let of = |column: named::Column| (named::Entity, column);
    // Asked for in a subquery of its own, the notes make SQLite go through all messages.
    Query::select()
        .column((message::Entity, message::Column::TicketId))
        .from(named::Entity)
        .inner_join(
            message::Entity,
            note(message::Column::OrganizationId)
                .equals(of(named::Column::OrganizationId))
                .and(note(message::Column::Id).equals(of(named::Column::MessageId))),
        )
        .and_where(Expr::col(of(named::Column::OrganizationId)).eq(organization_id))
        .and_where(Expr::col(of(named::Column::MembershipId)).eq(member.0))
        .to_owned()
}
