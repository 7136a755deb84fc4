//! Lists of tickets under a name, the filters they are made of, and how one likes the pages.

use axum::http::{Method, StatusCode};
use loket::domain::words::Role;
use loket::service::search::feed::Feeder;
use serde_json::{Value, json};

use crate::search::{SEARCH, ask, settle};
use crate::support::app::{Browser, Org, PUBLIC_URL, TestApp};
use crate::support::db::{On, on_both};

const VIEWS: &str = "/api/v1/views";
const COUNTS: &str = "/api/v1/tickets/counts";

async fn put(browser: &mut Browser, path: &str, body: &Value) -> (StatusCode, Value) {
    let answer = browser.edit(Method::PUT, path, body).await;
    (answer.status, answer.json())
}

fn names(listed: &Value) -> Vec<&str> {
    listed["items"].as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap()).collect()
}

/// One's own views are seen by nobody else; those that are shared by everybody, and changed by
/// whoever made them and by a manager.
async fn a_view_is_ones_own_until_it_is_shared(on: On) {
    let app = TestApp::new(on).await;
    let org = app.org("bakery").await;
    app.org("florist").await;
    app.user(&org, Role::Agent).await;
    let mut owner = app.signed_in("owner@bakery.example").await;
    let mut agent = app.signed_in("agent@bakery.example").await;
    let mut stranger = app.signed_in("owner@florist.example").await;
    let filter = json!({ "status": "open", "assignee": "none", "has_attachment": "true" });
    let new = json!({ "name": " Needs a look ", "filter": filter });
    let made = agent.post(VIEWS, &new).await;
    assert_eq!(made.status, StatusCode::CREATED, "{made:?}");
    let made = made.json();
    assert_eq!(
        (&made["name"], &made["filter"], &made["own"]),
        (&json!("Needs a look"), &filter, &json!(true))
    );
    let path = format!("{VIEWS}/{}", made["id"].as_str().unwrap());
    assert_eq!(names(&owner.get(VIEWS).await.json()), [""; 0]);
    assert_eq!(put(&mut owner, &path, &new).await.0, StatusCode::NOT_FOUND);

    let shared = json!({ "name": "Look", "filter": { "status": "open" }, "shared": true });
    assert_eq!(put(&mut agent, &path, &shared).await.0, StatusCode::OK);
    assert_eq!(names(&owner.get(VIEWS).await.json()), ["Look"]);
    assert_eq!(names(&stranger.get(VIEWS).await.json()), [""; 0]);
    assert_eq!(put(&mut stranger, &path, &shared).await.0, StatusCode::NOT_FOUND);
    let renamed = json!({ "name": "Looked", "filter": {}, "shared": true });
    let (status, answer) = put(&mut owner, &path, &renamed).await;
    assert_eq!((status, &answer["own"]), (StatusCode::OK, &json!(false)));

    let of_owner = owner.post(VIEWS, &shared).await.json();
    let path = format!("{VIEWS}/{}", of_owner["id"].as_str().unwrap());
    assert_eq!(put(&mut agent, &path, &shared).await.0, StatusCode::FORBIDDEN);
    let headers = [("origin", PUBLIC_URL)];
    let refused = agent.send(Method::DELETE, &path, &headers, None).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    let gone = owner.send(Method::DELETE, &path, &headers, None).await;
    assert_eq!(gone.status, StatusCode::NO_CONTENT);
    assert_eq!(names(&agent.get(VIEWS).await.json()), ["Looked"]);
}

