//! What happens, told to a browser as it happens.
//!
//! The event log is read by number, so nothing is missed and nothing comes twice; signals of
//! this instance say when to look, and a look every second finds what other instances wrote, and who
//! is at a ticket behind them.
//! Rights are read anew before anything is told.

use std::collections::{HashMap, VecDeque};
use std::time::Duration;

use serde_json::Value;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use uuid::Uuid;

use super::drafts::Saved;
use super::presence::{self, Room};
use super::{Result, Services, sign_in};
use crate::authz::{Actor, Permission};
use crate::domain::desk::ReplyScope;
use crate::domain::ids::{ChannelId, ContactId, MessageId, OrganizationId, TeamId, TicketId};
use crate::domain::words::EventKind;
use crate::store::EventSignal;
use crate::store::contacts::profile;
use crate::store::events::{self, Event};
use crate::store::{saved_replies, tickets};

/// How often to look for what other instances wrote.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// Events that are read at once.
const PAGE: u64 = 200;

/// A browser that is further behind reads everything again instead.
const FARTHEST_BEHIND: i64 = 1_000;

/// What an event is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum About {
    /// A ticket.
    Ticket,
    /// A message of a ticket.
    Message,
    /// A mailbox.
    Mailbox,
    /// A customer.
    Contact,
    /// A tag.
    Tag,
    /// A team.
    Team,
    /// A view.
    View,
    /// A saved reply.
    SavedReply,
    /// A user.
    User,
    /// The organization.
    Organization,
}

impl About {
    /// The name of the event in the stream.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ticket => "ticket",
            Self::Message => "message",
            Self::Mailbox => "mailbox",
            Self::Contact => "contact",
            Self::Tag => "tag",
            Self::Team => "team",
            Self::View => "view",
            Self::SavedReply => "saved_reply",
            Self::User => "user",
            Self::Organization => "organization",
        }
    }
}

/// Something that happened.
#[derive(Debug, Clone)]
pub struct Happened {
    /// Its number in the log.
    pub number: i64,
    /// What it is about.
    pub about: About,
    /// What happened, as a word.
    pub kind: String,
    /// The ticket's number.
    pub ticket_number: Option<i64>,
    /// The message.
    pub message_id: Option<MessageId>,
    /// The mailbox.
    pub mailbox_id: Option<ChannelId>,
    /// What has changed, where it is none of these.
    pub id: Option<Uuid>,
}

/// What a browser is told.
#[derive(Debug, Clone)]
pub enum FeedEvent {
    /// The stream begins here. A browser that is cut off before anything happens comes again
    /// with this number, and misses nothing.
    Start {
        /// The newest event's number.
        number: i64,
    },
    /// Something happened.
    Happened(Happened),
    /// Somebody came to a ticket, went on with it, or left. It is in no log: a browser that was cut
    /// off asks who is there.
    Present(Room),
    /// They have saved a draft or a letter, perhaps in another browser. It is in no log either: a window
    /// that is looked at again asks.
    Saved(Saved),
    /// Too much happened, or the log does not reach back: read everything again.
    Reset {
        /// Where to go on.
        number: i64,
    },
}

/// The events of one browser.
#[derive(Debug)]
pub struct Feed {
    services: Services,
    actor: Actor,
    signals: Receiver<EventSignal>,
    rooms: Receiver<(OrganizationId, TicketId)>,
    saved: Receiver<Saved>,
    after: i64,
    ready: VecDeque<FeedEvent>,
}

impl Feed {
    /// Begins after the event with this number; without one, with what happens from now on.
    pub async fn open(services: Services, actor: Actor, after: Option<i64>) -> Result<Self> {
        // First listen, then look: what happens in between is not missed.
        let signals = services.store().signals();
        let rooms = services.rooms().changes();
        let saved = services.saved().subscribe();
        let (first, last) = events::bounds(services.store(), actor.organization_id).await?;
        let mut ready = VecDeque::new();
        let after = match after {
            None => {
                ready.push_back(FeedEvent::Start { number: last });
                last
            }
            Some(after)
                if after <= last && after + 1 >= first && last - after <= FARTHEST_BEHIND =>
            {
                after
            }
            Some(_) => {
                ready.push_back(FeedEvent::Reset { number: last });
                last
            }
        };
        Ok(Self { services, actor, signals, rooms, saved, after, ready })
    }

    /// The next event; `None` when the actor may not listen any more or the store failed: the
    /// browser then comes again.
    pub async fn next(&mut self) -> Option<FeedEvent> {
        loop {
            if let Some(event) = self.ready.pop_front() {
                return Some(event);
            }
            match self.look().await {
                Ok(Look::Found) => {}
                Ok(Look::Nothing) => match self.wait().await? {
                    Heard::Event => {}
                    Heard::Place(place) => self.look_into(place).await?,
                    Heard::Saved(saved) => {
                        self.actor = self.actor_now().await.ok()??;
                        self.ready.push_back(FeedEvent::Saved(saved));
                    }
                },
                Ok(Look::Ended) => return None,
                Err(error) => {
                    tracing::error!(error = &error as &dyn std::error::Error, "a feed broke");
                    return None;
                }
            }
        }
    }

