//! Closing an organization: from an owner's question to the signed statement.
//!
//! 1. [`preview`]: what there is, what will happen and when.
//! 2. [`ask`]: with the password and the organization's name, typed. A full export is ordered, and each
//!    owner gets a mail with a link of their own ([`confirm`]). *asked*
//! 3. Once whoever asked has followed theirs, a second owner too where there is one, and the
//!    export is ready, the window begins ([`advance`]): every mailbox is disconnected, as
//!    [`super::purge`] does it, with the same end. *countdown*: tickets can be read, and not answered.
//! 4. [`undo`]: an owner takes it back, at any time before the window's end. Mailboxes with a password
//!    and folders are read again at once; Google and Microsoft ask for a new consent.
//! 5. [`run`]: once the window has ended, each mailbox is purged by its own purge; when all are
//!    done and no legal hold is left, everything is counted, nobody signs in any more →
//!    *destroying* → the organization's key dies, which the forget-list tells → *deleting* → rows go,
//!    then users who belong to no other organization, then the organization → the statement is
//!    signed → *done*.
//!
//! A hold on anything makes it wait: what it keeps would not be read by anybody otherwise. The statement
//! outlives all of it; who knows its id reads it ([`statement::find`]), and owners are mailed where
//! it will be before their accounts go.

use chrono::{DateTime, Utc};

use super::parcels::{self, Order};
use super::{Result, ServiceError, Services, access, passwords, post};
use crate::audit::{Action, ObjectKind};
use crate::authz::Actor;
use crate::domain::ids::{ClosingId, MembershipId, OrganizationId};
use crate::domain::words::{ClosingState, ParcelKind, Role};
use crate::service::access::Object;
use crate::service::names::Names;
use crate::service::post::Kind;
use crate::store::closings::{self, Closing, Totals};
use crate::store::jobs::{self, NewJob};
use crate::store::{StoreError, Tx, channels, closing_rows, holds, memberships, organizations};
use crate::store::{purge_rows, purges};

mod confirm;
mod export;
mod run;
pub mod statement;
mod undo;
pub(super) mod words;

pub use confirm::confirm;
pub use export::{create_export, list_exports};
pub use run::{Progress, run, step_once};
pub use undo::undo;

/// The kind of job that closes.
pub const CLOSE: &str = "close_organization";

/// What closing would do.
#[derive(Debug, Clone)]
pub struct Preview {
    /// What there is.
    pub counts: Totals,
    /// The other owners: one of them has to agree.
    pub other_owners: usize,
    /// Holds that last: it would wait for them.
    pub holds: usize,
    /// Whether Loket can send the mail with the link.
    pub sends_mail: bool,
    /// Days in which it can be undone.
    pub undo_days: u32,
    /// Days after that until the last backup of the keys is gone.
    pub keyring_days: u32,
    /// Days after that until the last backup of data is gone.
    pub backup_days: u32,
}

/// The closing that is under way, as its pages show it.
#[derive(Debug, Clone)]
pub struct View {
    /// It.
    pub closing: Closing,
    /// The name of who asked.
    pub asked_by: Option<String>,
    /// Whether the actor has confirmed it, or need not.
    pub is_confirmed_by_me: bool,
    /// Whether a second owner has to confirm it, and has not.
    pub needs_second: bool,
}

/// Closing is for owners.
fn allow(actor: &Actor) -> Result<()> {
    if actor.role == Role::Owner { Ok(()) } else { Err(ServiceError::Forbidden) }
}

/// What closing the actor's organization would do.
pub async fn preview(services: &Services, actor: &Actor) -> Result<Preview> {
    allow(actor)?;
    let store = services.store();
    let id = actor.organization_id;
    let forgetting = services.options().forgetting;
    Ok(Preview {
        counts: count(services, id).await?,
        other_owners: other_owners(services, id, actor.membership_id).await?.len(),
        holds: holds::lasting(store, id).await?.len(),
        sends_mail: post::is_ready(services).await?,
        undo_days: forgetting.undo_days,
        keyring_days: forgetting.keyring_backup_days,
        backup_days: forgetting.last_backup_days,
    })
}

