//! What other servers report of an answer: it came back, or it is late.

use bytes::Bytes;
use chrono::TimeDelta;
use loket::domain::delivery::code;
use loket::domain::ids::MessageId;
use loket::domain::words::{FolderRole, OutboxState as S, Provider};
use loket::service::intake::{self, Batch, Incoming, Report, Target};
use loket::service::outgoing::{SendOutcome, SentCopy};
use loket::service::{ServiceError, outbox, replies, sync, tickets};
use loket::store::folders::Cursor;

use crate::support::db::{On, on_both};
use crate::support::desk::{CUSTOMER, Desk, MAILBOX};

on_both!(
    a_delay_is_no_failure,
    a_notice_about_a_stranger_s_mail_opens_nothing,
    what_came_back_goes_again_only_to_whom_it_did_not_reach,
    a_report_about_nobody_is_not_answered_by_sending_to_all,
    what_came_back_is_never_taken_back,
    a_resent_answer_in_doubt_is_not_found_by_its_first_copy,
);

const NEIGHBOUR: &str = "buur@customers.test";

async fn take(desk: &Desk, uid: i64, raw: String) -> Report {
    let target = Target {
        organization_id: desk.organization(),
        channel_id: desk.channel,
        own_addresses: vec![MAILBOX.to_owned()],
    };
    let folder = sync::folder(&desk.services, &target, "INBOX", FolderRole::Inbox).await.unwrap();
    let cursor = Cursor { uid_validity: 7, last_uid: uid, backfill_uid: 0 };
    let mail = Incoming {
        uid,
        raw: Bytes::from(raw.replace('\n', "\r\n")),
        received_at: Some(desk.store().now()),
        is_history: false,
    };
    let (missing, skipped) = (Vec::new(), Vec::new());
    let batch = Batch { folder, mails: vec![mail], missing, skipped, cursor };
    intake::take(&desk.services, &target, batch).await.unwrap()
}

async fn message_id(desk: &Desk, id: MessageId) -> String {
    let message = desk.messages().await.into_iter().find(|message| message.id == id).unwrap();
    message.envelope.message_id.unwrap()
}

/// As Postfix 3.7 writes it, to the letter but for names.
fn postfix(uid: i64, original: &str, recipients: &[(&str, &str, &str)]) -> String {
    let delayed = recipients.iter().all(|(_, action, _)| *action == "delayed");
    let (subject, text) = if delayed {
        (
            "Delayed Mail (still being retried)",
            "####################################################################\n\
             # THIS IS A WARNING ONLY.  YOU DO NOT NEED TO RESEND YOUR MESSAGE. #\n\
             ####################################################################\n\n\
             Your message could not be delivered for more than 4 hour(s).\n\
             It will be retried until it is 5 day(s) old.\n",
        )
    } else {
        (
            "Undelivered Mail Returned to Sender",
            "I'm sorry to have to inform you that your message could not\n\
             be delivered to one or more recipients. It's attached below.\n",
        )
    };
    let fields: Vec<String> = recipients
        .iter()
        .map(|(address, action, words)| {
            let status = if *action == "failed" { "5.1.1" } else { "4.4.1" };
            format!(
                "\nFinal-Recipient: rfc822; {address}\nOriginal-Recipient: rfc822;{address}\n\
                 Action: {action}\nStatus: {status}\nDiagnostic-Code: {words}\n"
            )
        })
        .collect();
    format!(
        "Return-Path: <>\nDate: Mon, 2 Mar 2026 13:00:00 +0000\n\
         From: MAILER-DAEMON@mx.test (Mail Delivery System)\nSubject: {subject}\nTo: {MAILBOX}\n\
         Auto-Submitted: auto-replied\nMIME-Version: 1.0\n\
         Content-Type: multipart/report; report-type=delivery-status;\n boundary=\"4F1.1/mx.test\"\n\
         Message-Id: <report-{uid}@mx.test>\n\nThis is a MIME-encapsulated message.\n\n\
         --4F1.1/mx.test\nContent-Description: Notification\n\
         Content-Type: text/plain; charset=us-ascii\n\nThis is the mail system at host mx.test.\n\n\
         {text}\n--4F1.1/mx.test\nContent-Description: Delivery report\n\
         Content-Type: message/delivery-status\n\nReporting-MTA: dns; mx.test\n\
         X-Postfix-Queue-ID: 4F1\nX-Postfix-Sender: rfc822; {MAILBOX}\n\
         Arrival-Date: Mon,  2 Mar 2026 09:00:00 +0000 (UTC)\n{}\n\
         --4F1.1/mx.test\nContent-Description: Undelivered Message Headers\n\
         Content-Type: text/rfc822-headers\n\nFrom: Acme hulp <{MAILBOX}>\n\
         Subject: Re: De fiets kwam niet aan\nMessage-ID: <{original}>\n\n--4F1.1/mx.test--\n",
        fields.concat()
    )
}

