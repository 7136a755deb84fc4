//! Nothing is handed out before the person has shown who they are.

use axum::http::{Method, StatusCode};
use chrono::TimeDelta;
use serde_json::{Value, json};

use super::{ANNA, Bakery, another, headed};
use crate::support::app::Answer;
use crate::support::db::{On, on_both};

on_both!(
    a_spoofed_sender_gets_nothing,
    the_person_shows_who_they_are_on_the_page,
    a_code_that_was_guessed_at_five_times_is_spent,
    a_code_and_a_link_end_after_seven_days,
    a_new_code_ends_the_one_before,
    codes_are_sent_three_times_a_day,
    whatever_is_wrong_with_a_link_the_answer_is_the_same,
    nothing_is_done_for_a_stranger,
    a_mail_that_cannot_leave_is_told,
);

async fn page(bakery: &Bakery, what: &str, body: Value) -> Answer {
    bakery.app.browser().post(&format!("/api/v1/request-links/{what}"), &body).await
}

async fn a_spoofed_sender_gets_nothing(on: On) {
    let mut bakery = Bakery::with_anna(on).await;
    // Somebody writes in her name, and asks to be answered elsewhere.
    let reply_to = "Reply-To: thief@example.org\r\n";
    bakery.deliver(2, &headed(ANNA, "everything", "b", reply_to)).await;
    let body = json!({ "kind": "access", "ticket_number": 2 });
    let made = bakery.owner.post("/api/v1/data-requests", &body).await.json();
    let id = made["id"].as_str().unwrap().to_owned();
    bakery.code(&id).await;
    let sent = bakery.server.sent();
    assert_eq!(sent.len(), 1);
    assert_eq!(sent[0].0.recipients, [ANNA], "the address on record, and no other");
    let raw = String::from_utf8_lossy(&sent[0].1).into_owned();
    assert!(!raw.contains("thief@example.org"), "{raw}");
}

async fn the_person_shows_who_they_are_on_the_page(on: On) {
    let mut bakery = Bakery::with_anna(on).await;
    let id = bakery.open("access", ANNA).await;
    let (code, token) = bakery.code(&id).await;
    let seen = page(&bakery, "look", json!({ "token": token })).await;
    assert_eq!(seen.status, StatusCode::OK, "{seen:?}");
    let seen = seen.json();
    assert_eq!((&seen["organization"], &seen["kind"]), (&json!("bakery"), &json!("access")));
    assert_eq!(seen["is_identified"], false);
    assert_eq!(bakery.get(&id).await["request"]["state"], "identity_asked");
    // As people type it.
    let (head, tail) = code.split_at(4);
    let body = json!({ "token": token, "code": format!(" {head}-{tail} ") });
    let shown = page(&bakery, "confirmation", body.clone()).await;
    assert_eq!(shown.json()["is_identified"], true, "{shown:?}");
    let now = bakery.get(&id).await;
    assert_eq!(now["request"]["state"], "identified");
    let last = now["timeline"].as_array().unwrap().last().unwrap().clone();
    assert_eq!((&last["kind"], &last["by"]), (&json!("identified_by_person"), &Value::Null));
    let again = page(&bakery, "confirmation", body).await;
    assert_eq!(again.json()["type"], "/problems/request-link-spent", "a code is good once");
    // The mail with the code shows no word of what is held, and the page of the request no code.
    let (_, text) = bakery.last_mail();
    assert!(!text.contains("bread"), "{text}");
    assert!(!now.to_string().contains(&code), "{now}");
}

async fn a_code_that_was_guessed_at_five_times_is_spent(on: On) {
    let mut bakery = Bakery::with_anna(on).await;
    let id = bakery.open("erasure", ANNA).await;
    let (code, _) = bakery.code(&id).await;
    let wrong = json!({ "code": another(&code) });
    for _ in 0..5 {
        let refused = bakery.refused(Method::POST, &id, "identity", wrong.clone()).await;
        assert_eq!(refused, "/problems/code-wrong");
    }
    let right = bakery.refused(Method::POST, &id, "identity", json!({ "code": code })).await;
    assert_eq!(right, "/problems/code-spent");
    let seen = bakery.get(&id).await;
    assert_eq!(seen["request"]["state"], "identity_asked");
    let wrongs = seen["timeline"].as_array().unwrap().iter().filter(|e| e["kind"] == "code_wrong");
    assert_eq!(wrongs.count(), 5);
    bakery.identify(&id).await;
    assert_eq!(bakery.get(&id).await["request"]["state"], "identified");
}

