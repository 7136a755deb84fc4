//! Tickets go up in each other, messages become tickets, and back again.

use super::*;

on_both!(
    a_ticket_goes_up_in_another_and_comes_back,
    nothing_is_written_in_a_merged_ticket,
    different_customers_are_asked_about,
    a_merge_that_moved_on_is_not_undone,
    what_a_hold_names_stays_as_it_is,
    what_a_hold_names_is_not_attached,
    a_message_becomes_a_ticket_and_goes_back,
    a_split_ticket_with_new_mail_stays,
);

async fn two_of_jo(on: On) -> Bakery {
    let mut at = Bakery::new(on).await;
    at.mail("jo@example.net", "a@x", "", "Where is it?").await;
    at.mail("jo@example.net", "b@x", "", "And the rolls?").await;
    at
}

async fn merge(at: &mut Bakery, number: i64, body: &Value) -> Answer {
    at.agent.post(&format!("/api/v1/tickets/{number}/merge"), body).await
}

async fn a_ticket_goes_up_in_another_and_comes_back(on: On) {
    let mut at = two_of_jo(on).await;
    at.change(2, &json!({ "status": "pending" })).await;
    let merged = merge(&mut at, 2, &json!({ "into": 1 })).await;
    assert_eq!(merged.status, StatusCode::OK, "{merged:?}");
    let merged = merged.json();
    assert_eq!((&merged["number"], &merged["message_count"]), (&json!(1), &json!(2)));
    assert_eq!(texts(&at.ticket(1).await), ["Where is it?", "And the rolls?"]);
    assert_eq!(at.listed("status=all").await, [1]);
    // What answers the one that went up is there too.
    at.mail("jo@example.net", "c@x", "In-Reply-To: <b@x>\r\n", "Hello?").await;
    assert_eq!(texts(&at.ticket(1).await).len(), 3);
    let line = at.lines(2).await.pop().unwrap();
    assert_eq!(line["data"]["act_kind"], "merge");
    let target = line["data"]["attached_to"].as_str().unwrap().to_owned();
    assert_eq!(line["names"][&target], "1");

    let undone = at.undone(&merged).await;
    assert_eq!(undone["refused"], json!([]));
    let (one, two) = (at.ticket(1).await, at.ticket(2).await);
    assert_eq!(texts(&two), ["And the rolls?"]);
    assert_eq!(texts(&one), ["Where is it?", "Hello?"], "what came since stays");
    assert_eq!((&two["status"], &two["message_count"]), (&json!("pending"), &json!(1)));
    assert_eq!(one["message_count"], 2);
    assert_eq!(at.listed("status=pending").await, [2]);
    at.mail("jo@example.net", "d@x", "In-Reply-To: <b@x>\r\n", "Thanks").await;
    assert_eq!(texts(&at.ticket(2).await), ["And the rolls?", "Thanks"]);
}

async fn nothing_is_written_in_a_merged_ticket(on: On) {
    let mut at = two_of_jo(on).await;
    at.mail("jo@example.net", "c@x", "", "And the cake?").await;
    let draft = json!({ "text": "They are" });
    at.agent.request(Method::PUT, "/api/v1/tickets/3/draft", &draft).await;
    let merged = merge(&mut at, 3, &json!({ "into": 2 })).await.json();
    let onwards = merge(&mut at, 2, &json!({ "into": 1 })).await.json();
    let reply = json!({ "mode": "reply", "to": [], "text": "Soon.", "seen_version": 99 });
    let note = json!({ "text": "Who has it?" });
    let (owner, agent) = (&mut at.owner, &mut at.agent);
    for answer in [
        agent.post("/api/v1/tickets/3/replies", &reply).await,
        agent.post("/api/v1/tickets/3/notes", &note).await,
        owner.request(Method::PUT, "/api/v1/tickets/3/draft", &draft).await,
    ] {
        refused(&answer, StatusCode::CONFLICT, "ticket-merged");
        let detail = answer.json()["detail"].as_str().unwrap().to_owned();
        assert!(detail.contains("#1"), "where it went in the end: {detail}");
    }
    let gone = at.ticket(3).await;
    assert_eq!((&gone["merged_into"], &gone["can_reply"]), (&json!(1), &json!(false)));
    assert_eq!(gone["status"], "closed");
    assert_eq!(at.ticket(1).await["merged_into"], Value::Null);
    // Undone, all of it is back, and it can be answered.
    at.undone(&onwards).await;
    at.undone(&merged).await;
    let back = at.ticket(3).await;
    assert_eq!((&back["merged_into"], &back["can_reply"]), (&Value::Null, &json!(true)));
    assert_eq!(back["draft"]["text"], "They are");
    let version = back["version"].clone();
    let reply = json!({ "mode": "reply", "to": [], "text": "Soon.", "seen_version": version });
    let sent = at.agent.post("/api/v1/tickets/3/replies", &reply).await;
    assert_eq!(sent.status, StatusCode::CREATED, "{sent:?}");
}

