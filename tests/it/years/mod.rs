//! Two years of a busy organization, in seconds: a clock that is moved by hand, three mailboxes
//! with rules of their own, one of which is disconnected and gone, one disconnected and back, a hold
//! that ends, a customer who asks to be forgotten ([`erased`]) and keys that are rotated; another
//! organization that closes ([`closed`]); backups each week, and their pruning.
//!
//! Every day it is known of each mail whether it may be read ([`Mail::may_be_read`]); the keys that
//! live are just those of the mails that may. At times all is read through the API, every file is
//! searched, and the oldest backups of data and keys are put back on another disk: nothing comes
//! back that is gone.

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use loket::app::restore::Request;
use loket::backup::Kind;
use loket::clock::Clock as _;
use loket::domain::ids::HoldId;
use loket::domain::retention::{Rule, months_before};
use loket::domain::words::{Afterwards, HoldKind, PurgeState};
use loket::jobs;
use loket::queue::{Worker, WorkerOptions};
use loket::service::backup::{self, Listed};
use loket::service::holds::{self, NewHold};
use loket::service::outgoing::Outgoing;
use loket::service::tickets::{self, ListQuery};
use loket::service::{Services, purge, retention, rotation};
use loket::store::resealing::Of;
use regex::Regex;
use uuid::Uuid;

use closed::Other;

use crate::backup::site::{Open, Site};
use crate::support::app::over_mailing;
use crate::support::db::{On, on_both};
use crate::support::desk::FakeServer;
use crate::support::search::{Word, search_dump, search_files};
use crate::support::tenant::Tenant;

mod closed;
mod erased;

on_both!(for_two_years_every_promise_is_kept);

/// Days that pass.
const DAYS: i64 = 730;

/// Each mail comes so many days after the one before, to one mailbox after the other.
const EVERY: i64 = 4;

/// What every mail says, with letters of its own after it.
const STEM: &str = "zeekanarie";

/// The mailbox that is disconnected for good, and when.
const GONE: usize = 1;
const GONE_ON: i64 = 300;

/// The mailbox that is disconnected by mistake; when, and when that is taken back.
const BACK: usize = 2;
const LEFT_ON: i64 = 200;
const BACK_ON: i64 = 207;

/// The ticket under a hold, by its mail; from when to when.
const HELD: usize = 5;
const HELD_ON: i64 = 30;
const RELEASED_ON: i64 = 560;

/// The customer whose data is erased, and when.
const ERASED: usize = 3;
const ERASED_ON: i64 = 430;

/// When the organization's key is rotated, and a mailbox's.
const ROTATED_ON: i64 = 460;

/// As many customers write by turns.
const CUSTOMERS: usize = 11;

const UNDO: TimeDelta = TimeDelta::days(14);

/// How long each mailbox keeps its mail, in months.
const MONTHS: [u32; 3] = [18, 6, 12];

/// A mail, the ticket that was made of it, and what it is sealed with.
struct Mail {
    mailbox: usize,
    at: DateTime<Utc>,
    ticket: i64,
    key: Uuid,
    word: String,
}

/// What has happened.
#[derive(Default)]
struct Known {
    /// When the rule of the mailbox that goes ran for the last time.
    last_run: Option<DateTime<Utc>>,
    /// When its window ends.
    gone_due: Option<DateTime<Utc>>,
    /// Whether the hold lasts.
    held: bool,
    /// When a customer's data was erased.
    erased_at: Option<DateTime<Utc>>,
}

impl Mail {
    /// What was promised, as the nightly run and the purge of this moment leave it.
    fn may_be_read(&self, number: usize, now: DateTime<Utc>, known: &Known) -> bool {
        if self.mailbox == GONE && known.gone_due.is_some_and(|due| due <= now) {
            return false;
        }
        if number % CUSTOMERS == ERASED && known.erased_at.is_some_and(|at| self.at <= at) {
            return false;
        }
        if number == HELD && known.held {
            return true;
        }
        // Its rule does not run while a mailbox waits to go.
        let run = known.last_run.filter(|_| self.mailbox == GONE).unwrap_or(now);
        self.at >= months_before(run, MONTHS[self.mailbox])
    }
}

