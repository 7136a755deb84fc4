//! The files of a message, all at once.

use std::io::{Cursor, Read as _};

use axum::http::StatusCode;
use loket::audit::{Action, Actor as Who};
use loket::domain::words::Role;
use loket::store::audit;
use serde_json::Value;
use zip::ZipArchive;

use crate::support::app::TestApp;
use crate::support::db::{On, on_both};

on_both!(all_files_come_in_one_zip, a_message_without_files_has_no_zip);

const NAMES: [&str; 4] = ["../../order.pdf", "order.pdf", "ORDER.pdf", "b\u{202e}fdp.exe"];

fn mail(files: &[&str]) -> String {
    let parts: Vec<String> = files
        .iter()
        .enumerate()
        .map(|(number, name)| {
            format!(
                "--b\r\nContent-Type: application/pdf\r\n\
                 Content-Disposition: attachment; filename=\"{name}\"\r\n\r\nfile {number}\r\n"
            )
        })
        .collect();
    format!(
        "From: Customer <customer@example.net>\r\nTo: <support@bakery.example>\r\n\
         Subject: Order\r\nMessage-ID: <one@example.net>\r\n\
         Date: Mon, 02 Mar 2026 08:00:00 +0000\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/mixed; boundary=b\r\n\r\n\
         --b\r\nContent-Type: text/plain\r\n\r\nSee the files.\r\n{}--b--\r\n",
        parts.concat()
    )
}

async fn all_files_come_in_one_zip(on: On) {
    let app = TestApp::new(on).await;
    let org = app.org("bakery").await;
    let mailbox = app.mailbox(&org, &[org.owner]).await;
    let stranger = app.user(&org, Role::Agent).await;
    app.deliver(&org, mailbox, 1, &mail(&NAMES)).await;
    let mut owner = app.signed_in("owner@bakery.example").await;
    let ticket = owner.get("/api/v1/tickets/1").await.json();
    let message = &ticket["messages"][0];
    let path = format!("/api/v1/messages/{}/attachments", message["id"].as_str().unwrap());
    let answer = owner.get(&path).await;
    assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
    assert_eq!(answer.header("content-type"), "application/zip");
    let name = answer.header("content-disposition").to_owned();
    assert!(name.starts_with("attachment; filename=\"ticket-1.zip\""), "{name}");

    let mut zip = ZipArchive::new(Cursor::new(answer.body.to_vec())).unwrap();
    let names: Vec<String> = zip.file_names().map(|name| name.unwrap().into_owned()).collect();
    assert_eq!(names, ["order.pdf", "order (2).pdf", "ORDER (3).pdf", "bfdp.exe"]);
    for number in 0..zip.len() {
        let mut text = String::new();
        zip.by_index(number).unwrap().read_to_string(&mut text).unwrap();
        assert_eq!(text, format!("file {number}"));
    }

    // As if each had been fetched by itself.
    let log = audit::list(&app.home.store, org.id, None, 20).await.unwrap();
    let mut read: Vec<_> = log
        .iter()
        .filter(|entry| entry.action == Action::ReadAttachment)
        .inspect(|entry| assert_eq!(entry.actor, Who::Member(org.owner.0)))
        .map(|entry| entry.object_id.unwrap().to_string())
        .collect();
    let mut files: Vec<String> =
        message["attachments"].as_array().unwrap().iter().map(id_of).collect();
    read.sort();
    files.sort();
    assert_eq!(read, files);

    // Who does not belong to the mailbox gets none, and leaves no entry.
    assert_ne!(stranger, org.owner);
    let mut agent = app.signed_in("agent@bakery.example").await;
    assert_eq!(agent.get(&path).await.status, StatusCode::NOT_FOUND);
}

fn id_of(file: &Value) -> String {
    file["id"].as_str().unwrap().to_owned()
}

async fn a_message_without_files_has_no_zip(on: On) {
    let app = TestApp::new(on).await;
    let org = app.org("bakery").await;
    let mailbox = app.mailbox(&org, &[org.owner]).await;
    app.deliver(&org, mailbox, 1, &mail(&[])).await;
    let mut owner = app.signed_in("owner@bakery.example").await;
    let ticket = owner.get("/api/v1/tickets/1").await.json();
    let id = ticket["messages"][0]["id"].as_str().unwrap();
    let answer = owner.get(&format!("/api/v1/messages/{id}/attachments")).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
}
