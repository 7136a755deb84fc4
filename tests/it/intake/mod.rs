//! Mail comes in and finds its ticket; what cannot be processed harms nobody.

use bytes::Bytes;
use chrono::TimeDelta;
use loket::domain::ids::MessageId;
use loket::domain::words::{FolderRole, LedgerState, OutboxState, Status};
use loket::service::acts::change::{self, Patch};
use loket::service::intake::{self, Batch, Incoming, Report, Target};
use loket::service::sync;
use loket::service::tickets::{self, ListQuery, StatusFilter, TicketView};
use loket::store::Scope;
use loket::store::folders::Cursor;
use loket::store::ledger::{self, QuarantineFilter};

use crate::support::db::{On, on_both};
use crate::support::desk::{Desk, MAILBOX};

mod acknowledge;
mod reports;
mod resume;
mod senders;

on_both!(
    a_mail_becomes_a_ticket,
    the_customers_answer_joins_and_wakes,
    a_stranger_who_knows_the_id_gets_a_ticket_of_their_own,
    the_same_mail_is_taken_once,
    machines_reopen_nothing,
    a_long_closed_ticket_is_followed_by_a_linked_one,
    a_bounce_fails_the_answer_and_opens_nothing,
    what_cannot_be_read_is_quarantined_alone,
    history_arrives_closed_and_threads_in_any_order,
    an_answer_from_elsewhere_belongs_to_the_ticket,
    a_mail_in_the_undo_window_stops_the_answer,
);

/// A mail with these headers.
fn mail(from: &str, id: &str, more: &str, text: &str) -> Bytes {
    format!(
        "From: {from}\r\nTo: {MAILBOX}\r\nSubject: Fiets\r\nMessage-ID: <{id}>\r\n\
         Date: Mon, 2 Mar 2026 09:00:00 +0000\r\n{more}\r\n{text}\r\n"
    )
    .into()
}

struct Box<'a> {
    desk: &'a Desk,
    role: FolderRole,
}

impl Box<'_> {
    async fn take(&self, mails: Vec<(i64, Bytes, bool)>) -> Report {
        let desk = self.desk;
        let target = target(desk);
        let name = self.role.as_str();
        let folder = sync::folder(&desk.services, &target, name, self.role).await.unwrap();
        let last = mails.iter().map(|mail| mail.0).max().unwrap_or(0).max(folder.last_uid);
        let cursor = Cursor { uid_validity: 7, last_uid: last, backfill_uid: 0 };
        let now = desk.store().now();
        let mails = mails
            .into_iter()
            .map(|(uid, raw, is_history)| Incoming {
                uid,
                raw,
                received_at: Some(now + TimeDelta::seconds(uid) - TimeDelta::minutes(1)),
                is_history,
            })
            .collect();
        let batch = Batch { folder, mails, missing: Vec::new(), skipped: Vec::new(), cursor };
        intake::take(&desk.services, &target, batch).await.unwrap()
    }
}

fn target(desk: &Desk) -> Target {
    Target {
        organization_id: desk.organization(),
        channel_id: desk.channel,
        own_addresses: vec![MAILBOX.to_owned()],
    }
}

async fn take(desk: &Desk, uid: i64, raw: Bytes) -> Report {
    Box { desk, role: FolderRole::Inbox }.take(vec![(uid, raw, false)]).await
}

/// The tickets beside the one that the desk begins with, oldest first.
async fn numbers(desk: &Desk) -> Vec<i64> {
    let query = ListQuery { status: StatusFilter::All, ..ListQuery::default() };
    let page = tickets::list(&desk.services, &desk.agent, query).await.unwrap();
    let mut numbers: Vec<i64> = page
        .items
        .iter()
        .filter(|item| item.ticket.id != desk.ticket)
        .map(|item| item.ticket.number)
        .collect();
    numbers.sort_unstable();
    numbers
}

async fn open(desk: &Desk, number: i64) -> TicketView {
    tickets::get(&desk.services, &desk.agent, number).await.unwrap()
}

