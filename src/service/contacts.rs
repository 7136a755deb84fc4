//! Customers as agents see them: who they are, what colleagues wrote down, and who is blocked.
//!
//! What is known of a customer came by channels, and is seen by who belongs to those. What a
//! colleague writes down belongs to one of the channels by which they reach the customer, and goes
//! when that one's data goes.

use super::access::{self, Object};
use super::{Result, ServiceError, Services, dead_keys};
use crate::audit::{Action, ObjectKind};
use crate::authz::{Actor, Permission};
use crate::domain::ids::{ChannelId, ContactId};
use crate::store::contacts::profile::{self, NameOf};
use crate::store::contacts::{self, Fact, PageOf};
use crate::store::{holds, keys, person_marks};

pub use crate::store::contacts::Contact;

/// The most that is written down about one customer.
const MOST_FACTS: usize = 50;
/// The longest name, number, company or field, in characters.
const LONGEST: usize = 200;
/// The longest note, in characters.
const LONGEST_NOTE: usize = 10_000;
/// Larger pages make no list faster.
const MAX_LIMIT: u64 = 100;
const DEFAULT_LIMIT: u64 = 50;

/// What a colleague writes down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewFact {
    /// What kind of thing.
    pub kind: FactKind,
    /// What a field is called.
    pub label: Option<String>,
    /// What it says.
    pub value: String,
}

impl NewFact {
    fn says(&self, fact: &Fact) -> bool {
        fact.kind == self.kind.as_str() && fact.label == self.label && fact.value == self.value
    }
}

/// What kinds of things are written down.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FactKind {
    /// A telephone number.
    Phone,
    /// Where they work.
    Company,
    /// Anything else, in words.
    Note,
    /// Something with a name of its own, such as a customer number.
    Field,
}

impl FactKind {
    /// As it is stored.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Phone => "phone",
            Self::Company => "company",
            Self::Note => "note",
            Self::Field => "field",
        }
    }
}

/// What a customer is called, and what is written down about them.
#[derive(Debug, Clone)]
pub struct Written {
    /// The name; none for just the address.
    pub name: Option<String>,
    /// All of it.
    pub facts: Vec<NewFact>,
}

impl Written {
    fn is_of(&self, contact: &Contact) -> bool {
        let same = |(new, fact): (&NewFact, &Fact)| new.says(fact);
        self.name == contact.name
            && self.facts.len() == contact.facts.len()
            && self.facts.iter().zip(&contact.facts).all(same)
    }
}

/// Which customers.
#[derive(Debug, Clone, Default)]
pub struct ListQuery {
    /// Who has this address.
    pub address: Option<String>,
    /// Only those who are blocked.
    pub blocked: bool,
    /// The last one of the page before.
    pub cursor: Option<ContactId>,
    /// How many.
    pub limit: Option<u64>,
}

/// A page of customers.
#[derive(Debug, Clone)]
pub struct ContactPage {
    /// The customers.
    pub items: Vec<Contact>,
    /// The last one, when more come after it.
    pub next: Option<ContactId>,
}

/// Customers, those who wrote for the first time last first.
pub async fn list(services: &Services, actor: &Actor, query: ListQuery) -> Result<ContactPage> {
    services.scope(actor, Permission::ReadTickets)?;
    let store = services.store();
    let organization_id = actor.organization_id;
    let limit = query.limit.unwrap_or(DEFAULT_LIMIT).clamp(1, MAX_LIMIT);
    let mut ids = if let Some(address) = &query.address {
        let key = keys::of_organization(store, organization_id).await?;
        let blind = contacts::address_blind(&key, address);
        let found =
            contacts::find_by_blinds(store, organization_id, std::slice::from_ref(&blind)).await?;
        found.into_values().filter(|id| !actor.hidden.contains(id)).collect()
    } else {
        let page = PageOf {
            channels: &actor.channels,
            hidden: &actor.hidden,
            blocked: query.blocked,
            before: query.cursor,
            limit: limit + 1,
        };
        contacts::page(store, organization_id, page).await?
    };
    let more = ids.len() as u64 > limit;
    ids.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    let next = ids.last().copied().filter(|_| more);
    let mut items = known(services, actor, &ids).await?;
    items.sort_by_key(|contact| std::cmp::Reverse(contact.id));
    let read = (Action::ListContacts, Object::list(ObjectKind::Contact));
    access::record_all(services, actor, &[read]).await?;
    Ok(ContactPage { items, next })
}

