//! Tags: the organization's own words on tickets, sealed under its key. An organization has at most
//! some thousands; they are opened all at once where they are searched.

use std::collections::HashMap;

use sea_orm::sea_query::{Expr, ExprTrait as _, OnConflict};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Set,
};
use uuid::Uuid;

use super::error::Result;
use super::removal::remove;
use super::{Store, Tx, columns, millis};
use crate::crypto::OpenKey;
use crate::domain::ids::{OrganizationId, TagId, TicketId};
use crate::domain::words::TagColor;

/// A tag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tag {
    /// Its id.
    pub id: TagId,
    /// What it says.
    pub name: String,
    /// Its colour.
    pub color: TagColor,
    /// Rises with each change.
    pub version: i32,
}

fn open(key: &OpenKey, row: &entity::tag::Model) -> Result<Tag> {
    Ok(Tag {
        id: TagId(row.id),
        name: key.open_string(columns::TAG_NAME.of(row.id), &row.name)?,
        color: row.color.parse()?,
        version: row.version,
    })
}

/// All tags of an organization, in no order.
pub async fn list(
    store: &Store,
    key: &OpenKey,
    organization_id: OrganizationId,
) -> Result<Vec<Tag>> {
    let rows = entity::tag::Entity::find()
        .filter(entity::tag::Column::OrganizationId.eq(organization_id.0))
        .all(store.db().read())
        .await?;
    rows.iter().map(|row| open(key, row)).collect()
}

/// As [`list`], as the transaction sees them; nobody else adds or renames any until its end.
pub async fn lock_all(tx: &Tx, key: &OpenKey, organization_id: OrganizationId) -> Result<Vec<Tag>> {
    super::organizations::lock(tx, organization_id).await?;
    let rows = entity::tag::Entity::find()
        .filter(entity::tag::Column::OrganizationId.eq(organization_id.0))
        .all(tx.conn())
        .await?;
    rows.iter().map(|row| open(key, row)).collect()
}

/// Those of these ids that there are.
pub async fn find_many(
    store: &Store,
    key: &OpenKey,
    organization_id: OrganizationId,
    ids: &[TagId],
) -> Result<HashMap<TagId, Tag>> {
    use entity::tag::Column;
    let mut found = HashMap::new();
    for chunk in ids.chunks(500) {
        let rows = entity::tag::Entity::find()
            .filter(Column::OrganizationId.eq(organization_id.0))
            .filter(Column::Id.is_in(chunk.iter().map(|id| id.0)))
            .all(store.db().read())
            .await?;
        for row in &rows {
            found.insert(TagId(row.id), open(key, row)?);
        }
    }
    Ok(found)
}

/// Adds a tag.
pub async fn add(tx: &Tx, key: &OpenKey, organization_id: OrganizationId, tag: &Tag) -> Result<()> {
    entity::tag::ActiveModel {
        organization_id: Set(organization_id.0),
        id: Set(tag.id.0),
        name: Set(key.seal(columns::TAG_NAME.of(tag.id.0), tag.name.as_bytes())),
        color: Set(tag.color.as_str().to_owned()),
        created_at: Set(millis(tx.store().now())),
        version: Set(tag.version),
    }
    .insert(tx.conn())
    .await?;
    Ok(())
}

/// Changes what it says and its colour.
pub async fn update(
    tx: &Tx,
    key: &OpenKey,
    organization_id: OrganizationId,
    tag: &Tag,
) -> Result<()> {
    use entity::tag::Column;
    let sealed = key.seal(columns::TAG_NAME.of(tag.id.0), tag.name.as_bytes());
    entity::tag::Entity::update_many()
        .col_expr(Column::Name, Expr::value(sealed))
        .col_expr(Column::Color, Expr::value(tag.color.as_str()))
        .filter(Column::OrganizationId.eq(organization_id.0))
        .filter(Column::Id.eq(tag.id.0))
        .exec(tx.conn())
        .await?;
    Ok(())
}

/// Takes a tag from up to `limit` tickets; from how many.
pub async fn take_off(
    tx: &Tx,
    organization_id: OrganizationId,
    id: TagId,
    limit: u64,
) -> Result<u64> {
    use entity::ticket_tag::Column;
    let tickets: Vec<Uuid> = entity::ticket_tag::Entity::find()
        .select_only()
        .column(Column::TicketId)
        .filter(Column::OrganizationId.eq(organization_id.0))
        .filter(Column::TagId.eq(id.0))
        .order_by_asc(Column::TicketId)
        .limit(limit)
        .into_tuple()
        .all(tx.conn())
        .await?;
    if tickets.is_empty() {
        return Ok(0);
    }
    let of_tag = Column::TagId.eq(id.0).and(Column::TicketId.is_in(tickets));
    Ok(remove!(tx, ticket_tag, organization_id, of_tag))
}