/// How much there is now.
async fn count(services: &Services, id: OrganizationId) -> Result<Totals> {
    let store = services.store();
    let mut totals = Totals::default();
    for channel in channels::list(store, id).await? {
        let of = purge_rows::Of { organization_id: id, channel_id: channel.id };
        let counts = purge_rows::count(store, of).await?;
        totals.mail = add(totals.mail, counts);
        let purge = purges::find_of_channel(store, id, channel.id).await?;
        let is_gone = purge.is_some_and(|purge| purge.keys_destroyed_at.is_some());
        totals.mailboxes += i64::from(!is_gone);
    }
    totals.mail.contacts = closing_rows::count_contacts(store, id).await?;
    let users = memberships::list_all(store, id).await?.len();
    totals.users = i64::try_from(users).unwrap_or(i64::MAX);
    Ok(totals)
}

fn add(a: purges::Counts, b: purges::Counts) -> purges::Counts {
    let both = |a: Option<i64>, b: Option<i64>, pick: fn(i64, i64) -> i64| match (a, b) {
        (Some(a), Some(b)) => Some(pick(a, b)),
        (a, b) => a.or(b),
    };
    purges::Counts {
        tickets: a.tickets + b.tickets,
        messages: a.messages + b.messages,
        attachments: a.attachments + b.attachments,
        contacts: a.contacts + b.contacts,
        originals: a.originals + b.originals,
        answers: a.answers + b.answers,
        drafts: a.drafts + b.drafts,
        ledger_lines: a.ledger_lines + b.ledger_lines,
        oldest: both(a.oldest, b.oldest, i64::min),
        newest: both(a.newest, b.newest, i64::max),
    }
}

/// The owners beside one who can sign in.
async fn other_owners(
    services: &Services,
    id: OrganizationId,
    than: MembershipId,
) -> Result<Vec<MembershipId>> {
    let admins = memberships::list_admins(services.store(), id).await?;
    let is_other = |role: Role, id: MembershipId| role == Role::Owner && id != than;
    Ok(admins.iter().filter(|it| is_other(it.role, it.id)).map(|it| it.id).collect())
}

/// The closing of the actor's organization, if one is under way. For everybody in it.
pub async fn find(services: &Services, actor: &Actor) -> Result<Option<View>> {
    let found = closings::find_open(services.store(), actor.organization_id).await?;
    let Some(closing) = found else { return Ok(None) };
    let names = Names::load(services, actor.organization_id).await?;
    let others = other_owners(services, actor.organization_id, closing.asked_by).await?;
    let me = actor.membership_id;
    let mine = if closing.asked_by == me { closing.confirmed_at } else { closing.second_at };
    Ok(Some(View {
        asked_by: names.member(closing.asked_by),
        is_confirmed_by_me: mine.is_some() || actor.role != Role::Owner,
        needs_second: !others.is_empty() && closing.second_at.is_none(),
        closing,
    }))
}

/// Asks to close the organization.
pub async fn ask(
    services: &Services,
    actor: &Actor,
    name: &str,
    password: secrecy::SecretString,
) -> Result<View> {
    allow(actor)?;
    let store = services.store();
    let id = actor.organization_id;
    passwords::confirm(services, actor, password).await?;
    let organization = organizations::find(store, id).await?.ok_or(ServiceError::NotFound)?;
    if organization.name.trim() != name.trim() {
        return Err(ServiceError::invalid("name", "type the organization's name exactly"));
    }
    if !post::is_ready(services).await? {
        return Err(ServiceError::conflict(
            "no_own_mail",
            "This server sends no mail of its own, and closing is confirmed by mail. Ask whoever \
             runs it to set smtp.host.",
        ));
    }
    if closings::find_open(store, id).await?.is_some() {
        return Err(under_way());
    }
    let object = Object::new(ObjectKind::Organization, id.0);
    access::record_all(services, actor, &[(Action::CloseOrganization, object)]).await?;
    let order = order(services, actor, &organization.name);
    let key = parcels::new_key(services, &order).await?;
    let tx = store.begin().await?;
    let export_id = parcels::order_in(&tx, &key, &order).await?;
    let ids = (ClosingId(store.new_id()), store.new_id(), export_id);
    let closing = Closing::new(&organization, ids, actor.membership_id, store.now());
    closings::add(&tx, &closing).await.map_err(|error| match error {
        StoreError::Duplicate(_) => under_way(),
        other => other.into(),
    })?;
    tell_owners(services, &tx, id, Kind::ClosingConfirm).await?;
    tx.commit().await?;
    tracing::info!(organization.id = %id, "an owner has asked to close an organization");
    find(services, actor).await?.ok_or(ServiceError::NotFound)
}

