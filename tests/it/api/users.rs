//! Users: inviting, roles, disabling; who may do what to whom.

use axum::http::{Method, StatusCode};
use chrono::TimeDelta;
use loket::audit::Action;
use loket::domain::words::Role;
use loket::service::users::{self, UserChange};
use loket::service::{ServiceError, sign_in};
use loket::store::audit;
use serde_json::{Value, json};

use super::password::mailed;
use crate::support::app::{Browser, MAIL, Org, PASSWORD, TestApp};
use crate::support::db::{On, on_both};

async fn invite(browser: &mut Browser, email: &str, role: &str, mailboxes: &[String]) -> Value {
    let new = json!({ "name": "Bea", "email": email, "role": role, "mailbox_ids": mailboxes });
    let made = browser.post("/api/v1/users", &new).await;
    assert_eq!(made.status, StatusCode::CREATED, "{made:?}");
    made.json()
}

async fn change(browser: &mut Browser, id: &str, change: &Value) -> (StatusCode, Value) {
    let path = format!("/api/v1/users/{id}");
    let answer = browser.edit(Method::PATCH, &path, change).await;
    (answer.status, answer.json())
}

async fn listed(browser: &mut Browser, email: &str) -> Value {
    let all = browser.get("/api/v1/users").await.json();
    let items = all["items"].as_array().unwrap();
    items.iter().find(|user| user["email"] == email).cloned().unwrap_or_default()
}

async fn choose(app: &TestApp, token: &str) -> StatusCode {
    let new = json!({ "token": token, "password": PASSWORD });
    app.browser().request(Method::PUT, "/api/v1/password", &new).await.status
}

async fn newest(app: &TestApp, org: &Org, count: u64) -> Vec<Action> {
    let entries = audit::list(&app.home.store, org.id, None, count).await.unwrap();
    entries.iter().map(|entry| entry.action).collect()
}

async fn whoever_is_invited_sees_only_their_mailbox(on: On) {
    let app = TestApp::new(on).await;
    let org = app.org("bakery").await;
    let mailbox = app.mailbox(&org, &[org.owner]).await.to_string();
    let mut owner = app.signed_in("owner@bakery.example").await;
    let made =
        invite(&mut owner, "bea@bakery.example", "agent", std::slice::from_ref(&mailbox)).await;
    assert_eq!(made["link"], Value::Null, "it was mailed");
    assert_eq!(made["user"]["state"], "invited");
    let ends = app.now() + TimeDelta::days(7);
    let said: chrono::DateTime<chrono::Utc> =
        made["user"]["invitation_expires_at"].as_str().unwrap().parse().unwrap();
    assert_eq!(said.timestamp_millis(), ends.timestamp_millis());
    assert_eq!(made["user"]["mailboxes"][0]["id"], mailbox.as_str());
    assert_eq!(newest(&app, &org, 2).await, [Action::ChangeMembers, Action::Invite]);
    let token = mailed(&app, "bea@bakery.example").await.unwrap();
    assert_eq!(choose(&app, &token).await, StatusCode::NO_CONTENT);
    let bea = listed(&mut owner, "bea@bakery.example").await;
    assert_eq!((&bea["state"], &bea["invitation_expires_at"]), (&json!("active"), &Value::Null));
    let mut browser = app.signed_in("bea@bakery.example").await;
    let seen = browser.get("/api/v1/mailboxes").await.json();
    assert_eq!(seen["items"].as_array().unwrap().len(), 1);
    let id = bea["id"].as_str().unwrap();
    let again = owner.post(&format!("/api/v1/users/{id}/invitation"), &json!({})).await;
    assert_eq!(again.json()["type"], "/problems/not-invited");
}

async fn agents_are_not_told_of_mailboxes_that_are_not_theirs(on: On) {
    let app = TestApp::new(on).await;
    let org = app.org("bakery").await;
    app.user(&org, Role::Agent).await;
    app.mailbox(&org, &[org.owner]).await;
    let mut agent = app.signed_in("agent@bakery.example").await;
    let owner = listed(&mut agent, "owner@bakery.example").await;
    assert_eq!(owner["mailboxes"], json!([]));
}

async fn an_invitation_that_ended_is_sent_again(on: On) {
    let app = TestApp::new(on).await;
    app.org("bakery").await;
    let mut owner = app.signed_in("owner@bakery.example").await;
    let made = invite(&mut owner, "bea@bakery.example", "agent", &[]).await;
    let late = mailed(&app, "bea@bakery.example").await.unwrap();
    app.home.advance(TimeDelta::days(8));
    assert_eq!(choose(&app, &late).await, StatusCode::CONFLICT);
    let path = format!("/api/v1/users/{}/invitation", made["user"]["id"].as_str().unwrap());
    let again = owner.post(&path, &json!({})).await;
    assert_eq!(again.status, StatusCode::CREATED, "{again:?}");
    let again = again.json();
    assert!(
        again["user"]["invitation_expires_at"].as_str()
            > made["user"]["invitation_expires_at"].as_str()
    );
    let token = mailed(&app, "bea@bakery.example").await.unwrap();
    for _ in 0..2 {
        assert_eq!(owner.post(&path, &json!({})).await.status, StatusCode::CREATED);
    }
    let often = owner.post(&path, &json!({})).await;
    assert_eq!(often.status, StatusCode::TOO_MANY_REQUESTS, "no inbox is filled by others");
    assert_eq!(choose(&app, &token).await, StatusCode::NO_CONTENT);
}

