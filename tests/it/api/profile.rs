//! One's own account.

use axum::http::{Method, StatusCode};
use chrono::TimeDelta;
use loket::domain::words::Role;
use serde_json::{Value, json};

use crate::support::app::{Browser, PASSWORD, PUBLIC_URL, TestApp};
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

/// A camera's file: its place, and what it was turned by.
fn picture() -> Vec<u8> {
    let mut jpeg = std::io::Cursor::new(Vec::new());
    let picture = image::RgbImage::from_fn(400, 300, |x, _| {
        if x < 200 { image::Rgb([220, 20, 20]) } else { image::Rgb([20, 20, 220]) }
    });
    picture.write_to(&mut jpeg, image::ImageFormat::Jpeg).unwrap();
    let jpeg = jpeg.into_inner();
    // Orientation 6: turned by a quarter to the right; then words that must not stay.
    let mut exif =
        b"Exif\0\0MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0".to_vec();
    exif.extend_from_slice(b"taken at home, 52.3N 4.9E");
    let mut file = vec![0xff, 0xd8, 0xff, 0xe1];
    file.extend_from_slice(&u16::try_from(exif.len() + 2).unwrap().to_be_bytes());
    file.extend_from_slice(&exif);
    file.extend_from_slice(&jpeg[2..]);
    file
}

async fn a_photo_is_made_anew_small_and_upright(on: On) {
    let app = TestApp::new(on).await;
    let org = app.org("bakery").await;
    app.user(&org, Role::Agent).await;
    let mut owner = app.signed_in("owner@bakery.example").await;
    let mut agent = app.signed_in("agent@bakery.example").await;
    let path = "/api/v1/profile/photo";
    for wrong in [b"<svg/>".to_vec(), Vec::new(), b"GIF89a".to_vec()] {
        let refused = owner.put_bytes(path, wrong).await;
        assert_eq!(refused.json()["errors"][0]["field"], "photo", "{refused:?}");
    }
    let large = owner.put_bytes(path, vec![0; 10 * 1024 * 1024 + 1]).await;
    assert_eq!(large.status, StatusCode::PAYLOAD_TOO_LARGE);
    let put = owner.put_bytes(path, picture()).await;
    assert_eq!(put.status, StatusCode::OK, "{put:?}");
    let version = put.json()["version"].as_i64().unwrap();

    // A colleague sees it, and may keep it under its version.
    let users = agent.get("/api/v1/users").await.json();
    let user = users["items"].as_array().unwrap().iter().find(|user| user["role"] == "owner");
    assert_eq!(user.unwrap()["photo"], version);
    let of = format!("/api/v1/users/{}/photo", org.owner.0);
    let photo = agent.get(&format!("{of}?v={version}")).await;
    assert_eq!(photo.status, StatusCode::OK, "{photo:?}");
    assert_eq!(photo.header("content-type"), "image/jpeg");
    assert!(photo.header("cache-control").contains("immutable"));
    assert!(!agent.get(&of).await.header("cache-control").contains("immutable"));
    let words = b"taken at home";
    assert!(
        !photo.body.windows(words.len()).any(|part| part == words),
        "nothing of the file stays"
    );
    let seen = image::load_from_memory(&photo.body).unwrap().to_rgb8();
    assert_eq!((seen.width(), seen.height()), (192, 192));
    let (top, bottom) = (seen.get_pixel(96, 20).0, seen.get_pixel(96, 170).0);
    assert!(top[0] > 150 && bottom[2] > 150, "turned: {top:?} {bottom:?}");

    app.org("florist").await;
    let mut stranger = app.signed_in("owner@florist.example").await;
    assert_eq!(stranger.get(&of).await.status, StatusCode::NOT_FOUND);

    app.home.advance(TimeDelta::seconds(1));
    let again = owner.put_bytes(path, picture()).await.json();
    assert_ne!(again["version"], version, "another photo has another address");
    let gone = owner.request(Method::DELETE, path, &json!({})).await;
    assert_eq!(gone.status, StatusCode::NO_CONTENT);
    assert_eq!(agent.get(&of).await.status, StatusCode::NOT_FOUND);
}

