//! Folders of a mailbox and how far each has been read.

use chrono::{DateTime, Utc};
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, Set};

use super::error::{Result, StoreError};
use super::{Store, Tx, columns, from_millis, millis};
use crate::crypto::{BlindDomain, OpenKey, Place};
use crate::domain::ids::{ChannelId, FolderId, OrganizationId};
use crate::domain::words::FolderRole;

/// A folder and its cursor.
#[derive(Debug, Clone)]
pub struct Folder {
    /// Its organization.
    pub organization_id: OrganizationId,
    /// Its id.
    pub id: FolderId,
    /// Its mailbox.
    pub channel_id: ChannelId,
    /// As the server calls it.
    pub name: String,
    /// What it is for.
    pub role: FolderRole,
    /// The server's UIDVALIDITY (RFC 3501 §2.3.1.1); 0 before the first look.
    pub uid_validity: i64,
    /// Every UID up to this one is in the ledger.
    pub last_uid: i64,
    /// History below this UID is still to be imported, newest first; 0 when none is.
    pub backfill_uid: i64,
    /// When the server's UIDs were last held against the ledger.
    pub compared_at: Option<DateTime<Utc>>,
}

/// What was found when the server's UIDs were held against the ledger. What is on the server is
/// imported, a duplicate or left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Comparison {
    /// When.
    pub at: DateTime<Utc>,
    /// Mails in the folder.
    pub on_server: i64,
    /// A message was made of them.
    pub imported: i64,
    /// The mailbox has them already.
    pub duplicates: i64,
    /// Everything else: left out on purpose, older than the import, in quarantine.
    pub left_out: i64,
    /// Those that the ledger did not know; they were fetched, and are among the others now.
    pub missed: i64,
}

/// Where a folder's cursor moves to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cursor {
    /// The server's UIDVALIDITY.
    pub uid_validity: i64,
    /// Every UID up to this one is in the ledger.
    pub last_uid: i64,
    /// History below this UID is still to be imported.
    pub backfill_uid: i64,
}

impl Folder {
    /// Where its cursor stands.
    #[must_use]
    pub fn cursor(&self) -> Cursor {
        Cursor {
            uid_validity: self.uid_validity,
            last_uid: self.last_uid,
            backfill_uid: self.backfill_uid,
        }
    }
}

fn open(key: &OpenKey, row: &entity::folder::Model) -> Result<Folder> {
    let place = Place { column: columns::FOLDER_NAME, row: row.id };
    Ok(Folder {
        organization_id: OrganizationId(row.organization_id),
        id: FolderId(row.id),
        channel_id: ChannelId(row.channel_id),
        name: key.open_string(place, &row.name)?,
        role: row.role.parse()?,
        uid_validity: row.uid_validity,
        last_uid: row.last_uid,
        backfill_uid: row.backfill_uid,
        compared_at: row.compared_at.map(from_millis),
    })
}

/// The folders of a mailbox that are read.
pub async fn list(
    store: &Store,
    key: &OpenKey,
    organization_id: OrganizationId,
    channel_id: ChannelId,
) -> Result<Vec<Folder>> {
    entity::folder::Entity::find()
        .filter(entity::folder::Column::OrganizationId.eq(organization_id.0))
        .filter(entity::folder::Column::ChannelId.eq(channel_id.0))
        .all(store.db().read())
        .await?
        .into_iter()
        .map(|row| open(key, &row))
        .collect()
}

