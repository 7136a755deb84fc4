//! Linking a mailbox by consent (OAuth 2).
//!
//! 1. [`start`]: the address of the provider's page, and a [`Pending`] that `http` keeps in the
//!    browser's session for ten minutes.
//! 2. The provider sends the browser back; [`finish`] compares the state with the session's,
//!    exchanges the code, and adds the mailbox or renews the grant of the one that is there.
//!    A mailbox that is reconnected goes on at its cursor: its folders are not touched.
//! 3. [`access_token`] hands out a token that is good for a while, refreshing it when it must.

use chrono::{DateTime, TimeDelta, Utc};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq;

use super::mailboxes::{self as linking, Import, Link};
use super::ports::{Granted, OAuthFailure, Target};
use super::{Result, ServiceError, Services, access, outbox, providers, purge, users};
use crate::audit::{Action, Actor as Who, ObjectKind};
use crate::authz::{Actor, Permission};
use crate::domain::ids::{ChannelId, MembershipId, OrganizationId};
use crate::domain::words::{ChannelState, ImportMode, Provider};
use crate::store::mailboxes::{
    self, Change, Credentials, Grant, Mailbox, MailboxSettings, StateChange,
};
use crate::store::{channels, keys};

mod token;

pub use token::{TokenError, access_token, another_token};

/// How long the provider's page may take.
pub const LIFE: TimeDelta = TimeDelta::minutes(10);

/// What is remembered between sending the browser away and its coming back. `http` keeps it in
/// the browser's session, which is sealed.
#[derive(Clone, Serialize, Deserialize)]
pub struct Pending {
    state: String,
    provider: Provider,
    document: serde_json::Value,
    import_mode: ImportMode,
    import_since: Option<DateTime<Utc>>,
    mailbox_id: Option<ChannelId>,
    #[serde(default)]
    shared_address: Option<String>,
    organization_id: OrganizationId,
    membership_id: MembershipId,
    started_at: DateTime<Utc>,
}

impl std::fmt::Debug for Pending {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Pending").field("provider", &self.provider).finish_non_exhaustive()
    }
}

/// Which mailbox is meant.
#[derive(Debug, Clone, Default)]
pub struct Which {
    /// One that is linked, to be reconnected.
    pub mailbox_id: Option<ChannelId>,
    /// Microsoft: a shared mailbox that the account which consents may open; without it the
    /// account's own.
    pub shared_address: Option<String>,
}

/// What the provider's page said, through the browser.
#[derive(Debug, Default)]
pub struct Callback {
    /// The state that the browser brings back.
    pub state: Option<String>,
    /// The code to exchange.
    pub code: Option<SecretString>,
    /// The provider's error code, instead.
    pub error: Option<String>,
}

/// Why linking came to nothing; a sentence for each is in the pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConnectError {
    /// The person did not consent.
    AccessDenied,
    /// The provider wants an administrator's consent.
    AdminConsentRequired,
    /// It did not begin in this browser, or took too long.
    InvalidState,
    /// Access to mail was not granted.
    MissingScope,
    /// Another account than the one to reconnect.
    WrongAccount,
    /// The mailbox is linked already in another way.
    AlreadyLinked,
    /// The mail server does not open the mailbox.
    ImapRefused,
    /// The server for sending refuses the mailbox.
    SmtpRefused,
    /// The mailbox is disconnected and its data is about to be deleted.
    Leaving,
    /// A mail server cannot be reached.
    ServerUnreachable,
    /// The provider refused code or client, or answered what cannot be used.
    ExchangeFailed,
    /// The provider cannot be reached now.
    ProviderUnavailable,
    /// Client or endpoints are not set up rightly.
    NotConfigured,
    /// Something failed here.
    Internal,
}

impl ConnectError {
    /// The word in `?oauth_error=`.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::AccessDenied => "access_denied",
            Self::AdminConsentRequired => "admin_consent_required",
            Self::InvalidState => "invalid_state",
            Self::MissingScope => "missing_scope",
            Self::WrongAccount => "wrong_account",
            Self::AlreadyLinked => "already_linked",
            Self::ImapRefused => "imap_refused",
            Self::SmtpRefused => "smtp_refused",
            Self::Leaving => "mailbox_leaving",
            Self::ServerUnreachable => "server_unreachable",
            Self::ExchangeFailed => "exchange_failed",
            Self::ProviderUnavailable => "provider_unavailable",
            Self::NotConfigured => "not_configured",
            Self::Internal => "internal",
        }
    }
}

impl From<OAuthFailure> for ConnectError {
    fn from(failure: OAuthFailure) -> Self {
        match failure {
            OAuthFailure::MailScopeMissing => Self::MissingScope,
            OAuthFailure::Refused | OAuthFailure::Unusable => Self::ExchangeFailed,
            OAuthFailure::Unavailable => Self::ProviderUnavailable,
            OAuthFailure::Settings => Self::NotConfigured,
        }
    }
}

