//! Everything of one person, for that person: each ticket with what is theirs of it, then the facts,
//! what was kept back, and who reached it when.
//!
//! What is theirs, [`Gathered`] decides; what a reviewer keeps back is told with its reason and
//! without a word of it.

use std::collections::{HashMap, HashSet};
use std::fmt::Write as _;

use chrono::{DateTime, Utc};
use html_escape::encode_text;
use serde::Serialize;
use uuid::Uuid;

use super::tickets::Reader;
use super::{model, pages};
use crate::audit::{Action, Actor as Who, AuditEntry};
use crate::domain::ids::{AttachmentId, ContactId, DataRequestId, MembershipId, TicketId};
use crate::domain::words::{MessageKind, RequestKind, Role};
use crate::mail::compose::Language;
use crate::service::data_requests::gather::Gathered;
use crate::service::parcels::{Parcel, Writer};
use crate::service::{Result, ServiceError, Services};
use crate::store::audit::Walk;
use crate::store::data_requests::withheld::{self, Withheld};
use crate::store::data_requests::{self, DataRequest};
use crate::store::messages::{self, attachments};
use crate::store::{
    Scope, StoreError, accounts, contacts, drafts, keys, letters, member_settings, memberships,
    organizations, photos, sessions, tickets,
};

/// The file with a user's photo.
const PHOTO: &str = "photo.jpg";

/// `data.json` of a person.
#[derive(Debug, Serialize)]
struct Data {
    format: &'static str,
    kind: &'static str,
    made_at: DateTime<Utc>,
    organization: model::Named,
    request: Asked,
    contacts: Vec<model::Contact>,
    user: Option<User>,
    counts: model::Counts,
    tickets: Vec<i64>,
    drafts: Vec<Draft>,
    letters: Vec<Letter>,
    withheld: Vec<KeptBack>,
    accesses: Vec<Access>,
}

/// What was asked.
#[derive(Debug, Serialize)]
struct Asked {
    id: Uuid,
    kind: RequestKind,
    received_at: DateTime<Utc>,
}

/// Somebody who works with Loket.
#[derive(Debug, Serialize)]
struct User {
    name: String,
    address: String,
    language: String,
    time_zone: Option<String>,
    signature: Option<String>,
    /// The file with it.
    photo: Option<&'static str>,
    /// Of the letter that they are writing; its words are the customer's data too.
    letter_at: Option<DateTime<Utc>>,
    role: Role,
    since: DateTime<Utc>,
    sessions_until: Vec<DateTime<Utc>>,
    wrote: Vec<Wrote>,
    acts: Vec<Access>,
}

/// An answer or a note that a user wrote; its words are the customer's data too.
#[derive(Debug, Serialize)]
struct Wrote {
    message_id: Uuid,
    kind: MessageKind,
    at: DateTime<Utc>,
}

/// What somebody was writing in a ticket of theirs.
#[derive(Debug, Serialize)]
struct Draft {
    ticket_number: i64,
    updated_at: DateTime<Utc>,
    text: String,
}

/// What somebody was writing to them that belongs to no ticket yet.
#[derive(Debug, Serialize)]
struct Letter {
    subject: Option<String>,
    text: String,
    updated_at: DateTime<Utc>,
}

/// What was kept back.
#[derive(Debug, Serialize)]
struct KeptBack {
    what: &'static str,
    ticket_number: Option<i64>,
    kind: MessageKind,
    at: DateTime<Utc>,
    reason: String,
}

/// Somebody reached what is theirs. Who works here is told by what they are, not by name.
#[derive(Debug, Serialize)]
struct Access {
    at: DateTime<Utc>,
    by: &'static str,
    what: &'static str,
}

/// A request with what there is to be handed out for it.
struct Of {
    request: DataRequest,
    gathered: Gathered,
    kept: HashMap<Uuid, Withheld>,
}

async fn open(services: &Services, parcel: &Parcel) -> Result<Of> {
    let store = services.store();
    let id = DataRequestId(parcel.subject_id);
    let request = data_requests::find(store, parcel.organization_id, id).await?;
    let request = request.ok_or(ServiceError::Stale)?;
    let key = data_requests::key_of(store, &request).await?.ok_or(ServiceError::Stale)?;
    let kept = withheld::list(store, &key, &request).await?;
    Ok(Of { gathered: Gathered::of(services, &request).await?, request, kept })
}

/// How many tickets there are.
pub(super) async fn count(services: &Services, parcel: &Parcel) -> Result<i64> {
    let of = open(services, parcel).await?;
    Ok(i64::try_from(of.gathered.tickets().len()).unwrap_or(i64::MAX))
}

