//! From the outbox to the server: once, however often something breaks.

use std::sync::Arc;

use chrono::TimeDelta;
use loket::authz::Actor;
use loket::domain::delivery::code;
use loket::domain::desk::DraftKind;
use loket::domain::words::{ChannelState, OutboxState as S, Provider, Role, Status};
use loket::queue::Handler;
use loket::service::acts::change::{Patch, update};
use loket::service::notes;
use loket::service::outbox::{self, Step};
use loket::service::outgoing::{SendOutcome, SentCopy};
use loket::service::{ServiceError, mailboxes, replies};
use loket::store::outbox::Entry;

use crate::support::db::{On, on_both};
use crate::support::desk::{CUSTOMER, Desk, UNDO};

on_both!(
    leaves_when_the_undo_window_ends_and_not_before,
    is_tried_again_after_a_while,
    shows_the_servers_words_when_refused,
    retry_sends_what_was_refused,
    a_crash_after_the_attempt_was_counted_is_in_doubt,
    a_worker_that_shows_signs_of_life_is_not_given_up,
    in_doubt_and_found_is_sent,
    in_doubt_and_never_found_is_sent_again,
    in_doubt_without_copies_waits_for_a_person,
    a_person_says_that_it_arrived,
    an_answer_that_cannot_be_read_fails,
    two_workers_never_send_the_same,
    a_worker_that_comes_too_late_changes_nothing,
    a_newer_message_stops_it,
    a_newer_message_stops_it_also_when_nobody_told,
    a_newer_message_stops_the_next_attempt,
    a_newer_message_refuses_the_answer,
    asks_when_it_is_late,
    waits_for_the_mailbox,
    goes_on_when_the_mailbox_is_resumed,
    keeps_a_copy_where_the_provider_does_not,
    is_made_once_per_key,
    is_reached_by_nobody_else,
);

fn refused_for_now() -> SendOutcome {
    SendOutcome::Retry {
        code: code::REFUSED_FOR_NOW,
        words: Some("451 4.7.1 Greylisted, please come back".to_owned()),
    }
}

async fn begin(desk: &Desk, entry: &Entry) -> Step {
    outbox::begin(&desk.services, desk.organization(), entry.id).await.unwrap()
}

async fn leaves_when_the_undo_window_ends_and_not_before(on: On) {
    let desk = Desk::new(on).await;
    let id = desk.reply("Hij is onderweg.").await;
    let delivery = desk.delivery(id).await;
    assert_eq!((delivery.state, delivery.attempts), (S::Waiting, 0));
    assert_eq!(delivery.undo_until, Some(desk.store().now() + UNDO));

    desk.after(UNDO - TimeDelta::milliseconds(1)).await;
    assert!(desk.server.sent().is_empty());
    desk.after(TimeDelta::milliseconds(1)).await;
    let sent = desk.server.sent();
    assert_eq!(sent.len(), 1);
    assert_eq!(sent[0].0.from, "hulp@acme.test");
    assert_eq!(sent[0].0.recipients, [CUSTOMER, "buur@customers.test"]);
    let delivery = desk.delivery(id).await;
    assert_eq!((delivery.state, delivery.attempts), (S::Sent, 1));
    assert_eq!((delivery.undo_until, delivery.error), (None, None));
    desk.after(TimeDelta::days(1)).await;
    assert_eq!(desk.server.sent().len(), 1);
    assert!(desk.server.appended().is_empty(), "Gmail keeps a copy itself");
}

