//! Names alone, of whatever is shown beside an id: nothing else of the rows is read or opened.

use sea_orm::{ConnectionTrait, QueryResult, Statement};
use uuid::Uuid;

use super::error::Result;
use super::{Store, columns};
use crate::domain::ids::{ChannelId, MembershipId, OrganizationId, TeamId};
use crate::domain::words::ChannelState;

async fn rows(
    store: &Store,
    organization_id: OrganizationId,
    query: &str,
) -> Result<Vec<QueryResult>> {
    let db = store.db().read();
    let values = [organization_id.0.into()];
    let statement = Statement::from_sql_and_values(db.get_database_backend(), query, values);
    Ok(db.query_all_raw(statement).await?)
}

/// Of the members, those who are shut among them.
pub async fn of_members(
    store: &Store,
    organization_id: OrganizationId,
) -> Result<Vec<(MembershipId, String)>> {
    const QUERY: &str = "SELECT m.id AS id, a.id AS account, a.name AS name FROM membership m \
                         JOIN account a ON a.id = m.account_id WHERE m.organization_id = $1";
    let key = store.keyring().server_key().await?;
    let mut names = Vec::new();
    for row in rows(store, organization_id, QUERY).await? {
        let (id, account): (Uuid, Uuid) = (row.try_get("", "id")?, row.try_get("", "account")?);
        let name: Vec<u8> = row.try_get("", "name")?;
        let name = key.open_string(columns::ACCOUNT_NAME.of(account), &name)?;
        names.push((MembershipId(id), name));
    }
    Ok(names)
}

/// Of the mailboxes that can be read, and whether each is disconnected.
pub async fn of_mailboxes(
    store: &Store,
    organization_id: OrganizationId,
) -> Result<Vec<(ChannelId, String, bool)>> {
    const QUERY: &str = "SELECT c.id AS id, c.key_id AS key_id, c.state AS state, \
                         b.display_name AS name FROM mailbox b \
                         JOIN channel c ON c.organization_id = b.organization_id \
                         AND c.id = b.channel_id WHERE b.organization_id = $1";
    let rows = rows(store, organization_id, QUERY).await?;
    let keys: Vec<Uuid> =
        rows.iter().map(|row| row.try_get("", "key_id")).collect::<Result<_, _>>()?;
    let open = store.keyring().get_many(&keys).await?;
    let mut names = Vec::with_capacity(rows.len());
    for (row, key) in rows.iter().zip(&keys) {
        // One whose key was destroyed is being purged: it is not there any more.
        let Some(key) = open.get(key) else { continue };
        let id: Uuid = row.try_get("", "id")?;
        let (state, name): (String, Vec<u8>) =
            (row.try_get("", "state")?, row.try_get("", "name")?);
        let name = key.open_string(columns::MAILBOX_DISPLAY_NAME.of(id), &name)?;
        names.push((ChannelId(id), name, state == ChannelState::Disconnected.as_str()));
    }
    Ok(names)
}

/// Of the teams.
pub async fn of_teams(
    store: &Store,
    organization_id: OrganizationId,
) -> Result<Vec<(TeamId, String)>> {
    const QUERY: &str = "SELECT id, name FROM team WHERE organization_id = $1";
    let rows = rows(store, organization_id, QUERY).await?;
    let of = |row: &QueryResult| -> Result<_> {
        Ok((TeamId(row.try_get("", "id")?), row.try_get("", "name")?))
    };
    rows.iter().map(of).collect()
}
