//! Answers what somebody asks.
//!
//! In order: the text is read ([`query::parse`]); names in it are looked up ([`super::resolve`]); on a thread that may
//! block, the indexes that the actor's tickets are in are searched, and whatever the actor may not read is left out
//! before anything is counted; the tickets of the page are opened as a list opens them, and the messages that were found
//! as a conversation does, so that what was deleted a moment ago is not shown although the index still knows it; the
//! audit log is told that there was a search, and none of its words.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use chrono::{DateTime, Datelike as _, TimeZone as _, Utc};

use super::engine::{Library, Shelf};
use super::reconcile::blocking;
use super::resolve::{Resolver, asks_for_thrown_away};
use crate::audit::{Action, ObjectKind};
use crate::authz::{Actor, Permission};
use crate::domain::ids::{ChannelId, ContactId, MembershipId, MessageId, TicketId};
use crate::domain::words::{MessageKind, Status};
use crate::search::find::{Clause, Counts, Kept, Order, Search, Year};
use crate::search::index::{Entry, language_of, stamp};
use crate::search::language::{Forms, Language, Languages, Marks, Snippet, mark};
use crate::search::people;
use crate::search::query::{self, Mode, Prefix, Query};
use crate::search::table::Sight;
use crate::service::access::Object;
use crate::service::contacts::{self, Contact};
use crate::service::names::Names;
use crate::service::saved_replies::{self, ListQuery};
use crate::service::tickets::{Summary, summarize_with};
use crate::service::{Result, ServiceError, Services, access, quotes};
use crate::store::messages::found::{self, Found as Message};
use crate::store::saved_replies::SavedReply;
use crate::store::{Scope, mailboxes, messages, search_indexes, tickets};

/// Tickets of a page, at most and otherwise.
const MAX_LIMIT: u64 = 50;
const DEFAULT_LIMIT: u64 = 20;

/// Nobody reads further.
const FARTHEST: usize = 10_000;

/// Characters of a snippet.
const SNIPPET: usize = 180;

/// Customers and saved replies beside the tickets.
const BESIDE: usize = 5;

/// Tickets among whose customers is looked for those who are meant.
const CUSTOMERS: usize = 40;

/// What is asked.
#[derive(Debug, Clone, Default)]
pub struct Question {
    /// As it was typed.
    pub text: String,
    /// Whether the last word may go on.
    pub typing: bool,
    /// In which order.
    pub order: Order,
    /// Where the page begins.
    pub cursor: Option<String>,
    /// How many.
    pub limit: Option<u64>,
}

/// A ticket that was found.
#[derive(Debug, Clone)]
pub struct Hit {
    /// The ticket, as the list shows it.
    pub summary: Summary,
    /// The message that fits best; nothing where only its state was asked for.
    pub message_id: Option<MessageId>,
    /// What of it was found.
    pub snippet: Snippet,
    /// The subject, with what was found in it.
    pub subject: Snippet,
    /// Whether it is a note.
    pub in_note: bool,
}

/// How many there are of each, with the names.
#[derive(Debug, Clone, Default)]
pub struct Facets {
    /// All.
    pub all: u64,
    /// By status.
    pub status: Vec<(Status, u64)>,
    /// By home.
    pub mailbox: Vec<(ChannelId, String, u64)>,
    /// By year.
    pub year: Vec<(i32, u64)>,
    /// By who works on it.
    pub assignee: Vec<(Option<MembershipId>, Option<String>, u64)>,
}

/// What was found.
#[derive(Debug, Clone, Default)]
pub struct Answer {
    /// A page of tickets.
    pub hits: Vec<Hit>,
    /// Where the next page begins.
    pub next_cursor: Option<String>,
    /// How many there are.
    pub facets: Facets,
    /// Whether nothing was left out for want of time.
    pub is_complete: bool,
    /// Customers who are meant.
    pub contacts: Vec<Contact>,
    /// Saved replies with the words.
    pub saved_replies: Vec<SavedReply>,
    /// Messages that are indexed, of how many, while indexes are being built.
    pub indexing: Option<(u64, u64)>,
}

