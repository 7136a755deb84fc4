//! Customers who are found by what colleagues wrote down about them: signatures in memory say who may be meant, and
//! those are opened as the actor may see them.

use std::collections::HashSet;

use super::engine::Library;
use crate::authz::Actor;
use crate::domain::ids::{ContactId, OrganizationId};
use crate::search::language::Forms;
use crate::search::people::{Asked, Known, Sought};
use crate::search::query::{Node, Place, Prefix, Query, Text};
use crate::service::contacts::{Contact, FactKind};
use crate::service::{Result, Services};
use crate::store::contacts;

/// Customers that are opened at once.
const PAGE: usize = 500;

/// Customers that are opened to answer one question.
const OPENED: usize = 100;

/// Reads all of an organization's customers that a colleague has written something down about.
pub(super) async fn load(
    services: &Services,
    organization_id: OrganizationId,
    library: &Library,
) -> Result<()> {
    let ids = contacts::edited(services.store(), organization_id).await?;
    for page in ids.chunks(PAGE) {
        refresh(services, organization_id, library, page).await?;
    }
    let known: HashSet<ContactId> = ids.into_iter().collect();
    library.people_mut().retain(|id| known.contains(&id));
    Ok(())
}

/// Reads these customers as they are now.
pub(super) async fn refresh(
    services: &Services,
    organization_id: OrganizationId,
    library: &Library,
    ids: &[ContactId],
) -> Result<()> {
    if ids.is_empty() {
        return Ok(());
    }
    let store = services.store();
    let found = contacts::list_many(store, organization_id, ids, &[]).await?;
    let mut channels = contacts::channels_of(store, organization_id, ids).await?;
    let mut people = library.people_mut();
    for id in ids {
        if !found.iter().any(|contact| contact.id == *id) {
            people.remove(*id);
        }
    }
    for contact in &found {
        let channels = channels.remove(&contact.id).unwrap_or_default();
        people.put(contact.id, channels, &texts(contact));
    }
    Ok(())
}

/// Those who may be meant, among those whom the actor may know.
pub(super) fn candidates(library: &Library, actor: &Actor, asked: &Asked) -> Vec<ContactId> {
    let mut found = library.people().candidates(asked, |id| actor.reaches(id), OPENED);
    found.retain(|id| !actor.hidden.contains(id));
    found
}

/// Whether what was asked for is in what is known of a customer.
pub(super) fn says(contact: &Contact, asked: &Asked) -> bool {
    asked.is_in(&texts(contact))
}

/// The words of a query, unless they are asked for at a place that customers are not at.
pub(super) fn asked(query: &Query) -> Option<Asked> {
    let mut elsewhere = query.wanted().into_iter().filter_map(|wanted| wanted.place);
    if elsewhere.any(|place| place != Place::From) {
        return None;
    }
    let all: Vec<Asked> = query.nodes.iter().filter_map(of_node).collect();
    (!all.is_empty()).then_some(Asked::All(all))
}

fn of_node(node: &Node) -> Option<Asked> {
    let word = |text: &str, prefix| {
        let forms = Forms::of(text);
        (!forms.is_empty()).then(|| Asked::Word(Sought::new(forms, prefix != Prefix::No)))
    };
    let each = |nodes: &[Node]| {
        let found: Vec<Asked> = nodes.iter().filter_map(of_node).collect();
        (!found.is_empty()).then_some(found)
    };
    match node {
        Node::All(nodes) => each(nodes).map(Asked::All),
        Node::Any(nodes) => each(nodes).map(Asked::Any),
        Node::Not(_) | Node::Filter(_) => None,
        Node::Word(one) | Node::In(_, Text::Word(one)) => word(&one.text, one.prefix),
        Node::Phrase(phrase) | Node::In(_, Text::Phrase(phrase)) => {
            word(&phrase.text, phrase.prefix)
        }
        Node::Code { text, words } => {
            let words = words.iter().filter_map(|one| word(&one.text, one.prefix)).collect();
            let either = word(text, Prefix::No).into_iter().chain([Asked::All(words)]);
            Some(Asked::Any(either.collect()))
        }
    }
}

fn texts(contact: &Contact) -> Vec<Known<'_>> {
    let line = |text| Known { text, is_prose: false };
    let mut texts: Vec<Known<'_>> = contact.name.as_deref().map(line).into_iter().collect();
    texts.extend(contact.identities.iter().map(|(_, value)| line(value.as_str())));
    for fact in &contact.facts {
        texts.extend(fact.label.as_deref().map(line));
        let is_prose = fact.kind == FactKind::Note.as_str();
        texts.push(Known { text: &fact.value, is_prose });
    }
    texts
}
