//! A mailbox that says by itself that a mail has arrived: to customers who begin, and to nobody else.

use super::*;
use chrono::{DateTime, Utc};
use loket::authz::Actor;
use loket::domain::words::{ChannelState, MarkKind, MessageKind, Provider, RequestKind, Role};
use loket::service::contacts as customers;
use loket::service::data_requests::{self, open::NewRequest};
use loket::service::mailboxes::{self, Acknowledgement, MailboxChange};
use loket::service::replies::{self, Mode, ReplyRequest};
use loket::store::drafts::Content;
use loket::store::{contacts, keys, person_marks};

use crate::support::desk::UNDO;

on_both!(
    who_begins_is_told_at_once,
    it_is_off_unless_an_admin_says_so,
    machines_lists_and_the_past_are_told_nothing,
    only_customers_are_told,
    who_was_answered_meanwhile_is_told_nothing,
    an_address_is_told_once_a_day,
    a_mailbox_tells_so_many_an_hour,
    two_machines_do_not_talk_for_ever,
    one_that_is_held_up_is_dropped,
    a_second_mail_does_not_stop_it,
);

const TEXT: &str = "Dank u. Uw nummer bij {{organization.name}} is {{ticket.number}}.";

fn admin(desk: &Desk) -> Actor {
    Actor { role: Role::Owner, ..desk.agent.clone() }
}

async fn version(desk: &Desk) -> i32 {
    mailboxes::get(&desk.services, &admin(desk), desk.channel).await.unwrap().mailbox.version
}

async fn set(desk: &Desk, enabled: bool, text: &str) {
    let acknowledgement = Some(Acknowledgement { enabled, text: text.to_owned() });
    let change = MailboxChange { acknowledgement, ..MailboxChange::default() };
    let (admin, version) = (admin(desk), version(desk).await);
    mailboxes::update(&desk.services, &admin, desk.channel, version, change).await.unwrap();
}

async fn switched_on(on: On) -> Desk {
    with(on, Provider::Google).await
}

async fn with(on: On, provider: Provider) -> Desk {
    let desk = Desk::with_provider(on, provider).await;
    set(&desk, true, TEXT).await;
    desk
}

fn date(at: DateTime<Utc>) -> String {
    format!("Date: {}\r\n", at.to_rfc2822())
}

/// A mail of just now.
fn fresh(desk: &Desk, from: &str, id: &str, more: &str) -> Bytes {
    let date = date(desk.store().now());
    format!(
        "From: {from}\r\nTo: {MAILBOX}\r\nSubject: Gratis geld\r\nMessage-ID: <{id}>\r\n{date}{more}\r\n\
         Klik hier\r\n"
    )
    .into()
}

fn sent(desk: &Desk) -> Vec<(Vec<String>, String)> {
    let read = |(envelope, raw): (loket::service::outgoing::Envelope, Vec<u8>)| {
        (envelope.recipients, String::from_utf8(raw).unwrap())
    };
    desk.server.sent().into_iter().map(read).collect()
}