async fn is_tried_again_after_a_while(on: On) {
    let desk = Desk::new(on).await;
    desk.server.answers([refused_for_now(), refused_for_now()]);
    let id = desk.reply("Hij is onderweg.").await;
    desk.after_undo().await;
    let delivery = desk.delivery(id).await;
    assert_eq!(delivery.state, S::Retrying);
    assert_eq!(delivery.error.as_deref(), Some("451 4.7.1 Greylisted, please come back"));
    for (attempts, minutes) in [(1, 1), (2, 5)] {
        let delivery = desk.delivery(id).await;
        assert_eq!(delivery.attempts, attempts);
        let next = delivery.next_attempt_at.unwrap();
        let wait = (next - desk.store().now()).num_seconds();
        assert!((minutes * 60..=minutes * 72).contains(&wait), "{wait}");
        desk.home.clock.set(next - TimeDelta::milliseconds(1));
        desk.drain().await;
        assert_eq!(desk.delivery(id).await.attempts, attempts);
        desk.after(TimeDelta::milliseconds(1)).await;
    }
    assert_eq!(desk.delivery(id).await.state, S::Sent);
    let sent = desk.server.sent();
    assert_eq!(sent.len(), 3);
    assert!(sent.iter().all(|mail| *mail == sent[0]), "each attempt sends the same bytes");
}

async fn shows_the_servers_words_when_refused(on: On) {
    let desk = Desk::new(on).await;
    let words = "550 5.1.1 The email account that you tried to reach does not exist.";
    desk.server.answers([SendOutcome::Failed { words: words.to_owned() }]);
    let id = desk.reply("Hij is onderweg.").await;
    desk.after_undo().await;
    let delivery = desk.delivery(id).await;
    assert_eq!((delivery.state, delivery.error.as_deref()), (S::Failed, Some(words)));
    desk.after(TimeDelta::days(2)).await;
    assert_eq!(desk.server.sent().len(), 1, "nobody asked to try again");
}

async fn retry_sends_what_was_refused(on: On) {
    let desk = Desk::new(on).await;
    desk.server.answers([SendOutcome::Failed { words: "550 no".to_owned() }]);
    let id = desk.reply("Hij is onderweg.").await;
    let early = outbox::retry(&desk.services, &desk.agent, id).await;
    assert!(matches!(early, Err(ServiceError::Conflict { code: "not_failed", .. })));
    desk.after_undo().await;
    desk.home.advance(TimeDelta::days(3));
    outbox::retry(&desk.services, &desk.colleague, id).await.unwrap();
    desk.drain().await;
    assert_eq!(desk.delivery(id).await.state, S::Sent);
    assert_eq!(desk.server.sent().len(), 2);
    let again = outbox::retry(&desk.services, &desk.agent, id).await;
    assert!(matches!(again, Err(ServiceError::Conflict { .. })));
}

async fn a_crash_after_the_attempt_was_counted_is_in_doubt(on: On) {
    let desk = Desk::new(on).await;
    desk.server.keeps([SentCopy::Unknown]);
    let id = desk.reply("Hij is onderweg.").await;
    desk.home.advance(UNDO);
    let entry = desk.entry(id).await.unwrap();
    // The worker leases the entry, and is never heard of again.
    assert!(matches!(begin(&desk, &entry).await, Step::Send(_)));
    assert_eq!(desk.delivery(id).await.state, S::Sending);
    desk.drain().await;
    assert_eq!(desk.delivery(id).await.state, S::Sending, "it may still be at it");
    desk.after(TimeDelta::minutes(10)).await;
    let delivery = desk.delivery(id).await;
    assert_eq!((delivery.state, delivery.code.as_deref()), (S::InDoubt, Some(code::INTERRUPTED)));
    desk.after(TimeDelta::days(1)).await;
    assert!(desk.server.sent().is_empty(), "it is never sent again blindly");
    outbox::confirm(&desk.services, &desk.agent, id).await.unwrap();
    desk.drain().await;
    assert_eq!(desk.delivery(id).await.state, S::Sent);
    assert_eq!(desk.server.sent().len(), 1);
}

async fn a_worker_that_shows_signs_of_life_is_not_given_up(on: On) {
    let desk = Desk::new(on).await;
    let id = desk.reply("Hij is onderweg.").await;
    desk.home.advance(UNDO);
    let entry = desk.entry(id).await.unwrap();
    let Step::Send(assignment) = begin(&desk, &entry).await else { panic!("not begun") };
    for _ in 0..20 {
        desk.after(TimeDelta::minutes(1)).await;
        outbox::renew(&desk.services, &assignment).await.unwrap();
        assert_eq!(desk.delivery(id).await.state, S::Sending, "a slow server may take that long");
    }
    outbox::record(&desk.services, &assignment, SendOutcome::Sent).await.unwrap();
    outbox::renew(&desk.services, &assignment).await.unwrap();
    assert_eq!(desk.delivery(id).await.state, S::Sent);
}

