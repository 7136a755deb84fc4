//! What several people change has a version: who changes what somebody else has changed meanwhile is
//! told, and nothing is lost.

use axum::http::{Method, StatusCode};
use loket::domain::words::{ChannelState, Role};
use loket::store::channels::StateChange;
use loket::store::mailboxes;
use serde_json::{Value, json};

use crate::support::app::{Answer, Browser, Org, TestApp};
use crate::support::db::{On, on_both};

on_both!(
    a_change_that_was_overtaken_changes_nothing,
    of_two_changes_at_once_one_is_made,
    what_the_server_does_by_itself_overtakes_nobody,
    whoever_joins_a_mailbox_is_not_put_out_by_an_older_list,
);

/// Something that several people change.
struct Thing {
    method: Method,
    /// Where it is changed.
    path: String,
    /// Where it is read, and its id where that is a list.
    read: String,
    id: Option<String>,
    /// Two changes, by two people.
    changes: [Value; 2],
}

impl Thing {
    async fn now(&self, browser: &mut Browser) -> Value {
        let all = browser.get(&self.read).await.json();
        let Some(id) = &self.id else { return all };
        let items = all["items"].as_array().unwrap();
        items.iter().find(|item| item["id"] == *id).unwrap().clone()
    }
}

struct Desk {
    app: TestApp,
    org: Org,
    owner: Browser,
    admin: Browser,
    mailbox: String,
    agent: String,
}

impl Desk {
    async fn new(on: On) -> Self {
        let app = TestApp::new(on).await;
        let org = app.org("bakery").await;
        app.user(&org, Role::Admin).await;
        let agent = app.user(&org, Role::Agent).await.to_string();
        let mailbox = app.mailbox(&org, &[org.owner]).await.to_string();
        let owner = app.signed_in("owner@bakery.example").await;
        let admin = app.signed_in("admin@bakery.example").await;
        Self { app, org, owner, admin, mailbox, agent }
    }

    /// Makes one of a list, and says how it is changed.
    async fn made(&mut self, method: Method, list: &str, new: Value, changes: [Value; 2]) -> Thing {
        let read = format!("/api/v1/{list}");
        let made = self.owner.post(&read, &new).await;
        assert_eq!(made.status, StatusCode::CREATED, "{made:?}");
        let id = made.json()["id"].as_str().unwrap().to_owned();
        Thing { method, path: format!("{read}/{id}"), read, id: Some(id), changes }
    }

    async fn things(&mut self) -> Vec<Thing> {
        let (patch, put) = (Method::PATCH, Method::PUT);
        let named = |more: Value| {
            ["One", "Two"].map(|name| {
                let mut body = more.clone();
                body["name"] = json!(name);
                body
            })
        };
        let tag = json!({ "name": "Late", "color": "red" });
        let team = json!({ "name": "Counter" });
        let view = json!({ "name": "Look", "filter": {}, "shared": true });
        let reply =
            json!({ "scope": "organization", "name": "Hours", "text": "From nine to five." });
        let id = &self.mailbox;
        let home = format!("/api/v1/mailboxes/{id}");
        let mailboxes = "/api/v1/mailboxes".to_owned();
        let keeping = |months: u32| {
            json!({
                "months": months, "then": "delete", "spam_days": 30, "trash_days": 30,
                "quarantine_days": 90,
            })
        };
        let role = |role: &str| json!({ "role": role });
        let mut things = vec![
            Thing {
                method: patch.clone(),
                path: home.clone(),
                read: mailboxes.clone(),
                id: Some(id.clone()),
                changes: ["One", "Two"].map(|name| json!({ "display_name": name })),
            },
            Thing {
                method: put.clone(),
                path: format!("{home}/members"),
                read: mailboxes,
                id: Some(id.clone()),
                changes: [
                    json!({ "membership_ids": [self.agent] }),
                    json!({ "membership_ids": [] }),
                ],
            },
            Thing {
                method: put.clone(),
                path: format!("{home}/retention"),
                read: format!("{home}/retention"),
                id: None,
                changes: [keeping(20), keeping(30)],
            },
            Thing {
                method: Method::POST,
                path: format!("{home}/retention/confirmation"),
                read: format!("{home}/retention"),
                id: None,
                changes: [json!({}), json!({})],
            },
            Thing {
                method: patch.clone(),
                path: "/api/v1/organization".to_owned(),
                read: "/api/v1/organization".to_owned(),
                id: None,
                changes: ["One", "Two"].map(|name| json!({ "name": name })),
            },
            Thing {
                method: patch.clone(),
                path: format!("/api/v1/users/{}", self.agent),
                read: "/api/v1/users".to_owned(),
                id: Some(self.agent.clone()),
                changes: [role("auditor"), role("admin")],
            },
        ];
        let of_tag = named(json!({ "color": "blue" }));
        things.push(self.made(patch.clone(), "tags", tag, of_tag).await);
        things.push(self.made(patch, "teams", team, named(json!({ "member_ids": [] }))).await);
        let of_view = named(json!({ "filter": {}, "shared": true }));
        things.push(self.made(put.clone(), "views", view, of_view).await);
        things.push(self.made(put, "saved-replies", reply.clone(), named(reply)).await);
        things
    }
}

