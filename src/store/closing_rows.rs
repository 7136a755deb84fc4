//! The rows of an organization: counted, and removed table by table, children before parents, in
//! bounded batches.

use sea_orm::sea_query::{Expr, ExprTrait as _};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbBackend, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect, Statement,
};
use uuid::Uuid;

use super::error::Result;
use super::{Store, Tx, millis};
use crate::domain::ids::{AccountId, MembershipId, OrganizationId};

/// What goes with its organization, children before parents. Objects of `parcel` go before. What
/// stays: statements and the closing itself, which tell of it, and the audit log, which names
/// people by ids that then mean nothing.
const TABLES: &[&str] = &[
    "data_request_event",
    "data_request_mail",
    "data_request_withheld",
    "restriction_reader",
    "person_mark",
    "data_request",
    "preference",
    "presence",
    "saved_view",
    "policy_reading",
    "policy_text",
    "erasure_ticket",
    "erased_mail",
    "erasure",
    "rotation",
    "mention",
    "note_mention",
    "notice",
    "member_setting",
    "parcel",
    "idempotency_key",
    "event",
    "job",
    "act_ticket",
    "act",
    "follower",
    "ticket_tag",
    "tag",
    "outbox",
    "draft",
    "letter",
    "saved_reply",
    "attachment",
    "message_reference",
    "participant",
    "ticket_seen",
    "message",
    "ticket",
    "contact_identity",
    "contact",
    "raw_message",
    "ledger",
    "folder",
    "hold_person",
    "hold",
    "retention_run",
    "retention",
    "register_host",
    "disclosure",
    "incident_notice",
    "provider_client",
    "setting",
    "mailbox",
    "channel_member",
    "search_index",
    "search_feed",
    "purge",
    "channel",
    "team_member",
    "team",
];

/// What outlives its organization, or goes by a way of its own ([`remove_members`], [`remove_last`]).
#[cfg(test)]
const OTHERS: &[&str] =
    &["audit_entry", "closing", "deletion_statement", "membership", "organization_counter"];

/// Removes up to `limit` rows of the organization; how many. None is left when that is 0.
pub async fn remove_next(tx: &Tx, id: OrganizationId, limit: u64) -> Result<u64> {
    for table in TABLES {
        let removed = remove_of(tx, table, id, limit).await?;
        if removed > 0 {
            return Ok(removed);
        }
    }
    Ok(0)
}

async fn remove_of(tx: &Tx, table: &str, id: OrganizationId, limit: u64) -> Result<u64> {
    let backend = tx.conn().get_database_backend();
    // Both databases have a name for a row that needs no index of its own.
    let row = if backend == DbBackend::Postgres { "ctid" } else { "rowid" };
    if table == "ticket" {
        // Tickets name each other.
        use entity::ticket::{Column, Entity};
        Entity::update_many()
            .col_expr(Column::MergedIntoId, Expr::value(None::<Uuid>))
            .col_expr(Column::RelatedToId, Expr::value(None::<Uuid>))
            .filter(Column::OrganizationId.eq(id.0))
            .filter(Column::MergedIntoId.is_not_null().or(Column::RelatedToId.is_not_null()))
            .exec(tx.conn())
            .await?;
    }
    let sql = format!(
        "DELETE FROM {table} WHERE {row} IN \
         (SELECT {row} FROM {table} WHERE organization_id = $1 LIMIT {limit})"
    );
    let values = [id.0.into()];
    let removed =
        tx.conn().execute_raw(Statement::from_sql_and_values(backend, sql, values)).await?;
    Ok(removed.rows_affected())
}

/// Nobody signs in to the organization any more, and it is in no list.
pub async fn shut(tx: &Tx, id: OrganizationId) -> Result<()> {
    use entity::{membership, organization, session};
    let now = millis(tx.store().now());
    organization::Entity::update_many()
        .col_expr(organization::Column::ClosedAt, Expr::value(Some(now.0)))
        .filter(organization::Column::Id.eq(id.0))
        .exec(tx.conn())
        .await?;
    let accounts = membership::Entity::find()
        .select_only()
        .column(membership::Column::AccountId)
        .filter(membership::Column::OrganizationId.eq(id.0));
    session::Entity::delete_many()
        .filter(session::Column::AccountId.in_subquery(sea_orm::QueryTrait::into_query(accounts)))
        .exec(tx.conn())
        .await?;
    membership::Entity::update_many()
        .col_expr(membership::Column::DisabledAt, Expr::value(Some(now.0)))
        .filter(membership::Column::OrganizationId.eq(id.0))
        .filter(membership::Column::DisabledAt.is_null())
        .exec(tx.conn())
        .await?;
    Ok(())
}