async fn in_doubt_and_found_is_sent(on: On) {
    let desk = Desk::new(on).await;
    desk.server.answers([SendOutcome::InDoubt]);
    desk.server.keeps([SentCopy::Unreachable, SentCopy::NotFound, SentCopy::Found]);
    let id = desk.reply("Hij is onderweg.").await;
    desk.after_undo().await;
    let delivery = desk.delivery(id).await;
    assert_eq!(delivery.state, S::InDoubt);
    assert_eq!(delivery.code.as_deref(), Some(code::CONNECTION_LOST));
    for _ in 0..6 {
        desk.after(TimeDelta::minutes(2)).await;
    }
    assert_eq!(desk.delivery(id).await.state, S::Sent);
    assert_eq!(desk.server.sent().len(), 1);
    let message_id = desk.messages().await[1].envelope.message_id.clone().unwrap();
    assert_eq!(desk.server.looked_for(), vec![message_id; 3]);
}

async fn in_doubt_and_never_found_is_sent_again(on: On) {
    let desk = Desk::new(on).await;
    desk.server.answers([SendOutcome::InDoubt]);
    let id = desk.reply("Hij is onderweg.").await;
    desk.after_undo().await;
    desk.after(TimeDelta::minutes(9)).await;
    assert_eq!(desk.server.sent().len(), 1, "a copy may still appear");
    desk.after(TimeDelta::minutes(2)).await;
    assert_eq!(desk.server.sent().len(), 2);
    assert!(desk.server.looked_for().len() >= 2);
    assert_eq!(desk.delivery(id).await.state, S::Sent);
    let sent = desk.server.sent();
    assert_eq!(sent[0], sent[1], "with the same Message-ID and Date");
    assert_eq!(desk.server.earlier(), Vec::<String>::new(), "this was the first");
    let first = desk.messages().await[1].envelope.message_id.clone().unwrap();
    desk.server.answers([SendOutcome::InDoubt]);
    desk.reply("En nog iets.").await;
    desk.after_undo().await;
    desk.after(TimeDelta::minutes(1)).await;
    assert_eq!(desk.server.earlier(), [first], "its copy tells whether copies are kept");
}

async fn in_doubt_without_copies_waits_for_a_person(on: On) {
    let desk = Desk::with_provider(on, Provider::Imap).await;
    desk.server.answers([SendOutcome::InDoubt]);
    desk.server.keeps([SentCopy::Unknown; 4]);
    let id = desk.reply("Hij is onderweg.").await;
    desk.after_undo().await;
    for _ in 0..4 {
        desk.after(TimeDelta::minutes(10)).await;
    }
    desk.after(TimeDelta::days(1)).await;
    assert_eq!(desk.delivery(id).await.state, S::InDoubt);
    assert_eq!(desk.server.sent().len(), 1);
    let cancelled = replies::cancel(&desk.services, &desk.agent, id).await;
    assert!(matches!(cancelled, Err(ServiceError::Conflict { code: "on_its_way", .. })));
}

async fn a_person_says_that_it_arrived(on: On) {
    let desk = Desk::with_provider(on, Provider::Imap).await;
    desk.server.answers([SendOutcome::InDoubt]);
    desk.server.keeps([SentCopy::Unknown; 4]);
    let id = desk.reply("Hij is onderweg.").await;
    let early = outbox::mark_sent(&desk.services, &desk.agent, id).await;
    assert!(matches!(early, Err(ServiceError::Conflict { code: "not_in_doubt", .. })));
    desk.after_undo().await;
    outbox::mark_sent(&desk.services, &desk.colleague, id).await.unwrap();
    let delivery = desk.delivery(id).await;
    assert_eq!((delivery.state, delivery.code, delivery.can_cancel), (S::Sent, None, false));
    desk.after(TimeDelta::days(1)).await;
    assert_eq!(desk.server.sent().len(), 1);
    assert_eq!(desk.server.appended().len(), 1, "a copy, unless there is one");
    let stranger = outbox::mark_sent(&desk.services, &desk.stranger, id).await;
    assert!(matches!(stranger, Err(ServiceError::NotFound)));
}

