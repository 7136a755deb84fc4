//! The keyring's settings: names and short values, none of them secret.

use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue::Set, ConnectionTrait, DbErr, EntityTrait};

use super::entity::meta;

/// The version of the tables.
pub(super) const SCHEMA: &str = "schema";
/// Tells the right root key from a wrong one.
pub(super) const ROOT_CHECK: &str = "root_check";
/// The version of the root key.
pub(super) const ROOT_VERSION: &str = "root_version";
/// Counts rotations, so that other processes notice.
pub(super) const ROTATIONS: &str = "rotations";
/// What a caller stores has this before its name.
pub(super) const CALLER: &str = "caller.";

/// The setting's value.
pub(super) async fn find(db: &impl ConnectionTrait, name: &str) -> Result<Option<String>, DbErr> {
    Ok(meta::Entity::find_by_id(name).one(db).await?.map(|row| row.value))
}

/// A setting that is a number; nothing when it is absent or no number.
pub(super) async fn find_number(
    db: &impl ConnectionTrait,
    name: &str,
) -> Result<Option<u32>, DbErr> {
    Ok(find(db, name).await?.and_then(|value| value.parse().ok()))
}

/// Sets the value, whether or not there was one.
pub(super) async fn set(db: &impl ConnectionTrait, name: &str, value: &str) -> Result<(), DbErr> {
    let row = meta::ActiveModel { name: Set(name.to_owned()), value: Set(value.to_owned()) };
    meta::Entity::insert(row)
        .on_conflict(
            OnConflict::column(meta::Column::Name).update_column(meta::Column::Value).to_owned(),
        )
        .exec_without_returning(db)
        .await
        .map(drop)
}

/// Sets the value unless there is one, and returns the one that holds.
pub(super) async fn set_once(
    db: &impl ConnectionTrait,
    name: &str,
    value: &str,
) -> Result<String, DbErr> {
    let row = meta::ActiveModel { name: Set(name.to_owned()), value: Set(value.to_owned()) };
    meta::Entity::insert(row)
        .on_conflict(OnConflict::column(meta::Column::Name).do_nothing().to_owned())
        .exec_without_returning(db)
        .await?;
    Ok(find(db, name).await?.unwrap_or_else(|| value.to_owned()))
}
