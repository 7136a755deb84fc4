//! Answers on real servers: the copy in Sent, and an answer of which nobody knows whether it left.

use std::time::Duration;

use loket::config::smtp::Tls;
use loket::imap::{Options, Role, Session};
use serde_json::{Value, json};

use crate::support::rig::{Account, Rig, Shape};
use crate::support::server::{PATIENCE, Server};

async fn session(rig: &Rig, account: &Account) -> Session {
    let (net, endpoint) = (rig.net(), rig.imap(account.shape));
    Session::connect(&net, &endpoint, &account.password(), Options::default()).await.unwrap()
}

/// How many mails with this id are in the folder for sent mail.
async fn copies(session: &mut Session, id: &str) -> usize {
    let folders = session.list_folders().await.unwrap();
    let sent = folders.into_iter().find(|folder| folder.role == Role::Sent).unwrap();
    session.find_by_message_id(&sent.name, id).await.unwrap().len()
}

/// A server with this mailbox and a question in it; answers the ticket's path.
async fn asked(rig: &Rig, server: &mut Server, mailbox: &Account, customer: &Account) -> String {
    server.connect(rig, mailbox).await;
    server.until_mailbox(&mailbox.address, |mailbox| mailbox["state"] == "active").await;
    let question = format!(
        "From: Klant <{}>\r\nTo: {}\r\nSubject: Brood\r\nMessage-ID: <brood@customers.test>\r\n\r\n\
         Waar blijft het?\r\n",
        customer.address, mailbox.address
    );
    rig.deliver(mailbox, "INBOX", question.as_bytes());
    let tickets = server.until_tickets(1).await;
    format!("/tickets/{}", tickets[0]["number"])
}