/// Whether a text asks for anything; one that is wrong is refused as [`ask`] does.
pub fn asks_something(text: &str) -> Result<bool> {
    let query = query::parse(text, Mode::Done).map_err(ServiceError::Query)?;
    Ok(!query.is_empty())
}

/// Searches the actor's tickets.
pub async fn ask(services: &Services, actor: &Actor, question: Question) -> Result<Answer> {
    let scope = services.scope(actor, Permission::ReadTickets)?;
    let taken = if question.typing { Mode::Typing } else { Mode::Done };
    let query = query::parse(&question.text, taken).map_err(ServiceError::Query)?;
    let skip = cursor(question.cursor.as_deref())?;
    let limit = question.limit.unwrap_or(DEFAULT_LIMIT).clamp(1, MAX_LIMIT);
    let page = (skip, usize::try_from(limit).unwrap_or(20));
    let searched = (Action::Search, Object::list(ObjectKind::Ticket));
    // It is written while the search goes on, and nothing is told before it is.
    let recorded = access::record_all(services, actor, std::slice::from_ref(&searched));
    if query.is_empty() {
        recorded.await?;
        return Ok(Answer { is_complete: true, ..Answer::default() });
    }
    let library = services.search().library(actor.organization_id);
    if !library.is_loaded() {
        return Err(ServiceError::SearchUnavailable);
    }
    let names = Names::load(services, actor.organization_id).await?;
    let zone: chrono_tz::Tz = names.time_zone().parse().unwrap_or(chrono_tz::UTC);
    let resolver = Resolver { services, actor, scope: &scope, names: &names, zone };
    let clause = resolver.resolve(&query).await?;
    let people = (skip == 0 && query.has_words()).then(|| people_of(&query)).flatten();
    let of = Asked {
        library: Arc::clone(&library),
        shelves: shelves(services, actor, &library).await?,
        scope: scope.clone(),
        kept: services.search().kept().clone(),
        hidden: hidden_messages(services, &scope).await?,
        thrown_away: asks_for_thrown_away(&query),
    };
    let now = services.store().now();
    let order = if query.has_words() || question.order != Order::Best {
        question.order
    } else {
        Order::Newest
    };
    let found = async {
        let room = services.search().room().await;
        blocking(move || {
            let found = of.find(&clause, people.as_ref(), order, page, (now, zone));
            drop(room);
            found
        })
        .await
    };
    let (recorded, found) = tokio::join!(recorded, found);
    recorded?;
    let found = match found? {
        Ok(found) => found,
        Err(error) => {
            tracing::warn!(
                error = &error as &dyn std::error::Error,
                "an index could not be searched"
            );
            return Err(ServiceError::SearchUnavailable);
        }
    };
    let marks = marks_of(&query, &found.spelled);
    let next = skip + page.1;
    let has_more = found.counts.all > next as u64 && next < FARTHEST;
    let mut meant = found.customers;
    let written = if skip == 0 { super::people::asked(&query) } else { None };
    if let Some(asked) = &written {
        meant.extend(super::people::candidates(&library, actor, asked));
    }
    // None of these waits for another.
    let (contacts, hits, saved_replies, indexing) = tokio::try_join!(
        Box::pin(customers(services, actor, (&query, written.as_ref()), meant)),
        Box::pin(open(services, actor, (&scope, &names), &marks, found.places)),
        async { if skip == 0 { replies(services, actor, &query).await } else { Ok(Vec::new()) } },
        indexing(services, &scope),
    )?;
    Ok(Answer {
        hits,
        next_cursor: has_more.then(|| next.to_string()),
        facets: facets(found.counts, &names),
        is_complete: !found.is_cut,
        contacts,
        saved_replies,
        indexing,
    })
}

fn cursor(text: Option<&str>) -> Result<usize> {
    let Some(text) = text else { return Ok(0) };
    text.parse().ok().filter(|skip| *skip <= FARTHEST).ok_or_else(|| {
        ServiceError::invalid("cursor", "Pass on next_cursor of the page before, unchanged.")
    })
}

