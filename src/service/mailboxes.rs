//! Mailboxes: link with a password, or a folder on the server; change, pause, say who belongs.
//!
//! Linking: check what was entered → try the connection (nothing is stored before it works) →
//! make the channel's key → add channel, mailbox and the first member in one transaction.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use secrecy::{ExposeSecret, SecretString};

use super::access::{self, Object};
use super::expiry::{self, Ending};
use super::ports::{CheckStep, Target};
use super::{Result, ServiceError, Services, acknowledgements, outbox, places, still_at, users};
use crate::audit::{Action, Actor as Who, ObjectKind};
use crate::authz::{Actor, Permission};
use crate::crypto::{KeyKind, OpenKey};
use crate::domain::ids::{ChannelId, MembershipId, OrganizationId};
use crate::domain::words::{
    ChannelKind, ChannelState, FolderRole, ImportMode, LedgerState, Provider, Role,
};
use crate::store::channels::{self, Channel};
use crate::store::folders::{self, Comparison};
use crate::store::mailboxes::reader;
use crate::store::mailboxes::{self, Change, Credentials, Mailbox, NewMailbox, StateChange};
use crate::store::versions::{self, Versioned};
use crate::store::{StoreError, keys, ledger};

pub use crate::store::mailboxes::{Deliver, MailServer, MailboxSettings, Tls};

/// The languages of answers.
const LANGUAGES: &[&str] = &["en", "nl", "de"];

/// Which mail a new mailbox brings along.
#[derive(Debug, Clone, Copy)]
pub struct Import {
    /// Which.
    pub mode: ImportMode,
    /// From when on, if the mode is `since`.
    pub since: Option<DateTime<Utc>>,
}

/// A mailbox to be linked.
#[derive(Debug, Clone)]
pub struct Link {
    /// `imap` or `maildir`.
    pub provider: Provider,
    /// Its address.
    pub address: String,
    /// The name that customers see.
    pub display_name: String,
    /// The language of its answers; English unless given.
    pub language: Option<String>,
    /// How it is reached.
    pub settings: MailboxSettings,
    /// What opens it (`imap`).
    pub password: Option<SecretString>,
    /// Which mail it brings along.
    pub import: Import,
}

/// A mailbox with what is shown beside it.
#[derive(Debug, Clone)]
pub struct MailboxView {
    /// The mailbox.
    pub mailbox: Mailbox,
    /// What became of its mail.
    pub counts: HashMap<LedgerState, i64>,
    /// Why mail was left out: a stable word and how many, the most frequent first.
    pub skipped_why: Vec<(String, i64)>,
    /// What the latest comparison with the server found in each folder.
    pub comparisons: Vec<(FolderRole, Comparison)>,
    /// What of the access to it ends soon.
    pub ending: Option<Ending>,
    /// Who belongs to it, with their names.
    pub members: Vec<(MembershipId, String)>,
}

/// What a mailbox answers by itself.
#[derive(Debug, Clone)]
pub struct Acknowledgement {
    /// Whether it does.
    pub enabled: bool,
    /// The text, with its variables; kept while it is off.
    pub text: String,
}

/// What an admin may change; `None` stays.
#[derive(Debug, Default)]
pub struct MailboxChange {
    /// The name that customers see.
    pub display_name: Option<String>,
    /// What stands under answers; an empty text removes it.
    pub signature: Option<String>,
    /// What is said at once to whoever begins a conversation.
    pub acknowledgement: Option<Acknowledgement>,
    /// The language of answers.
    pub language: Option<String>,
    /// Stop (true) or go on (false).
    pub paused: Option<bool>,
    /// The new password of an IMAP mailbox.
    pub password: Option<SecretString>,
}

/// The mailboxes that the actor may see: all for who manages them or reads the audit log, else
/// those that they belong to.
pub async fn list(services: &Services, actor: &Actor) -> Result<Vec<MailboxView>> {
    services.scope(actor, Permission::ListMailboxes)?;
    let mut mailboxes = mailboxes::list(services.store(), actor.organization_id).await?;
    mailboxes.retain(|mailbox| sees(actor, mailbox.channel_id));
    let names = names(services, actor.organization_id).await?;
    let mut views = Vec::with_capacity(mailboxes.len());
    for mailbox in mailboxes {
        views.push(view(services, &names, mailbox).await?);
    }
    Ok(views)
}

