//! Who a mail is from: ourselves, a customer, a colleague, or somebody who says so.

use super::*;
use loket::domain::words::{MessageKind, Provider};
use loket::service::acts::change;
use loket::service::prune;
use loket::service::tickets::TicketView;
use loket::store::raw;

on_both!(
    a_web_form_in_our_name_is_the_customers,
    nobody_speaks_in_our_name,
    a_copy_of_our_own_answer_is_one,
    who_is_answered_takes_no_part_by_that,
    one_of_several_senders_takes_no_part,
    an_answer_takes_up_the_mail_that_began_it,
    an_answer_in_the_same_batch_takes_it_up_too,
    what_nobody_answers_is_forgotten,
    a_customer_in_spam_is_flagged,
    only_a_colleague_forwards,
    only_the_provider_says_that_a_sender_is_forged,
    who_looks_like_somebody_else_is_marked,
);

fn from_us(to: &str, id: &str, more: &str) -> Bytes {
    format!(
        "From: Acme <{MAILBOX}>\r\nTo: {to}\r\nSubject: Fiets\r\nMessage-ID: <{id}>\r\n\
         Date: Mon, 2 Mar 2026 08:00:00 +0000\r\n{more}\r\nHallo\r\n"
    )
    .into()
}

fn sent(desk: &Desk) -> Box<'_> {
    Box { desk, role: FolderRole::Sent }
}

async fn a_web_form_in_our_name_is_the_customers(on: On) {
    let desk = Desk::new(on).await;
    let form = from_us(MAILBOX, "form@acme.test", "Reply-To: Jan <jan@k.test>\r\n");
    assert_eq!(take(&desk, 1, form).await.tickets, 1);
    let view = only(&desk).await;
    assert_eq!(view.summary.ticket.customer.address, "jan@k.test");
    assert_eq!(view.messages[0].kind, MessageKind::Inbound);
    assert_eq!(view.messages[0].flags, ["own_address", "web_form"]);
    assert_eq!(view.summary.ticket.state.status, Status::Open);
    let none = from_us(MAILBOX, "scan@acme.test", "");
    assert_eq!(take(&desk, 2, none).await.tickets, 1, "a mail to ourselves is seen too");
}

async fn nobody_speaks_in_our_name(on: On) {
    let desk = Desk::new(on).await;
    take(&desk, 1, mail("jan@k.test", "a@k.test", "", "Eerste")).await;
    let before = only(&desk).await;
    let forged = from_us("jan@k.test", "forged@x.test", &reply_to("a@k.test"));
    assert_eq!(take(&desk, 2, forged).await.tickets, 1);
    let numbers = numbers(&desk).await;
    assert_eq!(open(&desk, numbers[0]).await.messages.len(), before.messages.len());
    let apart = open(&desk, numbers[1]).await;
    assert_eq!(apart.messages[0].kind, MessageKind::Inbound);
    assert_eq!(apart.messages[0].flags, ["own_address", "bcc_only", "possibly_related"]);
}

async fn a_copy_of_our_own_answer_is_one(on: On) {
    let desk = Desk::new(on).await;
    take(&desk, 1, mail("jan@k.test", "a@k.test", "", "Eerste")).await;
    let answer = |more: &str| from_us("jan@k.test", "c@acme.test", &(reply_to("a@k.test") + more));
    sent(&desk).take(vec![(2, answer(""), false)]).await;
    let copy = take(&desk, 3, answer("Received: by mx.acme.test\r\n")).await;
    assert_eq!(copy, Report { duplicate: 1, ..Report::default() });
    assert_eq!(only(&desk).await.messages.len(), 2);
}

async fn who_is_answered_takes_no_part_by_that(on: On) {
    let desk = Desk::new(on).await;
    take(&desk, 1, mail("jan@k.test", "a@k.test", "", "Eerste")).await;
    let more = format!("{}Reply-To: jan@k.test\r\n", reply_to("a@k.test"));
    take(&desk, 2, mail("noreply@x.test", "b@x.test", &more, "Betaal hier")).await;
    let numbers = numbers(&desk).await;
    assert_eq!(numbers.len(), 2);
    assert_eq!(open(&desk, numbers[0]).await.messages.len(), 1);
    let apart = open(&desk, numbers[1]).await;
    assert_eq!(apart.messages[0].flags, ["web_form", "possibly_related"]);
}