async fn different_customers_are_asked_about(on: On) {
    let mut at = Bakery::new(on).await;
    at.mail("jo@example.net", "a@x", "", "Where is it?").await;
    at.mail("sam@example.net", "b@x", "Cc: kim@example.net\r\n", "Mine neither").await;
    let asked = merge(&mut at, 2, &json!({ "into": 1 })).await;
    refused(&asked, StatusCode::CONFLICT, "different-customers");
    let body = json!({ "into": 1, "confirm_different_customers": true });
    let merged = merge(&mut at, 2, &body).await;
    assert_eq!(merged.status, StatusCode::OK, "{merged:?}");
    let ticket = at.ticket(1).await;
    assert_eq!(ticket["customer"]["address"], "jo@example.net");
    // An answer reaches Jo, and nobody who came with the other ticket.
    let defaults = &ticket["reply_defaults"];
    assert_eq!(defaults["to"], json!([{ "name": null, "address": "jo@example.net" }]));
    assert_eq!((&defaults["cc"], &defaults["others"]), (&json!([]), &json!([])));
    let flags = &ticket["messages"]
        .as_array()
        .unwrap()
        .iter()
        .find(|m| m["text"].as_str().is_some_and(|text| text.contains("neither")));
    assert!(flags.unwrap()["flags"].as_array().unwrap().contains(&json!("other_customer")));
    at.undone(&merged.json()).await;
    let back = at.ticket(2).await;
    assert_eq!(back["reply_defaults"]["to"][0]["address"], "sam@example.net");
    // Sam takes no part in Jo's ticket any more.
    at.mail("sam@example.net", "c@x", "In-Reply-To: <a@x>\r\n", "Me again").await;
    assert_eq!(texts(&at.ticket(1).await), ["Where is it?"]);
}

async fn a_merge_that_moved_on_is_not_undone(on: On) {
    let mut at = two_of_jo(on).await;
    at.mail("jo@example.net", "c@x", "", "A third").await;
    let first = merge(&mut at, 1, &json!({ "into": 2 })).await.json();
    let second = merge(&mut at, 2, &json!({ "into": 3 })).await.json();
    refused(&at.undo(&first).await, StatusCode::CONFLICT, "merged");
    at.undone(&second).await;
    at.undone(&first).await;
    assert_eq!(texts(&at.ticket(1).await), ["Where is it?"]);
    let itself = merge(&mut at, 1, &json!({ "into": 1 })).await;
    refused(&itself, StatusCode::UNPROCESSABLE_ENTITY, "invalid");
}