/// The indexes that messages of the actor's tickets are in.
async fn shelves(services: &Services, actor: &Actor, library: &Library) -> Result<Vec<Shelf>> {
    let mut channels: HashSet<ChannelId> = actor.channels.iter().copied().collect();
    let others = library.others(&actor.channels);
    if !others.is_empty() {
        // What came by a channel that is disconnected is open only to those who belong to it.
        let store = services.store();
        let gone = mailboxes::list_disconnected(store, actor.organization_id).await?;
        let gone: HashSet<ChannelId> = gone.iter().map(|mailbox| mailbox.channel_id).collect();
        channels.extend(others.difference(&gone));
    }
    Ok(channels.into_iter().filter_map(|id| library.shelf(id)).collect())
}

/// The messages of customers whose data is restricted.
async fn hidden_messages(services: &Services, scope: &Scope) -> Result<Option<HashSet<MessageId>>> {
    if scope.hidden().is_empty() {
        return Ok(None);
    }
    let store = services.store();
    let ids = messages::ids_of_contacts(store, scope.organization_id(), scope.hidden()).await?;
    Ok(Some(ids.into_iter().collect()))
}

/// What a search needs on the thread that it runs on.
struct Asked {
    library: Arc<Library>,
    shelves: Vec<Shelf>,
    scope: Scope,
    kept: Kept,
    hidden: Option<HashSet<MessageId>>,
    /// Whether spam and trash are looked through as well.
    thrown_away: bool,
}

/// What it brought.
#[derive(Default)]
struct Found {
    places: Vec<(TicketId, Option<Entry>)>,
    counts: Counts,
    customers: Vec<ContactId>,
    spelled: Vec<String>,
    is_cut: bool,
}

impl Asked {
    fn find(
        &self,
        clause: &Clause,
        people: Option<&Clause>,
        order: Order,
        page: (usize, usize),
        (now, zone): (DateTime<Utc>, chrono_tz::Tz),
    ) -> crate::search::index::Result<Found> {
        let table = self.library.table();
        let views = self.shelves.iter().map(|shelf| shelf.index.view());
        let views = views.collect::<crate::search::index::Result<Vec<_>>>()?;
        let sight = Sight {
            reaches: &|channel| self.scope.reaches(channel),
            shows: &|status| self.thrown_away || !status.is_thrown_away(),
            hidden: self.scope.hidden(),
        };
        let mut search = Search::new(&table, &views, &sight, Some(&self.kept));
        if let Some(hidden) = &self.hidden {
            search.without(hidden.iter().map(|id| id.0));
        }
        let set = search.find(clause)?;
        let years = Years::until(now, zone);
        let now = now.timestamp_millis();
        let ranked = search.rank(&set, order, page, now, &|at| years.of(at));
        let mut found = Found { counts: ranked.counts, ..Found::default() };
        let best = search.best_messages(&ranked.places)?;
        let rows = ranked.places.iter().map(|place| table.row(*place));
        found.places = rows.zip(best).filter_map(|(row, best)| Some((row?.id, best))).collect();
        found.spelled = search.spelled();
        if let Some(people) = people {
            let set = search.find(people)?;
            let newest = search.newest(&set, CUSTOMERS);
            for row in newest.iter().filter_map(|place| table.row(*place)) {
                if let Some(contact) = row.contact.filter(|id| !found.customers.contains(id)) {
                    found.customers.push(contact);
                }
            }
        }
        found.is_cut = search.is_cut();
        Ok(found)
    }
}

/// When each year begins, up to the one after this one.
struct Years(Vec<(i64, i32)>);

impl Years {
    fn until(now: DateTime<Utc>, zone: chrono_tz::Tz) -> Self {
        let last = now.with_timezone(&zone).year() + 1;
        let begin = |year| zone.with_ymd_and_hms(year, 1, 1, 0, 0, 0).earliest();
        let begins = (1970..=last).filter_map(|year| Some((begin(year)?.timestamp_millis(), year)));
        Self(begins.collect())
    }