/// One mailbox.
pub async fn get(services: &Services, actor: &Actor, id: ChannelId) -> Result<MailboxView> {
    services.scope(actor, Permission::ListMailboxes)?;
    let mailbox = reach(services, actor, id).await?;
    view(services, &names(services, actor.organization_id).await?, mailbox).await
}

pub(super) fn sees(actor: &Actor, id: ChannelId) -> bool {
    actor.reaches(id) || actor.role != Role::Agent
}

async fn reach(services: &Services, actor: &Actor, id: ChannelId) -> Result<Mailbox> {
    mailboxes::find(services.store(), actor.organization_id, id)
        .await?
        .filter(|_| sees(actor, id))
        .ok_or(ServiceError::NotFound)
}

async fn names(
    services: &Services,
    organization_id: OrganizationId,
) -> Result<HashMap<MembershipId, String>> {
    let users = users::list_of(services, organization_id).await?;
    Ok(users.into_iter().map(|user| (user.membership_id, user.name)).collect())
}

async fn view(
    services: &Services,
    names: &HashMap<MembershipId, String>,
    mailbox: Mailbox,
) -> Result<MailboxView> {
    let store = services.store();
    let (organization_id, id) = (mailbox.organization_id, mailbox.channel_id);
    let (counts, skipped_why) = count(ledger::count(store, organization_id, id).await?);
    let members = channels::list_members(store, organization_id, id)
        .await?
        .into_iter()
        .filter_map(|id| names.get(&id).map(|name| (id, name.clone())))
        .collect();
    let comparisons = folders::comparisons(store, organization_id, id).await?;
    let ending = expiry::of_mailbox(services, &mailbox).await?;
    Ok(MailboxView { mailbox, counts, skipped_why, comparisons, ending, members })
}

/// By state, and what was left out by reason.
fn count(
    rows: Vec<(LedgerState, Option<String>, i64)>,
) -> (HashMap<LedgerState, i64>, Vec<(String, i64)>) {
    let mut counts: HashMap<LedgerState, i64> = HashMap::new();
    let mut why: HashMap<String, i64> = HashMap::new();
    for (state, reason, n) in rows {
        *counts.entry(state).or_default() += n;
        if matches!(state, LedgerState::Skipped | LedgerState::Duplicate | LedgerState::Missing) {
            *why.entry(reason.unwrap_or_else(|| "other".to_owned())).or_default() += n;
        }
    }
    let mut why: Vec<(String, i64)> = why.into_iter().collect();
    why.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    (counts, why)
}

/// Tries the connection; stores nothing.
pub async fn test(services: &Services, actor: &Actor, link: Link) -> Result<Vec<CheckStep>> {
    services.scope(actor, Permission::ManageMailboxes)?;
    let link = check_connection(link)?;
    places::check(services, &link.settings).await?;
    Ok(try_connection(services, &link).await)
}

/// Links a mailbox; whoever links it belongs to it.
pub async fn create(services: &Services, actor: &Actor, link: Link) -> Result<MailboxView> {
    services.scope(actor, Permission::ManageMailboxes)?;
    let link = check(link)?;
    places::check(services, &link.settings).await?;
    let who = Who::Member(actor.membership_id.0);
    let members = [actor.membership_id];
    let id = try_and_add(services, actor.organization_id, who, &members, link).await?;
    let mailbox = mailboxes::find(services.store(), actor.organization_id, id)
        .await?
        .ok_or(ServiceError::NotFound)?;
    view(services, &names(services, actor.organization_id).await?, mailbox).await
}

/// Links a mailbox for these members. For the operator at the command line.
pub async fn create_for(
    services: &Services,
    organization_id: OrganizationId,
    members: &[MembershipId],
    link: Link,
) -> Result<ChannelId> {
    try_and_add(services, organization_id, Who::Cli, members, link).await
}