/// One customer.
pub async fn get(services: &Services, actor: &Actor, id: ContactId) -> Result<Contact> {
    let contact = reach(services, actor, Permission::ReadTickets, id).await?;
    record(services, actor, Action::ReadContact, id).await?;
    Ok(contact)
}

/// Changes what a customer is called and what is written down about them. What others wrote in
/// channels that the actor does not see stays. Nothing is changed where the actor knew something else
/// than there is.
pub async fn update(
    services: &Services,
    actor: &Actor,
    id: ContactId,
    new: Written,
    known: Option<Written>,
) -> Result<Contact> {
    let seen = reach(services, actor, Permission::WorkOnTickets, id).await?;
    let name = check_name(new.name)?;
    let facts = check_facts(new.facts)?;
    if known.is_some_and(|known| !known.is_of(&seen)) {
        return Err(ServiceError::Stale);
    }
    let store = services.store();
    let organization_id = actor.organization_id;
    let channels = profile::channels(store, organization_id, id).await?;
    let here = home(actor, &channels).ok_or(ServiceError::NotFound)?;
    let all = contacts::find(store, organization_id, id).await?.ok_or(ServiceError::NotFound)?;
    let of_name: NameOf = if name == seen.name {
        let channel = profile::name_channel(store, organization_id, id).await?;
        all.name.clone().zip(channel)
    } else {
        name.map(|name| (name, here))
    };
    let hidden = all.facts.iter().filter(|fact| !actor.reaches(fact.channel_id)).cloned();
    let own = facts.into_iter().map(|new| {
        let known = seen.facts.iter().find(|fact| new.says(fact));
        let channel_id = known.map_or(here, |fact| fact.channel_id);
        Fact { kind: new.kind.as_str().to_owned(), label: new.label, value: new.value, channel_id }
    });
    let facts: Vec<Fact> = hidden.chain(own).collect();
    record(services, actor, Action::ChangeContact, id).await?;
    let tx = store.begin().await?;
    if !profile::set(&tx, organization_id, &all, &of_name, &facts).await? {
        return Err(ServiceError::NotFound);
    }
    tx.commit().await?;
    reach(services, actor, Permission::ReadTickets, id).await
}

/// A customer's mail goes to spam from now on, or no longer. What is there stays where it is.
pub async fn block(
    services: &Services,
    actor: &Actor,
    id: ContactId,
    blocked: bool,
) -> Result<Contact> {
    reach(services, actor, Permission::WorkOnTickets, id).await?;
    let action = if blocked { Action::BlockContact } else { Action::UnblockContact };
    record(services, actor, action, id).await?;
    let store = services.store();
    let tx = store.begin().await?;
    let by = blocked.then(|| (store.now(), actor.membership_id));
    profile::set_blocked(&tx, actor.organization_id, id, by).await?;
    tx.commit().await?;
    reach(services, actor, Permission::ReadTickets, id).await
}

/// Two customers are one: addresses, tickets and what is known of `id` go to `into`. No answer gets
/// another recipient by it. Somebody whose data is held, or who asked for something about it, is
/// not taken up in another.
pub async fn merge(
    services: &Services,
    actor: &Actor,
    id: ContactId,
    into: ContactId,
) -> Result<Contact> {
    if id == into {
        return Err(ServiceError::invalid("into", "choose another customer"));
    }
    let store = services.store();
    let organization_id = actor.organization_id;
    reach(services, actor, Permission::WorkOnTickets, id).await?;
    match reach(services, actor, Permission::WorkOnTickets, into).await {
        Err(ServiceError::NotFound) => {
            return Err(ServiceError::invalid("into", "there is no such customer"));
        }
        other => other?,
    };
    for one in [id, into] {
        // Whoever is known by other mailboxes as well is more than the actor sees.
        let channels = profile::channels(store, organization_id, one).await?;
        if !channels.iter().all(|channel| actor.reaches(*channel)) {
            return Err(ServiceError::conflict(
                "contact_elsewhere",
                "This customer is known in mailboxes that you do not belong to. Somebody who belongs to them can merge.",
            ));
        }
    }
    refuse_kept(services, actor, id).await?;
    let objects =
        [id, into].map(|one| (Action::MergeContacts, Object::new(ObjectKind::Contact, one.0)));
    access::record_all(services, actor, &objects).await?;
    let tx = store.begin().await?;
    let dead =
        profile::merge(&tx, organization_id, id, into).await?.ok_or(ServiceError::NotFound)?;
    dead_keys::order(&tx, &[dead]).await?;
    tx.commit().await?;
    dead_keys::destroy(services, &[dead]).await?;
    reach(services, actor, Permission::ReadTickets, into).await
}