    /// Until something happened.
    async fn wait(&mut self) -> Option<Heard> {
        let Actor { organization_id, membership_id, .. } = self.actor;
        let after = self.after;
        let (signals, rooms, saved) = (&mut self.signals, &mut self.rooms, &mut self.saved);
        let heard = async {
            loop {
                tokio::select! {
                    signal = signals.recv() => match signal {
                        Ok(signal) if signal.organization_id != organization_id => {}
                        Ok(signal) if signal.number <= after => {}
                        // Lagging is no loss: the log is read by number.
                        Ok(_) | Err(RecvError::Lagged(_)) => return Some(Heard::Event),
                        Err(RecvError::Closed) => return None,
                    },
                    place = rooms.recv() => match place {
                        Ok(place) if place.0 == organization_id => return Some(Heard::Place(place)),
                        // What was missed is told again by the next beat.
                        Ok(_) | Err(RecvError::Lagged(_)) => {}
                        Err(RecvError::Closed) => return None,
                    },
                    draft = saved.recv() => match draft {
                        Ok(draft) if draft.membership_id == membership_id => {
                            return Some(Heard::Saved(draft));
                        }
                        Ok(_) | Err(RecvError::Lagged(_)) => {}
                        Err(RecvError::Closed) => return None,
                    },
                }
            }
        };
        tokio::time::timeout(LOOK_EVERY, heard).await.unwrap_or(Some(Heard::Event))
    }

    /// Tells who is at a ticket, if the actor may still know of it.
    async fn look_into(&mut self, place: (OrganizationId, TicketId)) -> Option<()> {
        self.actor = self.actor_now().await.ok()??;
        let now = self.services.store().now();
        if let Some(room) = self.services.rooms().look(&self.actor, place, now) {
            self.ready.push_back(FeedEvent::Present(room));
        }
        Some(())
    }

    /// The actor with the rights that they have now; `None` when they may not listen any more.
    async fn actor_now(&self) -> Result<Option<Actor>> {
        let Actor { account_id, organization_id, membership_id, .. } = self.actor;
        sign_in::find_actor(&self.services, account_id, organization_id, membership_id).await
    }

    async fn look(&mut self) -> Result<Look> {
        let store = self.services.store();
        let organization_id = self.actor.organization_id;
        let found = events::list_after(store, organization_id, self.after, PAGE).await?;
        let Some(last) = found.last() else {
            presence::listen(&self.services, organization_id).await?;
            return Ok(Look::Nothing);
        };
        let last = last.number;
        let Some(actor) = self.actor_now().await? else { return Ok(Look::Ended) };
        self.actor = actor;
        let known = Known::load(&self.services, &self.actor, &found).await?;
        for event in found {
            if let Some(happened) = told(&self.actor, &known, event) {
                self.ready.push_back(FeedEvent::Happened(happened));
            }
        }
        self.after = last;
        Ok(Look::Found)
    }
}

enum Heard {
    /// The log is to be looked at: something is in it, or nothing was heard for a while.
    Event,
    /// Somebody came to this ticket, or left it.
    Place((OrganizationId, TicketId)),
    /// The actor has saved what they write.
    Saved(Saved),
}

enum Look {
    Found,
    Nothing,
    Ended,
}

/// What must be read to say which events the actor may know of.
struct Known {
    /// The tickets that they reach, with their numbers.
    numbers: HashMap<TicketId, i64>,
    /// The channels by which customers are known.
    contacts: HashMap<ContactId, Vec<ChannelId>>,
    /// The actor's teams.
    teams: Vec<TeamId>,
}

impl Known {
    async fn load(services: &Services, actor: &Actor, found: &[Event]) -> Result<Self> {
        let (store, organization_id) = (services.store(), actor.organization_id);
        let contacts: Vec<ContactId> = found.iter().filter_map(contact_of).collect();
        let contacts = if contacts.is_empty() || !actor.may(Permission::ReadTickets) {
            HashMap::new()
        } else {
            profile::channels_of(store, organization_id, &contacts).await?
        };
        let of_replies = EventKind::SavedReplyChanged.as_str();
        let teams = if found.iter().any(|event| event.kind == of_replies) {
            saved_replies::teams_of(store, organization_id, actor.membership_id).await?
        } else {
            Vec::new()
        };
        Ok(Self { numbers: ticket_numbers(services, actor, found).await?, contacts, teams })
    }
}

async fn ticket_numbers(
    services: &Services,
    actor: &Actor,
    found: &[Event],
) -> Result<HashMap<TicketId, i64>> {
    let mut ids: Vec<TicketId> = found.iter().filter_map(|event| event.ticket_id).collect();
    ids.sort_unstable();
    ids.dedup();
    if ids.is_empty() || !actor.may(Permission::ReadTickets) {
        return Ok(HashMap::new());
    }
    let found = tickets::find_many(services.store(), &super::reach_of(actor), &ids).await?;
    Ok(found.into_iter().map(|ticket| (ticket.id, ticket.number)).collect())
}

