//! Requests about data as the browser sees them.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::model_acts::{RequestErasure, RequestParcel};
use crate::domain::ids::MembershipId;
use crate::domain::requests::{SOON, is_closed};
use crate::domain::words::{
    MarkKind, RequestEventKind, RequestKind, RequestMailKind, RequestMailState, RequestState,
};
use crate::http::v1::tickets::model::UserRef;
use crate::service::data_requests::list::Register;
use crate::service::data_requests::mail::{NewReply, Text};
use crate::service::data_requests::open::NewRequest;
use crate::service::data_requests::rectify::Right;
use crate::service::data_requests::{self, View, authority, person, templates};
use crate::service::names::Names;

/// A line of the register.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct DataRequestLine {
    /// Its id.
    pub id: Uuid,
    /// What is asked.
    pub kind: RequestKind,
    /// How far it is.
    pub state: RequestState,
    /// Whether anything was held of the person when it was written down.
    pub is_known: bool,
    /// Whether the person is a user.
    pub is_user: bool,
    /// The person's addresses, the one that is written to first; none once they are forgotten.
    pub addresses: Vec<String>,
    /// The person's name, if it is known.
    pub name: Option<String>,
    /// When it came in.
    pub received_at: DateTime<Utc>,
    /// When an answer is due.
    pub due_at: DateTime<Utc>,
    /// By how many months that was put off.
    pub extended_months: i32,
    /// Whether the answer is overdue.
    pub is_late: bool,
    /// Whether it is due within seven days.
    pub is_soon: bool,
    /// Who handles it.
    pub handler: Option<UserRef>,
    /// Who wrote it down.
    pub opened_by: UserRef,
    /// When.
    pub opened_at: DateTime<Utc>,
    /// When the person had shown who they are.
    pub identified_at: Option<DateTime<Utc>>,
    /// When what was asked was done.
    pub acted_at: Option<DateTime<Utc>>,
    /// When it was closed.
    pub closed_at: Option<DateTime<Utc>>,
}

fn user(names: &Names, id: MembershipId) -> UserRef {
    UserRef { id: id.0, name: names.member(id).unwrap_or_default() }
}

fn line(
    request: &data_requests::DataRequest,
    names: &Names,
    now: DateTime<Utc>,
) -> DataRequestLine {
    let content = request.content.clone().unwrap_or_default();
    let open = !is_closed(request.state);
    DataRequestLine {
        id: request.id.0,
        kind: request.kind,
        state: request.state,
        is_known: request.is_known,
        is_user: request.membership_id.is_some(),
        addresses: content.addresses,
        name: content.name,
        received_at: request.received_at,
        due_at: request.due_at,
        extended_months: request.extended_months,
        is_late: open && request.due_at <= now,
        is_soon: open && request.due_at > now && request.due_at < now + SOON,
        handler: request.handler_id.map(|id| user(names, id)),
        opened_by: user(names, request.opened_by),
        opened_at: request.opened_at,
        identified_at: request.identified_at,
        acted_at: request.acted_at,
        closed_at: request.closed_at,
    }
}

/// The lines of a register.
#[must_use]
pub fn lines(register: Register) -> Vec<DataRequestLine> {
    let Register { requests, names, now } = register;
    requests.iter().map(|request| line(request, &names, now)).collect()
}

/// Something that happened with a request.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RequestEvent {
    /// Its id.
    pub id: Uuid,
    /// What.
    pub kind: RequestEventKind,
    /// When.
    pub at: DateTime<Utc>,
    /// Who did it; nobody for the person and for the server.
    pub by: Option<UserRef>,
    /// A reason or the like.
    pub text: Option<String>,
}

/// A mail to the person.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RequestMail {
    /// Its id.
    pub id: Uuid,
    /// What it is about.
    pub kind: RequestMailKind,
    /// How far it is.
    pub state: RequestMailState,
    /// Its subject; nothing for what carries a code or a link.
    pub subject: Option<String>,
    /// Its words.
    pub text: Option<String>,
    /// Who wrote it.
    pub by: Option<UserRef>,
    /// When.
    pub created_at: DateTime<Utc>,
}

/// A request with all that its page shows.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct DataRequest {
    /// Its line of the register.
    pub request: DataRequestLine,
    /// What the person asked for, in the words of who wrote it down.
    pub note: Option<String>,
    /// The number of the ticket that it was opened from, while that is there.
    pub ticket_number: Option<i64>,
    /// When the last code was sent.
    pub code_at: Option<DateTime<Utc>>,
    /// How often one was given wrongly since then.
    pub code_tries: i32,
    /// Whether the restriction or the objection of this request lasts.
    pub lasts: bool,
    /// Who may read what the restriction hides.
    pub people: Vec<UserRef>,
    /// When the restriction may end, once the person was told.
    pub lift_at: Option<DateTime<Utc>>,
    /// When restriction or objection ended.
    pub ended_at: Option<DateTime<Utc>>,
    /// The file with everything, while it is there.
    pub parcel: Option<RequestParcel>,
    /// The erasure, once it has begun.
    pub erasure: Option<RequestErasure>,
    /// What happened, oldest first.
    pub timeline: Vec<RequestEvent>,
    /// What the person was written, oldest first.
    pub mails: Vec<RequestMail>,
}

