//! Mailboxes: channels of the kind `mailbox`. Sealed under the channel's key.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sea_orm::sea_query::{Expr, ExprTrait as _, Func};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Set,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::channels::{self, Channel};
use super::error::{Result, StoreError};
use super::events::NewEvent;
use super::{Store, Tx, columns, contacts, from_millis, keys, millis};
use crate::crypto::{Column, OpenKey};
use crate::domain::ids::{ChannelId, OrganizationId};
use crate::domain::words::{ChannelKind, ChannelState, EventKind, ImportMode, Provider};

mod credentials;
mod download;
pub mod reader;

pub use super::channels::StateChange;
pub use credentials::{
    Credentials, Grant, credentials, end_refresh_lease, remove_credentials, store_credentials,
    try_refresh_lease,
};
pub use download::{Download, add_downloaded, downloaded, set_import_waits};

/// A mailbox with the state of its channel.
#[derive(Debug, Clone)]
pub struct Mailbox {
    /// Its organization.
    pub organization_id: OrganizationId,
    /// Its channel.
    pub channel_id: ChannelId,
    /// Where it lives.
    pub provider: Provider,
    /// How it is.
    pub state: ChannelState,
    /// Why, as a stable word.
    pub state_code: Option<String>,
    /// Why, in the server's own words.
    pub state_detail: Option<String>,
    /// Its address.
    pub address: String,
    /// The name that customers see.
    pub display_name: String,
    /// What stands under its answers.
    pub signature: Option<String>,
    /// Whether whoever begins a conversation is answered at once.
    pub acknowledges: bool,
    /// With which text.
    pub acknowledgement: Option<String>,
    /// The language of its answers: `en`, `nl`, `de`.
    pub language: String,
    /// How it is reached.
    pub settings: MailboxSettings,
    /// Which mail it brings along.
    pub import_mode: ImportMode,
    /// From when on, if the mode is `since`.
    pub import_since: Option<DateTime<Utc>>,
    /// What arrived before is history.
    pub history_before: Option<DateTime<Utc>>,
    /// How much of the import is done.
    pub import_read: i64,
    /// Of how many, as far as that is known.
    pub import_total: Option<i64>,
    /// The import waits until then, since it has used its share of the provider's daily allowance.
    pub import_waits_until: Option<DateTime<Utc>>,
    /// When the provider ends what was consented to, if it has told.
    pub grant_ends_at: Option<DateTime<Utc>>,
    /// When its mail was last looked at with success.
    pub last_sync_at: Option<DateTime<Utc>>,
    /// When its newest mail came in.
    pub last_mail_at: Option<DateTime<Utc>>,
    /// When it was linked.
    pub created_at: DateTime<Utc>,
    /// When an admin chose to keep its data although it needs a sign-in.
    pub kept_at: Option<DateTime<Utc>>,
    /// Since when it is as it is.
    pub state_at: DateTime<Utc>,
    /// Rises with each change that somebody makes of what an admin sets, members among it.
    pub version: i32,
}

/// How a mailbox is reached. What a provider does not use is `None`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct MailboxSettings {
    /// Where mail is read; `None` for the provider's own server.
    pub imap: Option<MailServer>,
    /// Where answers are handed in; `None` for the provider's own server.
    pub smtp: Option<MailServer>,
    /// The name to sign in with; `None` for the address.
    pub user_name: Option<String>,
    /// Microsoft: the account that opens a shared mailbox. It signs in for sending; where mail is
    /// read its token opens the mailbox under the mailbox's own address.
    pub delegate: Option<String>,
    /// The Maildir on this machine.
    pub path: Option<String>,
    /// What becomes of the answers of a Maildir mailbox.
    pub deliver: Option<Deliver>,
    /// Who the account is at the provider (the `sub` of its `id_token`): addresses change.
    pub subject: Option<String>,
}

/// A mail server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailServer {
    /// Its name.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the connection is encrypted.
    pub tls: Tls,
}

/// How a connection is encrypted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Tls {
    /// From the first byte.
    Implicit,
    /// After STARTTLS.
    Starttls,
}

/// What becomes of the answers of a Maildir mailbox.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum Deliver {
    /// They are put into a Maildir.
    Folder {
        /// Its path.
        path: String,
    },
    /// They are handed to sendmail.
    Sendmail {
        /// Another program than `/usr/sbin/sendmail`.
        command: Option<String>,
    },
}