async fn an_answer_that_cannot_be_read_fails(on: On) {
    let desk = Desk::new(on).await;
    let id = desk.reply("Hij is onderweg.").await;
    let message = desk.messages().await.into_iter().find(|message| message.id == id).unwrap();
    desk.store().keyring().destroy(&[message.key_id]).await.unwrap();
    desk.after_undo().await;
    let entry = desk.entry(id).await.unwrap();
    assert_eq!((entry.state, entry.error_code.as_deref()), (S::Failed, Some(code::UNREADABLE)));
    let again = outbox::retry(&desk.services, &desk.agent, id).await;
    assert!(matches!(again, Err(ServiceError::Conflict { code: "unreadable", .. })));
    assert!(desk.server.sent().is_empty());
}

async fn two_workers_never_send_the_same(on: On) {
    let desk = Arc::new(Desk::new(on).await);
    let id = desk.reply("Hij is onderweg.").await;
    desk.home.advance(UNDO);
    let entry = desk.entry(id).await.unwrap();
    let begun = (0..8).map(|_| {
        let (desk, entry) = (desk.clone(), entry.clone());
        tokio::spawn(async move { begin(&desk, &entry).await })
    });
    let begun = futures::future::join_all(begun).await;
    let sends = begun.into_iter().filter(|step| matches!(step, Ok(Step::Send(_)))).count();
    assert_eq!(sends, 1);
    assert_eq!(desk.entry(id).await.unwrap().attempts, 1);
}

async fn a_worker_that_comes_too_late_changes_nothing(on: On) {
    let desk = Desk::new(on).await;
    let id = desk.reply("Hij is onderweg.").await;
    desk.home.advance(UNDO);
    let entry = desk.entry(id).await.unwrap();
    let Step::Send(slow) = begin(&desk, &entry).await else { panic!("not begun") };
    // Given up, found missing in the Sent folder, sent by another worker.
    for _ in 0..10 {
        desk.after(TimeDelta::minutes(4)).await;
    }
    assert_eq!(desk.delivery(id).await.state, S::Sent);
    let failed = SendOutcome::Failed { words: "550 too late".to_owned() };
    outbox::record(&desk.services, &slow, failed).await.unwrap();
    assert_eq!(desk.delivery(id).await.state, S::Sent);
    assert_eq!(desk.delivery(id).await.attempts, 2);
}

async fn a_newer_message_stops_it(on: On) {
    let desk = Desk::new(on).await;
    let id = desk.reply("Hij is onderweg.").await;
    desk.home.advance(TimeDelta::seconds(5));
    desk.customer_writes("Hij is er al!", true).await;
    let delivery = desk.delivery(id).await;
    assert_eq!(delivery.state, S::NeedsConfirmation);
    assert_eq!(delivery.code.as_deref(), Some(code::NEWER_MESSAGE));
    desk.after(TimeDelta::hours(1)).await;
    assert!(desk.server.sent().is_empty());
    outbox::confirm(&desk.services, &desk.agent, id).await.unwrap();
    let again = outbox::confirm(&desk.services, &desk.agent, id).await;
    assert!(matches!(again, Err(ServiceError::Conflict { code: "not_waiting", .. })));
    desk.drain().await;
    assert_eq!(desk.delivery(id).await.state, S::Sent);
}

async fn a_newer_message_stops_it_also_when_nobody_told(on: On) {
    let desk = Desk::new(on).await;
    let id = desk.reply("Hij is onderweg.").await;
    desk.customer_writes("Hij is er al!", false).await;
    assert_eq!(desk.delivery(id).await.state, S::Waiting);
    desk.after_undo().await;
    assert_eq!(desk.delivery(id).await.state, S::NeedsConfirmation);
    assert!(desk.server.sent().is_empty());
}

