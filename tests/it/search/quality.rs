//! Whether what is asked for is found, and comes first: `tests/search/questions.toml`.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;

use axum::http::{Method, StatusCode};
use bytes::Bytes;
use chrono::{NaiveDate, NaiveTime};
use loket::domain::words::FolderRole;
use loket::service::intake::{self, Batch, Incoming};
use loket::service::sync;
use loket::store::folders::Cursor;
use serde_json::{Value, json};

use super::quality_corpus::{Mail, corpus, questions};
use super::{SEARCH, Shop, settle};
use crate::support::app::{Browser, PUBLIC_URL};
use crate::support::db::On;

/// What must be among the first ten, and the first, of the questions.
const WITHIN_TEN: f64 = 0.95;
const FIRST: f64 = 0.8;

/// The mail as it is sent.
pub(super) fn raw(mail: &Mail, uid: i64) -> String {
    let date: NaiveDate = mail.date.parse().unwrap();
    let date = date.and_time(NaiveTime::from_hms_opt(9, 0, 0).unwrap()).and_utc().to_rfc2822();
    let mut quote = String::new();
    for line in mail.quote.lines() {
        let begin = if quote.is_empty() { "\r\nOn Monday you wrote:\r\n" } else { "" };
        write!(quote, "{begin}> {line}\r\n").unwrap();
    }
    let mut files = String::new();
    for file in &mail.files {
        write!(
            files,
            "--b\r\nContent-Type: application/octet-stream\r\n\
             Content-Disposition: attachment; filename*=UTF-8''{}\r\n\r\nx\r\n",
            percent(file)
        )
        .unwrap();
    }
    format!(
        "From: {}\r\nTo: support@bakery.example\r\nSubject: {}\r\nMessage-ID: <q{uid}@example.net>\r\n\
         Date: {date}\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n\
         --b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{}\r\n{quote}\r\n{files}--b--\r\n",
        mail.from,
        mail.subject,
        mail.body.replace('\n', "\r\n")
    )
}

fn percent(text: &str) -> String {
    text.bytes().fold(String::new(), |mut all, byte| {
        write!(all, "%{byte:02X}").unwrap();
        all
    })
}

/// The corpus as tickets, by the number of each.
pub(super) async fn arrive(shop: &Shop, mails: &[Mail]) -> HashMap<String, i64> {
    let services = &shop.app.services;
    let target = intake::Target {
        organization_id: shop.org.id,
        channel_id: shop.channel,
        own_addresses: vec!["support@bakery.example".to_owned()],
    };
    let mut numbers = HashMap::new();
    // One by one, so that their numbers are known.
    for (chunk, some) in mails.chunks(1).enumerate() {
        let folder = sync::folder(services, &target, "INBOX", FolderRole::Inbox).await.unwrap();
        let uids = (i64::try_from(chunk).unwrap() + 1)..;
        let incoming: Vec<Incoming> = uids
            .zip(some)
            .map(|(uid, mail)| {
                numbers.insert(mail.id.clone(), uid);
                let day: NaiveDate = mail.date.parse().unwrap();
                let at = day.and_time(NaiveTime::MIN).and_utc();
                Incoming {
                    uid,
                    raw: Bytes::from(raw(mail, uid)),
                    received_at: Some(at),
                    is_history: false,
                }
            })
            .collect();
        let last_uid = incoming.last().map_or(0, |mail| mail.uid);
        let batch = Batch {
            cursor: Cursor { last_uid, ..folder.cursor() },
            folder,
            mails: incoming,
            missing: Vec::new(),
            skipped: Vec::new(),
        };
        let report = intake::take(services, &target, batch).await.unwrap();
        assert_eq!(report.imported, u64::try_from(some.len()).unwrap(), "{report:?}");
    }
    numbers
}

async fn send(browser: &mut Browser, method: Method, path: &str, body: &Value) -> Value {
    let headers = [("origin", PUBLIC_URL)];
    let answer = browser.send(method, path, &headers, Some(body)).await;
    assert!(answer.status.is_success(), "{path}: {answer:?}");
    answer.json()
}

/// Notes, tags, states and priorities of the mails that have them.
pub(super) async fn work_on(browser: &mut Browser, mails: &[Mail], numbers: &HashMap<String, i64>) {
    let mut tags: HashMap<String, String> = HashMap::new();
    for mail in mails {
        let number = numbers[&mail.id];
        if !mail.note.is_empty() {
            let path = format!("/api/v1/tickets/{number}/notes");
            send(browser, Method::POST, &path, &json!({ "text": mail.note })).await;
        }
        let mut change = json!({});
        if mail.status != "open" {
            change["status"] = json!(mail.status);
        }
        if let Some(priority) = &mail.priority {
            change["priority"] = json!(priority);
        }
        let mut add = Vec::new();
        for tag in &mail.tags {
            if !tags.contains_key(tag) {
                let made = send(
                    browser,
                    Method::POST,
                    "/api/v1/tags",
                    &json!({ "name": tag, "color": "gray" }),
                )
                .await;
                tags.insert(tag.clone(), made["id"].as_str().unwrap().to_owned());
            }
            add.push(tags[tag].clone());
        }
        if !add.is_empty() {
            change["tags_add"] = json!(add);
        }
        if change != json!({}) {
            let bulk = json!({ "numbers": [number], "change": change });
            send(browser, Method::POST, "/api/v1/tickets/bulk", &bulk).await;
        }
    }
}

#[tokio::test]
async fn two_hundred_questions_are_answered() {
    let shop = Shop::new(On::Sqlite).await;
    let mails = corpus();
    let numbers = arrive(&shop, &mails).await;
    let mut owner = shop.app.signed_in("owner@bakery.example").await;
    work_on(&mut owner, &mails, &numbers).await;
    let mut feeder = shop.feeder();
    settle(&mut feeder).await;
    let questions = questions();
    assert_eq!(questions.len(), 200);
    let (mut first, mut within) = (0, 0);
    let mut missed: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for question in &questions {
        let asked = json!({
            "q": question.query,
            "typing": question.kind == "prefix",
            "limit": 10,
        });
        let answer = owner.post(SEARCH, &asked).await;
        assert_eq!(answer.status, StatusCode::OK, "{}: {answer:?}", question.query);
        let found: Vec<i64> = answer.json()["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|item| item["ticket"]["number"].as_i64().unwrap())
            .collect();
        let wanted: Vec<i64> = question.answers.iter().map(|id| numbers[id]).collect();
        let place = found.iter().position(|number| wanted.contains(number));
        first += usize::from(place == Some(0));
        within += usize::from(place.is_some());
        if place != Some(0) {
            let told = format!("{} ({}): place {place:?}", question.query, question.language);
            missed.entry(question.kind.clone()).or_default().push(told);
        }
    }
    let share = |count: usize| f64::from(u32::try_from(count).unwrap()) / 200.0;
    println!("first: {first}, within ten: {within}; not first: {missed:#?}");
    assert!(share(within) >= WITHIN_TEN, "within ten: {within}; {missed:#?}");
    assert!(share(first) >= FIRST, "first: {first}; {missed:#?}");
}
