//! What there is of a person, and what becomes of it. Reads only.
//!
//! Tickets are found by profile (of the ticket, of a message) and by the blind addresses of who
//! takes part or is named: in every head, in reports and in what is forwarded. Not found is what only
//! an opened text tells: a name in somebody's words, in a note, in a file.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use super::judge::judge;
use super::{Counts, ProviderCopy, person, unfiled};
use crate::domain::ids::{ChannelId, ContactId, HoldId, MessageId, OrganizationId, TicketId};
use crate::domain::words::{Fate, HoldKind};
use crate::service::{Result, Services};
use crate::store::erasures::{Copy, Person};
use crate::store::holds::{self, Lasting};
use crate::store::messages::{self, Message};
use crate::store::tickets::{self, Ticket};
use crate::store::{Scope, erasure_rows};

/// Tickets that are opened together.
const TOGETHER: usize = 32;

/// A ticket, by what people know it by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TicketRef {
    /// Its id.
    pub id: TicketId,
    /// Its number.
    pub number: i64,
    /// The channel that it lives in.
    pub channel_id: ChannelId,
}

/// What an erasure would do.
#[derive(Debug, Clone, Default)]
pub struct Preview {
    /// The addresses that are meant, in lower case.
    pub addresses: Vec<String>,
    /// The profiles that go.
    pub contacts: Vec<ContactId>,
    /// Tickets that go.
    pub deleted: Vec<TicketRef>,
    /// Tickets in which tombstones take the place of the person's messages.
    pub redacted: Vec<TicketRef>,
    /// Tickets of others whose heads name the person.
    pub mentioned: Vec<TicketRef>,
    /// Tickets that legal holds keep until these end.
    pub held: Vec<TicketRef>,
    /// Those holds.
    pub holds: Vec<HoldId>,
    /// How much there is.
    pub counts: Counts,
    /// Copies at providers, as far as the ledger knows.
    pub copies: Vec<ProviderCopy>,
}

/// What was found.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) tickets: Vec<(TicketRef, Fate)>,
    pub(super) holds: BTreeSet<HoldId>,
    pub(super) counts: Counts,
    pub(super) copies: Vec<Copy>,
}

impl Found {
    pub(super) fn fates(&self) -> Vec<(TicketId, Fate)> {
        self.tickets.iter().map(|(ticket, fate)| (ticket.id, *fate)).collect()
    }

    fn of(&self, wanted: Fate) -> Vec<TicketRef> {
        let of_fate = self.tickets.iter().filter(|(_, fate)| *fate == wanted);
        of_fate.map(|(ticket, _)| *ticket).collect()
    }
}

pub(super) async fn preview(
    services: &Services,
    organization_id: OrganizationId,
    person: &Person,
) -> Result<Preview> {
    let found = look(services, organization_id, person).await?;
    Ok(Preview {
        addresses: person.addresses.clone(),
        contacts: person.contacts.clone(),
        deleted: found.of(Fate::Delete),
        redacted: found.of(Fate::Redact),
        mentioned: found.of(Fate::Mention),
        held: found.of(Fate::Hold),
        copies: super::named(services, organization_id, found.copies.clone()).await?,
        holds: found.holds.into_iter().collect(),
        counts: found.counts,
    })
}

/// Looks at every ticket of the person.
pub(super) async fn look(
    services: &Services,
    organization_id: OrganizationId,
    person: &Person,
) -> Result<Found> {
    let store = services.store();
    let blinds = person::blinds(services, organization_id, person).await?;
    let ids = erasure_rows::tickets_of(store, organization_id, &person.contacts, &blinds).await?;
    look_at(services, organization_id, person, &ids, None).await
}

/// Looks at these tickets.
pub(super) async fn look_at(
    services: &Services,
    organization_id: OrganizationId,
    person: &Person,
    ids: &[TicketId],
    counted_at: Option<DateTime<Utc>>,
) -> Result<Found> {
    let store = services.store();
    let scope = Scope::whole(organization_id);
    let lasting = holds::lasting(store, organization_id).await?;
    let mut found = Found::default();
    let (mut theirs, mut touched) = (Vec::<MessageId>::new(), Vec::new());
    for chunk in ids.chunks(TOGETHER) {
        for ticket in tickets::find_many(store, &scope, chunk).await? {
            let messages = messages::list(store, &scope, ticket.id).await?;
            let judged = judge(person, &messages, counted_at);
            let known = TicketRef {
                id: ticket.id,
                number: ticket.number,
                channel_id: ticket.state.channel_id,
            };
            let holding = held_by(&lasting, &ticket, &messages);
            let is_their_ticket =
                ticket.state.contact_id.is_some_and(|id| person.contacts.contains(&id));
            let fate = if holding.is_empty() { judged.fate(is_their_ticket) } else { Fate::Hold };
            found.holds.extend(holding);
            found.tickets.push((known, fate));
            let counts = &mut found.counts;
            match fate {
                Fate::Delete => counts.tickets_deleted += 1,
                Fate::Redact => counts.tickets_redacted += 1,
                Fate::Mention => counts.tickets_mentioned += 1,
                Fate::Hold => counts.tickets_held += 1,
            }
            match fate {
                Fate::Delete => theirs.extend(messages.iter().map(|message| message.id)),
                Fate::Redact => {
                    theirs.extend(judged.theirs.iter().map(|message| message.id));
                    counts.answers_redacted += count(judged.quoting.len());
                    counts.mentions += count(judged.naming.len());
                }
                Fate::Mention => counts.mentions += count(judged.naming.len()),
                Fate::Hold => continue,
            }
            if fate != Fate::Mention {
                touched.push(ticket.id);
            }
        }
    }
    let beside = erasure_rows::count_beside(store, organization_id, &theirs, &touched).await?;
    found.copies = erasure_rows::copies(store, organization_id, &theirs).await?;
    let counts = &mut found.counts;
    counts.messages = count(theirs.len());
    (counts.attachments, counts.drafts, counts.deliveries) = beside;
    counts.contacts = count(person.contacts.len());
    let unfiled = unfiled::find(services, organization_id, person).await?;
    counts.unfiled = count(unfiled.len());
    found.copies.extend(unfiled.iter().map(unfiled::Unfiled::copy));
    counts.copies = count(found.copies.len());
    Ok(found)
}

fn count(n: usize) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

/// The holds that keep a ticket.
pub(super) fn held_by(lasting: &[Lasting], ticket: &Ticket, messages: &[Message]) -> Vec<HoldId> {
    let is = |hold: &&Lasting| match hold.kind {
        HoldKind::Organization => true,
        HoldKind::Mailbox => {
            hold.subject_id == ticket.state.channel_id.0
                || messages.iter().any(|message| message.channel_id.0 == hold.subject_id)
        }
        HoldKind::Ticket => hold.subject_id == ticket.id.0,
        HoldKind::Contact => {
            let is = |id: ContactId| id.0 == hold.subject_id;
            ticket.state.contact_id.is_some_and(is)
                || messages.iter().any(|message| message.contact_id.is_some_and(is))
        }
    };
    lasting.iter().filter(is).map(|hold| hold.id).collect()
}
