//! Access and portability: one ZIP of what is stored, without what was kept back.

use axum::http::{Method, StatusCode};
use chrono::TimeDelta;
use serde_json::{Value, json};

use super::{ANNA, Bakery, headed, letter};
use crate::export::{Zip, check_schema};
use crate::support::app::Answer;
use crate::support::db::{On, on_both};

on_both!(
    the_file_holds_what_is_stored,
    what_was_kept_back_is_told_without_its_content,
    what_they_provided_is_what_they_wrote,
    of_a_user_their_account_and_their_acts_are_told,
    nothing_is_read_or_made_before_the_person_is_known,
    a_link_that_is_older_than_seven_days_opens_nothing,
    a_withdrawn_request_hands_nothing_out,
);

/// A mail with a file.
fn with_file(from: &str, word: &str, id: &str) -> String {
    format!(
        "From: Anna <{from}>\r\nTo: support@bakery.example\r\nCc: bert@example.net\r\n\
         Subject: About {word} <b>\r\nMessage-ID: <{id}@example.net>\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\
         Content-Type: text/plain; charset=utf-8\r\n\r\nI wrote {word} here.\r\n--b\r\n\
         Content-Type: text/plain\r\nContent-Disposition: attachment; filename=secret.txt\r\n\r\n\
         {word} in a file\r\n--b--\r\n"
    )
}

impl Bakery {
    /// An access request of Anna's, who has shown who she is.
    async fn asked(&mut self, kind: &str) -> String {
        let id = self.open(kind, ANNA).await;
        self.identify(&id).await;
        id
    }

    async fn items(&mut self, id: &str) -> Vec<Value> {
        let found = self.owner.get(&format!("/api/v1/data-requests/{id}/items")).await;
        assert_eq!(found.status, StatusCode::OK, "{found:?}");
        found.json()["items"].as_array().unwrap().clone()
    }

    /// Has the file made; what opens the page then.
    async fn parcel(&mut self, id: &str) -> String {
        self.act(Method::POST, id, "parcel", json!({})).await;
        self.drain().await;
        let (to, text) = self.last_mail();
        assert_eq!(to, [ANNA], "the link goes to the address on record");
        super::token_in(&text)
    }

    /// A new code, and with it the download.
    async fn unlock(&mut self, token: &str) -> Answer {
        let mut person = self.app.browser();
        let body = json!({ "token": token });
        let sent = person.post("/api/v1/request-links/code", &body).await;
        if sent.status != StatusCode::ACCEPTED {
            return sent;
        }
        self.drain().await;
        let code = super::code_in(&self.last_mail().1);
        let body = json!({ "token": token, "code": code });
        person.post("/api/v1/request-links/parcel", &body).await
    }

    async fn download(&mut self, token: &str) -> Zip {
        let pass = self.unlock(token).await.json()["pass"].as_str().unwrap().to_owned();
        let path = format!("/api/v1/request-links/parcel/file?pass={pass}");
        Zip::of(&self.app.browser().get(&path).await)
    }
}