async fn who_begins_is_told_at_once(on: On) {
    let desk = switched_on(on).await;
    let mail = fresh(&desk, "Mallory <jan@k.test>", "a@k.test", "");
    take(&desk, 1, mail).await;
    let before = only(&desk).await;
    desk.drain().await;
    let mails = sent(&desk);
    assert_eq!(mails.len(), 1);
    let (recipients, raw) = &mails[0];
    assert_eq!(recipients, &["jan@k.test"]);
    let number = before.summary.ticket.number;
    for line in [
        "From: Acme hulp <hulp@acme.test>\r\n",
        "To: jan@k.test\r\n",
        &format!("Subject: We hebben uw bericht ontvangen (nummer {number})\r\n"),
        "In-Reply-To: <a@k.test>\r\n",
        "References: <a@k.test>\r\n",
        "Auto-Submitted: auto-replied\r\n",
        "X-Auto-Response-Suppress: All\r\n",
        "Precedence: bulk\r\n",
        &format!("Dank u. Uw nummer bij Acme is {number}."),
        "Team Acme",
    ] {
        assert!(raw.contains(line), "{line} in {raw}");
    }
    for words in ["Mallory", "Gratis", "Klik"] {
        assert!(!raw.contains(words), "the sender's own {words} in {raw}");
    }
    let after = only(&desk).await;
    let (was, is) = (&before.summary.ticket, &after.summary.ticket);
    assert_eq!((is.state.status, is.state.waiting_since), (Status::Open, was.state.waiting_since));
    assert_eq!((is.state.last_message_at, &is.snippet), (was.state.last_message_at, &was.snippet));
    assert_eq!((is.state.message_count, is.version), (1, was.version), "nothing new to read");
    let answer = &after.messages[1];
    assert_eq!(
        (answer.kind, answer.is_auto, answer.author_id),
        (MessageKind::Outbound, true, None)
    );
    let entry = desk.entry(answer.id).await.unwrap();
    assert_eq!((entry.state, entry.can_restore()), (OutboxState::Sent, false));
    // Whoever read the ticket before it may answer; their answer goes to the customer's mail.
    let request = ReplyRequest {
        snooze_until: None,
        number,
        mode: Mode::Reply,
        content: Content { text: "Morgen".to_owned(), ..Content::default() },
        then: Some(Status::Pending),
        seen_version: was.version,
        idempotency_key: None,
    };
    replies::create(&desk.services, &desk.agent, request).await.unwrap();
    desk.after(UNDO).await;
    let mails = sent(&desk);
    assert_eq!(mails.len(), 2);
    assert!(mails[1].1.contains("In-Reply-To: <a@k.test>\r\n"), "{}", mails[1].1);
    let log =
        loket::store::audit::list(desk.store(), desk.organization(), None, 100).await.unwrap();
    assert!(log.iter().any(|entry| entry.action == loket::audit::Action::Acknowledge));
}

async fn it_is_off_unless_an_admin_says_so(on: On) {
    let desk = Desk::new(on).await;
    take(&desk, 1, fresh(&desk, "jan@k.test", "a@k.test", "")).await;
    desk.drain().await;
    set(&desk, false, TEXT).await;
    take(&desk, 2, fresh(&desk, "piet@k.test", "b@k.test", "")).await;
    desk.drain().await;
    assert!(sent(&desk).is_empty());
    set(&desk, true, TEXT).await;
    take(&desk, 3, fresh(&desk, "kees@k.test", "c@k.test", "")).await;
    // Switched off before it is done.
    set(&desk, false, TEXT).await;
    desk.drain().await;
    assert!(sent(&desk).is_empty());
    let id = desk.channel;
    let wrong = |enabled, text: &str| MailboxChange {
        acknowledgement: Some(Acknowledgement { enabled, text: text.to_owned() }),
        ..MailboxChange::default()
    };
    let now = version(&desk).await;
    for change in [wrong(true, "  "), wrong(false, "Dag {{customer.name}}")] {
        assert!(mailboxes::update(&desk.services, &admin(&desk), id, now, change).await.is_err());
    }
    let agent = mailboxes::update(&desk.services, &desk.agent, id, now, wrong(true, TEXT)).await;
    assert!(agent.is_err(), "an agent switches nothing on");
}

