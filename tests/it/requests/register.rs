//! The register: who is found, when an answer is due, how it ends.

use axum::http::{Method, StatusCode};
use chrono::TimeDelta;
use serde_json::json;

use super::{ANNA, Bakery, headed, letter};
use crate::support::db::{On, on_both};

on_both!(
    a_person_is_found_wherever_they_are_named,
    a_request_about_an_unknown_address_has_a_clear_answer,
    an_agent_opens_one_from_a_ticket_and_reads_none,
    more_time_needs_a_reason_and_ends_at_three_months,
    a_refusal_is_written_to_the_person_with_its_reason,
    the_authority_of_the_organization_is_named,
    what_is_late_is_an_alarm,
    a_closed_request_forgets_its_person,
    another_organization_sees_nothing,
    days_that_cannot_be_are_refused,
);

async fn a_person_is_found_wherever_they_are_named(on: On) {
    let mut bakery = Bakery::with_anna(on).await;
    // She is in the Cc of one ticket and stands in Reply-To of another.
    let cc = format!("Cc: {ANNA}\r\n");
    bakery.deliver(2, &headed("bert@example.net", "cake", "b", &cc)).await;
    let reply_to = format!("Reply-To: {ANNA}\r\n");
    bakery.deliver(3, &headed("cees@example.net", "pie", "c", &reply_to)).await;
    bakery.deliver(4, &letter("dora@example.net", "nothing", "d")).await;
    let body = json!({ "address": "ANNA@example.net" });
    let found = bakery.owner.post("/api/v1/data-requests/person", &body).await;
    assert_eq!(found.status, StatusCode::OK, "{found:?}");
    let found = found.json();
    assert_eq!(found["is_known"], true);
    assert_eq!((&found["tickets"], &found["other_tickets"]), (&json!(1), &json!(2)));
    assert_eq!(found["name"], "Anna");
    let user = json!({ "address": "agent@bakery.example" });
    let user = bakery.owner.post("/api/v1/data-requests/person", &user).await.json();
    assert_eq!((&user["is_user"], &user["is_known"]), (&json!(true), &json!(true)));
}

async fn a_request_about_an_unknown_address_has_a_clear_answer(on: On) {
    let mut bakery = Bakery::with_anna(on).await;
    let body = json!({ "address": "nobody@example.net" });
    let found = bakery.owner.post("/api/v1/data-requests/person", &body).await.json();
    assert_eq!(found["is_known"], false);
    let id = bakery.open("access", "nobody@example.net").await;
    assert_eq!(bakery.get(&id).await["request"]["is_known"], false);
    let code = bakery.refused(Method::POST, &id, "code", json!({})).await;
    assert_eq!(code, "/problems/nothing-held");
    // To hold nothing is an answer.
    let templates = bakery.owner.get(&format!("/api/v1/data-requests/{id}/templates")).await.json();
    let text = templates["items"]
        .as_array()
        .unwrap()
        .iter()
        .find(|template| template["name"] == "nothing_held" && template["language"] == "en")
        .unwrap();
    let reply = json!({ "subject": text["subject"], "text": text["text"] });
    let done = bakery.act(Method::POST, &id, "completion", json!({ "reply": reply })).await;
    assert_eq!(done["request"]["state"], "done");
    bakery.drain().await;
    // Nobody of the organization's mailboxes knows the address: it leaves as Loket's own mail.
    let sent = bakery.app.post.sent.lock().unwrap().clone();
    assert_eq!(sent.last().unwrap().0.recipients, ["nobody@example.net"]);
    let not_an_address = json!({ "address": "nobody" });
    let wrong = bakery.owner.post("/api/v1/data-requests/person", &not_an_address).await;
    assert_eq!(wrong.json()["errors"][0]["field"], "address");
}

async fn an_agent_opens_one_from_a_ticket_and_reads_none(on: On) {
    let bakery = Bakery::with_anna(on).await;
    let mut agent = bakery.app.signed_in("agent@bakery.example").await;
    let body = json!({ "kind": "erasure", "ticket_number": 1, "note": "She asked on the phone." });
    let made = agent.post("/api/v1/data-requests", &body).await;
    assert_eq!(made.status, StatusCode::CREATED, "{made:?}");
    let made = made.json();
    assert_eq!(made["addresses"], json!([ANNA]));
    assert_eq!(made["handler"], json!(null));
    let id = made["id"].as_str().unwrap();
    let path = format!("/api/v1/data-requests/{id}");
    assert_eq!(agent.get(&path).await.status, StatusCode::FORBIDDEN);
    assert_eq!(agent.get("/api/v1/data-requests").await.status, StatusCode::FORBIDDEN);
    let by_address = json!({ "kind": "erasure", "address": ANNA });
    let refused = agent.post("/api/v1/data-requests", &by_address).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    let nowhere = json!({ "kind": "erasure", "ticket_number": 9 });
    let nowhere = agent.post("/api/v1/data-requests", &nowhere).await;
    assert_eq!(nowhere.status, StatusCode::NOT_FOUND);
    let mut owner = bakery.owner;
    let seen = owner.get(&path).await.json();
    assert_eq!(seen["ticket_number"], 1);
    assert_eq!(seen["note"], "She asked on the phone.");
    assert_eq!(seen["request"]["opened_by"]["name"], "agent of bakery");
}