async fn refuse_kept(services: &Services, actor: &Actor, id: ContactId) -> Result<()> {
    let store = services.store();
    let organization_id = actor.organization_id;
    let lasting = holds::lasting(store, organization_id).await?;
    let whole = contacts::find(store, organization_id, id).await?.ok_or(ServiceError::NotFound)?;
    let key = keys::of_organization(store, organization_id).await?;
    let blinds: Vec<Vec<u8>> = whole
        .identities
        .iter()
        .map(|(_, address)| contacts::address_blind(&key, address))
        .collect();
    let is_held = lasting.iter().any(|hold| hold.subject_id == id.0);
    if is_held || !person_marks::of(store, organization_id, &blinds).await?.is_empty() {
        return Err(ServiceError::conflict(
            "contact_kept",
            "This customer's data is under a hold or a request of theirs. Merge the other one into it instead.",
        ));
    }
    Ok(())
}

/// The customers as the actor may know them: by their channels. One who is known by none of them is
/// left out.
pub(super) async fn known(
    services: &Services,
    actor: &Actor,
    ids: &[ContactId],
) -> Result<Vec<Contact>> {
    if actor.channels.is_empty() {
        return Ok(Vec::new());
    }
    let store = services.store();
    let mut found = contacts::list_many(store, actor.organization_id, ids, &actor.channels).await?;
    found.retain(|contact| !contact.identities.is_empty());
    let ids: Vec<ContactId> = found.iter().map(|contact| contact.id).collect();
    let seen = contacts::seen(store, actor.organization_id, &ids, &actor.channels).await?;
    for contact in &mut found {
        let Some((first, last)) = seen.get(&contact.id).copied() else { continue };
        // An import makes today what was first seen years ago.
        contact.created_at = contact.created_at.min(first);
        contact.last_message_at = Some(last);
    }
    Ok(found)
}

async fn reach(
    services: &Services,
    actor: &Actor,
    permission: Permission,
    id: ContactId,
) -> Result<Contact> {
    services.scope(actor, permission)?;
    if actor.hidden.contains(&id) {
        return Err(ServiceError::NotFound);
    }
    known(services, actor, &[id]).await?.pop().ok_or(ServiceError::NotFound)
}

/// The channel that what the actor writes down belongs to.
fn home(actor: &Actor, channels: &[ChannelId]) -> Option<ChannelId> {
    channels.iter().copied().find(|channel| actor.reaches(*channel))
}

async fn record(services: &Services, actor: &Actor, action: Action, id: ContactId) -> Result<()> {
    let object = Object::new(ObjectKind::Contact, id.0);
    access::record_all(services, actor, &[(action, object)]).await
}

fn check_name(name: Option<String>) -> Result<Option<String>> {
    let name = name.map(|name| name.trim().to_owned()).filter(|name| !name.is_empty());
    match name {
        Some(name) if !is_line(&name) => {
            Err(ServiceError::invalid("name", "give a name of 1 to 200 characters"))
        }
        name => Ok(name),
    }
}

fn check_facts(facts: Vec<NewFact>) -> Result<Vec<NewFact>> {
    if facts.len() > MOST_FACTS {
        return Err(ServiceError::invalid("facts", "at most 50 things are written down"));
    }
    facts
        .into_iter()
        .map(|fact| {
            let value = fact.value.trim().to_owned();
            let label = fact.label.map(|label| label.trim().to_owned());
            let fits = match fact.kind {
                FactKind::Note => !value.is_empty() && value.chars().count() <= LONGEST_NOTE,
                FactKind::Phone | FactKind::Company => is_line(&value),
                FactKind::Field => is_line(&value) && label.as_deref().is_some_and(is_line),
            };
            let label = label.filter(|_| fact.kind == FactKind::Field);
            if fits {
                Ok(NewFact { kind: fact.kind, label, value })
            } else {
                Err(ServiceError::invalid(
                    "facts",
                    "write 1 to 200 characters on one line; a note has at most 10,000",
                ))
            }
        })
        .collect()
}

fn is_line(text: &str) -> bool {
    (1..=LONGEST).contains(&text.chars().count()) && !text.chars().any(char::is_control)
}