/// Nothing is kept that the list would refuse, or that would fill the sidebar.
async fn a_view_that_cannot_be_is_refused(on: On) {
    let app = TestApp::new(on).await;
    app.org("bakery").await;
    let mut owner = app.signed_in("owner@bakery.example").await;
    for (name, filter, field) in [
        ("", json!({}), "name"),
        ("a\nb", json!({}), "name"),
        (&*"n".repeat(81), json!({}), "name"),
        ("a", json!({ "status": "shut" }), "status"),
        ("a", json!({ "sort": "upwards" }), "sort"),
        ("a", json!({ "mailbox": "mine" }), "filter"),
        ("a", json!({ "color": "red" }), "filter"),
        ("a", json!({ "cursor": "1.2" }), "filter"),
        ("a", json!({ "q": "x".repeat(3_000) }), "filter"),
    ] {
        let refused = owner.post(VIEWS, &json!({ "name": name, "filter": filter })).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{filter}: {refused:?}");
        assert_eq!(refused.json()["errors"][0]["field"], field, "{filter}");
    }
    for number in 0..100 {
        let new = json!({ "name": format!("View {number}"), "filter": {} });
        assert_eq!(owner.post(VIEWS, &new).await.status, StatusCode::CREATED);
    }
    let refused = owner.post(VIEWS, &json!({ "name": "One more", "filter": {} })).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    assert_eq!(refused.json()["type"], "/problems/too-many-views");
}

/// A search is kept as a list is: its question and its order, renamed, shared and removed. Who opens
/// one that is shared finds what they may read.
async fn a_search_is_kept_as_a_list_is(on: On) {
    let app = TestApp::new(on).await;
    let mut desk = Desk::new(&app).await;
    app.user(&desk.org, Role::Agent).await;
    let mut agent = app.signed_in("agent@bakery.example").await;
    let mut feeder = Feeder::begin(&app.services).expect("the folder is free");
    settle(&mut feeder).await;
    let filter = json!({ "search": "letter has:attachment", "sort": "oldest" });
    let new = json!({ "name": "With a file", "filter": filter, "shared": false });
    let made = desk.owner.post(VIEWS, &new).await;
    assert_eq!(made.status, StatusCode::CREATED, "{made:?}");
    let made = made.json();
    assert_eq!(made["filter"], filter);
    assert_eq!(agent.get(VIEWS).await.json()["items"], json!([]));

    let path = format!("{VIEWS}/{}", made["id"].as_str().unwrap());
    let shared = json!({ "name": "Files", "filter": filter, "shared": true });
    assert_eq!(put(&mut desk.owner, &path, &shared).await.0, StatusCode::OK);
    let seen = agent.get(VIEWS).await.json();
    assert_eq!(names(&seen), ["Files"]);
    let kept = &seen["items"][0]["filter"];
    assert_eq!(kept, &filter);
    let question = json!({ "q": kept["search"], "sort": kept["sort"] });
    let found = desk.owner.post(SEARCH, &question).await.json();
    let items = found["items"].as_array().unwrap();
    let found: Vec<_> = items.iter().map(|one| one["ticket"]["number"].as_i64().unwrap()).collect();
    assert_eq!(found, [2, 3]);
    assert_eq!(ask(&mut agent, kept["search"].as_str().unwrap()).await["total"], 0);

    // A view becomes a search and the other way round.
    let list = json!({ "name": "Files", "filter": { "has_attachment": "true" } });
    assert_eq!(put(&mut desk.owner, &path, &list).await.1["filter"], list["filter"]);
    let newer = json!({ "name": "Files", "filter": { "search": "letter" } });
    assert_eq!(put(&mut desk.owner, &path, &newer).await.1["filter"], newer["filter"]);
    let headers = [("origin", PUBLIC_URL)];
    let gone = desk.owner.send(Method::DELETE, &path, &headers, None).await;
    assert_eq!(gone.status, StatusCode::NO_CONTENT);
    assert_eq!(desk.owner.get(VIEWS).await.json()["items"], json!([]));
}