async fn try_and_add(
    services: &Services,
    organization_id: OrganizationId,
    who: Who,
    members: &[MembershipId],
    link: Link,
) -> Result<ChannelId> {
    let link = check(link)?;
    let taken = mailboxes::find_by_address(services.store(), organization_id, &link.address);
    if taken.await?.is_some() {
        return Err(already_linked());
    }
    refuse_leaving(services, organization_id, &link.address).await?;
    let steps = try_connection(services, &link).await;
    if let Some(failed) = steps.iter().find(|step| !step.ok) {
        return Err(ServiceError::upstream("connection_failed", failed.message.clone()));
    }
    let credentials = link.password.clone().map(Credentials::Password);
    add(services, organization_id, who, members, &link, credentials.as_ref()).await
}

/// Adds channel, mailbox and members.
pub(super) async fn add(
    services: &Services,
    organization_id: OrganizationId,
    who: Who,
    members: &[MembershipId],
    link: &Link,
    credentials: Option<&Credentials>,
) -> Result<ChannelId> {
    let store = services.store();
    let organization_key = keys::of_organization(store, organization_id).await?;
    let id = ChannelId(store.new_id());
    let keyring = store.keyring();
    let key = keyring
        .create(KeyKind::Channel, organization_id.0, Some(&organization_key), Some(id.0))
        .await?;
    let now = store.now();
    let channel = Channel {
        organization_id,
        id,
        kind: ChannelKind::Mailbox,
        key_id: key.id(),
        state: ChannelState::Connecting,
        state_code: None,
        state_at: now,
        created_at: now,
    };
    let mailbox = Mailbox {
        organization_id,
        channel_id: id,
        provider: link.provider,
        state: channel.state,
        state_code: None,
        state_detail: None,
        address: link.address.clone(),
        display_name: link.display_name.clone(),
        signature: None,
        acknowledges: false,
        acknowledgement: None,
        language: link.language.clone().unwrap_or_else(|| "en".to_owned()),
        settings: link.settings.clone(),
        import_mode: link.import.mode,
        import_since: link.import.since,
        history_before: Some(now),
        import_read: 0,
        import_total: None,
        import_waits_until: None,
        grant_ends_at: None,
        last_sync_at: None,
        last_mail_at: None,
        created_at: now,
        kept_at: None,
        state_at: now,
        version: 1,
    };
    let new = NewMailbox {
        organization_key: &organization_key,
        key: &key,
        mailbox: &mailbox,
        credentials,
    };
    let object = Object::of(id, ObjectKind::Mailbox, id.0);
    access::record_by(services, organization_id, who, Action::ConnectMailbox, object).await?;
    let tx = store.begin().await?;
    channels::add(&tx, &channel).await?;
    mailboxes::add(&tx, &new).await.map_err(|error| match error {
        StoreError::Duplicate(_) => already_linked(),
        other => other.into(),
    })?;
    channels::set_members(&tx, organization_id, id, members).await?;
    tx.commit().await?;
    tracing::info!(mailbox.id = %id, provider = link.provider.as_str(), "a mailbox was linked");
    Ok(id)
}

pub(super) fn already_linked() -> ServiceError {
    ServiceError::conflict("already_linked", "A mailbox with this address is linked already.")
}

/// One whose data waits for its purge comes back by undoing that, or is linked anew when it is gone.
async fn refuse_leaving(
    services: &Services,
    organization_id: OrganizationId,
    address: &str,
) -> Result<()> {
    super::closing::refuse(services, organization_id).await?;
    if mailboxes::is_leaving(services.store(), organization_id, address).await? {
        return Err(ServiceError::conflict(
            "mailbox_leaving",
            "This mailbox is disconnected and its data waits to be deleted. Undo that on the page \
             of mailboxes, or link it again when its data is gone.",
        ));
    }
    Ok(())
}

async fn try_connection(services: &Services, link: &Link) -> Vec<CheckStep> {
    let credentials = link.password.clone().map(Credentials::Password);
    let target = Target {
        provider: link.provider,
        address: &link.address,
        settings: &link.settings,
        credentials: credentials.as_ref(),
    };
    services.ports().mail.check(target).await
}

fn check(link: Link) -> Result<Link> {
    let mut link = check_connection(link)?;
    link.display_name = users::check_name("display_name", &link.display_name)?;
    check_language(link.language.as_deref())?;
    check_import(&link.import)?;
    Ok(link)
}

