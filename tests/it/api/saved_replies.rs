//! Saved replies: whose they are, how they are found, and that nobody overwrites another's change.

use axum::http::{Method, StatusCode};
use loket::domain::words::Role;
use sea_orm::{ConnectionTrait, Database, Statement};
use serde_json::{Value, json};

use crate::support::app::{Browser, TestApp};
use crate::support::db::{On, on_both};

on_both!(
    a_saved_reply_is_of_those_it_was_kept_for,
    saved_replies_are_found_by_their_words_page_by_page,
    a_change_that_was_overtaken_is_refused,
    what_is_wrong_with_a_saved_reply_is_told_by_field,
    a_team_shares_its_own,
);

const PATH: &str = "/api/v1/saved-replies";

struct Desk {
    app: TestApp,
    organization: loket::domain::ids::OrganizationId,
    agent_id: loket::domain::ids::MembershipId,
    owner: Browser,
    agent: Browser,
    mailbox: String,
}

async fn desk(on: On) -> Desk {
    let app = TestApp::new(on).await;
    let org = app.org("bakery").await;
    let agent_id = app.user(&org, Role::Agent).await;
    let mailbox = app.mailbox(&org, &[org.owner]).await.0.to_string();
    let owner = app.signed_in("owner@bakery.example").await;
    let agent = app.signed_in("agent@bakery.example").await;
    Desk { app, organization: org.id, agent_id, owner, agent, mailbox }
}

fn of(scope: &str, name: &str) -> Value {
    json!({ "scope": scope, "name": name, "text": "Dear {{customer.first_name|customer}}," })
}

async fn keep(browser: &mut Browser, reply: &Value) -> Value {
    let made = browser.post(PATH, reply).await;
    assert_eq!(made.status, StatusCode::CREATED, "{made:?}");
    made.json()
}

async fn names(browser: &mut Browser, query: &str) -> Vec<String> {
    let page = browser.get(&format!("{PATH}{query}")).await;
    assert_eq!(page.status, StatusCode::OK, "{page:?}");
    let page = page.json();
    let items = page["items"].as_array().unwrap();
    items.iter().map(|item| item["name"].as_str().unwrap().to_owned()).collect()
}

async fn a_saved_reply_is_of_those_it_was_kept_for(on: On) {
    let mut desk = desk(on).await;
    let mine = keep(&mut desk.owner, &of("personal", "Mine")).await;
    let everybody = keep(&mut desk.owner, &of("organization", "Everybody")).await;
    let mut of_mailbox = of("mailbox", "Mailbox");
    of_mailbox["subject_id"] = json!(desk.mailbox);
    keep(&mut desk.owner, &of_mailbox).await;
    assert_eq!(names(&mut desk.owner, "").await, ["Everybody", "Mailbox", "Mine"]);
    assert_eq!(names(&mut desk.owner, "?scope=personal").await, ["Mine"]);
    let elsewhere = "?mailbox=00000000-0000-7000-8000-000000000000";
    assert_eq!(names(&mut desk.owner, elsewhere).await, ["Everybody", "Mine"]);
    // The agent belongs to no mailbox, and manages nothing.
    assert_eq!(names(&mut desk.agent, "").await, ["Everybody"]);
    let path = |reply: &Value| format!("{PATH}/{}", reply["id"].as_str().unwrap());
    let change = of("personal", "Taken");
    let foreign = desk.agent.edit(Method::PUT, &path(&mine), &change).await;
    assert_eq!(foreign.status, StatusCode::NOT_FOUND);
    let managed = desk.agent.edit(Method::PUT, &path(&everybody), &change).await;
    assert_eq!(managed.status, StatusCode::FORBIDDEN);
    let removed = desk.agent.request(Method::DELETE, &path(&everybody), &json!({})).await;
    assert_eq!(removed.status, StatusCode::FORBIDDEN);
    let gone = desk.owner.request(Method::DELETE, &path(&everybody), &json!({})).await;
    assert_eq!(gone.status, StatusCode::NO_CONTENT);
    assert_eq!(names(&mut desk.agent, "").await, [""; 0]);
}

async fn saved_replies_are_found_by_their_words_page_by_page(on: On) {
    let mut desk = desk(on).await;
    for name in ["Return label", "refund", "Opening hours"] {
        keep(&mut desk.agent, &of("personal", name)).await;
    }
    assert_eq!(names(&mut desk.agent, "?q=HOURS%20dear").await, ["Opening hours"]);
    assert_eq!(names(&mut desk.agent, "?q=nothing").await, [""; 0]);
    let first = desk.agent.get(&format!("{PATH}?limit=2")).await.json();
    let cursor = first["next_cursor"].as_str().unwrap();
    assert_eq!(
        names(&mut desk.agent, &format!("?limit=2&cursor={cursor}")).await,
        ["Return label"]
    );
    assert_eq!(names(&mut desk.agent, "?limit=2").await, ["Opening hours", "refund"]);
}

async fn a_change_that_was_overtaken_is_refused(on: On) {
    let mut desk = desk(on).await;
    let made = keep(&mut desk.agent, &of("personal", "Hours")).await;
    let path = format!("{PATH}/{}", made["id"].as_str().unwrap());
    let change = of("personal", "Opening hours");
    assert_eq!(made["version"], 1);
    let done = desk.agent.edit_at(1, Method::PUT, &path, &change).await;
    assert_eq!(done.status, StatusCode::OK, "{done:?}");
    assert_eq!(
        (&done.json()["name"], &done.json()["version"]),
        (&json!("Opening hours"), &json!(2))
    );
    let late = desk.agent.edit_at(1, Method::PUT, &path, &change).await;
    assert_eq!(late.status, StatusCode::PRECONDITION_FAILED, "{late:?}");
}

async fn what_is_wrong_with_a_saved_reply_is_told_by_field(on: On) {
    let mut desk = desk(on).await;
    let mut elsewhere = of("mailbox", "Mailbox");
    elsewhere["subject_id"] = json!(desk.mailbox);
    let unknown = json!({ "name": "Age", "text": "You are {{customer.age}}." });
    let cases = [
        (of("personal", " "), "name"),
        (json!({ "name": "Empty", "text": " " }), "text"),
        (unknown, "variables"),
        (of("organization", "Everybody"), "scope"),
        (of("team", "Team"), "subject_id"),
        (elsewhere, "subject_id"),
    ];
    for (wrong, field) in cases {
        let refused = desk.agent.post(PATH, &wrong).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{field}");
        assert_eq!(refused.json()["errors"][0]["field"], field);
    }
}

async fn a_team_shares_its_own(on: On) {
    let mut desk = desk(on).await;
    let team = loket::store::Store::new_id(desk.app.services.store());
    let data = Database::connect(&desk.app.home.data_url).await.unwrap();
    let backend = data.get_database_backend();
    let organization = desk.organization.0;
    for (sql, values) in [
        (
            "INSERT INTO team (organization_id, id, name, created_at) VALUES ($1, $2, 'Ovens', 0)",
            vec![organization.into(), team.into()],
        ),
        (
            "INSERT INTO team_member (organization_id, team_id, membership_id) VALUES ($1, $2, $3)",
            vec![organization.into(), team.into(), desk.agent_id.0.into()],
        ),
    ] {
        data.execute_raw(Statement::from_sql_and_values(backend, sql, values)).await.unwrap();
    }
    let mut reply = of("team", "Ours");
    reply["subject_id"] = json!(team);
    keep(&mut desk.agent, &reply).await;
    assert_eq!(names(&mut desk.agent, "").await, ["Ours"]);
    assert_eq!(names(&mut desk.owner, "").await, [""; 0]);
}
