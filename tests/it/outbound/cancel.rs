//! Undo: everything is as it was, and nothing that may have been sent is taken back.

use std::sync::Arc;

use bytes::Bytes;
use chrono::TimeDelta;
use loket::domain::delivery::code;
use loket::domain::desk::DraftKind;
use loket::domain::words::{OutboxState as S, Status};
use loket::service::outbox::{self, Step};
use loket::service::outgoing::SendOutcome;
use loket::service::uploads::{self, NewFile};
use loket::service::{ServiceError, drafts, replies};
use loket::store::drafts::Content;
use loket::store::messages::Party;
use loket::store::tickets::participants;
use loket::store::{contacts, keys};

use crate::support::db::{On, on_both};
use crate::support::desk::{CUSTOMER, Desk, UNDO, millis};

on_both!(
    undo_restores_everything,
    undo_leaves_no_word_in_the_list,
    undo_leaves_alone_what_others_changed,
    undo_keeps_what_was_written_meanwhile,
    a_refused_answer_can_be_taken_back,
    who_was_not_written_to_takes_no_part,
    what_may_have_been_sent_is_never_taken_back,
    undo_and_the_worker_race,
);

async fn undo_restores_everything(on: On) {
    let desk = Desk::new(on).await;
    let before = desk.ticket().await;
    let file = NewFile {
        name: Some("factuur.pdf".to_owned()),
        content_type: Some("application/pdf".to_owned()),
        bytes: Bytes::from(vec![7; 200_000]),
        ticket: Some(before.number),
    };
    let upload = uploads::add(&desk.services, &desk.agent, file).await.unwrap();
    let to = Party { name: Some("Iemand".to_owned()), address: "iemand@other.test".to_owned() };
    let content = Content {
        text: "Hierbij de factuur.".to_owned(),
        html: Some("<p>Hierbij de <b>factuur</b>.</p>".to_owned()),
        to: vec![to.clone()],
        cc: vec![to.clone()],
        bcc: vec![to],
        attachment_ids: vec![upload.id],
        ..Content::default()
    };
    drafts::put(
        &desk.services,
        &desk.agent,
        before.number,
        DraftKind::Answer,
        (content.clone(), drafts::Known::Any),
    )
    .await
    .unwrap();
    let mut request = desk.request("").await;
    request.content = content.clone();
    request.then = Some(Status::Closed);
    let until = desk.store().now() + TimeDelta::days(1);
    request.snooze_until = Some(until);
    let id = replies::create(&desk.services, &desk.agent, request).await.unwrap();

    let sent = desk.ticket().await;
    assert_eq!((sent.state.status, sent.state.message_count), (Status::Closed, 2));
    assert_eq!(sent.state.snoozed_until, Some(until));
    assert_eq!(sent.state.waiting_since, None);
    assert!(sent.state.has_attachment);
    assert_eq!(sent.snippet, "Hierbij de factuur.");
    let draft =
        drafts::find(&desk.services, &desk.agent, before.number, DraftKind::Answer).await.unwrap();
    assert!(draft.is_none(), "what is sent is no draft");

    desk.home.advance(UNDO - TimeDelta::milliseconds(1));
    let draft = replies::cancel(&desk.services, &desk.agent, id).await.unwrap();
    assert_eq!(draft.content, content);
    assert_eq!(desk.ticket().await.state.snoozed_until, None);
    assert_eq!(draft.files.first().unwrap().meta.name, "factuur.pdf");
    let kept = drafts::find(&desk.services, &desk.agent, before.number, DraftKind::Answer)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(kept.content, content);
    let after = desk.ticket().await;
    assert_eq!(after.state.status, before.state.status);
    assert_eq!(after.state.message_count, 1);
    assert_eq!(after.state.has_attachment, before.state.has_attachment);
    assert_eq!(after.state.closed_at, None);
    assert_eq!(after.state.waiting_since.map(millis), before.state.waiting_since.map(millis));
    assert_eq!(millis(after.state.last_message_at), millis(before.state.last_message_at));
    assert_eq!(after.snippet, before.snippet);
    assert_eq!(desk.messages().await.len(), 1);

    desk.after(TimeDelta::days(2)).await;
    assert!(desk.server.sent().is_empty());
    let twice = replies::cancel(&desk.services, &desk.agent, id).await;
    assert!(matches!(twice, Err(ServiceError::NotFound)));
    // The files are still there, after the sweep, to be sent after all.
    let mut request = desk.request("").await;
    request.content = kept.content;
    replies::create(&desk.services, &desk.agent, request).await.unwrap();
    desk.after_undo().await;
    assert_eq!(desk.server.sent().len(), 1);
}

async fn undo_leaves_no_word_in_the_list(on: On) {
    let desk = Desk::new(on).await;
    let before = desk.ticket().await;
    // An answer takes a while to be written, sealed and stored.
    desk.home.clock.run(TimeDelta::milliseconds(3));
    let id = desk.reply("Dit is nog niet af.").await;
    assert_eq!(desk.ticket().await.snippet, "Dit is nog niet af.");
    replies::cancel(&desk.services, &desk.agent, id).await.unwrap();
    let after = desk.ticket().await;
    assert_eq!(after.snippet, before.snippet);
    assert_eq!(millis(after.state.last_message_at), millis(before.state.last_message_at));
}