/// What a connection needs, whatever the mailbox is to be called.
fn check_connection(mut link: Link) -> Result<Link> {
    link.address = users::check_email("address", &link.address)?;
    match link.provider {
        Provider::Imap => {
            check_server("imap", link.settings.imap.as_ref())?;
            check_server("smtp", link.settings.smtp.as_ref())?;
            if link.password.as_ref().is_none_or(|password| password.expose_secret().is_empty()) {
                return Err(ServiceError::invalid("password", "give the mailbox's password"));
            }
        }
        Provider::Maildir => {
            check_path("path", link.settings.path.as_deref())?;
            match &link.settings.deliver {
                Some(Deliver::Folder { path }) => check_path("deliver.path", Some(path))?,
                Some(Deliver::Sendmail { command: Some(command) }) => {
                    check_path("deliver.command", Some(command))?;
                }
                Some(Deliver::Sendmail { command: None }) => {}
                None => {
                    return Err(ServiceError::invalid("deliver", "say what becomes of answers"));
                }
            }
        }
        Provider::Google | Provider::Microsoft => {
            return Err(ServiceError::invalid("provider", "connect this one by consent"));
        }
    }
    Ok(link)
}

pub(super) fn check_import(import: &Import) -> Result<()> {
    if import.mode == ImportMode::Since && import.since.is_none() {
        return Err(ServiceError::invalid("import.since", "say from when on"));
    }
    Ok(())
}

fn check_language(language: Option<&str>) -> Result<()> {
    match language {
        Some(language) if !LANGUAGES.contains(&language) => {
            Err(ServiceError::invalid("language", "take one of en, nl, de"))
        }
        _ => Ok(()),
    }
}

fn check_server(field: &'static str, server: Option<&MailServer>) -> Result<()> {
    let Some(server) = server else {
        return Err(ServiceError::invalid(field, "give host, port and encryption"));
    };
    let host = server.host.as_str();
    let named = !host.is_empty()
        && host.len() <= 253
        && host.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | '-' | ':' | '_'));
    if !named {
        return Err(ServiceError::invalid(
            field,
            "give the server's name, such as imap.example.com",
        ));
    }
    if server.port == 0 {
        return Err(ServiceError::invalid(field, "give a port from 1 to 65535"));
    }
    Ok(())
}

fn check_path(field: &'static str, path: Option<&str>) -> Result<()> {
    match path {
        Some(path) if path.starts_with('/') && !path.chars().any(char::is_control) => Ok(()),
        _ => Err(ServiceError::invalid(field, "give an absolute path on the server")),
    }
}

/// Changes a mailbox that is still at `version`.
pub async fn update(
    services: &Services,
    actor: &Actor,
    id: ChannelId,
    version: i32,
    change: MailboxChange,
) -> Result<MailboxView> {
    services.scope(actor, Permission::ManageMailboxes)?;
    let mailbox = reach(services, actor, id).await?;
    still_at(mailbox.version, version)?;
    let display_name =
        change.display_name.map(|name| users::check_name("display_name", &name)).transpose()?;
    check_language(change.language.as_deref())?;
    let signature = change
        .signature
        .map(|text| Some(text.trim_end().to_owned()).filter(|text| !text.is_empty()));
    if signature.iter().flatten().any(|text| text.len() > 10_000) {
        return Err(ServiceError::invalid("signature", "take at most 10,000 characters"));
    }
    let acknowledges = change.acknowledgement.as_ref().map(|answer| answer.enabled);
    let acknowledgement =
        change.acknowledgement.map(|answer| acknowledgements::check(&answer.text)).transpose()?;
    if acknowledges == Some(true) && acknowledgement.as_ref().is_none_or(Option::is_none) {
        return Err(ServiceError::invalid("acknowledgement.text", "Write what it says."));
    }
    let state = next_state(&mailbox, change.paused, change.password.is_some())?;
    let credentials = match change.password {
        Some(password) => Some(new_password(services, &mailbox, password).await?),
        None => None,
    };
    let store = services.store();
    let key: OpenKey = keys::of_channel(store, actor.organization_id, id).await?;
    access::record(services, actor, Action::ChangeMailbox, ObjectKind::Mailbox, id.0, id).await?;
    let tx = store.begin().await?;
    let fields = Change {
        display_name,
        signature,
        acknowledges,
        acknowledgement,
        language: change.language,
        settings: None,
    };
    versions::raise(&tx, actor.organization_id, Versioned::Mailbox(id), version).await?;
    mailboxes::update(&tx, &key, actor.organization_id, id, &fields).await?;
    if let Some(credentials) = &credentials {
        mailboxes::store_credentials(&tx, &key, actor.organization_id, id, credentials).await?;
    }
    if let Some(state) = state {
        let change = StateChange { state, code: None, detail: None };
        channels::set_state(&tx, &key, actor.organization_id, id, &change).await?;
        if state == ChannelState::Connecting {
            outbox::resume_channel(&tx, actor.organization_id, id).await?;
        }
    }
    tx.commit().await?;
    services.ports().wake.wake(id);
    get(services, actor, id).await
}