/// The word of a mail, in letters only.
fn word(number: usize) -> String {
    format!("{STEM}{}", letters(number))
}

fn letters(number: usize) -> String {
    let letter = |n: usize| char::from(b'a' + u8::try_from(n % 26).unwrap());
    [letter(number / 26), letter(number)].iter().collect()
}

fn raw(number: usize, at: DateTime<Utc>) -> Vec<u8> {
    let word = word(number);
    format!(
        "From: Klant <klant{}@klant.example>\r\nTo: <hulp@winkel.example>\r\n\
         Subject: Over {word}\r\nMessage-ID: <{number}@klant.example>\r\nDate: {}\r\n\r\n\
         Dit gaat over {word}.\r\n",
        number % CUSTOMERS,
        at.to_rfc2822()
    )
    .into_bytes()
}

/// The words that the owner can read in these mailboxes.
async fn words(services: &Services, mailboxes: &[Tenant]) -> BTreeSet<String> {
    let known = Regex::new(&format!("{STEM}[a-z]{{2}}")).unwrap();
    let mut found = BTreeSet::new();
    for mailbox in mailboxes {
        for number in numbers(services, mailbox).await {
            let view = tickets::get(services, &mailbox.owner, number).await.unwrap();
            let text = format!("{view:?}");
            found.extend(known.find_iter(&text).map(|word| word.as_str().to_owned()));
        }
    }
    found
}

/// The numbers of a mailbox's tickets.
async fn numbers(services: &Services, mailbox: &Tenant) -> Vec<i64> {
    let mut numbers = Vec::new();
    let mut cursor = None;
    loop {
        let query = ListQuery { limit: Some(100), cursor, ..ListQuery::default() };
        let page = tickets::list(services, &mailbox.owner, query).await.unwrap();
        numbers.extend(page.items.iter().map(|item| item.ticket.number));
        cursor = page.next_cursor;
        if cursor.is_none() {
            return numbers;
        }
    }
}

/// A mail comes in and becomes a ticket.
async fn receive(services: &Services, mailbox: &Tenant, number: usize, at: DateTime<Utc>) -> Mail {
    let report = mailbox.take(services, &[raw(number, at)]).await;
    assert_eq!(report.tickets, 1, "{report:?}");
    let ticket = numbers(services, mailbox).await.into_iter().max().unwrap();
    let view = tickets::get(services, &mailbox.owner, ticket).await.unwrap();
    let word = word(number);
    assert!(view.summary.ticket.subject.contains(&word), "{view:?}");
    Mail { mailbox: number % MONTHS.len(), at, ticket, key: view.messages[0].key_id, word }
}

async fn place_hold(services: &Services, mailbox: &Tenant, mail: &Mail) -> HoldId {
    let new = NewHold {
        kind: HoldKind::Ticket,
        subject_id: None,
        ticket_number: Some(mail.ticket),
        reason: "A case in court".to_owned(),
        review_at: services.store().now() + TimeDelta::days(600),
        people: vec![mailbox.owner.membership_id],
    };
    holds::place(services, &mailbox.owner, new).await.unwrap().hold.id
}

/// The tickets of the customer who asks to be forgotten, as far as they may be read.
fn theirs(mails: &[Option<Mail>], now: DateTime<Utc>, known: &Known) -> BTreeSet<i64> {
    let of = |(number, mail): (usize, &Option<Mail>)| {
        let mail = mail.as_ref().filter(|_| number % CUSTOMERS == ERASED)?;
        mail.may_be_read(number, now, known).then_some(mail.ticket)
    };
    mails.iter().enumerate().filter_map(of).collect()
}

/// The words of the mails that may be read.
fn readable(mails: &[Option<Mail>], now: DateTime<Utc>, known: &Known) -> BTreeSet<String> {
    let may = |(number, mail): (usize, &Option<Mail>)| {
        let mail = mail.as_ref()?;
        mail.may_be_read(number, now, known).then(|| mail.word.clone())
    };
    mails.iter().enumerate().filter_map(may).collect()
}