/// A view's number is that of its list, of what one may read; a search has none.
async fn the_tickets_of_views_are_counted(on: On) {
    let app = TestApp::new(on).await;
    let mut desk = Desk::new(&app).await;
    app.user(&desk.org, Role::Agent).await;
    let mut agent = app.signed_in("agent@bakery.example").await;
    for (name, filter) in [
        ("Files", json!({ "status": "open", "has_attachment": "true" })),
        ("None", json!({ "status": "closed" })),
        ("Found", json!({ "search": "letter" })),
        ("One", json!({ "q": "2" })),
    ] {
        let new = json!({ "name": name, "filter": filter, "shared": true });
        assert_eq!(desk.owner.post(VIEWS, &new).await.status, StatusCode::CREATED);
    }
    let listed = desk.owner.get(VIEWS).await.json();
    let id = |name: &str| {
        let views = listed["items"].as_array().unwrap();
        views.iter().find(|view| view["name"] == name).unwrap()["id"].as_str().unwrap()
    };
    let counted = desk.owner.get("/api/v1/views/counts").await.json();
    assert_eq!(counted["counts"], json!({ id("Files"): 2, id("None"): 0 }));
    let counted = agent.get("/api/v1/views/counts").await.json();
    assert_eq!(counted["counts"], json!({ id("Files"): 0, id("None"): 0 }));
}

/// A search is kept as it could be asked, alone but for its order; what is wrong with its question is
/// told as the search tells it.
async fn a_search_that_cannot_be_asked_is_not_kept(on: On) {
    let app = TestApp::new(on).await;
    app.org("bakery").await;
    let mut owner = app.signed_in("owner@bakery.example").await;
    let kept = owner.post(VIEWS, &json!({ "name": "a", "filter": { "search": "lamp" } })).await;
    let path = format!("{VIEWS}/{}", kept.json()["id"].as_str().unwrap());
    let long = "lamp ".repeat(300);
    for question in ["lamp \"light", "(lamp", "is:broken", "before:soon", &long] {
        let asked = owner.post(SEARCH, &json!({ "q": question })).await.json();
        let new = json!({ "name": "a", "filter": { "search": question } });
        let refused = owner.post(VIEWS, &new).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{question}: {refused:?}");
        assert_eq!(refused.json(), asked, "{question}");
        assert_eq!(asked["type"], "/problems/invalid-query");
        assert_eq!(put(&mut owner, &path, &new).await.1, asked, "{question}");
    }
    // Not too long a question, and too long a filter.
    let wide = "\u{5b57}".repeat(990);
    for (filter, field) in [
        (json!({ "search": "lamp", "status": "open" }), "filter"),
        (json!({ "search": "lamp", "q": "lamp" }), "filter"),
        (json!({ "search": "lamp", "cursor": "25" }), "filter"),
        (json!({ "search": "lamp", "color": "red" }), "filter"),
        (json!({ "search": wide }), "filter"),
        (json!({ "search": "lamp", "sort": "upwards" }), "sort"),
        (json!({ "search": "lamp", "sort": "" }), "sort"),
        (json!({ "search": "" }), "filter"),
        (json!({ "search": " \t" }), "filter"),
        // The order of a search is none of a list.
        (json!({ "sort": "best" }), "sort"),
    ] {
        let refused = owner.post(VIEWS, &json!({ "name": "a", "filter": filter })).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{filter}: {refused:?}");
        assert_eq!(refused.json()["errors"][0]["field"], field, "{filter}");
    }
    assert_eq!(owner.get(VIEWS).await.json()["items"].as_array().unwrap().len(), 1);
}

/// A letter of one customer on a day, with or without a file.
fn letter(number: i64, from: &str, day: u32, file: bool) -> String {
    let body = if file {
        "MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n\
         --b\r\nContent-Type: text/plain\r\n\r\nSee the file.\r\n\
         --b\r\nContent-Type: application/pdf\r\nContent-Disposition: attachment; filename=a.pdf\r\n\
         \r\n%PDF\r\n--b--\r\n"
    } else {
        "\r\nWithout a file.\r\n"
    };
    format!(
        "From: {from}@example.net\r\nTo: support@bakery.example\r\nSubject: Letter {number}\r\n\
         Message-ID: <{number}@example.net>\r\nDate: {day:02} Mar 2026 23:30:00 +0100\r\n{body}"
    )
}