fn next_state(
    mailbox: &Mailbox,
    paused: Option<bool>,
    new_password: bool,
) -> Result<Option<ChannelState>> {
    use ChannelState as S;
    match (paused, mailbox.state) {
        (Some(true), _) => Ok(Some(S::Paused)),
        (Some(false), S::NeedsReauthorization) if !new_password => {
            Err(ServiceError::conflict("needs_reauthorization", "Reconnect this mailbox first."))
        }
        (Some(false), S::Paused) => Ok(Some(S::Connecting)),
        (_, S::NeedsReauthorization | S::Error) if new_password => Ok(Some(S::Connecting)),
        _ => Ok(None),
    }
}

async fn new_password(
    services: &Services,
    mailbox: &Mailbox,
    password: SecretString,
) -> Result<Credentials> {
    if mailbox.provider != Provider::Imap {
        return Err(ServiceError::invalid("password", "this mailbox has no password"));
    }
    let credentials = Credentials::Password(password);
    let target = Target {
        provider: mailbox.provider,
        address: &mailbox.address,
        settings: &mailbox.settings,
        credentials: Some(&credentials),
    };
    let steps = services.ports().mail.check(target).await;
    match steps.into_iter().find(|step| !step.ok) {
        Some(failed) => Err(ServiceError::upstream("connection_failed", failed.message)),
        None => Ok(credentials),
    }
}

/// Says who belongs to a mailbox that is still at `version`: just these.
pub async fn set_members(
    services: &Services,
    actor: &Actor,
    id: ChannelId,
    version: i32,
    members: &[MembershipId],
) -> Result<MailboxView> {
    services.scope(actor, Permission::ManageMailboxes)?;
    still_at(reach(services, actor, id).await?.version, version)?;
    let known = names(services, actor.organization_id).await?;
    let mut members = members.to_vec();
    members.sort_unstable();
    members.dedup();
    if members.iter().any(|member| !known.contains_key(member)) {
        return Err(ServiceError::invalid("membership_ids", "there is no such user"));
    }
    let store = services.store();
    // Who is disabled is in no list to choose from, and finds their mailboxes again.
    let before = channels::list_members(store, actor.organization_id, id).await?;
    members.extend(before.into_iter().filter(|member| !known.contains_key(member)));
    access::record(services, actor, Action::ChangeMembers, ObjectKind::Channel, id.0, id).await?;
    let tx = store.begin().await?;
    versions::raise(&tx, actor.organization_id, Versioned::Mailbox(id), version).await?;
    channels::set_members(&tx, actor.organization_id, id, &members).await?;
    tx.event(
        crate::store::events::NewEvent::channel(
            actor.organization_id,
            crate::domain::words::EventKind::MailboxChanged,
            id,
        )
        .by(Some(actor.membership_id)),
    );
    tx.commit().await?;
    get(services, actor, id).await
}

/// Looks for mail now.
pub async fn sync(services: &Services, actor: &Actor, id: ChannelId) -> Result<()> {
    services.scope(actor, Permission::ListMailboxes)?;
    reach(services, actor, id).await?;
    // Another instance may read it.
    reader::want_look(services.store(), actor.organization_id, id).await?;
    services.ports().wake.wake(id);
    Ok(())
}