/// The folder of that name, made with an empty cursor if it is new.
pub async fn find_or_add(
    store: &Store,
    key: &OpenKey,
    organization_id: OrganizationId,
    channel_id: ChannelId,
    name: &str,
    role: FolderRole,
) -> Result<Folder> {
    let name_blind = key.blind(BlindDomain::FolderName, name.as_bytes()).to_vec();
    let found = entity::folder::Entity::find()
        .filter(entity::folder::Column::OrganizationId.eq(organization_id.0))
        .filter(entity::folder::Column::ChannelId.eq(channel_id.0))
        .filter(entity::folder::Column::NameBlind.eq(name_blind.clone()))
        .one(store.db().read())
        .await?;
    if let Some(row) = found {
        return open(key, &row);
    }
    let id = store.new_id();
    let row = entity::folder::ActiveModel {
        organization_id: Set(organization_id.0),
        id: Set(id),
        channel_id: Set(channel_id.0),
        name: Set(key.seal(Place { column: columns::FOLDER_NAME, row: id }, name.as_bytes())),
        name_blind: Set(name_blind),
        role: Set(role.as_str().to_owned()),
        uid_validity: Set(0),
        last_uid: Set(0),
        backfill_uid: Set(0),
        updated_at: Set(millis(store.now())),
        ..Default::default()
    }
    .insert(store.db().write())
    .await?;
    open(key, &row)
}

/// Moves the cursor, in the same transaction as what was read.
pub async fn set_cursor(
    tx: &Tx,
    organization_id: OrganizationId,
    id: FolderId,
    cursor: Cursor,
) -> Result<()> {
    let changed = entity::folder::Entity::update_many()
        .col_expr(entity::folder::Column::UidValidity, Expr::value(cursor.uid_validity))
        .col_expr(entity::folder::Column::LastUid, Expr::value(cursor.last_uid))
        .col_expr(entity::folder::Column::BackfillUid, Expr::value(cursor.backfill_uid))
        .col_expr(entity::folder::Column::UpdatedAt, Expr::value(millis(tx.store().now())))
        .filter(entity::folder::Column::OrganizationId.eq(organization_id.0))
        .filter(entity::folder::Column::Id.eq(id.0))
        .exec(tx.conn())
        .await?;
    if changed.rows_affected == 1 { Ok(()) } else { Err(StoreError::Stale) }
}

/// Keeps what the latest comparison found.
pub async fn set_comparison(store: &Store, folder: &Folder, found: &Comparison) -> Result<()> {
    use entity::folder::Column;
    let changed = entity::folder::Entity::update_many()
        .col_expr(Column::ComparedAt, Expr::value(millis(found.at)))
        .col_expr(Column::OnServer, Expr::value(found.on_server))
        .col_expr(Column::ComparedImported, Expr::value(found.imported))
        .col_expr(Column::ComparedDuplicates, Expr::value(found.duplicates))
        .col_expr(Column::ComparedLeftOut, Expr::value(found.left_out))
        .col_expr(Column::ComparedMissed, Expr::value(found.missed))
        .filter(Column::OrganizationId.eq(folder.organization_id.0))
        .filter(Column::Id.eq(folder.id.0))
        .exec(store.db().write())
        .await?;
    if changed.rows_affected == 1 { Ok(()) } else { Err(StoreError::Stale) }
}

/// What the latest comparison of each folder of a mailbox found.
pub async fn comparisons(
    store: &Store,
    organization_id: OrganizationId,
    channel_id: ChannelId,
) -> Result<Vec<(FolderRole, Comparison)>> {
    let rows = entity::folder::Entity::find()
        .filter(entity::folder::Column::OrganizationId.eq(organization_id.0))
        .filter(entity::folder::Column::ChannelId.eq(channel_id.0))
        .filter(entity::folder::Column::ComparedAt.is_not_null())
        .order_by_asc(entity::folder::Column::Role)
        .all(store.db().read())
        .await?;
    let mut found = Vec::with_capacity(rows.len());
    for row in rows {
        let Some(at) = row.compared_at else { continue };
        let comparison = Comparison {
            at: from_millis(at),
            on_server: row.on_server,
            imported: row.compared_imported,
            duplicates: row.compared_duplicates,
            left_out: row.compared_left_out,
            missed: row.compared_missed,
        };
        found.push((row.role.parse()?, comparison));
    }
    Ok(found)
}