fn id_in(event: &Event, field: &str) -> Option<Uuid> {
    event.data.get(field)?.as_str()?.parse().ok()
}

fn contact_of(event: &Event) -> Option<ContactId> {
    let is_contact = event.kind == EventKind::ContactChanged.as_str();
    is_contact.then(|| id_in(event, "contact").map(ContactId)).flatten()
}

/// The event as this actor may know it, if at all.
fn told(actor: &Actor, known: &Known, event: Event) -> Option<Happened> {
    let kind: Option<EventKind> = event.kind.parse().ok();
    match kind {
        Some(EventKind::TicketRemoved) => return told_gone(actor, event),
        Some(EventKind::ContactChanged) => {
            let id = contact_of(&event)?;
            let channels = known.contacts.get(&id).filter(|_| !actor.hidden.contains(&id))?;
            let reaches = channels.iter().any(|channel| actor.reaches(*channel));
            return reaches.then(|| thing(event, About::Contact, id.0));
        }
        Some(kind) => {
            if let Some(about) = thing_of(kind) {
                let id = id_in(&event, "id")?;
                return may_know(actor, known, kind, &event).then(|| thing(event, about, id));
            }
        }
        None => {}
    }
    let ticket_number = match event.ticket_id {
        Some(id) => Some(*known.numbers.get(&id)?),
        None => None,
    };
    // Mail of another mailbox may be in a ticket that they reach.
    let reaches =
        ticket_number.is_some() || event.channel_id.is_none_or(|channel| actor.reaches(channel));
    let is_mailbox = matches!(kind, Some(EventKind::MailboxChanged | EventKind::ImportProgress));
    if !(reaches || is_mailbox && actor.may(Permission::ManageMailboxes)) {
        return None;
    }
    let about = if is_mailbox {
        About::Mailbox
    } else if event.message_id.is_some() {
        About::Message
    } else {
        About::Ticket
    };
    Some(Happened {
        number: event.number,
        about,
        kind: event.kind,
        ticket_number,
        message_id: event.message_id,
        mailbox_id: event.channel_id,
        id: None,
    })
}

/// A ticket that is gone is told of by its number, to those who belong to its mailbox.
fn told_gone(actor: &Actor, event: Event) -> Option<Happened> {
    let reaches = event.channel_id.is_some_and(|channel| actor.reaches(channel));
    if !(reaches && actor.may(Permission::ReadTickets)) {
        return None;
    }
    Some(Happened {
        number: event.number,
        about: About::Ticket,
        ticket_number: Some(event.data.get("number")?.as_i64()?),
        kind: event.kind,
        message_id: None,
        mailbox_id: event.channel_id,
        id: None,
    })
}

/// What belongs to no channel, by the kind of its event.
const fn thing_of(kind: EventKind) -> Option<About> {
    match kind {
        EventKind::TagChanged => Some(About::Tag),
        EventKind::TeamChanged => Some(About::Team),
        EventKind::ViewChanged => Some(About::View),
        EventKind::SavedReplyChanged => Some(About::SavedReply),
        EventKind::UserChanged => Some(About::User),
        EventKind::OrganizationChanged => Some(About::Organization),
        _ => None,
    }
}

/// Whether the actor sees it, or did before it changed: the same as where it is listed.
fn may_know(actor: &Actor, known: &Known, kind: EventKind, event: &Event) -> bool {
    let is_own = |field| id_in(event, field) == Some(actor.membership_id.0);
    match kind {
        EventKind::TagChanged => actor.may(Permission::ReadTickets),
        EventKind::TeamChanged | EventKind::UserChanged => actor.may(Permission::ListUsers),
        EventKind::ViewChanged => {
            let is_shared = event.data.get("shared").and_then(Value::as_bool) == Some(true);
            actor.may(Permission::ReadTickets) && (is_shared || is_own("owner"))
        }
        EventKind::SavedReplyChanged => {
            let scope = event.data.get("scope").and_then(|scope| scope.as_str()?.parse().ok());
            let subject = id_in(event, "subject");
            let uses = match scope {
                Some(ReplyScope::Personal) => is_own("subject"),
                Some(ReplyScope::Team) => known.teams.iter().any(|id| subject == Some(id.0)),
                Some(ReplyScope::Mailbox) => subject.is_some_and(|id| actor.reaches(ChannelId(id))),
                Some(ReplyScope::Organization) => true,
                None => false,
            };
            actor.may(Permission::WorkOnTickets) && uses
        }
        EventKind::OrganizationChanged => true,
        _ => false,
    }
}

fn thing(event: Event, about: About, id: Uuid) -> Happened {
    Happened {
        number: event.number,
        about,
        kind: event.kind,
        ticket_number: None,
        message_id: None,
        mailbox_id: None,
        id: Some(id),
    }
}
