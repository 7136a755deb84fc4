//! The first start.

use axum::http::StatusCode;
use loket::service::setup;
use secrecy::ExposeSecret as _;
use serde_json::{Value, json};

use crate::support::app::{PASSWORD, TestApp};
use crate::support::db::{On, on_both};

fn request(token: &str) -> Value {
    json!({
        "token": token,
        "organization_name": "Bakery",
        "time_zone": "Europe/Amsterdam",
        "owner_name": "Wil",
        "owner_email": "wil@bakery.example",
        "password": PASSWORD,
    })
}

async fn whoever_knows_the_token_sets_up_and_is_signed_in(on: On) {
    let app = TestApp::new(on).await;
    let token = setup::begin(&app.services).await.unwrap().unwrap();
    let mut browser = app.browser();
    assert_eq!(browser.get("/api/v1/setup").await.json(), json!({ "needed": true }));
    let made = browser.post("/api/v1/setup", &request(token.expose_secret())).await;
    assert_eq!(made.status, StatusCode::CREATED, "{made:?}");
    assert_eq!(made.json()["membership"]["role"], "owner");
    let session = browser.get("/api/v1/session").await;
    assert_eq!(session.json()["organization"]["name"], "Bakery");
    assert_eq!(session.json()["account"]["email"], "wil@bakery.example");
    assert_eq!(browser.get("/api/v1/setup").await.json(), json!({ "needed": false }));
    let again = browser.post("/api/v1/setup", &request(token.expose_secret())).await;
    assert_eq!(again.status, StatusCode::CONFLICT);
    assert_eq!(again.json()["type"], "/problems/already-set-up");
    assert!(setup::begin(&app.services).await.unwrap().is_none());
}

async fn a_wrong_token_makes_nothing(on: On) {
    let app = TestApp::new(on).await;
    setup::begin(&app.services).await.unwrap().unwrap();
    let mut browser = app.browser();
    let refused = browser.post("/api/v1/setup", &request("guess")).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(refused.json()["errors"][0]["field"], "token");
    assert_eq!(browser.get("/api/v1/setup").await.json(), json!({ "needed": true }));
    assert_eq!(browser.get("/api/v1/session").await.status, StatusCode::UNAUTHORIZED);
}

async fn a_mistake_does_not_use_up_the_token(on: On) {
    let app = TestApp::new(on).await;
    let token = setup::begin(&app.services).await.unwrap().unwrap();
    let mut browser = app.browser();
    let mut wrong = request(token.expose_secret());
    wrong["time_zone"] = "Europe/Nowhere".into();
    let refused = browser.post("/api/v1/setup", &wrong).await;
    assert_eq!(refused.json()["errors"][0]["field"], "time_zone");
    let mut short = request(token.expose_secret());
    short["password"] = "short".into();
    let refused = browser.post("/api/v1/setup", &short).await;
    assert_eq!(refused.json()["errors"][0]["field"], "password");
    let made = browser.post("/api/v1/setup", &request(token.expose_secret())).await;
    assert_eq!(made.status, StatusCode::CREATED, "{made:?}");
}

on_both!(
    whoever_knows_the_token_sets_up_and_is_signed_in,
    a_wrong_token_makes_nothing,
    a_mistake_does_not_use_up_the_token,
);