/// Answers, and waits until the answer is as wanted. Its Message-ID without brackets.
async fn answer(server: &mut Server, ticket: &str, text: &str, state: &str) -> (Value, String) {
    let version = server.get(ticket).await["version"].clone();
    let body = json!({ "mode": "reply", "to": [], "text": text, "seen_version": version });
    let made = server.post(&format!("{ticket}/replies"), &body).await;
    let path = format!("/messages/{}", made["id"].as_str().unwrap());
    let wanted = |message: &Value| (message["delivery"]["state"] == state).then(|| message.clone());
    let message = server.until(&path, wanted).await;
    let request = server
        .http
        .get(format!("{}/api/v1{path}/original", server.url))
        .header("cookie", &server.cookie);
    let original = request.send().await.unwrap().text().await.unwrap();
    let line = original.lines().find_map(|line| line.strip_prefix("Message-ID: <")).unwrap();
    (message, line.trim_end().trim_end_matches('>').to_owned())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_copy_lies_in_sent_once_whoever_puts_it_there() {
    let rig = Rig::new();
    let mut server = Server::start(&rig).await;
    let (mailbox, customer) = (rig.account(Shape::Plain).await, rig.account(Shape::Plain).await);
    let ticket = asked(&rig, &mut server, &mailbox, &customer).await;
    let mut imap = session(&rig, &mailbox).await;

    let (_, id) = answer(&mut server, &ticket, "Morgen.", "sent").await;
    let appended = async {
        while copies(&mut imap, &id).await == 0 {
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    };
    tokio::time::timeout(PATIENCE, appended).await.expect("a copy is put into Sent");
    assert_eq!(copies(&mut imap, &id).await, 1);

    // A server that files copies by itself has one before we look.
    let (_, other) = answer(&mut server, &ticket, "Of overmorgen.", "sent").await;
    let copy = format!("Message-ID: <{other}>\r\nSubject: Re: Brood\r\n\r\nOf overmorgen.\r\n");
    imap.append("Sent", copy.as_bytes()).await.unwrap();
    let (_, last) = answer(&mut server, &ticket, "Nee, vandaag.", "sent").await;
    let appended = async {
        while copies(&mut imap, &last).await == 0 {
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    };
    tokio::time::timeout(PATIENCE, appended).await.expect("jobs of one mailbox go in order");
    assert_eq!(copies(&mut imap, &other).await, 1, "not two");
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_in_doubt_is_found_in_sent_and_never_sent_twice() {
    let rig = Rig::new();
    let proxy = rig.proxy(&rig.provider(Shape::Google).smtp).await;
    let (host, port) = (proxy.endpoint.host.clone(), proxy.endpoint.port);
    let mut server = Server::start_with(&rig, |config| {
        let google = &mut config.providers.google;
        (google.smtp_host, google.smtp_port) = (Some(host), Some(port));
        google.smtp_tls = Some(Tls::Implicit);
    })
    .await;
    let (mailbox, customer) = (rig.account(Shape::Google).await, rig.account(Shape::Plain).await);
    let ticket = asked(&rig, &mut server, &mailbox, &customer).await;

    // The server takes the mail, and the connection breaks before it can say so.
    proxy.rule(json!({ "do": "drop-after", "on": r"^\.\r\n" })).await;
    let (message, id) = answer(&mut server, &ticket, "Morgen.", "in_doubt").await;
    assert_eq!(message["delivery"]["code"], "connection_lost");
    assert_eq!(message["delivery"]["can_cancel"], false);
    let path = format!("/messages/{}", message["id"].as_str().unwrap());
    let sent = |message: &Value| (message["delivery"]["state"] == "sent").then(|| message.clone());
    let message = server.until(&path, sent).await;
    assert_eq!(message["delivery"]["attempts"], 1, "found, not sent again");
    let mut imap = session(&rig, &mailbox).await;
    assert_eq!(copies(&mut imap, &id).await, 1);
    let mut inbox = session(&rig, &customer).await;
    assert_eq!(inbox.find_by_message_id("INBOX", &id).await.unwrap().len(), 1);
    server.stop().await;
}

/// A customer writes now.
fn dated(from: &str, to: &str, id: &str) -> String {
    use loket::clock::Clock as _;
    let now = loket::clock::SystemClock.now().to_rfc2822();
    format!(
        "From: Klant <{from}>\r\nTo: {to}\r\nSubject: Geheim woord\r\nDate: {now}\r\n\
         Message-ID: <{id}@customers.test>\r\n\r\nWaar blijft het?\r\n"
    )
}

async fn acknowledging(rig: &Rig, mailbox: &Account) -> Server {
    let mut server = Server::start(rig).await;
    server.connect(rig, mailbox).await;
    server.until_mailbox(&mailbox.address, |mailbox| mailbox["state"] == "active").await;
    let known = server.mailbox(&mailbox.address).await;
    let text = "Dank u, dit is {{ticket.number}}.";
    let body = json!({ "acknowledgement": { "enabled": true, "text": text } });
    server.change("mailboxes", &known, &body).await;
    server
}

/// What lies in the folder for incoming mail.
async fn inbox(session: &mut Session, id: &str) -> usize {
    session.find_by_message_id("INBOX", id).await.unwrap().len()
}

/// Two servers that acknowledge what comes in, each the customer of the other.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_mailboxes_that_acknowledge_do_not_talk_to_each_other() {
    let rig = Rig::new();
    let (one, other) = (rig.account(Shape::Google).await, rig.account(Shape::Plain).await);
    let customer = rig.account(Shape::Plain).await;
    let mut first = acknowledging(&rig, &one).await;
    let mut second = acknowledging(&rig, &other).await;

    rig.deliver(&one, "INBOX", dated(&other.address, &one.address, "begin").as_bytes());
    first.until_tickets(1).await;
    let told = |ticket: &Value| {
        let messages = ticket["messages"].as_array()?;
        messages.iter().find(|message| message["delivery"]["state"] == "sent").cloned()
    };
    let answer = first.until("/tickets/1", told).await;
    assert_eq!((&answer["auto"], &answer["kind"]), (&json!(true), &json!("outbound")));
    assert_eq!(first.get("/tickets/1").await["status"], "open", "the customer waits as before");
    // It came by real servers: a ticket that nobody waits for, and no word comes back.
    let closed = |page: &Value| page["items"].as_array().filter(|it| it.len() == 1).cloned();
    let tickets = second.until("/tickets?status=closed", closed).await;
    let number = tickets[0]["number"].clone();
    let arrived = second.get(&format!("/tickets/{number}")).await;
    assert!(arrived["subject"].as_str().unwrap().contains("(number 1)"), "{arrived}");
    assert!(!arrived.to_string().contains("Geheim"), "nothing of the sender's: {arrived}");

    // Whoever comes next is told, so the job of the one before has long been done.
    rig.deliver(&other, "INBOX", dated(&customer.address, &other.address, "next").as_bytes());
    second.until_tickets(1).await;
    let path = "/tickets/2";
    let answer = second.until(path, told).await;
    assert_eq!(answer["to"][0]["address"], customer.address.as_str());
    let before = second.get(&format!("/tickets/{number}")).await;
    assert_eq!(before["messages"].as_array().unwrap().len(), 1, "{before}");
    let original =
        format!("{}/api/v1/messages/{}/original", second.url, answer["id"].as_str().unwrap());
    let request = second.http.get(original).header("cookie", &second.cookie);
    let original = request.send().await.unwrap().text().await.unwrap();
    let line = original.lines().find_map(|line| line.strip_prefix("Message-ID: <")).unwrap();
    let mut imap = session(&rig, &customer).await;
    let id = line.trim_end().trim_end_matches('>');
    assert_eq!(inbox(&mut imap, id).await, 1);
    first.stop().await;
    second.stop().await;
}