impl From<View> for DataRequest {
    fn from(view: View) -> Self {
        let View { request, timeline, mails, readers, lasts, names, now, .. } = view;
        let ticket_number = view.ticket_number;
        let who = |id: MembershipId| user(&names, id);
        Self {
            note: request.content.as_ref().and_then(|content| content.note.clone()),
            ticket_number,
            code_at: request.code_at,
            code_tries: request.code_tries,
            lasts,
            people: readers.into_iter().map(who).collect(),
            lift_at: request.lift_at,
            ended_at: request.ended_at,
            parcel: view.parcel.as_ref().map(RequestParcel::from),
            erasure: view.erasure.map(RequestErasure::from),
            timeline: timeline
                .into_iter()
                .map(|happened| RequestEvent {
                    id: happened.id,
                    kind: happened.kind,
                    at: happened.at,
                    by: happened.actor_id.map(who),
                    text: happened.text,
                })
                .collect(),
            mails: mails
                .into_iter()
                .map(|mail| {
                    let text = mail.text;
                    RequestMail {
                        id: mail.id.0,
                        kind: mail.kind,
                        state: mail.state,
                        subject: text.as_ref().map(|text| text.subject.clone()),
                        text: text.map(|text| text.text),
                        by: mail.created_by.map(who),
                        created_at: mail.created_at,
                    }
                })
                .collect(),
            request: line(&request, &names, now),
        }
    }
}

/// A request to be written down.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct DataRequestRequest {
    /// What is asked.
    pub kind: RequestKind,
    /// The person's address; nothing when a ticket says whose it is.
    #[serde(default)]
    pub address: Option<String>,
    /// The ticket whose customer asks.
    #[serde(default)]
    pub ticket_number: Option<i64>,
    /// What they asked for, in the words of who writes it down.
    #[serde(default)]
    pub note: Option<String>,
    /// When it came in; now, unless said otherwise.
    #[serde(default)]
    pub received_at: Option<DateTime<Utc>>,
}

impl From<DataRequestRequest> for NewRequest {
    fn from(request: DataRequestRequest) -> Self {
        Self {
            kind: request.kind,
            address: request.address,
            ticket_number: request.ticket_number,
            note: request.note,
            received_at: request.received_at,
        }
    }
}

/// Whom to look up.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct PersonRequest {
    /// Their address.
    pub address: String,
}

/// What is known of a person.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct KnownPerson {
    /// Whether anything is held of them.
    pub is_known: bool,
    /// Every address that is known to be theirs.
    pub addresses: Vec<String>,
    /// Their name.
    pub name: Option<String>,
    /// Whether they are a user.
    pub is_user: bool,
    /// Tickets of theirs.
    pub tickets: usize,
    /// Tickets of others in which they wrote, were written to, or are named.
    pub other_tickets: usize,
    /// What they want of everything that is done with their data.
    pub marks: Vec<MarkKind>,
}

impl From<person::Person> for KnownPerson {
    fn from(person: person::Person) -> Self {
        Self {
            is_known: person.is_known(),
            is_user: person.membership_id.is_some(),
            tickets: person.traces.own.len(),
            other_tickets: person.traces.others.len(),
            addresses: person.addresses,
            name: person.name,
            marks: person.marks,
        }
    }
}

/// Who handles a request from now on.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct DataRequestPatch {
    /// An owner or an admin, by the id of their membership.
    pub handler_id: Uuid,
}

/// The code that the person read out.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct CodeRequest {
    /// Eight digits.
    pub code: String,
}

/// More time.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct ExtensionRequest {
    /// One or two months.
    pub months: i32,
    /// Why.
    pub reason: String,
}

/// A mail to the person.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct ReplyText {
    /// Its subject.
    pub subject: String,
    /// Its words.
    pub text: String,
}

impl From<ReplyText> for NewReply {
    fn from(reply: ReplyText) -> Self {
        Self { subject: reply.subject, text: reply.text }
    }
}

/// A refusal.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct RefusalRequest {
    /// Why.
    pub reason: String,
    /// What the person is written.
    #[serde(default)]
    pub reply: Option<ReplyText>,
}

/// The end of a request.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct CompletionRequest {
    /// What the person is written.
    #[serde(default)]
    pub reply: Option<ReplyText>,
}

/// A text for the person.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ReplyTemplate {
    /// What it is for: `received`, `extended`, `done`, `refused`, `nothing_held`.
    pub name: String,
    /// `en` or `nl`.
    pub language: String,
    /// Its subject.
    pub subject: String,
    /// Its words.
    pub text: String,
}

impl From<templates::Template> for ReplyTemplate {
    fn from(template: templates::Template) -> Self {
        let templates::Template { name, language, text: Text { subject, text } } = template;
        Self { name: name.to_owned(), language: language.to_owned(), subject, text }
    }
}

/// What is right.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct RectificationRequest {
    /// The name; without one it stays.
    #[serde(default)]
    pub name: Option<String>,
    /// The address; without one it stays.
    #[serde(default)]
    pub address: Option<String>,
}

impl From<RectificationRequest> for Right {
    fn from(request: RectificationRequest) -> Self {
        Self { name: request.name, address: request.address }
    }
}

/// Who may read what is restricted.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct RestrictionRequest {
    /// By the ids of their memberships.
    pub people: Vec<Uuid>,
}

impl RestrictionRequest {
    /// As the service knows them.
    #[must_use]
    pub fn people(self) -> Vec<MembershipId> {
        self.people.into_iter().map(MembershipId).collect()
    }
}

/// When a restriction ends.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct LiftRequest {
    /// At least three days from now.
    pub at: DateTime<Utc>,
}

/// A supervisory authority.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Authority {
    /// Its name.
    pub name: String,
    /// Where it can be reached.
    pub address: String,
}

impl From<authority::Authority> for Authority {
    fn from(authority: authority::Authority) -> Self {
        Self { name: authority.name, address: authority.address }
    }
}

impl From<Authority> for authority::Authority {
    fn from(authority: Authority) -> Self {
        Self { name: authority.name, address: authority.address }
    }
}