/// An answer that has been sent, to the customer and the neighbour.
async fn sent(desk: &Desk) -> (MessageId, String) {
    let id = desk.reply("Hij is onderweg.").await;
    desk.after_undo().await;
    assert_eq!(desk.server.sent()[0].0.recipients, [CUSTOMER, NEIGHBOUR]);
    (id, message_id(desk, id).await)
}

async fn a_delay_is_no_failure(on: On) {
    let desk = Desk::new(on).await;
    let (id, original) = sent(&desk).await;
    let status = desk.ticket().await.state.status;
    let words = "X-Postfix; connect to mx.customers.test[192.0.2.1]:25: Connection timed out";
    let delay = postfix(1, &original, &[(CUSTOMER, "delayed", words)]);
    let report = take(&desk, 1, delay).await;
    assert_eq!((report.imported, report.tickets), (1, 0), "it joins the answer's ticket");
    let delivery = desk.delivery(id).await;
    assert_eq!((delivery.state, delivery.code.as_deref()), (S::Sent, Some(code::DELAYED)));
    let said = delivery.error.unwrap();
    assert!(said.starts_with("klant@customers.test: connect to mx.customers.test"), "{said}");
    assert_eq!(desk.ticket().await.state.status, status, "nobody need do anything");
    let notice = desk.messages().await.into_iter().find(|message| message.is_bounce).unwrap();
    assert_eq!(notice.envelope.bounce[0].action.as_deref(), Some("delayed"));
    let again = outbox::retry(&desk.services, &desk.agent, id).await;
    assert!(matches!(again, Err(ServiceError::Conflict { code: "not_failed", .. })));
    // In the end it is given up.
    let words = "smtp; 550 5.1.1 no such user";
    let failed = [(CUSTOMER, "failed", words), (NEIGHBOUR, "delivered", "smtp; 250 ok")];
    take(&desk, 2, postfix(2, &original, &failed)).await;
    let delivery = desk.delivery(id).await;
    assert_eq!((delivery.state, delivery.code.as_deref()), (S::Failed, Some(code::BOUNCED)));
    assert_eq!(delivery.error.as_deref(), Some("klant@customers.test: 550 5.1.1 no such user"));
    assert_eq!(delivery.bounced, [CUSTOMER]);
}

async fn a_notice_about_a_stranger_s_mail_opens_nothing(on: On) {
    let desk = Desk::new(on).await;
    for (uid, action) in [(1, "delayed"), (2, "failed")] {
        let mail = postfix(uid, "elsewhere@other.test", &[("x@other.test", action, "smtp; no")]);
        let report = take(&desk, uid, mail).await;
        assert_eq!((report.skipped, report.tickets), (1, 0), "{action}");
    }
    let query = tickets::ListQuery::default();
    let page = tickets::list(&desk.services, &desk.agent, query).await.unwrap();
    assert_eq!(page.items.len(), 1);
}

