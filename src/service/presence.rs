//! Who reads a ticket right now, and who writes an answer.
//!
//! It is kept in memory and nowhere else, for it is true for seconds: a browser says every
//! [`beat`](BEAT) where it is, and who is silent for longer than [`SILENCE`] has gone. Several
//! instances on one database each know of their own browsers only.

use std::collections::HashMap;
use std::sync::Mutex;

use chrono::{DateTime, TimeDelta, Utc};
use tokio::sync::broadcast;

use super::{Result, Services};
use crate::authz::{Actor, Permission};
use crate::domain::desk::PresenceState;
use crate::domain::ids::{ChannelId, ContactId, MembershipId, OrganizationId, TicketId};

/// How often a browser says where it is.
pub const BEAT: TimeDelta = TimeDelta::seconds(20);

/// Two beats may be lost, or late.
const SILENCE: TimeDelta = TimeDelta::seconds(50);

/// Signals that a browser may lag behind; a lost one is made good by the next beat.
const BUFFER: usize = 256;

/// Somebody at a ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Present {
    /// Who.
    pub membership_id: MembershipId,
    /// What they do.
    pub state: PresenceState,
    /// Until when that is taken to be so.
    pub until: DateTime<Utc>,
}

/// Those at a ticket.
#[derive(Debug, Clone)]
pub struct Room {
    /// The ticket's number.
    pub number: i64,
    /// Who is there.
    pub people: Vec<Present>,
    channel_id: ChannelId,
    contact_id: Option<ContactId>,
}

impl Room {
    fn is_open_to(&self, actor: &Actor) -> bool {
        actor.may(Permission::ReadTickets)
            && actor.reaches(self.channel_id)
            && self.contact_id.is_none_or(|id| !actor.hidden.contains(&id))
    }

    /// Without those who have gone, and without the actor.
    fn seen_by(&self, actor: &Actor, now: DateTime<Utc>) -> Self {
        let is_there =
            |person: &&Present| person.until > now && person.membership_id != actor.membership_id;
        Self { people: self.people.iter().filter(is_there).copied().collect(), ..self.clone() }
    }
}

type Place = (OrganizationId, TicketId);

/// All of them.
#[derive(Debug)]
pub(super) struct Rooms {
    rooms: Mutex<HashMap<Place, Room>>,
    changed: broadcast::Sender<Place>,
}

impl Default for Rooms {
    fn default() -> Self {
        Self { rooms: Mutex::default(), changed: broadcast::channel(BUFFER).0 }
    }
}

impl Rooms {
    fn with<T>(&self, act: impl FnOnce(&mut HashMap<Place, Room>) -> T) -> T {
        // Whoever panicked with the lock held left at most an outdated room behind.
        act(&mut self.rooms.lock().unwrap_or_else(std::sync::PoisonError::into_inner))
    }

    /// Which rooms change, from now on.
    pub(super) fn changes(&self) -> broadcast::Receiver<Place> {
        self.changed.subscribe()
    }

    /// The room as the actor may see it; `None` when it is closed to them or there is none.
    pub(super) fn look(&self, actor: &Actor, place: Place, now: DateTime<Utc>) -> Option<Room> {
        if place.0 != actor.organization_id {
            return None;
        }
        let found = self.with(|rooms| rooms.get(&place).cloned())?;
        found.is_open_to(actor).then(|| found.seen_by(actor, now))
    }
}

/// The actor says what they do with a ticket; who else is there.
pub async fn tell(
    services: &Services,
    actor: &Actor,
    number: i64,
    state: PresenceState,
) -> Result<Room> {
    let ticket = super::tickets::reach(services, actor, Permission::ReadTickets, number).await?;
    let now = services.store().now();
    let place = (actor.organization_id, ticket.id);
    let me = Present { membership_id: actor.membership_id, state, until: now + SILENCE };
    let rooms = services.rooms();
    let is_news = rooms.with(|rooms| {
        rooms.retain(|_, room| room.people.iter().any(|person| person.until > now));
        let room = rooms.entry(place).or_insert_with(|| Room {
            number,
            people: Vec::new(),
            channel_id: ticket.state.channel_id,
            contact_id: ticket.state.contact_id,
        });
        // It may have been moved, or its customer put right, since the first of them came.
        room.channel_id = ticket.state.channel_id;
        room.contact_id = ticket.state.contact_id;
        let before = room.people.iter().find(|person| person.membership_id == me.membership_id);
        let before = before.filter(|person| person.until > now).map(|person| person.state);
        room.people.retain(|person| person.until > now && person.membership_id != me.membership_id);
        // Who leaves stays for as long as others need to be told of it.
        room.people.push(me);
        before != Some(state)
    });
    // A beat that changes nothing prolongs, which whoever sees it must hear of too.
    if is_news || state != PresenceState::Away {
        // Nobody listens: nobody needs to know.
        let _ = rooms.changed.send(place);
    }
    let found = rooms.look(actor, place, now);
    Ok(found.unwrap_or(Room {
        number,
        people: Vec::new(),
        channel_id: ticket.state.channel_id,
        contact_id: ticket.state.contact_id,
    }))
}

/// Where others are, among the tickets that the actor reaches.
pub fn list(services: &Services, actor: &Actor) -> Result<Vec<Room>> {
    services.scope(actor, Permission::ReadTickets)?;
    let now = services.store().now();
    let mut found: Vec<Room> = services.rooms().with(|rooms| {
        let of_actor = rooms.iter().filter(|((organization, _), room)| {
            *organization == actor.organization_id && room.is_open_to(actor)
        });
        of_actor.map(|(_, room)| room.seen_by(actor, now)).collect()
    });
    for room in &mut found {
        room.people.retain(|person| person.state != PresenceState::Away);
    }
    found.retain(|room| !room.people.is_empty());
    found.sort_by_key(|room| room.number);
    Ok(found)
}
