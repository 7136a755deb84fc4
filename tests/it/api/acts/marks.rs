//! Priority, tags, teams, followers, and the status before spam and trash.

use loket::domain::ids::MembershipId;

use super::*;

on_both!(
    a_ticket_is_marked_and_found_by_its_marks,
    names_are_given_once,
    tags_are_searched_page_by_page,
    a_team_that_goes_leaves_its_tickets,
    what_is_restored_is_as_it_was,
    what_changed_since_is_not_undone,
    an_act_of_others_is_not_known,
    an_act_is_forgotten_in_time,
    a_follower_is_named,
    a_colleague_is_made_a_follower,
);

async fn tag(browser: &mut Browser, name: &str) -> String {
    let made = browser.post("/api/v1/tags", &json!({ "name": name, "color": "red" })).await;
    assert_eq!(made.status, StatusCode::CREATED, "{made:?}");
    made.json()["id"].as_str().unwrap().to_owned()
}

async fn team(browser: &mut Browser, name: &str, members: &[String]) -> String {
    let new = json!({ "name": name, "member_ids": members });
    let made = browser.post("/api/v1/teams", &new).await;
    assert_eq!(made.status, StatusCode::CREATED, "{made:?}");
    made.json()["id"].as_str().unwrap().to_owned()
}

async fn a_ticket_is_marked_and_found_by_its_marks(on: On) {
    let mut at = Bakery::new(on).await;
    at.mail("jo@example.net", "a@x", "", "Where is it?").await;
    at.mail("sam@example.net", "b@x", "", "And mine?").await;
    let (late, vip) = (tag(&mut at.owner, "Late").await, tag(&mut at.owner, "VIP").await);
    let owner = at.org.owner.0.to_string();
    let counter = team(&mut at.owner, "Counter", &[owner]).await;
    let body = json!({ "priority": "urgent", "tags_add": [late, vip], "team_id": counter });
    let changed = at.change(1, &body).await;
    assert_eq!(changed["priority"], "urgent");
    assert_eq!(changed["team"], json!({ "id": counter, "name": "Counter" }));
    let tags: Vec<_> = changed["tags"].as_array().unwrap().iter().map(|t| &t["name"]).collect();
    assert_eq!(tags, ["Late", "VIP"]);
    for query in ["priority=urgent", &format!("tag={late}"), &format!("team={counter}")] {
        assert_eq!(at.listed(query).await, [1], "{query}");
        assert_eq!(at.listed(&format!("{query}&status=open")).await, [1], "{query}");
    }
    assert_eq!(at.listed("priority=normal&team=none").await, [2]);
    let line = at.lines(1).await.pop().unwrap();
    assert_eq!(line["data"]["priority_before"], "normal");
    assert_eq!(line["names"][&late], "Late");
    assert_eq!(line["names"][&counter], "Counter");
    at.undone(&changed).await;
    let ticket = at.ticket(1).await;
    assert_eq!((&ticket["priority"], &ticket["team"]), (&json!("normal"), &Value::Null));
    assert_eq!(ticket["tags"], json!([]));
    let again = at.undo(&changed).await;
    refused(&again, StatusCode::CONFLICT, "undone");
    let nothing = at.change(1, &json!({ "priority": "normal", "tags_remove": [late] })).await;
    assert_eq!(nothing["act_id"], Value::Null);
}

async fn names_are_given_once(on: On) {
    let mut at = Bakery::new(on).await;
    let late = tag(&mut at.owner, "Late").await;
    let again = json!({ "name": " LATE ", "color": "blue" });
    refused(&at.owner.post("/api/v1/tags", &again).await, StatusCode::CONFLICT, "name-taken");
    let path = format!("/api/v1/tags/{late}");
    let blue = at.owner.edit_at(1, Method::PATCH, &path, &json!({ "color": "blue" })).await;
    let blue_now = json!({ "id": late, "name": "Late", "color": "blue", "version": 2 });
    assert_eq!(blue.json(), blue_now);
    let gone = at.owner.request(Method::DELETE, &path, &json!({})).await;
    assert_eq!(gone.status, StatusCode::NO_CONTENT);
    assert_eq!(at.agent.get("/api/v1/tags").await.json()["items"], json!([]));
    team(&mut at.owner, "Counter", &[]).await;
    let again = json!({ "name": "counter" });
    refused(&at.owner.post("/api/v1/teams", &again).await, StatusCode::CONFLICT, "name-taken");
}