impl From<ServiceError> for ConnectError {
    fn from(error: ServiceError) -> Self {
        match error {
            ServiceError::Conflict { code: "already_linked", .. } => return Self::AlreadyLinked,
            ServiceError::Conflict { code: "purge_under_way", .. } => return Self::Leaving,
            _ => {}
        }
        tracing::error!(error = &error as &dyn std::error::Error, "connecting failed inside");
        Self::Internal
    }
}

impl From<crate::store::StoreError> for ConnectError {
    fn from(error: crate::store::StoreError) -> Self {
        ServiceError::from(error).into()
    }
}

/// Begins; answers the provider's page and what to remember.
pub async fn start(
    services: &Services,
    actor: &Actor,
    provider: Provider,
    import: Import,
    which: Which,
) -> Result<(String, Pending)> {
    services.scope(actor, Permission::ManageMailboxes)?;
    linking::check_import(&import)?;
    let Which { mailbox_id, shared_address } = which;
    let shared_address = match shared_address {
        Some(address) if provider == Provider::Microsoft => {
            Some(users::check_email("shared_address", &address)?)
        }
        Some(_) => {
            return Err(ServiceError::invalid(
                "shared_address",
                "only Microsoft has shared mailboxes that another account opens",
            ));
        }
        None => None,
    };
    let store = services.store();
    let hint = match mailbox_id {
        Some(id) => {
            let mailbox = there(services, actor.organization_id, id)
                .await?
                .filter(|mailbox| mailbox.provider == provider)
                .ok_or(ServiceError::NotFound)?;
            Some(mailbox.settings.delegate.unwrap_or(mailbox.address))
        }
        None => None,
    };
    let client = providers::client(services, actor.organization_id, provider).await?;
    let client = client.ok_or_else(|| {
        ServiceError::conflict("provider_not_configured", "Set up this provider's client first.")
    })?;
    let begun = services.ports().oauth.begin(&client, hint.as_deref()).map_err(|_| {
        ServiceError::conflict(
            "provider_not_configured",
            "The provider's client is not set up rightly.",
        )
    })?;
    let pending = Pending {
        state: begun.state,
        provider,
        document: begun.pending,
        import_mode: import.mode,
        import_since: import.since,
        mailbox_id,
        shared_address,
        organization_id: actor.organization_id,
        membership_id: actor.membership_id,
        started_at: store.now(),
    };
    Ok((begun.authorize_url, pending))
}

/// Ends: the browser is back. `pending` was taken out of its session and is used up.
pub async fn finish(
    services: &Services,
    actor: &Actor,
    pending: Option<Pending>,
    callback: Callback,
) -> Result<ChannelId, ConnectError> {
    let pending = pending.ok_or(ConnectError::InvalidState)?;
    let store = services.store();
    let state = callback.state.unwrap_or_default();
    let ours: bool = pending.state.as_bytes().ct_eq(state.as_bytes()).into();
    let theirs = pending.organization_id == actor.organization_id
        && pending.membership_id == actor.membership_id;
    if !ours || !theirs || store.now() - pending.started_at > LIFE {
        return Err(ConnectError::InvalidState);
    }
    if !actor.may(Permission::ManageMailboxes) {
        return Err(ConnectError::AccessDenied);
    }
    if let Some(error) = callback.error {
        return Err(match error.as_str() {
            "access_denied" | "consent_required" | "user_cancelled" => ConnectError::AccessDenied,
            "admin_consent_required" | "unauthorized_client" => ConnectError::AdminConsentRequired,
            "temporarily_unavailable" | "server_error" => ConnectError::ProviderUnavailable,
            _ => ConnectError::ExchangeFailed,
        });
    }
    let code = callback.code.ok_or(ConnectError::ExchangeFailed)?;
    let client = providers::client(services, actor.organization_id, pending.provider)
        .await?
        .ok_or(ConnectError::NotConfigured)?;
    let code = secrecy::ExposeSecret::expose_secret(&code);
    let granted = services.ports().oauth.exchange(&client, &pending.document, code).await?;
    match target(services, &pending, &granted).await? {
        Some(mailbox) => renew(services, actor, &mailbox, granted).await,
        None => link(services, actor, &pending, granted).await,
    }
}

/// The mailbox that the grant is for, if it is there already.
async fn target(
    services: &Services,
    pending: &Pending,
    granted: &Granted,
) -> Result<Option<Mailbox>, ConnectError> {
    let store = services.store();
    let organization_id = pending.organization_id;
    if let Some(id) = pending.mailbox_id {
        let mailbox =
            there(services, organization_id, id).await?.ok_or(ConnectError::InvalidState)?;
        return if is_account(&mailbox, granted) {
            Ok(Some(mailbox))
        } else {
            Err(ConnectError::WrongAccount)
        };
    }
    let address = pending.shared_address.as_ref().unwrap_or(&granted.address);
    match mailboxes::find_by_address(store, organization_id, address).await? {
        Some(mailbox) if mailbox.provider == pending.provider => {
            if is_account(&mailbox, granted) {
                Ok(Some(mailbox))
            } else {
                Err(ConnectError::WrongAccount)
            }
        }
        Some(_) => Err(ConnectError::AlreadyLinked),
        None if mailboxes::is_leaving(store, organization_id, address).await? => {
            Err(ConnectError::Leaving)
        }
        None => Ok(None),
    }
}