async fn a_newer_message_stops_the_next_attempt(on: On) {
    let desk = Desk::new(on).await;
    let id = desk.reply("Hij is onderweg.").await;
    desk.home.advance(UNDO);
    let entry = desk.entry(id).await.unwrap();
    let Step::Send(assignment) = begin(&desk, &entry).await else { panic!("not begun") };
    desk.customer_writes("Hij is er al!", true).await;
    assert_eq!(desk.delivery(id).await.state, S::Sending, "it is being dialled");
    outbox::record(&desk.services, &assignment, refused_for_now()).await.unwrap();
    assert_eq!(desk.delivery(id).await.state, S::NeedsConfirmation);
}

async fn a_newer_message_refuses_the_answer(on: On) {
    let desk = Desk::new(on).await;
    let request = desk.request("Hij is onderweg.").await;
    let content = request.content.clone();
    let number = request.number;
    loket::service::drafts::put(
        &desk.services,
        &desk.agent,
        number,
        DraftKind::Answer,
        (content, loket::service::drafts::Known::Any),
    )
    .await
    .unwrap();
    desk.customer_writes("Hij is er al!", true).await;
    let refused = replies::create(&desk.services, &desk.agent, request.clone()).await;
    assert!(matches!(refused, Err(ServiceError::Conflict { code: "newer_message", .. })));
    assert_eq!(desk.messages().await.len(), 2);
    let kept = loket::service::drafts::find(&desk.services, &desk.agent, number, DraftKind::Answer)
        .await
        .unwrap();
    assert_eq!(kept.unwrap().content.text, "Hij is onderweg.");
    // Nor does it go past a note of a colleague.
    let request = replies::ReplyRequest { seen_version: desk.ticket().await.version, ..request };
    notes::create(&desk.services, &desk.colleague, number, "let op").await.unwrap();
    let refused = replies::create(&desk.services, &desk.agent, request.clone()).await;
    assert!(matches!(refused, Err(ServiceError::Conflict { code: "unseen_message", .. })));
    // A change that is no message is no reason.
    let ticket = desk.ticket().await;
    let request = replies::ReplyRequest { seen_version: ticket.version, ..request };
    let patch = Patch { status: Some(Status::OnHold), ..Patch::default() };
    update(&desk.services, &desk.agent, number, ticket.version, patch).await.unwrap();
    assert!(desk.ticket().await.version > request.seen_version);
    replies::create(&desk.services, &desk.agent, request).await.unwrap();
}

async fn asks_when_it_is_late(on: On) {
    let desk = Desk::new(on).await;
    let id = desk.reply("Hij is onderweg.").await;
    desk.after(UNDO + TimeDelta::hours(12) + TimeDelta::seconds(1)).await;
    let delivery = desk.delivery(id).await;
    assert_eq!(delivery.state, S::NeedsConfirmation);
    assert_eq!(delivery.code.as_deref(), Some(code::LATE));
    assert!(desk.server.sent().is_empty());
    outbox::confirm(&desk.services, &desk.agent, id).await.unwrap();
    desk.drain().await;
    assert_eq!(desk.delivery(id).await.state, S::Sent);
}

async fn waits_for_the_mailbox(on: On) {
    let desk = Desk::new(on).await;
    let words = Some("535 5.7.8 Token expired".to_owned());
    desk.server.answers([SendOutcome::NeedsReauthorization { words }]);
    let id = desk.reply("Hij is onderweg.").await;
    desk.after_undo().await;
    let delivery = desk.delivery(id).await;
    assert_eq!(delivery.state, S::Retrying);
    assert_eq!(delivery.code.as_deref(), Some(code::NEEDS_REAUTHORIZATION));
    let mailbox = loket::store::mailboxes::find(desk.store(), desk.organization(), desk.channel);
    assert_eq!(mailbox.await.unwrap().unwrap().state, ChannelState::NeedsReauthorization);
    for _ in 0..8 {
        desk.after(TimeDelta::minutes(15)).await;
    }
    assert_eq!(desk.server.sent().len(), 1, "nobody dials a mailbox that refuses us");
    desk.set_channel(ChannelState::Active).await;
    desk.drain().await;
    assert_eq!(desk.delivery(id).await.state, S::Sent);
}

