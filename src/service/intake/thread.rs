//! Step 4: where each mail goes. Pure: it works on what was looked up before.
//!
//! First match wins, and each needs a reason to be trusted:
//! 1. A token of ours in In-Reply-To or References, and a sender who takes part in the ticket.
//! 2. A Message-ID that we know, and such a sender.
//! 3. A mail that refers to this one is here already (history arrives newest first).
//!
//! A stranger who knows an id gets a new ticket marked as possibly related. A ticket's number
//! in the subject is no reason.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::draft::Draft;
use crate::domain::ids::{ContactId, MessageId, TicketId};
use crate::domain::ticket::{Placement, history_status, place_inbound};
use crate::domain::words::Status;
use crate::store::messages::references::Reference;
use crate::store::tickets::{Customer, Ticket, TicketState};

/// How often a merge is followed; a longer chain is a mistake.
const MAX_MERGES: usize = 8;

/// What was looked up.
#[derive(Debug, Default)]
pub(super) struct Known {
    pub(super) references: HashMap<Vec<u8>, Vec<Reference>>,
    pub(super) participants: HashMap<TicketId, HashSet<Vec<u8>>>,
    pub(super) tickets: HashMap<TicketId, Ticket>,
    pub(super) contacts: HashMap<Vec<u8>, ContactId>,
}

/// A ticket as it will be.
#[derive(Debug)]
pub(super) struct Planned {
    pub(super) id: TicketId,
    /// As it is in the database; `None` for a new one.
    pub(super) before: Option<Ticket>,
    pub(super) state: TicketState,
    pub(super) subject: String,
    pub(super) snippet: String,
    pub(super) customer: Customer,
    pub(super) created_at: DateTime<Utc>,
    /// A customer wrote anew: answers that wait must ask first.
    pub(super) customer_wrote: bool,
}

/// A contact that will be made.
#[derive(Debug)]
pub(super) struct PlannedContact {
    pub(super) id: ContactId,
    pub(super) name: Option<String>,
    pub(super) address: String,
    pub(super) blind: Vec<u8>,
}

/// A mail that becomes a message.
#[derive(Debug)]
pub(super) struct Placed {
    pub(super) draft: Draft,
    pub(super) ticket_id: TicketId,
    pub(super) contact_id: Option<ContactId>,
    pub(super) possibly_related: bool,
    /// The answer that a bounce is about.
    pub(super) bounced: Option<MessageId>,
}

/// What will be written.
#[derive(Debug, Default)]
pub(super) struct Plan {
    pub(super) tickets: Vec<Planned>,
    pub(super) contacts: Vec<PlannedContact>,
    pub(super) placed: Vec<Placed>,
    pub(super) skipped: Vec<(Draft, &'static str)>,
    pub(super) duplicates: Vec<Draft>,
}

/// Where one mail goes.
enum Goal {
    Join(TicketId, Option<MessageId>),
    Related(TicketId),
    New,
    Skip(&'static str),
    Duplicate,
}

/// Places mails in order of time.
pub(super) fn plan(
    mut drafts: Vec<Draft>,
    known: Known,
    now: DateTime<Utc>,
    new_id: &dyn Fn() -> Uuid,
) -> Plan {
    drafts.sort_by_key(|draft| draft.at);
    let mut planner = Planner { known, now, new_id, plan: Plan::default(), index: HashMap::new() };
    for draft in drafts {
        planner.place(draft);
    }
    planner.plan
}

struct Planner<'a> {
    known: Known,
    now: DateTime<Utc>,
    new_id: &'a dyn Fn() -> Uuid,
    plan: Plan,
    index: HashMap<TicketId, usize>,
}

impl Planner<'_> {
    fn place(&mut self, draft: Draft) {
        let (ticket_id, related, bounced) = match self.goal(&draft) {
            Goal::Skip(reason) => return self.plan.skipped.push((draft, reason)),
            Goal::Duplicate => return self.plan.duplicates.push(draft),
            Goal::Join(id, bounced) => match self.join(&draft, id) {
                Placement::Join(_) => (id, false, bounced),
                Placement::NewLinked => (self.open(&draft, Some(id)), false, None),
            },
            Goal::Related(id) => (self.open(&draft, Some(id)), true, None),
            Goal::New => (self.open(&draft, None), false, None),
        };
        let contact_id = self.contact(&draft);
        self.remember(&draft, ticket_id);
        self.plan.placed.push(Placed {
            draft,
            ticket_id,
            contact_id,
            possibly_related: related,
            bounced,
        });
    }