fn refused(answer: &Answer, status: StatusCode, kind: &str) {
    assert_eq!(answer.status, status, "{answer:?}");
    assert_eq!(answer.json()["type"], format!("/problems/{kind}"));
}

fn version(thing: &Value) -> i32 {
    i32::try_from(thing["version"].as_i64().expect("a version")).unwrap()
}

async fn a_change_that_was_overtaken_changes_nothing(on: On) {
    let mut desk = Desk::new(on).await;
    for thing in desk.things().await {
        let Thing { method, path, changes: [first, second], .. } = &thing;
        let seen = version(&thing.now(&mut desk.owner).await);
        let blind = desk.owner.request(method.clone(), path, first).await;
        refused(&blind, StatusCode::PRECONDITION_REQUIRED, "version-required");

        let done = desk.owner.edit_at(seen, method.clone(), path, first).await;
        assert_eq!(done.status, StatusCode::OK, "{path}: {done:?}");
        assert_eq!(version(&done.json()), seen + 1, "{path}");
        let now = thing.now(&mut desk.owner).await;
        assert_eq!(version(&now), seen + 1, "{path}");

        let late = desk.admin.edit_at(seen, method.clone(), path, second).await;
        refused(&late, StatusCode::PRECONDITION_FAILED, "stale");
        assert_eq!(thing.now(&mut desk.owner).await, now, "{path}");

        let on_top = desk.admin.edit_at(seen + 1, method.clone(), path, second).await;
        assert_eq!(on_top.status, StatusCode::OK, "{path}: {on_top:?}");
    }
}

async fn of_two_changes_at_once_one_is_made(on: On) {
    let mut desk = Desk::new(on).await;
    for thing in desk.things().await {
        let Thing { method, path, changes: [first, second], .. } = &thing;
        let seen = version(&thing.now(&mut desk.owner).await);
        let (one, other) = tokio::join!(
            desk.owner.edit_at(seen, method.clone(), path, first),
            desk.admin.edit_at(seen, method.clone(), path, second),
        );
        let mut statuses = [one.status, other.status];
        statuses.sort_unstable();
        assert_eq!(statuses, [StatusCode::OK, StatusCode::PRECONDITION_FAILED], "{path}");
        assert_eq!(version(&thing.now(&mut desk.owner).await), seen + 1, "{path}");
    }
}

/// The state of a mailbox changes by itself while somebody writes its signature.
async fn what_the_server_does_by_itself_overtakes_nobody(on: On) {
    let mut desk = Desk::new(on).await;
    let id = loket::domain::ids::ChannelId(desk.mailbox.parse().unwrap());
    let store = &desk.app.home.store;
    mailboxes::touch_sync(store, desk.org.id, id).await.unwrap();
    let tx = store.begin().await.unwrap();
    let change = StateChange { state: ChannelState::Error, code: Some("refused"), detail: None };
    mailboxes::set_state(&tx, desk.org.id, id, &change).await.unwrap();
    tx.commit().await.unwrap();
    let path = format!("/api/v1/mailboxes/{}", desk.mailbox);
    let body = json!({ "signature": "The bakery" });
    let done = desk.owner.edit_at(1, Method::PATCH, &path, &body).await;
    assert_eq!(done.status, StatusCode::OK, "{done:?}");
}

async fn whoever_joins_a_mailbox_is_not_put_out_by_an_older_list(on: On) {
    let mut desk = Desk::new(on).await;
    let new = json!({
        "name": "Bea", "email": "bea@bakery.example", "role": "agent",
        "mailbox_ids": [desk.mailbox],
    });
    assert_eq!(desk.admin.post("/api/v1/users", &new).await.status, StatusCode::CREATED);
    let path = format!("/api/v1/mailboxes/{}/members", desk.mailbox);
    let older = json!({ "membership_ids": [desk.org.owner.0] });
    let late = desk.owner.edit_at(1, Method::PUT, &path, &older).await;
    refused(&late, StatusCode::PRECONDITION_FAILED, "stale");
    let mailboxes = desk.owner.get("/api/v1/mailboxes").await.json();
    assert_eq!(mailboxes["items"][0]["members"].as_array().unwrap().len(), 2);
}
