//! The main journey on real servers, for each shape of provider: a mailbox is connected, a
//! customer's mail becomes a ticket, the answer leaves through the same mailbox, and the
//! customer's answer to that joins the ticket.

use loket::imap::{Options, Session};
use serde_json::{Value, json};

use crate::support::rig::{Account, Rig, Shape};
use crate::support::server::{PATIENCE, Server};

/// What lies in the customer's inbox, once something does.
async fn receive(rig: &Rig, customer: &Account) -> String {
    let endpoint = rig.imap(Shape::Plain);
    let mut session =
        Session::connect(&rig.net(), &endpoint, &customer.password(), Options::default())
            .await
            .unwrap();
    let got = tokio::time::timeout(PATIENCE, async {
        while session.examine("INBOX").await.unwrap().exists == 0 {
            session.idle(PATIENCE).await.unwrap();
        }
        session.fetch_batch(&[1], 1 << 20).await.unwrap()
    });
    let batch = got.await.expect("the answer arrives");
    String::from_utf8(batch.mails[0].raw.to_vec()).unwrap()
}

fn header<'a>(mail: &'a str, name: &str) -> &'a str {
    let line = mail.lines().find(|line| line.to_lowercase().starts_with(&format!("{name}:")));
    line.unwrap_or_else(|| panic!("no {name} in {mail}")).split_once(':').unwrap().1.trim()
}

async fn journey(shape: Shape) {
    let rig = Rig::new();
    let mut server = Server::start(&rig).await;
    let mailbox = rig.account(shape).await;
    let customer = rig.account(Shape::Plain).await;
    server.connect(&rig, &mailbox).await;
    server.until("/mailboxes", |list| (list["items"][0]["state"] == "active").then_some(())).await;

    let question = format!(
        "From: Klant <{}>\r\nTo: {}\r\nSubject: Waar blijft mijn zeekanarie?\r\n\
         Message-ID: <vraag-1@customers.test>\r\nDate: Mon, 2 Mar 2026 09:00:00 +0000\r\n\r\n\
         Ik wacht al een week.\r\n",
        customer.address, mailbox.address
    );
    rig.deliver(&mailbox, "INBOX", question.as_bytes());
    let ticket = server.until("/tickets?status=open", |page| page["items"].get(0).cloned()).await;
    assert_eq!(ticket["customer"]["address"], customer.address);
    assert_eq!(ticket["unread"], true);

    let path = format!("/tickets/{}", ticket["number"]);
    let answer = json!({
        "mode": "reply", "to": [{ "name": null, "address": customer.address }], "cc": [], "bcc": [],
        "text": "Morgen is hij er.", "html": null, "attachment_ids": [], "then": "pending",
        "seen_version": ticket["version"],
    });
    server.post(&format!("{path}/replies"), &answer).await;
    server
        .until(&path, |ticket| {
            let sent = |m: &Value| m["delivery"]["state"] == "sent";
            ticket["messages"].as_array()?.iter().any(sent).then_some(())
        })
        .await;
    let got = receive(&rig, &customer).await;
    assert_eq!(header(&got, "in-reply-to"), "<vraag-1@customers.test>");
    assert!(header(&got, "from").contains(&mailbox.address));
    assert!(got.contains("Morgen is hij er."));

    let reaction = format!(
        "From: Klant <{}>\r\nTo: {}\r\nSubject: Re: Waar blijft mijn zeekanarie?\r\n\
         Message-ID: <vraag-2@customers.test>\r\nIn-Reply-To: {}\r\n\r\nDank!\r\n",
        customer.address,
        mailbox.address,
        header(&got, "message-id")
    );
    rig.deliver(&mailbox, "INBOX", reaction.as_bytes());
    let joined = server
        .until(&path, |ticket| {
            let inbound = |m: &&Value| m["kind"] == "inbound";
            let count = ticket["messages"].as_array()?.iter().filter(inbound).count();
            (count == 2).then(|| ticket.clone())
        })
        .await;
    assert_eq!(joined["status"], "open");
    let folder = server.home.path().to_owned();
    server.stop().await;
    assert!(!walk(&folder).is_empty());
    for file in walk(&folder) {
        // A write-ahead log goes when the last connection does.
        let bytes = match std::fs::read(&file) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => continue,
            read => read.unwrap(),
        };
        assert!(!bytes.windows(10).any(|w| w == b"zeekanarie"), "{}", file.display());
    }
}

fn walk(folder: &std::path::Path) -> Vec<std::path::PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { walk(&path) } else { vec![path] }).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn at_google() {
    journey(Shape::Google).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn at_microsoft() {
    journey(Shape::Microsoft).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn at_a_plain_imap_server() {
    journey(Shape::Plain).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_dead_grant_is_said_and_reconnecting_goes_on_at_the_cursor() {
    let rig = Rig::new();
    let mut server = Server::start(&rig).await;
    let mailbox = rig.account(Shape::Google).await;
    let other = rig.account(Shape::Plain).await;
    server.connect(&rig, &mailbox).await;
    server.connect(&rig, &other).await;
    let both = |list: &Value| {
        let items = list["items"].as_array()?;
        (items.len() == 2 && items.iter().all(|m| m["state"] == "active")).then_some(())
    };
    server.until("/mailboxes", both).await;

    rig.control("revoke-user", Shape::Google, json!({ "email": mailbox.address })).await;
    let address = mailbox.address.clone();
    let find = move |list: &Value| {
        let of = |m: &&Value| m["address"] == address.as_str();
        list["items"].as_array()?.iter().find(of).cloned()
    };
    let id = server.until("/mailboxes", find.clone()).await["id"].clone();
    // An open session outlives its token: look anew.
    let sync = format!("/mailboxes/{}/sync", id.as_str().unwrap());
    server.post(&sync, &Value::Null).await;
    let dead = move |list: &Value| (find(list)?["state"] == "needs_reauthorization").then_some(());
    server.until("/mailboxes", dead).await;
    // The other mailbox goes on.
    rig.deliver(&other, "INBOX", b"From: a@b.test\r\nSubject: Gaat door\r\n\r\nJa\r\n");
    server.until("/tickets?status=open", |page| page["items"].get(0).cloned()).await;
    // Mail that came while it was dead is not lost.
    rig.deliver(&mailbox, "INBOX", b"From: c@d.test\r\nSubject: Intussen\r\n\r\nJa\r\n");
    let location = server.consent(&rig, &mailbox, json!({ "mailbox_id": id })).await;
    assert!(location.contains("connected="), "{location}");
    server
        .until("/tickets?status=open", |page| (page["items"].as_array()?.len() == 2).then_some(()))
        .await;
    server.stop().await;
}