async fn only(desk: &Desk) -> TicketView {
    let numbers = numbers(desk).await;
    assert_eq!(numbers.len(), 1, "{numbers:?}");
    open(desk, numbers[0]).await
}

async fn close(desk: &Desk, number: i64) {
    let version = open(desk, number).await.summary.ticket.version;
    let patch = Patch { status: Some(Status::Closed), ..Patch::default() };
    change::update(&desk.services, &desk.agent, number, version, patch).await.unwrap();
}

fn reply_to(id: &str) -> String {
    format!("In-Reply-To: <{id}>\r\nReferences: <{id}>\r\n")
}

async fn a_mail_becomes_a_ticket(on: On) {
    let desk = Desk::new(on).await;
    let report = take(&desk, 1, mail("Jan <jan@k.test>", "a@k.test", "", "Waar blijft hij?")).await;
    assert_eq!(report, Report { imported: 1, tickets: 1, ..Report::default() });
    let view = only(&desk).await;
    let ticket = &view.summary.ticket;
    assert_eq!(ticket.subject, "Fiets");
    assert_eq!(ticket.customer.address, "jan@k.test");
    assert_eq!(ticket.customer.name.as_deref(), Some("Jan"));
    assert_eq!(ticket.state.status, Status::Open);
    assert!(ticket.state.waiting_since.is_some());
    assert!(view.summary.unread);
    assert_eq!(view.messages[0].text.trim(), "Waar blijft hij?");
    tickets::mark_read(&desk.services, &desk.agent, ticket.number).await.unwrap();
    assert!(!only(&desk).await.summary.unread);
    let stranger = tickets::get(&desk.services, &desk.stranger, ticket.number).await;
    assert!(stranger.is_err(), "who does not belong to the mailbox sees nothing");
}

async fn the_customers_answer_joins_and_wakes(on: On) {
    let desk = Desk::new(on).await;
    take(&desk, 1, mail("jan@k.test", "a@k.test", "", "Eerste")).await;
    let number = only(&desk).await.summary.ticket.number;
    close(&desk, number).await;
    let second = mail("jan@k.test", "b@k.test", &reply_to("a@k.test"), "Tweede");
    take(&desk, 2, second).await;
    let view = only(&desk).await;
    assert_eq!(view.messages.len(), 2);
    assert_eq!(view.summary.ticket.state.status, Status::Open);
    assert_eq!(view.summary.ticket.state.message_count, 2);
}

async fn a_stranger_who_knows_the_id_gets_a_ticket_of_their_own(on: On) {
    let desk = Desk::new(on).await;
    take(&desk, 1, mail("jan@k.test", "a@k.test", "", "Eerste")).await;
    let first = only(&desk).await;
    let crafted = mail("dief@x.test", "b@x.test", &reply_to("a@k.test"), "Stuur mij alles");
    take(&desk, 2, crafted).await;
    let numbers = numbers(&desk).await;
    assert_eq!(numbers.len(), 2);
    assert_eq!(open(&desk, numbers[0]).await.messages.len(), 1);
    let second = open(&desk, numbers[1]).await;
    assert_eq!(second.messages[0].flags, ["possibly_related"]);
    assert_eq!(second.summary.ticket.state.related_to_id, Some(first.summary.ticket.id));
}

async fn the_same_mail_is_taken_once(on: On) {
    let desk = Desk::new(on).await;
    let raw = mail("jan@k.test", "a@k.test", "", "Eerste");
    take(&desk, 1, raw.clone()).await;
    assert_eq!(take(&desk, 1, raw.clone()).await, Report::default(), "the same UID");
    let again = take(&desk, 2, raw).await;
    assert_eq!(again, Report { duplicate: 1, ..Report::default() }, "the same content");
    // The id alone suppresses nothing: another text under a known id is a mail of its own.
    let other = mail("piet@k.test", "a@k.test", "", "Heel iets anders");
    assert_eq!(take(&desk, 3, other).await.tickets, 1);
    assert_eq!(numbers(&desk).await.len(), 2);
}