/// The keys that live are just those of the mails that may be read.
async fn keys_are_as_promised(
    services: &Services,
    mails: &[Option<Mail>],
    day: i64,
    now: DateTime<Utc>,
    known: &Known,
) {
    let all: Vec<Uuid> = mails.iter().flatten().map(|mail| mail.key).collect();
    let living = services.store().keyring().get_many(&all).await.unwrap();
    for (number, mail) in mails.iter().enumerate() {
        let Some(mail) = mail else { continue };
        let may = mail.may_be_read(number, now, known);
        let lives = living.contains_key(&mail.key);
        assert_eq!(lives, may, "day {day}: mail {number} of {}", mail.at);
    }
}

/// Runs what is due.
async fn night(services: &Services, server: &Arc<FakeServer>) {
    let server: Arc<dyn Outgoing> = server.clone();
    jobs::schedule(services).await.unwrap();
    let handlers = jobs::handlers(services, &server);
    let worker = Worker::new(services.store().clone(), handlers, WorkerOptions::default());
    worker.drain().await.unwrap();
}

/// The oldest backup of a kind.
fn oldest(services: &Services, kind: Kind) -> Option<Listed> {
    backup::list(services).unwrap().into_iter().find(|one| one.kind == kind)
}

/// No backup is older than was promised.
fn backups_are_young(services: &Services, now: DateTime<Utc>) {
    for one in backup::list(services).unwrap() {
        let days = if one.kind == Kind::Keyring { 7 } else { 30 };
        assert!(now - one.at <= TimeDelta::days(days), "{:?} of {}", one.kind, one.at);
    }
}

/// Puts the oldest backups back on another disk: just the mails that may be read today can be read.
async fn old_backups_bring_nothing_back(
    site: &Site,
    open: &Open,
    (mailboxes, other): (&[Tenant], &Other),
    day: i64,
    may: &BTreeSet<String>,
) {
    let Some(data) = oldest(&open.services, Kind::Data) else { return };
    let Some(keyring) = oldest(&open.services, Kind::Keyring) else { return };
    let elsewhere = site.copy();
    let inside = |path: &std::path::Path| {
        elsewhere.at(path.strip_prefix(site.at("")).unwrap().to_str().unwrap())
    };
    let request = Request {
        from: Some(inside(&data.path)),
        keyring: Some(inside(&keyring.path)),
        replace: true,
        ..Request::default()
    };
    elsewhere.restore(&request).await.unwrap();
    let again = elsewhere.open().await;
    // A key that came after the backup of the keyring is lost with it; none comes back.
    let read = words(&again.services, mailboxes).await;
    assert!(read.is_subset(may), "came back: {:?}", read.difference(may).collect::<Vec<_>>());
    assert!(!read.is_empty(), "nothing at all came back");
    if day >= closed::GONE_ON {
        assert_eq!(other.reads(&again.services).await, [""; 0], "came back");
    }
    again.close().await;
}

/// No file, and no dump of a database, has a word of what people wrote; nor, once it is closed, what the
/// other organization called itself.
fn nothing_lies_about(site: &Site, day: i64) {
    let mut words = vec![STEM, closed::STEM];
    words.extend((day >= closed::GONE_ON).then_some(closed::NAME));
    for word in words {
        let mut found = Vec::new();
        let word = Word::new(word);
        let files = search_files(&site.at(""), &word, &mut found);
        assert!(files > 5 || site.on == On::Postgres, "{files}");
        for url in site.urls() {
            search_dump(&url, &word, &mut found);
        }
        assert_eq!(found, [""; 0], "day {day}");
    }
}

