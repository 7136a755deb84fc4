//! Step 4: where each mail goes. Pure: it works on what was looked up before.
//!
//! First match wins, and each needs a reason to be trusted:
//! 1. A token of ours in In-Reply-To or References, and a sender who takes part in the ticket.
//! 2. A Message-ID that we know, and such a sender.
//! 3. A mail that refers to this one is here already (history arrives newest first).
//!
//! A stranger who knows an id gets a new ticket marked as possibly related. A ticket's number
//! in the subject is no reason.
//!
//! A report of (non-)delivery joins only where it names a mail of ours, and opens nothing; what
//! merely reads like one is automatic mail. Mail of our own (the folder of sent mail) joins
//! where it belongs and is left out otherwise, until somebody answers it: then it begins a
//! ticket. Mail that comes in under our own name is a copy, or is judged as anybody's.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::draft::Draft;
use crate::domain::ids::{ContactId, MessageId, TicketId};
use crate::domain::ticket::{Placement, history_status, place_inbound};
use crate::domain::words::{Priority, Status};
use crate::store::ledger::SENT_UNRELATED;
use crate::store::messages::references::Reference;
use crate::store::tickets::{Customer, Ticket, TicketState};

/// How often a merge is followed; a longer chain is a mistake.
const MAX_MERGES: usize = 8;

/// Why mail is left out that was erased at the request of a person.
const ERASED: &str = "erased";

/// What was looked up.
#[derive(Debug, Default)]
pub(super) struct Known {
    pub(super) references: HashMap<Vec<u8>, Vec<Reference>>,
    pub(super) participants: HashMap<TicketId, HashSet<Vec<u8>>>,
    pub(super) tickets: HashMap<TicketId, Ticket>,
    pub(super) contacts: HashMap<Vec<u8>, ContactId>,
    /// Which of the messages that references lead to are ours.
    pub(super) outbound: HashSet<MessageId>,
    /// Message-IDs of mail that was erased.
    pub(super) erased: HashSet<Vec<u8>>,
    /// Customers whose mail goes to spam.
    pub(super) blocked: HashSet<ContactId>,
    /// Addresses of the organization's users among those who forwarded something, lower case.
    pub(super) colleagues: HashSet<String>,
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
    /// Stable words for the warnings that the conversation shows.
    pub(super) flags: Vec<&'static str>,
    /// It reports on this message of ours; such mail adds nobody to the ticket.
    pub(super) reports_on: Option<MessageId>,
}

impl Placed {
    /// Who takes part from now on.
    pub(super) fn people(&self) -> &[Vec<u8>] {
        if self.reports_on.is_some() { &[] } else { &self.draft.people }
    }
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
    /// Somebody else has filed it in the meantime.
    Done,
}

/// Places mails in order of time.
pub(super) fn plan(
    mut drafts: Vec<Draft>,
    known: Known,
    now: DateTime<Utc>,
    new_id: &dyn Fn() -> Uuid,
) -> Plan {
    drafts.sort_by_key(|draft| draft.at);
    let answers = drafts.iter().filter(|draft| draft.may_answer());
    let answered = answers.flat_map(|draft| draft.refers.iter().cloned()).collect();
    let (plan, index) = (Plan::default(), HashMap::new());
    let mut planner = Planner { known, now, new_id, answered, plan, index };
    for draft in drafts {
        planner.place(draft);
    }
    planner.plan
}

struct Planner<'a> {
    known: Known,
    now: DateTime<Utc>,
    new_id: &'a dyn Fn() -> Uuid,
    /// What others in the batch refer to.
    answered: HashSet<Vec<u8>>,
    plan: Plan,
    index: HashMap<TicketId, usize>,
}