async fn the_file_holds_what_is_stored(on: On) {
    let mut bakery = Bakery::new(on).await;
    bakery.deliver(1, &with_file(ANNA, "bread", "a")).await;
    // She is named in a ticket of somebody else, who also wrote what is none of hers.
    let cc = format!("Cc: {ANNA}\r\n");
    bakery.deliver(2, &headed("bert@example.net", "cake", "b", &cc)).await;
    let more = "In-Reply-To: <b@example.net>\r\n";
    bakery.deliver(3, &headed("bert@example.net", "private", "c", more)).await;
    bakery.app.home.advance(TimeDelta::minutes(1));
    let note = json!({ "text": "She sounds <angry>." });
    bakery.owner.post("/api/v1/tickets/1/notes", &note).await;
    let draft = json!({ "text": "Dear Anna" });
    bakery.owner.request(Method::PUT, "/api/v1/tickets/1/draft", &draft).await;
    bakery.owner.get("/api/v1/tickets/1").await;
    let id = bakery.asked("access").await;
    assert_eq!(bakery.items(&id).await.len(), 3);
    let token = bakery.parcel(&id).await;
    let seen = bakery.get(&id).await;
    assert_eq!(seen["parcel"]["state"], "ready");
    let mut zip = bakery.download(&token).await;
    check_schema(&mut zip);
    let message = bakery.owner.get("/api/v1/tickets/1").await.json();
    let messages = message["messages"].as_array().unwrap();
    let first = messages.iter().find(|message| message["kind"] == "inbound").unwrap();
    let path = format!("/api/v1/messages/{}/original", first["id"].as_str().unwrap());
    let original = bakery.owner.get(&path).await.body;
    assert_eq!(zip.bytes("messages/1/001.eml"), original, "byte by byte");
    assert_eq!(zip.text("attachments/1/001-01-secret.txt").trim(), "bread in a file");
    let data = zip.json("data.json");
    assert_eq!(data["kind"], "person");
    assert_eq!(data["contacts"][0]["addresses"], json!([ANNA]));
    assert_eq!(data["counts"]["messages"], 3);
    assert_eq!(data["tickets"], json!([1, 2]));
    assert_eq!(data["drafts"][0]["text"], "Dear Anna");
    let reads = data["accesses"].as_array().unwrap();
    assert!(reads.iter().any(|a| a["what"] == "ticket.read" && a["by"] == "member"), "{data}");
    assert!(!zip.with("cake").is_empty());
    assert_eq!(zip.with("private"), [""; 0], "it is not hers");
    assert!(zip.text("tickets/1.html").contains("She sounds &lt;angry&gt;."));
    let index = zip.text("index.html");
    assert!(index.contains("About bread &lt;b&gt;") && !index.contains("<script"), "{index}");
    // The download is in the audit log and in the timeline.
    let seen = bakery.get(&id).await;
    assert_eq!(seen["parcel"]["downloads"], 1);
    let last = seen["timeline"].as_array().unwrap().last().unwrap().clone();
    assert_eq!(last["kind"], "parcel_fetched");
    let log = loket::store::audit::list(&bakery.app.home.store, bakery.org.id, None, 50).await;
    assert!(log.unwrap().iter().any(|e| e.action == loket::audit::Action::FetchParcel));
    let done = bakery.act(Method::POST, &id, "completion", json!({})).await;
    assert_eq!(done["request"]["state"], "done");
    // It can be fetched again, with another code.
    bakery.app.home.advance(TimeDelta::hours(25));
    let mut again = bakery.download(&token).await;
    assert_eq!(again.json("data.json")["counts"]["messages"], 3);
}

async fn what_was_kept_back_is_told_without_its_content(on: On) {
    let mut bakery = Bakery::new(on).await;
    bakery.deliver(1, &with_file(ANNA, "bread", "a")).await;
    bakery.deliver(2, &letter(ANNA, "gossip", "b")).await;
    let id = bakery.asked("access").await;
    let items = bakery.items(&id).await;
    let of = |word: &str| {
        let found = items.iter().find(|item| item.to_string().contains(word));
        found.unwrap_or_else(|| panic!("{word}: {items:?}")).clone()
    };
    let (bread, gossip) = (of("bread"), of("gossip"));
    assert_eq!(bread["others"], json!(["bert@example.net"]), "whose data it is as well");
    let path = |item: &Value| format!("items/{}", item["id"].as_str().unwrap());
    let reason = json!({ "reason": "It is about Cees." });
    bakery.act(Method::PUT, &id, &path(&gossip), reason).await;
    let file = json!({ "file_id": bread["files"][0]["id"], "reason": "A list of others." });
    bakery.act(Method::PUT, &id, &path(&bread), file).await;
    let unknown = json!({ "file_id": gossip["id"], "reason": "x" });
    let unknown = bakery.tries(Method::PUT, &id, &path(&bread), unknown).await;
    assert_eq!(unknown.status, StatusCode::NOT_FOUND);
    let items = bakery.items(&id).await;
    let bread = items.iter().find(|item| item["id"] == bread["id"]).unwrap();
    assert_eq!(bread["files"][0]["withheld"], "A list of others.");
    let token = bakery.parcel(&id).await;
    let mut zip = bakery.download(&token).await;
    check_schema(&mut zip);
    assert_eq!(zip.with("gossip"), [""; 0]);
    assert_eq!(zip.with("in a file"), [""; 0], "nor in the original");
    assert_eq!(zip.with("secret.txt"), [""; 0]);
    assert!(!zip.with("I wrote bread here.").is_empty());
    let withheld = zip.json("data.json")["withheld"].as_array().unwrap().clone();
    let reasons: Vec<_> = withheld.iter().map(|kept| kept["reason"].as_str().unwrap()).collect();
    assert!(reasons.contains(&"It is about Cees.") && reasons.contains(&"A list of others."));
    assert!(zip.text("index.html").contains("It is about Cees."));
}