async fn one_of_several_senders_takes_no_part(on: On) {
    let desk = Desk::new(on).await;
    take(&desk, 1, mail("jan@k.test", "a@k.test", "", "Eerste")).await;
    let two = mail("dief@x.test, jan@k.test", "b@x.test", &reply_to("a@k.test"), "Betaal hier");
    take(&desk, 2, two).await;
    let more = format!("{}From: jan@k.test\r\n", reply_to("a@k.test"));
    take(&desk, 3, mail("dief@x.test", "c@x.test", &more, "Betaal hier")).await;
    let numbers = numbers(&desk).await;
    assert_eq!(numbers.len(), 3);
    assert_eq!(open(&desk, numbers[0]).await.messages.len(), 1);
    assert_eq!(open(&desk, numbers[1]).await.messages[0].flags, ["two_from", "possibly_related"]);
}

/// The kinds of the messages, oldest first.
fn kinds(view: &TicketView) -> Vec<MessageKind> {
    view.messages.iter().map(|message| message.kind).collect()
}

async fn an_answer_takes_up_the_mail_that_began_it(on: On) {
    let desk = Desk::new(on).await;
    let began = from_us("jan@k.test", "began@acme.test", "");
    assert_eq!(sent(&desk).take(vec![(1, began, false)]).await.skipped, 1);
    let again = from_us("jan@k.test", "again@acme.test", &reply_to("began@acme.test"));
    assert_eq!(sent(&desk).take(vec![(2, again, false)]).await.skipped, 1);
    assert!(numbers(&desk).await.is_empty());
    let answer = mail("jan@k.test", "a@k.test", &reply_to("again@acme.test"), "Graag!");
    let report = take(&desk, 3, answer).await;
    assert_eq!(report, Report { imported: 3, tickets: 1, ..Report::default() });
    let view = only(&desk).await;
    let (out, inb) = (MessageKind::Outbound, MessageKind::Inbound);
    assert_eq!(kinds(&view), [out, out, inb]);
    assert_eq!(view.summary.ticket.customer.address, "jan@k.test");
    assert_eq!(view.summary.ticket.state.status, Status::Open);
    assert!(view.summary.ticket.state.waiting_since.is_some());
    let second = mail("jan@k.test", "b@k.test", &reply_to("began@acme.test"), "En nog iets");
    assert_eq!(take(&desk, 4, second).await.tickets, 0, "it is taken up once");
    assert_eq!(only(&desk).await.messages.len(), 4);
}

async fn an_answer_in_the_same_batch_takes_it_up_too(on: On) {
    let desk = Desk::new(on).await;
    let files = Box { desk: &desk, role: FolderRole::Import };
    let began = from_us("jan@k.test", "began@acme.test", "");
    let answer = mail("jan@k.test", "a@k.test", &reply_to("began@acme.test"), "Graag!");
    let report = files.take(vec![(1, began, true), (2, answer, true)]).await;
    assert_eq!(report, Report { imported: 2, tickets: 1, ..Report::default() });
    let view = only(&desk).await;
    assert_eq!(kinds(&view), [MessageKind::Outbound, MessageKind::Inbound]);
    assert_eq!(view.summary.ticket.state.status, Status::Open, "young and unanswered");
}

async fn what_nobody_answers_is_forgotten(on: On) {
    let desk = Desk::new(on).await;
    let began = from_us("oma@k.test", "taart@acme.test", "");
    sent(&desk).take(vec![(1, began.clone(), false)]).await;
    take(&desk, 2, mail("jan@k.test", "a@k.test", "", "Eerste")).await;
    let answer = |more: &str| from_us("jan@k.test", "c@acme.test", &(reply_to("a@k.test") + more));
    sent(&desk).take(vec![(3, answer(""), false)]).await;
    sent(&desk).take(vec![(4, answer("X-Copy: 1\r\n"), false)]).await;
    let kept = || left_out(&desk);
    assert_eq!(kept().await.len(), 2);
    assert_eq!(prune::run(&desk.services).await.unwrap().left_out, 1, "the copy goes at once");
    desk.home.advance(TimeDelta::days(29));
    assert_eq!(prune::run(&desk.services).await.unwrap().left_out, 0);
    let line = kept().await.remove(0);
    let stored = raw::find(desk.store(), desk.organization(), line.message_id.unwrap()).await;
    let key = stored.unwrap().unwrap().key_id();
    assert!(desk.store().keyring().get(key).await.is_ok());
    desk.home.advance(TimeDelta::days(2));
    assert_eq!(prune::run(&desk.services).await.unwrap().left_out, 1);
    assert!(kept().await.is_empty());
    let gone = raw::find(desk.store(), desk.organization(), line.message_id.unwrap()).await;
    assert!(gone.unwrap().is_none());
    assert!(desk.store().keyring().get(key).await.is_err(), "its key is destroyed");
    assert_eq!(sent(&desk).take(vec![(9, began, false)]).await.duplicate, 1, "it stays away");
}

