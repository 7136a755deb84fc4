//! Who reads a ticket right now, and who writes an answer.
//!
//! It is true for seconds: a browser says every [`beat`](BEAT) where it is, and who is silent for
//! longer than [`SILENCE`] has gone. Each instance keeps it in memory. Where several may work on one
//! database, a beat is written there too, and an instance reads what the others wrote: when it is
//! asked, and as often as its feeds look for events while somebody listens to one.

use std::collections::HashMap;
use std::sync::Mutex;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use tokio::sync::broadcast;
use tokio::time::Instant;

use super::{Result, Services};
use crate::authz::{Actor, Permission};
use crate::domain::desk::PresenceState;
use crate::domain::ids::{ChannelId, ContactId, MembershipId, OrganizationId, TicketId};
use crate::store::presence::{self, At};

/// How often a browser says where it is.
pub const BEAT: TimeDelta = TimeDelta::seconds(20);

/// Two beats may be lost, or late.
const SILENCE: TimeDelta = TimeDelta::seconds(50);

/// Signals that a browser may lag behind; a lost one is made good by the next beat.
const BUFFER: usize = 256;

/// Each feed looks every second, at a moment of its own: of all feeds of an organization few read.
const READ_EVERY: Duration = Duration::from_millis(500);

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

    fn find(&self, member: MembershipId) -> Option<&Present> {
        self.people.iter().find(|person| person.membership_id == member)
    }

    fn put(&mut self, me: Present) {
        self.people.retain(|person| person.membership_id != me.membership_id);
        self.people.push(me);
    }

    /// Whether there is something in it that who saw it as it was must hear of. Silence they see
    /// by themselves.
    fn is_news(&self, before: Option<&Self>) -> bool {
        self.people.iter().any(|person| {
            match before.and_then(|room| room.find(person.membership_id)) {
                Some(before) => before != person,
                None => person.state != PresenceState::Away,
            }
        })
    }
}

type Place = (OrganizationId, TicketId);

/// All of them.
#[derive(Debug)]
pub(super) struct Rooms {
    known: Mutex<Known>,
    changed: broadcast::Sender<Place>,
}

#[derive(Debug, Default)]
struct Known {
    rooms: HashMap<Place, Room>,
    /// Counts what is told here and what is read: of the two, what began later is newer.
    count: u64,
    /// Which count those have who told it here.
    told: HashMap<(Place, MembershipId), u64>,
    reads: HashMap<OrganizationId, Read>,
}

/// What was read last of an organization.
#[derive(Debug)]
struct Read {
    begun_at: Instant,
    taken: u64,
}

impl Default for Rooms {
    fn default() -> Self {
        Self { known: Mutex::default(), changed: broadcast::channel(BUFFER).0 }
    }
}

impl Known {
    fn next(&mut self) -> u64 {
        self.count += 1;
        self.count
    }

    /// Forgets who has gone.
    fn clear(&mut self, now: DateTime<Utc>) {
        for room in self.rooms.values_mut() {
            room.people.retain(|person| person.until > now);
        }
        self.rooms.retain(|_, room| !room.people.is_empty());
        let rooms = &self.rooms;
        self.told.retain(|(place, member), _| {
            rooms.get(place).is_some_and(|room| room.find(*member).is_some())
        });
    }

    fn is_there(&self, place: Place, member: MembershipId, now: DateTime<Utc>) -> bool {
        let found = self.rooms.get(&place).and_then(|room| room.find(member));
        found.is_some_and(|person| person.until > now)
    }

    /// Takes in what was read of an organization; where that is news.
    fn take(&mut self, organization_id: OrganizationId, begun: u64, found: Vec<At>) -> Vec<Place> {
        let Some(read) = self.reads.get_mut(&organization_id) else { return Vec::new() };
        if read.taken > begun {
            return Vec::new();
        }
        read.taken = begun;
        let mut rooms: HashMap<Place, Room> = HashMap::new();
        for At { ticket_id, number, channel_id, contact_id, membership_id, state, until } in found {
            let room = rooms.entry((organization_id, ticket_id)).or_insert_with(|| Room {
                number,
                people: Vec::new(),
                channel_id,
                contact_id,
            });
            room.put(Present { membership_id, state, until });
        }
        for ((place, member), told) in &self.told {
            let Some(known) = self.rooms.get(place).filter(|_| place.0 == organization_id) else {
                continue;
            };
            let Some(person) = known.find(*member).filter(|_| *told > begun) else { continue };
            let empty = || Room { people: Vec::new(), ..known.clone() };
            rooms.entry(*place).or_insert_with(empty).put(*person);
        }
        let is_news = |place: &&Place| {
            rooms.get(*place).is_some_and(|room| room.is_news(self.rooms.get(*place)))
        };
        let news = rooms.keys().filter(is_news).copied().collect();
        self.rooms.retain(|place, _| place.0 != organization_id);
        self.rooms.extend(rooms);
        news
    }
}

