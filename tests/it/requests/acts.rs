//! Rectification and objection.

use axum::http::{Method, StatusCode};
use serde_json::json;

use super::{ANNA, Bakery, letter};
use crate::support::db::{On, on_both};

on_both!(
    rectification_corrects_the_contact_and_no_message,
    an_address_of_somebody_else_is_not_taken,
    an_objection_is_obeyed_by_whatever_is_optional,
    who_may_handle_it_can_be_given_it,
);

async fn rectification_corrects_the_contact_and_no_message(on: On) {
    let mut bakery = Bakery::with_anna(on).await;
    let before = bakery.owner.get("/api/v1/tickets/1").await.json();
    let id = bakery.open("rectification", ANNA).await;
    bakery.identify(&id).await;
    let nothing = bakery.tries(Method::PUT, &id, "rectification", json!({})).await;
    assert_eq!(nothing.json()["errors"][0]["field"], "name");
    let right = json!({ "name": "Hanna de Vries", "address": "hanna@example.net" });
    bakery.act(Method::PUT, &id, "rectification", right).await;
    let after = bakery.owner.get("/api/v1/tickets/1").await.json();
    assert_eq!(after["contact"]["name"], "Hanna de Vries");
    assert_eq!(after["contact"]["identities"][0]["value"], "hanna@example.net", "{after}");
    assert_eq!(after["customer"]["name"], "Hanna de Vries");
    assert_eq!(before["contact"]["rectified_at"], json!(null));
    assert!(after["contact"]["rectified_at"].is_string(), "{after}");
    assert_eq!(after["messages"][0]["from"], before["messages"][0]["from"], "as it was said");
    let find = bakery.owner.get("/api/v1/tickets?q=hanna@example.net").await.json();
    assert_eq!(find["items"].as_array().unwrap().len(), 1);
    // Her next mail comes from the address that is right.
    bakery.deliver(2, &letter("hanna@example.net", "cake", "b")).await;
    let find = bakery.owner.get("/api/v1/tickets?q=hanna@example.net").await.json();
    assert_eq!(find["items"].as_array().unwrap().len(), 2);
    let done = bakery.act(Method::POST, &id, "completion", json!({})).await;
    assert_eq!(done["request"]["state"], "done");
}

async fn an_address_of_somebody_else_is_not_taken(on: On) {
    let mut bakery = Bakery::with_anna(on).await;
    bakery.deliver(2, &letter("bert@example.net", "cake", "b")).await;
    let id = bakery.open("rectification", ANNA).await;
    bakery.identify(&id).await;
    let taken = json!({ "address": "bert@example.net" });
    let taken = bakery.tries(Method::PUT, &id, "rectification", taken).await;
    assert_eq!(taken.json()["errors"][0]["field"], "address", "{taken:?}");
}

async fn an_objection_is_obeyed_by_whatever_is_optional(on: On) {
    let mut bakery = Bakery::with_anna(on).await;
    bakery.deliver(2, &letter("bert@example.net", "cake", "b")).await;
    let id = bakery.open("objection", ANNA).await;
    let marked = bakery.act(Method::PUT, &id, "mark", json!({})).await;
    assert_eq!(marked["lasts"], true);
    let again = bakery.refused(Method::PUT, &id, "mark", json!({})).await;
    assert_eq!(again, "/problems/marked-already");
    let body = json!({ "address": ANNA });
    let person = bakery.owner.post("/api/v1/data-requests/person", &body).await.json();
    assert_eq!(person["marks"], json!(["objection"]));
    // New mail of hers, from a ticket that is new: the flag is the person's.
    bakery.deliver(3, &letter(ANNA, "pie", "c")).await;
    // Whoever works on her tickets sees it; not on those of others.
    let mut agent = bakery.app.signed_in("agent@bakery.example").await;
    for (number, marks) in [(1, json!(["objection"])), (2, json!([])), (3, json!(["objection"]))] {
        let ticket = agent.get(&format!("/api/v1/tickets/{number}")).await.json();
        assert_eq!(ticket["contact"]["marks"], marks, "{number}");
    }
    let farewell = format!("/api/v1/mailboxes/{}/farewell", bakery.mailbox);
    let text = json!({ "text": "We move to another address." });
    let told = bakery.owner.post(&farewell, &text).await;
    assert_eq!(told.status, StatusCode::OK, "{told:?}");
    bakery.advance(chrono::TimeDelta::minutes(5)).await;
    let sent: Vec<_> = bakery.server.sent().into_iter().map(|(to, _)| to.recipients).collect();
    assert_eq!(sent, [["bert@example.net"]]);
    let ended = bakery.act(Method::DELETE, &id, "mark", json!({})).await;
    assert_eq!(ended["lasts"], false);
    let ticket = bakery.owner.get("/api/v1/tickets/1").await.json();
    assert_eq!(ticket["contact"]["marks"], json!([]));
    let text = json!({ "text": "We move after all." });
    bakery.owner.post(&farewell, &text).await;
    bakery.advance(chrono::TimeDelta::minutes(5)).await;
    let to_her = bakery.server.sent().into_iter().filter(|(to, _)| to.recipients == [ANNA]);
    assert_eq!(to_her.count(), 2);
}

async fn who_may_handle_it_can_be_given_it(on: On) {
    let mut bakery = Bakery::with_anna(on).await;
    let admin = bakery.app.user(&bakery.org, loket::domain::words::Role::Admin).await;
    let id = bakery.open("access", ANNA).await;
    let path = format!("/api/v1/data-requests/{id}");
    let given = json!({ "handler_id": admin });
    let given = bakery.owner.request(Method::PATCH, &path, &given).await.json();
    assert_eq!(given["request"]["handler"]["name"], "admin of bakery");
    let users = bakery.owner.get("/api/v1/users").await.json();
    let agent = users["items"].as_array().unwrap().iter().find(|user| user["role"] == "agent");
    let body = json!({ "handler_id": agent.unwrap()["id"] });
    let refused = bakery.owner.request(Method::PATCH, &path, &body).await;
    assert_eq!(refused.json()["errors"][0]["field"], "handler_id", "{refused:?}");
}