async fn a_code_and_a_link_end_after_seven_days(on: On) {
    let mut bakery = Bakery::with_anna(on).await;
    let id = bakery.open("access", ANNA).await;
    let (code, token) = bakery.code(&id).await;
    bakery.advance(TimeDelta::days(7)).await;
    let late = bakery.refused(Method::POST, &id, "identity", json!({ "code": code })).await;
    assert_eq!(late, "/problems/code-spent");
    let seen = page(&bakery, "look", json!({ "token": token })).await;
    assert_eq!(seen.json()["type"], "/problems/request-link-spent");
    let body = json!({ "token": token, "code": code });
    let given = page(&bakery, "confirmation", body).await;
    assert_eq!(given.json()["type"], "/problems/request-link-spent");
}

async fn a_new_code_ends_the_one_before(on: On) {
    let mut bakery = Bakery::with_anna(on).await;
    let id = bakery.open("access", ANNA).await;
    let (first, token) = bakery.code(&id).await;
    let asked = page(&bakery, "code", json!({ "token": token })).await;
    assert_eq!(asked.status, StatusCode::ACCEPTED, "{asked:?}");
    bakery.drain().await;
    let (to, text) = bakery.last_mail();
    assert_eq!(to, [ANNA]);
    let second = super::code_in(&text);
    assert_ne!(first, second);
    let old = bakery.refused(Method::POST, &id, "identity", json!({ "code": first })).await;
    assert_eq!(old, "/problems/code-wrong");
    bakery.act(Method::POST, &id, "identity", json!({ "code": second })).await;
}

async fn codes_are_sent_three_times_a_day(on: On) {
    let mut bakery = Bakery::with_anna(on).await;
    let id = bakery.open("access", ANNA).await;
    for _ in 0..3 {
        bakery.code(&id).await;
    }
    let fourth = bakery.tries(Method::POST, &id, "code", json!({})).await;
    assert_eq!(fourth.status, StatusCode::TOO_MANY_REQUESTS, "{fourth:?}");
    bakery.advance(TimeDelta::hours(25)).await;
    bakery.code(&id).await;
}

async fn whatever_is_wrong_with_a_link_the_answer_is_the_same(on: On) {
    let mut bakery = Bakery::with_anna(on).await;
    let id = bakery.open("access", ANNA).await;
    let (code, token) = bakery.code(&id).await;
    let mut forged = token.clone();
    let last = forged.pop().unwrap();
    forged.push(if last == 'A' { 'Q' } else { 'A' });
    let mut answers = Vec::new();
    for (token, code) in [
        ("", code.as_str()),
        ("nonsense", code.as_str()),
        (forged.as_str(), code.as_str()),
        (token.as_str(), another(&code).as_str()),
        (token.as_str(), ""),
    ] {
        let body = json!({ "token": token, "code": code });
        let answer = page(&bakery, "confirmation", body).await;
        answers.push((answer.status, answer.body));
    }
    answers.dedup();
    assert_eq!(answers.len(), 1, "{answers:?}");
    // Who goes on is slowed down.
    let mut throttled = false;
    for _ in 0..30 {
        let body = json!({ "token": "nonsense" });
        let answer = page(&bakery, "look", body).await;
        throttled |= answer.status == StatusCode::TOO_MANY_REQUESTS;
    }
    assert!(throttled);
}

async fn nothing_is_done_for_a_stranger(on: On) {
    let mut bakery = Bakery::with_anna(on).await;
    let id = bakery.open("rectification", ANNA).await;
    let body = json!({ "name": "Hanna" });
    let early = bakery.refused(Method::PUT, &id, "rectification", body).await;
    assert_eq!(early, "/problems/identity-needed");
    let done = bakery.refused(Method::POST, &id, "completion", json!({})).await;
    assert_eq!(done, "/problems/nothing-done");
    let objection = json!({});
    let other = bakery.refused(Method::PUT, &id, "mark", objection).await;
    assert_eq!(other, "/problems/request-kind");
}

async fn a_mail_that_cannot_leave_is_told(on: On) {
    use loket::service::outgoing::SendOutcome;
    let mut bakery = Bakery::with_anna(on).await;
    let id = bakery.open("access", ANNA).await;
    bakery.server.answers([SendOutcome::Failed { words: "550 no such user".to_owned() }]);
    bakery.act(Method::POST, &id, "code", json!({})).await;
    assert_eq!(bakery.get(&id).await["mails"][0]["state"], "waiting");
    bakery.drain().await;
    assert_eq!(bakery.get(&id).await["mails"][0]["state"], "failed");
}