/// A mailbox to be added to a channel that was added before.
#[derive(Debug)]
pub struct NewMailbox<'a> {
    /// The organization's key, for the blind of the address.
    pub organization_key: &'a OpenKey,
    /// The channel's key.
    pub key: &'a OpenKey,
    /// What to add; its state is the channel's.
    pub mailbox: &'a Mailbox,
    /// What opens it.
    pub credentials: Option<&'a Credentials>,
}

/// Adds a mailbox. [`StoreError::Duplicate`] when the organization has its address already.
pub async fn add(tx: &Tx, new: &NewMailbox<'_>) -> Result<()> {
    let NewMailbox { organization_key, key, mailbox, credentials } = new;
    let id = mailbox.channel_id.0;
    let settings = serde_json::to_vec(&mailbox.settings)?;
    let signature = mailbox
        .signature
        .as_ref()
        .map(|text| key.seal(columns::MAILBOX_SIGNATURE.of(id), text.as_bytes()));
    let acknowledgement = mailbox
        .acknowledgement
        .as_ref()
        .map(|text| key.seal(columns::MAILBOX_ACKNOWLEDGEMENT.of(id), text.as_bytes()));
    entity::mailbox::ActiveModel {
        organization_id: Set(mailbox.organization_id.0),
        channel_id: Set(id),
        provider: Set(mailbox.provider.as_str().to_owned()),
        address: Set(key.seal(columns::MAILBOX_ADDRESS.of(id), mailbox.address.as_bytes())),
        address_blind: Set(contacts::address_blind(organization_key, &mailbox.address)),
        display_name: Set(
            key.seal(columns::MAILBOX_DISPLAY_NAME.of(id), mailbox.display_name.as_bytes())
        ),
        signature: Set(signature),
        language: Set(mailbox.language.clone()),
        settings: Set(key.seal(columns::MAILBOX_SETTINGS.of(id), &settings)),
        credentials: Set(credentials.map(|c| c.seal(key, mailbox.channel_id)).transpose()?),
        credentials_expire_at: Set(credentials.and_then(Credentials::expires_at).map(millis)),
        grant_ends_at: Set(credentials.and_then(Credentials::ends_at).map(millis)),
        refresh_lease_until: Set(None),
        reader_id: Set(None),
        reader_until: Set(None),
        look_wanted_at: Set(None),
        import_mode: Set(mailbox.import_mode.as_str().to_owned()),
        import_since: Set(mailbox.import_since.map(millis)),
        history_before: Set(mailbox.history_before.map(millis)),
        import_read: Set(mailbox.import_read),
        import_total: Set(mailbox.import_total),
        import_waits_until: Set(mailbox.import_waits_until.map(millis)),
        read_day: Set(0),
        read_bytes: Set(0),
        last_sync_at: Set(mailbox.last_sync_at.map(millis)),
        last_mail_at: Set(mailbox.last_mail_at.map(millis)),
        created_at: Set(millis(mailbox.created_at)),
        acknowledges: Set(mailbox.acknowledges),
        acknowledgement: Set(acknowledgement),
        version: Set(mailbox.version),
    }
    .insert(tx.conn())
    .await?;
    Ok(())
}

fn open_row(
    key: &OpenKey,
    row: entity::mailbox::Model,
    channel: entity::channel::Model,
) -> Result<Mailbox> {
    let detail = channel.state_detail.clone();
    let kept_at = channel.kept_at.map(from_millis);
    let channel = Channel::try_from(channel)?;
    let id = row.channel_id;
    let text = |column: Column, sealed: &[u8]| key.open_string(column.of(id), sealed);
    let settings = key.open(columns::MAILBOX_SETTINGS.of(id), &row.settings)?;
    Ok(Mailbox {
        organization_id: channel.organization_id,
        channel_id: channel.id,
        provider: row.provider.parse()?,
        state: channel.state,
        state_code: channel.state_code,
        state_detail: detail
            .map(|sealed| text(columns::CHANNEL_STATE_DETAIL, &sealed))
            .transpose()?,
        address: text(columns::MAILBOX_ADDRESS, &row.address)?,
        display_name: text(columns::MAILBOX_DISPLAY_NAME, &row.display_name)?,
        signature: row
            .signature
            .map(|sealed| text(columns::MAILBOX_SIGNATURE, &sealed))
            .transpose()?,
        acknowledges: row.acknowledges,
        acknowledgement: row
            .acknowledgement
            .map(|sealed| text(columns::MAILBOX_ACKNOWLEDGEMENT, &sealed))
            .transpose()?,
        language: row.language,
        settings: serde_json::from_slice(&settings)?,
        import_mode: row.import_mode.parse()?,
        import_since: row.import_since.map(from_millis),
        history_before: row.history_before.map(from_millis),
        import_read: row.import_read,
        import_total: row.import_total,
        import_waits_until: row.import_waits_until.map(from_millis),
        grant_ends_at: row.grant_ends_at.map(from_millis),
        last_sync_at: row.last_sync_at.map(from_millis),
        last_mail_at: row.last_mail_at.map(from_millis),
        created_at: from_millis(row.created_at),
        kept_at,
        state_at: channel.state_at,
        version: row.version,
    })
}