async fn tags_are_searched_page_by_page(on: On) {
    let mut at = Bakery::new(on).await;
    for name in ["Rye", "Wheat", "Spelt and rye", "Late"] {
        tag(&mut at.owner, name).await;
    }
    let names = |answer: &Value| -> Vec<String> {
        let items = answer["items"].as_array().unwrap().iter();
        items.map(|item| item["name"].as_str().unwrap().to_owned()).collect()
    };
    let first = at.agent.get("/api/v1/tags?limit=3").await.json();
    assert_eq!(names(&first), ["Late", "Rye", "Spelt and rye"]);
    let cursor = first["next_cursor"].as_str().unwrap();
    let last = at.agent.get(&format!("/api/v1/tags?limit=3&cursor={cursor}")).await.json();
    assert_eq!((names(&last), &last["next_cursor"]), (vec!["Wheat".to_owned()], &Value::Null));
    let beyond = at.agent.get(&format!("/api/v1/tags?cursor={}", usize::MAX)).await.json();
    assert_eq!(names(&beyond), [""; 0]);
    let found = at.agent.get("/api/v1/tags?q=RYE").await.json();
    assert_eq!(names(&found), ["Rye", "Spelt and rye"]);
    let id = found["items"][1]["id"].as_str().unwrap();
    let one = at.agent.get(&format!("/api/v1/tags?id={id}")).await.json();
    assert_eq!(names(&one), ["Spelt and rye"]);
}

async fn a_team_that_goes_leaves_its_tickets(on: On) {
    let mut at = Bakery::new(on).await;
    at.mail("jo@example.net", "a@x", "", "Where is it?").await;
    let empty = team(&mut at.owner, "Nobody", &[]).await;
    let to_nobody = at.act(Method::PATCH, 1, "", &json!({ "team_id": empty })).await;
    refused(&to_nobody, StatusCode::UNPROCESSABLE_ENTITY, "invalid");
    let owner = at.org.owner.0.to_string();
    let counter = team(&mut at.owner, "Counter", &[owner]).await;
    at.change(1, &json!({ "team_id": counter })).await;
    let path = format!("/api/v1/teams/{counter}");
    let gone = at.owner.request(Method::DELETE, &path, &json!({})).await;
    assert_eq!(gone.status, StatusCode::NO_CONTENT, "{gone:?}");
    assert_eq!(at.ticket(1).await["team"], Value::Null);
}

async fn what_is_restored_is_as_it_was(on: On) {
    let mut at = Bakery::new(on).await;
    at.mail("jo@example.net", "a@x", "", "Where is it?").await;
    let open = at.act(Method::POST, 1, "/restore", &json!({})).await;
    refused(&open, StatusCode::CONFLICT, "not-thrown-away");
    at.change(1, &json!({ "status": "on_hold" })).await;
    at.change(1, &json!({ "status": "spam" })).await;
    let trash = at.change(1, &json!({ "status": "trash" })).await;
    let restored = at.act(Method::POST, 1, "/restore", &json!({})).await.json();
    assert_eq!(restored["status"], "on_hold");
    at.undone(&restored).await;
    assert_eq!(at.ticket(1).await["status"], "trash");
    at.undone(&trash).await;
    assert_eq!(at.ticket(1).await["status"], "spam");
    let restored = at.act(Method::POST, 1, "/restore", &json!({})).await.json();
    assert_eq!(restored["status"], "on_hold", "also after an undo");
}

async fn what_changed_since_is_not_undone(on: On) {
    let mut at = Bakery::new(on).await;
    at.mail("jo@example.net", "a@x", "", "Where is it?").await;
    let high = at.change(1, &json!({ "priority": "high" })).await;
    let spam = at.change(1, &json!({ "status": "spam" })).await;
    at.undone(&high).await;
    assert_eq!(at.ticket(1).await["status"], "spam", "another field is left alone");
    at.change(1, &json!({ "status": "closed" })).await;
    let answer = at.undo(&spam).await;
    refused(&answer, StatusCode::CONFLICT, "changed-since");
    assert_eq!(at.ticket(1).await["status"], "closed");
}

