//! From a query as it was read to one in which every name has been looked up.

use std::collections::HashSet;

use chrono::NaiveDate;

use crate::authz::Actor;
use crate::domain::ids::{ChannelId, MembershipId, TagId, TeamId};
use crate::domain::words::{Priority, Status};
use crate::search::find::{Clause, Place};
use crate::search::language::{Forms, fold};
use crate::search::query::{self, Assignee, Days, Filter, Has, Is, Node, Prefix, Query, Text};
use crate::search::table::{Kind, Times};
use crate::service::names::Names;
use crate::service::tickets::start_of;
use crate::service::{Result, Services};
use crate::store::tickets::{self, Filter as Stored};
use crate::store::{Scope, keys, mailboxes, tags};

/// Where the names and addresses of customers are.
pub(super) const SENDER: Place = Place::Sender;

/// Tickets that are listed by their ids, for what only the database knows.
const LISTED: u64 = 50_000;

/// Who asks.
pub(super) struct Resolver<'a> {
    pub(super) services: &'a Services,
    pub(super) actor: &'a Actor,
    pub(super) scope: &'a Scope,
    pub(super) names: &'a Names,
    pub(super) zone: chrono_tz::Tz,
}

/// A word at a place.
pub(super) fn word(text: &str, place: Place, prefix: Prefix) -> Clause {
    Clause::Word { forms: Box::new(Forms::of(text)), place, is_begun: prefix != Prefix::No }
}

impl Resolver<'_> {
    /// All of it.
    pub(super) async fn resolve(&self, query: &Query) -> Result<Clause> {
        let (words, others): (Vec<Node>, Vec<Node>) =
            query.nodes.iter().cloned().partition(is_text);
        let mut all = self.each(&others).await?;
        if !words.is_empty() {
            all.push(Clause::Words(self.each(&words).await?));
        }
        Ok(Clause::All(all))
    }

    async fn each(&self, nodes: &[Node]) -> Result<Vec<Clause>> {
        let mut all = Vec::with_capacity(nodes.len());
        for node in nodes {
            all.push(Box::pin(self.node(node)).await?);
        }
        Ok(all)
    }

    async fn node(&self, node: &Node) -> Result<Clause> {
        Ok(match node {
            Node::All(nodes) => Clause::All(self.each(nodes).await?),
            Node::Any(nodes) => Clause::Any(self.each(nodes).await?),
            Node::Not(node) => Clause::Not(Box::new(Box::pin(self.node(node)).await?)),
            Node::Word(one) => with_number(one.text.as_str(), one.prefix),
            Node::Phrase(phrase) => {
                Clause::Phrase { text: phrase.text.clone(), place: Place::Anywhere }
            }
            Node::Code { text, words } => {
                let each = words.iter().map(|one| word(&one.text, Place::Anywhere, one.prefix));
                Clause::Any(vec![
                    word(text, Place::Anywhere, Prefix::No),
                    Clause::All(each.collect()),
                ])
            }
            Node::In(place, text) => {
                let place = placed(*place);
                match text {
                    Text::Word(one) => word(&one.text, place, one.prefix),
                    Text::Phrase(phrase) => Clause::Phrase { text: phrase.text.clone(), place },
                }
            }
            Node::Filter(filter) => self.filter(filter).await?,
        })
    }

    async fn filter(&self, filter: &Filter) -> Result<Clause> {
        Ok(match filter {
            Filter::Is(is) => self.is(*is).await?,
            Filter::Tag(name) => self.tagged(Some(name)).await?,
            Filter::Mailbox(name) => self.mailbox(name).await?,
            Filter::Has(Has::Attachment) => state(|kind| kind.has_attachment),
            Filter::Has(Has::Note) => Clause::Some(Place::Note),
            Filter::Has(Has::Tag) => self.tagged(None).await?,
            Filter::Before(days) => {
                let (from, _) = self.range(*days);
                span(move |times| times.first < from)
            }
            Filter::After(days) => {
                let (from, _) = self.range(*days);
                span(move |times| times.last >= from)
            }
            Filter::On(days) => {
                let (from, to) = self.range(*days);
                span(move |times| times.first < to && times.last >= from)
            }
            Filter::Assignee(Assignee::Me) => {
                let own = Some(self.actor.membership_id);
                state(move |kind| kind.assignee == own)
            }
            Filter::Assignee(Assignee::None) => state(|kind| kind.assignee.is_none()),
            Filter::Assignee(Assignee::Named(name)) => {
                let fits = fits(name);
                let who: HashSet<MembershipId> = self.names.members_that(&fits);
                state(move |kind| kind.assignee.is_some_and(|id| who.contains(&id)))
            }
            Filter::Team(name) => {
                let fits = fits(name);
                let teams: HashSet<TeamId> = self.names.teams_that(&fits);
                state(move |kind| kind.team.is_some_and(|id| teams.contains(&id)))
            }
            Filter::Priority(name) => {
                let wanted = name.parse::<Priority>().ok();
                state(move |kind| Some(kind.priority) == wanted)
            }
            Filter::Contact(name) => Clause::Any(vec![
                word(name, Place::Sender, Prefix::No),
                word(name, Place::Recipient, Prefix::No),
            ]),
            Filter::Number(number) => {
                u64::try_from(*number).map_or_else(|_| state(|_| false), Clause::Number)
            }
        })
    }

    async fn is(&self, is: Is) -> Result<Clause> {
        let status = |status: Status| state(move |kind| kind.status == status);
        Ok(match is {
            Is::Open => status(Status::Open),
            Is::Pending => status(Status::Pending),
            Is::OnHold => status(Status::OnHold),
            Is::Closed => status(Status::Closed),
            Is::Spam => status(Status::Spam),
            Is::Trash => status(Status::Trash),
            Is::Snoozed => state(|kind| kind.is_snoozed),
            Is::Unassigned => state(|kind| kind.assignee.is_none()),
            Is::Waiting => state(|kind| kind.is_waiting),
            Is::Unread => {
                let filter =
                    Stored { unread_by: Some(self.actor.membership_id), ..Stored::default() };
                let store = self.services.store();
                let ids = tickets::list_ids(store, self.scope, &filter, LISTED).await?;
                Clause::Tickets(ids.into_iter().collect())
            }
        })
    }

    /// Tickets with a tag of this name, or with any.
    async fn tagged(&self, name: Option<&str>) -> Result<Clause> {
        let (store, organization_id) = (self.services.store(), self.actor.organization_id);
        let key = keys::of_organization(store, organization_id).await?;
        let all = tags::list(store, &key, organization_id).await?;
        let fits = fits(name.unwrap_or_default());
        let exact = name.map(fold_all);
        // The tag itself, if there is one; otherwise whatever has the words in its name.
        let mut ids: Vec<TagId> = all
            .iter()
            .filter(|tag| exact.as_ref().is_none_or(|exact| fold_all(&tag.name) == *exact))
            .map(|tag| tag.id)
            .collect();
        if ids.is_empty() {
            ids = all.iter().filter(|tag| fits(&tag.name)).map(|tag| tag.id).collect();
        }
        let tickets = tags::tickets_with(store, organization_id, &ids).await?;
        Ok(Clause::Tickets(tickets.into_iter().collect()))
    }

    async fn mailbox(&self, name: &str) -> Result<Clause> {
        let (store, organization_id) = (self.services.store(), self.actor.organization_id);
        let fits = fits(name);
        let mut all = mailboxes::list(store, organization_id).await?;
        all.extend(mailboxes::list_disconnected(store, organization_id).await?);
        let channels: HashSet<ChannelId> = all
            .iter()
            .filter(|mailbox| fits(&mailbox.display_name) || fits(&mailbox.address))
            .map(|mailbox| mailbox.channel_id)
            .collect();
        Ok(state(move |kind| channels.contains(&kind.channel)))
    }

    /// The first moment of the days and the first one after them.
    fn range(&self, days: Days) -> (i64, i64) {
        let today = self.services.store().now().with_timezone(&self.zone).date_naive();
        let (from, to) = days.range(today);
        (self.begins(from, i64::MIN), self.begins(to, i64::MAX))
    }

    fn begins(&self, day: NaiveDate, otherwise: i64) -> i64 {
        start_of(day, self.zone.name()).map_or(otherwise, |at| at.timestamp_millis())
    }
}