/// Joins each row with its channel and opens those that are (not) disconnected.
async fn open_rows(
    store: &Store,
    rows: Vec<entity::mailbox::Model>,
    disconnected: bool,
) -> Result<Vec<Mailbox>> {
    let Some(first) = rows.first() else { return Ok(Vec::new()) };
    let ids = rows.iter().map(|row| row.channel_id);
    let mut channels: HashMap<Uuid, entity::channel::Model> = entity::channel::Entity::find()
        .filter(entity::channel::Column::OrganizationId.eq(first.organization_id))
        .filter(entity::channel::Column::Id.is_in(ids))
        .all(store.db().read())
        .await?
        .into_iter()
        .map(|channel| (channel.id, channel))
        .collect();
    channels.retain(|_, channel| {
        (channel.state == ChannelState::Disconnected.as_str()) == disconnected
    });
    let key_ids: Vec<Uuid> = channels.values().map(|channel| channel.key_id).collect();
    let open = store.keyring().get_many(&key_ids).await?;
    let mut mailboxes = Vec::with_capacity(rows.len());
    for row in rows {
        let Some(channel) = channels.remove(&row.channel_id) else { continue };
        // A mailbox whose key was destroyed is being purged: it is not there any more.
        let Some(key) = open.get(&channel.key_id) else { continue };
        mailboxes.push(open_row(key, row, channel)?);
    }
    Ok(mailboxes)
}

/// The mailbox of a channel that is not disconnected.
pub async fn find(
    store: &Store,
    organization_id: OrganizationId,
    id: ChannelId,
) -> Result<Option<Mailbox>> {
    let row = entity::mailbox::Entity::find_by_id((organization_id.0, id.0))
        .all(store.db().read())
        .await?;
    Ok(open_rows(store, row, false).await?.pop())
}

/// The mailbox of a channel that is disconnected, while it can come back.
pub async fn find_disconnected(
    store: &Store,
    organization_id: OrganizationId,
    id: ChannelId,
) -> Result<Option<Mailbox>> {
    let row = entity::mailbox::Entity::find_by_id((organization_id.0, id.0))
        .all(store.db().read())
        .await?;
    Ok(open_rows(store, row, true).await?.pop())
}

/// Where a mailbox lives, and whether it answers by itself, without opening it.
pub async fn traits(
    store: &Store,
    organization_id: OrganizationId,
    channel_id: ChannelId,
) -> Result<Option<(Provider, bool)>> {
    use entity::mailbox::Column;
    let found: Option<(String, bool)> = entity::mailbox::Entity::find()
        .select_only()
        .columns([Column::Provider, Column::Acknowledges])
        .filter(Column::OrganizationId.eq(organization_id.0))
        .filter(Column::ChannelId.eq(channel_id.0))
        .into_tuple()
        .one(store.db().read())
        .await?;
    let Some((word, acknowledges)) = found else { return Ok(None) };
    Ok(Some((word.parse()?, acknowledges)))
}

async fn rows_by_address(
    store: &Store,
    organization_id: OrganizationId,
    address: &str,
) -> Result<Vec<entity::mailbox::Model>> {
    use entity::mailbox::Column;
    let key = keys::of_organization(store, organization_id).await?;
    Ok(entity::mailbox::Entity::find()
        .filter(Column::OrganizationId.eq(organization_id.0))
        .filter(Column::AddressBlind.eq(contacts::address_blind(&key, address)))
        .all(store.db().read())
        .await?)
}

