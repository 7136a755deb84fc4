//! Customers are found by what colleagues wrote down about them, by who may know it.

use axum::http::{Method, StatusCode};
use chrono::TimeDelta;
use loket::domain::words::Role;
use serde_json::{Value, json};

use super::{SEARCH, Shop, ask, settle};
use crate::support::app::Browser;
use crate::support::db::{On, on_both};
use crate::support::search::Words;

async fn contact_of(browser: &mut Browser, ticket: i64) -> String {
    let ticket = browser.get(&format!("/api/v1/tickets/{ticket}")).await.json();
    ticket["contact"]["id"].as_str().unwrap().to_owned()
}

async fn write_down(browser: &mut Browser, id: &str, change: &Value) {
    let path = format!("/api/v1/contacts/{id}");
    let changed = browser.request(Method::PUT, &path, change).await;
    assert_eq!(changed.status, StatusCode::OK, "{changed:?}");
}

fn facts() -> Value {
    json!([
        { "kind": "phone", "label": null, "value": "+31 (0)6 - 1234 5678" },
        { "kind": "company", "label": null, "value": "Timmerfabriek Zwaluwstaart" },
        { "kind": "field", "label": "Klantnummer", "value": "KL-2026-0042" },
        { "kind": "note", "label": null, "value": "Zij wil graag dat wij de fietsen voor haar bewaren." },
    ])
}

/// The addresses of the customers who are found.
fn people(found: &Value) -> Vec<&str> {
    let contacts = found["contacts"].as_array().unwrap().iter();
    contacts.map(|contact| contact["address"].as_str().unwrap()).collect()
}

const ANNA: &str = "anna@visser.example";

/// By telephone numbers in any grouping, parts of names, companies, fields and notes; while one types; from the moment
/// that it is written down until it is not there any more; also after a restart; and without a word on disk.
async fn customers_are_found_by_what_colleagues_wrote_down(on: On) {
    let mut shop = Shop::new(on).await;
    shop.day().await;
    let mut feeder = shop.feeder();
    settle(&mut feeder).await;
    let mut owner = shop.app.signed_in("owner@bakery.example").await;
    let id = contact_of(&mut owner, 1).await;
    assert_eq!(people(&ask(&mut owner, "zwaluwstaart").await), [""; 0]);
    let change = json!({ "name": "Annabel de Wilde-Kuipers", "facts": facts() });
    write_down(&mut owner, &id, &change).await;
    settle(&mut feeder).await;
    let asked = [
        "zwaluwstaart",
        "timmerfabriek zwaluwstaart",
        "\"timmerfabriek zwaluwstaart\"",
        "0612345678",
        "06 12 34 56 78",
        "06-12345678",
        "+31612345678",
        "345678",
        "KL-2026-0042",
        "kl20260042",
        "klantnummer",
        "kuipers",
        "annabel wilde",
        "fiets",
        "bewaren fietsen",
        "from:annabel",
        "zwaluwstaart is:open",
        "zwaluwstaart OR nobody",
    ];
    for query in asked {
        assert_eq!(people(&ask(&mut owner, query).await), [ANNA], "{query}");
    }
    for query in ["0687654321", "zwaluw", "subject:zwaluwstaart", "zwaluwstaart bakker", "is:open"]
    {
        assert_eq!(people(&ask(&mut owner, query).await), [""; 0], "{query}");
    }
    for typed in ["zwaluw", "annab", "061234"] {
        let found = owner.post(SEARCH, &json!({ "q": typed, "typing": true })).await.json();
        assert_eq!(people(&found), [ANNA], "{typed}");
    }

    // As a server does that starts anew.
    feeder.end().await;
    shop.app.services.search().close_all();
    let mut feeder = shop.feeder();
    settle(&mut feeder).await;
    for query in asked {
        assert_eq!(people(&ask(&mut owner, query).await), [ANNA], "{query}, after a restart");
    }
    let known = ["zwaluwstaart", "timmerfabriek", "kuipers", "bewaren", "klantnummer"];
    let known = Words::new(known.map(str::to_owned));
    let mut traces = std::collections::BTreeSet::new();
    for folder in [shop.app.search(), shop.app.home.folder().to_owned()] {
        known.search_files(&folder, &mut traces);
    }
    assert_eq!(traces, std::collections::BTreeSet::new());

    // Taken out again, but for the name.
    write_down(&mut owner, &id, &json!({ "name": "Annabel", "facts": [] })).await;
    for query in ["zwaluwstaart", "0612345678", "kuipers"] {
        assert_eq!(people(&ask(&mut owner, query).await), [""; 0], "{query}, at once");
    }
    settle(&mut feeder).await;
    feeder.end().await;
    shop.app.services.search().close_all();
    let mut feeder = shop.feeder();
    settle(&mut feeder).await;
    assert_eq!(people(&ask(&mut owner, "annabel").await), [ANNA], "a name alone");
    shop.app.home.advance(TimeDelta::hours(2));
    settle(&mut feeder).await;
    let mut owner = shop.app.signed_in("owner@bakery.example").await;
    assert_eq!(people(&ask(&mut owner, "annabel").await), [ANNA]);
}