async fn more_time_needs_a_reason_and_ends_at_three_months(on: On) {
    let mut bakery = Bakery::with_anna(on).await;
    // A clock is finer than what a database keeps.
    bakery.app.home.advance(TimeDelta::microseconds(1_234_567));
    let body = json!({ "kind": "access", "address": ANNA });
    let made = bakery.owner.post("/api/v1/data-requests", &body).await.json();
    let received: chrono::DateTime<chrono::Utc> =
        made["received_at"].as_str().unwrap().parse().unwrap();
    let month = |n| received.checked_add_months(chrono::Months::new(n)).unwrap();
    let due = |value: &serde_json::Value| -> chrono::DateTime<chrono::Utc> {
        value["due_at"].as_str().unwrap().parse().unwrap()
    };
    assert_eq!(due(&made), month(1));
    let id = made["id"].as_str().unwrap();
    assert_eq!(bakery.get(id).await["request"], made, "what is told is what is kept");
    for (field, body) in [
        ("reason", json!({ "months": 1, "reason": " " })),
        ("months", json!({ "months": 3, "reason": "Much mail." })),
        ("months", json!({ "months": 0, "reason": "Much mail." })),
    ] {
        let refused = bakery.tries(Method::POST, id, "extension", body).await;
        assert_eq!(refused.json()["errors"][0]["field"], field, "{refused:?}");
    }
    let body = json!({ "months": 2, "reason": "Much mail." });
    let extended = bakery.act(Method::POST, id, "extension", body).await;
    assert_eq!(due(&extended["request"]), month(3));
    let told = extended["timeline"].as_array().unwrap().last().unwrap();
    assert_eq!((&told["kind"], &told["text"]), (&json!("extended"), &json!("Much mail.")));
    let again = json!({ "months": 1, "reason": "More mail." });
    let again = bakery.tries(Method::POST, id, "extension", again).await;
    assert_eq!(again.json()["errors"][0]["field"], "months");
}

async fn a_refusal_is_written_to_the_person_with_its_reason(on: On) {
    let mut bakery = Bakery::with_anna(on).await;
    let id = bakery.open("erasure", ANNA).await;
    let without = json!({ "reason": "" });
    let without = bakery.tries(Method::POST, &id, "refusal", without).await;
    assert_eq!(without.json()["errors"][0]["field"], "reason");
    let reply = json!({ "subject": "Your request", "text": "We must keep invoices." });
    let body = json!({ "reason": "Invoices are kept for seven years.", "reply": reply });
    let refused = bakery.act(Method::POST, &id, "refusal", body).await;
    assert_eq!(refused["request"]["state"], "refused");
    bakery.drain().await;
    let (to, text) = bakery.last_mail();
    assert_eq!(to, [ANNA]);
    assert!(text.contains("We must keep invoices."), "{text}");
    let seen = bakery.get(&id).await;
    assert_eq!(seen["mails"][0]["state"], "sent");
    assert_eq!(seen["mails"][0]["text"], "We must keep invoices.");
    let after = bakery.refused(Method::POST, &id, "code", json!({})).await;
    assert_eq!(after, "/problems/request-closed");
}

async fn the_authority_of_the_organization_is_named(on: On) {
    let mut bakery = Bakery::with_anna(on).await;
    let known = bakery.owner.get("/api/v1/authority").await.json();
    assert_eq!(known["name"], "Autoriteit Persoonsgegevens");
    let id = bakery.open("objection", ANNA).await;
    let path = format!("/api/v1/data-requests/{id}/templates");
    let names = |templates: &serde_json::Value, authority: &str| {
        let all = templates["items"].as_array().unwrap();
        assert!(all.len() >= 8, "{templates}");
        assert!(all.iter().all(|t| t["text"].as_str().unwrap().contains(authority)), "{templates}");
    };
    names(&bakery.owner.get(&path).await.json(), "Autoriteit Persoonsgegevens");
    let cnil = json!({ "name": "CNIL", "address": "3 place de Fontenoy, Paris" });
    let set = bakery.owner.request(Method::PUT, "/api/v1/authority", &cnil).await;
    assert_eq!(set.json(), cnil);
    names(&bakery.owner.get(&path).await.json(), "CNIL, 3 place de Fontenoy, Paris");
}

