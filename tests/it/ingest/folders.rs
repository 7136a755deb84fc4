//! Folders: renumbered ones, history, the Sent folder, and that nothing changes at the server.

use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use chrono::{TimeDelta, Utc};
use serde_json::{Value, json};

use super::mail;
use crate::support::rig::{Account, Rig, Shape};
use crate::support::server::Server;

async fn connected(rig: &Rig, import: Value) -> (Server, Account) {
    let mut server = Server::start(rig).await;
    let mailbox = rig.account(Shape::Plain).await;
    server.connect_with(rig, &mailbox, import).await;
    server.until_mailbox(&mailbox.address, |m| m["state"] == "active").await;
    (server, mailbox)
}

fn maildir(rig: &Rig, account: &Account) -> PathBuf {
    let home = rig.doveadm(&["user", "-f", "home", &account.address]);
    PathBuf::from(home.trim()).join("Maildir")
}

/// Puts a mail into the INBOX that was delivered so many days ago.
fn deliver_old(rig: &Rig, account: &Account, subject: &str, days: u64) {
    rig.deliver(account, "INBOX", &mail(account, subject));
    let at = SystemTime::now() - Duration::from_secs(days * 86_400);
    let folder = maildir(rig, account);
    for file in ["new", "cur"].iter().flat_map(|sub| std::fs::read_dir(folder.join(sub)).unwrap()) {
        let path = file.unwrap().path();
        let text = std::fs::read_to_string(&path).unwrap();
        if text.contains(&format!("Subject: {subject}\r\n"))
            || text.contains(&format!("Subject: {subject}\n"))
        {
            std::fs::File::options().write(true).open(&path).unwrap().set_modified(at).unwrap();
        }
    }
    for index in ["dovecot.index", "dovecot.index.log", "dovecot.index.cache"] {
        let _ = std::fs::remove_file(folder.join(index));
    }
}

