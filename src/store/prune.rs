//! What is left over: keys that no row names.

use std::collections::HashSet;

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect};
use uuid::Uuid;

use super::Store;
use super::error::Result;

/// Those of these content, profile and export keys that a row names. A draft shares its ticket's key,
/// and the files of a message share the message's.
pub async fn named_keys(store: &Store, ids: &[Uuid]) -> Result<HashSet<Uuid>> {
    macro_rules! named {
        ($($table:ident $(where $condition:expr)?),+ $(,)?) => {{
            let mut named = HashSet::new();
            $(
                let found: Vec<Uuid> = entity::$table::Entity::find()
                    .select_only()
                    .column(entity::$table::Column::KeyId)
                    .filter(entity::$table::Column::KeyId.is_in(ids.iter().copied()))
                    $(.filter($condition))?
                    .into_tuple()
                    // What was committed a moment ago must be seen: ask the writer.
                    .all(store.db().write())
                    .await?;
                named.extend(found);
            )+
            named
        }};
    }
    let is_upload = entity::attachment::Column::MessageId.is_null();
    Ok(named!(
        ticket,
        message,
        raw_message,
        contact,
        letter,
        parcel,
        data_request,
        erasure,
        search_index,
        attachment where is_upload
    ))
}