async fn machines_lists_and_the_past_are_told_nothing(on: On) {
    let desk = switched_on(on).await;
    let headers = [
        "Auto-Submitted: auto-replied\r\n",
        "Auto-Submitted: auto-generated\r\n",
        "Precedence: list\r\n",
        "Precedence: bulk\r\n",
        "List-Id: <nieuws.k.test>\r\n",
        "List-Unsubscribe: <https://k.test/u>\r\n",
        "X-Auto-Response-Suppress: All\r\n",
        "Return-Path: <>\r\n",
        "X-Spam-Flag: YES\r\n",
        "X-Forefront-Antispam-Report: CIP:192.0.2.1;SCL:5;SFV:SPM\r\n",
        "Authentication-Results: mx.google.com; dmarc=fail header.from=k.test\r\n",
        "Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n",
        "Date: Sun, 1 Mar 2026 09:00:00 +0000\r\n",
    ];
    let mut uid = 0;
    for more in headers {
        uid += 1;
        let mail = fresh(&desk, &format!("k{uid}@k.test"), &format!("{uid}@k.test"), more);
        // The last one says when it was written.
        let mail = if more.starts_with("Date") {
            let text = String::from_utf8(mail.to_vec()).unwrap();
            text.replace(&date(desk.store().now()), "").into()
        } else {
            mail
        };
        take(&desk, uid, mail).await;
    }
    let senders = [
        "noreply@k.test",
        "mailer-daemon@k.test",
        "a@k.test, b@k.test",
        "\"bank@bank.test\" <c@k.test>",
        MAILBOX,
    ];
    for from in senders {
        uid += 1;
        take(&desk, uid, fresh(&desk, from, &format!("{uid}@k.test"), "")).await;
    }
    let form = fresh(&desk, "form@shop.test", "form@shop.test", "Reply-To: jan@k.test\r\n");
    let form = String::from_utf8(form.to_vec())
        .unwrap()
        .replace("form@shop.test\r\nTo", "wordpress@shop.test\r\nTo");
    take(&desk, uid + 1, form.into()).await;
    let hidden = fresh(&desk, "geheim@k.test", "bcc@k.test", "");
    let hidden = String::from_utf8(hidden.to_vec()).unwrap().replace(MAILBOX, "iedereen@k.test");
    take(&desk, uid + 2, hidden.into()).await;
    let old = fresh(&desk, "oud@k.test", "oud@k.test", "");
    Box { desk: &desk, role: FolderRole::Inbox }.take(vec![(uid + 3, old, true)]).await;
    let late = fresh(&desk, "laat@k.test", "laat@k.test", "");
    desk.home.advance(TimeDelta::hours(1));
    take(&desk, uid + 4, late).await;
    desk.drain().await;
    assert_eq!(sent(&desk), []);
    // The test is not blind.
    take(&desk, uid + 5, fresh(&desk, "mens@k.test", "mens@k.test", "")).await;
    desk.drain().await;
    assert_eq!(sent(&desk).len(), 1);
}

async fn only_customers_are_told(on: On) {
    let desk = switched_on(on).await;
    take(&desk, 1, fresh(&desk, "bram@acme.test", "a@k.test", "")).await;
    desk.drain().await;
    assert_eq!(sent(&desk), [], "a colleague");

    take(&desk, 2, fresh(&desk, "jan@k.test", "b@k.test", "Precedence: bulk\r\n")).await;
    let contact = open(&desk, numbers(&desk).await[1]).await.summary.ticket.state.contact_id;
    customers::block(&desk.services, &admin(&desk), contact.unwrap(), true).await.unwrap();
    take(&desk, 3, fresh(&desk, "jan@k.test", "c@k.test", "")).await;
    desk.drain().await;
    assert_eq!(sent(&desk), [], "somebody blocked");

    let request = NewRequest {
        kind: RequestKind::Objection,
        address: Some("piet@k.test".to_owned()),
        ticket_number: None,
        note: None,
        received_at: None,
    };
    take(&desk, 5, fresh(&desk, "piet@k.test", "e@k.test", "Precedence: bulk\r\n")).await;
    let register = data_requests::open::open(&desk.services, &admin(&desk), request).await.unwrap();
    let asked = register.requests[0].id;
    let key = keys::of_organization(desk.store(), desk.organization()).await.unwrap();
    let blind = contacts::address_blind(&key, "piet@k.test");
    let tx = desk.store().begin().await.unwrap();
    person_marks::add(&tx, desk.organization(), asked, MarkKind::Objection, &[blind])
        .await
        .unwrap();
    tx.commit().await.unwrap();
    take(&desk, 4, fresh(&desk, "piet@k.test", "d@k.test", "")).await;
    desk.drain().await;
    assert_eq!(sent(&desk), [], "somebody who objects");
}

async fn who_was_answered_meanwhile_is_told_nothing(on: On) {
    let desk = switched_on(on).await;
    take(&desk, 1, fresh(&desk, "jan@k.test", "a@k.test", "")).await;
    let number = only(&desk).await.summary.ticket.number;
    close(&desk, number).await;
    desk.drain().await;
    assert_eq!(sent(&desk), []);
}

async fn an_address_is_told_once_a_day(on: On) {
    let desk = switched_on(on).await;
    for uid in 1..4 {
        let id = format!("{uid}@k.test");
        take(&desk, uid, fresh(&desk, "Jan@K.test", &id, "")).await;
        desk.drain().await;
        desk.home.advance(TimeDelta::hours(7));
    }
    assert_eq!(numbers(&desk).await.len(), 3);
    assert_eq!(sent(&desk).len(), 1);
    desk.home.advance(TimeDelta::hours(3));
    take(&desk, 4, fresh(&desk, "jan@k.test", "4@k.test", "")).await;
    desk.drain().await;
    assert_eq!(sent(&desk).len(), 2, "on the next day again");
}

