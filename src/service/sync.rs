//! What `ingest` needs of a mailbox, and what it tells about it.

use std::time::Duration;

use chrono::{DateTime, Utc};
use secrecy::SecretString;

use super::connect::{self, TokenError};
use super::intake::Target;
use super::{Result, ServiceError, Services, alarm};
use crate::domain::ids::{ChannelId, OrganizationId};
use crate::domain::words::{ChannelState, FolderRole, ImportMode, Provider};
use crate::store::channels::{self, StateChange};
use crate::store::mailboxes::{self, Credentials, MailServer, Mailbox, MailboxSettings};
use crate::store::{folders, keys, ledger, organizations};

pub use crate::store::folders::{Cursor, Folder};

/// The code of a failure that only an admin can mend.
pub const NEEDS_REAUTHORIZATION: &str = "needs_reauthorization";

/// A mailbox that is to be read.
#[derive(Debug, Clone)]
pub struct SyncMailbox {
    /// Where its mail goes.
    pub target: Target,
    /// Where it lives.
    pub provider: Provider,
    /// How it is reached.
    pub settings: MailboxSettings,
    /// Its address.
    pub address: String,
    /// Which mail it brings along.
    pub import_mode: ImportMode,
    /// From when on.
    pub import_since: Option<DateTime<Utc>>,
    /// When it was connected.
    pub connected_at: DateTime<Utc>,
}

impl From<Mailbox> for SyncMailbox {
    fn from(mailbox: Mailbox) -> Self {
        Self {
            target: Target {
                organization_id: mailbox.organization_id,
                channel_id: mailbox.channel_id,
                own_addresses: vec![mailbox.address.to_lowercase()],
            },
            provider: mailbox.provider,
            settings: mailbox.settings,
            address: mailbox.address,
            import_mode: mailbox.import_mode,
            import_since: mailbox.import_since,
            connected_at: mailbox.history_before.unwrap_or(mailbox.created_at),
        }
    }
}

/// How to sign in at a mail server.
#[derive(Debug, Clone)]
pub struct SignIn {
    /// The server.
    pub server: MailServer,
    /// The name to sign in with.
    pub user: String,
    /// What proves it.
    pub secret: Secret,
}

/// What proves who one is.
#[derive(Debug, Clone)]
pub enum Secret {
    /// A password.
    Password(SecretString),
    /// An OAuth access token, fresh.
    Token(SecretString),
}

/// A server of a mailbox.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Server {
    /// Where mail is read.
    Imap,
    /// Where answers are handed in.
    Smtp,
}

/// Something that keeps a mailbox from being read.
#[derive(Debug, Clone)]
pub struct Failure {
    /// Only an admin can help: stop trying.
    pub needs_reauthorization: bool,
    /// A stable word.
    pub code: &'static str,
    /// The server's own words.
    pub words: Option<String>,
    /// The provider asks not to be tried before.
    pub retry_after: Option<Duration>,
}

/// The mailboxes of all organizations that are to be read.
pub async fn list(services: &Services) -> Result<Vec<SyncMailbox>> {
    let mut found = Vec::new();
    for organization in organizations::list(services.store()).await? {
        let mailboxes = mailboxes::list(services.store(), organization.id).await?;
        found.extend(mailboxes.into_iter().filter(is_read).map(SyncMailbox::from));
    }
    Ok(found)
}

/// One mailbox, if it is to be read.
pub async fn find(
    services: &Services,
    organization_id: OrganizationId,
    channel_id: ChannelId,
) -> Result<Option<SyncMailbox>> {
    let found = mailboxes::find(services.store(), organization_id, channel_id).await?;
    Ok(found.filter(is_read).map(SyncMailbox::from))
}

fn is_read(mailbox: &Mailbox) -> bool {
    match mailbox.state {
        ChannelState::Connecting
        | ChannelState::Importing
        | ChannelState::Active
        | ChannelState::Error => true,
        ChannelState::NeedsReauthorization | ChannelState::Paused | ChannelState::Disconnected => {
            false
        }
    }
}

/// How to sign in at one of the mailbox's servers, with a fresh token where it takes one.
pub async fn sign_in(
    services: &Services,
    organization_id: OrganizationId,
    channel_id: ChannelId,
    server: Server,
) -> Result<SignIn> {
    let store = services.store();
    let mailbox =
        mailboxes::find(store, organization_id, channel_id).await?.ok_or(ServiceError::NotFound)?;
    let user = mailbox.settings.user_name.clone().unwrap_or_else(|| mailbox.address.clone());
    let user = match (&mailbox.settings.delegate, server) {
        (Some(delegate), Server::Smtp) => delegate.clone(),
        _ => user,
    };
    let own = match server {
        Server::Imap => mailbox.settings.imap.clone(),
        Server::Smtp => mailbox.settings.smtp.clone(),
    };
    let default = services.options().servers.of(mailbox.provider).map(|servers| match server {
        Server::Imap => servers.imap.clone(),
        Server::Smtp => servers.smtp.clone(),
    });
    let server = own.or(default).ok_or_else(|| {
        ServiceError::conflict("no_server", "This mailbox has no such server in its settings.")
    })?;
    let secret = match mailboxes::credentials(store, organization_id, channel_id).await? {
        Some(Credentials::Password(password)) => Secret::Password(password),
        Some(Credentials::OAuth(_)) => {
            let token = connect::access_token(services, organization_id, channel_id).await;
            Secret::Token(token.map_err(no_token)?)
        }
        None => return Err(ServiceError::conflict("no_credentials", "Connect the mailbox again.")),
    };
    Ok(SignIn { server, user, secret })
}