/// Lines whose raw mail is kept although no message was made of it.
async fn left_out(desk: &Desk) -> Vec<ledger::Entry> {
    let far = desk.store().now() + TimeDelta::days(400);
    ledger::list_left_out(desk.store(), far, 100).await.unwrap()
}

async fn a_customer_in_spam_is_flagged(on: On) {
    let desk = Desk::new(on).await;
    take(&desk, 1, mail("jan@k.test", "a@k.test", "", "Eerste")).await;
    let number = only(&desk).await.summary.ticket.number;
    let version = only(&desk).await.summary.ticket.version;
    let patch = Patch { status: Some(Status::Spam), ..Patch::default() };
    change::update(&desk.services, &desk.agent, number, version, patch).await.unwrap();
    take(&desk, 2, mail("jan@k.test", "b@k.test", &reply_to("a@k.test"), "Ik ben echt")).await;
    let view = open(&desk, number).await;
    assert_eq!(view.summary.ticket.state.status, Status::Spam);
    assert_eq!(view.messages[1].flags, ["in_spam"]);
    assert!(view.summary.unread);
}

async fn only_a_colleague_forwards(on: On) {
    let desk = Desk::new(on).await;
    let forward = |from: &str, id: &str| {
        let text = "Zie onder.\r\n\r\n---------- Forwarded message ---------\r\n\
                    Van: Klant <klant@k.test>\r\nSubject: kapot\r\n\r\nMijn fiets";
        mail(from, id, "", text)
    };
    take(&desk, 1, forward("buur@k.test", "a@k.test")).await;
    assert!(only(&desk).await.messages[0].flags.is_empty());
    let colleague = "Anna@acme.test";
    take(&desk, 2, forward(colleague, "b@acme.test")).await;
    let numbers = numbers(&desk).await;
    assert_eq!(open(&desk, numbers[1]).await.messages[0].flags, ["forwarded"]);
}

async fn only_the_provider_says_that_a_sender_is_forged(on: On) {
    let result = "Authentication-Results: mx.google.com; dmarc=fail header.from=k.test\r\n";
    let flags = async |desk: Desk, headers: &str| {
        take(&desk, 1, mail("jan@k.test", "a@k.test", headers, "Eerste")).await;
        only(&desk).await.messages[0].flags.clone()
    };
    assert_eq!(flags(Desk::new(on).await, result).await, ["auth_failed"]);
    let elsewhere = result.replace("mx.google.com", "mx.elsewhere.test");
    assert!(flags(Desk::new(on).await, &elsewhere).await.is_empty());
    let imap = Desk::with_provider(on, Provider::Imap).await;
    assert!(flags(imap, result).await.is_empty(), "anybody may have put it there");
}

async fn who_looks_like_somebody_else_is_marked(on: On) {
    let cases = [
        ("Jan <jan@k.test>", &[][..]),
        // The mailbox's own name, from elsewhere, from its own domain, from itself.
        ("ACME  Hulp <jan@k.test>", &["colleague_name"]),
        ("Acme hulp <piet@acme.test>", &[]),
        // With a letter that only looks like one.
        ("\u{410}cme hulp <jan@k.test>", &["colleague_name"]),
        ("support@acme.test <jan@k.test>", &["look_alike"]),
        // A domain like our own, and one of letters of two scripts.
        ("Jan <jan@acrne.test>", &["look_alike_domain"]),
        ("Jan <jan@xn--exmple-4nf.test>", &["look_alike_domain"]),
    ];
    for (from, expected) in cases {
        let desk = Desk::new(on).await;
        take(&desk, 1, mail(from, "a@k.test", "", "Eerste")).await;
        assert_eq!(only(&desk).await.messages[0].flags, expected, "{from}");
    }
}
