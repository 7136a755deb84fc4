//! A large helpdesk to measure with: tickets straight into the store, drawn from a seed.
//!
//! An organization of its own, with an agent and a paused mailbox; customers first, then tickets
//! with their messages, a hundred in a transaction, keys before data as everywhere. The mix is
//! that of a desk some years old: most tickets are closed, every tenth is open.
//!
//! To change the mix: [`status`], [`MESSAGES`].

use std::fmt::Write as _;

use chrono::{DateTime, TimeDelta, Utc};
use rand::{Rng, RngExt, SeedableRng};
use rand_chacha::ChaCha12Rng;
use secrecy::SecretString;

use super::mailboxes::{self, Import, Link};
use super::organization::{self, NewOrganization};
use super::users::{self, NewUser};
use super::{Result, Services, retention};
use crate::audit::Actor as Who;
use crate::crypto::{KeyKind, OpenKey};
use crate::domain::ids::{ChannelId, ContactId, MembershipId, MessageId, OrganizationId, TicketId};
use crate::domain::words::{
    ChannelState, ImportMode, MessageKind, Priority, Provider, Role, Status,
};
use crate::store::channels::{self, StateChange};
use crate::store::contacts::{self, NewContact};
use crate::store::mailboxes::MailboxSettings;
use crate::store::messages::references::{self, Reference};
use crate::store::messages::{self, Envelope, NewMessage, Party};
use crate::store::tickets::{self, Customer, NewTicket, TicketState, participants};
use crate::store::{keys, organizations};

/// How many messages a ticket has, unless the plan says it.
const MESSAGES: std::ops::RangeInclusive<usize> = 4..=10;

/// As many of the messages before it does a message name: mail servers cut what is longer.
const REFERRED: usize = 20;

/// Tickets in one transaction.
const BATCH: u64 = 100;

/// Every customer has this many tickets, about.
const TICKETS_OF_A_CUSTOMER: u64 = 4;

/// Over which time tickets came in.
const YEARS: i64 = 3;

/// The mailbox's address.
const ADDRESS: &str = "desk@bench.example.com";

const WORDS: &[&str] = &[
    "order",
    "delivery",
    "invoice",
    "fiets",
    "ketting",
    "bestelling",
    "retour",
    "Rechnung",
    "Lieferung",
    "please",
    "thank",
    "niet",
    "graag",
    "morgen",
    "contract",
    "account",
    "payment",
    "the",
    "and",
    "with",
    "voor",
    "een",
    "und",
    "nicht",
    "question",
    "answer",
    "weekend",
    "refund",
    "spare",
    "part",
    "broken",
    "geleverd",
    "verstuurd",
    "wanneer",
    "größe",
    "café",
];

/// What to make.
#[derive(Debug, Clone, Copy)]
pub struct Plan {
    /// How many tickets.
    pub tickets: u64,
    /// How many messages each of them has; as many as are drawn from [`MESSAGES`] if this is not said.
    pub messages: Option<usize>,
    /// How many messages one more ticket has, which is closed and older than all others; 0: none.
    pub long: usize,
    /// The same seed draws the same tickets.
    pub seed: u64,
}

/// What was made.
#[derive(Debug)]
pub struct Loaded {
    /// The organization.
    pub organization_id: OrganizationId,
    /// The agent's sign-in address.
    pub email: String,
    /// How many messages.
    pub messages: u64,
    /// Bytes of their texts, subjects, names and addresses.
    pub plain_bytes: u64,
}

/// Loads tickets; `tell` is told how many there are. For the operator.
pub async fn run(
    services: &Services,
    Plan { tickets: count, messages: of_each, long, seed }: Plan,
    password: SecretString,
    tell: impl Fn(u64),
) -> Result<Loaded> {
    let mut random = ChaCha12Rng::seed_from_u64(seed);
    let desk = desk(services, &password).await?;
    // As after an import: what is old already does not go in the first night.
    retention::wait(services, desk.organization_id, desk.channel_id).await?;
    let people = count.div_ceil(TICKETS_OF_A_CUSTOMER).max(1);
    let customers = customers(services, &desk, people).await?;
    let mut made = 0;
    let (mut messages, mut plain_bytes) = (0, 0);
    while made < count {
        let size = BATCH.min(count - made);
        let share = Share { from: made, size, of: count, messages: of_each, is_old: false };
        let (more, bytes) = batch(services, &desk, &customers, &mut random, share).await?;
        messages += more;
        plain_bytes += bytes;
        made += size;
        tell(made);
    }
    if long > 0 {
        let share = Share { from: made, size: 1, of: count, messages: Some(long), is_old: true };
        let (more, bytes) = batch(services, &desk, &customers, &mut random, share).await?;
        messages += more;
        plain_bytes += bytes;
    }
    Ok(Loaded { organization_id: desk.organization_id, email: desk.email, messages, plain_bytes })
}

