//! Tags: the organization's own words on tickets. Everybody finds and uses them; admins make them.
//!
//! Names are sealed, so the database cannot search them: they are opened and searched here.

use serde_json::json;

use super::access::{self, Object};
use super::{Result, ServiceError, Services, still_at};
use crate::audit::{Action, ObjectKind};
use crate::authz::{Actor, Permission};
use crate::domain::ids::TagId;
use crate::domain::words::{EventKind, TagColor};
use crate::store::events::NewEvent;
use crate::store::versions::{self, Versioned};
use crate::store::{Tx, keys, tags};

pub use crate::store::tags::Tag;

/// Characters of a name.
const LONGEST: usize = 50;

/// Tags of an organization.
const MOST: usize = 10_000;

/// Larger pages make no list faster.
const MAX_LIMIT: usize = 100;
const DEFAULT_LIMIT: usize = 50;

/// Tickets that a tag is taken from in one transaction: it holds the only writer.
const BATCH: u64 = 200;

/// Which tags.
#[derive(Debug, Clone, Default)]
pub struct TagQuery {
    /// Part of the name.
    pub find: Option<String>,
    /// Only this one.
    pub id: Option<TagId>,
    /// Where the page begins.
    pub cursor: Option<String>,
    /// How many.
    pub limit: Option<usize>,
}

/// A page.
#[derive(Debug, Clone)]
pub struct TagPage {
    /// The tags, by name; where one searches, those first whose name begins so.
    pub items: Vec<Tag>,
    /// Where the next page begins.
    pub next_cursor: Option<String>,
}

/// What to change; `None` stays.
#[derive(Debug, Clone, Default)]
pub struct TagChange {
    /// What it says.
    pub name: Option<String>,
    /// Its colour.
    pub color: Option<TagColor>,
}

/// A page of the organization's tags.
pub async fn list(services: &Services, actor: &Actor, query: TagQuery) -> Result<TagPage> {
    services.scope(actor, Permission::ReadTickets)?;
    let store = services.store();
    let key = keys::of_organization(store, actor.organization_id).await?;
    let find = query.find.unwrap_or_default().trim().to_lowercase();
    let mut found: Vec<(bool, String, Tag)> = tags::list(store, &key, actor.organization_id)
        .await?
        .into_iter()
        .filter(|tag| query.id.is_none_or(|id| id == tag.id))
        .map(|tag| (tag.name.to_lowercase(), tag))
        .filter(|(name, _)| name.contains(&find))
        .map(|(name, tag)| (!name.starts_with(&find), name, tag))
        .collect();
    found.sort_by(|a, b| (a.0, &a.1, a.2.id).cmp(&(b.0, &b.1, b.2.id)));
    let start: usize = match query.cursor.as_deref() {
        None => 0,
        Some(text) => text.parse().map_err(|_| {
            ServiceError::invalid("cursor", "Pass on next_cursor of the page before, unchanged.")
        })?,
    };
    let limit = query.limit.unwrap_or(DEFAULT_LIMIT).clamp(1, MAX_LIMIT);
    let end = start.saturating_add(limit);
    let next_cursor = (found.len() > end).then(|| end.to_string());
    let items = found.into_iter().skip(start).take(limit).map(|(_, _, tag)| tag).collect();
    Ok(TagPage { items, next_cursor })
}

/// Makes a tag.
pub async fn create(
    services: &Services,
    actor: &Actor,
    name: &str,
    color: TagColor,
) -> Result<Tag> {
    services.scope(actor, Permission::ManageTags)?;
    let store = services.store();
    let tag = Tag { id: TagId(store.new_id()), name: check_name(name)?, color, version: 1 };
    let key = keys::of_organization(store, actor.organization_id).await?;
    record(services, actor, tag.id).await?;
    let tx = store.begin().await?;
    let all = tags::lock_all(&tx, &key, actor.organization_id).await?;
    if all.len() >= MOST {
        return Err(ServiceError::conflict("too_many_tags", "There are 10,000 tags already."));
    }
    is_free(&all, &tag)?;
    tags::add(&tx, &key, actor.organization_id, &tag).await?;
    tell(&tx, actor, tag.id);
    tx.commit().await?;
    Ok(tag)
}

/// Changes a tag that is still at `version`, on all tickets that have it.
pub async fn update(
    services: &Services,
    actor: &Actor,
    id: TagId,
    version: i32,
    change: TagChange,
) -> Result<Tag> {
    services.scope(actor, Permission::ManageTags)?;
    let store = services.store();
    let name = change.name.as_deref().map(check_name).transpose()?;
    let key = keys::of_organization(store, actor.organization_id).await?;
    let known = tags::find_many(store, &key, actor.organization_id, &[id]).await?;
    still_at(known.get(&id).ok_or(ServiceError::NotFound)?.version, version)?;
    record(services, actor, id).await?;
    let tx = store.begin().await?;
    let all = tags::lock_all(&tx, &key, actor.organization_id).await?;
    let mut tag = all.iter().find(|tag| tag.id == id).cloned().ok_or(ServiceError::NotFound)?;
    tag.name = name.unwrap_or(tag.name);
    tag.color = change.color.unwrap_or(tag.color);
    is_free(&all, &tag)?;
    versions::raise(&tx, actor.organization_id, Versioned::Tag(id), version).await?;
    tags::update(&tx, &key, actor.organization_id, &tag).await?;
    tell(&tx, actor, id);
    tx.commit().await?;
    Ok(Tag { version: version + 1, ..tag })
}

/// Removes a tag, from all tickets that have it.
pub async fn remove(services: &Services, actor: &Actor, id: TagId) -> Result<()> {
    services.scope(actor, Permission::ManageTags)?;
    let store = services.store();
    let key = keys::of_organization(store, actor.organization_id).await?;
    let known = tags::find_many(store, &key, actor.organization_id, &[id]).await?;
    if !known.contains_key(&id) {
        return Err(ServiceError::NotFound);
    }
    record(services, actor, id).await?;
    loop {
        let tx = store.begin().await?;
        let taken = tags::take_off(&tx, actor.organization_id, id, BATCH).await?;
        if taken == 0 {
            tags::remove(&tx, actor.organization_id, id).await?;
            tell(&tx, actor, id);
        }
        tx.commit().await?;
        if taken == 0 {
            return Ok(());
        }
    }
}

fn tell(tx: &Tx, actor: &Actor, id: TagId) {
    let (kind, data) = (EventKind::TagChanged, json!({ "id": id }));
    tx.event(NewEvent::about(actor.organization_id, kind, data).by(Some(actor.membership_id)));
}

async fn record(services: &Services, actor: &Actor, id: TagId) -> Result<()> {
    let object = Object::new(ObjectKind::Tag, id.0);
    access::record_all(services, actor, &[(Action::ChangeTag, object)]).await
}

fn check_name(name: &str) -> Result<String> {
    let name = name.trim();
    if name.is_empty() || name.chars().count() > LONGEST || name.contains(char::is_control) {
        return Err(ServiceError::invalid("name", "Give a name of at most 50 characters."));
    }
    Ok(name.to_owned())
}

fn is_free(all: &[Tag], tag: &Tag) -> Result<()> {
    let name = tag.name.to_lowercase();
    if all.iter().any(|other| other.id != tag.id && other.name.to_lowercase() == name) {
        return Err(ServiceError::conflict("name_taken", "Another one has this name already."));
    }
    Ok(())
}
