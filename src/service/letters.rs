//! The letter that a member is writing to a customer who has not written; it is kept like a draft
//! until `replies::open` sends it.

use chrono::{DateTime, Utc};

use super::access::{self, Object};
use super::drafts::{self, Content as Written, Known};
use super::{Result, ServiceError, Services, uploads};
use crate::audit::{Action, ObjectKind};
use crate::authz::{Actor, Permission};
use crate::crypto::KeyKind;
use crate::domain::ids::{AttachmentId, ChannelId, OrganizationId};
use crate::store::letters::{self, Letter, Owner};
use crate::store::outbox::Leftover;
use crate::store::uploads::{self as store_uploads, Upload, User};
use crate::store::{Scope, StoreError, keys};

pub use crate::store::letters::Content;

/// A letter with its files.
#[derive(Debug)]
pub struct View {
    /// The mailbox that it is to go out by.
    pub channel_id: Option<ChannelId>,
    /// What was written.
    pub content: Written,
    /// Its files, as far as they are still there.
    pub files: Vec<Upload>,
    /// When it was last saved.
    pub updated_at: DateTime<Utc>,
}

/// The actor's letter, if they are writing one.
pub async fn find(services: &Services, actor: &Actor) -> Result<Option<View>> {
    let scope = services.scope(actor, Permission::WorkOnTickets)?;
    let Some(letter) = letters::find(services.store(), owner(actor)).await? else {
        return Ok(None);
    };
    let object = Object::new(ObjectKind::Letter, letter.id);
    access::record_all(services, actor, &[(Action::ReadDraft, object)]).await?;
    Ok(Some(view(services, actor, &scope, letter).await?))
}

/// Saves the actor's letter in place of the one that they knew, as [`drafts::put`] does a draft.
pub async fn put(
    services: &Services,
    actor: &Actor,
    (content, known): (Content, Known),
) -> Result<View> {
    let scope = services.scope(actor, Permission::WorkOnTickets)?;
    drafts::check(&content.written)?;
    if content.channel_id.is_some_and(|channel| !scope.reaches(channel)) {
        return Err(ServiceError::invalid("mailbox_id", "You do not belong to this mailbox."));
    }
    let store = services.store();
    let owner = owner(actor);
    let before = letters::find(store, owner).await?;
    let draft_id = before.as_ref().map(|letter| letter.id);
    let user = User { membership_id: actor.membership_id, draft_id };
    let ids = &content.written.attachment_ids;
    uploads::get_all(services, &scope, user, ids).await?;
    let letter = match before {
        Some(before) => {
            let key = store.keyring().get(before.key_id).await?;
            let tx = store.begin().await?;
            // Sent or thrown away meanwhile, on another device.
            let there = letters::lock(&tx, owner, &key).await?.ok_or(StoreError::Stale)?;
            // The same words, sent once more because no answer came, are no other letter.
            if !known.is(there.updated_at) && there.content != content {
                return Err(ServiceError::Stale);
            }
            let letter = letters::update(&tx, owner, there.id, &key, &content).await?;
            store_uploads::hold(&tx, actor.organization_id, ids, letter.id).await?;
            tx.commit().await?;
            letter
        }
        None => add(services, actor, &content).await?,
    };
    drafts::announce(services, actor, None, letter.updated_at);
    view(services, actor, &scope, letter).await
}

async fn add(services: &Services, actor: &Actor, content: &Content) -> Result<Letter> {
    let store = services.store();
    let organization_id = actor.organization_id;
    let parent = keys::of_organization(store, organization_id).await?;
    let keyring = store.keyring();
    let key = keyring.create(KeyKind::Profile, organization_id.0, Some(&parent), None).await?;
    let id = store.new_id();
    let tx = store.begin().await?;
    let added = letters::add(&tx, owner(actor), id, &key, content).await;
    let letter = match added {
        Ok(letter) => letter,
        Err(error) => {
            drop(tx);
            uploads::clear(services, spent(vec![key.id()])).await;
            return Err(match error {
                // Begun on two devices at once: the other one was first.
                StoreError::Duplicate(_) => ServiceError::Stale,
                error => error.into(),
            });
        }
    };
    let ids = &content.written.attachment_ids;
    store_uploads::hold(&tx, organization_id, ids, letter.id).await?;
    tx.commit().await?;
    Ok(letter)
}

/// Throws the actor's letter away, if there is one; its key goes too.
pub async fn remove(services: &Services, actor: &Actor) -> Result<()> {
    services.scope(actor, Permission::WorkOnTickets)?;
    let store = services.store();
    let Some(letter) = letters::find(store, owner(actor)).await? else { return Ok(()) };
    let tx = store.begin().await?;
    letters::remove(&tx, actor.organization_id, letter.id).await?;
    store_uploads::hold(&tx, actor.organization_id, &[], letter.id).await?;
    tx.commit().await?;
    uploads::clear(services, spent(vec![letter.key_id])).await;
    Ok(())
}

/// Removes the letters to a person whose data is erased. Repeating it does no harm.
pub(super) async fn remove_addressed(
    services: &Services,
    organization_id: OrganizationId,
    addresses: &[String],
) -> Result<()> {
    let store = services.store();
    for letter in letters::list(store, organization_id).await? {
        let Written { to, cc, bcc, .. } = &letter.content.written;
        let named = to.iter().chain(cc).chain(bcc).map(|party| party.address.to_lowercase());
        if !named.into_iter().any(|address| addresses.contains(&address)) {
            continue;
        }
        let tx = store.begin().await?;
        letters::remove(&tx, organization_id, letter.id).await?;
        tx.commit().await?;
        uploads::clear(services, spent(vec![letter.key_id])).await;
    }
    Ok(())
}

/// Keys that no row names any more.
pub(super) fn spent(keys: Vec<uuid::Uuid>) -> Leftover {
    Leftover { keys, objects: Vec::new() }
}

async fn view(services: &Services, actor: &Actor, scope: &Scope, letter: Letter) -> Result<View> {
    let user = User { membership_id: actor.membership_id, draft_id: Some(letter.id) };
    let mut content = letter.content.written;
    let files = store_uploads::list(services.store(), scope, user, &content.attachment_ids).await?;
    let there: Vec<AttachmentId> = files.iter().map(|file| file.id).collect();
    content.attachment_ids.retain(|id| there.contains(id));
    // A mailbox that the actor has left, or that is gone, is chosen anew.
    let channel_id = letter.content.channel_id.filter(|channel| scope.reaches(*channel));
    Ok(View { channel_id, content, files, updated_at: letter.updated_at })
}

pub(super) fn owner(actor: &Actor) -> Owner {
    Owner { organization_id: actor.organization_id, membership_id: actor.membership_id }
}