async fn an_act_of_others_is_not_known(on: On) {
    let mut at = Bakery::new(on).await;
    at.mail("jo@example.net", "a@x", "", "Where is it?").await;
    let high = at.change(1, &json!({ "priority": "high" })).await;
    let path = format!("/api/v1/acts/{}/undo", high["act_id"].as_str().unwrap());
    at.app.org("florist").await;
    let mut stranger = at.app.signed_in("owner@florist.example").await;
    assert_eq!(stranger.post(&path, &json!({})).await.status, StatusCode::NOT_FOUND);
    // A colleague who does not belong to the mailbox.
    at.app.user(&at.org, Role::Admin).await;
    let mut admin = at.app.signed_in("admin@bakery.example").await;
    assert_eq!(admin.post(&path, &json!({})).await.status, StatusCode::NOT_FOUND);
    assert_eq!(at.ticket(1).await["priority"], "high");
}

async fn an_act_is_forgotten_in_time(on: On) {
    let mut at = Bakery::new(on).await;
    at.mail("jo@example.net", "a@x", "", "Where is it?").await;
    let high = at.change(1, &json!({ "priority": "high" })).await;
    at.app.home.advance(TimeDelta::days(31));
    at.agent = at.app.signed_in("agent@bakery.example").await;
    refused(&at.undo(&high).await, StatusCode::CONFLICT, "act-over");
    assert_eq!(loket::service::prune::run(&at.app.services).await.unwrap().acts, 1);
    assert_eq!(at.undo(&high).await.status, StatusCode::NOT_FOUND);
}

async fn a_follower_is_named(on: On) {
    let mut at = Bakery::new(on).await;
    at.mail("jo@example.net", "a@x", "", "Where is it?").await;
    let path = "/api/v1/tickets/1/followers/me";
    for _ in 0..2 {
        let done = at.agent.request(Method::PUT, path, &json!({})).await;
        assert_eq!(done.status, StatusCode::NO_CONTENT, "{done:?}");
    }
    let followers = at.ticket(1).await["followers"].clone();
    assert_eq!(followers[0]["name"], "agent of bakery");
    assert_eq!(followers.as_array().unwrap().len(), 1);
    at.agent.request(Method::DELETE, path, &json!({})).await;
    assert_eq!(at.ticket(1).await["followers"], json!([]));
    let follows: Vec<_> =
        at.lines(1).await.iter().map(|line| line["data"]["follows"].clone()).collect();
    assert_eq!(follows, [true, false]);
}

async fn a_colleague_is_made_a_follower(on: On) {
    let mut at = Bakery::new(on).await;
    let outside = at.app.user(&at.org, Role::Admin).await;
    at.mail("jo@example.net", "a@x", "", "Where is it?").await;
    let path = |id: MembershipId| format!("/api/v1/tickets/1/followers/{id}");
    let owner = at.org.owner;
    let added = at.agent.request(Method::PUT, &path(owner), &json!({})).await;
    assert_eq!(added.status, StatusCode::NO_CONTENT, "{added:?}");
    assert_eq!(at.ticket(1).await["followers"][0]["id"], json!(owner));
    let line = at.lines(1).await.pop().unwrap();
    assert_eq!(line["data"], json!({ "follows": true, "follower": owner }));
    assert_eq!(line["names"][owner.to_string()], "Owner of bakery");
    // From now on they are told what a follower is told.
    at.mail("jo@example.net", "b@x", "In-Reply-To: <a@x>\r\n", "Hello?").await;
    let notices = at.owner.get("/api/v1/notices").await.json();
    assert_eq!(notices["items"][0]["kind"], "replied");

    let refused = at.agent.request(Method::PUT, &path(outside), &json!({})).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{refused:?}");
    let removed = at.agent.request(Method::DELETE, &path(owner), &json!({})).await;
    assert_eq!(removed.status, StatusCode::NO_CONTENT, "{removed:?}");
    assert_eq!(at.ticket(1).await["followers"], json!([]));
}
