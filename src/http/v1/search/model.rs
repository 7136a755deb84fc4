//! What a search asks and answers.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::domain::ids::{ChannelId, MembershipId};
use crate::domain::words::Status;
use crate::http::problem::{Problem, Result};
use crate::http::v1::tickets::model::TicketSummary;
use crate::service::search::{Answer, Facets, Hit, Order, Question, Snippet, Within};

/// What is looked for.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct SearchRequest {
    /// Words, and fields such as `is:open`, `from:`, `tag:`, `before:2026-03`; up to 1,000 characters.
    pub q: String,
    /// `best` (the default), `newest` or `oldest`.
    pub sort: Option<String>,
    /// Where the page begins: `next_cursor` of the one before.
    pub cursor: Option<String>,
    /// How many, 1 to 50; 20 otherwise.
    pub limit: Option<u64>,
    /// Whether it is being typed: the last word may go on, and what is not finished is no error.
    #[serde(default)]
    pub typing: bool,
}

impl SearchRequest {
    pub(super) fn question(self) -> Result<Question> {
        Ok(Question {
            order: order(self.sort.as_deref())?,
            text: self.q,
            typing: self.typing,
            cursor: self.cursor,
            limit: self.limit,
        })
    }
}

/// The order that is meant.
pub(in crate::http::v1) fn order(sort: Option<&str>) -> Result<Order> {
    match sort {
        None | Some("best") => Ok(Order::Best),
        Some("newest") => Ok(Order::Newest),
        Some("oldest") => Ok(Order::Oldest),
        Some(_) => Err(Problem::invalid("sort", "give best, newest or oldest")),
    }
}

/// A piece of a text.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Piece {
    /// The piece.
    pub text: String,
    /// Whether it was looked for.
    pub hit: bool,
}

fn pieces(snippet: &Snippet) -> Vec<Piece> {
    snippet.pieces().map(|(text, hit)| Piece { text: text.to_owned(), hit }).collect()
}

/// A ticket that was found.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SearchHit {
    /// The ticket.
    pub ticket: TicketSummary,
    /// The message that fits best; none where only the ticket's state was asked for.
    pub message_id: Option<Uuid>,
    /// What of it was found.
    pub snippet: Vec<Piece>,
    /// The subject, with what was found in it.
    pub subject: Vec<Piece>,
    /// Whether the message is a note.
    pub in_note: bool,
}

impl From<Hit> for SearchHit {
    fn from(hit: Hit) -> Self {
        Self {
            message_id: hit.message_id.map(|id| id.0),
            snippet: pieces(&hit.snippet),
            subject: pieces(&hit.subject),
            in_note: hit.in_note,
            ticket: hit.summary.into(),
        }
    }
}

/// How many have this status.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct StatusCount {
    /// The status.
    pub value: Status,
    /// How many.
    pub count: u64,
}

/// How many are of this mailbox.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct MailboxCount {
    /// The mailbox.
    pub value: Uuid,
    /// Its name.
    pub name: String,
    /// How many.
    pub count: u64,
}

/// How many were last heard of in this year.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct YearCount {
    /// The year.
    pub value: i32,
    /// How many.
    pub count: u64,
}

/// How many this member works on.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct AssigneeCount {
    /// The member; none for those that are nobody's.
    pub value: Option<Uuid>,
    /// The name.
    pub name: Option<String>,
    /// How many.
    pub count: u64,
}

/// How many there are of each, the most first.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SearchCounts {
    /// By status.
    pub status: Vec<StatusCount>,
    /// By mailbox.
    pub mailbox: Vec<MailboxCount>,
    /// By year, the last first.
    pub year: Vec<YearCount>,
    /// By who works on them.
    pub assignee: Vec<AssigneeCount>,
}

impl From<Facets> for SearchCounts {
    fn from(facets: Facets) -> Self {
        let id = |id: Option<MembershipId>| id.map(|id| id.0);
        let mailbox = |(ChannelId(value), name, count)| MailboxCount { value, name, count };
        let assignee = |(value, name, count)| AssigneeCount { value: id(value), name, count };
        Self {
            status: facets
                .status
                .into_iter()
                .map(|(value, count)| StatusCount { value, count })
                .collect(),
            mailbox: facets.mailbox.into_iter().map(mailbox).collect(),
            year: facets
                .year
                .into_iter()
                .map(|(value, count)| YearCount { value, count })
                .collect(),
            assignee: facets.assignee.into_iter().map(assignee).collect(),
        }
    }
}

/// A customer who is meant.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct FoundContact {
    /// The contact.
    pub id: Uuid,
    /// The name.
    pub name: Option<String>,
    /// An address: the one that was asked for, if one was.
    pub address: Option<String>,
    /// Whether their mail goes to spam.
    pub blocked: bool,
}

/// A saved reply with the words.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct FoundReply {
    /// The saved reply.
    pub id: Uuid,
    /// Its name.
    pub title: String,
}

/// How far indexes are that are being built.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Indexing {
    /// Messages that are in.
    pub done: u64,
    /// Of how many.
    pub total: u64,
}

/// What was found.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SearchResult {
    /// Tickets, in order.
    pub items: Vec<SearchHit>,
    /// Where the next page begins.
    pub next_cursor: Option<String>,
    /// How many there are.
    pub total: u64,
    /// Whether nothing was left out for want of time, or because a word has too many forms.
    pub is_complete: bool,
    /// How many there are of each.
    pub counts: SearchCounts,
    /// Customers who are meant; with the first page.
    pub contacts: Vec<FoundContact>,
    /// Saved replies with the words; with the first page.
    pub saved_replies: Vec<FoundReply>,
    /// Set while indexes are being built: results are incomplete.
    pub indexing: Option<Indexing>,
}

impl From<Answer> for SearchResult {
    fn from(answer: Answer) -> Self {
        Self {
            items: answer.hits.into_iter().map(SearchHit::from).collect(),
            next_cursor: answer.next_cursor,
            total: answer.facets.all,
            is_complete: answer.is_complete,
            counts: answer.facets.into(),
            contacts: answer
                .contacts
                .into_iter()
                .map(|contact| FoundContact {
                    id: contact.id.0,
                    name: contact.name,
                    blocked: contact.blocked_at.is_some(),
                    address: contact.identities.into_iter().next().map(|(_, value)| value),
                })
                .collect(),
            saved_replies: answer
                .saved_replies
                .into_iter()
                .map(|reply| FoundReply { id: reply.id.0, title: reply.content.name })
                .collect(),
            indexing: answer.indexing.map(|(done, total)| Indexing { done, total }),
        }
    }
}

/// What is looked for in a ticket.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct WithinRequest {
    /// Words; up to 1,000 characters.
    pub q: String,
}

/// A message with the words.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct FoundMessage {
    /// The message.
    pub message_id: Uuid,
    /// Around the first hits.
    pub pieces: Vec<Piece>,
}

/// Messages of a ticket with the words, oldest first.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct WithinResult {
    /// The messages.
    pub messages: Vec<FoundMessage>,
}

impl From<Vec<Within>> for WithinResult {
    fn from(found: Vec<Within>) -> Self {
        let message = |found: Within| FoundMessage {
            message_id: found.message_id.0,
            pieces: pieces(&found.snippet),
        };
        Self { messages: found.into_iter().map(message).collect() }
    }
}