impl Rooms {
    fn with<T>(&self, act: impl FnOnce(&mut Known) -> T) -> T {
        // Whoever panicked with the lock held left at most an outdated room behind.
        act(&mut self.known.lock().unwrap_or_else(std::sync::PoisonError::into_inner))
    }

    fn announce(&self, place: Place) {
        // Nobody listens: nobody needs to know.
        let _ = self.changed.send(place);
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
        let found = self.with(|known| known.rooms.get(&place).cloned())?;
        found.is_open_to(actor).then(|| found.seen_by(actor, now))
    }
}

/// Reads what other instances were told, unless there are none; and what of it is news, tells who listens.
async fn read(services: &Services, organization_id: OrganizationId) -> Result<()> {
    let store = services.store();
    if !store.is_shared() {
        return Ok(());
    }
    let rooms = services.rooms();
    let begun = rooms.with(|known| {
        let (begun, begun_at) = (known.next(), Instant::now());
        let read = known.reads.entry(organization_id).or_insert(Read { begun_at, taken: 0 });
        read.begun_at = begun_at;
        begun
    });
    let found = presence::list(store, organization_id).await?;
    for place in rooms.with(|known| known.take(organization_id, begun, found)) {
        rooms.announce(place);
    }
    Ok(())
}

/// For somebody who listens to what happens: reads, if nobody has a moment ago.
pub(super) async fn listen(services: &Services, organization_id: OrganizationId) -> Result<()> {
    let is_fresh = services.rooms().with(|known| {
        let last = known.reads.get(&organization_id);
        last.is_some_and(|read| read.begun_at.elapsed() < READ_EVERY)
    });
    if is_fresh { Ok(()) } else { read(services, organization_id).await }
}

/// The actor says what they do with a ticket; who else is there.
pub async fn tell(
    services: &Services,
    actor: &Actor,
    number: i64,
    state: PresenceState,
) -> Result<Room> {
    let ticket = super::tickets::reach(services, actor, Permission::ReadTickets, number).await?;
    let store = services.store();
    let now = store.now();
    let Actor { organization_id, membership_id, .. } = *actor;
    let place = (organization_id, ticket.id);
    let me = Present { membership_id, state, until: now + SILENCE };
    let rooms = services.rooms();
    if store.is_shared() {
        if !rooms.with(|known| known.is_there(place, membership_id, now)) {
            presence::sweep_of(store, organization_id, membership_id).await?;
        }
        let at = (ticket.id, membership_id);
        presence::set(store, organization_id, at, state, me.until).await?;
    }
    let empty = Room {
        number,
        people: Vec::new(),
        channel_id: ticket.state.channel_id,
        contact_id: ticket.state.contact_id,
    };
    let is_news = rooms.with(|known| {
        known.clear(now);
        let count = known.next();
        known.told.insert((place, membership_id), count);
        let room = known.rooms.entry(place).or_insert_with(|| empty.clone());
        // It may have been moved, or its customer put right, since the first of them came.
        room.channel_id = empty.channel_id;
        room.contact_id = empty.contact_id;
        let before = room.find(membership_id).map(|person| person.state);
        // Who leaves stays for as long as others need to be told of it.
        room.put(me);
        before != Some(state)
    });
    // A beat that changes nothing prolongs, which whoever sees it must hear of too.
    if is_news || state != PresenceState::Away {
        rooms.announce(place);
    }
    read(services, organization_id).await?;
    Ok(rooms.look(actor, place, now).unwrap_or(empty))
}

/// Where others are, among the tickets that the actor reaches.
pub async fn list(services: &Services, actor: &Actor) -> Result<Vec<Room>> {
    services.scope(actor, Permission::ReadTickets)?;
    read(services, actor.organization_id).await?;
    let now = services.store().now();
    let mut found: Vec<Room> = services.rooms().with(|known| {
        let of_actor = known.rooms.iter().filter(|((organization, _), room)| {
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