async fn a_mailbox_tells_so_many_an_hour(on: On) {
    let desk = switched_on(on).await;
    let mails = (1..=103).map(|uid| {
        let (from, id) = (format!("k{uid}@k.test"), format!("{uid}@k.test"));
        (uid, fresh(&desk, &from, &id, ""), false)
    });
    Box { desk: &desk, role: FolderRole::Inbox }.take(mails.collect()).await;
    desk.drain().await;
    assert_eq!(sent(&desk).len(), 100);
    desk.home.advance(TimeDelta::hours(2));
    take(&desk, 104, fresh(&desk, "k104@k.test", "104@k.test", "")).await;
    desk.drain().await;
    assert_eq!(sent(&desk).len(), 101, "who was left out stays so");
}

/// The other one answers every mail at once, and says of none that it is automatic.
async fn two_machines_do_not_talk_for_ever(on: On) {
    let desk = switched_on(on).await;
    take(&desk, 1, fresh(&desk, "robot@k.test", "1@k.test", "")).await;
    let mut answered = 0;
    for uid in 2..40 {
        desk.after(TimeDelta::minutes(10)).await;
        let mails = sent(&desk);
        let Some((_, ours)) = mails.get(answered) else { break };
        answered += 1;
        let id = ours.split("Message-ID: <").nth(1).unwrap().split('>').next().unwrap();
        // Once as an answer, once as a mail that belongs to nothing.
        let first = fresh(&desk, "robot@k.test", &format!("{uid}@k.test"), &reply_to(id));
        let second = fresh(&desk, "robot@k.test", &format!("{uid}.2@k.test"), "");
        take(&desk, uid * 2, first).await;
        take(&desk, uid * 2 + 1, second).await;
    }
    assert_eq!(answered, 1);
    assert_eq!(numbers(&desk).await.len(), 2);
}

async fn one_that_is_held_up_is_dropped(on: On) {
    let desk = switched_on(on).await;
    let later = loket::service::outgoing::SendOutcome::Retry {
        code: loket::domain::delivery::code::REFUSED_FOR_NOW,
        words: None,
    };
    desk.server.answers((0..20).map(|_| later.clone()));
    take(&desk, 1, fresh(&desk, "jan@k.test", "a@k.test", "")).await;
    desk.drain().await;
    let answer = only(&desk).await.messages[1].id;
    assert_eq!(desk.entry(answer).await.unwrap().state, OutboxState::Retrying);
    for _ in 0..10 {
        desk.after(TimeDelta::minutes(15)).await;
    }
    let entry = desk.entry(answer).await.unwrap();
    assert_eq!((entry.state, entry.error_code.as_deref()), (OutboxState::Cancelled, Some("late")));

    // And nothing waits for a mailbox that does not work.
    take(&desk, 2, fresh(&desk, "piet@k.test", "b@k.test", "")).await;
    desk.set_channel(ChannelState::Paused).await;
    desk.drain().await;
    desk.after(TimeDelta::hours(2)).await;
    desk.set_channel(ChannelState::Active).await;
    let before = sent(&desk).len();
    desk.after(TimeDelta::hours(2)).await;
    assert_eq!(sent(&desk).len(), before);
}

async fn a_second_mail_does_not_stop_it(on: On) {
    let desk = switched_on(on).await;
    let later = loket::service::outgoing::SendOutcome::Retry {
        code: loket::domain::delivery::code::REFUSED_FOR_NOW,
        words: None,
    };
    desk.server.answers([later]);
    take(&desk, 1, fresh(&desk, "jan@k.test", "a@k.test", "")).await;
    desk.drain().await;
    take(&desk, 2, fresh(&desk, "jan@k.test", "b@k.test", &reply_to("a@k.test"))).await;
    let answer = only(&desk).await.messages.iter().find(|message| message.is_auto).unwrap().id;
    assert_eq!(desk.entry(answer).await.unwrap().state, OutboxState::Retrying);
    desk.after(TimeDelta::minutes(5)).await;
    assert_eq!(desk.entry(answer).await.unwrap().state, OutboxState::Sent);
}
