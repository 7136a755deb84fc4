//! Exports, as those who download them see them, and those who look at the disk.

use std::io::{Cursor, Read as _};
use std::path::Path;

use axum::http::StatusCode;
use loket::domain::ids::ChannelId;
use serde_json::{Value, json};
use zip::ZipArchive;

use crate::support::app::{Answer, Browser, PASSWORD, TestApp};

mod mailbox;

/// A ZIP that was downloaded.
pub(crate) struct Zip(ZipArchive<Cursor<Vec<u8>>>);

impl Zip {
    pub(crate) fn of(answer: &Answer) -> Self {
        assert_eq!(answer.status, StatusCode::OK, "{:?}", answer.headers);
        assert_eq!(answer.header("content-type"), "application/zip");
        assert_eq!(answer.header("content-length"), answer.body.len().to_string());
        assert_eq!(answer.header("cache-control"), "no-store");
        Self::from_bytes(answer.body.to_vec())
    }

    pub(crate) fn from_bytes(bytes: Vec<u8>) -> Self {
        Self(ZipArchive::new(Cursor::new(bytes)).unwrap())
    }

    pub(crate) fn names(&self) -> Vec<String> {
        let mut names: Vec<String> =
            self.0.file_names().map(|name| name.unwrap().into_owned()).collect();
        names.sort();
        names
    }

    pub(crate) fn bytes(&mut self, name: &str) -> Vec<u8> {
        let mut bytes = Vec::new();
        self.0
            .by_name(name)
            .unwrap_or_else(|e| panic!("{name}: {e}"))
            .read_to_end(&mut bytes)
            .unwrap();
        bytes
    }

    pub(crate) fn text(&mut self, name: &str) -> String {
        String::from_utf8(self.bytes(name)).unwrap()
    }

    pub(crate) fn json(&mut self, name: &str) -> Value {
        serde_json::from_slice(&self.bytes(name)).unwrap()
    }

    /// The entries in which the word stands.
    pub(crate) fn with(&mut self, word: &str) -> Vec<String> {
        let mut found = self.names();
        found.retain(|name| {
            let bytes = self.bytes(name);
            bytes.windows(word.len()).any(|window| window == word.as_bytes())
        });
        found
    }
}

/// Holds every JSON of an export against the documented schema.
pub(crate) fn check_schema(zip: &mut Zip) {
    let schema: Value =
        serde_json::from_str(include_str!("../../../docs/data-export.schema.json")).unwrap();
    let of_data = jsonschema::options().should_validate_formats(true).build(&schema).unwrap();
    let mut of_ticket = schema.clone();
    for member in ["type", "required", "properties", "allOf"] {
        of_ticket.as_object_mut().unwrap().remove(member);
    }
    of_ticket["$ref"] = json!("#/$defs/ticket");
    let of_ticket = jsonschema::options().should_validate_formats(true).build(&of_ticket).unwrap();
    let names = zip.names();
    assert!(names.contains(&"data.json".to_owned()));
    let is_json = |name: &&String| Path::new(name).extension().is_some_and(|end| end == "json");
    for name in names.iter().filter(is_json) {
        let value = zip.json(name);
        let schema = if name.starts_with("tickets/") { &of_ticket } else { &of_data };
        let wrong: Vec<String> = schema.iter_errors(&value).map(|e| e.to_string()).collect();
        assert!(wrong.is_empty(), "{name}: {wrong:?}");
    }
    // The test can fail.
    assert!(!of_ticket.is_valid(&json!({ "number": "1" })));
    assert!(!of_data.is_valid(&json!({ "format": "loket-export/2" })));
}

pub(crate) async fn order(browser: &mut Browser, mailbox: ChannelId) -> Value {
    let path = format!("/api/v1/mailboxes/{mailbox}/exports");
    let answer = browser.post(&path, &json!({ "password": PASSWORD })).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{answer:?}");
    answer.json()
}

pub(crate) async fn exports(browser: &mut Browser, mailbox: ChannelId) -> Vec<Value> {
    let path = format!("/api/v1/mailboxes/{mailbox}/exports");
    browser.get(&path).await.json()["items"].as_array().unwrap().clone()
}

pub(crate) fn file_of(export: &Value) -> String {
    format!("/api/v1/exports/{}/file", export["id"].as_str().unwrap())
}

/// Every file below the folder.
pub(crate) fn files(folder: &Path) -> Vec<std::path::PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        let Ok(entries) = std::fs::read_dir(folder) else { continue };
        for entry in entries {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                found.push(path);
            }
        }
    }
    found
}

/// How many objects lie in the store.
pub(crate) fn objects(app: &TestApp) -> usize {
    files(&app.blobs()).len()
}
