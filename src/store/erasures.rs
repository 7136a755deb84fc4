//! Erasures: how far the data of a person is on its way out. What they find and change is in
//! [`super::erasure_rows`].

use chrono::{DateTime, Utc};
use sea_orm::sea_query::{Expr, ExprTrait as _};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, EntityTrait, NotSet, QueryFilter, QueryOrder, QuerySelect, Set,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::error::{Result, StoreError};
use super::{Store, Tx, columns, from_millis, millis};
use crate::crypto::OpenKey;
use crate::domain::ids::{
    ChannelId, ContactId, ErasureId, FolderId, MembershipId, OrganizationId, TicketId,
};
use crate::domain::words::{ErasureState, Fate};

/// How much there is of each kind.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Counts {
    /// Tickets that go, since nobody else took part.
    pub tickets_deleted: i64,
    /// Tickets of others, too, in which the person's messages become tombstones.
    pub tickets_redacted: i64,
    /// Tickets of others in which the person is only named in the heads of messages.
    pub tickets_mentioned: i64,
    /// Tickets that legal holds keep for now.
    pub tickets_held: i64,
    /// Messages that go or become tombstones.
    pub messages: i64,
    /// Files in them.
    pub attachments: i64,
    /// Answers that lose what they quote.
    pub answers_redacted: i64,
    /// Messages of others whose head loses the person.
    pub mentions: i64,
    /// Drafts on those tickets.
    pub drafts: i64,
    /// Records of answers that went to the person, or were about to.
    pub deliveries: i64,
    /// Mail that could not be processed, or was left out.
    pub unfiled: i64,
    /// Profiles.
    pub contacts: i64,
    /// Copies that are at the provider yet.
    pub copies: i64,
}

/// Who is erased; sealed, and gone at the end.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// Addresses, in lower case.
    pub addresses: Vec<String>,
    /// Profiles.
    pub contacts: Vec<ContactId>,
}

/// A copy that the mailbox's provider has yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Copy {
    /// The mailbox.
    pub channel_id: ChannelId,
    /// The folder.
    pub folder_id: FolderId,
    /// The folder's UIDVALIDITY when the mail was seen.
    pub uid_validity: i64,
    /// The mail's UID.
    pub uid: i64,
    /// When the provider received it.
    pub received_at: Option<DateTime<Utc>>,
}

/// An erasure.
#[derive(Debug, Clone)]
pub struct Erasure {
    /// Its organization.
    pub organization_id: OrganizationId,
    /// Its id.
    pub id: ErasureId,
    /// How far it is.
    pub state: ErasureState,
    /// The key that seals who is erased.
    pub key_id: Uuid,
    /// Who asked for it.
    pub requested_by: Option<MembershipId>,
    /// When.
    pub requested_at: DateTime<Utc>,
    /// When everything was counted.
    pub planned_at: Option<DateTime<Utc>>,
    /// When the keys died.
    pub keys_destroyed_at: Option<DateTime<Utc>>,
    /// When nothing was left.
    pub finished_at: Option<DateTime<Utc>>,
    /// How much there was.
    pub counts: Counts,
    /// Messages that are gone or tombstones.
    pub removed: i64,
    person: Option<Vec<u8>>,
    copies: Option<Vec<u8>>,
    read: ErasureState,
}

impl TryFrom<entity::erasure::Model> for Erasure {
    type Error = StoreError;

    fn try_from(row: entity::erasure::Model) -> Result<Self> {
        let state = row.state.parse()?;
        Ok(Self {
            organization_id: OrganizationId(row.organization_id),
            id: ErasureId(row.id),
            state,
            key_id: row.key_id,
            requested_by: row.requested_by.map(MembershipId),
            requested_at: from_millis(row.requested_at),
            planned_at: row.planned_at.map(from_millis),
            keys_destroyed_at: row.keys_destroyed_at.map(from_millis),
            finished_at: row.finished_at.map(from_millis),
            counts: serde_json::from_str(&row.counts)?,
            removed: row.removed,
            person: row.person,
            copies: row.copies,
            read: state,
        })
    }
}

