//! What people want of everything that is done with their data, by the blind of their address: so
//! it holds for whoever writes from there, also when the customer's row goes and comes anew.

use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QuerySelect, Set};
use uuid::Uuid;

use super::contacts::EMAIL;
use super::error::Result;
use super::{Store, Tx, millis};
use crate::domain::ids::{ContactId, DataRequestId, MembershipId, OrganizationId};
use crate::domain::words::MarkKind;

/// Marks these addresses.
pub async fn add(
    tx: &Tx,
    organization_id: OrganizationId,
    request_id: DataRequestId,
    kind: MarkKind,
    blinds: &[Vec<u8>],
) -> Result<()> {
    let now = millis(tx.store().now());
    let rows = blinds.iter().map(|blind| entity::person_mark::ActiveModel {
        organization_id: Set(organization_id.0),
        id: Set(tx.store().new_id()),
        kind: Set(kind.as_str().to_owned()),
        address_blind: Set(blind.clone()),
        request_id: Set(request_id.0),
        since: Set(now),
        ended_at: Set(None),
    });
    entity::person_mark::Entity::insert_many(rows).exec_without_returning(tx.conn()).await?;
    Ok(())
}

/// Ends the marks of a request; how many they were.
pub async fn end(
    tx: &Tx,
    organization_id: OrganizationId,
    request_id: DataRequestId,
) -> Result<u64> {
    use entity::person_mark::Column;
    let ended = entity::person_mark::Entity::update_many()
        .col_expr(Column::EndedAt, Expr::value(Some(millis(tx.store().now()).0)))
        .filter(Column::OrganizationId.eq(organization_id.0))
        .filter(Column::RequestId.eq(request_id.0))
        .filter(Column::EndedAt.is_null())
        .exec(tx.conn())
        .await?;
    Ok(ended.rows_affected)
}

/// The kinds of marks that these addresses have.
pub async fn of(
    store: &Store,
    organization_id: OrganizationId,
    blinds: &[Vec<u8>],
) -> Result<Vec<MarkKind>> {
    use entity::person_mark::Column;
    if blinds.is_empty() {
        return Ok(Vec::new());
    }
    let rows: Vec<String> = entity::person_mark::Entity::find()
        .select_only()
        .distinct()
        .column(Column::Kind)
        .filter(Column::OrganizationId.eq(organization_id.0))
        .filter(Column::Kind.is_in(MarkKind::ALL.iter().map(|kind| kind.as_str())))
        .filter(Column::AddressBlind.is_in(blinds.iter().cloned()))
        .filter(Column::EndedAt.is_null())
        .into_tuple()
        .all(store.db().read())
        .await?;
    rows.into_iter().map(|kind| Ok(kind.parse()?)).collect()
}

/// Whether anybody at all is marked: few organizations have anyone who is.
pub async fn any(store: &Store, organization_id: OrganizationId) -> Result<bool> {
    use entity::person_mark::Column;
    let found = entity::person_mark::Entity::find()
        .filter(Column::OrganizationId.eq(organization_id.0))
        .filter(Column::Kind.is_in(MarkKind::ALL.iter().map(|kind| kind.as_str())))
        .filter(Column::EndedAt.is_null())
        .one(store.db().read())
        .await?;
    Ok(found.is_some())
}

/// Whether any of the request's marks lasts.
pub async fn lasts(
    store: &Store,
    organization_id: OrganizationId,
    request_id: DataRequestId,
) -> Result<bool> {
    use entity::person_mark::Column;
    let found = entity::person_mark::Entity::find()
        .filter(Column::OrganizationId.eq(organization_id.0))
        .filter(Column::RequestId.eq(request_id.0))
        .filter(Column::EndedAt.is_null())
        .count(store.db().read())
        .await?;
    Ok(found > 0)
}

/// The customers who have one of these marks.
pub async fn contacts(
    store: &Store,
    organization_id: OrganizationId,
    kinds: &[MarkKind],
) -> Result<Vec<ContactId>> {
    use entity::person_mark::Column;
    let marked = entity::person_mark::Entity::find()
        .select_only()
        .column(Column::AddressBlind)
        .filter(Column::OrganizationId.eq(organization_id.0))
        .filter(Column::Kind.is_in(kinds.iter().map(|kind| kind.as_str())))
        .filter(Column::EndedAt.is_null());
    contacts_of(store, organization_id, marked.into_tuple().all(store.db().read()).await?).await
}

