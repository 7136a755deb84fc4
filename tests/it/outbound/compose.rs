//! What the mail looks like that leaves.

use bytes::Bytes;
use loket::domain::words::{MessageKind, Status};
use loket::mail::{self, Limits};
use loket::service::replies::{self, Mode};
use loket::service::tickets::{self, CustomerChange};
use loket::service::uploads::{self, NewFile};
use loket::service::{ServiceError, messages};
use loket::store::messages::Party;

use crate::support::db::{On, on_both};
use crate::support::desk::{CUSTOMER, Desk, MAILBOX};

on_both!(
    threads_quotes_and_signs,
    shows_images_and_attaches_files,
    knows_whom_to_answer,
    answers_the_customer_that_a_person_chose,
    writes_to_blind_copies_abroad,
    refuses_what_cannot_be_sent,
);

async fn sent(desk: &Desk) -> mail::ParsedMail {
    desk.after_undo().await;
    let sent = desk.server.sent();
    mail::parse(&sent.last().unwrap().1, &Limits::default()).unwrap()
}

async fn threads_quotes_and_signs(on: On) {
    let desk = Desk::new(on).await;
    let id = desk.reply("Hij is onderweg.").await;
    let written = desk.store().now();
    let mail = sent(&desk).await;
    let messages = desk.messages().await;
    let (question, answer) = (&messages[0], &messages[1]);
    assert_eq!(answer.id, id);
    assert_eq!(
        (answer.kind, answer.author_id),
        (MessageKind::Outbound, Some(desk.agent.membership_id))
    );
    let asked = question.envelope.message_id.clone().unwrap();
    assert_eq!(mail.in_reply_to, std::slice::from_ref(&asked));
    assert_eq!(mail.references, ["eerste@customers.test".to_owned(), asked]);
    assert_eq!(mail.subject, "Re: De fiets kwam niet aan");
    assert_eq!(mail.from[0].name.as_deref(), Some("Acme hulp"));
    assert_eq!(mail.from[0].address, MAILBOX);
    assert_eq!(mail.date.unwrap().timestamp(), written.timestamp());
    assert_eq!(mail.message_id, answer.envelope.message_id);
    let channel_key =
        loket::store::keys::of_channel(desk.store(), desk.organization(), desk.channel);
    let key = loket::service::threading::token_key(&channel_key.await.unwrap());
    let token = mail::token::verify(&key, mail.message_id.as_deref().unwrap());
    assert_eq!(token, Some((desk.ticket.0, id.0)));
    assert!(mail.text.contains("Hij is onderweg.\n\n-- \nTeam Acme"), "{}", mail.text);
    assert!(mail.text.contains("> Waar blijft mijn fiets?"), "{}", mail.text);
    // In the organization's time zone and the mailbox's language.
    assert!(mail.text.contains("09:30"), "{}", mail.text);
    assert!(mail.text.contains("schreef"), "{}", mail.text);
    assert_eq!(answer.text, "Hij is onderweg.");
    assert_eq!(desk.ticket().await.state.status, Status::Pending);
    let stored = messages::original(&desk.services, &desk.agent, id).await.unwrap();
    assert_eq!(stored, desk.server.sent()[0].1);
}

async fn shows_images_and_attaches_files(on: On) {
    let desk = Desk::new(on).await;
    let upload = |name: &str, kind: &str, bytes: Vec<u8>| NewFile {
        name: Some(name.to_owned()),
        content_type: Some(kind.to_owned()),
        bytes: Bytes::from(bytes),
        ticket: None,
    };
    let image = upload("kaart.png", "image/png", vec![9; 5_000]);
    let image = uploads::add(&desk.services, &desk.agent, image).await.unwrap();
    let file = upload("../factuur é.pdf", "application/pdf", vec![3; 90_000]);
    let file = uploads::add(&desk.services, &desk.agent, file).await.unwrap();
    let mut request = desk.request("Zie de kaart.").await;
    request.content.html =
        Some(format!("<p>Zie <img src=\"cid:{}\"><script>x</script></p>", image.id));
    request.content.attachment_ids = vec![image.id, file.id];
    let id = replies::create(&desk.services, &desk.agent, request).await.unwrap();
    let mail = sent(&desk).await;
    let raw = String::from_utf8_lossy(&desk.server.sent()[0].1).into_owned();
    assert!(!raw.contains("<script"));
    assert_eq!(mail.attachments.len(), 2);
    let by_name = |name: &str| mail.attachments.iter().find(|file| file.name == name).unwrap();
    assert!(by_name("kaart.png").inline);
    assert_eq!(by_name("kaart.png").content_id, Some(format!("{}@loket", image.id)));
    assert_eq!(by_name("factuur é.pdf").size, 90_000);
    // The conversation reads them out of the mail that was sent.
    let scope = loket::store::Scope::whole(desk.organization());
    let ids = [id];
    let files = loket::store::messages::attachments::list(desk.store(), &scope, &ids);
    for stored in files.await.unwrap() {
        let read = messages::attachment(&desk.services, &desk.agent, id, stored.id).await.unwrap();
        let expected = if stored.inline { vec![9; 5_000] } else { vec![3; 90_000] };
        assert_eq!(read.bytes, expected);
    }
    let html = messages::html(&desk.services, &desk.agent, id, false).await.unwrap();
    assert!(html.contains("/attachments/"), "{html}");
}