/// Removes a tag that is on no ticket any more.
pub async fn remove(tx: &Tx, organization_id: OrganizationId, id: TagId) -> Result<()> {
    remove!(tx, ticket_tag, organization_id, entity::ticket_tag::Column::TagId.eq(id.0));
    remove!(tx, tag, organization_id, entity::tag::Column::Id.eq(id.0));
    Ok(())
}

/// The tickets with any of these tags.
pub async fn tickets_with(
    store: &Store,
    organization_id: OrganizationId,
    ids: &[TagId],
) -> Result<Vec<TicketId>> {
    use entity::ticket_tag::{Column, Entity};
    let mut found = Vec::new();
    for chunk in ids.chunks(500) {
        let rows: Vec<Uuid> = Entity::find()
            .select_only()
            .column(Column::TicketId)
            .filter(Column::OrganizationId.eq(organization_id.0))
            .filter(Column::TagId.is_in(chunk.iter().map(|id| id.0)))
            .into_tuple()
            .all(store.db().read())
            .await?;
        found.extend(rows.into_iter().map(TicketId));
    }
    Ok(found)
}

/// The tags of these tickets.
pub async fn of_tickets(
    store: &Store,
    organization_id: OrganizationId,
    tickets: &[TicketId],
) -> Result<Vec<(TicketId, TagId)>> {
    let mut pairs = Vec::new();
    for chunk in tickets.chunks(500) {
        pairs.extend(pairs_of(store.db().read(), organization_id, chunk).await?);
    }
    Ok(pairs)
}

/// The tags of these tickets, as the transaction sees them.
pub async fn of_locked(
    tx: &Tx,
    organization_id: OrganizationId,
    tickets: &[TicketId],
) -> Result<Vec<(TicketId, TagId)>> {
    pairs_of(tx.conn(), organization_id, tickets).await
}

async fn pairs_of(
    db: &impl sea_orm::ConnectionTrait,
    organization_id: OrganizationId,
    tickets: &[TicketId],
) -> Result<Vec<(TicketId, TagId)>> {
    use entity::ticket_tag::Column;
    let rows: Vec<(Uuid, Uuid)> = entity::ticket_tag::Entity::find()
        .select_only()
        .columns([Column::TicketId, Column::TagId])
        .filter(Column::OrganizationId.eq(organization_id.0))
        .filter(Column::TicketId.is_in(tickets.iter().map(|id| id.0)))
        .into_tuple()
        .all(db)
        .await?;
    Ok(rows.into_iter().map(|(ticket, tag)| (TicketId(ticket), TagId(tag))).collect())
}

/// Puts tags on a ticket that it does not have yet. What was removed meanwhile is passed over.
pub async fn put_on(
    tx: &Tx,
    organization_id: OrganizationId,
    ticket: TicketId,
    tags: &[TagId],
) -> Result<()> {
    use entity::ticket_tag::{ActiveModel, Column, Entity};
    if tags.is_empty() {
        return Ok(());
    }
    let there: Vec<Uuid> = entity::tag::Entity::find()
        .select_only()
        .column(entity::tag::Column::Id)
        .filter(entity::tag::Column::OrganizationId.eq(organization_id.0))
        .filter(entity::tag::Column::Id.is_in(tags.iter().map(|id| id.0)))
        .into_tuple()
        .all(tx.conn())
        .await?;
    let rows: Vec<ActiveModel> = there
        .into_iter()
        .map(|tag| ActiveModel {
            organization_id: Set(organization_id.0),
            ticket_id: Set(ticket.0),
            tag_id: Set(tag),
        })
        .collect();
    if rows.is_empty() {
        return Ok(());
    }
    Entity::insert_many(rows)
        .on_conflict(
            OnConflict::columns([Column::OrganizationId, Column::TicketId, Column::TagId])
                .do_nothing()
                .to_owned(),
        )
        .exec_without_returning(tx.conn())
        .await?;
    Ok(())
}

/// Takes tags off a ticket.
pub async fn take_from(
    tx: &Tx,
    organization_id: OrganizationId,
    ticket: TicketId,
    tags: &[TagId],
) -> Result<()> {
    use entity::ticket_tag::Column;
    if tags.is_empty() {
        return Ok(());
    }
    let of = Column::TicketId.eq(ticket.0).and(Column::TagId.is_in(tags.iter().map(|id| id.0)));
    remove!(tx, ticket_tag, organization_id, of);
    Ok(())
}