/// Names who may read what a restriction hides, in place of whom it named before.
pub async fn set_readers(
    tx: &Tx,
    organization_id: OrganizationId,
    request_id: DataRequestId,
    readers: &[MembershipId],
) -> Result<()> {
    use entity::restriction_reader::{ActiveModel, Column, Entity};
    Entity::delete_many()
        .filter(Column::OrganizationId.eq(organization_id.0))
        .filter(Column::RequestId.eq(request_id.0))
        .exec(tx.conn())
        .await?;
    let rows = readers.iter().map(|reader| ActiveModel {
        organization_id: Set(organization_id.0),
        request_id: Set(request_id.0),
        membership_id: Set(reader.0),
    });
    Entity::insert_many(rows).exec_without_returning(tx.conn()).await?;
    Ok(())
}

/// Who may read what the request's restriction hides.
pub async fn readers(
    store: &Store,
    organization_id: OrganizationId,
    request_id: DataRequestId,
) -> Result<Vec<MembershipId>> {
    use entity::restriction_reader::{Column, Entity};
    let rows: Vec<Uuid> = Entity::find()
        .select_only()
        .column(Column::MembershipId)
        .filter(Column::OrganizationId.eq(organization_id.0))
        .filter(Column::RequestId.eq(request_id.0))
        .into_tuple()
        .all(store.db().read())
        .await?;
    Ok(rows.into_iter().map(MembershipId).collect())
}

/// The customers whose data is restricted, and not to be read by this member. Asked with every
/// request: where nobody is restricted it is one look into an index with nothing in it.
pub async fn hidden_from(
    store: &Store,
    organization_id: OrganizationId,
    member: MembershipId,
) -> Result<Vec<ContactId>> {
    let blinds = blinds_hidden_from(store, organization_id, member).await?;
    contacts_of(store, organization_id, blinds).await
}

/// As [`hidden_from`], by the blinds of addresses: also of people who are no customers yet.
pub async fn blinds_hidden_from(
    store: &Store,
    organization_id: OrganizationId,
    member: MembershipId,
) -> Result<Vec<Vec<u8>>> {
    use entity::person_mark::Column;
    let marks: Vec<(Uuid, Vec<u8>)> = entity::person_mark::Entity::find()
        .select_only()
        .columns([Column::RequestId, Column::AddressBlind])
        .filter(Column::OrganizationId.eq(organization_id.0))
        .filter(Column::Kind.eq(MarkKind::Restriction.as_str()))
        .filter(Column::EndedAt.is_null())
        .into_tuple()
        .all(store.db().read())
        .await?;
    if marks.is_empty() {
        return Ok(Vec::new());
    }
    let mine = {
        use entity::restriction_reader::{Column, Entity};
        let rows: Vec<Uuid> = Entity::find()
            .select_only()
            .column(Column::RequestId)
            .filter(Column::OrganizationId.eq(organization_id.0))
            .filter(Column::MembershipId.eq(member.0))
            .into_tuple()
            .all(store.db().read())
            .await?;
        rows
    };
    let others = marks.into_iter().filter(|(request, _)| !mine.contains(request));
    Ok(others.map(|(_, blind)| blind).collect())
}

async fn contacts_of(
    store: &Store,
    organization_id: OrganizationId,
    blinds: Vec<Vec<u8>>,
) -> Result<Vec<ContactId>> {
    use entity::contact_identity::{Column, Entity};
    let mut found = Vec::new();
    for chunk in blinds.chunks(500) {
        let rows: Vec<Uuid> = Entity::find()
            .select_only()
            .column(Column::ContactId)
            .filter(Column::OrganizationId.eq(organization_id.0))
            .filter(Column::Kind.eq(EMAIL))
            .filter(Column::ValueBlind.is_in(chunk.iter().cloned()))
            .into_tuple()
            .all(store.db().read())
            .await?;
        found.extend(rows.into_iter().map(ContactId));
    }
    found.sort_unstable();
    found.dedup();
    Ok(found)
}