/// The export of everything.
fn order(services: &Services, actor: &Actor, name: &str) -> Order {
    let day = services.store().now().format("%Y-%m-%d");
    Order {
        organization_id: actor.organization_id,
        kind: ParcelKind::Organization,
        subject_id: actor.organization_id.0,
        channel_id: None,
        name: format!("{name} {day}.zip"),
        made_by: Some(actor.membership_id),
    }
}

fn under_way() -> ServiceError {
    ServiceError::conflict("closing_under_way", "This organization is being closed already.")
}

/// It is not there any more, or in another state than the request thinks.
fn over() -> ServiceError {
    ServiceError::conflict(
        "closing_over",
        "This closing was taken back, or has gone on since. Look at the page again.",
    )
}

/// Refused while the organization is being closed: nothing new begins then.
pub(super) async fn refuse(services: &Services, id: OrganizationId) -> Result<()> {
    let found = closings::find_open(services.store(), id).await?;
    if found.is_some_and(|closing| closing.state != ClosingState::Asked) {
        return Err(closing_now());
    }
    Ok(())
}

pub(super) fn closing_now() -> ServiceError {
    ServiceError::conflict(
        "organization_closing",
        "This organization is being closed. An owner can take that back in its settings.",
    )
}

/// Begins the window once everything it waits for is there. Whatever may be the last of it calls
/// this, in the transaction that brings it.
async fn advance(services: &Services, tx: &Tx, closing: &mut Closing) -> Result<(), StoreError> {
    let id = closing.organization_id;
    let owners = memberships::list_admins(services.store(), id).await?;
    let has_other = owners.iter().any(|it| it.role == Role::Owner && it.id != closing.asked_by);
    let is_confirmed =
        closing.confirmed_at.is_some() && (!has_other || closing.second_at.is_some());
    if closing.state == ClosingState::Asked && is_confirmed && closing.exported_at.is_some() {
        let now = tx.store().now();
        let days = services.options().forgetting.undo_days;
        closing.state = ClosingState::Countdown;
        closing.begun_at = Some(now);
        closing.due_at = Some(now + chrono::TimeDelta::days(days.into()));
        tell_owners(services, tx, id, Kind::Closing).await?;
        // At once: the mailboxes stop.
        enqueue(tx, closing, now).await?;
    }
    closing.save(tx).await
}

/// An export of an organization is ready: what waits for it goes on.
pub(super) async fn exported(
    services: &Services,
    tx: &Tx,
    parcel: &parcels::Parcel,
) -> Result<(), StoreError> {
    let found = closings::find_open_in(tx, parcel.organization_id).await?;
    let waits = |it: &Closing| it.state == ClosingState::Asked && it.exported_at.is_none();
    let Some(mut closing) = found.filter(waits) else { return Ok(()) };
    closing.exported_at = Some(tx.store().now());
    advance(services, tx, &mut closing).await
}

async fn tell_owners(
    services: &Services,
    tx: &Tx,
    id: OrganizationId,
    kind: Kind,
) -> Result<(), StoreError> {
    for admin in memberships::list_admins(services.store(), id).await? {
        if admin.role == Role::Owner {
            post::enqueue(tx, Some(id), kind, admin.account_id).await?;
        }
    }
    Ok(())
}

/// Puts the job into the queue. It is not of the organization, whose jobs go with it.
async fn enqueue(tx: &Tx, closing: &Closing, run_at: DateTime<Utc>) -> Result<(), StoreError> {
    let job = NewJob {
        kind: CLOSE,
        organization_id: None,
        subject_id: None,
        payload: serde_json::json!({
            "organization_id": closing.organization_id, "closing_id": closing.id,
        }),
        unique_key: Some(format!("{CLOSE}:{}", closing.id)),
        run_at,
    };
    jobs::add(tx, job).await
}

/// A mailbox's data is gone, or a hold has ended: the closing that waits for it looks again.
pub(super) async fn wake(tx: &Tx, id: OrganizationId) -> Result<(), StoreError> {
    match closings::find_open_in(tx, id).await? {
        Some(closing) if closing.state != ClosingState::Asked => {
            enqueue(tx, &closing, tx.store().now()).await
        }
        _ => Ok(()),
    }
}

/// Puts every closing that is under way into the queue again. For the start of the server.
pub async fn schedule(services: &Services) -> Result<()> {
    let open = closings::list_open(services.store()).await?;
    let tx = services.store().begin().await?;
    for closing in open.iter().filter(|it| it.state != ClosingState::Asked) {
        enqueue(&tx, closing, services.store().now()).await?;
    }
    tx.commit().await?;
    Ok(())
}
