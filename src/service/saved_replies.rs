//! Texts that are written often: one's own, of a team, of a mailbox, or of everybody.
//!
//! Everybody who uses a saved reply may change it, but those of everybody are for those who manage
//! the organization. What stands in `{{…}}` is filled in where the text is put in; here it is only
//! seen to that each is a variable that there is.

use serde_json::json;
use uuid::Uuid;

use super::access::{self, Object};
use super::drafts::MAX_TEXT;
use super::{Result, ServiceError, Services, still_at};
use crate::audit::{Action, ObjectKind};
use crate::authz::{Actor, Permission};
use crate::domain::desk::ReplyScope;
use crate::domain::ids::{ChannelId, SavedReplyId, TeamId};
use crate::domain::words::EventKind;
use crate::store::events::NewEvent;
use crate::store::saved_replies::{self, Reader};
use crate::store::versions::{self, Versioned};
use crate::store::{Tx, keys};

pub use crate::store::saved_replies::{Content, Of, SavedReply};

/// What can stand in `{{…}}`, before a `|` and the words for when it is not known.
pub const VARIABLES: &[&str] = &[
    "agent.first_name",
    "agent.name",
    "customer.first_name",
    "customer.name",
    "mailbox.name",
    "ticket.number",
];

/// The longest name, in characters.
const MAX_NAME: usize = 100;

const MAX_LIMIT: u64 = 200;
const DEFAULT_LIMIT: u64 = 50;

/// Which saved replies, and which page of them.
#[derive(Debug, Clone, Default)]
pub struct ListQuery {
    /// Words that stand in the name or the text.
    pub find: Option<String>,
    /// Only this one.
    pub id: Option<SavedReplyId>,
    /// Only of this scope.
    pub scope: Option<ReplyScope>,
    /// Without those of mailboxes other than this one.
    pub mailbox: Option<ChannelId>,
    /// Where the page begins: after this one.
    pub cursor: Option<SavedReplyId>,
    /// How many.
    pub limit: Option<u64>,
}

/// A page.
#[derive(Debug, Clone)]
pub struct ReplyPage {
    /// The saved replies.
    pub items: Vec<SavedReply>,
    /// Where the next page begins.
    pub next_cursor: Option<SavedReplyId>,
}

async fn teams(services: &Services, actor: &Actor) -> Result<Vec<TeamId>> {
    let (store, organization_id) = (services.store(), actor.organization_id);
    Ok(saved_replies::teams_of(store, organization_id, actor.membership_id).await?)
}

fn reader(actor: &Actor) -> Reader<'_> {
    Reader {
        organization_id: actor.organization_id,
        membership_id: actor.membership_id,
        channels: &actor.channels,
    }
}

/// Those that the actor uses, by name.
pub async fn list(services: &Services, actor: &Actor, query: ListQuery) -> Result<ReplyPage> {
    services.scope(actor, Permission::WorkOnTickets)?;
    let mut found = saved_replies::list(services.store(), &reader(actor)).await?;
    let words = query.find.unwrap_or_default().to_lowercase();
    let words: Vec<&str> = words.split_whitespace().collect();
    found.retain(|reply| {
        let Content { name, text, .. } = &reply.content;
        let all = format!("{name}\n{text}").to_lowercase();
        let elsewhere = reply.of.scope == ReplyScope::Mailbox
            && query.mailbox.is_some_and(|mailbox| reply.of.subject_id != Some(mailbox.0));
        words.iter().all(|word| all.contains(word))
            && query.id.is_none_or(|id| id == reply.id)
            && query.scope.is_none_or(|scope| scope == reply.of.scope)
            && !elsewhere
    });
    found.sort_by_key(|reply| (reply.content.name.to_lowercase(), reply.id));
    let at = |id| found.iter().position(|reply| reply.id == id).map(|at| at + 1);
    let from = match query.cursor {
        Some(cursor) => at(cursor).ok_or_else(|| {
            ServiceError::invalid("cursor", "Pass on next_cursor of the page before, unchanged.")
        })?,
        None => 0,
    };
    let limit = query.limit.unwrap_or(DEFAULT_LIMIT).clamp(1, MAX_LIMIT);
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let more = found.len().saturating_sub(from) > limit;
    let items: Vec<SavedReply> = found.into_iter().skip(from).take(limit).collect();
    let next_cursor = items.last().filter(|_| more).map(|reply| reply.id);
    Ok(ReplyPage { items, next_cursor })
}

/// Adds one.
pub async fn create(
    services: &Services,
    actor: &Actor,
    of: Of,
    content: Content,
) -> Result<SavedReply> {
    services.scope(actor, Permission::WorkOnTickets)?;
    let of = allowed(actor, &teams(services, actor).await?, of)?;
    let store = services.store();
    let reply = SavedReply {
        id: SavedReplyId(store.new_id()),
        of,
        content: checked(content)?,
        version: 1,
        created_by: actor.membership_id,
        updated_at: store.now(),
    };
    record(services, actor, reply.id).await?;
    let key = keys::of_organization(store, actor.organization_id).await?;
    let tx = store.begin().await?;
    saved_replies::add(&tx, &key, actor.organization_id, &reply).await?;
    tell(&tx, actor, reply.id, &[reply.of]);
    tx.commit().await?;
    Ok(reply)
}

