//! Letters to customers who have not written: a ticket begins with each.

use loket::domain::words::{OutboxState, Status};
use loket::service::drafts::Known;
use loket::service::replies::{self, NewLetter};
use loket::service::{ServiceError, letters, prune, tickets};
use loket::store::drafts::Content;
use loket::store::letters as store_letters;
use loket::store::messages::Party;
use loket::store::{Scope, messages};

use crate::support::db::{On, on_both};
use crate::support::desk::{CUSTOMER, Desk};

on_both!(
    a_letter_makes_a_ticket_and_leaves,
    a_letter_that_is_written_is_kept_until_it_is_sent,
    a_letter_is_ones_own_and_its_key_goes_with_it,
    a_letter_needs_a_mailbox_a_subject_and_somebody,
    a_letter_that_is_taken_back_is_a_draft_in_its_ticket,
);

fn to(address: &str) -> Vec<Party> {
    vec![Party { name: Some("Nieuwe Klant".to_owned()), address: address.to_owned() }]
}

fn letter(desk: &Desk, address: &str) -> NewLetter {
    NewLetter {
        channel_id: desk.channel,
        content: Content {
            text: "Uw fiets staat klaar.".to_owned(),
            subject: Some("Uw fiets".to_owned()),
            to: to(address),
            ..Content::default()
        },
        then: Status::Pending,
        idempotency_key: Some("letter-1".to_owned()),
    }
}

async fn a_letter_makes_a_ticket_and_leaves(on: On) {
    let desk = Desk::new(on).await;
    let (services, agent) = (&desk.services, &desk.agent);
    let id = replies::open(services, agent, letter(&desk, "nieuw@customers.test")).await.unwrap();
    // The same request again makes no second one.
    let again = replies::open(services, agent, letter(&desk, "nieuw@customers.test")).await;
    assert_eq!(again.unwrap(), id);
    let scope = Scope::whole(desk.organization());
    let message = messages::find(desk.store(), &scope, id).await.unwrap().unwrap();
    assert_eq!(message.envelope.subject, "Uw fiets");
    let number = tickets::number_of(services, agent, message.ticket_id).await.unwrap();
    let page = tickets::get(services, agent, number).await.unwrap();
    let ticket = page.summary.ticket;
    assert_eq!(ticket.state.status, Status::Pending);
    assert_eq!(ticket.state.assignee_id, Some(agent.membership_id));
    assert_eq!((ticket.subject.as_str(), ticket.state.message_count), ("Uw fiets", 1));
    assert_eq!(ticket.customer.address, "nieuw@customers.test");
    let contact = page.contact.unwrap();
    assert_eq!(contact.identities, [("email".to_owned(), "nieuw@customers.test".to_owned())]);
    desk.after_undo().await;
    let (envelope, raw) = desk.server.sent().pop().unwrap();
    assert_eq!(envelope.recipients, ["nieuw@customers.test"]);
    assert!(String::from_utf8_lossy(&raw).contains("Subject: Uw fiets\r\n"));
    let entry = desk.entry(id).await.unwrap();
    assert_eq!(entry.state, OutboxState::Sent);
    // One who is known already gets no second profile.
    let known = replies::open(
        services,
        agent,
        NewLetter { idempotency_key: None, ..letter(&desk, &CUSTOMER.to_uppercase()) },
    );
    let known = messages::find(desk.store(), &scope, known.await.unwrap()).await.unwrap().unwrap();
    assert_eq!(known.contact_id, desk.ticket().await.state.contact_id);
}

async fn a_letter_that_is_written_is_kept_until_it_is_sent(on: On) {
    let desk = Desk::new(on).await;
    let (services, agent) = (&desk.services, &desk.agent);
    for text in ["Uw", "Uw fiets"] {
        let written = Content { text: text.to_owned(), ..Content::default() };
        let content = letters::Content { channel_id: Some(desk.channel), written };
        letters::put(services, agent, (content, Known::Any)).await.unwrap();
    }
    let found = letters::find(services, agent).await.unwrap().unwrap();
    assert_eq!((found.content.text.as_str(), found.channel_id), ("Uw fiets", Some(desk.channel)));
    assert_eq!(prune::run(services).await.unwrap().keys, 0, "its key is named");
    replies::open(services, agent, letter(&desk, "nieuw@customers.test")).await.unwrap();
    assert!(letters::find(services, agent).await.unwrap().is_none());
}

async fn a_letter_is_ones_own_and_its_key_goes_with_it(on: On) {
    let desk = Desk::new(on).await;
    let (services, agent) = (&desk.services, &desk.agent);
    let written = Content { text: "Uw".to_owned(), to: to(CUSTOMER), ..Content::default() };
    let content = letters::Content { channel_id: None, written };
    letters::put(services, agent, (content, Known::Any)).await.unwrap();
    assert!(letters::find(services, &desk.colleague).await.unwrap().is_none());
    let kept = store_letters::list(desk.store(), desk.organization()).await.unwrap().remove(0);
    letters::remove(services, agent).await.unwrap();
    assert!(letters::find(services, agent).await.unwrap().is_none());
    assert!(desk.store().keyring().get(kept.key_id).await.is_err());
}

async fn a_letter_needs_a_mailbox_a_subject_and_somebody(on: On) {
    let desk = Desk::new(on).await;
    let good = || letter(&desk, "nieuw@customers.test");
    let mut without_subject = good();
    without_subject.content.subject = Some("  ".to_owned());
    let mut without_people = good();
    without_people.content.to.clear();
    let mut without_text = good();
    without_text.content.text.clear();
    let elsewhere =
        NewLetter { channel_id: loket::domain::ids::ChannelId(desk.store().new_id()), ..good() };
    let cases = [
        (without_subject, "subject"),
        (without_people, "to"),
        (without_text, "text"),
        (elsewhere, "mailbox_id"),
        (letter(&desk, "not an address"), "to"),
    ];
    for (wrong, named) in cases {
        match replies::open(&desk.services, &desk.agent, wrong).await {
            Err(ServiceError::Invalid { field, .. }) => assert_eq!(field, named),
            other => panic!("{named}: {other:?}"),
        }
    }
}

async fn a_letter_that_is_taken_back_is_a_draft_in_its_ticket(on: On) {
    let desk = Desk::new(on).await;
    let (services, agent) = (&desk.services, &desk.agent);
    let id = replies::open(services, agent, letter(&desk, "nieuw@customers.test")).await.unwrap();
    let scope = Scope::whole(desk.organization());
    let message = messages::find(desk.store(), &scope, id).await.unwrap().unwrap();
    let number = tickets::number_of(services, agent, message.ticket_id).await.unwrap();
    let draft = replies::cancel(services, agent, id).await.unwrap();
    assert_eq!(draft.content.to, to("nieuw@customers.test"));
    let page = tickets::get(services, agent, number).await.unwrap();
    assert_eq!(page.summary.ticket.state.status, Status::Open);
    assert!(page.messages.is_empty());
    // Sent from there it is the same letter.
    let request = replies::ReplyRequest {
        snooze_until: None,
        number,
        mode: replies::Mode::Reply,
        content: draft.content,
        then: Some(Status::Pending),
        seen_version: page.summary.ticket.version,
        idempotency_key: None,
    };
    let id = replies::create(services, agent, request).await.unwrap();
    let message = messages::find(desk.store(), &scope, id).await.unwrap().unwrap();
    assert_eq!(message.envelope.subject, "Uw fiets");
}