/// Where everything goes.
struct Desk {
    organization_id: OrganizationId,
    organization_key: OpenKey,
    channel_id: ChannelId,
    channel_key: OpenKey,
    agent: MembershipId,
    email: String,
}

struct Person {
    id: ContactId,
    customer: Customer,
    blind: Vec<u8>,
}

/// Which of all tickets a batch is.
#[derive(Clone, Copy)]
struct Share {
    from: u64,
    size: u64,
    of: u64,
    /// How many messages each has; drawn otherwise.
    messages: Option<usize>,
    /// Whether it is closed and older than all others.
    is_old: bool,
}

async fn desk(services: &Services, password: &SecretString) -> Result<Desk> {
    let store = services.store();
    // So that a second load has addresses of its own.
    let tag = store.new_id().simple().to_string().split_off(20);
    let user = |name: &str, role| NewUser {
        name: name.to_owned(),
        email: format!("{}-{tag}@bench.example.com", name.to_lowercase()),
        role,
        password: password.clone(),
    };
    let made = organization::create(
        services,
        NewOrganization {
            name: "bench".to_owned(),
            time_zone: "Europe/Amsterdam".to_owned(),
            owner: user("Owner", Role::Owner),
        },
    )
    .await?;
    let organization_id = made.organization_id;
    let agent = user("Agent", Role::Agent);
    let email = agent.email.clone();
    let agent = users::create(services, organization_id, agent).await?;
    let link = Link {
        provider: Provider::Maildir,
        address: ADDRESS.to_owned(),
        display_name: "Bench".to_owned(),
        language: None,
        settings: MailboxSettings::default(),
        password: None,
        import: Import { mode: ImportMode::Now, since: None },
    };
    let members = [made.membership_id, agent];
    let channel_id =
        mailboxes::add(services, organization_id, Who::Cli, &members, &link, None).await?;
    let channel_key = keys::of_channel(store, organization_id, channel_id).await?;
    // There is no mail to read.
    let paused = StateChange { state: ChannelState::Paused, code: None, detail: None };
    let tx = store.begin().await?;
    channels::set_state(&tx, &channel_key, organization_id, channel_id, &paused).await?;
    tx.commit().await?;
    let organization_key = keys::of_organization(store, organization_id).await?;
    Ok(Desk { organization_id, organization_key, channel_id, channel_key, agent, email })
}

async fn customers(services: &Services, desk: &Desk, count: u64) -> Result<Vec<Person>> {
    let store = services.store();
    let mut people = Vec::new();
    let mut from = 0;
    while from < count {
        let size = (count - from).min(500);
        let ids: Vec<_> = (0..size).map(|_| store.new_id()).collect();
        let keys = store
            .keyring()
            .create_many(KeyKind::Profile, &desk.organization_key, None, &ids)
            .await?;
        let rows: Vec<NewContact> = (from..)
            .zip(keys)
            .map(|(number, key)| {
                let address = format!("customer{number:06}@customers.example.net");
                NewContact {
                    id: ContactId(store.new_id()),
                    key,
                    name: Some(format!("Customer {number}")),
                    address_blind: contacts::address_blind(&desk.organization_key, &address),
                    address,
                    channel_id: desk.channel_id,
                }
            })
            .collect();
        let tx = store.begin().await?;
        contacts::add(&tx, desk.organization_id, &rows).await?;
        tx.commit().await?;
        people.extend(rows.into_iter().map(|row| Person {
            id: row.id,
            customer: Customer { name: row.name, address: row.address },
            blind: row.address_blind,
        }));
        from += size;
    }
    Ok(people)
}

/// A ticket on its way into the store.
struct Made<'a> {
    id: TicketId,
    key: OpenKey,
    state: TicketState,
    subject: String,
    snippet: String,
    person: &'a Person,
    created_at: DateTime<Utc>,
}

