//! Restriction: a person's data is seen by nobody but those who are named.

use axum::http::{Method, StatusCode};
use chrono::TimeDelta;
use loket::domain::words::Role;
use loket::service::retention::run_channel;
use loket::store::purge_rows::Of;
use serde_json::{Value, json};

use super::{ANNA, Bakery, headed, letter};
use crate::export::Zip;
use crate::support::app::{Browser, PASSWORD};
use crate::support::db::{On, on_both};

on_both!(
    it_hides_everything_new_mail_too,
    it_hides_what_the_person_wrote_in_tickets_of_others,
    it_hides_all_of_it_from_search,
    what_others_quote_of_it_is_hidden,
    its_quarantined_mail_is_hidden,
    retention_passes_it_over,
    the_person_is_told_before_it_is_lifted,
    people_must_be_named,
    an_export_leaves_it_out_for_all_others,
    an_export_leaves_out_what_others_quote,
);

async fn numbers(browser: &mut Browser) -> Vec<i64> {
    let listed = browser.get("/api/v1/tickets").await.json();
    let mut numbers: Vec<i64> = listed["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|ticket| ticket["number"].as_i64().unwrap())
        .collect();
    numbers.sort_unstable();
    numbers
}

async fn open_count(browser: &mut Browser) -> Value {
    browser.get("/api/v1/tickets/counts").await.json()["open"].clone()
}

/// Anna's data, seen by the owner only.
async fn restricted(bakery: &mut Bakery) -> String {
    let id = bakery.open("restriction", ANNA).await;
    let body = json!({ "people": [bakery.org.owner] });
    let done = bakery.act(Method::PUT, &id, "restriction", body).await;
    assert_eq!(done["lasts"], true);
    id
}

async fn it_hides_everything_new_mail_too(on: On) {
    let mut bakery = Bakery::with_anna(on).await;
    bakery.deliver(2, &letter("bert@example.net", "cake", "b")).await;
    let mut agent = bakery.app.signed_in("agent@bakery.example").await;
    let ticket = agent.get("/api/v1/tickets/1").await.json();
    let message = ticket["messages"][0]["id"].as_str().unwrap().to_owned();
    let draft = json!({ "text": "Dear Anna" });
    let drafted = agent.request(Method::PUT, "/api/v1/tickets/1/draft", &draft).await;
    assert!(drafted.status.is_success(), "{drafted:?}");
    restricted(&mut bakery).await;
    bakery.deliver(3, &letter(ANNA, "pie", "c")).await;

    assert_eq!(numbers(&mut agent).await, [2]);
    assert_eq!(open_count(&mut agent).await, json!(1));
    let found = agent.get(&format!("/api/v1/tickets?q={ANNA}")).await.json();
    assert_eq!(found["items"], json!([]));
    assert_eq!(agent.get("/api/v1/tickets?q=1").await.json()["items"], json!([]));
    for path in [
        "/api/v1/tickets/1".to_owned(),
        "/api/v1/tickets/3".to_owned(),
        "/api/v1/tickets/1/draft".to_owned(),
        format!("/api/v1/messages/{message}"),
        format!("/api/v1/messages/{message}/original"),
        format!("/api/v1/messages/{message}/html"),
    ] {
        let hidden = agent.get(&path).await;
        assert_eq!(hidden.status, StatusCode::NOT_FOUND, "{path}: {hidden:?}");
    }
    let note = agent.post("/api/v1/tickets/1/notes", &json!({ "text": "x" })).await;
    assert_eq!(note.status, StatusCode::NOT_FOUND);

    assert_eq!(numbers(&mut bakery.owner).await, [1, 2, 3]);
    assert_eq!(open_count(&mut bakery.owner).await, json!(3));
    assert_eq!(bakery.owner.get("/api/v1/tickets/3").await.status, StatusCode::OK);
}

/// Words of the person, in tickets of theirs and of others, and what others quote of them, are found and counted by
/// those only who are named.
async fn it_hides_all_of_it_from_search(on: On) {
    use crate::search::{ask, settle};
    use loket::service::search::feed::Feeder;
    let mut bakery = Bakery::new(on).await;
    bakery.deliver(1, &letter(ANNA, "lighthouse", "a")).await;
    let cc = format!("Cc: {ANNA}\r\n");
    bakery.deliver(2, &headed("bert@example.net", "cake", "b", &cc)).await;
    let answer = "In-Reply-To: <b@example.net>\r\n";
    bakery.deliver(3, &headed(ANNA, "telescope", "c", answer)).await;
    let hers = bakery.owner.get("/api/v1/tickets/1").await.json();
    let path = format!("/api/v1/contacts/{}", hers["contact"]["id"].as_str().unwrap());
    let fact = json!({ "kind": "company", "label": null, "value": "Zwaluwstaart" });
    let change = json!({ "name": "Anna", "facts": [fact] });
    let written = bakery.owner.request(Method::PUT, &path, &change).await;
    assert_eq!(written.status, StatusCode::OK, "{written:?}");
    restricted(&mut bakery).await;
    let mut feeder = Feeder::begin(&bakery.app.services).expect("the folder is free");
    settle(&mut feeder).await;
    let mut agent = bakery.app.signed_in("agent@bakery.example").await;
    let hers_alone = format!("from:{ANNA}");
    for (query, hers, theirs) in [
        ("lighthouse", 1, 0),
        ("telescope", 1, 0),
        ("cake", 1, 1),
        ("is:open", 2, 1),
        (&*hers_alone, 2, 0),
    ] {
        let seen = ask(&mut bakery.owner, query).await;
        assert_eq!(seen["total"], json!(hers), "{query}: {seen}");
        let seen = ask(&mut agent, query).await;
        assert_eq!(seen["total"], json!(theirs), "{query}: {seen}");
        assert_eq!(
            seen["contacts"]
                .as_array()
                .unwrap()
                .iter()
                .filter(|one| one["address"] == ANNA)
                .count(),
            0
        );
    }
    for (browser, known) in [(&mut bakery.owner, 1), (&mut agent, 0)] {
        let seen = ask(browser, "zwaluwstaart").await;
        assert_eq!(seen["contacts"].as_array().unwrap().len(), known, "{seen}");
    }
}

async fn it_hides_what_the_person_wrote_in_tickets_of_others(on: On) {
    let mut bakery = Bakery::new(on).await;
    let cc = format!("Cc: {ANNA}\r\n");
    bakery.deliver(1, &headed("bert@example.net", "cake", "b", &cc)).await;
    let answer = "In-Reply-To: <b@example.net>\r\n";
    bakery.deliver(2, &headed(ANNA, "secret", "c", answer)).await;
    let mut agent = bakery.app.signed_in("agent@bakery.example").await;
    let both = agent.get("/api/v1/tickets/1").await.json();
    assert_eq!(both["messages"].as_array().unwrap().len(), 2, "{both}");
    restricted(&mut bakery).await;
    let one = agent.get("/api/v1/tickets/1").await;
    assert!(!one.json()["messages"].to_string().contains("secret"), "{one:?}");
    let listed = agent.get("/api/v1/tickets").await.json();
    assert_eq!(listed["items"][0]["snippet"], "");
    let hers = both["messages"].as_array().unwrap();
    let hers = hers.iter().find(|message| message.to_string().contains("secret")).unwrap();
    let path = format!("/api/v1/messages/{}", hers["id"].as_str().unwrap());
    assert_eq!(agent.get(&path).await.status, StatusCode::NOT_FOUND);
    assert_eq!(bakery.owner.get(&path).await.status, StatusCode::OK);
}

/// Bert quotes in his ticket what Anna wrote there.
async fn quoted(on: On) -> Bakery {
    let bakery = Bakery::new(on).await;
    let cc = format!("Cc: {ANNA}\r\n");
    bakery.deliver(1, &headed("bert@example.net", "cake", "b", &cc)).await;
    bakery.deliver(2, &headed(ANNA, "secret", "c", "In-Reply-To: <b@example.net>\r\n")).await;
    let agreed = headed("bert@example.net", "cake", "d", "In-Reply-To: <c@example.net>\r\n");
    let quote = "Agreed.\r\n\r\nOn 2 March 2026, Anna wrote:\r\n> I wrote secret here.\r\n";
    bakery.deliver(3, &agreed.replace("I wrote cake here.\r\n", quote)).await;
    bakery
}

async fn what_others_quote_of_it_is_hidden(on: On) {
    let mut bakery = quoted(on).await;
    let html = headed("bert@example.net", "walnut", "f", "In-Reply-To: <d@example.net>\r\n");
    bakery.deliver(5, &html.replace("text/plain", "text/html")).await;
    // In another ticket nobody can have quoted her.
    let other = headed("bert@example.net", "pie", "e", "");
    let elsewhere = "Hello.\r\n\r\nOn 2 March 2026, Cees wrote:\r\n> I wrote pie.\r\n";
    bakery.deliver(4, &other.replace("I wrote pie here.\r\n", elsewhere)).await;
    let mut agent = bakery.app.signed_in("agent@bakery.example").await;
    let before = agent.get("/api/v1/tickets/1").await.json();
    let is_it = |message: &&Value| message["text"].as_str().unwrap().contains("Agreed");
    let quoting = before["messages"].as_array().unwrap().iter().find(is_it).unwrap().clone();
    assert!(quoting["quoted_text"].as_str().unwrap().contains("secret"), "{quoting}");
    assert_eq!(quoting["quote_hidden"], false);
    let whole = agent.get("/api/v1/tickets/1?with_html=9").await.json();
    let brings = |message: &Value| message["html"].to_string().contains("walnut");
    assert!(whole["messages"].as_array().unwrap().iter().any(brings), "{whole}");
    restricted(&mut bakery).await;

    let bare = agent.get("/api/v1/tickets/1?with_html=9").await.json();
    assert!(bare["messages"].as_array().unwrap().iter().all(|mail| mail["html"].is_null()));
    let after = agent.get("/api/v1/tickets/1").await.json();
    assert!(!after["messages"].to_string().contains("secret"), "{after}");
    let it = after["messages"].as_array().unwrap().iter().find(is_it).unwrap();
    assert_eq!((&it["quoted_text"], &it["quote_hidden"]), (&json!(""), &json!(true)));
    let path = format!("/api/v1/messages/{}", quoting["id"].as_str().unwrap());
    assert!(!agent.get(&path).await.json().to_string().contains("secret"));
    assert_eq!(agent.get(&format!("{path}/original")).await.status, StatusCode::NOT_FOUND);
    let secret = json!({ "q": "secret" });
    let within = agent.post("/api/v1/tickets/1/search", &secret).await.json();
    assert_eq!(within["messages"], json!([]));
    let within = bakery.owner.post("/api/v1/tickets/1/search", &secret).await.json();
    assert_eq!(
        within["messages"].as_array().unwrap().len(),
        2,
        "what she wrote, and what quotes it"
    );
    let elsewhere = agent.get("/api/v1/tickets/2").await.json();
    assert!(elsewhere["messages"][0]["quoted_text"].as_str().unwrap().contains("I wrote pie"));
    assert_eq!(bakery.owner.get(&path).await.json()["quote_hidden"], false);
    assert_eq!(bakery.owner.get(&format!("{path}/original")).await.status, StatusCode::OK);
}

/// What lies in quarantine, as far as the owner may know.
async fn listed(owner: &mut Browser) -> Vec<String> {
    let found = owner.get("/api/v1/quarantine").await.json();
    let items = found["items"].as_array().unwrap();
    items.iter().map(|item| item["id"].as_str().unwrap().to_owned()).collect()
}

async fn its_quarantined_mail_is_hidden(on: On) {
    let mut bakery = Bakery::new(on).await;
    for (uid, from) in [(1, ANNA), (2, "bert@example.net")] {
        let bomb = "Content-Type: message/rfc822\r\n\r\n".repeat(100);
        let raw = format!("From: Somebody\r\n <{from}>\r\nSubject: x\r\n{bomb}");
        let report = bakery.app.take_in(&bakery.org, bakery.mailbox, uid, &raw).await;
        assert_eq!(report.quarantined, 1, "{report:?}");
    }
    let before = listed(&mut bakery.owner).await;
    assert_eq!(before.len(), 2);
    // She is no customer yet: nothing of hers was ever filed.
    let admin = bakery.app.user(&bakery.org, Role::Admin).await;
    let id = bakery.open("restriction", ANNA).await;
    bakery.act(Method::PUT, &id, "restriction", json!({ "people": [admin] })).await;
    let after = listed(&mut bakery.owner).await;
    assert_eq!(after.len(), 1, "{after:?}");
    for id in before {
        let original = bakery.owner.get(&format!("/api/v1/quarantine/{id}/original")).await;
        let status = if after.contains(&id) { StatusCode::OK } else { StatusCode::NOT_FOUND };
        assert_eq!(original.status, status);
        assert!(!String::from_utf8_lossy(&original.body).contains(ANNA));
    }
    let body = json!({ "people": [admin, bakery.org.owner] });
    bakery.act(Method::PUT, &id, "restriction", body).await;
    assert_eq!(listed(&mut bakery.owner).await.len(), 2);
}

async fn retention_passes_it_over(on: On) {
    let mut bakery = Bakery::with_anna(on).await;
    bakery.deliver(2, &letter("bert@example.net", "cake", "b")).await;
    let id = restricted(&mut bakery).await;
    bakery.app.home.advance(TimeDelta::days(600));
    let of = Of { organization_id: bakery.org.id, channel_id: bakery.mailbox };
    let removed = run_channel(&bakery.app.services, of).await.unwrap();
    assert_eq!((removed.deleted, removed.held), (1, 1));
    bakery.owner = bakery.app.signed_in("owner@bakery.example").await;
    assert_eq!(bakery.owner.get("/api/v1/tickets/1").await.status, StatusCode::OK);
    let at = bakery.app.now() + TimeDelta::days(4);
    bakery.act(Method::POST, &id, "restriction/announcement", json!({ "at": at })).await;
    bakery.advance(TimeDelta::days(5)).await;
    bakery.act(Method::DELETE, &id, "restriction", json!({})).await;
    let removed = run_channel(&bakery.app.services, of).await.unwrap();
    assert_eq!((removed.deleted, removed.held), (1, 0));
}

async fn the_person_is_told_before_it_is_lifted(on: On) {
    let mut bakery = Bakery::with_anna(on).await;
    let id = restricted(&mut bakery).await;
    let untold = bakery.refused(Method::DELETE, &id, "restriction", json!({})).await;
    assert_eq!(untold, "/problems/lift-untold");
    let at = bakery.app.now() + TimeDelta::days(1);
    let soon = bakery.tries(Method::POST, &id, "restriction/announcement", json!({ "at": at }));
    assert_eq!(soon.await.json()["errors"][0]["field"], "at");
    // Closing the request does not end what it did.
    bakery.act(Method::POST, &id, "completion", json!({})).await;
    let at = bakery.app.now() + TimeDelta::days(5);
    bakery.act(Method::POST, &id, "restriction/announcement", json!({ "at": at })).await;
    bakery.drain().await;
    let (to, text) = bakery.last_mail();
    assert_eq!(to, [ANNA]);
    assert!(text.contains(&at.format("%Y-%m-%d").to_string()), "{text}");
    let early = bakery.refused(Method::DELETE, &id, "restriction", json!({})).await;
    assert_eq!(early, "/problems/lift-later");
    bakery.advance(TimeDelta::days(5)).await;
    let lifted = bakery.act(Method::DELETE, &id, "restriction", json!({})).await;
    assert_eq!(lifted["lasts"], false);
    let mut agent = bakery.app.signed_in("agent@bakery.example").await;
    assert_eq!(agent.get("/api/v1/tickets/1").await.status, StatusCode::OK);
    let again = bakery.refused(Method::DELETE, &id, "restriction", json!({})).await;
    assert_eq!(again, "/problems/not-restricted");
}

async fn people_must_be_named(on: On) {
    let mut bakery = Bakery::with_anna(on).await;
    let id = bakery.open("restriction", ANNA).await;
    for people in [json!([]), json!(["00000000-0000-7000-8000-000000000000"])] {
        let body = json!({ "people": people });
        let refused = bakery.tries(Method::PUT, &id, "restriction", body).await;
        assert_eq!(refused.json()["errors"][0]["field"], "people", "{refused:?}");
    }
    let body = json!({ "people": [bakery.org.owner] });
    bakery.act(Method::PUT, &id, "restriction", body).await;
    // Named anew, it goes to the other.
    let admin = bakery.app.user(&bakery.org, Role::Admin).await;
    let named = json!({ "people": [admin] });
    let named = bakery.act(Method::PUT, &id, "restriction", named).await;
    assert_eq!(named["people"][0]["name"], "admin of bakery");
    assert_eq!(bakery.owner.get("/api/v1/tickets/1").await.status, StatusCode::NOT_FOUND);
}

async fn an_export_leaves_it_out_for_all_others(on: On) {
    let mut bakery = Bakery::with_anna(on).await;
    bakery.deliver(2, &letter("bert@example.net", "cake", "b")).await;
    let admin = bakery.app.user(&bakery.org, Role::Admin).await;
    let id = bakery.open("restriction", ANNA).await;
    bakery.act(Method::PUT, &id, "restriction", json!({ "people": [admin] })).await;
    crate::export::order(&mut bakery.owner, bakery.mailbox).await;
    bakery.drain().await;
    let made = crate::export::exports(&mut bakery.owner, bakery.mailbox).await.remove(0);
    // Of everything as well.
    let everything = "/api/v1/organization/exports";
    let password = json!({ "password": PASSWORD });
    assert!(bakery.owner.post(everything, &password).await.status.is_success());
    bakery.drain().await;
    let all = bakery.owner.get(everything).await.json()["items"][0].clone();
    for export in [made, all] {
        let mut zip = Zip::of(&bakery.owner.get(&crate::export::file_of(&export)).await);
        assert!(!zip.with("cake").is_empty());
        assert_eq!(zip.with("bread"), [""; 0]);
        assert_eq!(zip.with(ANNA), [""; 0]);
    }
}

async fn an_export_leaves_out_what_others_quote(on: On) {
    let mut bakery = quoted(on).await;
    let admin = bakery.app.user(&bakery.org, Role::Admin).await;
    let id = bakery.open("restriction", ANNA).await;
    for (people, is_hidden) in [(json!([admin]), true), (json!([bakery.org.owner]), false)] {
        bakery.act(Method::PUT, &id, "restriction", json!({ "people": people })).await;
        crate::export::order(&mut bakery.owner, bakery.mailbox).await;
        bakery.drain().await;
        let made = crate::export::exports(&mut bakery.owner, bakery.mailbox).await.remove(0);
        let mut zip = Zip::of(&bakery.owner.get(&crate::export::file_of(&made)).await);
        assert!(!zip.with("Agreed.").is_empty());
        assert_eq!(zip.with("secret").is_empty(), is_hidden, "{:?}", zip.with("secret"));
        crate::export::check_schema(&mut zip);
        bakery.app.home.advance(TimeDelta::minutes(1));
    }
}