/// A number may be a ticket's own.
fn with_number(text: &str, prefix: Prefix) -> Clause {
    let found = word(text, Place::Anywhere, prefix);
    let digits = text.strip_prefix('#').unwrap_or(text);
    match digits.parse::<u64>() {
        Ok(number) if digits.len() < 10 => Clause::Any(vec![Clause::Number(number), found]),
        _ => found,
    }
}

fn state(fits: impl Fn(&Kind) -> bool + Send + Sync + 'static) -> Clause {
    Clause::State(Box::new(fits))
}

fn span(fits: impl Fn(&Times) -> bool + Send + Sync + 'static) -> Clause {
    Clause::Span(Box::new(fits))
}

fn placed(place: query::Place) -> Place {
    match place {
        query::Place::From => Place::Sender,
        query::Place::To => Place::Recipient,
        query::Place::Subject => Place::Subject,
        query::Place::Body => Place::Body,
        query::Place::Note => Place::Note,
        query::Place::File => Place::File,
    }
}

/// Whether it is something that a text says.
fn is_text(node: &Node) -> bool {
    matches!(node, Node::Word(_) | Node::Phrase(_) | Node::Code { .. } | Node::In(..))
}

/// Whether spam or trash is asked for: otherwise it is left out.
pub(super) fn asks_for_thrown_away(query: &Query) -> bool {
    query.nodes.iter().any(asks_for_it)
}

fn asks_for_it(node: &Node) -> bool {
    match node {
        Node::All(nodes) | Node::Any(nodes) => nodes.iter().any(asks_for_it),
        Node::Filter(Filter::Is(Is::Spam | Is::Trash) | Filter::Number(_)) => true,
        _ => false,
    }
}

/// Whether a name has all words that were asked for, each as the beginning of one of its own.
pub(super) fn fits(asked: &str) -> impl Fn(&str) -> bool + use<> {
    let wanted: Vec<String> = words(asked).collect();
    move |name: &str| {
        let own: Vec<String> = words(name).collect();
        wanted.iter().all(|wanted| own.iter().any(|own| own.starts_with(wanted)))
    }
}

fn words(text: &str) -> impl Iterator<Item = String> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(fold)
}

fn fold_all(text: &str) -> String {
    words(text).collect::<Vec<_>>().join(" ")
}