impl Erasure {
    /// Who is erased; nothing once it is done.
    pub fn person(&self, key: &OpenKey) -> Result<Option<Person>> {
        let Some(sealed) = &self.person else { return Ok(None) };
        let json = key.open(columns::ERASURE_PERSON.of(self.id.0), sealed)?;
        Ok(Some(serde_json::from_slice(&json)?))
    }

    /// Nobody knows any more who it was.
    pub fn forget_person(&mut self) {
        self.person = None;
    }

    /// Where copies are yet, under the organization's key.
    pub fn copies(&self, organization_key: &OpenKey) -> Result<Vec<Copy>> {
        let Some(sealed) = &self.copies else { return Ok(Vec::new()) };
        let json = organization_key.open(columns::ERASURE_COPIES.of(self.id.0), sealed)?;
        Ok(serde_json::from_slice(&json)?)
    }

    /// Says where copies are yet.
    pub fn set_copies(&mut self, organization_key: &OpenKey, copies: &[Copy]) -> Result<()> {
        let json = serde_json::to_vec(copies)?;
        self.copies = Some(organization_key.seal(columns::ERASURE_COPIES.of(self.id.0), &json));
        Ok(())
    }

    /// Writes it back. What a start has removed that found the keys dead was counted by nobody: at
    /// the end all of it is gone. [`StoreError::Stale`] when its state has changed since it was read.
    pub async fn save(&self, tx: &Tx) -> Result<()> {
        use entity::erasure::{ActiveModel, Column, Entity};
        let changed = Entity::update_many()
            .set(ActiveModel {
                state: Set(self.state.as_str().to_owned()),
                person: Set(self.person.clone()),
                copies: Set(self.copies.clone()),
                planned_at: Set(self.planned_at.map(millis)),
                keys_destroyed_at: Set(self.keys_destroyed_at.map(millis)),
                finished_at: Set(self.finished_at.map(millis)),
                counts: Set(serde_json::to_string(&self.counts)?),
                removed: if self.state == ErasureState::Done {
                    Set(self.counts.messages)
                } else {
                    NotSet
                },
                ..Default::default()
            })
            .filter(Column::OrganizationId.eq(self.organization_id.0))
            .filter(Column::Id.eq(self.id.0))
            .filter(Column::State.eq(self.read.as_str()))
            .exec(tx.conn())
            .await?;
        if changed.rows_affected == 1 { Ok(()) } else { Err(StoreError::Stale) }
    }
}

/// Adds an erasure of this person, sealed under a key of its own.
pub async fn add(
    tx: &Tx,
    organization_id: OrganizationId,
    id: ErasureId,
    key: &OpenKey,
    person: &Person,
    requested_by: Option<MembershipId>,
) -> Result<()> {
    let json = serde_json::to_vec(person)?;
    entity::erasure::ActiveModel {
        organization_id: Set(organization_id.0),
        id: Set(id.0),
        state: Set(ErasureState::Planned.as_str().to_owned()),
        key_id: Set(key.id()),
        person: Set(Some(key.seal(columns::ERASURE_PERSON.of(id.0), &json))),
        copies: Set(None),
        requested_by: Set(requested_by.map(|id| id.0)),
        requested_at: Set(millis(tx.store().now())),
        planned_at: Set(None),
        keys_destroyed_at: Set(None),
        finished_at: Set(None),
        counts: Set(serde_json::to_string(&Counts::default())?),
        removed: Set(0),
    }
    .insert(tx.conn())
    .await?;
    Ok(())
}

/// The erasure of that id.
pub async fn find(
    store: &Store,
    organization_id: OrganizationId,
    id: ErasureId,
) -> Result<Option<Erasure>> {
    entity::erasure::Entity::find_by_id((organization_id.0, id.0))
        .one(store.db().write())
        .await?
        .map(Erasure::try_from)
        .transpose()
}