/// Whether the address is that of a mailbox, whatever its state.
pub async fn is_own(store: &Store, organization_id: OrganizationId, address: &str) -> Result<bool> {
    Ok(!rows_by_address(store, organization_id, address).await?.is_empty())
}

/// Whether a mailbox with that address is disconnected, and its data not gone yet.
pub async fn is_leaving(
    store: &Store,
    organization_id: OrganizationId,
    address: &str,
) -> Result<bool> {
    let rows = rows_by_address(store, organization_id, address).await?;
    let there = !rows.is_empty();
    Ok(there && open_rows(store, rows, false).await?.is_empty())
}

/// The mailbox with that address.
pub async fn find_by_address(
    store: &Store,
    organization_id: OrganizationId,
    address: &str,
) -> Result<Option<Mailbox>> {
    let rows = rows_by_address(store, organization_id, address).await?;
    Ok(open_rows(store, rows, false).await?.pop())
}

/// The mailboxes of an organization that are not disconnected, oldest first.
pub async fn list(store: &Store, organization_id: OrganizationId) -> Result<Vec<Mailbox>> {
    use entity::mailbox::Column;
    let rows = entity::mailbox::Entity::find()
        .filter(Column::OrganizationId.eq(organization_id.0))
        .order_by_asc(Column::CreatedAt)
        .order_by_asc(Column::ChannelId)
        .all(store.db().read())
        .await?;
    open_rows(store, rows, false).await
}

/// The mailboxes of an organization that are disconnected and can be read yet.
pub async fn list_disconnected(
    store: &Store,
    organization_id: OrganizationId,
) -> Result<Vec<Mailbox>> {
    use entity::mailbox::Column;
    let rows = entity::mailbox::Entity::find()
        .filter(Column::OrganizationId.eq(organization_id.0))
        .order_by_asc(Column::CreatedAt)
        .all(store.db().read())
        .await?;
    open_rows(store, rows, true).await
}

/// A mailbox that has a supervisor, and where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Active {
    /// Its organization.
    pub organization_id: OrganizationId,
    /// Its channel.
    pub channel_id: ChannelId,
    /// How it is.
    pub state: ChannelState,
}

/// The mailboxes of all organizations whose mail is to be read: not paused, not waiting for
/// consent, not disconnected.
pub async fn list_active(store: &Store) -> Result<Vec<Active>> {
    use ChannelState as S;
    use entity::channel::Column;
    let states = [S::Connecting, S::Importing, S::Active, S::Error];
    let rows: Vec<(Uuid, Uuid, String)> = entity::channel::Entity::find()
        .select_only()
        .column(Column::OrganizationId)
        .column(Column::Id)
        .column(Column::State)
        .filter(Column::Kind.eq(ChannelKind::Mailbox.as_str()))
        .filter(Column::State.is_in(states.map(S::as_str)))
        .order_by_asc(Column::Id)
        .into_tuple()
        .all(store.db().read())
        .await?;
    rows.into_iter()
        .map(|(organization, channel, state)| {
            Ok(Active {
                organization_id: OrganizationId(organization),
                channel_id: ChannelId(channel),
                state: state.parse()?,
            })
        })
        .collect()
}

/// Sets the state, and tells the listeners when it changed.
pub async fn set_state(
    tx: &Tx,
    organization_id: OrganizationId,
    id: ChannelId,
    change: &StateChange<'_>,
) -> Result<()> {
    let key = keys::of_channel(tx.store(), organization_id, id).await?;
    channels::set_state(tx, &key, organization_id, id, change).await
}

/// What an admin may change.
#[derive(Debug, Clone, Default)]
pub struct Change {
    /// The name that customers see.
    pub display_name: Option<String>,
    /// What stands under answers; `Some(None)` removes it.
    pub signature: Option<Option<String>>,
    /// Whether whoever begins a conversation is answered at once.
    pub acknowledges: Option<bool>,
    /// With which text; `Some(None)` removes it.
    pub acknowledgement: Option<Option<String>>,
    /// The language of answers.
    pub language: Option<String>,
    /// How it is reached.
    pub settings: Option<MailboxSettings>,
}

