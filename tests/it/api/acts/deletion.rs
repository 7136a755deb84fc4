//! Deleting for good: who may, the delay, and what stands against it.

use loket::service::acts::due;

use super::*;

on_both!(
    what_is_deleted_goes_after_its_delay,
    a_deletion_is_taken_back_in_time,
    a_customer_who_writes_keeps_the_ticket,
    a_hold_placed_meanwhile_keeps_it,
);

/// The owner orders it.
async fn order(at: &mut Bakery, number: i64) -> Value {
    std::mem::swap(&mut at.owner, &mut at.agent);
    let ordered = at.act(Method::POST, number, "/deletion", &json!({})).await;
    std::mem::swap(&mut at.owner, &mut at.agent);
    assert_eq!(ordered.status, StatusCode::OK, "{ordered:?}");
    ordered.json()
}

async fn status(at: &mut Bakery, number: i64) -> StatusCode {
    at.agent.get(&format!("/api/v1/tickets/{number}")).await.status
}

async fn what_is_deleted_goes_after_its_delay(on: On) {
    let mut at = Bakery::new(on).await;
    at.mail("jo@example.net", "a@x", "", "Where is it?").await;
    at.mail("jo@example.net", "b@x", "", "And the rolls?").await;
    at.agent.post("/api/v1/tickets/2/merge", &json!({ "into": 1 })).await;
    let agents = at.act(Method::POST, 1, "/deletion", &json!({})).await;
    assert_eq!(agents.status, StatusCode::FORBIDDEN, "{agents:?}");
    let ordered = order(&mut at, 1).await;
    assert_eq!(ordered["status"], "trash");
    assert_eq!(ordered["delete_at"], json!(at.app.now() + TimeDelta::minutes(10)));
    at.app.home.advance(TimeDelta::minutes(9));
    due::run(&at.app.services).await.unwrap();
    assert_eq!(status(&mut at, 1).await, StatusCode::OK);
    at.app.home.advance(TimeDelta::minutes(1));
    due::run(&at.app.services).await.unwrap();
    assert_eq!(status(&mut at, 1).await, StatusCode::NOT_FOUND);
    assert_eq!(status(&mut at, 2).await, StatusCode::NOT_FOUND, "with what went up in it");
    let late = at.undo(&ordered).await;
    assert_eq!(late.status, StatusCode::NOT_FOUND, "{late:?}");
    let counts = at.agent.get("/api/v1/tickets/counts").await.json();
    assert_eq!((&counts["trash"], &counts["closed"]), (&json!(0), &json!(0)));
}

async fn a_deletion_is_taken_back_in_time(on: On) {
    let mut at = Bakery::new(on).await;
    at.mail("jo@example.net", "a@x", "", "Where is it?").await;
    let ordered = order(&mut at, 1).await;
    let agents = at.undo(&ordered).await;
    assert_eq!(agents.status, StatusCode::FORBIDDEN, "{agents:?}");
    std::mem::swap(&mut at.owner, &mut at.agent);
    at.undone(&ordered).await;
    at.app.home.advance(TimeDelta::hours(1));
    due::run(&at.app.services).await.unwrap();
    let ticket = at.ticket(1).await;
    assert_eq!((&ticket["status"], &ticket["delete_at"]), (&json!("open"), &Value::Null));
}

async fn a_customer_who_writes_keeps_the_ticket(on: On) {
    let mut at = Bakery::new(on).await;
    at.mail("jo@example.net", "a@x", "", "Where is it?").await;
    order(&mut at, 1).await;
    at.mail("jo@example.net", "b@x", "In-Reply-To: <a@x>\r\n", "Hello?").await;
    at.app.home.advance(TimeDelta::hours(1));
    due::run(&at.app.services).await.unwrap();
    assert_eq!(at.ticket(1).await["status"], "open");
}

async fn a_hold_placed_meanwhile_keeps_it(on: On) {
    let mut at = Bakery::new(on).await;
    at.mail("jo@example.net", "a@x", "", "Where is it?").await;
    order(&mut at, 1).await;
    let hold = json!({
        "kind": "organization",
        "reason": "A case",
        "review_at": at.app.now() + TimeDelta::days(30),
        "people": [at.org.owner.0],
    });
    let placed = at.owner.post("/api/v1/holds", &hold).await;
    assert!(placed.status.is_success(), "{placed:?}");
    at.app.home.advance(TimeDelta::hours(1));
    due::run(&at.app.services).await.unwrap();
    let ticket = at.ticket(1).await;
    assert_eq!((&ticket["status"], &ticket["delete_at"]), (&json!("trash"), &Value::Null));
    assert_eq!(at.lines(1).await.pop().unwrap()["data"]["kept"], true);
}