/// Removes up to `limit` members, and their accounts where they belong to no other organization;
/// how many members.
pub async fn remove_members(tx: &Tx, id: OrganizationId, limit: u64) -> Result<u64> {
    use entity::{account, account_photo, membership, session};
    let found: Vec<(Uuid, Uuid)> = membership::Entity::find()
        .select_only()
        .columns([membership::Column::Id, membership::Column::AccountId])
        .filter(membership::Column::OrganizationId.eq(id.0))
        .order_by_asc(membership::Column::Id)
        .limit(limit)
        .into_tuple()
        .all(tx.conn())
        .await?;
    for (member, account) in &found {
        membership::Entity::delete_by_id((id.0, *member)).exec(tx.conn()).await?;
        let elsewhere = membership::Entity::find()
            .filter(membership::Column::AccountId.eq(*account))
            .count(tx.conn())
            .await?;
        if elsewhere == 0 {
            session::Entity::delete_many()
                .filter(session::Column::AccountId.eq(*account))
                .exec(tx.conn())
                .await?;
            account_photo::Entity::delete_by_id(*account).exec(tx.conn()).await?;
            account::Entity::delete_by_id(*account).exec(tx.conn()).await?;
        }
    }
    Ok(found.len() as u64)
}

/// Removes the organization itself.
pub async fn remove_last(tx: &Tx, id: OrganizationId) -> Result<()> {
    entity::organization_counter::Entity::delete_by_id(id.0).exec(tx.conn()).await?;
    entity::organization::Entity::delete_by_id(id.0).exec(tx.conn()).await?;
    Ok(())
}

/// Whether mails to members of the organization wait to be sent.
pub async fn has_mail(store: &Store, id: OrganizationId, kind: &str) -> Result<bool> {
    use entity::job::Column;
    let n = entity::job::Entity::find()
        .filter(Column::OrganizationId.eq(id.0))
        .filter(Column::Kind.eq(kind))
        .count(store.db().write())
        .await?;
    Ok(n > 0)
}

/// How many contacts are left in the organization.
pub async fn count_contacts(store: &Store, id: OrganizationId) -> Result<i64> {
    let n = entity::contact::Entity::find()
        .filter(entity::contact::Column::OrganizationId.eq(id.0))
        .count(store.db().read())
        .await?;
    Ok(i64::try_from(n).unwrap_or(i64::MAX))
}

/// The organizations that these are the keys of.
pub async fn of_keys(tx: &Tx, keys: &[Uuid]) -> Result<Vec<OrganizationId>> {
    let ids: Vec<Uuid> = entity::organization::Entity::find()
        .select_only()
        .column(entity::organization::Column::Id)
        .filter(entity::organization::Column::KeyId.is_in(keys.iter().copied()))
        .into_tuple()
        .all(tx.conn())
        .await?;
    Ok(ids.into_iter().map(OrganizationId).collect())
}

/// Removes all of an organization whose key is dead: after a restore.
pub async fn remove_all(store: &Store, id: OrganizationId) -> Result<()> {
    const BATCH: u64 = 500;
    loop {
        let tx = store.begin().await?;
        let mut removed = remove_next(&tx, id, BATCH).await?;
        if removed == 0 {
            removed = remove_members(&tx, id, BATCH).await?;
        }
        if removed == 0 {
            remove_last(&tx, id).await?;
        }
        tx.commit().await?;
        if removed == 0 {
            return Ok(());
        }
    }
}

/// The accounts of these members.
pub async fn accounts_of(
    store: &Store,
    id: OrganizationId,
    members: &[MembershipId],
) -> Result<Vec<AccountId>> {
    use entity::membership::Column;
    let ids: Vec<Uuid> = entity::membership::Entity::find()
        .select_only()
        .column(Column::AccountId)
        .filter(Column::OrganizationId.eq(id.0))
        .filter(Column::Id.is_in(members.iter().map(|id| id.0)))
        .into_tuple()
        .all(store.db().read())
        .await?;
    Ok(ids.into_iter().map(AccountId).collect())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{OTHERS, TABLES};
    use crate::store::columns;

    /// A new table of an organization's goes with it, or stands among the others with a reason.
    #[test]
    fn every_table_of_an_organization_is_known() {
        let of_organizations: BTreeSet<&str> = columns::TABLES
            .iter()
            .filter(|table| table.columns.iter().any(|(_, name, _)| *name == "organization_id"))
            .map(|table| table.name)
            .collect();
        let known: BTreeSet<&str> = TABLES.iter().chain(OTHERS).copied().collect();
        assert_eq!(of_organizations, known);
    }
}
