//! Names alone, of whatever is shown beside an id: nothing else of the rows is read or opened.

use sea_orm::{ConnectionTrait, Statement};
use uuid::Uuid;

use super::error::{Result, StoreError};
use super::{Store, columns};
use crate::crypto::OpenKey;
use crate::domain::ids::{ChannelId, MembershipId, OrganizationId, TeamId};
use crate::domain::words::ChannelState;

/// What an organization's pages are written with.
#[derive(Debug, Default)]
pub struct Names {
    /// Of the members, those who are shut among them.
    pub members: Vec<(MembershipId, String)>,
    /// Of the mailboxes that can be read, and whether each is disconnected.
    pub mailboxes: Vec<(ChannelId, String, bool)>,
    /// Of the teams.
    pub teams: Vec<(TeamId, String)>,
    /// The organization's time zone; empty once it is gone.
    pub time_zone: String,
}

/// All of them, in one statement: nearly every page needs them.
pub async fn all(store: &Store, organization_id: OrganizationId) -> Result<Names> {
    const QUERY: &str = "SELECT 0 AS what, m.id AS id, a.id AS opener, a.name AS sealed, '' AS plain \
         FROM membership m JOIN account a ON a.id = m.account_id WHERE m.organization_id = $1 \
         UNION ALL SELECT 1, c.id, c.key_id, b.display_name, c.state FROM mailbox b \
         JOIN channel c ON c.organization_id = b.organization_id AND c.id = b.channel_id \
         WHERE b.organization_id = $1 \
         UNION ALL SELECT 2, t.id, t.id, NULL, t.name FROM team t WHERE t.organization_id = $1 \
         UNION ALL SELECT 3, o.id, o.id, NULL, o.time_zone FROM organization o WHERE o.id = $1";
    let db = store.db().read();
    let values = [organization_id.0.into()];
    let statement = Statement::from_sql_and_values(db.get_database_backend(), QUERY, values);
    let mut names = Names::default();
    let mut mailboxes = Vec::new();
    let mut server_key: Option<OpenKey> = None;
    for row in db.query_all_raw(statement).await? {
        let (what, id): (i32, Uuid) = (row.try_get("", "what")?, row.try_get("", "id")?);
        let (opener, plain): (Uuid, String) =
            (row.try_get("", "opener")?, row.try_get("", "plain")?);
        let sealed: Option<Vec<u8>> = row.try_get("", "sealed")?;
        match (what, sealed) {
            (0, Some(sealed)) => {
                let key = match &server_key {
                    Some(key) => key,
                    None => server_key.insert(store.keyring().server_key().await?),
                };
                let name = key.open_string(columns::ACCOUNT_NAME.of(opener), &sealed)?;
                names.members.push((MembershipId(id), name));
            }
            (1, Some(sealed)) => mailboxes.push((id, opener, sealed, plain)),
            (2, None) => names.teams.push((TeamId(id), plain)),
            (3, None) => names.time_zone = plain,
            _ => return Err(StoreError::Corrupt { table: "organization", what: "a name" }),
        }
    }
    let keys: Vec<Uuid> = mailboxes.iter().map(|(_, key, ..)| *key).collect();
    let open = store.keyring().get_many(&keys).await?;
    for (id, key, sealed, state) in mailboxes {
        // One whose key was destroyed is being purged: it is not there any more.
        let Some(key) = open.get(&key) else { continue };
        let name = key.open_string(columns::MAILBOX_DISPLAY_NAME.of(id), &sealed)?;
        names.mailboxes.push((ChannelId(id), name, state == ChannelState::Disconnected.as_str()));
    }
    Ok(names)
}
