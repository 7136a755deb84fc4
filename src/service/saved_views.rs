//! Lists of tickets and searches that somebody keeps under a name, for themselves or for everybody.
//!
//! A view is a question, not an answer: who opens one that is shared sees what they may read of
//! it. Whoever made it changes it; a manager may also change what is shared.

use std::collections::BTreeMap;

use serde_json::json;

use super::access::{self, Object};
use super::{Result, ServiceError, Services, still_at};
use crate::audit::{Action, ObjectKind};
use crate::authz::{Actor, Permission};
use crate::domain::ids::SavedViewId;
use crate::domain::words::EventKind;
use crate::store::events::NewEvent;
use crate::store::saved_views::{self, Content};
use crate::store::versions::{self, Versioned};
use crate::store::{Tx, keys};

pub use crate::store::saved_views::SavedView;

/// The most that one member keeps.
const MOST: u64 = 100;
/// The longest name, in characters.
const LONGEST_NAME: usize = 80;
/// The longest filter, in bytes of its names and values.
const LONGEST_FILTER: usize = 2_000;

/// What a view is to be.
#[derive(Debug, Clone)]
pub struct NewView {
    /// What it is called.
    pub name: String,
    /// The parameters of the list or of the search, by name; known to be right.
    pub filter: BTreeMap<String, String>,
    /// Whether everybody sees it.
    pub is_shared: bool,
}

impl NewView {
    fn content(self) -> Result<Content> {
        let name = self.name.trim().to_owned();
        let fits = (1..=LONGEST_NAME).contains(&name.chars().count());
        if !fits || name.chars().any(char::is_control) {
            return Err(ServiceError::invalid("name", "give it a name of 1 to 80 characters"));
        }
        let length: usize = self.filter.iter().map(|(name, value)| name.len() + value.len()).sum();
        if length > LONGEST_FILTER {
            return Err(ServiceError::invalid("filter", "this filter is too long to be kept"));
        }
        Ok(Content { name, filter: self.filter })
    }
}

/// Whether the actor may change it.
#[must_use]
pub fn may_change(actor: &Actor, view: &SavedView) -> bool {
    view.owner == actor.membership_id || view.is_shared && actor.may(Permission::ManageOrganization)
}

/// The actor's own, and those that are shared.
pub async fn list(services: &Services, actor: &Actor) -> Result<Vec<SavedView>> {
    services.scope(actor, Permission::ReadTickets)?;
    let store = services.store();
    let key = keys::of_organization(store, actor.organization_id).await?;
    Ok(saved_views::list(store, &key, actor.organization_id, actor.membership_id).await?)
}

/// Keeps a list under a name.
pub async fn add(services: &Services, actor: &Actor, new: NewView) -> Result<SavedView> {
    services.scope(actor, Permission::ReadTickets)?;
    let store = services.store();
    let is_shared = new.is_shared;
    let view = SavedView {
        organization_id: actor.organization_id,
        id: SavedViewId(store.new_id()),
        owner: actor.membership_id,
        is_shared,
        content: new.content()?,
        created_at: store.now(),
        version: 1,
    };
    let key = keys::of_organization(store, actor.organization_id).await?;
    record(services, actor, &view, is_shared).await?;
    let tx = store.begin().await?;
    if saved_views::count(&tx, actor.organization_id, actor.membership_id).await? >= MOST {
        return Err(ServiceError::conflict(
            "too_many_views",
            "You keep 100 views already. Remove one that you no longer need.",
        ));
    }
    saved_views::add(&tx, &key, &view).await?;
    tell(&tx, actor, &view, is_shared);
    tx.commit().await?;
    Ok(view)
}

/// Changes a view that is still at `version`.
pub async fn update(
    services: &Services,
    actor: &Actor,
    id: SavedViewId,
    version: i32,
    new: NewView,
) -> Result<SavedView> {
    let before = reach(services, actor, id).await?;
    still_at(before.version, version)?;
    let was_shared = before.is_shared;
    let view = SavedView { is_shared: new.is_shared, content: new.content()?, ..before };
    let store = services.store();
    let key = keys::of_organization(store, actor.organization_id).await?;
    record(services, actor, &view, was_shared || view.is_shared).await?;
    let tx = store.begin().await?;
    versions::raise(&tx, actor.organization_id, Versioned::View(id), version).await?;
    saved_views::update(&tx, &key, &view).await?;
    tell(&tx, actor, &view, was_shared || view.is_shared);
    tx.commit().await?;
    Ok(SavedView { version: version + 1, ..view })
}

/// Removes a view; the tickets in it stay what they are.
pub async fn remove(services: &Services, actor: &Actor, id: SavedViewId) -> Result<()> {
    let view = reach(services, actor, id).await?;
    record(services, actor, &view, view.is_shared).await?;
    let tx = services.store().begin().await?;
    saved_views::remove(&tx, actor.organization_id, id).await?;
    tell(&tx, actor, &view, view.is_shared);
    tx.commit().await?;
    Ok(())
}

/// A view that the actor may change. One that they see and may not change is refused as such.
async fn reach(services: &Services, actor: &Actor, id: SavedViewId) -> Result<SavedView> {
    services.scope(actor, Permission::ReadTickets)?;
    let store = services.store();
    let key = keys::of_organization(store, actor.organization_id).await?;
    let view = saved_views::find(store, &key, actor.organization_id, id)
        .await?
        .filter(|view| view.is_shared || view.owner == actor.membership_id)
        .ok_or(ServiceError::NotFound)?;
    if may_change(actor, &view) { Ok(view) } else { Err(ServiceError::Forbidden) }
}

/// Whoever sees it, or did, is told.
fn tell(tx: &Tx, actor: &Actor, view: &SavedView, is_shared: bool) {
    let data = json!({ "id": view.id, "owner": view.owner, "shared": is_shared });
    let event = NewEvent::about(actor.organization_id, EventKind::ViewChanged, data);
    tx.event(event.by(Some(actor.membership_id)));
}

/// What is shared changes what others see: it is logged. One's own is nobody's affair.
async fn record(
    services: &Services,
    actor: &Actor,
    view: &SavedView,
    is_shared: bool,
) -> Result<()> {
    if !is_shared {
        return Ok(());
    }
    let object = Object::new(ObjectKind::View, view.id.0);
    access::record_all(services, actor, &[(Action::ChangeView, object)]).await
}
