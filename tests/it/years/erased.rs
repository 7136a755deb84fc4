//! A customer asks to be forgotten: they are written into the register, show who they are by a code
//! that goes to their address, and are told when it is done.

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::http::{Method, StatusCode};
use loket::service::Services;
use serde_json::{Value, json};

use super::night;
use crate::requests::code_in;
use crate::support::app::Browser;
use crate::support::desk::FakeServer;

/// The whole of it, on one day; `tickets` are those that are theirs.
pub(super) async fn ask(
    services: &Services,
    server: &Arc<FakeServer>,
    address: &str,
    tickets: &BTreeSet<i64>,
) {
    let mut owner = Browser::at(services, "owner@winkel.example", "winkel winkel winkel").await;
    let asked = json!({ "kind": "erasure", "address": address });
    let opened = owner.post("/api/v1/data-requests", &asked).await;
    assert_eq!(opened.status, StatusCode::CREATED, "{opened:?}");
    let path = format!("/api/v1/data-requests/{}", opened.json()["id"].as_str().unwrap());
    let preview = act(&mut owner, Method::GET, &format!("{path}/erasure"), Value::Null).await;
    let deleted: BTreeSet<i64> =
        preview["deleted"].as_array().unwrap().iter().map(|n| n.as_i64().unwrap()).collect();
    assert_eq!(&deleted, tickets, "the dry run: {preview}");
    let early = owner.post(&format!("{path}/erasure"), &json!({})).await;
    assert_eq!(early.json()["type"], "/problems/identity-needed");

    act(&mut owner, Method::POST, &format!("{path}/code"), json!({})).await;
    night(services, server).await;
    let code = code_in(&last_mail(server, address));
    act(&mut owner, Method::POST, &format!("{path}/identity"), json!({ "code": code })).await;
    act(&mut owner, Method::POST, &format!("{path}/erasure"), json!({})).await;
    night(services, server).await;
    let erased = owner.get(&path).await.json();
    assert_eq!(erased["erasure"]["state"], "done", "{erased}");
    let timeline = erased["timeline"].as_array().unwrap();
    assert!(timeline.iter().any(|event| event["kind"] == "erased"), "{timeline:?}");

    let reply = json!({ "subject": "Uw verzoek", "text": "Alles is verwijderd." });
    let done = json!({ "reply": reply });
    act(&mut owner, Method::POST, &format!("{path}/completion"), done).await;
    night(services, server).await;
    assert!(last_mail(server, address).contains("Alles is verwijderd."));
    assert_eq!(owner.get(&path).await.json()["request"]["state"], "done");
}

async fn act(owner: &mut Browser, method: Method, path: &str, body: Value) -> Value {
    let done = owner.request(method, path, &body).await;
    assert_eq!(done.status, StatusCode::OK, "{path}: {done:?}");
    done.json()
}

/// The text of the last mail that left; it went to them.
fn last_mail(server: &FakeServer, address: &str) -> String {
    let (envelope, raw) = server.sent().pop().expect("no mail has left");
    assert_eq!(envelope.recipients, [address]);
    let mail = loket::mail::parse(&raw, &loket::mail::Limits::default()).unwrap();
    mail.reply_text + &mail.quoted_text
}