/// A mailbox, also one that is disconnected and can come back.
async fn there(
    services: &Services,
    organization_id: OrganizationId,
    id: ChannelId,
) -> Result<Option<Mailbox>, crate::store::StoreError> {
    let store = services.store();
    match mailboxes::find(store, organization_id, id).await? {
        Some(mailbox) => Ok(Some(mailbox)),
        None => mailboxes::find_disconnected(store, organization_id, id).await,
    }
}

/// The subject decides, because an address can be given to somebody else.
fn is_account(mailbox: &Mailbox, granted: &Granted) -> bool {
    let account = mailbox.settings.delegate.as_ref().unwrap_or(&mailbox.address);
    mailbox.settings.subject.as_ref().map_or_else(
        || account.eq_ignore_ascii_case(&granted.address),
        |subject| *subject == granted.subject,
    )
}

fn credentials(granted: &Granted) -> Credentials {
    Credentials::OAuth(Grant {
        access_token: granted.access_token.clone(),
        expires_at: granted.expires_at,
        refresh_token: granted.refresh_token.clone(),
        scopes: granted.scopes.clone(),
        ends_at: granted.ends_at,
    })
}

async fn link(
    services: &Services,
    actor: &Actor,
    pending: &Pending,
    granted: Granted,
) -> Result<ChannelId, ConnectError> {
    let shared = pending.shared_address.clone();
    let address = shared.clone().unwrap_or_else(|| granted.address.clone());
    let link = Link {
        provider: pending.provider,
        display_name: address.clone(),
        language: None,
        settings: MailboxSettings {
            subject: Some(granted.subject.clone()),
            delegate: shared.map(|_| granted.address.clone()),
            ..MailboxSettings::default()
        },
        password: None,
        import: Import { mode: pending.import_mode, since: pending.import_since },
        address,
    };
    let credentials = credentials(&granted);
    try_servers(services, &link, &credentials).await?;
    let members = [actor.membership_id];
    let who = Who::Member(actor.membership_id.0);
    let organization_id = actor.organization_id;
    let added =
        linking::add(services, organization_id, who, &members, &link, Some(&credentials)).await?;
    services.ports().wake.wake(added);
    Ok(added)
}

/// A mailbox whose servers refuse it is not linked: better told now than found out tomorrow.
async fn try_servers(
    services: &Services,
    link: &Link,
    credentials: &Credentials,
) -> Result<(), ConnectError> {
    let target = Target {
        provider: link.provider,
        address: &link.address,
        settings: &link.settings,
        credentials: Some(credentials),
    };
    let steps = services.ports().mail.check(target).await;
    match steps.iter().find(|step| !step.ok).map(|step| step.name) {
        None => Ok(()),
        Some("imap_login" | "imap_folders") => Err(ConnectError::ImapRefused),
        Some("smtp_login") => Err(ConnectError::SmtpRefused),
        Some(_) => Err(ConnectError::ServerUnreachable),
    }
}

async fn renew(
    services: &Services,
    actor: &Actor,
    mailbox: &Mailbox,
    granted: Granted,
) -> Result<ChannelId, ConnectError> {
    let store = services.store();
    let (organization_id, id) = (mailbox.organization_id, mailbox.channel_id);
    let key = keys::of_channel(store, organization_id, id).await?;
    let settings =
        MailboxSettings { subject: Some(granted.subject.clone()), ..mailbox.settings.clone() };
    access::record(services, actor, Action::ConnectMailbox, ObjectKind::Mailbox, id.0, id).await?;
    let leaving = match mailbox.state {
        ChannelState::Disconnected => {
            Some(purge::find_of_mailbox(services, organization_id, id).await?)
        }
        _ => None,
    };
    let tx = store.begin().await?;
    if let Some(purge) = &leaving {
        purge::undo_in(&tx, purge).await?;
    }
    let change = Change { settings: Some(settings), ..Change::default() };
    mailboxes::update(&tx, &key, organization_id, id, &change).await?;
    mailboxes::store_credentials(&tx, &key, organization_id, id, &credentials(&granted)).await?;
    if mailbox.state != ChannelState::Paused {
        let change = StateChange { state: ChannelState::Connecting, code: None, detail: None };
        channels::set_state(&tx, &key, organization_id, id, &change).await?;
        outbox::resume_channel(&tx, organization_id, id).await?;
    }
    tx.commit().await?;
    services.ports().wake.wake(id);
    Ok(id)
}