/// How to sign in after the server refused `refused`: with another token, for a provider may end
/// one before its time. `None` for a password, of which there is no other.
pub async fn sign_in_again(
    services: &Services,
    organization_id: OrganizationId,
    channel_id: ChannelId,
    refused: &SignIn,
) -> Result<Option<SignIn>> {
    let Secret::Token(token) = &refused.secret else { return Ok(None) };
    let token = connect::another_token(services, organization_id, channel_id, token).await;
    let secret = Secret::Token(token.map_err(no_token)?);
    Ok(Some(SignIn { secret, ..refused.clone() }))
}

/// Why there is no token, as an admin should read it.
fn no_token(error: TokenError) -> ServiceError {
    let upstream = |code, message: &str| ServiceError::upstream(code, message);
    match error {
        TokenError::NeedsReauthorization | TokenError::NoGrant => {
            upstream(NEEDS_REAUTHORIZATION, "The provider wants the mailbox to be connected again.")
        }
        TokenError::Later { retry_after } => ServiceError::Upstream {
            code: "provider_unavailable",
            message: "The provider hands out no access now.".to_owned(),
            retry_after,
        },
        TokenError::ClientRefused => upstream(
            "client_refused",
            "The provider refuses our OAuth client. Check its id and secret, and whether the secret has expired.",
        ),
        TokenError::Store(error) => error.into(),
        TokenError::Internal(error) => error,
    }
}

/// The folder of that name and its cursor.
pub async fn folder(
    services: &Services,
    target: &Target,
    name: &str,
    role: FolderRole,
) -> Result<Folder> {
    let store = services.store();
    let key = keys::of_channel(store, target.organization_id, target.channel_id).await?;
    let (organization, channel) = (target.organization_id, target.channel_id);
    Ok(folders::find_or_add(store, &key, organization, channel, name, role).await?)
}

/// The UIDs of a folder that an admin wants fetched again.
pub async fn wanted(services: &Services, folder: &Folder) -> Result<Vec<i64>> {
    let store = services.store();
    let (organization, channel) = (folder.organization_id, folder.channel_id);
    Ok(ledger::list_wanted(store, organization, channel, folder.id, folder.uid_validity).await?)
}

/// Which of these UIDs of a folder are in the ledger.
pub async fn known(
    services: &Services,
    folder: &Folder,
    uids: &[i64],
) -> Result<std::collections::HashSet<i64>> {
    let (organization, validity) = (folder.organization_id, folder.uid_validity);
    Ok(ledger::known_uids(services.store(), organization, folder.id, validity, uids).await?)
}

/// Everything up to now was read; `importing` while history is still under way.
pub async fn report_synced(
    services: &Services,
    mailbox: &SyncMailbox,
    importing: bool,
) -> Result<()> {
    let state = if importing { ChannelState::Importing } else { ChannelState::Active };
    let target = &mailbox.target;
    set_state(services, target, &StateChange { state, code: None, detail: None }).await?;
    let store = services.store();
    mailboxes::touch_sync(store, target.organization_id, target.channel_id).await?;
    Ok(())
}

/// The newest mail of a batch came in then.
pub async fn report_mail(
    services: &Services,
    mailbox: &SyncMailbox,
    newest: DateTime<Utc>,
) -> Result<()> {
    let target = &mailbox.target;
    let (organization, channel) = (target.organization_id, target.channel_id);
    Ok(mailboxes::touch_mail(services.store(), organization, channel, newest).await?)
}

/// How many mails there are to import, at most.
pub async fn report_total(services: &Services, mailbox: &SyncMailbox, total: i64) -> Result<()> {
    progress(services, mailbox, 0, Some(total)).await
}

/// So many more mails of the import were read.
pub async fn report_import(services: &Services, mailbox: &SyncMailbox, read: u64) -> Result<()> {
    progress(services, mailbox, i64::try_from(read).unwrap_or(i64::MAX), None).await
}

async fn progress(
    services: &Services,
    mailbox: &SyncMailbox,
    read: i64,
    total: Option<i64>,
) -> Result<()> {
    let target = &mailbox.target;
    let tx = services.store().begin().await?;
    mailboxes::add_import_progress(&tx, target.organization_id, target.channel_id, read, total)
        .await?;
    tx.commit().await?;
    Ok(())
}

/// It cannot be read now.
pub async fn report_failure(
    services: &Services,
    mailbox: &SyncMailbox,
    failure: &Failure,
) -> Result<()> {
    let state = if failure.needs_reauthorization {
        ChannelState::NeedsReauthorization
    } else {
        ChannelState::Error
    };
    let change = StateChange { state, code: Some(failure.code), detail: failure.words.as_deref() };
    set_state(services, &mailbox.target, &change).await
}

/// Sets the state unless an admin has taken the mailbox out of service in the meantime.
async fn set_state(services: &Services, target: &Target, change: &StateChange<'_>) -> Result<()> {
    let store = services.store();
    let channel = channels::find(store, target.organization_id, target.channel_id)
        .await?
        .ok_or(ServiceError::NotFound)?;
    // Whoever found the grant dead has said it in the provider's own code.
    let dead = ChannelState::NeedsReauthorization;
    let same = channel.state == change.state
        && (channel.state == dead || channel.state_code.as_deref() == change.code);
    let taken_out = matches!(channel.state, ChannelState::Paused | ChannelState::Disconnected);
    if same || taken_out {
        return Ok(());
    }
    let key = keys::of_channel(store, target.organization_id, target.channel_id).await?;
    let tx = store.begin().await?;
    channels::set_state(&tx, &key, target.organization_id, target.channel_id, change).await?;
    if change.state == dead {
        alarm::raise(&tx).await?;
    }
    tx.commit().await?;
    Ok(())
}