/// Writes all of it.
pub(super) async fn write(
    services: &Services,
    parcel: &Parcel,
    writer: &mut Writer<'_>,
) -> Result<()> {
    let store = services.store();
    let organization_id = parcel.organization_id;
    let of = open(services, parcel).await?;
    let organization = organizations::find(store, organization_id).await?;
    let organization = organization.ok_or(ServiceError::NotFound)?;
    let language = Language::from_tag(&of.request.language);
    let is_access = of.request.kind != RequestKind::Portability;

    let mut made = Made::default();
    let files = of.kept.values().filter(|it| it.is_file());
    let files: HashSet<AttachmentId> = files.map(|it| AttachmentId(it.kept.object)).collect();
    let scope = Scope::whole(organization_id);
    let reader = Reader::new(services, scope, true).await?.withholding(files);
    for id in of.gathered.tickets() {
        let wanted = |message: &messages::Message| {
            of.gathered.has(message) && !of.kept.contains_key(&message.id.0)
        };
        if let Some(written) = reader.ticket(writer, id, &wanted).await? {
            let is_own = of.gathered.own.contains(&id);
            let mut ticket = written.ticket;
            cut(&mut ticket, is_own, is_access);
            if !ticket.messages.is_empty() {
                reader.put(writer, &ticket, language).await?;
                made.tell(&ticket, id, is_own);
            }
            if is_own && is_access {
                made.drafts.extend(drafts_of(services, &of, id).await?);
            }
        }
        writer.step().await?;
    }
    made.numbers.sort_unstable();
    let title = organization.name.clone();
    let mut data = Data {
        format: model::FORMAT,
        kind: "person",
        made_at: writer.now(),
        organization: model::Named { id: organization.id.0, name: organization.name },
        request: Asked {
            id: of.request.id.0,
            kind: of.request.kind,
            received_at: of.request.received_at,
        },
        contacts: facts(services, &of).await?,
        user: user(services, &of, writer).await?,
        counts: made.counts,
        tickets: made.numbers,
        drafts: made.drafts,
        letters: if is_access { letters_to(services, &of).await? } else { Vec::new() },
        withheld: kept_back(services, &of).await?,
        accesses: Vec::new(),
    };
    data.counts.contacts = data.contacts.len() as u64;
    if is_access {
        made.reached.extend(of.gathered.contacts.iter().map(|id| id.0));
        made.reached.insert(of.request.id.0);
        let acts = data.user.as_mut().map(|user| &mut user.acts);
        let who = of.gathered.membership_id;
        data.accesses = accesses(services, &of, &made.reached, who, acts).await?;
    }
    let page = index(&title, language, &data, &made.lines);
    writer.file("index.html", page.into_bytes()).await?;
    let json = serde_json::to_vec_pretty(&data).map_err(StoreError::from)?;
    writer.file("data.json", json).await
}

/// What was written so far.
#[derive(Default)]
struct Made {
    counts: model::Counts,
    numbers: Vec<i64>,
    lines: String,
    drafts: Vec<Draft>,
    /// Ids of what is theirs, as the audit log names it.
    reached: HashSet<Uuid>,
}

impl Made {
    fn tell(&mut self, ticket: &model::Ticket, id: TicketId, is_own: bool) {
        self.counts.tickets += 1;
        self.counts.messages += ticket.messages.len() as u64;
        self.numbers.push(ticket.number);
        if is_own {
            self.reached.insert(id.0);
        }
        for message in &ticket.messages {
            self.counts.attachments += message.attachments.len() as u64;
            self.reached.insert(message.id);
        }
        let subject = ticket.subject.as_deref().unwrap_or_default();
        // Writing to a string does not fail.
        let _ = writeln!(
            self.lines,
            "<tr><td><a href=\"tickets/{0}.html\">#{0}</a></td><td>{1}</td><td>{2}</td></tr>",
            ticket.number,
            encode_text(subject),
            ticket.last_message_at.format("%Y-%m-%d"),
        );
    }
}

/// Of a ticket of others only what names them is told; of what they provided, nothing that was done
/// with it.
fn cut(ticket: &mut model::Ticket, is_own: bool, is_access: bool) {
    if !is_own {
        ticket.is_whole = false;
        ticket.subject = ticket.messages.first().map(|message| message.subject.clone());
        ticket.customer = None;
        ticket.contact_id = None;
    }
    if !is_own || !is_access {
        ticket.assignee = None;
        ticket.kept_longer_because = None;
        ticket.events.clear();
    }
}

