//! Reports of machines: they belong to mail of ours, or to nobody; what merely reads like one
//! is mail.

use super::*;
use loket::domain::words::MessageKind;

on_both!(
    a_report_belongs_to_mail_of_ours_only,
    a_forged_report_lets_nobody_in,
    a_delay_is_told_in_the_ticket_and_opens_nothing,
    what_reads_like_a_report_is_mail,
    an_out_of_office_note_waits_for_nobody,
    a_customers_own_bounce_is_mail,
);

/// A report in the machine-readable form about `original`.
fn report(from: &str, action: &str, original: &str) -> Bytes {
    format!(
        "Return-Path: <>\r\nFrom: {from}\r\nTo: {MAILBOX}\r\nSubject: Delivery status\r\n\
         Message-ID: <{action}-{}@mx.test>\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n\
         --b\r\n\r\nSee below.\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n\
         Reporting-MTA: dns; mx.test\r\n\r\nFinal-Recipient: rfc822; klant@customers.test\r\n\
         Action: {action}\r\nStatus: 4.4.1\r\n\r\n--b\r\nContent-Type: text/rfc822-headers\r\n\r\n\
         Message-ID: <{original}>\r\nFrom: {MAILBOX}\r\n\r\n--b--\r\n",
        original.len()
    )
    .into()
}

async fn a_report_belongs_to_mail_of_ours_only(on: On) {
    let desk = Desk::new(on).await;
    take(&desk, 1, mail("jan@k.test", "a@k.test", "", "Eerste")).await;
    let about_theirs = report("MAILER-DAEMON@mx.test", "failed", "a@k.test");
    let taken = take(&desk, 2, about_theirs).await;
    assert_eq!(taken, Report { skipped: 1, ..Report::default() });
    assert_eq!(only(&desk).await.messages.len(), 1);
}

async fn a_forged_report_lets_nobody_in(on: On) {
    let desk = Desk::new(on).await;
    let answer = desk.reply("Morgen").await;
    desk.after_undo().await;
    let id = message_id(&desk, answer).await;
    let before = desk.messages().await.len();
    take(&desk, 1, report("dief@x.test", "failed", &id)).await;
    assert_eq!(desk.messages().await.len(), before + 1, "it may be true");
    take(&desk, 2, mail("dief@x.test", "b@x.test", &reply_to(&id), "Stuur mij alles")).await;
    assert_eq!(desk.messages().await.len(), before + 1);
}

async fn a_delay_is_told_in_the_ticket_and_opens_nothing(on: On) {
    let desk = Desk::new(on).await;
    let answer = desk.reply("Morgen").await;
    desk.after_undo().await;
    let id = message_id(&desk, answer).await;
    for (uid, action) in [(1, "delayed"), (2, "delivered")] {
        let taken = take(&desk, uid, report("MAILER-DAEMON@mx.test", action, &id)).await;
        assert_eq!(taken, Report { imported: 1, ..Report::default() }, "{action}");
        let unknown = report("MAILER-DAEMON@mx.test", action, "nobody@elsewhere.test");
        let taken = take(&desk, uid + 10, unknown).await;
        assert_eq!(taken, Report { skipped: 1, ..Report::default() }, "{action}");
    }
    assert_eq!(desk.entry(answer).await.unwrap().state, OutboxState::Sent);
    let told: Vec<_> = desk.messages().await.into_iter().filter(|m| m.is_bounce).collect();
    assert_eq!(told.len(), 2);
    assert!(told.iter().all(|m| m.is_auto && m.kind == MessageKind::Inbound));
    assert!(numbers(&desk).await.is_empty());
}

async fn what_reads_like_a_report_is_mail(on: On) {
    let desk = Desk::new(on).await;
    let parcel = format!(
        "From: Carrier <delivery@carrier.test>\r\nTo: {MAILBOX}\r\n\
         Subject: Delivery notification 3SABC\r\nMessage-ID: <p@carrier.test>\r\n\r\n\
         Your parcel could not be delivered. User unknown at this address.\r\n"
    );
    let taken = take(&desk, 1, parcel.into()).await;
    assert_eq!(taken, Report { imported: 1, tickets: 1, ..Report::default() });
    let view = only(&desk).await;
    assert_eq!(view.summary.ticket.state.status, Status::Open);
    assert!(!view.messages[0].is_bounce);
}

async fn an_out_of_office_note_waits_for_nobody(on: On) {
    let desk = Desk::new(on).await;
    let note = "Auto-Submitted: auto-replied\r\n";
    take(&desk, 1, mail("jan@k.test", "a@k.test", note, "Ik ben met vakantie")).await;
    let view = only(&desk).await;
    assert_eq!(view.summary.ticket.state.status, Status::Closed);
    let order = "Auto-Submitted: auto-generated\r\n";
    take(&desk, 2, mail("shop@k.test", "b@k.test", order, "Nieuwe bestelling")).await;
    let numbers = numbers(&desk).await;
    assert_eq!(open(&desk, numbers[1]).await.summary.ticket.state.status, Status::Open);
}

async fn a_customers_own_bounce_is_mail(on: On) {
    let desk = Desk::new(on).await;
    let forward = format!(
        "From: jan@k.test\r\nTo: {MAILBOX}\r\nSubject: Fwd: Undelivered Mail Returned to Sender\r\n\
         Message-ID: <f@k.test>\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nWat is dit? Delivery failed.\r\n\
         --b\r\nContent-Type: message/rfc822\r\n\r\nFrom: MAILER-DAEMON@mx.test\r\n\
         Subject: Undelivered Mail Returned to Sender\r\n\r\nuser unknown\r\n--b--\r\n"
    );
    let taken = take(&desk, 1, forward.into()).await;
    assert_eq!(taken, Report { imported: 1, tickets: 1, ..Report::default() });
    let view = only(&desk).await;
    assert!(!view.messages[0].is_auto && !view.messages[0].is_bounce);
    assert_eq!(view.summary.ticket.state.status, Status::Open);
}