impl Planner<'_> {
    fn place(&mut self, draft: Draft) {
        let mut flags = draft.flags();
        if draft.forwarder().is_some_and(|from| self.known.colleagues.contains(&from.key())) {
            flags.push("forwarded");
        }
        let (ticket_id, reports_on) = match self.goal(&draft) {
            Goal::Skip(reason) => return self.plan.skipped.push((draft, reason)),
            Goal::Duplicate => return self.plan.duplicates.push(draft),
            Goal::Done => return,
            Goal::Join(id, reports_on) => match self.join(&draft, id) {
                Placement::Join(status) => {
                    if status == Status::Spam && !draft.is_ours && !draft.is_automatic() {
                        flags.push("in_spam");
                    }
                    (id, reports_on)
                }
                Placement::NewLinked => (self.open(&draft, Some(id)), None),
            },
            Goal::Related(id) => {
                flags.push("possibly_related");
                (self.open(&draft, Some(id)), None)
            }
            Goal::New => (self.open(&draft, None), None),
        };
        let contact_id = if reports_on.is_some() { None } else { self.contact(&draft) };
        let placed = Placed { draft, ticket_id, contact_id, flags, reports_on };
        self.remember(&placed);
        self.plan.placed.push(placed);
    }

    fn goal(&self, draft: &Draft) -> Goal {
        let known = draft.own.iter().find_map(|blind| self.reference(blind, true));
        if known.is_some_and(|(_, id)| id == draft.understood.stored.message_id) {
            return Goal::Done;
        }
        if draft.own.iter().any(|blind| self.known.erased.contains(blind)) {
            return Goal::Skip(ERASED);
        }
        if known.is_some() && (draft.is_ours || draft.in_our_name) {
            return Goal::Duplicate;
        }
        if let Some(report) = draft.report() {
            if let Some((ticket, message)) = self.find_ours(draft) {
                return Goal::Join(ticket, Some(message));
            }
            if report.is_certain {
                let bounced = draft.mail().bounce.is_some();
                return Goal::Skip(if bounced { "bounce_unmatched" } else { "notice_unmatched" });
            }
        }
        match self.find(draft) {
            Some((ticket, _)) if draft.is_ours || self.takes_part(draft, ticket) => {
                Goal::Join(ticket, None)
            }
            Some((ticket, _)) => Goal::Related(ticket),
            None if draft.is_ours && !self.is_answered(draft) => Goal::Skip(SENT_UNRELATED),
            None => Goal::New,
        }
    }

    /// Somebody answers it: in this batch, or that is why it was taken up again.
    fn is_answered(&self, draft: &Draft) -> bool {
        draft.is_answered || draft.own.iter().any(|blind| self.answered.contains(blind))
    }

    /// The mail of ours that a report is about.
    fn find_ours(&self, draft: &Draft) -> Option<(TicketId, MessageId)> {
        let by_token = draft.tokens.iter().find(|(ticket, _)| self.exists(*ticket)).copied();
        let (ticket, message) = by_token.or_else(|| {
            let known = |blind| self.reference(blind, true);
            draft.refers.iter().filter_map(known).find(|(_, id)| self.known.outbound.contains(id))
        })?;
        Some((self.follow_merges(ticket), message))
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
        let known = self.known.tickets.get(&id);
        // One that was made anonymous takes no more mail.
        self.index.contains_key(&id) || known.is_some_and(|ticket| ticket.anonymized_at.is_none())
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
        let people = self.known.participants.get(&ticket);
        people.zip(draft.sender.as_ref()).is_some_and(|(people, sender)| people.contains(sender))
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
        // Who is blocked opens and wakes nothing.
        let is_quiet = draft.is_automatic() || self.is_blocked(draft);
        let Some(ticket) = self.planned(id) else { return Placement::NewLinked };
        let state = &mut ticket.state;
        let placement = if draft.is_ours || draft.is_history() {
            Placement::Join(state.status)
        } else {
            place_inbound(state.status, state.closed_at, is_quiet, now)
        };
        let Placement::Join(status) = placement else { return placement };
        state.message_count += 1;
        state.has_attachment |= has_attachment(draft);
        if draft.at >= state.last_message_at {
            state.last_message_at = draft.at;
            ticket.snippet.clone_from(&draft.mail().snippet);
        }
        let inbound = !draft.is_ours && !is_quiet;
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
            history_status(draft.at, draft.is_automatic() || draft.is_ours, self.now)
        } else if draft.is_ours {
            Status::Pending
        } else if self.is_blocked(draft) {
            Status::Spam
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
            status_before: None,
            priority: Priority::Normal,
            delete_at: None,
            message_count: 1,
            has_attachment: has_attachment(draft),
            is_history: draft.is_history(),
            waiting_since: (status == Status::Open).then_some(draft.at),
            last_inbound_at: (!draft.is_automatic() && !draft.is_ours).then_some(draft.at),
            last_message_at: draft.at,
            // What is answered only now was not closed long ago.
            closed_at: (status == Status::Closed).then_some(if draft.is_answered {
                self.now
            } else {
                draft.at
            }),
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

    /// Whether the mail is from somebody whose mail goes to spam.
    fn is_blocked(&self, draft: &Draft) -> bool {
        let known = draft.customer_blind.as_ref().and_then(|blind| self.known.contacts.get(blind));
        !draft.is_ours && known.is_some_and(|id| self.known.blocked.contains(id))
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
    fn remember(&mut self, placed: &Placed) {
        let draft = &placed.draft;
        let message_id = draft.understood.stored.message_id;
        let own = draft.own.iter().map(|blind| (blind, true));
        let refers = draft.refers.iter().map(|blind| (blind, false));
        for (blind, own) in own.chain(refers) {
            self.known.references.entry(blind.clone()).or_default().push(Reference {
                blind: blind.clone(),
                message_id,
                ticket_id: placed.ticket_id,
                own,
            });
        }
        if draft.is_ours {
            self.known.outbound.insert(message_id);
        }
        let people = self.known.participants.entry(placed.ticket_id).or_default();
        people.extend(placed.people().iter().cloned());
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