async fn machines_reopen_nothing(on: On) {
    let desk = Desk::new(on).await;
    take(&desk, 1, mail("jan@k.test", "a@k.test", "", "Eerste")).await;
    let number = only(&desk).await.summary.ticket.number;
    close(&desk, number).await;
    let headers = format!("{}Auto-Submitted: auto-replied\r\n", reply_to("a@k.test"));
    take(&desk, 2, mail("jan@k.test", "b@k.test", &headers, "Ik ben met vakantie")).await;
    let view = only(&desk).await;
    assert_eq!(view.messages.len(), 2);
    assert!(view.messages[1].is_auto);
    assert_eq!(view.summary.ticket.state.status, Status::Closed);
}

async fn a_long_closed_ticket_is_followed_by_a_linked_one(on: On) {
    let desk = Desk::new(on).await;
    take(&desk, 1, mail("jan@k.test", "a@k.test", "", "Eerste")).await;
    let first = only(&desk).await.summary.ticket.clone();
    close(&desk, first.number).await;
    desk.home.advance(TimeDelta::days(31));
    take(&desk, 2, mail("jan@k.test", "b@k.test", &reply_to("a@k.test"), "Weer ik")).await;
    let numbers = numbers(&desk).await;
    assert_eq!(numbers.len(), 2);
    let second = open(&desk, numbers[1]).await.summary.ticket;
    assert_eq!(second.state.related_to_id, Some(first.id));
    assert_eq!(open(&desk, first.number).await.summary.ticket.state.status, Status::Closed);
}

async fn a_bounce_fails_the_answer_and_opens_nothing(on: On) {
    let desk = Desk::new(on).await;
    let answer = desk.reply("Morgen").await;
    desk.after_undo().await;
    assert_eq!(desk.entry(answer).await.unwrap().state, OutboxState::Sent);
    let id = message_id(&desk, answer).await;
    let before = numbers(&desk).await.len();
    let report = |original: &str| {
        Bytes::from(format!(
            "From: MAILER-DAEMON@mx.test\r\nTo: {MAILBOX}\r\nSubject: Undelivered\r\n\
             Message-ID: <bounce-{}@mx.test>\r\nMIME-Version: 1.0\r\n\
             Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n\
             --b\r\n\r\nCould not deliver.\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n\
             Reporting-MTA: dns; mx.test\r\n\r\nFinal-Recipient: rfc822; klant@customers.test\r\n\
             Action: failed\r\nStatus: 5.1.1\r\nDiagnostic-Code: smtp; 550 no such user\r\n\r\n\
             --b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: <{original}>\r\n\
             From: {MAILBOX}\r\n\r\n--b--\r\n",
            original.len()
        ))
    };
    take(&desk, 1, report(&id)).await;
    let entry = desk.entry(answer).await.unwrap();
    assert_eq!(entry.state, OutboxState::Failed);
    assert_eq!(entry.error_code.as_deref(), Some("bounced"));
    assert!(desk.messages().await.iter().any(|message| message.is_bounce));
    let unmatched = take(&desk, 2, report("nobody-knows@elsewhere.test")).await;
    assert_eq!(unmatched, Report { skipped: 1, ..Report::default() });
    assert_eq!(numbers(&desk).await.len(), before);
}

async fn message_id(desk: &Desk, id: MessageId) -> String {
    let messages = desk.messages().await;
    let message = messages.iter().find(|message| message.id == id).unwrap();
    message.envelope.message_id.clone().unwrap()
}

