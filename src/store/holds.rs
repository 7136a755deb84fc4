//! Legal holds: what they keep, and who may read it.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Set,
};
use uuid::Uuid;

use super::error::Result;
use super::purge_rows::Of;
use super::{Store, Tx, columns, from_millis, millis};
use crate::crypto::{OpenKey, Place};
use crate::domain::ids::{ContactId, HoldId, MembershipId, OrganizationId, TicketId};
use crate::domain::words::HoldKind;

/// A hold.
#[derive(Debug, Clone)]
pub struct Hold {
    /// Its organization.
    pub organization_id: OrganizationId,
    /// Its id.
    pub id: HoldId,
    /// What it keeps.
    pub kind: HoldKind,
    /// Which one.
    pub subject_id: Uuid,
    /// Why.
    pub reason: String,
    /// Who placed it.
    pub placed_by: MembershipId,
    /// When.
    pub placed_at: DateTime<Utc>,
    /// When somebody is to look whether it is needed yet.
    pub review_at: DateTime<Utc>,
    /// Who ended it.
    pub ended_by: Option<MembershipId>,
    /// When.
    pub ended_at: Option<DateTime<Utc>>,
    /// Who may read what it keeps.
    pub people: Vec<MembershipId>,
}

fn place(id: Uuid) -> Place {
    Place { column: columns::HOLD_REASON, row: id }
}

/// Adds a hold.
pub async fn add(tx: &Tx, key: &OpenKey, hold: &Hold) -> Result<()> {
    entity::hold::ActiveModel {
        organization_id: Set(hold.organization_id.0),
        id: Set(hold.id.0),
        kind: Set(hold.kind.as_str().to_owned()),
        subject_id: Set(hold.subject_id),
        reason: Set(key.seal(place(hold.id.0), hold.reason.as_bytes())),
        placed_by: Set(hold.placed_by.0),
        placed_at: Set(millis(hold.placed_at)),
        review_at: Set(millis(hold.review_at)),
        ended_by: Set(None),
        ended_at: Set(None),
    }
    .insert(tx.conn())
    .await?;
    let people = hold.people.iter().map(|id| entity::hold_person::ActiveModel {
        organization_id: Set(hold.organization_id.0),
        hold_id: Set(hold.id.0),
        membership_id: Set(id.0),
    });
    if !hold.people.is_empty() {
        entity::hold_person::Entity::insert_many(people).exec_without_returning(tx.conn()).await?;
    }
    Ok(())
}

/// Ends a hold; false when it had ended.
pub async fn end(
    tx: &Tx,
    organization_id: OrganizationId,
    id: HoldId,
    by: MembershipId,
) -> Result<bool> {
    use entity::hold::Column;
    let ended = entity::hold::Entity::update_many()
        .col_expr(Column::EndedBy, Expr::value(Some(by.0)))
        .col_expr(Column::EndedAt, Expr::value(Some(millis(tx.store().now()).0)))
        .filter(Column::OrganizationId.eq(organization_id.0))
        .filter(Column::Id.eq(id.0))
        .filter(Column::EndedAt.is_null())
        .exec(tx.conn())
        .await?;
    Ok(ended.rows_affected == 1)
}

/// The holds of an organization, the newest first.
pub async fn list(
    store: &Store,
    key: &OpenKey,
    organization_id: OrganizationId,
) -> Result<Vec<Hold>> {
    let rows = entity::hold::Entity::find()
        .filter(entity::hold::Column::OrganizationId.eq(organization_id.0))
        .order_by_desc(entity::hold::Column::PlacedAt)
        .order_by_desc(entity::hold::Column::Id)
        .all(store.db().read())
        .await?;
    let people = entity::hold_person::Entity::find()
        .filter(entity::hold_person::Column::OrganizationId.eq(organization_id.0))
        .all(store.db().read())
        .await?;
    rows.into_iter()
        .map(|row| {
            Ok(Hold {
                organization_id,
                id: HoldId(row.id),
                kind: row.kind.parse()?,
                subject_id: row.subject_id,
                reason: key.open_string(place(row.id), &row.reason)?,
                placed_by: MembershipId(row.placed_by),
                placed_at: from_millis(row.placed_at),
                review_at: from_millis(row.review_at),
                ended_by: row.ended_by.map(MembershipId),
                ended_at: row.ended_at.map(from_millis),
                people: people
                    .iter()
                    .filter(|person| person.hold_id == row.id)
                    .map(|person| MembershipId(person.membership_id))
                    .collect(),
            })
        })
        .collect()
}

