//! What is found, and by whom.

use axum::http::StatusCode;
use loket::audit::Action;
use loket::domain::words::Role;
use loket::store::audit;
use serde_json::json;

use super::{SEARCH, Shop, ask, marked, numbers, settle};
use crate::support::db::{On, on_both};

/// Words, numbers, parts of compounds and names are found; what they are found in is shown, with the
/// hits in it; states narrow it down and are counted.
async fn mail_is_found_by_what_it_says(on: On) {
    let mut shop = Shop::new(on).await;
    shop.day().await;
    let mut feeder = shop.feeder();
    settle(&mut feeder).await;
    let mut owner = shop.app.signed_in("owner@bakery.example").await;
    let found = ask(&mut owner, "lighthouse").await;
    assert_eq!(numbers(&found), [1, 4]);
    assert_eq!(found["items"][0]["ticket"]["number"], 4, "the subject counts for more: {found}");
    assert_eq!(marked(&found["items"][0]["subject"]), ["Lighthouse"]);
    assert_eq!(marked(&found["items"][1]["snippet"]), ["lighthouse"]);
    assert_eq!(found["counts"]["mailbox"].as_array().unwrap().len(), 2);
    assert_eq!(found["counts"]["status"], json!([{ "value": "open", "count": 2 }]));
    for (query, expected) in [
        ("004711", vec![2]),
        ("20260047", vec![2]),
        ("verzekeringen", vec![3]),
        ("cagla", vec![3]),
        ("from:anna", vec![1]),
        ("visser.example", vec![1]),
        ("lighthuose", vec![1, 4]),
        ("lighthouse mailbox:orders", vec![4]),
        ("lighthouse -lamp", vec![4]),
        ("\"lighthouse lamp\"", vec![1]),
        ("\"lamp lighthouse\"", vec![]),
        ("invoice OR bakfiets", vec![2, 3]),
        ("is:open assignee:none", vec![1, 2, 3, 4]),
        ("is:closed", vec![]),
        ("subject:lamp", vec![]),
        ("#3", vec![3]),
        ("before:2026-03-01", vec![]),
    ] {
        assert_eq!(numbers(&ask(&mut owner, query).await), expected, "{query}");
    }
    let typed = json!({ "q": "bicy", "typing": true });
    assert_eq!(numbers(&owner.post(SEARCH, &typed).await.json()), [1]);
    let page = json!({ "q": "is:open", "limit": 3, "sort": "oldest" });
    let first = owner.post(SEARCH, &page).await.json();
    let rest =
        json!({ "q": "is:open", "limit": 3, "sort": "oldest", "cursor": first["next_cursor"] });
    let rest = owner.post(SEARCH, &rest).await.json();
    assert_eq!(
        (numbers(&first).len(), numbers(&rest).len(), &rest["next_cursor"]),
        (3, 1, &json!(null))
    );
    let within = owner.post("/api/v1/tickets/1/search", &json!({ "q": "lamp" })).await.json();
    assert_eq!(marked(&within["messages"][0]["pieces"]), ["lamp"]);
    let people = ask(&mut owner, "anna").await;
    assert_eq!(people["contacts"][0]["address"], "anna@visser.example");
}

/// A wrong query says what is wrong and where; nothing that is typed takes long or breaks anything.
async fn a_wrong_query_says_what_is_wrong(on: On) {
    let mut shop = Shop::new(on).await;
    shop.day().await;
    let mut feeder = shop.feeder();
    settle(&mut feeder).await;
    let mut owner = shop.app.signed_in("owner@bakery.example").await;
    let wild = "ab* ".repeat(1_000);
    let long = "lighthouse ".repeat(1_000);
    for (query, code) in [
        ("lamp \"light", "unclosed_quote"),
        ("(lamp", "unclosed_bracket"),
        ("is:broken", "unknown_value"),
        ("before:soon", "bad_date"),
        (wild.as_str(), "too_long"),
        (long.as_str(), "too_long"),
        (&*"ab* ".repeat(20), "too_many_wildcards"),
    ] {
        let answer = owner.post(SEARCH, &json!({ "q": query })).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{query}");
        let problem = answer.json();
        assert_eq!(problem["query_problem"]["code"], code, "{problem}");
        assert_eq!(problem["type"], "/problems/invalid-query");
    }
    let typed = owner.post(SEARCH, &json!({ "q": "lamp \"light", "typing": true })).await;
    assert_eq!(typed.status, StatusCode::OK);
}

/// Who does not belong to a mailbox finds nothing of it, and counts nothing of it; nobody finds
/// anything of another organization.
async fn nobody_finds_what_they_may_not_read(on: On) {
    let mut shop = Shop::new(on).await;
    shop.app.user(&shop.org, Role::Agent).await;
    let florist = shop.app.org("florist").await;
    shop.app.mailbox(&florist, &[florist.owner]).await;
    shop.day().await;
    let mut feeder = shop.feeder();
    settle(&mut feeder).await;
    let mut agent = shop.app.signed_in("agent@bakery.example").await;
    let mut stranger = shop.app.signed_in("owner@florist.example").await;
    for browser in [&mut agent, &mut stranger] {
        for query in ["lighthouse", "is:open", "-nothing", "#1", "from:anna", "lighthuose"] {
            let found = ask(browser, query).await;
            assert_eq!(
                (numbers(&found).len(), &found["total"]),
                (0, &json!(0)),
                "{query}: {found}"
            );
            assert_eq!(found["counts"]["mailbox"], json!([]));
            assert_eq!(found["contacts"], json!([]));
        }
        let within = browser.post("/api/v1/tickets/1/search", &json!({ "q": "lamp" })).await;
        assert_eq!(within.status, StatusCode::NOT_FOUND);
    }
    assert_eq!(
        shop.app.browser().post(SEARCH, &json!({ "q": "a" })).await.status,
        StatusCode::UNAUTHORIZED
    );
}

/// Each search is in the audit log, and none of its words.
async fn a_search_is_logged_without_its_words(on: On) {
    let mut shop = Shop::new(on).await;
    shop.day().await;
    let mut feeder = shop.feeder();
    settle(&mut feeder).await;
    let mut owner = shop.app.signed_in("owner@bakery.example").await;
    ask(&mut owner, "lighthouse").await;
    let log = audit::list(shop.app.services.store(), shop.org.id, None, 100).await.unwrap();
    let searches = log.iter().filter(|entry| entry.action == Action::Search).count();
    assert_eq!(searches, 1, "{log:?}");
    assert!(!format!("{log:?}").to_lowercase().contains("lighthouse"));
}

on_both! {
    mail_is_found_by_what_it_says,
    a_wrong_query_says_what_is_wrong,
    nobody_finds_what_they_may_not_read,
    a_search_is_logged_without_its_words,
}