async fn what_came_back_goes_again_only_to_whom_it_did_not_reach(on: On) {
    let desk = Desk::with_provider(on, Provider::Imap).await;
    let (id, original) = sent(&desk).await;
    desk.after(TimeDelta::minutes(1)).await;
    assert_eq!(desk.server.appended().len(), 1);
    let words = "smtp; 552 5.2.2 mailbox full";
    take(&desk, 1, postfix(1, &original, &[("Buur@Customers.test", "failed", words)])).await;
    assert_eq!(desk.delivery(id).await.bounced, [NEIGHBOUR]);
    desk.home.advance(TimeDelta::days(2));
    outbox::retry(&desk.services, &desk.agent, id).await.unwrap();
    desk.drain().await;
    let mails = desk.server.sent();
    assert_eq!(mails.len(), 2);
    assert_eq!(mails[1].0.recipients, [NEIGHBOUR], "the customer has it");
    assert_eq!(mails[1].1, mails[0].1);
    let delivery = desk.delivery(id).await;
    assert_eq!((delivery.state, delivery.bounced), (S::Sent, Vec::new()));
    desk.after(TimeDelta::minutes(1)).await;
    assert_eq!(desk.server.appended().len(), 1, "one copy in Sent is enough");
    // It comes back again, and now for the other as well: both are named.
    let both = [(NEIGHBOUR, "failed", words), (CUSTOMER, "failed", "smtp; 550 gone")];
    for (uid, one) in (2..).zip(both) {
        take(&desk, uid, postfix(uid, &original, &[one])).await;
    }
    assert_eq!(desk.delivery(id).await.bounced, [NEIGHBOUR, CUSTOMER]);
    assert_eq!(desk.delivery(id).await.error.unwrap().lines().count(), 2);
}

async fn a_report_about_nobody_is_not_answered_by_sending_to_all(on: On) {
    let desk = Desk::new(on).await;
    let (id, original) = sent(&desk).await;
    let words = "smtp; 550 5.1.1 no such user";
    take(&desk, 1, postfix(1, &original, &[("inner@backend.test", "failed", words)])).await;
    let delivery = desk.delivery(id).await;
    assert_eq!((delivery.state, delivery.bounced), (S::Failed, Vec::new()));
    let refused = outbox::retry(&desk.services, &desk.agent, id).await;
    assert!(matches!(refused, Err(ServiceError::Conflict { code: "recipients_unknown", .. })));
    desk.drain().await;
    assert_eq!(desk.server.sent().len(), 1);
}

async fn what_came_back_is_never_taken_back(on: On) {
    let desk = Desk::new(on).await;
    desk.server.answers([SendOutcome::InDoubt]);
    let id = desk.reply("Hij is onderweg.").await;
    desk.after_undo().await;
    assert_eq!(desk.delivery(id).await.state, S::InDoubt);
    let original = message_id(&desk, id).await;
    let words = "smtp; 550 5.1.1 no such user";
    take(&desk, 1, postfix(1, &original, &[(CUSTOMER, "failed", words)])).await;
    let delivery = desk.delivery(id).await;
    assert_eq!((delivery.state, delivery.can_cancel), (S::Failed, false));
    let cancelled = replies::cancel(&desk.services, &desk.agent, id).await;
    assert!(matches!(cancelled, Err(ServiceError::Conflict { code: "on_its_way", .. })));
    desk.after(TimeDelta::days(1)).await;
    assert!(desk.entry(id).await.is_some(), "the neighbour has it");
    assert_eq!(desk.server.sent().len(), 1, "and it is not looked for and sent again");
}

async fn a_resent_answer_in_doubt_is_not_found_by_its_first_copy(on: On) {
    let desk = Desk::new(on).await;
    let (id, original) = sent(&desk).await;
    let words = "smtp; 550 5.1.1 no such user";
    take(&desk, 1, postfix(1, &original, &[(CUSTOMER, "failed", words)])).await;
    desk.server.answers([SendOutcome::InDoubt]);
    desk.server.keeps([SentCopy::Found; 4]);
    outbox::retry(&desk.services, &desk.agent, id).await.unwrap();
    for _ in 0..4 {
        desk.after(TimeDelta::minutes(10)).await;
    }
    assert_eq!(desk.delivery(id).await.state, S::InDoubt, "a person decides");
}