async fn facts(services: &Services, of: &Of) -> Result<Vec<model::Contact>> {
    let mut facts = Vec::new();
    for id in &of.gathered.contacts {
        let id: ContactId = *id;
        let found = contacts::find(services.store(), of.request.organization_id, id).await?;
        facts.extend(found.map(model::Contact::from));
    }
    Ok(facts)
}

async fn user(services: &Services, of: &Of, writer: &mut Writer<'_>) -> Result<Option<User>> {
    let (store, organization_id) = (services.store(), of.request.organization_id);
    let Some(id) = of.gathered.membership_id else { return Ok(None) };
    let member = memberships::find(store, organization_id, id).await?;
    let Some(member) = member else { return Ok(None) };
    let Some(account) = accounts::find(store, member.account_id).await? else { return Ok(None) };
    let wrote = messages::written_by(store, organization_id, id).await?;
    let photo = photos::find(store, member.account_id).await?;
    let photo = match photo {
        Some((_, picture)) => {
            writer.file(PHOTO, picture).await?;
            Some(PHOTO)
        }
        None => None,
    };
    let key = keys::of_organization(store, organization_id).await?;
    let settings = member_settings::find(store, &key, organization_id, id).await?;
    let letter =
        letters::find(store, letters::Owner { organization_id, membership_id: id }).await?;
    Ok(Some(User {
        name: account.name,
        address: account.email,
        language: account.locale,
        time_zone: account.time_zone,
        signature: settings.signature,
        photo,
        letter_at: letter.map(|letter| letter.updated_at),
        role: member.role,
        since: member.created_at,
        sessions_until: sessions::ends_of_account(store, member.account_id).await?,
        wrote: wrote
            .into_iter()
            .map(|(id, kind, at)| Wrote { message_id: id.0, kind, at })
            .collect(),
        acts: Vec::new(),
    }))
}

async fn drafts_of(services: &Services, of: &Of, id: TicketId) -> Result<Vec<Draft>> {
    let (store, organization_id) = (services.store(), of.request.organization_id);
    let scope = Scope::whole(organization_id);
    let Some(ticket) = tickets::find(store, &scope, id).await? else { return Ok(Vec::new()) };
    let key = store.keyring().get(ticket.key_id).await?;
    let found = drafts::list_of_ticket(store, organization_id, id, &key).await?;
    Ok(found
        .into_iter()
        .map(|draft| Draft {
            ticket_number: ticket.number,
            updated_at: draft.updated_at,
            text: draft.content.text,
        })
        .collect())
}

/// The letters that are being written to one of their addresses.
async fn letters_to(services: &Services, of: &Of) -> Result<Vec<Letter>> {
    let (store, organization_id) = (services.store(), of.request.organization_id);
    let mut own: HashSet<String> = HashSet::new();
    for id in &of.gathered.contacts {
        let found = contacts::find(store, organization_id, *id).await?;
        let identities = found.into_iter().flat_map(|contact| contact.identities);
        own.extend(identities.map(|(_, value)| value.to_lowercase()));
    }
    let mut found = Vec::new();
    for letter in letters::list(store, organization_id).await? {
        let written = letter.content.written;
        let mut named = written.to.iter().chain(&written.cc).chain(&written.bcc);
        if named.any(|party| own.contains(&party.address.to_lowercase())) {
            found.push(Letter {
                subject: written.subject,
                text: written.text,
                updated_at: letter.updated_at,
            });
        }
    }
    Ok(found)
}

async fn kept_back(services: &Services, of: &Of) -> Result<Vec<KeptBack>> {
    let store = services.store();
    let scope = Scope::whole(of.request.organization_id);
    let mut told = Vec::new();
    for withheld in of.kept.values() {
        let id = withheld.kept.message_id;
        let Some(message) = messages::find(store, &scope, id).await? else { continue };
        if withheld.is_file() {
            let files = attachments::list(store, &scope, &[id]).await?;
            if !files.iter().any(|file| file.id.0 == withheld.kept.object) {
                continue;
            }
        }
        let ticket = tickets::find(store, &scope, message.ticket_id).await?;
        told.push(KeptBack {
            what: if withheld.is_file() { "file" } else { "message" },
            ticket_number: ticket.map(|ticket| ticket.number),
            kind: message.kind,
            at: message.at,
            reason: withheld.reason.clone(),
        });
    }
    told.sort_by_key(|kept| kept.at);
    Ok(told)
}