    /// What is older than all is of the first, what is newer of the last.
    fn of(&self, at: i64) -> Year {
        let after = self.0.partition_point(|(begin, _)| *begin <= at).max(1);
        let begins = |place: usize| self.0.get(place).map(|(begin, _)| *begin);
        Year {
            number: self.0.get(after - 1).map_or(1970, |(_, year)| *year),
            from: begins(after - 1).filter(|_| after > 1).unwrap_or(i64::MIN),
            to: begins(after).unwrap_or(i64::MAX),
        }
    }
}

/// The words, as names or addresses of customers.
fn people_of(query: &Query) -> Option<Clause> {
    let words: Vec<Clause> = query
        .wanted()
        .into_iter()
        .filter(|wanted| wanted.place.is_none_or(|place| place == query::Place::From))
        .map(|wanted| super::resolve::word(wanted.text, super::resolve::SENDER, wanted.prefix))
        .collect();
    (!words.is_empty()).then_some(Clause::All(words))
}

fn marks_of(query: &Query, spelled: &[String]) -> Marks {
    let mut marks = Marks::new();
    for wanted in query.wanted() {
        marks.add(&Forms::of(wanted.text), wanted.prefix != Prefix::No);
    }
    marks.also(spelled.iter().cloned());
    marks
}

/// Opens the tickets of the page and what was found in them, in their order.
async fn open(
    services: &Services,
    actor: &Actor,
    (scope, names): (&Scope, &Names),
    marks: &Marks,
    places: Vec<(TicketId, Option<Entry>)>,
) -> Result<Vec<Hit>> {
    let store = services.store();
    let ids: Vec<TicketId> = places.iter().map(|(id, _)| *id).collect();
    let wanted: Vec<MessageId> =
        places.iter().filter_map(|(_, best)| best.map(|best| MessageId(best.id))).collect();
    let summaries = async {
        let opened = tickets::find_many(store, scope, &ids).await?;
        summarize_with(services, actor, names, opened).await
    };
    let read = async { Ok(found::list(store, scope, &wanted).await?) };
    let (summaries, mut read) = tokio::try_join!(summaries, read)?;
    let mut summaries: HashMap<TicketId, Summary> =
        summaries.into_iter().map(|summary| (summary.ticket.id, summary)).collect();
    let tickets = read.iter().map(|message| message.ticket_id);
    let quoting =
        quotes::tickets_of(services, actor.organization_id, &actor.hidden, tickets).await?;
    for message in read.iter_mut().filter(|message| quoting.contains(&message.ticket_id)) {
        message.forget_quoted();
    }
    let read: HashMap<MessageId, Message> =
        read.into_iter().map(|message| (message.id, message)).collect();
    let mut hits = Vec::with_capacity(places.len());
    for (id, best) in places {
        // One that went up in another a moment ago is found there in a moment.
        let summary = summaries.remove(&id);
        let Some(summary) = summary.filter(|found| found.ticket.state.merged_into_id.is_none())
        else {
            continue;
        };
        let message = match best {
            None => None,
            Some(best) => match read.get(&MessageId(best.id)) {
                Some(message) if stamp(best.ticket, message.key_id) == best.stamp => Some(message),
                // It was deleted, or something was taken out of it, a moment ago.
                _ => continue,
            },
        };
        hits.push(hit(summary, message, marks, services.search().languages())?);
    }
    Ok(hits)
}

fn hit(
    summary: Summary,
    message: Option<&Message>,
    marks: &Marks,
    languages: &Languages,
) -> Result<Hit> {
    let title = &summary.ticket.subject;
    // Without words there is nothing to be marked in any language.
    let known = |subject: &str, text: &str| {
        if marks.is_empty() {
            return Language::Other;
        }
        languages.of([subject, text], || language_of(subject, text))
    };
    let (language, snippet) = if let Some(message) = message {
        let language = known(&message.subject, &message.text);
        let own = mark(&message.text, language, marks, SNIPPET);
        let quoted = if own.distinct == 0 { message.quoted()? } else { None };
        let quoted = quoted.map(|quoted| mark(&quoted, language, marks, SNIPPET));
        (language, quoted.filter(|quoted| quoted.distinct > 0).unwrap_or(own))
    } else {
        let language = known(title, &summary.ticket.snippet);
        (language, mark(&summary.ticket.snippet, language, &Marks::new(), SNIPPET))
    };
    Ok(Hit {
        message_id: message.map(|message| message.id),
        subject: mark(title, language, marks, usize::MAX),
        in_note: message.is_some_and(|message| message.kind == MessageKind::Note),
        snippet,
        summary,
    })
}