/// A hold that lasts, without its reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lasting {
    /// Its id.
    pub id: HoldId,
    /// What it keeps.
    pub kind: HoldKind,
    /// Which one.
    pub subject_id: Uuid,
}

/// The holds of an organization that last. Asked of the writer: one that was placed a moment ago
/// must be seen.
pub async fn lasting(store: &Store, organization_id: OrganizationId) -> Result<Vec<Lasting>> {
    use entity::hold::Column;
    let rows: Vec<(Uuid, String, Uuid)> = entity::hold::Entity::find()
        .select_only()
        .columns([Column::Id, Column::Kind, Column::SubjectId])
        .filter(Column::OrganizationId.eq(organization_id.0))
        .filter(Column::EndedAt.is_null())
        .into_tuple()
        .all(store.db().write())
        .await?;
    rows.into_iter()
        .map(|(id, kind, subject_id)| {
            Ok(Lasting { id: HoldId(id), kind: kind.parse()?, subject_id })
        })
        .collect()
}

/// Who may read what these holds keep.
pub async fn people(
    store: &Store,
    organization_id: OrganizationId,
    holds: &[HoldId],
) -> Result<Vec<MembershipId>> {
    use entity::hold_person::Column;
    let ids: Vec<Uuid> = entity::hold_person::Entity::find()
        .select_only()
        .distinct()
        .column(Column::MembershipId)
        .filter(Column::OrganizationId.eq(organization_id.0))
        .filter(Column::HoldId.is_in(holds.iter().map(|id| id.0)))
        .into_tuple()
        .all(store.db().read())
        .await?;
    Ok(ids.into_iter().map(MembershipId).collect())
}

/// The tickets of a channel that holds on tickets and customers keep.
pub async fn tickets_of_channel(
    store: &Store,
    of: Of,
    lasting: &[Lasting],
) -> Result<HashSet<TicketId>> {
    let subjects = |kind: HoldKind| {
        lasting.iter().filter(move |hold| hold.kind == kind).map(|hold| hold.subject_id)
    };
    let contacts: Vec<Uuid> = subjects(HoldKind::Contact).collect();
    let tickets: Vec<Uuid> = subjects(HoldKind::Ticket).collect();
    let mut found: HashSet<TicketId> = HashSet::new();
    if !tickets.is_empty() {
        use entity::ticket::Column;
        let ids: Vec<Uuid> = entity::ticket::Entity::find()
            .select_only()
            .column(Column::Id)
            .filter(Column::OrganizationId.eq(of.organization_id.0))
            .filter(Column::ChannelId.eq(of.channel_id.0))
            .filter(Column::Id.is_in(tickets))
            .into_tuple()
            .all(store.db().write())
            .await?;
        found.extend(ids.into_iter().map(TicketId));
    }
    let contacts: Vec<ContactId> = contacts.into_iter().map(ContactId).collect();
    found.extend(tickets_of_contacts(store, of, &contacts).await?);
    Ok(found)
}

/// The tickets of a channel that belong to these customers, or in which they wrote.
pub async fn tickets_of_contacts(
    store: &Store,
    of: Of,
    contacts: &[ContactId],
) -> Result<HashSet<TicketId>> {
    let mut found: HashSet<TicketId> = HashSet::new();
    if contacts.is_empty() {
        return Ok(found);
    }
    let contacts = || contacts.iter().map(|id| id.0);
    {
        use entity::ticket::Column;
        let ids: Vec<Uuid> = entity::ticket::Entity::find()
            .select_only()
            .column(Column::Id)
            .filter(Column::OrganizationId.eq(of.organization_id.0))
            .filter(Column::ChannelId.eq(of.channel_id.0))
            .filter(Column::ContactId.is_in(contacts()))
            .into_tuple()
            .all(store.db().write())
            .await?;
        found.extend(ids.into_iter().map(TicketId));
    }
    {
        use entity::message::Column;
        let ids: Vec<Uuid> = entity::message::Entity::find()
            .select_only()
            .distinct()
            .column(Column::TicketId)
            .filter(Column::OrganizationId.eq(of.organization_id.0))
            .filter(Column::ChannelId.eq(of.channel_id.0))
            .filter(Column::ContactId.is_in(contacts()))
            .filter(Column::ContactId.is_not_null())
            .into_tuple()
            .all(store.db().write())
            .await?;
        found.extend(ids.into_iter().map(TicketId));
        Ok(found)
    }
}