async fn batch(
    services: &Services,
    desk: &Desk,
    customers: &[Person],
    random: &mut ChaCha12Rng,
    share: Share,
) -> Result<(u64, u64)> {
    let store = services.store();
    let sizes: Vec<usize> = (0..share.size)
        .map(|_| share.messages.unwrap_or_else(|| random.random_range(MESSAGES)))
        .collect();
    let needed = sizes.len() + sizes.iter().sum::<usize>();
    let ids: Vec<_> = (0..needed).map(|_| store.new_id()).collect();
    let channel = Some(desk.channel_id.0);
    let keyring = store.keyring();
    let mut keys =
        keyring.create_many(KeyKind::Content, &desk.channel_key, channel, &ids).await?.into_iter();
    let mut made = Vec::with_capacity(sizes.len());
    let mut all = Vec::with_capacity(needed);
    let mut refers = Vec::with_capacity(needed);
    for (number, size) in (share.from..).zip(sizes) {
        let which = random.random_range(0..customers.len().max(1));
        let (Some(person), Some(key)) = (customers.get(which), keys.next()) else { continue };
        let mut created_at = came_in(store.now(), number, share.of);
        let mut state = state(desk, person, random, created_at);
        if share.is_old {
            created_at -= TimeDelta::days(2 * YEARS * 365);
            state.status = Status::Closed;
        }
        let mut ticket = Made {
            id: TicketId(store.new_id()),
            key,
            state,
            subject: prose(random, 30),
            snippet: String::new(),
            person,
            created_at,
        };
        let keys: Vec<OpenKey> = keys.by_ref().take(size).collect();
        converse(services, desk, &mut ticket, keys, random, (&mut all, &mut refers));
        made.push(ticket);
    }
    let organization_id = desk.organization_id;
    let sealed = messages::seal_all(organization_id, &all, store.now())?;
    let tx = store.begin().await?;
    let count = i64::try_from(made.len()).unwrap_or(i64::MAX);
    let first = organizations::take_ticket_numbers(&tx, organization_id, count).await?;
    let rows: Vec<NewTicket<'_>> = made
        .iter()
        .zip(first..)
        .map(|(ticket, number)| NewTicket {
            id: ticket.id,
            number,
            key: ticket.key.clone(),
            state: ticket.state.clone(),
            subject: &ticket.subject,
            snippet: &ticket.snippet,
            customer: &ticket.person.customer,
            created_at: ticket.created_at,
        })
        .collect();
    tickets::add(&tx, organization_id, &rows).await?;
    let (written, plain) = (all.len() as u64, all.iter().map(plain_bytes).sum());
    messages::add_sealed(&tx, sealed).await?;
    references::add(&tx, organization_id, desk.channel_id, refers).await?;
    let people = made.iter().map(|ticket| (ticket.id, ticket.person.blind.clone()));
    participants::add(&tx, organization_id, people).await?;
    tx.commit().await?;
    Ok((written, plain))
}

/// What an index has to tell of a message.
fn plain_bytes(message: &NewMessage) -> u64 {
    let head = &message.envelope;
    let people = head.from.iter().chain(&head.to);
    let people = people.map(|one| one.address.len() + one.name.as_ref().map_or(0, String::len));
    let quoted = message.quoted.as_ref().map_or(0, String::len);
    let all = message.text.len() + quoted + head.subject.len() + people.sum::<usize>();
    all as u64
}

/// The oldest first, evenly over the years.
fn came_in(now: DateTime<Utc>, number: u64, of: u64) -> DateTime<Utc> {
    let span = YEARS * 365 * 24 * 3_600;
    let left = i64::try_from(of.saturating_sub(number)).unwrap_or(0);
    let of = i64::try_from(of).unwrap_or(1).max(1);
    now - TimeDelta::seconds(span / of * left)
}

fn status(random: &mut ChaCha12Rng) -> Status {
    match random.random_range(0..100) {
        0..10 => Status::Open,
        10..15 => Status::Pending,
        15..17 => Status::OnHold,
        17..19 => Status::Spam,
        19 => Status::Trash,
        _ => Status::Closed,
    }
}

fn state(
    desk: &Desk,
    person: &Person,
    random: &mut ChaCha12Rng,
    created_at: DateTime<Utc>,
) -> TicketState {
    let status = status(random);
    TicketState {
        channel_id: desk.channel_id,
        contact_id: Some(person.id),
        status,
        assignee_id: random.random_ratio(1, 3).then_some(desk.agent),
        team_id: None,
        status_before: None,
        priority: Priority::Normal,
        delete_at: None,
        message_count: 0,
        has_attachment: false,
        is_history: false,
        waiting_since: None,
        last_inbound_at: None,
        last_message_at: created_at,
        closed_at: None,
        snoozed_until: None,
        merged_into_id: None,
        related_to_id: None,
        replaced_contact_id: None,
    }
}

