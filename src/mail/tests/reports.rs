//! Delivery reports in the dialects of mail servers.

use super::read;

fn failed(mail: &str) -> (String, Option<String>) {
    let bounce = read(mail).bounce.expect("a bounce");
    let first = bounce.recipients.into_iter().next().expect("a recipient");
    assert_eq!(first.action, "failed");
    (first.address, first.status)
}

const DSN: &str = "Return-Path: <>\nFrom: MAILER-DAEMON@mx.example.org\nTo: hulp@fietsen.example\n\
    Subject: Undelivered Mail Returned to Sender\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\n\n\
    --b\n\nThis is the mail system.\n\n<klant@example.org>: user unknown\n\n--b\nContent-Type: message/delivery-status\n\n\
    Reporting-MTA: dns; mx.example.org\n\nFinal-Recipient: rfc822; klant@example.org\nAction: failed\nStatus: 5.1.1\n\
    Diagnostic-Code: smtp; 550 5.1.1 <klant@example.org>: Recipient address rejected\n\n--b\nContent-Type: text/rfc822-headers\n\n\
    Message-ID: <lkt.a.b@fietsen.example>\nTo: klant@example.org\n\n--b--\n";

#[test]
fn the_standard_report() {
    let mail = read(DSN);
    let bounce = mail.bounce.unwrap();
    assert_eq!(bounce.original_message_id.as_deref(), Some("lkt.a.b@fietsen.example"));
    assert_eq!(bounce.recipients.len(), 1);
    assert_eq!(bounce.recipients[0].address, "klant@example.org");
    assert_eq!(bounce.recipients[0].status.as_deref(), Some("5.1.1"));
    assert!(
        bounce.recipients[0].diagnostic.as_deref().unwrap().contains("Recipient address rejected")
    );
    assert!(mail.auto.is_auto);
}

#[test]
fn the_internationalised_report_and_one_without_its_type() {
    let global = DSN.replace("message/delivery-status", "message/global-delivery-status");
    assert_eq!(failed(&global).0, "klant@example.org");
    let tiscali = DSN.replace("; report-type=delivery-status", "");
    assert_eq!(failed(&tiscali).0, "klant@example.org");
}

#[test]
fn a_delay_is_no_failure() {
    let mail = read(&DSN.replace("Action: failed", "Action: delayed").replace("5.1.1", "4.4.7"));
    assert_eq!(mail.bounce, None);
    assert_eq!(mail.delivery_notice.unwrap().recipients[0].action, "delayed");
    assert!(mail.auto.is_auto);
    let warning = read(
        "From: Mail Delivery System <mailer-daemon@mx.example.org>\nSubject: Warning: message delayed 24 hours\n\n\
        A message that you sent has not yet been delivered to:\n\n  klant@example.org\n\nNo action is required on your part.\n",
    );
    assert_eq!(warning.bounce, None);
    let notice = warning.delivery_notice.expect("a notice");
    assert!(notice.is_certain);
    assert_eq!(notice.recipients[0].action, "delayed");
    assert_eq!(notice.recipients[0].address, "klant@example.org");
    let person = read(
        "From: Jo <jo@example.org>\nSubject: Delay\n\nMy parcel has been delayed and is not yet delivered.",
    );
    assert_eq!((person.bounce, person.delivery_notice), (None, None));
}

#[test]
fn words_alone_are_no_machine() {
    let certain = |mail: &str| read(mail).bounce.map(|bounce| bounce.is_certain);
    assert_eq!(certain(DSN), Some(true));
    let text =
        "Subject: Delivery notification\n\nYour parcel could not be delivered. User unknown.";
    assert_eq!(certain(&format!("From: delivery@carrier.example\n{text}")), Some(false));
    assert_eq!(
        certain(&format!("Return-Path: <>\nFrom: delivery@carrier.example\n{text}")),
        Some(true)
    );
    assert_eq!(certain(&format!("From: MAILER-DAEMON@mx.example.org\n{text}")), Some(true));
    let forward = "From: Jo <jo@example.org>\nSubject: Fwd: Undelivered Mail Returned to Sender\n\
        Content-Type: multipart/mixed; boundary=b\n\n--b\n\nDelivery failed?\n--b\n\
        Content-Type: message/rfc822\n\nFrom: MAILER-DAEMON@mx.example.org\nSubject: x\n\nuser unknown\n--b--\n";
    assert_eq!(certain(forward), None);
}

#[test]
fn reports_in_plain_text() {
    let head = "From: Mail Delivery System <MAILER-DAEMON@mx.example.org>\nTo: hulp@fietsen.example\nSubject: Mail delivery failed\n\n";
    for (text, status) in [
        (
            "A message that you sent could not be delivered.\n\n  klant@example.org\n    host mx [192.0.2.1]: 550 5.1.1 No such user\n\n------ This is a copy of the message ------\n\nTo: other@example.org\n",
            "5.1.1",
        ),
        (
            "Hi. This is the qmail-send program at mx.\nI'm afraid I wasn't able to deliver your message.\n\n<klant@example.org>:\nSorry, no mailbox here by that name. (#5.1.1)\n\n--- Below this line is a copy of the message.\n\nFrom: x@example.org\n",
            "5.1.1",
        ),
        (
            "The following addresses had permanent fatal errors:\n<klant@example.org>\n\n   ----- Transcript of session follows -----\n550 5.1.2 <klant@example.org>... Host unknown\n",
            "5.1.2",
        ),
        (
            "Your message did not reach the following recipient(s):\n\nklant@example.org on Mon, 3 Feb 2025\n    The mailbox is full\n",
            "5.2.2",
        ),
        (
            "Your message could not be delivered:\n\nRecipient: <klant@example.org>\nReason: 452 4.2.2 mailbox full\n",
            "4.2.2",
        ),
    ] {
        let (address, found) = failed(&format!("{head}{text}"));
        assert_eq!(
            (address.as_str(), found.as_deref()),
            ("klant@example.org", Some(status)),
            "{text}"
        );
    }
}

#[test]
fn exim_tells_in_a_header() {
    let mail = "From: Mailer-Daemon@mx.example.org\nX-Failed-Recipients: klant@example.org\nSubject: x\n\nA message could not be delivered: 550 no\n";
    assert_eq!(failed(mail).0, "klant@example.org");
}

#[test]
fn what_only_looks_like_a_report_is_none() {
    for mail in [
        "From: klant@example.org\nSubject: Mijn mail kwam terug\n\nIk kreeg: <x@example.org>: 550 5.1.1 user unknown\n",
        "From: klant@example.org\nSubject: Re: Undelivered Mail Returned to Sender\nIn-Reply-To: <1@x>\n\nwhat is this? could not be delivered\n",
        "From: klant@example.org\nSubject: Out of office: delivery failure\nAuto-Submitted: auto-replied\n\ncould not be delivered\n",
        "From: klant@example.org\nSubject: Read: x\nContent-Type: multipart/report; report-type=disposition-notification; boundary=b\n\n--b\n\nread\n--b\nContent-Type: message/disposition-notification\n\nFinal-Recipient: rfc822; a@example.org\nDisposition: manual-action/MDN-sent-manually; displayed\n--b--\n",
        "From: fbl@example.org\nSubject: complaint\nContent-Type: multipart/report; report-type=feedback-report; boundary=b\n\n--b\n\ncomplaint\n--b\nContent-Type: message/feedback-report\n\nFeedback-Type: abuse\n--b--\n",
        "From: postmaster@example.org\nSubject: Onderhoud morgen\n\nDe server is morgen uit.\n",
    ] {
        assert_eq!(read(mail).bounce, None, "{mail}");
    }
}