/// Who reached what is theirs; and, of a user, what they did themselves.
async fn accesses(
    services: &Services,
    of: &Of,
    reached: &HashSet<Uuid>,
    user: Option<MembershipId>,
    mut acts: Option<&mut Vec<Access>>,
) -> Result<Vec<Access>> {
    let mut walk = Walk::start(services.store(), of.request.organization_id).await?;
    let mut found = Vec::new();
    while let Some(entries) = walk.next().await? {
        for entry in entries {
            if entry.object_id.is_some_and(|id| reached.contains(&id)) {
                found.push(access(&entry));
            }
            let is_theirs = user.is_some_and(|id| entry.actor == Who::Member(id.0));
            if let Some(acts) = acts.as_deref_mut().filter(|_| is_theirs) {
                acts.push(access(&entry));
            }
        }
    }
    Ok(found)
}

fn access(entry: &AuditEntry) -> Access {
    let by = match entry.actor {
        Who::Member(_) => "member",
        Who::System => "server",
        Who::Cli => "operator",
        Who::Person => "person",
    };
    let action: Action = entry.action;
    Access { at: entry.at, by, what: action.as_str() }
}

/// What the page says, in its language.
struct Words {
    title: &'static str,
    intro: &'static str,
    facts: &'static str,
    kept_back: &'static str,
    accesses: &'static str,
    drafts: &'static str,
}

const fn said(language: Language) -> Words {
    match language {
        Language::Nl => Words {
            title: "Uw gegevens bij",
            intro: "Hieronder staat wat er van u is. Elk ticket heeft een eigen pagina; in de map \
                    messages staan de oorspronkelijke berichten, in attachments de bijlagen, en data.json \
                    bevat hetzelfde voor programma's.",
            facts: "Wie u bent",
            kept_back: "Achtergehouden, omdat het ook over anderen gaat",
            accesses: "Wie het wanneer bekeek",
            drafts: "Concepten",
        },
        Language::En | Language::De => Words {
            title: "Your data at",
            intro: "Below is what there is of you. Each ticket has a page of its own; the original \
                    messages are in the folder messages, files in attachments, and data.json holds the \
                    same for programs.",
            facts: "Who you are",
            kept_back: "Kept back, because it is about others too",
            accesses: "Who looked at it when",
            drafts: "Drafts",
        },
    }
}

fn index(organization: &str, language: Language, data: &Data, lines: &str) -> String {
    let (words, common) = (said(language), pages::words(language));
    let title = format!("{} {organization}", words.title);
    let mut body = format!(
        "<h1>{}</h1>\n<p>{}</p>\n<p class=\"quiet\">{} {}</p>\n<h2>{}</h2>\n<ul>\n",
        encode_text(&title),
        words.intro,
        common.made,
        data.made_at.format("%Y-%m-%d %H:%M UTC"),
        words.facts,
    );
    for contact in &data.contacts {
        let name = contact.name.as_deref().unwrap_or_default();
        let addresses = contact.addresses.join(", ");
        // Writing to a string does not fail.
        let _ = writeln!(body, "<li>{} {}</li>", encode_text(name), encode_text(&addresses));
    }
    if let Some(user) = &data.user {
        let (name, address) = (encode_text(&user.name), encode_text(&user.address));
        let _ = writeln!(body, "<li>{name} {address} ({})</li>", user.role);
    }
    let _ = writeln!(body, "</ul>\n<h2>{}</h2>\n<table>\n{lines}</table>", common.tickets);
    let mut table = |title: &str, rows: String| {
        if !rows.is_empty() {
            let _ = writeln!(body, "<h2>{title}</h2>\n<table>\n{rows}</table>");
        }
    };
    let mut rows = String::new();
    for kept in &data.withheld {
        let number = kept.ticket_number.map(|number| format!("#{number}")).unwrap_or_default();
        let (day, reason) = (kept.at.format("%Y-%m-%d"), encode_text(&kept.reason));
        let _ = writeln!(rows, "<tr><td>{number}</td><td>{day}</td><td>{reason}</td></tr>");
    }
    table(words.kept_back, rows);
    let mut rows = String::new();
    for draft in &data.drafts {
        let text = encode_text(&draft.text);
        let _ = writeln!(rows, "<tr><td>#{}</td><td>{text}</td></tr>", draft.ticket_number);
    }
    table(words.drafts, rows);
    let mut rows = String::new();
    for access in &data.accesses {
        let at = access.at.format("%Y-%m-%d %H:%M");
        let _ =
            writeln!(rows, "<tr><td>{at}</td><td>{}</td><td>{}</td></tr>", access.by, access.what);
    }
    table(words.accesses, rows);
    pages::page(&title, language, &body)
}