async fn without_mail_the_link_is_handed_over(on: On) {
    let app = TestApp::without_own_mail(on).await;
    app.org("bakery").await;
    let mut owner = app.signed_in("owner@bakery.example").await;
    assert_eq!(owner.get("/api/v1/organization").await.json()["sends_mail"], false);
    let new = json!({ "name": "Bea", "email": "bea@bakery.example", "role": "agent" });
    let headers = [("origin", crate::support::app::PUBLIC_URL), ("idempotency-key", "one")];
    let mut links = Vec::new();
    for _ in 0..2 {
        let made = owner.send(Method::POST, "/api/v1/users", &headers, Some(&new)).await;
        assert_eq!(made.status, StatusCode::CREATED, "{made:?}");
        links.push(made.json()["link"].as_str().unwrap().to_owned());
    }
    assert_eq!(links[0], links[1], "the same request is the same invitation");
    let token = links[0].strip_prefix("https://loket.example/password#").unwrap();
    assert_eq!(choose(&app, token).await, StatusCode::NO_CONTENT);
    assert_eq!(choose(&app, token).await, StatusCode::CONFLICT, "it works once");
    app.signed_in("bea@bakery.example").await;
}

async fn an_address_that_signs_in_already_is_refused_with_what_to_do(on: On) {
    let app = TestApp::new(on).await;
    let org = app.org("bakery").await;
    app.org("florist").await;
    let agent = app.user(&org, Role::Agent).await.to_string();
    let mut owner = app.signed_in("owner@bakery.example").await;
    let refused = async |email: &str, owner: &mut Browser| {
        let new = json!({ "name": "Bea", "email": email, "role": "agent" });
        let answer = owner.post("/api/v1/users", &new).await;
        (answer.status, answer.json()["type"].as_str().unwrap().to_owned())
    };
    let conflict = |code: &str| (StatusCode::CONFLICT, format!("/problems/{code}"));
    assert_eq!(refused("Agent@bakery.example", &mut owner).await, conflict("user-exists"));
    assert_eq!(refused("owner@florist.example", &mut owner).await, conflict("address-elsewhere"));
    change(&mut owner, &agent, &json!({ "disabled": true })).await;
    assert_eq!(refused("agent@bakery.example", &mut owner).await, conflict("user-disabled"));
    let wrong = (StatusCode::UNPROCESSABLE_ENTITY, "/problems/invalid".to_owned());
    assert_eq!(refused("nobody", &mut owner).await, wrong);
    let absent = json!({ "name": "Bea", "email": "bea@bakery.example", "role": "agent",
        "mailbox_ids": [agent] });
    let answer = owner.post("/api/v1/users", &absent).await;
    assert_eq!(answer.json()["errors"][0]["field"], "mailbox_ids");
}

async fn owners_are_made_and_unmade_by_owners(on: On) {
    let app = TestApp::new(on).await;
    let org = app.org("bakery").await;
    let admin = app.user(&org, Role::Admin).await.to_string();
    let agent = app.user(&org, Role::Agent).await.to_string();
    let (first, needed) = (org.owner.to_string(), "/problems/owner-needed");
    let mut browser = app.signed_in("admin@bakery.example").await;
    let new = json!({ "name": "Bea", "email": "bea@bakery.example", "role": "owner" });
    assert_eq!(browser.post("/api/v1/users", &new).await.json()["type"], needed);
    for (id, wish) in [
        (&first, json!({ "role": "agent" })),
        (&first, json!({ "disabled": true })),
        (&agent, json!({ "role": "owner" })),
    ] {
        assert_eq!(change(&mut browser, id, &wish).await.1["type"], needed, "{wish}");
    }
    let mut owner = app.signed_in("owner@bakery.example").await;
    let bea = invite(&mut owner, "bea@bakery.example", "owner", &[]).await;
    let path = format!("/api/v1/users/{}/invitation", bea["user"]["id"].as_str().unwrap());
    let link = browser.post(&path, &json!({})).await;
    assert_eq!(link.json()["type"], needed, "its link would make them an owner");
    // Nobody changes themselves, the last owner neither.
    for (browser, id) in [(&mut browser, &admin), (&mut owner, &first)] {
        for wish in [json!({ "role": "agent" }), json!({ "disabled": true })] {
            let refused = change(browser, id, &wish).await;
            assert_eq!(refused.1["type"], "/problems/own-membership");
        }
    }
    let (status, made) = change(&mut owner, &agent, &json!({ "role": "admin" })).await;
    assert_eq!((status, &made["role"]), (StatusCode::OK, &json!("admin")));
    assert_eq!(newest(&app, &org, 1).await, [Action::ChangeMembership]);
}