/// Puts a file into a Maildir, in the order of `number`, delivered so many days ago.
fn place(folder: &Path, number: u64, raw: &[u8], days: u64) {
    let path = folder.join(format!("{}.M{number}P1.elders", 1_700_000_000 + number));
    std::fs::write(&path, raw).unwrap();
    let at = SystemTime::now() - Duration::from_secs(days * 86_400);
    std::fs::File::options().write(true).open(&path).unwrap().set_modified(at).unwrap();
    let owner = std::os::unix::fs::MetadataExt::uid(&folder.metadata().unwrap());
    std::os::unix::fs::chown(&path, Some(owner), None).unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_folder_that_was_put_back_is_gone_through_to_its_end() {
    let rig = Rig::new();
    let (mut server, mailbox) = connected(&rig, json!({ "mode": "now" })).await;
    rig.deliver(&mailbox, "INBOX", &mail(&mailbox, "Een"));
    server.until_tickets(1).await;
    rig.doveadm(&["kick", &mailbox.address]);
    let folder = maildir(&rig, &mailbox).join("new");
    // The mail of today lies below many old ones.
    place(&folder, 0, &mail(&mailbox, "Gemist"), 0);
    for number in 1..=40 {
        place(&folder, number, &mail(&mailbox, &format!("Oud {number}")), 100);
    }
    std::fs::remove_file(folder.with_file_name("dovecot-uidlist")).unwrap();
    let change = ["mailbox", "update", "-u", &mailbox.address, "--uid-validity", "99999", "INBOX"];
    rig.doveadm(&change);
    server.sync(&mailbox.address).await;
    let tickets = server.until_tickets(2).await;
    assert!(tickets.to_string().contains("Gemist"));
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_renumbered_folder_doubles_nothing_and_loses_nothing() {
    let rig = Rig::new();
    let (mut server, mailbox) = connected(&rig, json!({ "mode": "now" })).await;
    rig.deliver(&mailbox, "INBOX", &mail(&mailbox, "Een"));
    rig.deliver(&mailbox, "INBOX", &mail(&mailbox, "Twee"));
    server.until_tickets(2).await;
    let change = ["mailbox", "update", "-u", &mailbox.address, "--uid-validity", "77777", "INBOX"];
    rig.doveadm(&change);
    rig.deliver(&mailbox, "INBOX", &mail(&mailbox, "Drie"));
    server.sync(&mailbox.address).await;
    server.until_tickets(3).await;
    let both_known = |m: &Value| m["counts"]["skipped"] == 2 && m["state"] == "active";
    let after = server.until_mailbox(&mailbox.address, both_known).await;
    assert_eq!(after["counts"]["imported"], 3);
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_folder_whose_uids_start_over_is_read_anew() {
    let rig = Rig::new();
    let (mut server, mailbox) = connected(&rig, json!({ "mode": "now" })).await;
    for subject in ["Een", "Twee", "Drie"] {
        rig.deliver(&mailbox, "INBOX", &mail(&mailbox, subject));
    }
    server.until_tickets(3).await;
    let status =
        ["-f", "flow", "mailbox", "status", "-u", &mailbox.address, "uidvalidity", "INBOX"];
    let said = rig.doveadm(&status);
    let validity = said.trim().rsplit('=').next().unwrap().to_owned();
    rig.doveadm(&["kick", &mailbox.address]);
    // A server that was put back from an old backup: the same UIDVALIDITY, lower UIDs.
    std::fs::remove_dir_all(maildir(&rig, &mailbox)).unwrap();
    rig.deliver(&mailbox, "INBOX", &mail(&mailbox, "Vier"));
    let change =
        ["mailbox", "update", "-u", &mailbox.address, "--uid-validity", &validity, "INBOX"];
    rig.doveadm(&change);
    server.sync(&mailbox.address).await;
    server.until_tickets(4).await;
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_import_choice_is_kept_and_nothing_is_marked_read() {
    let rig = Rig::new();
    let mut server = Server::start(&rig).await;
    let since = (Utc::now() - TimeDelta::days(60)).to_rfc3339();
    let choices = [
        (json!({ "mode": "now" }), vec![]),
        (json!({ "mode": "since", "since": since }), vec!["Midden", "Jong"]),
        (json!({ "mode": "all" }), vec!["Oud", "Midden", "Jong"]),
    ];
    for (import, expected) in choices {
        let mailbox = rig.account(Shape::Plain).await;
        for (subject, days) in [("Oud", 300), ("Midden", 40), ("Jong", 3)] {
            deliver_old(&rig, &mailbox, subject, days);
        }
        server.connect_with(&rig, &mailbox, import.clone()).await;
        let after = server.until_mailbox(&mailbox.address, |m| m["state"] == "active").await;
        assert_eq!(after["counts"]["imported"], expected.len(), "{import}");
        let id = after["id"].as_str().unwrap();
        let mut found = Vec::new();
        for status in ["open", "closed"] {
            let path = format!("/tickets?status={status}&mailbox={id}");
            let page = server.get(&path).await;
            found.extend(page["items"].as_array().unwrap().iter().cloned());
        }
        found.sort_by_key(|ticket| ticket["number"].as_u64());
        let subjects: Vec<_> = found
            .iter()
            .filter(|ticket| ticket["mailbox"]["id"] == id)
            .map(|ticket| ticket["subject"].as_str().unwrap())
            .collect();
        assert_eq!(subjects, expected, "{import}");
        rig.deliver(&mailbox, "INBOX", &mail(&mailbox, "Nieuw"));
        let one_more = expected.len() + 1;
        server.until_mailbox(&mailbox.address, |m| m["counts"]["imported"] == one_more).await;
        let flags = rig.doveadm(&["fetch", "-u", &mailbox.address, "flags", "mailbox", "INBOX"]);
        assert!(!flags.contains("Seen"), "{flags}");
    }
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn history_comes_in_newest_first() {
    let rig = Rig::new();
    let mut server = Server::start(&rig).await;
    let mailbox = rig.account(Shape::Plain).await;
    deliver_old(&rig, &mailbox, "Oudste", 250);
    let folder = maildir(&rig, &mailbox).join("new");
    for number in 0..220_u64 {
        let raw = mail(&mailbox, &format!("Nummer {number}"));
        place(&folder, number, &raw, 240 - number);
    }
    server.connect_with(&rig, &mailbox, json!({ "mode": "all" })).await;
    let after = server.until_mailbox(&mailbox.address, |m| m["counts"]["imported"] == 221).await;
    assert_eq!(after["import"]["total"], 221);
    // Two batches of at most 200: the first has the newest.
    let mut of = async |number: u32| {
        let ticket = server.get(&format!("/tickets/{number}")).await;
        let subject = ticket["subject"].as_str().unwrap().to_owned();
        subject.strip_prefix("Nummer ").map_or(0, |number| number.parse::<u32>().unwrap())
    };
    assert!(of(1).await >= 20 && of(200).await >= 20);
    assert!(of(201).await < 20 && of(221).await < 20);
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_is_there_once_and_one_given_elsewhere_joins() {
    let rig = Rig::new();
    let (mut server, mailbox) = connected(&rig, json!({ "mode": "now" })).await;
    let customer = rig.account(Shape::Plain).await;
    let question = format!(
        "From: {}\r\nTo: {}\r\nSubject: Vraag\r\nMessage-ID: <vraag@klant.test>\r\n\r\nWanneer?\r\n",
        customer.address, mailbox.address
    );
    rig.deliver(&mailbox, "INBOX", question.as_bytes());
    let ticket = server.until_tickets(1).await[0].clone();
    let path = format!("/tickets/{}", ticket["number"]);
    let answer = json!({
        "mode": "reply", "to": [{ "name": null, "address": customer.address }], "cc": [], "bcc": [],
        "text": "Morgen", "html": null, "attachment_ids": [], "then": "pending",
        "seen_version": ticket["version"],
    });
    server.post(&format!("{path}/replies"), &answer).await;
    // The copy in Sent is met, and is no second message.
    let search = ["search", "-u", &mailbox.address, "mailbox", "Sent", "all"];
    server.until("/mailboxes", |_| (!rig.doveadm(&search).trim().is_empty()).then_some(())).await;
    server.sync(&mailbox.address).await;
    server.until_mailbox(&mailbox.address, |m| m["counts"]["skipped"] == 1).await;
    let kinds = |ticket: &Value| {
        let of = |m: &Value| m["kind"].as_str().map(str::to_owned);
        let all = ticket["messages"].as_array().unwrap().iter().filter_map(of);
        all.filter(|kind| kind != "event").collect::<Vec<_>>()
    };
    assert_eq!(kinds(&server.get(&path).await), ["inbound", "outbound"]);

    let elsewhere = format!(
        "From: {}\r\nTo: {}\r\nSubject: Re: Vraag\r\nMessage-ID: <los@telefoon.test>\r\n\
         In-Reply-To: <vraag@klant.test>\r\n\r\nToch overmorgen\r\n",
        mailbox.address, customer.address
    );
    rig.deliver(&mailbox, "Sent", elsewhere.as_bytes());
    server.sync(&mailbox.address).await;
    let joined =
        server.until(&path, |ticket| (kinds(ticket).len() == 3).then(|| kinds(ticket))).await;
    assert_eq!(joined, ["inbound", "outbound", "outbound"]);
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_mail_is_met_by_idle_long_before_the_next_poll() {
    let rig = Rig::new();
    let mut server = Server::start_with(&rig, |config| config.sync.poll_seconds = 3_600).await;
    let mailbox = rig.account(Shape::Plain).await;
    server.connect(&rig, &mailbox).await;
    server.until_mailbox(&mailbox.address, |m| m["state"] == "active").await;
    for count in 1..=3 {
        rig.deliver(&mailbox, "INBOX", &mail(&mailbox, &format!("Nummer {count}")));
        server.until_tickets(count).await;
    }
    let store = server.services.store();
    let organization = loket::store::organizations::list(store).await.unwrap()[0].id;
    let list = loket::store::mailboxes::list(store, organization).await.unwrap();
    let age = Utc::now() - list[0].last_mail_at.unwrap();
    assert!(age < TimeDelta::minutes(2), "{age}");
    server.stop().await;
}
