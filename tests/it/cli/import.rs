//! Mail from files, into a mailbox on both databases, and by the command itself.

use std::path::Path;
use std::sync::{Arc, Mutex};

use chrono::{DateTime, TimeDelta, Utc};
use loket::domain::words::{MessageKind, Status};
use loket::service::import::{self, Counts, ImportError, Progress, Tell};
use loket::service::tickets::{self, ListQuery, TicketView};

use crate::support::command::Command;
use crate::support::db::{On, on_both};
use crate::support::desk::{Desk, MAILBOX};

on_both!(
    history_is_threaded_by_date_and_only_the_young_and_unanswered_is_open,
    what_is_imported_twice_is_there_once,
    an_import_that_was_broken_off_goes_on,
    mail_that_cannot_be_processed_is_quarantined_alone,
);

/// A mail of so many days ago, with the line ends of a file.
fn mail(desk: &Desk, days: i64, from: &str, to: &str, id: &str, more: &str) -> String {
    let at: DateTime<Utc> = desk.store().now() - TimeDelta::days(days);
    format!(
        "From: {from}\nTo: {to}\nSubject: Ketting\nMessage-ID: <{id}>\nDate: {}\n{more}\nBeste,\n\
         From hier.\n",
        at.to_rfc2822()
    )
}

fn mbox(mails: &[String]) -> String {
    mails
        .iter()
        .map(|mail| format!("From x\n{}\n", mail.replace("\nFrom hier", "\n>From hier")))
        .collect::<Vec<_>>()
        .concat()
}

async fn run(desk: &Desk, path: &Path) -> Counts {
    let silent: Tell = Arc::new(|_| {});
    import::run(&desk.services, desk.organization(), MAILBOX, path, silent).await.unwrap()
}

/// The imported tickets, by their customer's address.
async fn tickets(desk: &Desk) -> Vec<TicketView> {
    let query = ListQuery { limit: Some(100), ..ListQuery::default() };
    let page = tickets::list(&desk.services, &desk.agent, query).await.unwrap();
    let mut views = Vec::new();
    for item in page.items.iter().filter(|item| item.ticket.id != desk.ticket) {
        views.push(tickets::get(&desk.services, &desk.agent, item.ticket.number).await.unwrap());
    }
    views.sort_by_key(|view| view.summary.ticket.customer.address.clone());
    views
}

async fn history_is_threaded_by_date_and_only_the_young_and_unanswered_is_open(on: On) {
    let desk = Desk::new(on).await;
    let answer = "In-Reply-To: <a@k.test>\nReferences: <a@k.test>\n";
    let folder = tempfile::tempdir().unwrap();
    let archive = folder.path().join("archive");
    // The answers stand before what they answer.
    let mails = [
        mail(&desk, 2, MAILBOX, "anna@k.test", "b@acme.test", answer),
        mail(&desk, 3, "Anna <anna@k.test>", MAILBOX, "a@k.test", ""),
        mail(&desk, 5, "Bram <bram@k.test>", MAILBOX, "c@k.test", ""),
        mail(&desk, 90, "Cees <cees@k.test>", MAILBOX, "d@k.test", ""),
    ];
    std::fs::write(&archive, mbox(&mails)).unwrap();
    let counts = run(&desk, &archive).await;
    let expected = Counts { read: 4, imported: 4, tickets: 3, ..Counts::default() };
    assert_eq!(counts, expected);

    let views = tickets(&desk).await;
    let of = |view: &TicketView| {
        let ticket = &view.summary.ticket;
        (ticket.customer.address.clone(), ticket.state.status, view.summary.unread)
    };
    let seen: Vec<_> = views.iter().map(of).collect();
    assert_eq!(
        seen,
        [
            ("anna@k.test".to_owned(), Status::Closed, false),
            ("bram@k.test".to_owned(), Status::Open, false),
            ("cees@k.test".to_owned(), Status::Closed, false),
        ]
    );
    let kinds: Vec<_> = views[0].messages.iter().map(|m| m.kind).collect();
    assert_eq!(kinds, [MessageKind::Inbound, MessageKind::Outbound]);
    assert_eq!(views[2].messages[0].at, desk.store().now() - TimeDelta::days(90));
    assert!(views[2].messages[0].text.contains("\nFrom hier."), "unescaped");
    // The oldest has the first number, and nobody is answered.
    let numbers = |at: usize| views[at].summary.ticket.number;
    assert!(numbers(2) < numbers(1) && numbers(1) < numbers(0));
    desk.after(TimeDelta::days(1)).await;
    assert!(desk.server.sent().is_empty());
}

