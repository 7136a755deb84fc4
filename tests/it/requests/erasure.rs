//! Erasure, as it is asked for: a dry run, the act, what is left at providers.

use axum::http::{Method, StatusCode};
use serde_json::json;

use super::{ANNA, Bakery, headed, letter};
use crate::support::db::{On, on_both};

on_both!(the_person_is_gone_once_they_have_shown_who_they_are);

async fn the_person_is_gone_once_they_have_shown_who_they_are(on: On) {
    let mut bakery = Bakery::with_anna(on).await;
    let cc = format!("Cc: {ANNA}\r\n");
    bakery.deliver(2, &headed("bert@example.net", "cake", "b", &cc)).await;
    // Found only where a head names her.
    let reply_to = format!("Reply-To: {ANNA}\r\n");
    bakery.deliver(3, &headed("cees@example.net", "pie", "c", &reply_to)).await;
    bakery.deliver(4, &letter("dora@example.net", "tart", "d")).await;
    let id = bakery.open("erasure", ANNA).await;
    let preview = bakery.act(Method::GET, &id, "erasure", json!({})).await;
    assert_eq!(preview["deleted"], json!([1]));
    assert_eq!(preview["mentioned"], json!([2, 3]), "{preview}");
    let early = bakery.refused(Method::POST, &id, "erasure", json!({})).await;
    assert_eq!(early, "/problems/identity-needed");
    assert_eq!(bakery.owner.get("/api/v1/tickets/1").await.status, StatusCode::OK);
    bakery.identify(&id).await;
    bakery.act(Method::POST, &id, "erasure", json!({})).await;
    let twice = bakery.refused(Method::POST, &id, "erasure", json!({})).await;
    assert_eq!(twice, "/problems/erasure-begun");
    bakery.drain().await;
    let erased = bakery.get(&id).await;
    assert_eq!(erased["erasure"]["state"], "done");
    let timeline = erased["timeline"].as_array().unwrap();
    let last = timeline.last().unwrap();
    assert_eq!((&last["kind"], &last["by"]), (&json!("erased"), &json!(null)), "{timeline:?}");
    assert_eq!(bakery.owner.get("/api/v1/tickets/1").await.status, StatusCode::NOT_FOUND);
    for number in [2, 3] {
        let ticket = bakery.owner.get(&format!("/api/v1/tickets/{number}")).await;
        assert_eq!(ticket.status, StatusCode::OK);
        assert!(!ticket.json().to_string().contains(ANNA), "{ticket:?}");
    }
    let body = json!({ "address": ANNA });
    let found = bakery.owner.post("/api/v1/data-requests/person", &body).await.json();
    assert_eq!(found["is_known"], false, "{found}");
    let copies = bakery.act(Method::GET, &id, "copies", json!({})).await;
    assert!(!copies["items"].as_array().unwrap().is_empty(), "{copies}");
    // The answer can be sent yet.
    let reply = json!({ "subject": "Your request", "text": "You are erased." });
    bakery.act(Method::POST, &id, "completion", json!({ "reply": reply })).await;
    bakery.drain().await;
    assert_eq!(bakery.last_mail().0, [ANNA]);
}
