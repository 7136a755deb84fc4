//! What happens, told to a browser as it happens.
//!
//! The event log is read by number, so nothing is missed and nothing comes twice; signals of
//! this instance say when to look, and a look every second finds what other instances wrote, and who
//! is at a ticket behind them.
//! Rights are read anew before anything is told.

use std::collections::{HashMap, VecDeque};
use std::time::Duration;

use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;

use super::drafts::Saved;
use super::presence::{self, Room};
use super::{Result, Services, sign_in};
use crate::authz::{Actor, Permission};
use crate::domain::ids::{ChannelId, MessageId, OrganizationId, TicketId};
use crate::domain::words::EventKind;
use crate::store::EventSignal;
use crate::store::events::{self, Event};
use crate::store::tickets;

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
}

impl About {
    /// The name of the event in the stream.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ticket => "ticket",
            Self::Message => "message",
            Self::Mailbox => "mailbox",
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
        let numbers = self.ticket_numbers(&found).await?;
        for event in found {
            if let Some(happened) = told(&self.actor, &numbers, event) {
                self.ready.push_back(FeedEvent::Happened(happened));
            }
        }
        self.after = last;
        Ok(Look::Found)
    }

    async fn ticket_numbers(&self, found: &[Event]) -> Result<HashMap<TicketId, i64>> {
        let mut ids: Vec<TicketId> = found.iter().filter_map(|event| event.ticket_id).collect();
        ids.sort_unstable();
        ids.dedup();
        if ids.is_empty() || !self.actor.may(Permission::ReadTickets) {
            return Ok(HashMap::new());
        }
        let scope = super::reach_of(&self.actor);
        let found = tickets::find_many(self.services.store(), &scope, &ids).await?;
        Ok(found.into_iter().map(|ticket| (ticket.id, ticket.number)).collect())
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

/// The event as this actor may know it, if at all.
fn told(actor: &Actor, numbers: &HashMap<TicketId, i64>, event: Event) -> Option<Happened> {
    // They name no channel by which to tell who might know of it.
    let is_nobodys = [EventKind::TicketRemoved, EventKind::ContactChanged];
    if is_nobodys.iter().any(|kind| event.kind == kind.as_str()) {
        return None;
    }
    let ticket_number = match event.ticket_id {
        Some(id) => Some(*numbers.get(&id)?),
        None => None,
    };
    // Mail of another mailbox may be in a ticket that they reach.
    let reaches =
        ticket_number.is_some() || event.channel_id.is_none_or(|channel| actor.reaches(channel));
    let is_mailbox = event.kind == EventKind::MailboxChanged.as_str()
        || event.kind == EventKind::ImportProgress.as_str();
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
    })
}