/// Who does not belong to the mailbox that somebody is known by does not find them; nor what was written down in another
/// one about somebody whom they know; nor does anybody of another organization.
async fn nobody_is_found_by_what_one_may_not_know(on: On) {
    let mut shop = Shop::new(on).await;
    let agent = shop.app.user(&shop.org, Role::Agent).await;
    let florist = shop.app.org("florist").await;
    shop.app.mailbox(&florist, &[florist.owner]).await;
    let third = Shop::another(&shop.app, &shop.org, &[shop.org.owner, agent], "Third").await;
    shop.day().await;
    shop.mail(third, "Eva <eva@example.net>", "Hello", "Good morning.").await;
    let mut owner = shop.app.signed_in("owner@bakery.example").await;
    let anna = contact_of(&mut owner, 1).await;
    write_down(&mut owner, &anna, &json!({ "name": "Annabel", "facts": facts() })).await;
    let mut feeder = shop.feeder();
    settle(&mut feeder).await;
    let mut other = shop.app.signed_in("agent@bakery.example").await;
    let mut stranger = shop.app.signed_in("owner@florist.example").await;
    for query in ["zwaluwstaart", "0612345678", "annabel", "klantnummer"] {
        assert_eq!(people(&ask(&mut owner, query).await), [ANNA], "{query}");
        for browser in [&mut other, &mut stranger] {
            assert_eq!(people(&ask(browser, query).await), [""; 0], "{query}");
        }
    }
    // Dirk, of whom the agent knows nothing, and Eva, whom they know, are one.
    let (dirk, eva) = (contact_of(&mut owner, 4).await, contact_of(&mut owner, 5).await);
    write_down(&mut owner, &dirk, &json!({ "name": "Dirk Zandloper", "facts": facts() })).await;
    let merge = format!("/api/v1/contacts/{eva}/merge");
    let merged = owner.post(&merge, &json!({ "into": dirk })).await;
    assert_eq!(merged.status, StatusCode::OK, "{merged:?}");
    settle(&mut feeder).await;
    let seen = other.get(&format!("/api/v1/contacts/{dirk}")).await.json();
    assert_eq!(
        (seen["facts"].clone(), seen["identities"].as_array().unwrap().len()),
        (json!([]), 1)
    );
    for query in ["zwaluwstaart", "zandloper", "0612345678"] {
        assert_eq!(people(&ask(&mut other, query).await), [""; 0], "{query}");
    }
    assert_eq!(people(&ask(&mut other, "eva@example.net").await), ["eva@example.net"]);
    let found = ask(&mut owner, "zandloper").await;
    assert_eq!(people(&found).len(), 1, "{found}");
    assert_eq!(people(&ask(&mut owner, "zwaluwstaart").await).len(), 2);
    // Of two addresses the one that was asked for is told.
    for (query, address) in [("from:eva", "eva@example.net"), ("from:dirk", people(&found)[0])] {
        assert_eq!(people(&ask(&mut owner, query).await), [address], "{query}");
    }
    assert_eq!(found["contacts"][0]["blocked"], false);
    let block = format!("/api/v1/contacts/{dirk}/block");
    owner.request(Method::PUT, &block, &json!({ "blocked": true })).await;
    assert_eq!(ask(&mut owner, "from:eva").await["contacts"][0]["blocked"], true);
}

on_both! {
    customers_are_found_by_what_colleagues_wrote_down,
    nobody_is_found_by_what_one_may_not_know,
}