async fn two_owners_cannot_unmake_each_other(on: On) {
    let app = TestApp::new(on).await;
    let org = app.org("bakery").await;
    let second = app.user(&org, Role::Admin).await;
    let here = [127, 0, 0, 1].into();
    let one = sign_in::sign_in(&app.services, here, "owner@bakery.example", PASSWORD.into());
    let one = one.await.unwrap().actor;
    let promote = UserChange { role: Some(Role::Owner), ..UserChange::default() };
    users::update(&app.services, &one, second, 1, promote).await.unwrap();
    // Signed in before they were unmade, as when both ask at once.
    let (mut two, services) = (one.clone(), &app.services);
    two.membership_id = second;
    let demote = UserChange { role: Some(Role::Agent), ..UserChange::default() };
    users::update(services, &one, second, 2, demote).await.unwrap();
    for wish in [demote, UserChange { disabled: Some(true), ..UserChange::default() }] {
        let refused = users::update(services, &two, org.owner, 1, wish).await;
        assert!(matches!(refused, Err(ServiceError::Conflict { code: "last_owner", .. })));
    }
}

async fn whoever_is_disabled_is_out_at_once_and_keeps_name_and_tickets(on: On) {
    let app = TestApp::new(on).await;
    let org = app.org("bakery").await;
    let agent = app.user(&org, Role::Agent).await;
    let mailbox = app.mailbox(&org, &[org.owner, agent]).await;
    app.deliver(&org, mailbox, 1, MAIL).await;
    let (mut owner, mut theirs) =
        (app.signed_in("owner@bakery.example").await, app.signed_in("agent@bakery.example").await);
    let agent = agent.to_string();
    let assign = async |owner: &mut Browser, version: &str| {
        let origin = ("origin", crate::support::app::PUBLIC_URL);
        let headers = [origin, ("if-match", version)];
        let wish = json!({ "assignee_id": agent });
        owner.send(Method::PATCH, "/api/v1/tickets/1", &headers, Some(&wish)).await
    };
    assert_eq!(assign(&mut owner, "\"1\"").await.status, StatusCode::OK);
    let count = format!("/api/v1/users/{agent}/tickets/count");
    assert_eq!(owner.get(&count).await.json()["unfinished"], 1);
    let (status, user) = change(&mut owner, &agent, &json!({ "disabled": true })).await;
    assert_eq!((status, &user["state"]), (StatusCode::OK, &json!("disabled")));
    assert_eq!(newest(&app, &org, 1).await, [Action::DisableMembership]);
    assert_eq!(theirs.get("/api/v1/session").await.status, StatusCode::UNAUTHORIZED);
    let body = json!({ "email": "agent@bakery.example", "password": PASSWORD });
    let refused = app.browser().post("/api/v1/session", &body).await;
    assert_eq!(refused.status, StatusCode::UNAUTHORIZED);
    let ask = json!({ "email": "agent@bakery.example" });
    app.browser().post("/api/v1/password/links", &ask).await;
    assert!(mailed(&app, "agent@bakery.example").await.is_none(), "a link would be of no use");
    // Nothing is taken from them silently.
    let ticket = owner.get("/api/v1/tickets/1").await.json();
    assert_eq!(ticket["assignee"]["name"], "agent of bakery");
    // Saving who belongs to the mailbox, where they cannot be chosen, does not put them out.
    let members = json!({ "membership_ids": [org.owner.0] });
    let path = format!("/api/v1/mailboxes/{mailbox}/members");
    let saved = owner.edit(Method::PUT, &path, &members).await.json();
    assert_eq!(saved["members"].as_array().unwrap().len(), 1);
    let (_, user) = change(&mut owner, &agent, &json!({ "disabled": false })).await;
    assert_eq!((&user["state"], &user["mailboxes"][0]["id"]), (&json!("active"), &json!(mailbox)));
    assert_eq!(newest(&app, &org, 1).await, [Action::EnableMembership]);
    let ended = theirs.get("/api/v1/session").await.status;
    assert_eq!(ended, StatusCode::UNAUTHORIZED, "what was ended does not come back");
    app.signed_in("agent@bakery.example").await;

    let both = json!({ "disabled": true, "unassign_tickets": true });
    assert_eq!(change(&mut owner, &agent, &both).await.0, StatusCode::OK);
    let ticket = owner.get("/api/v1/tickets/1").await.json();
    assert_eq!((&ticket["assignee"], &ticket["version"]), (&Value::Null, &json!(3)));
    assert_eq!(owner.get(&count).await.json()["unfinished"], 0);
    let nobody = assign(&mut owner, "\"3\"").await;
    assert_eq!(nobody.json()["errors"][0]["field"], "assignee_id", "they cannot work on it");
}

on_both!(
    whoever_is_invited_sees_only_their_mailbox,
    agents_are_not_told_of_mailboxes_that_are_not_theirs,
    an_invitation_that_ended_is_sent_again,
    without_mail_the_link_is_handed_over,
    an_address_that_signs_in_already_is_refused_with_what_to_do,
    owners_are_made_and_unmade_by_owners,
    two_owners_cannot_unmake_each_other,
    whoever_is_disabled_is_out_at_once_and_keeps_name_and_tickets,
);