async fn knows_whom_to_answer(on: On) {
    let desk = Desk::new(on).await;
    let defaults = desk.defaults().await;
    let addresses =
        |parties: &[Party]| parties.iter().map(|party| party.address.clone()).collect::<Vec<_>>();
    assert_eq!(addresses(&defaults.to), [CUSTOMER]);
    assert_eq!(addresses(&defaults.cc), ["buur@customers.test"]);
    assert_eq!(addresses(&defaults.others), ["winkel@other.test"]);
    assert!(!defaults.bcc_warning);
    let ticket = desk.ticket().await;
    let messages = desk.messages().await;
    let unknown = replies::defaults_of(&ticket, &messages, &["x@acme.test".to_owned()]);
    assert!(unknown.bcc_warning, "our address is in neither To nor Cc");
    let mut request = desk.request("Aan allen.").await;
    request.mode = Mode::ReplyAll;
    request.content.bcc = vec![Party { name: None, address: "geheim@other.test".to_owned() }];
    request.content.to = defaults.to.iter().chain(&defaults.others).cloned().collect();
    replies::create(&desk.services, &desk.agent, request).await.unwrap();
    let mail = sent(&desk).await;
    let (envelope, raw) = desk.server.sent().remove(0);
    assert_eq!(envelope.recipients, [CUSTOMER, "winkel@other.test", "geheim@other.test"]);
    assert!(mail.bcc.is_empty());
    assert!(!String::from_utf8_lossy(&raw).contains("geheim"), "Bcc stays secret");
}

async fn answers_the_customer_that_a_person_chose(on: On) {
    let desk = Desk::new(on).await;
    let number = desk.ticket().await.number;
    let to = async |desk: &Desk| {
        let defaults = desk.defaults().await;
        defaults.to.into_iter().map(|party| party.address).collect::<Vec<_>>()
    };
    let choose = async |address: &str| {
        let address = address.to_owned();
        let change = CustomerChange::Address { address, name: None };
        tickets::set_customer(&desk.services, &desk.agent, number, change).await.unwrap();
    };
    assert_eq!(to(&desk).await, [CUSTOMER]);
    choose("echte@klanten.test").await;
    assert_eq!(to(&desk).await, ["echte@klanten.test"]);
    desk.reply("Hij is onderweg.").await;
    let _ = sent(&desk).await;
    let recipients = desk.server.sent()[0].0.recipients.clone();
    assert_eq!(recipients, ["echte@klanten.test", "buur@customers.test"]);
    // Whoever was taken for the customer writes again: still the chosen one is answered.
    desk.customer_writes("Nog iets.", true).await;
    assert_eq!(to(&desk).await, ["echte@klanten.test"]);
    choose("andere@klanten.test").await;
    assert_eq!(to(&desk).await, ["andere@klanten.test"]);
    choose(CUSTOMER).await;
    assert_eq!(to(&desk).await, [CUSTOMER], "changed back, everything is as it was");
}

async fn writes_to_blind_copies_abroad(on: On) {
    let desk = Desk::new(on).await;
    let mut request = desk.request("Hij is onderweg.").await;
    let party = |address: &str| Party { name: None, address: address.to_owned() };
    request.content.bcc = vec![party(" chef@bücher.example "), party("geheim@other.test")];
    request.content.to = vec![party(CUSTOMER)];
    let id = replies::create(&desk.services, &desk.agent, request).await.unwrap();
    let mail = sent(&desk).await;
    let recipients = &desk.server.sent()[0].0.recipients;
    assert_eq!(recipients, &[CUSTOMER, "chef@xn--bcher-kva.example", "geheim@other.test"]);
    assert!(mail.bcc.is_empty());
    let message = desk.messages().await.into_iter().find(|message| message.id == id).unwrap();
    assert_eq!(message.envelope.bcc.len(), 2, "the conversation shows them");
}

async fn refuses_what_cannot_be_sent(on: On) {
    let desk = Desk::new(on).await;
    let request = desk.request("Hallo.").await;
    let party = |address: &str| Party { name: None, address: address.to_owned() };
    for (address, name) in [
        ("niemand", None),
        ("a@b.test\r\nBcc: c@d.test", None),
        ("a@b.test", Some("A\r\nBcc: c@d.test")),
    ] {
        let mut request = request.clone();
        let name = name.map(ToOwned::to_owned);
        request.content.to = vec![Party { name, ..party(address) }];
        let refused = replies::create(&desk.services, &desk.agent, request).await;
        assert!(matches!(refused, Err(ServiceError::Invalid { field: "to", .. })), "{address}");
    }
    let mut empty = request.clone();
    empty.content.text = " \n".to_owned();
    let refused = replies::create(&desk.services, &desk.agent, empty).await;
    assert!(matches!(refused, Err(ServiceError::Invalid { field: "text", .. })));
    let mut spam = request.clone();
    spam.then = Some(Status::Spam);
    let refused = replies::create(&desk.services, &desk.agent, spam).await;
    assert!(matches!(refused, Err(ServiceError::Invalid { field: "then", .. })));
    let mut large = request;
    let bytes = Bytes::from(vec![1; 2_500_000]);
    let file = NewFile { name: None, content_type: None, bytes, ticket: None };
    let upload = uploads::add(&desk.services, &desk.agent, file).await.unwrap();
    large.content.attachment_ids = vec![upload.id];
    let refused = replies::create(&desk.services, &desk.agent, large).await;
    assert!(matches!(refused, Err(ServiceError::Conflict { code: "too_large", .. })));
    assert_eq!(desk.messages().await.len(), 1);
}
