//! Everything that the server's, an organization's or a channel's key seals directly, to be sealed
//! anew after a rotation. Values under content and profile keys are not here: those keys hang on an
//! upper key and are wrapped anew at once.
//!
//! A new sealed column under an upper key stands in [`SPOTS`]; a test fails on one that does not.

use sea_orm::{ConnectionTrait, QueryResult, Statement, Value};
use uuid::Uuid;

use super::error::{Result, StoreError};
use super::{Store, Tx, columns};
use crate::crypto::{Column, OpenKey};
use crate::domain::ids::{ChannelId, OrganizationId};

/// Whose key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Of {
    /// The server's.
    Server,
    /// An organization's.
    Organization(OrganizationId),
    /// A channel's.
    Channel(OrganizationId, ChannelId),
}

impl Of {
    /// The organization and the channel, as far as there are.
    #[must_use]
    pub fn ids(self) -> (Option<Uuid>, Option<Uuid>) {
        match self {
            Self::Server => (None, None),
            Self::Organization(organization) => (Some(organization.0), None),
            Self::Channel(organization, channel) => (Some(organization.0), Some(channel.0)),
        }
    }
}

/// What kind of key seals a spot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Under {
    /// The server's.
    Server,
    /// The organization's.
    Organization,
    /// The channel's.
    Channel,
}

/// Sealed columns of one table.
#[derive(Debug)]
pub struct Spot {
    /// The table.
    pub table: &'static str,
    /// The column that names the row: an id, or a hash of which the first 16 bytes do.
    row: &'static str,
    /// The column that names the channel, where a channel's key seals.
    channel: &'static str,
    /// The kind of key.
    pub under: Under,
    /// The sealed columns.
    pub columns: &'static [(&'static str, Column)],
}

const fn spot(
    table: &'static str,
    row: &'static str,
    under: Under,
    columns: &'static [(&'static str, Column)],
) -> Spot {
    Spot { table, row, channel: "channel_id", under, columns }
}

/// Where upper keys seal.
pub const SPOTS: &[Spot] = &[
    spot(
        "account",
        "id",
        Under::Server,
        &[
            ("email", columns::ACCOUNT_EMAIL),
            ("name", columns::ACCOUNT_NAME),
            ("password_hash", columns::ACCOUNT_PASSWORD_HASH),
        ],
    ),
    spot(
        "account_photo",
        "account_id",
        Under::Server,
        &[("content", columns::ACCOUNT_PHOTO_CONTENT)],
    ),
    spot("session", "id_hash", Under::Server, &[("data", columns::SESSION_DATA)]),
    spot(
        "provider_client",
        "id",
        Under::Organization,
        &[
            ("client_id", columns::PROVIDER_CLIENT_CLIENT_ID),
            ("client_secret", columns::PROVIDER_CLIENT_CLIENT_SECRET),
        ],
    ),
    spot(
        "idempotency_key",
        "id",
        Under::Organization,
        &[("response", columns::IDEMPOTENCY_KEY_RESPONSE)],
    ),
    spot("setting", "id", Under::Organization, &[("value", columns::SETTING_VALUE)]),
    spot("hold", "id", Under::Organization, &[("reason", columns::HOLD_REASON)]),
    spot("tag", "id", Under::Organization, &[("name", columns::TAG_NAME)]),
    spot("erasure", "id", Under::Organization, &[("copies", columns::ERASURE_COPIES)]),
    spot(
        "register_host",
        "id",
        Under::Organization,
        &[("content", columns::REGISTER_HOST_CONTENT)],
    ),
    spot(
        "member_setting",
        "membership_id",
        Under::Organization,
        &[("signature", columns::MEMBER_SETTING_SIGNATURE)],
    ),
    spot("saved_reply", "id", Under::Organization, &[("content", columns::SAVED_REPLY_CONTENT)]),
    spot("policy_text", "id", Under::Organization, &[("content", columns::POLICY_TEXT_CONTENT)]),
    spot("saved_view", "id", Under::Organization, &[("content", columns::SAVED_VIEW_CONTENT)]),
    spot("disclosure", "id", Under::Organization, &[("content", columns::DISCLOSURE_CONTENT)]),
    spot(
        "incident_notice",
        "id",
        Under::Organization,
        &[("content", columns::INCIDENT_NOTICE_CONTENT)],
    ),
    Spot {
        table: "channel",
        row: "id",
        channel: "id",
        under: Under::Channel,
        columns: &[("state_detail", columns::CHANNEL_STATE_DETAIL)],
    },
    spot(
        "mailbox",
        "channel_id",
        Under::Channel,
        &[
            ("address", columns::MAILBOX_ADDRESS),
            ("display_name", columns::MAILBOX_DISPLAY_NAME),
            ("signature", columns::MAILBOX_SIGNATURE),
            ("acknowledgement", columns::MAILBOX_ACKNOWLEDGEMENT),
            ("settings", columns::MAILBOX_SETTINGS),
            ("credentials", columns::MAILBOX_CREDENTIALS),
        ],
    ),
    spot("folder", "id", Under::Channel, &[("name", columns::FOLDER_NAME)]),
];

/// The sealed columns whose keys are content or profile keys, by table: none of [`SPOTS`].
pub const OF_CONTENT: &[&str] = &[
    "raw_message",
    "contact",
    "contact_identity",
    "ticket",
    "message",
    "attachment",
    "draft",
    "outbox",
    "erasure.person",
    // Sealed with a profile's or a parcel's key of their own.
    "letter",
    "data_request",
    "data_request_event",
    "data_request_mail",
    "data_request_withheld",
    "parcel",
];