async fn for_two_years_every_promise_is_kept(on: On) {
    let mut site = Site::new(on).await;
    // A dump of PostgreSQL takes as long as a month of this test; `backup` makes them.
    let hours = if on == On::Sqlite { "168" } else { "0" };
    site.set("LOKET_BACKUP__EVERY_HOURS", hours);
    let open = site.open().await;
    let (store, blobs) = (open.services.store().clone(), open.services.blobs().clone());
    let (services, post) = over_mailing(store, blobs);
    let (services, server) = (&services, Arc::new(FakeServer::default()));
    let mut other = Other::new(services, post).await;
    let first = Tenant::new(services, "winkel", "hulp@winkel.example").await;
    let mailboxes = [
        first.another(services, "verkoop", "verkoop@winkel.example").await,
        first.another(services, "retour", "retour@winkel.example").await,
    ];
    let mailboxes: Vec<Tenant> = std::iter::once(first).chain(mailboxes).collect();
    let rules = [Afterwards::Delete, Afterwards::Anonymize, Afterwards::Delete];
    for ((mailbox, months), then) in mailboxes.iter().zip(MONTHS).zip(rules) {
        let rule = Rule { months, then, ..Rule::default() };
        retention::set(services, &mailbox.owner, mailbox.channel, 0, rule).await.unwrap();
        // A shorter rule waits for this word.
        retention::confirm(services, &mailbox.owner, mailbox.channel, 1).await.unwrap();
    }
    let organization = mailboxes[BACK].owner.organization_id;
    let mut mails: Vec<Option<Mail>> = Vec::new();
    let mut known = Known::default();
    let mut hold: Option<HoldId> = None;
    for day in 1..=DAYS {
        site.days(1);
        let now = site.clock.now();
        if day % EVERY == 0 {
            let number = mails.len();
            let mailbox = number % mailboxes.len();
            let is_read = match mailbox {
                GONE => day < GONE_ON,
                BACK => !(LEFT_ON..BACK_ON).contains(&day),
                _ => true,
            };
            mails.push(if is_read {
                Some(receive(services, &mailboxes[mailbox], number, now).await)
            } else {
                None
            });
        }
        let (gone, back) = (&mailboxes[GONE], &mailboxes[BACK]);
        match day {
            HELD_ON => hold = Some(place_hold(services, back, mails[HELD].as_ref().unwrap()).await),
            RELEASED_ON => holds::end(services, &back.owner, hold.unwrap()).await.unwrap(),
            GONE_ON => {
                purge::disconnect(services, &gone.owner, gone.channel).await.unwrap();
                known.last_run = Some(now - TimeDelta::days(1));
                known.gone_due = Some(now + UNDO);
            }
            LEFT_ON => {
                purge::disconnect(services, &back.owner, back.channel).await.unwrap();
            }
            BACK_ON => {
                let password = Some("mailbox password".into());
                purge::undo(services, &back.owner, back.channel, password).await.unwrap();
            }
            ERASED_ON => {
                let address = format!("klant{ERASED}@klant.example");
                erased::ask(services, &server, &address, &theirs(&mails, now, &known)).await;
                known.erased_at = Some(now);
            }
            ROTATED_ON => {
                for of in [Of::Organization(organization), Of::Channel(organization, back.channel)]
                {
                    rotation::begin(services, of).await.unwrap();
                }
            }
            _ => {}
        }
        known.held = (HELD_ON..RELEASED_ON).contains(&day);
        other.day(services, day, now).await;
        night(services, &server).await;
        other.keys_are_as_promised(services, day).await;
        keys_are_as_promised(services, &mails, day, now, &known).await;
        backups_are_young(services, now);
        if day == closed::GONE_ON {
            other.is_gone(services).await;
        }
        let looks = [LEFT_ON, GONE_ON + 14, ERASED_ON, closed::GONE_ON, RELEASED_ON, DAYS];
        if looks.contains(&day) {
            let may = readable(&mails, now, &known);
            assert_eq!(words(services, &mailboxes).await, may, "day {day}");
            nothing_lies_about(&site, day);
            if on == On::Sqlite {
                old_backups_bring_nothing_back(&site, &open, (&mailboxes, &other), day, &may).await;
            }
        }
    }
    let purges = purge::list(services, &mailboxes[GONE].owner).await.unwrap();
    let states: Vec<PurgeState> = purges.iter().map(|view| view.purge.state).collect();
    assert_eq!(states, [PurgeState::Done]);
    // What was made anonymous before still had a row for each mail.
    let came = mails.iter().flatten().filter(|mail| mail.mailbox == GONE).count();
    assert_eq!(u64::try_from(purges[0].purge.counts.messages), Ok(came as u64));
    open.close().await;
}