    fn goal(&self, draft: &Draft) -> Goal {
        if draft.is_ours && draft.own.iter().any(|blind| self.reference(blind, true).is_some()) {
            return Goal::Duplicate;
        }
        let found = self.find(draft);
        if draft.report().is_some() {
            return match found {
                Some((ticket, message)) => Goal::Join(ticket, Some(message)),
                None => Goal::Skip("bounce_unmatched"),
            };
        }
        match found {
            Some((ticket, _)) if draft.is_ours || self.takes_part(draft, ticket) => {
                Goal::Join(ticket, None)
            }
            _ if draft.is_ours => Goal::Skip("sent_unrelated"),
            Some((ticket, _)) => Goal::Related(ticket),
            None => Goal::New,
        }
    }

    /// The ticket that a mail speaks of, and the message in it.
    fn find(&self, draft: &Draft) -> Option<(TicketId, MessageId)> {
        let by_token = draft.tokens.iter().find(|(ticket, _)| self.exists(*ticket)).copied();
        let own = |blind| self.reference(blind, true);
        let refers = |blind| self.reference(blind, false);
        let (ticket, message) = by_token
            .or_else(|| draft.refers.iter().find_map(own))
            .or_else(|| draft.own.iter().find_map(refers))?;
        Some((self.follow_merges(ticket), message))
    }

    fn reference(&self, blind: &Vec<u8>, own: bool) -> Option<(TicketId, MessageId)> {
        self.known
            .references
            .get(blind)?
            .iter()
            .find(|reference| reference.own == own && self.exists(reference.ticket_id))
            .map(|reference| (reference.ticket_id, reference.message_id))
    }

    fn exists(&self, id: TicketId) -> bool {
        self.index.contains_key(&id) || self.known.tickets.contains_key(&id)
    }

    fn follow_merges(&self, mut id: TicketId) -> TicketId {
        for _ in 0..MAX_MERGES {
            match self.known.tickets.get(&id).and_then(|ticket| ticket.state.merged_into_id) {
                Some(target) if self.exists(target) => id = target,
                _ => break,
            }
        }
        id
    }

    fn takes_part(&self, draft: &Draft, ticket: TicketId) -> bool {
        self.known
            .participants
            .get(&ticket)
            .is_some_and(|people| draft.senders.iter().any(|blind| people.contains(blind)))
    }

    /// Brings the ticket into the plan, if it is not there yet.
    fn planned(&mut self, id: TicketId) -> Option<&mut Planned> {
        if !self.index.contains_key(&id) {
            let before = self.known.tickets.get(&id)?.clone();
            self.index.insert(id, self.plan.tickets.len());
            self.plan.tickets.push(Planned {
                id,
                state: before.state.clone(),
                subject: before.subject.clone(),
                snippet: before.snippet.clone(),
                customer: before.customer.clone(),
                created_at: before.created_at,
                before: Some(before),
                customer_wrote: false,
            });
        }
        let at = *self.index.get(&id)?;
        self.plan.tickets.get_mut(at)
    }

    /// Adds a mail to a ticket, unless that has been closed for too long.
    fn join(&mut self, draft: &Draft, id: TicketId) -> Placement {
        let now = self.now;
        let Some(ticket) = self.planned(id) else { return Placement::NewLinked };
        let state = &mut ticket.state;
        let placement = if draft.is_ours || draft.is_history() {
            Placement::Join(state.status)
        } else {
            place_inbound(state.status, state.closed_at, draft.is_automatic(), now)
        };
        let Placement::Join(status) = placement else { return placement };
        state.message_count += 1;
        state.has_attachment |= has_attachment(draft);
        if draft.at >= state.last_message_at {
            state.last_message_at = draft.at;
            ticket.snippet.clone_from(&draft.mail().snippet);
        }
        let inbound = !draft.is_ours && !draft.is_automatic();
        if inbound {
            state.last_inbound_at = state.last_inbound_at.max(Some(draft.at));
        }
        if draft.is_history() {
            if state.is_history {
                settle_history(state, now);
            }
        } else if draft.is_ours {
            answered_elsewhere(state, draft.at, now);
        } else if inbound {
            state.is_history = false;
            state.snoozed_until = None;
            if status == Status::Open && state.waiting_since.is_none() {
                state.waiting_since = Some(draft.at);
            }
            state.set_status(status, now);
            ticket.customer_wrote = true;
        }
        placement
    }