/// Changes what is given, and tells the listeners.
pub async fn update(
    tx: &Tx,
    key: &OpenKey,
    organization_id: OrganizationId,
    id: ChannelId,
    change: &Change,
) -> Result<()> {
    use entity::mailbox::Column;
    let mut update = entity::mailbox::Entity::update_many()
        .filter(Column::OrganizationId.eq(organization_id.0))
        .filter(Column::ChannelId.eq(id.0))
        // Sets nothing anew; an update without any column is no SQL.
        .col_expr(Column::ChannelId, Expr::value(id.0));
    if let Some(name) = &change.display_name {
        let sealed = key.seal(columns::MAILBOX_DISPLAY_NAME.of(id.0), name.as_bytes());
        update = update.col_expr(Column::DisplayName, Expr::value(sealed));
    }
    if let Some(signature) = &change.signature {
        let place = columns::MAILBOX_SIGNATURE.of(id.0);
        let sealed = signature.as_ref().map(|text| key.seal(place, text.as_bytes()));
        update = update.col_expr(Column::Signature, Expr::value(sealed));
    }
    if let Some(acknowledges) = change.acknowledges {
        update = update.col_expr(Column::Acknowledges, Expr::value(acknowledges));
    }
    if let Some(text) = &change.acknowledgement {
        let place = columns::MAILBOX_ACKNOWLEDGEMENT.of(id.0);
        let sealed = text.as_ref().map(|text| key.seal(place, text.as_bytes()));
        update = update.col_expr(Column::Acknowledgement, Expr::value(sealed));
    }
    if let Some(language) = &change.language {
        update = update.col_expr(Column::Language, Expr::value(language.as_str()));
    }
    if let Some(settings) = &change.settings {
        let document = serde_json::to_vec(settings)?;
        let sealed = key.seal(columns::MAILBOX_SETTINGS.of(id.0), &document);
        update = update.col_expr(Column::Settings, Expr::value(sealed));
    }
    if update.exec(tx.conn()).await?.rows_affected != 1 {
        return Err(StoreError::Stale);
    }
    tx.event(NewEvent::channel(organization_id, EventKind::MailboxChanged, id));
    Ok(())
}

/// Its mail was looked at with success just now.
pub async fn touch_sync(
    store: &Store,
    organization_id: OrganizationId,
    id: ChannelId,
) -> Result<()> {
    use entity::mailbox::Column;
    entity::mailbox::Entity::update_many()
        .col_expr(Column::LastSyncAt, Expr::value(Some(millis(store.now()).0)))
        .filter(Column::OrganizationId.eq(organization_id.0))
        .filter(Column::ChannelId.eq(id.0))
        .exec(store.db().write())
        .await?;
    Ok(())
}

/// A mail came in then; a newer one is remembered instead.
pub async fn touch_mail(
    store: &Store,
    organization_id: OrganizationId,
    id: ChannelId,
    at: DateTime<Utc>,
) -> Result<()> {
    use entity::mailbox::Column;
    entity::mailbox::Entity::update_many()
        .col_expr(Column::LastMailAt, Expr::value(Some(millis(at).0)))
        .filter(Column::OrganizationId.eq(organization_id.0))
        .filter(Column::ChannelId.eq(id.0))
        .filter(Column::LastMailAt.is_null().or(Column::LastMailAt.lt(millis(at))))
        .exec(store.db().write())
        .await?;
    Ok(())
}

/// The import has read `read` more mails; `total` is how many there are, if that is known now.
pub async fn add_import_progress(
    tx: &Tx,
    organization_id: OrganizationId,
    id: ChannelId,
    read: i64,
    total: Option<i64>,
) -> Result<()> {
    use entity::mailbox::Column;
    let mut update = entity::mailbox::Entity::update_many()
        .col_expr(Column::ImportRead, Expr::col(Column::ImportRead).add(read))
        .filter(Column::OrganizationId.eq(organization_id.0))
        .filter(Column::ChannelId.eq(id.0));
    if let Some(total) = total {
        let so_far = Func::coalesce([Expr::col(Column::ImportTotal), Expr::value(0_i64)]);
        update = update.col_expr(Column::ImportTotal, Expr::expr(so_far).add(total));
    }
    update.exec(tx.conn()).await?;
    tx.event(NewEvent::channel(organization_id, EventKind::ImportProgress, id));
    Ok(())
}