/// Customer and agent by turns.
fn converse(
    services: &Services,
    desk: &Desk,
    ticket: &mut Made<'_>,
    keys: Vec<OpenKey>,
    random: &mut ChaCha12Rng,
    (all, refers): (&mut Vec<NewMessage>, &mut Vec<Reference>),
) {
    let store = services.store();
    let customer = Party {
        name: ticket.person.customer.name.clone(),
        address: ticket.person.customer.address.clone(),
    };
    let us = Party { name: Some("Bench".to_owned()), address: ADDRESS.to_owned() };
    let mut before: Vec<String> = Vec::new();
    for (number, key) in keys.into_iter().enumerate() {
        let inbound = number % 2 == 0;
        let at = (ticket.created_at + TimeDelta::hours(i64::try_from(number).unwrap_or(0) * 5))
            .min(store.now());
        let id = MessageId(store.new_id());
        let mail_id = format!("{:016x}@bench.example.net", random.next_u64());
        let size = random.random_range(200..1_500);
        let text = prose(random, size);
        let (from, to) = if inbound { (&customer, &us) } else { (&us, &customer) };
        ticket.snippet = text.chars().take(160).collect();
        ticket.state.message_count += 1;
        ticket.state.last_message_at = at;
        if inbound {
            ticket.state.last_inbound_at = Some(at);
        }
        refers.push(Reference {
            blind: references::blind(&desk.channel_key, &mail_id),
            message_id: id,
            ticket_id: ticket.id,
            own: true,
        });
        all.push(NewMessage {
            id,
            ticket_id: ticket.id,
            channel_id: desk.channel_id,
            contact_id: Some(ticket.person.id),
            author_id: (!inbound).then_some(desk.agent),
            kind: if inbound { MessageKind::Inbound } else { MessageKind::Outbound },
            key,
            at,
            is_auto: false,
            is_bounce: false,
            has_remote_images: false,
            flags: Vec::new(),
            envelope: Envelope {
                from: vec![from.clone()],
                to: vec![to.clone()],
                subject: ticket.subject.clone(),
                message_id: Some(mail_id.clone()),
                in_reply_to: before.last().cloned().into_iter().collect(),
                references: before.iter().rev().take(REFERRED).rev().cloned().collect(),
                date: Some(at),
                ..Envelope::default()
            },
            html: Some(format!("<p>{}</p>", text.replace("\n\n", "</p><p>"))),
            text,
            quoted: None,
        });
        before.push(mail_id);
    }
    let state = &mut ticket.state;
    match state.status {
        Status::Open => state.waiting_since = state.last_inbound_at,
        Status::Closed => state.closed_at = Some(state.last_message_at),
        _ => {}
    }
}

/// How many different words there are beside [`WORDS`].
const RARE: f64 = 60_000.0;

/// Syllables that rare words are made of.
const SYLLABLES: &[&str] = &[
    "ba", "ce", "di", "fo", "gu", "ha", "je", "ki", "lo", "mu", "na", "pe", "ri", "so", "tu", "va",
    "we", "zi", "bra", "ste", "klo", "dru", "fli", "gra", "spe", "tro",
];

/// The word of rank n is n times as rare as the first (Zipf), between 1 and [`RARE`].
fn rank(random: &mut ChaCha12Rng) -> usize {
    let even: f64 = random.random();
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "below 60,000")]
    let rank = RARE.powf(even) as usize;
    rank
}

/// The word of a rank: the same each time. For whoever measures a search.
fn write_rare(text: &mut String, mut rank: usize) {
    loop {
        text.push_str(SYLLABLES.get(rank % SYLLABLES.len()).copied().unwrap_or_default());
        rank /= SYLLABLES.len();
        if rank == 0 {
            break;
        }
    }
    text.push('n');
}

fn write_order(text: &mut String, number: u32) {
    // Writing to a string never fails.
    let _ = write!(text, "2026-{number:06}");
}

/// Words of about `size` bytes.
fn prose(random: &mut ChaCha12Rng, size: usize) -> String {
    let mut text = String::with_capacity(size + 16);
    while text.len() < size {
        // Half of a text is words that are in every text; the rest is as rare as words are.
        if random.random_ratio(1, 2) {
            let which = random.random_range(0..WORDS.len());
            text.push_str(WORDS.get(which).copied().unwrap_or_default());
        } else if random.random_ratio(1, 30) {
            write_order(&mut text, random.random_range(0..1_000_000));
        } else {
            write_rare(&mut text, rank(random));
        }
        text.push_str(if random.random_ratio(1, 40) { ".\n\n" } else { " " });
    }
    text.truncate(text.trim_end().len());
    text
}