async fn what_a_hold_names_stays_as_it_is(on: On) {
    let mut at = two_of_jo(on).await;
    let hold = json!({
        "kind": "ticket",
        "ticket_number": 2,
        "reason": "A case",
        "review_at": at.app.now() + TimeDelta::days(30),
        "people": [at.org.owner.0],
    });
    let placed = at.owner.post("/api/v1/holds", &hold).await;
    assert!(placed.status.is_success(), "{placed:?}");
    refused(&merge(&mut at, 2, &json!({ "into": 1 })).await, StatusCode::CONFLICT, "held");
    let version = at.ticket(2).await["version"].to_string();
    let headers = [("origin", PUBLIC_URL), ("if-match", version.as_str())];
    let path = "/api/v1/tickets/2/deletion";
    let kept = at.owner.send(Method::POST, path, &headers, Some(&json!({}))).await;
    refused(&kept, StatusCode::CONFLICT, "held");
    let merged = merge(&mut at, 1, &json!({ "into": 2 })).await;
    assert_eq!(merged.status, StatusCode::OK, "more comes into what is kept: {merged:?}");
}

async fn what_a_hold_names_is_not_attached(on: On) {
    let mut at = Bakery::new(on).await;
    at.mail("jo@example.net", "a@x", "", "Where is it?").await;
    at.mail("kim@example.net", "b@x", "In-Reply-To: <a@x>\r\n", "I am Jo's neighbour").await;
    let hold = json!({
        "kind": "ticket",
        "ticket_number": 2,
        "reason": "A case",
        "review_at": at.app.now() + TimeDelta::days(30),
        "people": [at.org.owner.0],
    });
    let placed = at.owner.post("/api/v1/holds", &hold).await.json();
    let path = "/api/v1/tickets/2/attach";
    refused(&at.agent.post(path, &json!({})).await, StatusCode::CONFLICT, "held");
    let end = format!("/api/v1/holds/{}/end", placed["id"].as_str().unwrap());
    let ended = at.owner.post(&end, &json!({ "reason": "Over" })).await;
    assert!(ended.status.is_success(), "{ended:?}");
    let attached = at.agent.post(path, &json!({})).await;
    assert_eq!(attached.status, StatusCode::OK, "{attached:?}");
}

async fn a_message_becomes_a_ticket_and_goes_back(on: On) {
    let mut at = Bakery::new(on).await;
    at.mail("jo@example.net", "a@x", "", "Where is it?").await;
    at.mail("jo@example.net", "b@x", "In-Reply-To: <a@x>\r\n", "Also: a cake").await;
    let ticket = at.ticket(1).await;
    let id = ticket["messages"].as_array().unwrap().iter().find_map(|message| {
        message["text"].as_str()?.contains("cake").then(|| message["id"].as_str().unwrap())
    });
    let path = format!("/api/v1/messages/{}/split", id.unwrap());
    let split = at.agent.post(&path, &json!({})).await;
    assert_eq!(split.status, StatusCode::CREATED, "{split:?}");
    let split = split.json();
    assert_eq!((&split["number"], &split["subject"]), (&json!(2), &json!("Bread b@x")));
    assert_eq!(split["customer"]["address"], "jo@example.net");
    assert_eq!(texts(&at.ticket(1).await), ["Where is it?"]);
    assert_eq!(at.ticket(1).await["snippet"], "Where is it?");
    assert_eq!(texts(&at.ticket(2).await), ["Also: a cake"]);
    let only = at.agent.post(&path, &json!({})).await;
    refused(&only, StatusCode::CONFLICT, "only-message");
    at.undone(&split).await;
    assert_eq!(texts(&at.ticket(1).await), ["Where is it?", "Also: a cake"]);
    assert_eq!(at.listed("status=all").await, [1]);
}

async fn a_split_ticket_with_new_mail_stays(on: On) {
    let mut at = Bakery::new(on).await;
    at.mail("jo@example.net", "a@x", "", "Where is it?").await;
    at.mail("jo@example.net", "b@x", "In-Reply-To: <a@x>\r\n", "Also: a cake").await;
    let id = at.ticket(1).await["messages"][1]["id"].as_str().unwrap().to_owned();
    let split = at.agent.post(&format!("/api/v1/messages/{id}/split"), &json!({})).await.json();
    at.mail("jo@example.net", "c@x", "In-Reply-To: <b@x>\r\n", "With cream").await;
    assert_eq!(texts(&at.ticket(2).await), ["Also: a cake", "With cream"]);
    refused(&at.undo(&split).await, StatusCode::CONFLICT, "changed-since");
}
