//! What an agent has written on a ticket and not sent: one draft of each kind per
//! ticket and member.

use std::collections::HashMap;

use chrono::{DateTime, Utc};

use super::tickets::check_whole;
use super::{Result, ServiceError, Services, access};
use crate::audit::{Action, ObjectKind};
use crate::authz::{Actor, Permission};
use crate::domain::desk::DraftKind;
use crate::domain::ids::{AttachmentId, MembershipId};
use crate::store::drafts::{self, Draft, Owner};
use crate::store::tickets::{self, Ticket};
use crate::store::uploads::{self, Upload, User};
use crate::store::{Scope, StoreError, Tx};

pub use crate::store::drafts::{Content, Forwarded};

/// The longest text of a draft or an answer, in bytes: more than anybody writes.
pub const MAX_TEXT: usize = 1024 * 1024;

/// The most recipients of an answer. Providers refuse more, and a person never means them.
pub const MAX_RECIPIENTS: usize = 100;

/// The most files of an answer.
pub const MAX_FILES: usize = 50;

/// Signals of saved drafts that a browser may lag behind: one that is lost is made good when its window
/// is looked at again.
pub(super) const SIGNALS: usize = 256;

/// A draft or a letter that was saved: told to who wrote it, wherever else they are signed in.
#[derive(Debug, Clone, Copy)]
pub struct Saved {
    /// Who wrote it.
    pub membership_id: MembershipId,
    /// The ticket's number, and what is written on it; none for a letter.
    pub draft: Option<(i64, DraftKind)>,
    /// When it was saved.
    pub at: DateTime<Utc>,
}

/// A draft with its files.
#[derive(Debug)]
pub struct View {
    /// What was written.
    pub content: Content,
    /// Its files, as far as they are still there.
    pub files: Vec<Upload>,
    /// When it was last saved.
    pub updated_at: DateTime<Utc>,
}

/// What the actor knew of the draft that they save in place of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Known {
    /// Whatever is there is replaced.
    Any,
    /// There was none.
    Nothing,
    /// It was last saved then.
    SavedAt(DateTime<Utc>),
}

impl Known {
    /// As it is asked for: left out, null, or when the draft was saved.
    #[must_use]
    pub fn of(builds_on: Option<Option<DateTime<Utc>>>) -> Self {
        match builds_on {
            None => Self::Any,
            Some(None) => Self::Nothing,
            Some(Some(at)) => Self::SavedAt(at),
        }
    }

    pub(super) fn is(self, saved_at: DateTime<Utc>) -> bool {
        match self {
            Self::Any => true,
            Self::Nothing => false,
            Self::SavedAt(at) => at.timestamp_millis() == saved_at.timestamp_millis(),
        }
    }
}

/// The actor's draft of a kind on a ticket.
pub async fn find(
    services: &Services,
    actor: &Actor,
    number: i64,
    kind: DraftKind,
) -> Result<Option<View>> {
    let scope = services.scope(actor, Permission::WorkOnTickets)?;
    let ticket = ticket(services, &scope, number).await?;
    let draft = find_of(services, actor, &scope, &ticket, kind).await?;
    if draft.is_some() {
        record_read(services, actor, &ticket).await?;
    }
    Ok(draft)
}

/// A draft quotes what the customer wrote.
pub(super) async fn record_read(services: &Services, actor: &Actor, ticket: &Ticket) -> Result<()> {
    let (action, kind) = (Action::ReadDraft, ObjectKind::Ticket);
    access::record(services, actor, action, kind, ticket.id.0, ticket.state.channel_id).await
}

/// The actor's draft of a kind on a ticket that is at hand.
pub async fn find_of(
    services: &Services,
    actor: &Actor,
    scope: &Scope,
    ticket: &Ticket,
    kind: DraftKind,
) -> Result<Option<View>> {
    let key = services.store().keyring().get(ticket.key_id).await?;
    let draft = drafts::find(services.store(), owner(actor, ticket, kind), &key).await?;
    match draft {
        Some(draft) => Ok(Some(view(services, actor, scope, draft).await?)),
        None => Ok(None),
    }
}

/// The id of the actor's draft, which holds its uploads.
pub(super) async fn find_id(
    services: &Services,
    actor: &Actor,
    ticket: &Ticket,
    kind: DraftKind,
) -> Result<Option<uuid::Uuid>> {
    let key = services.store().keyring().get(ticket.key_id).await?;
    let draft = drafts::find(services.store(), owner(actor, ticket, kind), &key).await?;
    Ok(draft.map(|draft| draft.id))
}

/// The actor's drafts on a ticket that is at hand, by kind.
pub async fn find_all(
    services: &Services,
    actor: &Actor,
    scope: &Scope,
    ticket: &Ticket,
) -> Result<HashMap<DraftKind, View>> {
    let key = services.store().keyring().get(ticket.key_id).await?;
    let owner = owner(actor, ticket, DraftKind::Answer);
    let mut views = HashMap::new();
    for (kind, draft) in drafts::list_of_owner(services.store(), owner, &key).await? {
        views.insert(kind, view(services, actor, scope, draft).await?);
    }
    Ok(views)
}