/// Those of these customers whose name or address was asked for.
async fn customers(
    services: &Services,
    actor: &Actor,
    (query, written): (&Query, Option<&people::Asked>),
    ids: Vec<ContactId>,
) -> Result<Vec<Contact>> {
    let marks = marks_of(query, &[]);
    let words = query.wanted().len();
    let distinct = |text: &str| mark(text, Language::Other, &marks, usize::MAX).distinct;
    let is_meant = |contact: &Contact| {
        let mut all = contact.name.clone().unwrap_or_default();
        for (_, value) in &contact.identities {
            all.push(' ');
            all.push_str(value);
        }
        distinct(&all) >= words || written.is_some_and(|asked| super::people::says(contact, asked))
    };
    let place = |contact: &Contact| ids.iter().position(|id| *id == contact.id);
    let mut found = Vec::new();
    // Whoever is meant is mostly among the first: the others are not opened then.
    let (first, others) = ids.split_at(ids.len().min(2 * BESIDE));
    for some in [first, others] {
        if some.is_empty() || found.len() >= BESIDE {
            break;
        }
        let mut known = contacts::known(services, actor, some).await?;
        known.retain(is_meant);
        known.sort_by_key(place);
        found.extend(known);
    }
    found.truncate(BESIDE);
    for contact in &mut found {
        // Of several addresses the one that was asked for comes first.
        contact.identities.sort_by_cached_key(|(_, value)| std::cmp::Reverse(distinct(value)));
    }
    Ok(found)
}

async fn replies(services: &Services, actor: &Actor, query: &Query) -> Result<Vec<SavedReply>> {
    if !actor.may(Permission::WorkOnTickets) {
        return Ok(Vec::new());
    }
    let wanted = query.wanted();
    if wanted.is_empty() || wanted.iter().any(|wanted| wanted.place.is_some()) {
        return Ok(Vec::new());
    }
    let find: Vec<&str> = wanted.iter().map(|wanted| wanted.text).collect();
    let asked = ListQuery {
        find: Some(find.join(" ")),
        limit: Some(BESIDE as u64),
        ..ListQuery::default()
    };
    Ok(saved_replies::list(services, actor, asked).await?.items)
}

fn facets(counts: Counts, names: &Names) -> Facets {
    let mut status: Vec<_> = counts.status.into_iter().collect();
    status.sort_by_key(|(word, count)| (std::cmp::Reverse(*count), word.as_str()));
    let mut mailbox: Vec<_> =
        counts.channel.into_iter().map(|(id, count)| (id, names.channel(id), count)).collect();
    mailbox.sort_by_key(|(id, _, count)| (std::cmp::Reverse(*count), *id));
    let mut year: Vec<_> = counts.year.into_iter().collect();
    year.sort_by_key(|(year, _)| std::cmp::Reverse(*year));
    let called = |id: Option<MembershipId>| id.and_then(|id| names.member(id));
    let mut assignee: Vec<_> =
        counts.assignee.into_iter().map(|(id, count)| (id, called(id), count)).collect();
    assignee.sort_by_key(|(id, _, count)| (std::cmp::Reverse(*count), *id));
    Facets { all: counts.all, status, mailbox, year, assignee }
}

/// How far the indexes of the actor's channels are that are being built.
async fn indexing(services: &Services, scope: &Scope) -> Result<Option<(u64, u64)>> {
    if services.search().is_complete() {
        return Ok(None);
    }
    let Some(instance) = services.search().instance().map_err(ServiceError::internal)? else {
        return Ok(None);
    };
    let rows = search_indexes::list(services.store(), instance).await?;
    let own = rows
        .iter()
        .filter(|row| row.organization_id == scope.organization_id())
        .filter(|row| !row.is_ready && scope.reaches(row.channel_id));
    Ok(own.map(|row| row.progress).reduce(|all, one| (all.0 + one.0, all.1 + one.1)))
}