/// The erasure as the transaction sees it, and locked until its end.
pub async fn lock(
    tx: &Tx,
    organization_id: OrganizationId,
    id: ErasureId,
) -> Result<Option<Erasure>> {
    entity::erasure::Entity::find_by_id((organization_id.0, id.0))
        .lock_exclusive()
        .one(tx.conn())
        .await?
        .map(Erasure::try_from)
        .transpose()
}

/// Those that are not done, of one organization or of all.
pub async fn list_open(
    store: &Store,
    organization_id: Option<OrganizationId>,
) -> Result<Vec<Erasure>> {
    use entity::erasure::{Column, Entity};
    let mut query = Entity::find().filter(Column::State.ne(ErasureState::Done.as_str()));
    if let Some(id) = organization_id {
        query = query.filter(Column::OrganizationId.eq(id.0));
    }
    query
        .order_by_asc(Column::Id)
        .all(store.db().read())
        .await?
        .into_iter()
        .map(Erasure::try_from)
        .collect()
}

/// So many messages more are gone.
pub async fn add_removed(tx: &Tx, erasure: &Erasure, messages: usize) -> Result<()> {
    use entity::erasure::{Column, Entity};
    let more = i64::try_from(messages).unwrap_or(i64::MAX);
    Entity::update_many()
        .col_expr(Column::Removed, Expr::col(Column::Removed).add(more))
        .filter(Column::OrganizationId.eq(erasure.organization_id.0))
        .filter(Column::Id.eq(erasure.id.0))
        .exec(tx.conn())
        .await?;
    Ok(())
}

/// Says what is to be done to tickets; one that stands there already keeps its fate.
pub async fn add_tickets(tx: &Tx, erasure: &Erasure, tickets: &[(TicketId, Fate)]) -> Result<()> {
    use entity::erasure_ticket::{ActiveModel, Column, Entity};
    let rows: Vec<_> = tickets
        .iter()
        .map(|(ticket, fate)| ActiveModel {
            organization_id: Set(erasure.organization_id.0),
            erasure_id: Set(erasure.id.0),
            ticket_id: Set(ticket.0),
            fate: Set(fate.as_str().to_owned()),
        })
        .collect();
    for chunk in super::chunks(rows, 4) {
        let known = [Column::OrganizationId, Column::ErasureId, Column::TicketId];
        let conflict = sea_orm::sea_query::OnConflict::columns(known).do_nothing().to_owned();
        Entity::insert_many(chunk).on_conflict(conflict).exec_without_returning(tx.conn()).await?;
    }
    Ok(())
}

/// What is left to be done to tickets, up to `limit` of them.
pub async fn tickets(
    store: &Store,
    erasure: &Erasure,
    fates: &[Fate],
    limit: u64,
) -> Result<Vec<(TicketId, Fate)>> {
    use entity::erasure_ticket::{Column, Entity};
    Entity::find()
        .filter(Column::OrganizationId.eq(erasure.organization_id.0))
        .filter(Column::ErasureId.eq(erasure.id.0))
        .filter(Column::Fate.is_in(fates.iter().map(|fate| fate.as_str())))
        .order_by_asc(Column::TicketId)
        .limit(limit)
        .all(store.db().write())
        .await?
        .into_iter()
        .map(|row| Ok((TicketId(row.ticket_id), row.fate.parse()?)))
        .collect()
}

/// Nothing is left to be done to this ticket.
pub async fn ticket_done(tx: &Tx, erasure: &Erasure, ticket: TicketId) -> Result<()> {
    use entity::erasure_ticket::Entity;
    Entity::delete_by_id((erasure.organization_id.0, erasure.id.0, ticket.0))
        .exec(tx.conn())
        .await?;
    Ok(())
}
