//! Tickets sleep, and wake: when their time has come, and when the customer writes.

use loket::service::acts::due;

use super::*;

on_both!(
    what_sleeps_is_not_open,
    a_snooze_ends_in_time,
    a_customer_wakes_and_a_machine_does_not,
    a_snooze_is_undone,
);

async fn until(at: &mut Bakery, number: i64, time: TimeDelta) -> Value {
    let until = at.app.now() + time;
    at.change(number, &json!({ "snoozed_until": until })).await
}

async fn counts(at: &mut Bakery) -> (i64, i64) {
    let counts = at.agent.get("/api/v1/tickets/counts").await.json();
    (counts["open"].as_i64().unwrap(), counts["snoozed"].as_i64().unwrap())
}

async fn what_sleeps_is_not_open(on: On) {
    let mut at = Bakery::new(on).await;
    for id in ["a@x", "b@x", "c@x"] {
        at.mail("jo@example.net", id, "", "Where is it?").await;
    }
    until(&mut at, 1, TimeDelta::days(2)).await;
    until(&mut at, 3, TimeDelta::days(1)).await;
    assert_eq!(at.listed("status=open").await, [2]);
    assert_eq!(at.listed("snoozed=true").await, [3, 1], "whoever wakes first");
    let page = at.agent.get("/api/v1/tickets?snoozed=true&limit=1").await.json();
    let cursor = page["next_cursor"].as_str().unwrap();
    assert_eq!(at.listed(&format!("snoozed=true&limit=1&cursor={cursor}")).await, [1]);
    assert_eq!(counts(&mut at).await, (1, 2));
    at.change(1, &json!({ "snoozed_until": null })).await;
    at.change(3, &json!({ "status": "closed" })).await;
    assert_eq!(counts(&mut at).await, (2, 0), "what is closed sleeps no more");
    until(&mut at, 3, TimeDelta::days(1)).await;
    assert_eq!(at.ticket(3).await["status"], "open", "it comes back to be worked on");
    let past = json!({ "snoozed_until": at.app.now() - TimeDelta::hours(1) });
    let past = at.act(Method::PATCH, 2, "", &past).await;
    refused(&past, StatusCode::UNPROCESSABLE_ENTITY, "invalid");
}

async fn a_snooze_ends_in_time(on: On) {
    let mut at = Bakery::new(on).await;
    at.mail("jo@example.net", "a@x", "", "Where is it?").await;
    let me = at.agent.get("/api/v1/session").await.json()["membership"]["id"].clone();
    at.change(1, &json!({ "assignee_id": me, "status": "pending" })).await;
    until(&mut at, 1, TimeDelta::hours(3)).await;
    at.agent.post("/api/v1/tickets/1/read", &json!({})).await;
    assert_eq!(at.ticket(1).await["unread"], false);
    let next = due::run(&at.app.services).await.unwrap();
    assert_eq!(next, at.app.now() + TimeDelta::hours(1), "nothing is due within the hour");
    assert_eq!(at.listed("snoozed=true").await, [1]);
    at.app.home.advance(TimeDelta::hours(3));
    due::run(&at.app.services).await.unwrap();
    let ticket = at.ticket(1).await;
    assert_eq!(ticket["snoozed_until"], Value::Null);
    assert_eq!((&ticket["status"], &ticket["unread"]), (&json!("open"), &json!(true)));
    let line = at.lines(1).await.pop().unwrap();
    assert_eq!((&line["data"]["woke"], &line["actor"]), (&json!(true), &Value::Null));
}

async fn a_customer_wakes_and_a_machine_does_not(on: On) {
    let mut at = Bakery::new(on).await;
    at.mail("jo@example.net", "a@x", "", "Where is it?").await;
    until(&mut at, 1, TimeDelta::days(2)).await;
    let machine = "In-Reply-To: <a@x>\r\nAuto-Submitted: auto-replied\r\n";
    at.mail("jo@example.net", "b@x", machine, "I am away").await;
    assert_eq!(at.listed("snoozed=true").await, [1]);
    at.mail("jo@example.net", "c@x", "In-Reply-To: <a@x>\r\n", "Still waiting").await;
    assert_eq!(at.listed("snoozed=true").await, [0_i64; 0]);
    assert_eq!(at.listed("status=open").await, [1]);
}

async fn a_snooze_is_undone(on: On) {
    let mut at = Bakery::new(on).await;
    at.mail("jo@example.net", "a@x", "", "Where is it?").await;
    let snoozed = until(&mut at, 1, TimeDelta::days(2)).await;
    at.undone(&snoozed).await;
    assert_eq!(at.listed("status=open").await, [1]);
    let snoozed = until(&mut at, 1, TimeDelta::days(2)).await;
    until(&mut at, 1, TimeDelta::days(3)).await;
    refused(&at.undo(&snoozed).await, StatusCode::CONFLICT, "changed-since");
}