async fn a_time_zone_is_ones_own_and_filters_by_it(on: On) {
    let app = TestApp::new(on).await;
    let org = app.org("bakery").await;
    let mailbox = app.mailbox(&org, &[org.owner]).await;
    // Half past nine in the morning in Amsterdam, and still the first of March in Los Angeles.
    let raw = "From: jo@example.net\r\nTo: support@bakery.example\r\nSubject: Bread\r\n\
        Message-ID: <a@example.net>\r\nDate: Mon, 02 Mar 2026 06:30:00 +0000\r\n\r\nHello\r\n";
    app.home.clock.set("2026-03-02T06:30:00Z".parse().unwrap());
    app.deliver(&org, mailbox, 1, raw).await;
    let mut browser = app.signed_in("owner@bakery.example").await;
    let session = browser.get("/api/v1/session").await.json();
    assert_eq!(session["account"]["time_zone"], Value::Null);
    let found = async |browser: &mut Browser, query: &str| {
        let list = browser.get(&format!("/api/v1/tickets?status=all&{query}")).await;
        assert_eq!(list.status, StatusCode::OK, "{list:?}");
        list.json()["items"].as_array().unwrap().len()
    };
    assert_eq!(found(&mut browser, "since=2026-03-02").await, 1);
    let zone = "zone=America%2FLos_Angeles";
    assert_eq!(found(&mut browser, &format!("since=2026-03-02&{zone}")).await, 0);
    assert_eq!(found(&mut browser, &format!("until=2026-03-01&{zone}")).await, 1);
    let path = "/api/v1/profile";
    let wrong = browser.request(Method::PATCH, path, &json!({ "time_zone": "Mars/Base" })).await;
    assert_eq!(wrong.json()["errors"][0]["field"], "time_zone", "{wrong:?}");
    let body = json!({ "time_zone": "America/Los_Angeles" });
    let done = browser.request(Method::PATCH, path, &body).await;
    assert_eq!(done.json()["time_zone"], "America/Los_Angeles", "{done:?}");
    assert_eq!(found(&mut browser, "since=2026-03-02").await, 0, "one's own counts");
    let back = browser.request(Method::PATCH, path, &json!({ "time_zone": "" })).await;
    assert_eq!(back.json()["time_zone"], Value::Null);
}

const FIREFOX: &str = "Mozilla/5.0 (Windows NT 10.0; rv:140.0) Gecko/20100101 Firefox/140.0";

async fn sessions_are_seen_and_ended(on: On) {
    let app = TestApp::new(on).await;
    app.org("bakery").await;
    app.org("florist").await;
    let mut there = app.browser();
    let body = json!({ "email": "owner@bakery.example", "password": PASSWORD });
    let headers = [("origin", PUBLIC_URL), ("user-agent", FIREFOX)];
    let signed_in = there.send(Method::POST, "/api/v1/session", &headers, Some(&body)).await;
    assert_eq!(signed_in.status, StatusCode::OK, "{signed_in:?}");
    app.home.advance(TimeDelta::hours(3));
    let mut here = app.signed_in("owner@bakery.example").await;
    let mut third = app.signed_in("owner@bakery.example").await;
    let mut stranger = app.signed_in("owner@florist.example").await;
    let path = "/api/v1/profile/sessions";
    let list = here.get(path).await.json()["items"].clone();
    assert_eq!(list.as_array().unwrap().len(), 3);
    assert_eq!((&list[0]["current"], &list[0]["browser"]), (&json!(true), &json!("other")));
    assert_eq!(list[2]["browser"], "firefox");
    assert_eq!(list[2]["system"], "windows");
    assert_eq!(list[2]["signed_in_at"], "2026-03-02T09:00:00Z");
    let mut told = list.clone();
    for one in told.as_array_mut().unwrap() {
        // An id has any digits.
        one.as_object_mut().unwrap().remove("id");
    }
    assert!(!told.to_string().contains("140"), "no more than two words is kept: {told}");
    let one = format!("{path}/{}", list[2]["id"].as_str().unwrap());
    let refused = stranger.request(Method::DELETE, &one, &json!({})).await;
    assert_eq!(refused.status, StatusCode::NOT_FOUND);
    assert_eq!(there.get("/api/v1/session").await.status, StatusCode::OK);
    let ended = here.request(Method::DELETE, &one, &json!({})).await;
    assert_eq!(ended.status, StatusCode::NO_CONTENT, "{ended:?}");
    assert_eq!(there.get("/api/v1/session").await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(third.get("/api/v1/session").await.status, StatusCode::OK);
    let ended = here.request(Method::DELETE, path, &json!({})).await;
    assert_eq!(ended.status, StatusCode::NO_CONTENT);
    assert_eq!(third.get("/api/v1/session").await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(here.get(path).await.json()["items"].as_array().unwrap().len(), 1);
    assert_eq!(stranger.get("/api/v1/session").await.status, StatusCode::OK);
}

on_both!(
    a_new_password_signs_out_the_other_browsers,
    name_language_and_theme_are_ones_own,
    a_photo_is_made_anew_small_and_upright,
    a_time_zone_is_ones_own_and_filters_by_it,
    sessions_are_seen_and_ended,
);