/// Changes one that is still at `version`.
pub async fn update(
    services: &Services,
    actor: &Actor,
    id: SavedReplyId,
    version: i32,
    (of, content): (Of, Content),
) -> Result<SavedReply> {
    let known = changeable(services, actor, id).await?;
    still_at(known.version, version)?;
    let of = allowed(actor, &teams(services, actor).await?, of)?;
    let store = services.store();
    let before = known.of;
    let reply = SavedReply { of, content: checked(content)?, ..known };
    record(services, actor, id).await?;
    let key = keys::of_organization(store, actor.organization_id).await?;
    let tx = store.begin().await?;
    versions::raise(&tx, actor.organization_id, Versioned::SavedReply(id), version).await?;
    saved_replies::update(&tx, &key, actor.organization_id, &reply).await?;
    let users = [before, of];
    tell(&tx, actor, id, if before == of { &users[..1] } else { &users });
    tx.commit().await?;
    Ok(SavedReply { version: version + 1, updated_at: store.now(), ..reply })
}

/// Removes one.
pub async fn remove(services: &Services, actor: &Actor, id: SavedReplyId) -> Result<()> {
    let reply = changeable(services, actor, id).await?;
    record(services, actor, id).await?;
    let tx = services.store().begin().await?;
    saved_replies::remove(&tx, actor.organization_id, id).await?;
    tell(&tx, actor, id, &[reply.of]);
    tx.commit().await?;
    Ok(())
}

/// One that the actor uses and may change.
async fn changeable(services: &Services, actor: &Actor, id: SavedReplyId) -> Result<SavedReply> {
    services.scope(actor, Permission::WorkOnTickets)?;
    let key = keys::of_organization(services.store(), actor.organization_id).await?;
    let found = saved_replies::find(services.store(), &key, &reader(actor), id).await?;
    let found = found.ok_or(ServiceError::NotFound)?;
    if may_change(actor, found.of) { Ok(found) } else { Err(ServiceError::Forbidden) }
}

/// Whether who uses it may change it too.
#[must_use]
pub fn may_change(actor: &Actor, of: Of) -> bool {
    of.scope != ReplyScope::Organization || actor.may(Permission::ManageOrganization)
}

/// Whose it may become.
fn allowed(actor: &Actor, teams: &[TeamId], of: Of) -> Result<Of> {
    let subject = |found: bool| {
        let wrong = "Choose a team or a mailbox that you belong to.";
        if found { Ok(of) } else { Err(ServiceError::invalid("subject_id", wrong)) }
    };
    let is = |id: Uuid| of.subject_id == Some(id);
    match of.scope {
        ReplyScope::Personal => Ok(Of { subject_id: Some(actor.membership_id.0), ..of }),
        ReplyScope::Team => subject(teams.iter().any(|team| is(team.0))),
        ReplyScope::Mailbox => subject(actor.channels.iter().any(|channel| is(channel.0))),
        ReplyScope::Organization if may_change(actor, of) => Ok(Of { subject_id: None, ..of }),
        ReplyScope::Organization => Err(ServiceError::invalid(
            "scope",
            "Only who manages the organization keeps saved replies for everybody.",
        )),
    }
}

fn checked(content: Content) -> Result<Content> {
    let name = content.name.trim().to_owned();
    if name.is_empty() || name.chars().count() > MAX_NAME || name.chars().any(char::is_control) {
        return Err(ServiceError::invalid("name", "Give it a name of 1 to 100 characters."));
    }
    let html = content.html.filter(|html| !html.trim().is_empty());
    if content.text.trim().is_empty()
        || content.text.len().max(html.as_ref().map_or(0, String::len)) > MAX_TEXT
    {
        return Err(ServiceError::invalid("text", "Write a text of at most 1 MB."));
    }
    if let Some(unknown) = unknown_variable(&content.text, VARIABLES) {
        let known = VARIABLES.join(", ");
        let message = format!("There is no variable \"{unknown}\". There are: {known}.");
        return Err(ServiceError::invalid("variables", message));
    }
    Ok(Content { name, text: content.text, html })
}

/// The first `{{…}}` that is none of these variables.
pub(super) fn unknown_variable<'a>(text: &'a str, known: &[&str]) -> Option<&'a str> {
    let mut rest = text;
    while let Some((_, after)) = rest.split_once("{{") {
        let Some((inside, behind)) = after.split_once("}}") else { return Some("{{") };
        let name = inside.split_once('|').map_or(inside, |(name, _)| name).trim();
        if !known.contains(&name) {
            return Some(name);
        }
        rest = behind;
    }
    None
}

/// Each of those who use it, or did, is told.
fn tell(tx: &Tx, actor: &Actor, id: SavedReplyId, users: &[Of]) {
    for Of { scope, subject_id } in users {
        let data = json!({ "id": id, "scope": scope.as_str(), "subject": subject_id });
        let event = NewEvent::about(actor.organization_id, EventKind::SavedReplyChanged, data);
        tx.event(event.by(Some(actor.membership_id)));
    }
}

async fn record(services: &Services, actor: &Actor, id: SavedReplyId) -> Result<()> {
    let object = Object::new(ObjectKind::SavedReply, id.0);
    access::record_all(services, actor, &[(Action::ChangeSettings, object)]).await
}

#[cfg(test)]
mod tests {
    use super::VARIABLES;

    fn unknown_variable(text: &str) -> Option<&str> {
        super::unknown_variable(text, VARIABLES)
    }

    #[test]
    fn a_variable_that_is_not_there_is_named() {
        assert_eq!(unknown_variable("Hi {{customer.first_name|there}}, {{ agent.name }}"), None);
        assert_eq!(unknown_variable("Hi {{customer.age}}"), Some("customer.age"));
        assert_eq!(unknown_variable("Hi {{customer.name"), Some("{{"));
        assert_eq!(unknown_variable("a } b }} c"), None);
    }
}