struct Desk {
    org: Org,
    owner: Browser,
}

impl Desk {
    async fn new(app: &TestApp) -> Self {
        let org = app.org("bakery").await;
        let mailbox = app.mailbox(&org, &[org.owner]).await;
        for (number, from, day, file) in
            [(1, "ann", 2, false), (2, "ben", 3, true), (3, "ann", 4, true), (4, "cem", 5, false)]
        {
            app.deliver(&org, mailbox, number, &letter(number, from, day, file)).await;
            app.home.advance(chrono::TimeDelta::seconds(1));
        }
        Self { owner: app.signed_in("owner@bakery.example").await, org }
    }

    async fn numbers(&mut self, query: &str) -> Vec<i64> {
        let mut found = Vec::new();
        let mut cursor = String::new();
        // Pages of one: that a page begins where the one before ended holds in every order.
        loop {
            let path = format!("/api/v1/tickets?limit=1&{query}{cursor}");
            let page = self.owner.get(&path).await;
            assert_eq!(page.status, StatusCode::OK, "{path}: {page:?}");
            let page = page.json();
            let items = page["items"].as_array().unwrap();
            found.extend(items.iter().map(|one| one["number"].as_i64().unwrap()));
            match page["next_cursor"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => return found,
            }
        }
    }
}

/// Each filter by itself and together, in each order.
async fn the_list_is_narrowed_and_put_in_order(on: On) {
    let app = TestApp::new(on).await;
    let mut desk = Desk::new(&app).await;
    assert_eq!(desk.numbers("status=open").await, [1, 2, 3, 4]);
    assert_eq!(desk.numbers("status=open&sort=newest").await, [4, 3, 2, 1]);
    assert_eq!(desk.numbers("sort=oldest").await, [1, 2, 3, 4]);
    assert_eq!(desk.numbers("has_attachment=true&sort=oldest").await, [2, 3]);
    assert_eq!(desk.numbers("has_attachment=false&sort=oldest").await, [1, 4]);
    let ticket = desk.owner.get("/api/v1/tickets/1").await.json();
    let ann = ticket["contact"]["id"].as_str().unwrap().to_owned();
    assert_eq!(desk.numbers(&format!("contact={ann}&sort=oldest")).await, [1, 3]);
    assert_eq!(desk.numbers(&format!("contact={ann}&has_attachment=true")).await, [3]);

    assert_eq!(desk.numbers("unread=true&sort=oldest").await, [1, 2, 3, 4]);
    desk.owner.post("/api/v1/tickets/2/read", &json!({})).await;
    assert_eq!(desk.numbers("unread=true&sort=oldest").await, [1, 3, 4]);
    assert_eq!(desk.numbers("unread=false&sort=oldest").await, [1, 2, 3, 4]);

    assert_eq!(desk.numbers("draft=true").await, [0; 0]);
    let draft = json!({ "text": "Dear Ann", "to": [], "cc": [], "bcc": [], "attachment_ids": [] });
    let (status, _) = put(&mut desk.owner, "/api/v1/tickets/3/draft", &draft).await;
    assert!(status.is_success(), "{status}");
    assert_eq!(desk.numbers("draft=true").await, [3]);
    assert_eq!(desk.owner.get(COUNTS).await.json()["drafts"], 1);
    let listed = desk.owner.get("/api/v1/tickets?draft=true").await.json();
    assert_eq!(listed["items"][0]["has_draft"], true);
    let own = |kind: &str, snippet: &str| json!({ "kind": kind, "snippet": snippet });
    assert_eq!(listed["items"][0]["own_draft"], own("answer", "Dear Ann"));
    // It says what was written last; no other list opens drafts.
    let note = json!({
        "text": "Ask  Bob\nfirst", "to": [], "cc": [], "bcc": [], "attachment_ids": [],
    });
    app.home.advance(chrono::TimeDelta::minutes(1));
    let (status, _) = put(&mut desk.owner, "/api/v1/tickets/3/draft?kind=note", &note).await;
    assert!(status.is_success(), "{status}");
    let listed = desk.owner.get("/api/v1/tickets?draft=true").await.json();
    assert_eq!(listed["items"][0]["own_draft"], own("note", "Ask Bob first"));
    let all = desk.owner.get("/api/v1/tickets").await.json();
    assert!(all["items"].as_array().unwrap().iter().all(|one| one["own_draft"].is_null()), "{all}");
    app.user(&desk.org, Role::Agent).await;
    let mut other = app.signed_in("agent@bakery.example").await;
    assert_eq!(other.get("/api/v1/tickets?draft=true").await.json()["items"], json!([]));
    assert_eq!(other.get(COUNTS).await.json()["drafts"], 0);
}