async fn what_is_late_is_an_alarm(on: On) {
    let mut bakery = Bakery::with_anna(on).await;
    let id = bakery.open("access", ANNA).await;
    assert_eq!(bakery.get(&id).await["request"]["is_soon"], false);
    let mails = |bakery: &Bakery| {
        let of_requests = |raw: &[u8]| String::from_utf8_lossy(raw).contains("requests about data");
        bakery.app.post.sent.lock().unwrap().iter().filter(|(_, raw)| of_requests(raw)).count()
    };
    loket::service::alarm::run(&bakery.app.services).await.unwrap();
    bakery.drain().await;
    assert_eq!(mails(&bakery), 0);
    bakery.app.home.advance(TimeDelta::days(25));
    for _ in 0..2 {
        loket::service::alarm::run(&bakery.app.services).await.unwrap();
        bakery.drain().await;
    }
    assert_eq!(mails(&bakery), 1, "once a day");
    bakery.app.home.advance(TimeDelta::days(7));
    loket::service::alarm::run(&bakery.app.services).await.unwrap();
    bakery.drain().await;
    assert_eq!(mails(&bakery), 2);
    bakery.owner = bakery.app.signed_in("owner@bakery.example").await;
    let line = bakery.owner.get("/api/v1/data-requests").await.json()["items"][0].clone();
    assert_eq!((&line["is_late"], &line["is_soon"]), (&json!(true), &json!(false)));
    let late = loket::service::data_requests::watch::count_late(&bakery.app.services).await;
    assert_eq!(late.unwrap(), 1);
    bakery.act(Method::POST, &id, "withdrawal", json!({})).await;
    let late = loket::service::data_requests::watch::count_late(&bakery.app.services).await;
    assert_eq!(late.unwrap(), 0);
}

async fn a_closed_request_forgets_its_person(on: On) {
    let mut bakery = Bakery::with_anna(on).await;
    let access = bakery.open("access", ANNA).await;
    let erasure = bakery.open("erasure", ANNA).await;
    let lasting = bakery.open("access", ANNA).await;
    for id in [&access, &erasure] {
        bakery.act(Method::POST, id, "withdrawal", json!({})).await;
    }
    bakery.advance(TimeDelta::days(31)).await;
    loket::service::data_requests::forget::run(&bakery.app.services).await.unwrap();
    assert_eq!(bakery.get(&erasure).await["request"]["addresses"], json!([]));
    assert_eq!(bakery.get(&access).await["request"]["addresses"], json!([ANNA]));
    bakery.advance(TimeDelta::days(400)).await;
    loket::service::data_requests::forget::run(&bakery.app.services).await.unwrap();
    let gone = bakery.get(&access).await;
    assert_eq!(gone["request"]["addresses"], json!([]));
    assert_eq!(gone["request"]["state"], "withdrawn", "the line of the register stays");
    assert_eq!(bakery.get(&lasting).await["request"]["addresses"], json!([ANNA]), "it is open");
    let reply = json!({ "subject": "x", "text": "x" });
    let reply = bakery.refused(Method::POST, &access, "replies", reply).await;
    assert_eq!(reply, "/problems/request-forgotten");
}

async fn another_organization_sees_nothing(on: On) {
    let mut bakery = Bakery::with_anna(on).await;
    bakery.app.org("florist").await;
    let id = bakery.open("access", ANNA).await;
    let mut stranger = bakery.app.signed_in("owner@florist.example").await;
    assert_eq!(stranger.get("/api/v1/data-requests").await.json()["items"], json!([]));
    let path = format!("/api/v1/data-requests/{id}");
    assert_eq!(stranger.get(&path).await.status, StatusCode::NOT_FOUND);
    let code = stranger.post(&format!("{path}/code"), &json!({})).await;
    assert_eq!(code.status, StatusCode::NOT_FOUND);
    let body = json!({ "address": ANNA });
    let found = stranger.post("/api/v1/data-requests/person", &body).await.json();
    assert_eq!(found["is_known"], false);
}

async fn days_that_cannot_be_are_refused(on: On) {
    let mut bakery = Bakery::with_anna(on).await;
    for received_at in ["2020-01-01T00:00:00Z", "2040-01-01T00:00:00Z"] {
        let body = json!({ "kind": "access", "address": ANNA, "received_at": received_at });
        let refused = bakery.owner.post("/api/v1/data-requests", &body).await;
        assert_eq!(refused.json()["errors"][0]["field"], "received_at", "{refused:?}");
    }
    let nobody = json!({ "kind": "access" });
    let nobody = bakery.owner.post("/api/v1/data-requests", &nobody).await;
    assert_eq!(nobody.json()["errors"][0]["field"], "address");
}