async fn what_is_imported_twice_is_there_once(on: On) {
    let desk = Desk::new(on).await;
    let folder = tempfile::tempdir().unwrap();
    let maildir = folder.path().join("maildir");
    for name in ["new", "cur", "tmp"] {
        std::fs::create_dir_all(maildir.join(name)).unwrap();
    }
    let one = mail(&desk, 20, "anna@k.test", MAILBOX, "a@k.test", "");
    let two = mail(&desk, 21, "bram@k.test", MAILBOX, "b@k.test", "");
    std::fs::write(maildir.join("cur/1.a:2,S"), &one).unwrap();
    // The same with the line ends of the wire.
    std::fs::write(maildir.join("new/2.b"), one.replace('\n', "\r\n")).unwrap();
    std::fs::write(maildir.join("new/3.c"), &two).unwrap();
    let first = run(&desk, &maildir).await;
    let expected = Counts { read: 3, imported: 2, duplicate: 1, tickets: 2, ..Counts::default() };
    assert_eq!(first, expected);
    let again = run(&desk, &maildir).await;
    assert_eq!(again, Counts { read: 3, duplicate: 3, ..Counts::default() });

    // As another kind of archive, with a mail more.
    let eml = folder.path().join("letters/2024");
    std::fs::create_dir_all(&eml).unwrap();
    std::fs::write(eml.join("one.eml"), &one).unwrap();
    let three = mail(&desk, 22, "cees@k.test", MAILBOX, "c@k.test", "");
    std::fs::write(eml.join("three.eml"), three).unwrap();
    let counts = run(&desk, &folder.path().join("letters")).await;
    let expected = Counts { read: 2, imported: 1, duplicate: 1, tickets: 1, ..Counts::default() };
    assert_eq!(counts, expected);
    assert_eq!(tickets(&desk).await.len(), 3);
}

async fn an_import_that_was_broken_off_goes_on(on: On) {
    let desk = Desk::new(on).await;
    let folder = tempfile::tempdir().unwrap();
    let archive = folder.path().join("archive.mbox");
    let mails: Vec<_> = (0..450)
        .map(|n| {
            mail(&desk, 30 + n, &format!("k{}@k.test", n % 60), MAILBOX, &format!("{n}@k"), "")
        })
        .collect();
    std::fs::write(&archive, mbox(&mails)).unwrap();
    let (send, stop) = tokio::sync::oneshot::channel();
    let send = Mutex::new(Some(send));
    let tell: Tell = Arc::new(move |progress| {
        if matches!(progress, Progress::Read(1..)) {
            let _ = send.lock().unwrap().take().map(|send| send.send(()));
        }
    });
    let broken = import::run(&desk.services, desk.organization(), MAILBOX, &archive, tell);
    tokio::select! {
        biased;
        _ = stop => {}
        _ = broken => panic!("it was to be broken off"),
    }
    let counts = run(&desk, &archive).await;
    assert_eq!((counts.read, counts.quarantined, counts.skipped), (450, 0, 0));
    assert!(counts.duplicate >= 200, "the first batch was filed: {counts:?}");
    let page = tickets::counts(&desk.services, &desk.agent).await.unwrap();
    // 450 mails are 450 tickets: none answers another.
    assert_eq!(page.by_status.get(&Status::Closed), Some(&450));
}

async fn mail_that_cannot_be_processed_is_quarantined_alone(on: On) {
    let desk = Desk::new(on).await;
    let folder = tempfile::tempdir().unwrap();
    let good = mail(&desk, 20, "anna@k.test", MAILBOX, "a@k.test", "");
    let nested = "Content-Type: message/rfc822\n\n".repeat(30_000);
    std::fs::write(folder.path().join("good.eml"), good).unwrap();
    std::fs::write(folder.path().join("bad.eml"), format!("Subject: x\n{nested}")).unwrap();
    let counts = run(&desk, folder.path()).await;
    let expected = Counts { read: 2, imported: 1, quarantined: 1, tickets: 1, ..Counts::default() };
    assert_eq!(counts, expected);

    let nowhere = import::run(
        &desk.services,
        desk.organization(),
        "nobody@acme.test",
        folder.path(),
        Arc::new(|_| {}),
    );
    assert!(matches!(nowhere.await, Err(ImportError::NoMailbox)));
}

#[test]
fn the_command_ends_with_counts() {
    let loket = Command::with_mailbox("hulp@acme.test");
    let archive = loket.folder().join("archive.mbox");
    std::fs::write(
        &archive,
        "From x\nFrom: anna@k.test\nDate: Mon, 2 Feb 2026 09:00:00 +0000\nSubject: a\n\nx\n\n",
    )
    .unwrap();
    let archive = archive.to_str().unwrap();
    let said = loket.run(&["import", archive, "--mailbox", "hulp@acme.test", "--json"]);
    let counts: serde_json::Value = serde_json::from_str(said.out.lines().last().unwrap()).unwrap();
    assert!(counts["seconds"].as_f64().is_some());
    for (name, count) in
        [("read", 1), ("imported", 1), ("duplicate", 0), ("quarantined", 0), ("tickets", 1)]
    {
        assert_eq!(counts[name], count, "{name}");
    }
    let said = loket.run(&["import", archive, "--mailbox", "hulp@acme.test"]);
    assert!(said.out.contains("duplicate           1  were in the mailbox"), "{}", said.out);
    let said = loket.fail(&["import", archive, "--mailbox", "other@acme.test"]);
    assert!(said.err.contains("no mailbox has this address"), "{}", said.err);
    let said = loket.fail(&["import", "/dev/null", "--mailbox", "hulp@acme.test"]);
    assert!(said.err.contains("is no mail that can be imported"), "{}", said.err);
}