/// A day is one of the organization's: half past eleven at night in Amsterdam is not the next.
async fn a_day_is_the_organizations(on: On) {
    let app = TestApp::new(on).await;
    let mut desk = Desk::new(&app).await;
    let zone = json!({ "time_zone": "Europe/Amsterdam" });
    let set = desk.owner.edit(Method::PATCH, "/api/v1/organization", &zone).await;
    assert_eq!(set.status, StatusCode::OK, "{set:?}");
    let at = desk.owner.get("/api/v1/tickets/3").await.json()["last_message_at"].clone();
    let (day, _) = at.as_str().unwrap().split_at(10);
    let all = desk.numbers(&format!("since={day}&until={day}&sort=oldest")).await;
    assert!(all.contains(&3), "{at}: {all:?}");
    let wrong = desk.owner.get("/api/v1/tickets?since=tomorrow").await;
    assert!(wrong.status.is_client_error(), "{wrong:?}");
}

/// How one likes the pages is there again at the next sign-in, and is nobody else's.
async fn preferences_are_kept(on: On) {
    let app = TestApp::new(on).await;
    let org = app.org("bakery").await;
    app.user(&org, Role::Agent).await;
    let mut owner = app.signed_in("owner@bakery.example").await;
    let as_it_comes = json!({
        "density": "comfortable", "after_act": "next", "keys_off": false, "keys": {},
    });
    assert_eq!(owner.get("/api/v1/session").await.json()["preferences"], as_it_comes);
    let wanted = json!({
        "density": "compact", "after_act": "list", "keys_off": true, "keys": { "close": "E" },
    });
    let path = "/api/v1/profile/preferences";
    assert_eq!(put(&mut owner, path, &wanted).await, (StatusCode::OK, wanted.clone()));
    let mut again = app.signed_in("owner@bakery.example").await;
    assert_eq!(again.get("/api/v1/session").await.json()["preferences"], wanted);
    let mut agent = app.signed_in("agent@bakery.example").await;
    assert_eq!(agent.get("/api/v1/session").await.json()["preferences"], as_it_comes);

    for keys in [json!({ "close": "e", "reply": "e" }), json!({ "close": "no" })] {
        let (status, problem) = put(&mut owner, path, &json!({ "keys": keys })).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{keys}");
        assert_eq!(problem["errors"][0]["field"], "keys", "{keys}");
    }
    assert_eq!(again.get("/api/v1/session").await.json()["preferences"], wanted);
}

on_both!(
    a_view_is_ones_own_until_it_is_shared,
    a_view_that_cannot_be_is_refused,
    a_search_is_kept_as_a_list_is,
    a_search_that_cannot_be_asked_is_not_kept,
    the_tickets_of_views_are_counted,
    the_list_is_narrowed_and_put_in_order,
    a_day_is_the_organizations,
    preferences_are_kept,
);