async fn undo_leaves_alone_what_others_changed(on: On) {
    let desk = Desk::new(on).await;
    let id = desk.reply("Hij is onderweg.").await;
    desk.customer_writes("Hij is er al!", true).await;
    assert_eq!(desk.delivery(id).await.state, S::NeedsConfirmation);
    replies::cancel(&desk.services, &desk.agent, id).await.unwrap();
    let ticket = desk.ticket().await;
    assert_eq!((ticket.state.status, ticket.state.message_count), (Status::Open, 2));
    assert_eq!(ticket.snippet, "Hij is er al!");
    assert!(ticket.state.waiting_since.is_some());
}

async fn undo_keeps_what_was_written_meanwhile(on: On) {
    let desk = Desk::new(on).await;
    let id = desk.reply("Eerst.").await;
    let number = desk.ticket().await.number;
    let later = Content { text: "Daarna.".to_owned(), ..Content::default() };
    drafts::put(
        &desk.services,
        &desk.agent,
        number,
        DraftKind::Answer,
        (later, drafts::Known::Any),
    )
    .await
    .unwrap();
    let draft = replies::cancel(&desk.services, &desk.agent, id).await.unwrap();
    assert_eq!(draft.content.text, "Eerst.\n\nDaarna.");
}

async fn a_refused_answer_can_be_taken_back(on: On) {
    let desk = Desk::new(on).await;
    desk.server.answers([SendOutcome::Failed { words: "550 no such user".to_owned() }]);
    let id = desk.reply("Hij is onderweg.").await;
    desk.after_undo().await;
    assert_eq!(desk.delivery(id).await.state, S::Failed);
    let draft = replies::cancel(&desk.services, &desk.agent, id).await.unwrap();
    assert_eq!(draft.content.text, "Hij is onderweg.");
    assert!(desk.entry(id).await.is_none());
}

async fn who_was_not_written_to_takes_no_part(on: On) {
    let desk = Desk::new(on).await;
    let participants = async || {
        let tickets = [desk.ticket];
        let found = participants::list(desk.store(), desk.organization(), &tickets).await.unwrap();
        found.get(&desk.ticket).cloned().unwrap_or_default()
    };
    let key = keys::of_organization(desk.store(), desk.organization()).await.unwrap();
    let (wrong, neighbour) = ("verkeerd@other.test", "buur@customers.test");
    let blind = |address: &str| contacts::address_blind(&key, address);
    let mut request = desk.request("Oeps.").await;
    let party = |address: &str| Party { name: None, address: address.to_owned() };
    request.content.to = vec![party(wrong), party(CUSTOMER)];
    request.content.bcc = vec![party("ook@other.test"), party(neighbour)];
    let id = replies::create(&desk.services, &desk.agent, request).await.unwrap();
    assert!(participants().await.contains(&blind(wrong)), "whoever is written to may answer");
    // A colleague answers meanwhile, to one of them.
    let mut other = desk.request("Ook van ons.").await;
    other.content.to = vec![party("ook@other.test")];
    replies::create(&desk.services, &desk.colleague, other).await.unwrap();
    replies::cancel(&desk.services, &desk.agent, id).await.unwrap();
    let left = participants().await;
    assert!(!left.contains(&blind(wrong)));
    for address in [CUSTOMER, neighbour, "ook@other.test"] {
        assert!(left.contains(&blind(address)), "{address} is in another message");
    }
}

async fn what_may_have_been_sent_is_never_taken_back(on: On) {
    let desk = Desk::new(on).await;
    desk.server.answers([SendOutcome::InDoubt, refused_for_now()]);
    let id = desk.reply("Hij is onderweg.").await;
    assert!(desk.delivery(id).await.can_cancel);
    desk.after_undo().await;
    assert!(!desk.delivery(id).await.can_cancel);
    // Sent again by a person, and refused for now: the first attempt may have gone through.
    outbox::confirm(&desk.services, &desk.agent, id).await.unwrap();
    desk.drain().await;
    let delivery = desk.delivery(id).await;
    assert_eq!((delivery.state, delivery.can_cancel), (S::Retrying, false));
    let cancelled = replies::cancel(&desk.services, &desk.agent, id).await;
    assert!(matches!(cancelled, Err(ServiceError::Conflict { code: "on_its_way", .. })));
}

fn refused_for_now() -> SendOutcome {
    SendOutcome::Retry { code: code::REFUSED_FOR_NOW, words: None }
}

async fn undo_and_the_worker_race(on: On) {
    for _ in 0..6 {
        let desk = Arc::new(Desk::new(on).await);
        let id = desk.reply("Hij is onderweg.").await;
        let entry = desk.entry(id).await.unwrap();
        desk.home.advance(UNDO);
        let worker = tokio::spawn({
            let desk = desk.clone();
            async move { outbox::begin(&desk.services, desk.organization(), entry.id).await }
        });
        let person = tokio::spawn({
            let desk = desk.clone();
            async move { replies::cancel(&desk.services, &desk.agent, id).await }
        });
        let (begun, cancelled) = (worker.await.unwrap(), person.await.unwrap());
        let sends = matches!(begun, Ok(Step::Send(_)));
        assert_ne!(sends, cancelled.is_ok(), "{begun:?} {cancelled:?}");
        assert_eq!(desk.entry(id).await.is_some(), sends);
    }
}