async fn what_cannot_be_read_is_quarantined_alone(on: On) {
    let desk = Desk::new(on).await;
    let mut bomb = String::from("From: x@x.test\r\nSubject: diep\r\n");
    for _ in 0..30_000 {
        bomb.push_str("Content-Type: message/rfc822\r\n\r\n");
    }
    let report = Box { desk: &desk, role: FolderRole::Inbox }
        .take(vec![
            (1, mail("jan@k.test", "a@k.test", "", "Ervoor"), false),
            (2, bomb.into(), false),
            (3, mail("piet@k.test", "c@k.test", "", "Erna"), false),
        ])
        .await;
    assert_eq!(report, Report { imported: 2, quarantined: 1, tickets: 2, ..Report::default() });
    let listed = ledger::list_quarantined(
        desk.store(),
        &Scope::whole(desk.organization()),
        &QuarantineFilter::default(),
        None,
        10,
    )
    .await
    .unwrap();
    assert_eq!(listed.len(), 1);
    assert_eq!(listed[0].state, LedgerState::Quarantined);
    let target = target(&desk);
    let again = intake::retry(&desk.services, &target, desk.organization(), listed[0].id).await;
    assert_eq!(again.unwrap().quarantined, 1, "still the same mail");
}

async fn history_arrives_closed_and_threads_in_any_order(on: On) {
    let desk = Desk::new(on).await;
    let inbox = Box { desk: &desk, role: FolderRole::Inbox };
    // Newest first: the answer comes in before the mail that it answers.
    let second = mail("jan@k.test", "b@k.test", &reply_to("a@k.test"), "Tweede");
    inbox.take(vec![(9, second, true)]).await;
    inbox.take(vec![(8, mail("jan@k.test", "a@k.test", "", "Eerste"), true)]).await;
    let view = only(&desk).await;
    assert_eq!(view.messages.len(), 2);
    assert!(!view.summary.unread, "history arrives read");
    assert_eq!(view.summary.ticket.state.status, Status::Open, "young and unanswered");
    let answer = Bytes::from(format!(
        "From: {MAILBOX}\r\nTo: jan@k.test\r\nSubject: Re: Fiets\r\nMessage-ID: <c@acme.test>\r\n\
         {}\r\nGedaan\r\n",
        reply_to("b@k.test")
    ));
    Box { desk: &desk, role: FolderRole::Sent }.take(vec![(20, answer, true)]).await;
    let view = only(&desk).await;
    assert_eq!(view.messages.len(), 3);
    assert_eq!(view.summary.ticket.state.status, Status::Closed, "answered");
}

async fn an_answer_from_elsewhere_belongs_to_the_ticket(on: On) {
    let desk = Desk::new(on).await;
    take(&desk, 1, mail("jan@k.test", "a@k.test", "", "Eerste")).await;
    let sent = Box { desk: &desk, role: FolderRole::Sent };
    let answer = Bytes::from(format!(
        "From: {MAILBOX}\r\nTo: jan@k.test\r\nSubject: Re: Fiets\r\nMessage-ID: <c@acme.test>\r\n\
         {}\r\nVanaf mijn telefoon\r\n",
        reply_to("a@k.test")
    ));
    sent.take(vec![(2, answer, false)]).await;
    let view = only(&desk).await;
    assert_eq!(view.messages.len(), 2);
    assert_eq!(view.summary.ticket.state.status, Status::Pending);
    let private = Bytes::from(format!(
        "From: {MAILBOX}\r\nTo: oma@k.test\r\nSubject: Taart\r\nMessage-ID: <d@acme.test>\r\n\r\nLekker\r\n"
    ));
    assert_eq!(sent.take(vec![(3, private, false)]).await.skipped, 1);
    assert_eq!(numbers(&desk).await.len(), 1);
}

async fn a_mail_in_the_undo_window_stops_the_answer(on: On) {
    let desk = Desk::new(on).await;
    let answer = desk.reply("Morgen").await;
    let id = message_id(&desk, answer).await;
    let customer = crate::support::desk::CUSTOMER;
    take(&desk, 1, mail(customer, "n@customers.test", &reply_to(&id), "Laat maar")).await;
    assert!(desk.messages().await.iter().any(|message| message.text.contains("Laat maar")));
    desk.after_undo().await;
    assert_eq!(desk.entry(answer).await.unwrap().state, OutboxState::NeedsConfirmation);
    assert!(desk.server.sent().is_empty());
}
