//! Messages that a search has found, with what its page shows of them and no more.

use sea_orm::{ColumnTrait, EntityTrait, FromQueryResult, QueryFilter, QuerySelect};
use serde::Deserialize;
use uuid::Uuid;

use super::super::error::Result;
use super::super::packed::unpack;
use super::super::{Scope, Store, columns};
use super::place;
use crate::crypto::OpenKey;
use crate::domain::ids::{MessageId, TicketId};
use crate::domain::words::MessageKind;

/// A message, opened as far as it is shown.
#[derive(Debug, Clone)]
pub struct Found {
    /// Its id.
    pub id: MessageId,
    /// Its ticket.
    pub ticket_id: TicketId,
    /// What it is.
    pub kind: MessageKind,
    /// Its content key.
    pub key_id: Uuid,
    /// Its own subject.
    pub subject: String,
    /// What is new in it.
    pub text: String,
    quoted: Option<(Vec<u8>, OpenKey)>,
}

impl Found {
    /// What it quotes. It is opened now: mostly nobody asks.
    pub fn quoted(&self) -> Result<Option<String>> {
        let Some((sealed, key)) = &self.quoted else { return Ok(None) };
        Ok(Some(unpack(&key.open(place(columns::MESSAGE_QUOTED, self.id), sealed)?)?))
    }

    /// It is as if it quoted nothing.
    pub fn forget_quoted(&mut self) {
        self.quoted = None;
    }
}

#[derive(FromQueryResult)]
struct Row {
    id: Uuid,
    ticket_id: Uuid,
    kind: String,
    key_id: Uuid,
    envelope: Vec<u8>,
    text: Vec<u8>,
    quoted: Option<Vec<u8>>,
}

/// Of the head only this: the rest of it is passed by.
#[derive(Deserialize)]
struct Head {
    #[serde(default)]
    subject: String,
}

/// Those of these messages that the scope reaches. One whose key was destroyed is left out.
pub async fn list(store: &Store, scope: &Scope, ids: &[MessageId]) -> Result<Vec<Found>> {
    use entity::message::{Column, Entity};
    let rows: Vec<Row> = Entity::find()
        .select_only()
        .columns([Column::Id, Column::TicketId, Column::Kind, Column::KeyId])
        .columns([Column::Envelope, Column::Text, Column::Quoted])
        .filter(scope.limit_messages())
        .filter(Column::Id.is_in(ids.iter().map(|id| id.0)))
        .into_model()
        .all(store.db().read())
        .await?;
    let keys: Vec<Uuid> = rows.iter().map(|row| row.key_id).collect();
    let keys = store.keyring().get_many(&keys).await?;
    rows.into_iter().filter_map(|row| keys.get(&row.key_id).map(|key| open(row, key))).collect()
}

fn open(row: Row, key: &OpenKey) -> Result<Found> {
    let id = MessageId(row.id);
    let envelope = unpack(&key.open(place(columns::MESSAGE_ENVELOPE, id), &row.envelope)?)?;
    let head: Head = serde_json::from_str(&envelope)?;
    Ok(Found {
        id,
        ticket_id: TicketId(row.ticket_id),
        kind: row.kind.parse()?,
        key_id: row.key_id,
        subject: head.subject,
        text: unpack(&key.open(place(columns::MESSAGE_TEXT, id), &row.text)?)?,
        quoted: row.quoted.map(|sealed| (sealed, key.clone())),
    })
}