/// The spots that a key seals.
pub fn spots(of: Of) -> impl Iterator<Item = &'static Spot> {
    let under = match of {
        Of::Server => Under::Server,
        Of::Organization(_) => Under::Organization,
        Of::Channel(..) => Under::Channel,
    };
    SPOTS.iter().filter(move |spot| spot.under == under)
}

/// How many rows a spot has.
pub async fn count(store: &Store, of: Of, spot: &Spot) -> Result<i64> {
    let (filter, values) = limits(of, spot);
    let sql = format!("SELECT COUNT(*) AS n FROM {} WHERE {filter}", spot.table);
    let statement = Statement::from_sql_and_values(store.db().backend(), sql, values);
    let row = store.db().read().query_one_raw(statement).await?;
    Ok(row.map(|row| row.try_get("", "n")).transpose()?.unwrap_or(0))
}

/// What a page of a spot came to.
#[derive(Debug, Clone, Default)]
pub struct Page {
    /// Rows that were looked at.
    pub rows: usize,
    /// Values that were sealed anew.
    pub changed: usize,
    /// The last row; nothing at the end.
    pub last: Option<Vec<u8>>,
}

/// Seals the next rows of a spot anew, after the row `after`. What another process has written
/// meanwhile stays as that wrote it.
pub async fn page(
    tx: &Tx,
    of: Of,
    spot: &Spot,
    key: &OpenKey,
    after: Option<&[u8]>,
    limit: u64,
) -> Result<Page> {
    let backend = tx.conn().get_database_backend();
    let (mut filter, mut values) = limits(of, spot);
    if let Some(after) = after {
        values.push(row_value(spot, after));
        filter = format!("{filter} AND {} > ${}", spot.row, values.len());
    }
    let names: Vec<&str> = spot.columns.iter().map(|(name, _)| *name).collect();
    let sql = format!(
        "SELECT {} AS row_id, {} FROM {} WHERE {filter} ORDER BY {} LIMIT {limit}",
        spot.row,
        names.join(", "),
        spot.table,
        spot.row
    );
    let rows =
        tx.conn().query_all_raw(Statement::from_sql_and_values(backend, sql, values)).await?;
    let mut page = Page { rows: rows.len(), ..Page::default() };
    for row in rows {
        let id = row_bytes(spot, &row)?;
        for (name, column) in spot.columns {
            let sealed: Option<Vec<u8>> = row.try_get("", name)?;
            let Some(sealed) = sealed else { continue };
            let Some(version) = OpenKey::version_of(&sealed) else { continue };
            if version == key.version() {
                continue;
            }
            let place = column.of(place_row(&id)?);
            let anew = key.seal(place, &key.open(place, &sealed)?);
            let sql = format!(
                "UPDATE {} SET {name} = $1 WHERE {} = $2 AND {name} = $3",
                spot.table, spot.row
            );
            let values: [Value; 3] = [anew.into(), row_value(spot, &id), sealed.into()];
            tx.conn().execute_raw(Statement::from_sql_and_values(backend, sql, values)).await?;
            page.changed += 1;
        }
        page.last = Some(id);
    }
    Ok(page)
}

fn limits(of: Of, spot: &Spot) -> (String, Vec<Value>) {
    match of.ids() {
        (None, _) => ("1 = 1".to_owned(), Vec::new()),
        (Some(organization), None) => {
            ("organization_id = $1".to_owned(), vec![organization.into()])
        }
        (Some(organization), Some(channel)) => (
            format!("organization_id = $1 AND {} = $2", spot.channel),
            vec![organization.into(), channel.into()],
        ),
    }
}

/// A hash names a session, an id everything else.
fn is_hash(spot: &Spot) -> bool {
    spot.row == "id_hash"
}

fn row_value(spot: &Spot, id: &[u8]) -> Value {
    match <[u8; 16]>::try_from(id) {
        Ok(id) if !is_hash(spot) => Uuid::from_bytes(id).into(),
        _ => id.to_vec().into(),
    }
}

fn row_bytes(spot: &Spot, row: &QueryResult) -> Result<Vec<u8>> {
    if is_hash(spot) {
        return Ok(row.try_get("", "row_id")?);
    }
    let id: Uuid = row.try_get("", "row_id")?;
    Ok(id.into_bytes().to_vec())
}

fn place_row(id: &[u8]) -> Result<Uuid> {
    let damaged = StoreError::Corrupt { table: "session", what: "a hash that is cut short" };
    let first = id.first_chunk::<16>().ok_or(damaged)?;
    Ok(Uuid::from_bytes(*first))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::columns::{Class, TABLES};

    #[test]
    fn every_sealed_column_is_of_content_or_sealed_anew() {
        let mut missing = Vec::new();
        for table in TABLES {
            for (number, name, class) in table.columns {
                if *class != Class::Sealed {
                    continue;
                }
                let full = format!("{}.{name}", table.name);
                let of_content =
                    OF_CONTENT.contains(&table.name) || OF_CONTENT.contains(&full.as_str());
                let column = Column { table: table.number, column: *number };
                let has = |spot: &&Spot| {
                    spot.table == table.name && spot.columns.contains(&(*name, column))
                };
                if of_content == SPOTS.iter().any(|spot| has(&spot)) {
                    missing.push(full);
                }
            }
        }
        assert_eq!(missing, [""; 0], "put them into SPOTS, or into OF_CONTENT");
    }
}
