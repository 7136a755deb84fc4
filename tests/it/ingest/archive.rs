//! Gmail's "All Mail" is read for what was archived, and for nothing else.

use serde_json::{Value, json};

use super::mail;
use crate::support::rig::{Account, Rig, Shape};
use crate::support::server::Server;

const ALL: &str = "[Gmail]/All Mail";
const SENT: &str = "[Gmail]/Sent Mail";

/// From the mailbox itself, in answer to `answers`.
fn sent(mailbox: &Account, subject: &str, answers: &str) -> Vec<u8> {
    format!(
        "From: Hulp <{}>\r\nTo: Klant <klant@elders.test>\r\nSubject: {subject}\r\n\
         Message-ID: <{}@telefoon.test>\r\nIn-Reply-To: <{answers}@elders.test>\r\n\
         Date: Mon, 2 Mar 2026 10:00:00 +0000\r\n\r\nMorgen.\r\n",
        mailbox.address,
        subject.to_lowercase().replace([' ', ':'], "-")
    )
    .into_bytes()
}

/// An account as Gmail shows it: each mail once more in "All Mail".
async fn account(rig: &Rig) -> Account {
    let mailbox = rig.account(Shape::Google).await;
    let put = |folder: &str, raw: &[u8]| rig.deliver(&mailbox, folder, raw);
    let (inbox, archived) = (mail(&mailbox, "Binnen"), mail(&mailbox, "Archief"));
    put(ALL, &archived);
    put(ALL, &inbox);
    put("INBOX", &inbox);
    for raw in [sent(&mailbox, "Re: Archief", "archief"), sent(&mailbox, "Los", "onbekend")] {
        put(ALL, &raw);
        put(SENT, &raw);
    }
    put(ALL, &mail(&mailbox, "Concept"));
    let draft = ["mailbox", ALL, "header", "subject", "Concept"];
    rig.doveadm(&[&["flags", "add", "-u", &mailbox.address, "\\Draft"][..], &draft].concat());
    mailbox
}

/// Subject and kinds of messages of each ticket.
async fn tickets(server: &mut Server) -> Vec<(String, Vec<String>)> {
    let mut found = Vec::new();
    for status in ["open", "pending", "closed"] {
        let page = server.get(&format!("/tickets?status={status}")).await;
        for item in page["items"].as_array().unwrap() {
            let ticket = server.get(&format!("/tickets/{}", item["number"])).await;
            let of = |m: &Value| m["kind"].as_str().map(str::to_owned);
            let kinds = ticket["messages"].as_array().unwrap().iter().filter_map(of);
            let kinds = kinds.filter(|kind| kind != "event").collect();
            found.push((ticket["subject"].as_str().unwrap().to_owned(), kinds));
        }
    }
    found.sort();
    found
}

fn ticket(subject: &str, kinds: &[&str]) -> (String, Vec<String>) {
    (subject.to_owned(), kinds.iter().map(|&kind| kind.to_owned()).collect())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_archived_comes_in_once_and_with_its_answers() {
    let rig = Rig::new();
    let mailbox = account(&rig).await;
    let mut server = Server::start(&rig).await;
    server.connect_with(&rig, &mailbox, json!({ "mode": "all" })).await;
    let after = server.until_mailbox(&mailbox.address, |m| m["state"] == "active").await;
    let expected = [ticket("Archief", &["inbound", "outbound"]), ticket("Binnen", &["inbound"])];
    assert_eq!(tickets(&mut server).await, expected);
    assert_eq!(after["import"]["read"], after["import"]["total"]);
    // The copy of what lies in the INBOX, the draft, and what was sent and nobody answered.
    let why = json!([
        { "reason": "draft", "count": 1 },
        { "reason": "same_content", "count": 1 },
        { "reason": "sent_unrelated", "count": 1 },
    ]);
    let counts = json!({ "imported": 3, "skipped": 3, "skipped_why": why, "quarantined": 0 });
    assert_eq!(after["counts"], counts);

    // From now on mail comes in by the INBOX only.
    rig.deliver(&mailbox, ALL, &mail(&mailbox, "Langs de INBOX"));
    let new = mail(&mailbox, "Nieuw");
    rig.deliver(&mailbox, ALL, &new);
    rig.deliver(&mailbox, "INBOX", &new);
    server.until_mailbox(&mailbox.address, |m| m["counts"]["imported"] == 4).await;
    server.sync(&mailbox.address).await;
    let expected = [&expected[..], &[ticket("Nieuw", &["inbound"])]].concat();
    assert_eq!(tickets(&mut server).await, expected);
    let after = server.mailbox(&mailbox.address).await;
    let compared: Vec<_> =
        after["comparisons"].as_array().unwrap().iter().map(|one| &one["folder"]).collect();
    assert_eq!(compared, ["inbox", "sent"]);
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_import_from_now_on_leaves_the_archive_alone() {
    let rig = Rig::new();
    let mailbox = account(&rig).await;
    let mut server = Server::start(&rig).await;
    server.connect(&rig, &mailbox).await;
    let after = server.until_mailbox(&mailbox.address, |m| m["state"] == "active").await;
    assert_eq!(after["import"]["total"], 3);
    assert_eq!(tickets(&mut server).await, [ticket("Binnen", &["inbound"])]);
    server.stop().await;
}