async fn what_they_provided_is_what_they_wrote(on: On) {
    let mut bakery = Bakery::with_anna(on).await;
    let note = json!({ "text": "A note about her." });
    bakery.owner.post("/api/v1/tickets/1/notes", &note).await;
    let to = [json!({ "name": null, "address": ANNA })];
    let letter = json!({ "subject": "Cake", "text": "A letter begun.", "to": to });
    bakery.owner.request(Method::PUT, "/api/v1/letter", &letter).await;
    let access = bakery.asked("access").await;
    let token = bakery.parcel(&access).await;
    let data = bakery.download(&token).await.json("data.json");
    assert_eq!(data["letters"][0]["text"], "A letter begun.");
    let id = bakery.asked("portability").await;
    let token = bakery.parcel(&id).await;
    let mut zip = bakery.download(&token).await;
    check_schema(&mut zip);
    assert_eq!(zip.with("A note about her."), [""; 0]);
    assert_eq!(zip.with("A letter begun."), [""; 0]);
    assert!(!zip.with("I wrote bread here.").is_empty());
    assert_eq!(zip.json("data.json")["accesses"], json!([]));
}

async fn of_a_user_their_account_and_their_acts_are_told(on: On) {
    let mut bakery = Bakery::with_anna(on).await;
    let mut agent = bakery.app.signed_in("agent@bakery.example").await;
    agent.get("/api/v1/tickets/1").await;
    agent.post("/api/v1/tickets/1/notes", &json!({ "text": "About bread." })).await;
    agent.request(Method::PUT, "/api/v1/profile/settings", &json!({ "signature": "Bram" })).await;
    let to = [json!({ "name": null, "address": ANNA })];
    let letter = json!({ "subject": "Cake", "text": "About a cake.", "to": to });
    let put = agent.request(Method::PUT, "/api/v1/letter", &letter).await;
    assert!(put.status.is_success(), "{put:?}");
    let mut photo = std::io::Cursor::new(Vec::new());
    image::RgbImage::new(8, 8).write_to(&mut photo, image::ImageFormat::Png).unwrap();
    agent.put_bytes("/api/v1/profile/photo", photo.into_inner()).await;
    let id = bakery.open("access", "agent@bakery.example").await;
    bakery.act(Method::POST, &id, "code", json!({})).await;
    bakery.drain().await;
    let (envelope, raw) = bakery.app.post.sent.lock().unwrap().last().unwrap().clone();
    assert_eq!(envelope.recipients, ["agent@bakery.example"]);
    let mail = loket::mail::parse(&raw, &loket::mail::Limits::default()).unwrap();
    let code = super::code_in(&mail.reply_text);
    bakery.act(Method::POST, &id, "identity", json!({ "code": code })).await;
    bakery.act(Method::POST, &id, "parcel", json!({})).await;
    bakery.drain().await;
    let parcel = bakery.get(&id).await["parcel"].clone();
    assert_eq!(parcel["state"], "ready", "{parcel}");
    let parcels = loket::service::parcels::list_of(
        &bakery.app.services,
        bakery.org.id,
        loket::domain::words::ParcelKind::Person,
        id.parse().unwrap(),
    );
    let parcel = parcels.await.unwrap().remove(0);
    let opened = loket::service::parcels::open(&bakery.app.services, &parcel).await.unwrap();
    let bytes: Vec<_> = futures::StreamExt::collect(opened.bytes).await;
    let bytes: Vec<u8> = bytes.into_iter().flat_map(|part| part.unwrap().to_vec()).collect();
    let mut zip = Zip::from_bytes(bytes);
    let user = zip.json("data.json")["user"].clone();
    assert_eq!(
        (&user["role"], &user["address"]),
        (&json!("agent"), &json!("agent@bakery.example"))
    );
    assert_eq!(user["wrote"].as_array().unwrap().len(), 1);
    check_schema(&mut zip);
    assert_eq!((&user["signature"], &user["photo"]), (&json!("Bram"), &json!("photo.jpg")));
    assert!(user["letter_at"].is_string(), "{user}");
    assert!(zip.names().contains(&"photo.jpg".to_owned()));
    assert_eq!(zip.with("About a cake."), [""; 0], "its words are the customer's");
    assert!(user["acts"].to_string().contains("ticket.read"), "{user}");
    assert_eq!(
        zip.with("About bread."),
        [""; 0],
        "what they wrote about a customer is the customer's"
    );
}