/// Saves the actor's draft in place of the one that they knew. What another device has saved since is
/// kept: the actor reads it first. One that is gone by now loses nothing by being saved anew.
pub async fn put(
    services: &Services,
    actor: &Actor,
    number: i64,
    kind: DraftKind,
    (content, known): (Content, Known),
) -> Result<View> {
    let scope = services.scope(actor, Permission::WorkOnTickets)?;
    check(&content)?;
    let ticket = ticket(services, &scope, number).await?;
    check_whole(services, &ticket).await?;
    let store = services.store();
    let key = store.keyring().get(ticket.key_id).await?;
    let owner = owner(actor, &ticket, kind);
    let before = drafts::find(store, owner, &key).await?;
    let user = User { membership_id: actor.membership_id, draft_id: before.map(|draft| draft.id) };
    super::uploads::get_all(services, &scope, user, &content.attachment_ids).await?;
    let tx = store.begin().await?;
    let there = drafts::lock(&tx, owner, &key).await?;
    // The same words, sent once more because no answer came, are no other draft.
    if there.is_some_and(|there| !known.is(there.updated_at) && there.content != content) {
        return Err(ServiceError::Stale);
    }
    let draft = drafts::put(&tx, owner, &key, &content).await.map_err(|error| match error {
        // Begun on two devices at once: the other one was first.
        StoreError::Duplicate(_) => ServiceError::Stale,
        error => error.into(),
    })?;
    hold(&tx, actor, &draft).await?;
    tx.commit().await?;
    announce(services, actor, Some((number, kind)), draft.updated_at);
    view(services, actor, &scope, draft).await
}

/// Tells the actor's other browsers.
pub(super) fn announce(
    services: &Services,
    actor: &Actor,
    draft: Option<(i64, DraftKind)>,
    at: DateTime<Utc>,
) {
    // Nobody listens: nobody needs to know.
    let _ = services.saved().send(Saved { membership_id: actor.membership_id, draft, at });
}

/// Throws the actor's draft away, if there is one.
pub async fn remove(
    services: &Services,
    actor: &Actor,
    number: i64,
    kind: DraftKind,
) -> Result<()> {
    let scope = services.scope(actor, Permission::WorkOnTickets)?;
    let ticket = ticket(services, &scope, number).await?;
    let tx = services.store().begin().await?;
    drafts::remove(&tx, owner(actor, &ticket, kind)).await?;
    tx.commit().await?;
    Ok(())
}

/// The draft holds its uploads, and lets go of those that it no longer names.
pub(super) async fn hold(tx: &Tx, actor: &Actor, draft: &Draft) -> Result<()> {
    let ids = &draft.content.attachment_ids;
    Ok(uploads::hold(tx, actor.organization_id, ids, draft.id).await?)
}

/// The draft with its files.
pub(super) async fn view(
    services: &Services,
    actor: &Actor,
    scope: &Scope,
    mut draft: Draft,
) -> Result<View> {
    let user = User { membership_id: actor.membership_id, draft_id: Some(draft.id) };
    let ids = &draft.content.attachment_ids;
    let files = uploads::list(services.store(), scope, user, ids).await?;
    let there: Vec<AttachmentId> = files.iter().map(|file| file.id).collect();
    draft.content.attachment_ids.retain(|id| there.contains(id));
    Ok(View { content: draft.content, files, updated_at: draft.updated_at })
}

pub(super) fn owner(actor: &Actor, ticket: &Ticket, kind: DraftKind) -> Owner {
    Owner {
        organization_id: actor.organization_id,
        ticket_id: ticket.id,
        membership_id: actor.membership_id,
        kind,
    }
}

/// What no draft and no answer may exceed.
pub(super) fn check(content: &Content) -> Result<()> {
    let html = content.html.as_ref().map_or(0, String::len);
    if content.text.len() > MAX_TEXT || html > MAX_TEXT {
        return Err(ServiceError::invalid("text", "The text is longer than 1 MB. Attach it."));
    }
    let recipients = content.to.len() + content.cc.len() + content.bcc.len();
    if recipients > MAX_RECIPIENTS {
        let message = format!("At most {MAX_RECIPIENTS} people can be written to at once.");
        return Err(ServiceError::invalid("to", message));
    }
    if content.attachment_ids.len() > MAX_FILES {
        let message = format!("At most {MAX_FILES} files can be sent at once.");
        return Err(ServiceError::invalid("attachment_ids", message));
    }
    Ok(())
}

async fn ticket(services: &Services, scope: &Scope, number: i64) -> Result<Ticket> {
    let ticket = tickets::find_by_number(services.store(), scope, number).await?;
    ticket.ok_or(ServiceError::NotFound)
}