    /// Makes a ticket of a mail.
    fn open(&mut self, draft: &Draft, related_to: Option<TicketId>) -> TicketId {
        let id = TicketId((self.new_id)());
        let status = if draft.is_history() {
            history_status(draft.at, draft.is_automatic(), self.now)
        } else if draft.is_auto_reply() {
            // Nobody waits for an answer to an out-of-office note.
            Status::Closed
        } else {
            Status::Open
        };
        let mut state = TicketState {
            channel_id: crate::domain::ids::ChannelId(Uuid::nil()),
            contact_id: self.contact(draft),
            status,
            assignee_id: None,
            team_id: None,
            message_count: 1,
            has_attachment: has_attachment(draft),
            is_history: draft.is_history(),
            waiting_since: (status == Status::Open).then_some(draft.at),
            last_inbound_at: (!draft.is_automatic()).then_some(draft.at),
            last_message_at: draft.at,
            closed_at: (status == Status::Closed).then_some(draft.at),
            snoozed_until: None,
            merged_into_id: None,
            related_to_id: related_to,
            replaced_contact_id: None,
        };
        if status == Status::Open && state.last_inbound_at.is_none() {
            // A machine's mail that asks for something, such as a web form: somebody waits.
            state.last_inbound_at = Some(draft.at);
        }
        let customer = draft.customer.as_ref().map_or_else(Customer::default, |address| Customer {
            name: address.name.clone(),
            address: address.address.clone(),
        });
        self.index.insert(id, self.plan.tickets.len());
        self.plan.tickets.push(Planned {
            id,
            before: None,
            state,
            subject: draft.mail().subject.clone(),
            snippet: draft.mail().snippet.clone(),
            customer,
            created_at: draft.at,
            customer_wrote: false,
        });
        id
    }

    /// The contact of a mail, made when it is new.
    fn contact(&mut self, draft: &Draft) -> Option<ContactId> {
        let blind = draft.customer_blind.as_ref()?;
        if let Some(id) = self.known.contacts.get(blind) {
            return Some(*id);
        }
        let address = draft.customer.as_ref()?;
        let id = ContactId((self.new_id)());
        self.known.contacts.insert(blind.clone(), id);
        self.plan.contacts.push(PlannedContact {
            id,
            name: address.name.clone(),
            address: address.address.clone(),
            blind: blind.clone(),
        });
        Some(id)
    }

    /// Makes the mail known to those that come after it in the batch.
    fn remember(&mut self, draft: &Draft, ticket_id: TicketId) {
        let message_id = draft.understood.stored.message_id;
        let own = draft.own.iter().map(|blind| (blind, true));
        let refers = draft.refers.iter().map(|blind| (blind, false));
        for (blind, own) in own.chain(refers) {
            self.known.references.entry(blind.clone()).or_default().push(Reference {
                blind: blind.clone(),
                message_id,
                ticket_id,
                own,
            });
        }
        self.known.participants.entry(ticket_id).or_default().extend(draft.people.iter().cloned());
    }
}

fn has_attachment(draft: &Draft) -> bool {
    draft.mail().attachments.iter().any(|attachment| !attachment.inline)
}

/// A ticket of history is closed, unless it is young and unanswered.
fn settle_history(state: &mut TicketState, now: DateTime<Utc>) {
    let asked = state.last_inbound_at.unwrap_or(state.last_message_at);
    let answered = state.last_message_at > asked || state.last_inbound_at.is_none();
    state.set_status(history_status(asked, answered, now), now);
    if state.status == Status::Closed {
        state.closed_at = Some(state.last_message_at);
    } else {
        state.waiting_since = Some(asked);
    }
}

/// Somebody answered from their own mail client.
fn answered_elsewhere(state: &mut TicketState, at: DateTime<Utc>, now: DateTime<Utc>) {
    if state.status == Status::Open && state.last_inbound_at.is_none_or(|asked| asked <= at) {
        state.set_status(Status::Pending, now);
    }
}