async fn goes_on_when_the_mailbox_is_resumed(on: On) {
    let desk = Desk::new(on).await;
    let admin = Actor { role: Role::Admin, ..desk.agent.clone() };
    let turn = async |paused| {
        let change = mailboxes::MailboxChange { paused: Some(paused), ..Default::default() };
        let (services, id) = (&desk.services, desk.channel);
        let version = mailboxes::get(services, &admin, id).await.unwrap().mailbox.version;
        mailboxes::update(services, &admin, id, version, change).await.unwrap();
    };
    let id = desk.reply("Hij is onderweg.").await;
    turn(true).await;
    desk.after_undo().await;
    assert_eq!(desk.delivery(id).await.code.as_deref(), Some(code::PAUSED));
    turn(false).await;
    // No minute passes: the answer does not wait for its next look at the mailbox.
    desk.drain().await;
    assert_eq!(desk.delivery(id).await.state, S::Sent);
}

async fn keeps_a_copy_where_the_provider_does_not(on: On) {
    let desk = Desk::with_provider(on, Provider::Imap).await;
    desk.server.fails_to_append(1);
    let id = desk.reply("Hij is onderweg.").await;
    desk.after_undo().await;
    assert_eq!(desk.delivery(id).await.state, S::Sent);
    desk.after(TimeDelta::seconds(30)).await;
    assert!(desk.server.appended().is_empty());
    desk.after(TimeDelta::minutes(1)).await;
    assert_eq!(desk.server.appended(), [desk.server.sent()[0].1.clone()]);
    let message_id = desk.messages().await[1].envelope.message_id.clone().unwrap();
    assert_eq!(desk.server.looked_for(), vec![message_id; 2], "a copy may be there already");
}

async fn is_made_once_per_key(on: On) {
    let desk = Arc::new(Desk::new(on).await);
    let request = replies::ReplyRequest {
        idempotency_key: Some("send-1".to_owned()),
        ..desk.request("Hij is onderweg.").await
    };
    let made = (0..4).map(|_| {
        let (desk, request) = (desk.clone(), request.clone());
        tokio::spawn(async move { replies::create(&desk.services, &desk.agent, request).await })
    });
    let made = futures::future::join_all(made).await;
    let ids: Vec<_> = made.into_iter().map(|id| id.unwrap().unwrap()).collect();
    assert!(ids.iter().all(|id| *id == ids[0]), "{ids:?}");
    assert_eq!(desk.messages().await.len(), 2);
    // Another member's key is another key.
    let request = replies::ReplyRequest { seen_version: desk.ticket().await.version, ..request };
    let other = replies::create(&desk.services, &desk.colleague, request).await.unwrap();
    assert_ne!(other, ids[0]);
}

async fn is_reached_by_nobody_else(on: On) {
    let desk = Desk::new(on).await;
    let request = desk.request("Hij is onderweg.").await;
    let refused = replies::create(&desk.services, &desk.stranger, request).await;
    assert!(matches!(refused, Err(ServiceError::NotFound)));
    let id = desk.reply("Hij is onderweg.").await;
    let stranger = &desk.stranger;
    let cancelled = replies::cancel(&desk.services, stranger, id).await;
    assert!(matches!(cancelled, Err(ServiceError::NotFound)));
    for refused in [
        outbox::retry(&desk.services, stranger, id).await,
        outbox::confirm(&desk.services, stranger, id).await,
    ] {
        assert!(matches!(refused, Err(ServiceError::NotFound)));
    }
    assert_eq!(desk.ticket().await.state.status, Status::Pending);
    let handlers = loket::jobs::handlers(&desk.services, &(desk.server.clone() as Arc<_>));
    let kinds: Vec<_> = handlers.iter().map(|handler| Handler::kind(&**handler)).collect();
    assert_eq!(
        kinds,
        [
            "send_reply",
            "append_sent",
            "acknowledge",
            "prune",
            "alarm",
            "purge",
            "erase",
            "reseal",
            "retain",
            "tend_tickets",
            "destroy_keys",
            "end_grant",
            "make_export",
            "close_organization",
            "backup",
            "request_mail",
            "system_mail"
        ]
    );
}
