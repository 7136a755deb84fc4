//! One's own account.

use axum::http::{Method, StatusCode};
use serde_json::json;

use crate::support::app::{PASSWORD, TestApp};
use crate::support::db::{On, on_both};

async fn a_new_password_signs_out_the_other_browsers(on: On) {
    let app = TestApp::new(on).await;
    app.org("bakery").await;
    let mut here = app.signed_in("owner@bakery.example").await;
    let mut there = app.signed_in("owner@bakery.example").await;
    let path = "/api/v1/profile";
    let missing = json!({ "new_password": "another good one" });
    let refused = here.request(Method::PATCH, path, &missing).await;
    assert_eq!(refused.json()["errors"][0]["field"], "current_password");
    let wrong = json!({ "current_password": "wrong one", "new_password": "another good one" });
    let refused = here.request(Method::PATCH, path, &wrong).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let right = json!({ "current_password": PASSWORD, "new_password": "another good one" });
    let done = here.request(Method::PATCH, path, &right).await;
    assert_eq!(done.status, StatusCode::OK, "{done:?}");
    assert_eq!(here.get("/api/v1/session").await.status, StatusCode::OK);
    assert_eq!(there.get("/api/v1/session").await.status, StatusCode::UNAUTHORIZED);
    let body = json!({ "email": "owner@bakery.example", "password": "another good one" });
    assert_eq!(there.post("/api/v1/session", &body).await.status, StatusCode::OK);
}

async fn name_language_and_theme_are_ones_own(on: On) {
    let app = TestApp::new(on).await;
    app.org("bakery").await;
    let mut browser = app.signed_in("owner@bakery.example").await;
    let body = json!({ "name": "Wil", "locale": "nl", "theme": "dark" });
    let done = browser.request(Method::PATCH, "/api/v1/profile", &body).await;
    assert_eq!(done.status, StatusCode::OK, "{done:?}");
    let session = browser.get("/api/v1/session").await.json();
    assert_eq!(session["account"]["name"], "Wil");
    assert_eq!(session["account"]["locale"], "nl");
    assert_eq!(session["account"]["theme"], "dark");
    let users = browser.get("/api/v1/users").await.json();
    assert_eq!(users["items"][0]["name"], "Wil");
}

on_both!(a_new_password_signs_out_the_other_browsers, name_language_and_theme_are_ones_own);
