//! A ticket moves to another mailbox's people.

use super::*;

on_both!(a_ticket_moves_and_its_messages_stay, a_ticket_moves_only_where_one_belongs);

async fn a_ticket_moves_and_its_messages_stay(on: On) {
    let mut at = Bakery::new(on).await;
    at.mail("jo@example.net", "a@x", "", "My bill?").await;
    let billing = at.billing().await;
    let clerk = at.app.user(&at.org, Role::Admin).await;
    let members = json!({ "membership_ids": [at.org.owner.0, clerk.0] });
    let path = format!("/api/v1/mailboxes/{billing}/members");
    at.owner.edit(Method::PUT, &path, &members).await;
    let mut clerk = at.app.signed_in("admin@bakery.example").await;
    assert_eq!(clerk.get("/api/v1/tickets/1").await.status, StatusCode::NOT_FOUND);
    let me = at.agent.get("/api/v1/session").await.json()["membership"]["id"].clone();
    at.change(1, &json!({ "assignee_id": me })).await;
    let draft = json!({ "text": "Dear Jo" });
    at.owner.request(Method::PUT, "/api/v1/tickets/1/draft", &draft).await;

    std::mem::swap(&mut at.owner, &mut at.agent);
    let body = json!({ "mailbox_id": billing.0 });
    let moved = at.act(Method::POST, 1, "/move", &body).await;
    assert_eq!(moved.status, StatusCode::OK, "{moved:?}");
    let moved = moved.json();
    assert_eq!(moved["mailbox"]["id"], json!(billing.0));
    assert_eq!(moved["assignee"], Value::Null, "who had it does not belong there");
    assert_eq!(moved["subject"], "Bread a@x");
    // Those who work there read it, with what came by the other mailbox.
    let seen = clerk.get("/api/v1/tickets/1").await.json();
    assert_eq!(texts(&seen), ["My bill?"]);
    let message = seen["messages"][0]["id"].as_str().unwrap();
    let read = clerk.get(&format!("/api/v1/messages/{message}")).await;
    assert_eq!(read.status, StatusCode::OK, "{read:?}");
    assert_eq!(at.owner.get("/api/v1/tickets/1").await.status, StatusCode::NOT_FOUND);
    assert_eq!(at.ticket(1).await["draft"]["text"], "Dear Jo");
    // What the customer answers arrives by the old mailbox, and joins the ticket.
    at.mail("jo@example.net", "b@x", "In-Reply-To: <a@x>\r\n", "Well?").await;
    let seen = clerk.get("/api/v1/tickets/1").await.json();
    assert_eq!(texts(&seen), ["My bill?", "Well?"]);

    at.undone(&moved).await;
    let back = at.ticket(1).await;
    assert_eq!(back["mailbox"]["id"], json!(at.mailbox.0));
    assert_eq!(back["assignee"]["id"], me);
    assert_eq!(clerk.get("/api/v1/tickets/1").await.status, StatusCode::NOT_FOUND);
}

async fn a_ticket_moves_only_where_one_belongs(on: On) {
    let mut at = Bakery::new(on).await;
    at.mail("jo@example.net", "a@x", "", "My bill?").await;
    let billing = at.billing().await;
    let body = json!({ "mailbox_id": billing.0 });
    let moved = at.act(Method::POST, 1, "/move", &body).await;
    refused(&moved, StatusCode::UNPROCESSABLE_ENTITY, "invalid");
    std::mem::swap(&mut at.owner, &mut at.agent);
    let headers = [("origin", PUBLIC_URL), ("if-match", "\"99\"")];
    let path = "/api/v1/tickets/1/move";
    let stale = at.agent.send(Method::POST, path, &headers, Some(&body)).await;
    refused(&stale, StatusCode::PRECONDITION_FAILED, "stale");
    let gone = format!("/api/v1/mailboxes/{billing}/disconnection");
    let word =
        json!({ "confirm": "billing@bakery.example", "password": crate::support::app::PASSWORD });
    let disconnected = at.agent.post(&gone, &word).await;
    if disconnected.status.is_success() {
        let moved = at.act(Method::POST, 1, "/move", &body).await;
        refused(&moved, StatusCode::CONFLICT, "mailbox-disconnected");
    }
}
