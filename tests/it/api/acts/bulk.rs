//! Many tickets at once.

use loket::service::acts::due;

use super::*;

on_both!(
    many_are_changed_and_each_answers_for_itself,
    many_go_up_in_one_and_come_back,
    many_move_and_come_back,
    many_are_deleted_for_good_after_the_delay,
    what_is_asked_wrongly_is_refused_as_a_whole,
);

async fn bulk(at: &mut Bakery, body: &Value) -> Value {
    let answer = at.agent.post("/api/v1/tickets/bulk", body).await;
    assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
    answer.json()
}

async fn many_are_changed_and_each_answers_for_itself(on: On) {
    let mut at = Bakery::new(on).await;
    let all: Vec<i64> = (1..=30).collect();
    for number in &all {
        at.mail("jo@example.net", &format!("{number}@x"), "", "Where is it?").await;
    }
    at.change(2, &json!({ "status": "spam" })).await;
    let numbers: Vec<i64> = all.iter().copied().chain([77]).collect();
    let body = json!({ "numbers": numbers, "change": { "status": "spam" } });
    let done = bulk(&mut at, &body).await;
    assert_eq!(done["done"], json!(all), "one that is so already is done too");
    assert_eq!(done["refused"][0]["number"], 77);
    assert_eq!(done["refused"][0]["code"], "not_found");
    assert_eq!(at.listed("status=spam&limit=100").await.len(), 30);
    let line = at.lines(30).await.pop().unwrap();
    assert_eq!(line["data"]["act_kind"], "bulk");
    assert_eq!(line["data"]["tickets"], 29, "one of them was spam before");
    // Somebody changes one meanwhile.
    at.change(5, &json!({ "status": "closed" })).await;
    let undone = at.undone(&done).await;
    assert_eq!(undone["done"].as_array().unwrap().len(), 28);
    assert_eq!(undone["refused"][0]["number"], 5);
    assert_eq!(undone["refused"][0]["code"], "changed_since");
    assert_eq!(at.listed("status=spam").await, [2], "it was spam before");
    assert_eq!(at.listed("status=closed").await, [5]);
    let restored = bulk(&mut at, &json!({ "numbers": [1, 2], "restore": true })).await;
    assert_eq!(
        (&restored["done"], &restored["refused"][0]["code"]),
        (&json!([2]), &json!("not_thrown_away"))
    );
}

async fn many_go_up_in_one_and_come_back(on: On) {
    let mut at = Bakery::new(on).await;
    for id in ["a@x", "b@x", "c@x"] {
        at.mail("jo@example.net", id, "", id).await;
    }
    at.mail("sam@example.net", "d@x", "", "d@x").await;
    let body = json!({ "numbers": [1, 2, 3, 4], "merge": { "into": 1 } });
    let done = bulk(&mut at, &body).await;
    assert_eq!(done["done"], json!([2, 3]));
    assert_eq!(done["refused"][0]["code"], "different_customers");
    assert_eq!(texts(&at.ticket(1).await), ["a@x", "b@x", "c@x"]);
    let line = at.lines(3).await.pop().unwrap();
    assert_eq!(line["data"]["tickets"], 2, "that they went up in is none of them");
    let undone = at.undone(&done).await;
    assert_eq!(undone["refused"], json!([]));
    for (number, text) in [(1, "a@x"), (2, "b@x"), (3, "c@x")] {
        assert_eq!(texts(&at.ticket(number).await), [text]);
    }
    let mut open = at.listed("status=open").await;
    open.sort_unstable();
    assert_eq!(open, [1, 2, 3, 4]);
}

async fn what_is_asked_wrongly_is_refused_as_a_whole(on: On) {
    let mut at = Bakery::new(on).await;
    at.mail("jo@example.net", "a@x", "", "Where is it?").await;
    let many: Vec<i64> = (1..=501).collect();
    for body in [
        json!({ "numbers": [], "change": { "status": "spam" } }),
        json!({ "numbers": many, "change": { "status": "spam" } }),
        json!({ "numbers": [1] }),
        json!({ "numbers": [1], "change": {} }),
        json!({ "numbers": [1], "restore": true, "merge": { "into": 1 } }),
        json!({ "numbers": [1], "delete": true, "restore": true }),
        json!({ "numbers": [1], "change": { "tags_add": ["00000000-0000-0000-0000-000000000001"] } }),
    ] {
        let answer = at.agent.post("/api/v1/tickets/bulk", &body).await;
        refused(&answer, StatusCode::UNPROCESSABLE_ENTITY, "invalid");
    }
    assert_eq!(at.ticket(1).await["status"], "open");
}

async fn many_move_and_come_back(on: On) {
    let mut at = Bakery::new(on).await;
    for id in ["a@x", "b@x", "c@x"] {
        at.mail("jo@example.net", id, "", id).await;
    }
    let billing = at.billing().await;
    let numbers = json!({ "numbers": [1, 2, 3, 9], "move_to": billing.0 });
    let agents = bulk(&mut at, &numbers).await;
    assert_eq!((&agents["act_id"], &agents["done"]), (&Value::Null, &json!([])));
    assert_eq!(agents["refused"][0]["code"], "invalid", "they belong to no such mailbox");
    std::mem::swap(&mut at.owner, &mut at.agent);
    let body = json!({ "mailbox_id": billing.0 });
    let before = at.act(Method::POST, 2, "/move", &body).await;
    assert_eq!(before.status, StatusCode::OK, "{before:?}");

    let moved = bulk(&mut at, &numbers).await;
    assert_eq!(moved["done"], json!([1, 2, 3]), "one that is there already is done too");
    assert_eq!(moved["refused"][0]["number"], 9);
    assert_eq!(at.listed(&format!("mailbox={}", billing.0)).await.len(), 3);
    let line = at.lines(3).await.pop().unwrap();
    assert_eq!((&line["data"]["act_kind"], &line["data"]["tickets"]), (&json!("move"), &json!(2)));
    assert_eq!(at.undone(&moved).await["done"], json!([1, 3]));
    assert_eq!(at.listed(&format!("mailbox={}", billing.0)).await, [2]);
    assert_eq!(texts(&at.ticket(3).await), ["c@x"]);
}

async fn many_are_deleted_for_good_after_the_delay(on: On) {
    let mut at = Bakery::new(on).await;
    for id in ["a@x", "b@x", "c@x"] {
        at.mail("jo@example.net", id, "", id).await;
    }
    let body = json!({ "numbers": [1, 2], "delete": true });
    let agents = at.agent.post("/api/v1/tickets/bulk", &body).await;
    refused(&agents, StatusCode::FORBIDDEN, "forbidden");
    std::mem::swap(&mut at.owner, &mut at.agent);
    let first = bulk(&mut at, &body).await;
    assert_eq!(first["done"], json!([1, 2]));
    at.undone(&first).await;
    let mut open = at.listed("status=open").await;
    open.sort_unstable();
    assert_eq!(open, [1, 2, 3]);
    bulk(&mut at, &body).await;
    at.app.home.advance(TimeDelta::minutes(10));
    due::run(&at.app.services).await.unwrap();
    for (number, status) in
        [(1, StatusCode::NOT_FOUND), (2, StatusCode::NOT_FOUND), (3, StatusCode::OK)]
    {
        let found = at.agent.get(&format!("/api/v1/tickets/{number}")).await;
        assert_eq!(found.status, status);
    }
}