async fn nothing_is_read_or_made_before_the_person_is_known(on: On) {
    let mut bakery = Bakery::with_anna(on).await;
    let id = bakery.open("access", ANNA).await;
    for (method, what) in [(Method::GET, "items"), (Method::POST, "parcel")] {
        let refused = bakery.refused(method, &id, what, json!({})).await;
        assert_eq!(refused, "/problems/identity-needed", "{what}");
    }
}

async fn a_link_that_is_older_than_seven_days_opens_nothing(on: On) {
    let mut bakery = Bakery::with_anna(on).await;
    let id = bakery.asked("access").await;
    let token = bakery.parcel(&id).await;
    let pass = bakery.unlock(&token).await.json()["pass"].as_str().unwrap().to_owned();
    let path = format!("/api/v1/request-links/parcel/file?pass={pass}");
    bakery.app.home.advance(TimeDelta::minutes(11));
    let late = bakery.app.browser().get(&path).await;
    assert_eq!(late.json()["type"], "/problems/request-link-spent", "{late:?}");
    let forged = format!("{path}x");
    let forged = bakery.app.browser().get(&forged).await;
    assert_eq!(forged.json()["type"], "/problems/request-link-spent");
    bakery.app.home.advance(TimeDelta::days(7));
    let old = bakery.unlock(&token).await;
    assert_eq!(old.json()["type"], "/problems/request-link-spent");
}

async fn a_withdrawn_request_hands_nothing_out(on: On) {
    let mut bakery = Bakery::with_anna(on).await;
    let id = bakery.asked("access").await;
    let token = bakery.parcel(&id).await;
    let again = bakery.refused(Method::POST, &id, "parcel", json!({})).await;
    assert_eq!(again, "/problems/parcel-made");
    let pass = bakery.unlock(&token).await.json()["pass"].as_str().unwrap().to_owned();
    bakery.act(Method::POST, &id, "withdrawal", json!({})).await;
    let path = format!("/api/v1/request-links/parcel/file?pass={pass}");
    let gone = bakery.app.browser().get(&path).await;
    assert_eq!(gone.json()["type"], "/problems/request-link-spent");
    let page = bakery.unlock(&token).await;
    assert_eq!(page.json()["type"], "/problems/request-link-spent");
}

/// Prints how long the file of a person with 200 tickets takes:
/// `cargo nextest run --release --run-ignored only two_hundred --no-capture`.
#[tokio::test]
#[ignore = "a measurement, and no test: it tells a time"]
async fn the_file_of_two_hundred_tickets() {
    let mut bakery = Bakery::new(On::Sqlite).await;
    for number in 1..=200 {
        bakery.deliver(number, &with_file(ANNA, "bread", &format!("a{number}"))).await;
    }
    let id = bakery.asked("access").await;
    bakery.act(Method::POST, &id, "parcel", json!({})).await;
    let begun = std::time::Instant::now();
    bakery.drain().await;
    let took = begun.elapsed();
    let seen = bakery.get(&id).await;
    assert_eq!(seen["parcel"]["state"], "ready");
    println!("{} tickets, {} bytes: {took:?}", seen["parcel"]["total"], seen["parcel"]["size"]);
}
