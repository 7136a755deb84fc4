//! Drafts, uploads, notes, and what is cleared when.

use bytes::Bytes;
use chrono::TimeDelta;
use loket::domain::desk::DraftKind;
use loket::domain::words::Status;
use loket::service::drafts::Known;
use loket::service::uploads::{self, NewFile};
use loket::service::{ServiceError, drafts, notes, prune};
use loket::store::drafts::Content;
use loket::store::keys;
use sea_orm::{ConnectionTrait, Database, Statement};

use crate::support::db::{On, on_both};
use crate::support::desk::Desk;

/// A database that the keyring does not belong to names none of its keys.
async fn nothing_is_swept_beside_another_database(on: On) {
    let desk = Desk::new(on).await;
    desk.reply("Hij is onderweg.").await;
    desk.after_undo().await;
    let data = Database::connect(&desk.home.data_url).await.unwrap();
    for foreign in ["UPDATE server_meta SET value = 'another'", "DELETE FROM server_meta"] {
        data.execute_unprepared(foreign).await.unwrap();
        for table in ["outbox", "attachment", "message_reference", "message"] {
            data.execute_unprepared(&format!("DELETE FROM {table}")).await.unwrap();
        }
        desk.home.advance(TimeDelta::days(2));
        assert_eq!(prune::run(&desk.services).await.unwrap().keys, 0, "{foreign}");
    }
}

on_both!(
    nothing_is_swept_beside_another_database,
    a_draft_is_ones_own,
    a_draft_of_another_device_is_not_replaced,
    an_upload_goes_after_a_day_unless_a_draft_needs_it,
    uploads_have_limits_and_owners,
    a_note_changes_no_status,
    keys_that_nothing_names_are_destroyed,
);

fn file(bytes: usize) -> NewFile {
    NewFile { name: None, content_type: None, bytes: Bytes::from(vec![1; bytes]), ticket: None }
}

async fn a_draft_is_ones_own(on: On) {
    let desk = Desk::new(on).await;
    let number = desk.ticket().await.number;
    let (services, agent) = (&desk.services, &desk.agent);
    for text in ["eerst", "dan"] {
        let content = Content { text: text.to_owned(), ..Content::default() };
        drafts::put(services, agent, number, DraftKind::Answer, (content, Known::Any))
            .await
            .unwrap();
    }
    let found = drafts::find(services, agent, number, DraftKind::Answer).await.unwrap().unwrap();
    assert_eq!(found.content.text, "dan");
    assert!(
        drafts::find(services, &desk.colleague, number, DraftKind::Answer).await.unwrap().is_none()
    );
    let stranger = drafts::find(services, &desk.stranger, number, DraftKind::Answer).await;
    assert!(matches!(stranger, Err(ServiceError::NotFound)));
    drafts::remove(services, agent, number, DraftKind::Answer).await.unwrap();
    assert!(drafts::find(services, agent, number, DraftKind::Answer).await.unwrap().is_none());
}

async fn a_draft_of_another_device_is_not_replaced(on: On) {
    let desk = Desk::new(on).await;
    let number = desk.ticket().await.number;
    let put = async |text: &str, known: Known| {
        desk.home.advance(TimeDelta::seconds(1));
        let content = Content { text: text.to_owned(), ..Content::default() };
        drafts::put(&desk.services, &desk.agent, number, DraftKind::Answer, (content, known)).await
    };
    let here = put("First", Known::Nothing).await.unwrap();
    let first = Known::SavedAt(here.updated_at);
    let there = put("First second", first).await.unwrap();
    for outdated in [first, Known::Nothing] {
        let refused = put("First third", outdated).await;
        assert!(matches!(refused, Err(ServiceError::Stale)));
    }
    let kept = drafts::find(&desk.services, &desk.agent, number, DraftKind::Answer).await;
    let kept = kept.unwrap().unwrap();
    assert_eq!((kept.content.text.as_str(), kept.updated_at), ("First second", there.updated_at));
    // Whoever never heard that it was saved sends the same again.
    put("First second", first).await.unwrap();
    drafts::remove(&desk.services, &desk.agent, number, DraftKind::Answer).await.unwrap();
    put("First third", first).await.unwrap();
}

async fn an_upload_goes_after_a_day_unless_a_draft_needs_it(on: On) {
    let desk = Desk::new(on).await;
    let number = desk.ticket().await.number;
    let (services, agent) = (&desk.services, &desk.agent);
    let kept = uploads::add(services, agent, file(10)).await.unwrap();
    // Above 64 KiB it lies in the object store.
    let lost = uploads::add(services, agent, file(300_000)).await.unwrap();
    let content = Content { attachment_ids: vec![kept.id], ..Content::default() };
    drafts::put(services, agent, number, DraftKind::Answer, (content, Known::Any)).await.unwrap();
    desk.home.advance(TimeDelta::hours(23));
    assert_eq!(prune::run(services).await.unwrap().uploads, 0);
    desk.home.advance(TimeDelta::hours(2));
    let report = prune::run(services).await.unwrap();
    assert_eq!((report.uploads, report.keys), (1, 0));
    let draft = drafts::find(services, agent, number, DraftKind::Answer).await.unwrap().unwrap();
    assert_eq!(draft.files.first().unwrap().id, kept.id);
    let content = Content { attachment_ids: vec![lost.id], ..Content::default() };
    let refused =
        drafts::put(services, agent, number, DraftKind::Answer, (content, Known::Any)).await;
    assert!(matches!(refused, Err(ServiceError::Invalid { field: "attachment_ids", .. })));
    let left = walk(&desk.blobs);
    assert_eq!(left, 0, "the object went with its upload");
    // Taken out of the draft it has a day again, then it goes.
    drafts::put(services, agent, number, DraftKind::Answer, (Content::default(), Known::Any))
        .await
        .unwrap();
    assert_eq!(prune::run(services).await.unwrap().uploads, 0);
    desk.home.advance(TimeDelta::hours(25));
    assert_eq!(prune::run(services).await.unwrap().uploads, 1);
}

fn walk(folder: &std::path::Path) -> usize {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.map(|path| if path.is_dir() { walk(&path) } else { 1 }).sum()
}

async fn uploads_have_limits_and_owners(on: On) {
    let desk = Desk::new(on).await;
    let number = desk.ticket().await.number;
    let refused = uploads::add(&desk.services, &desk.agent, file(4 * 1024 * 1024)).await;
    assert!(matches!(refused, Err(ServiceError::Conflict { code: "too_large", .. })));
    let mine = uploads::add(&desk.services, &desk.agent, file(10)).await.unwrap();
    assert_eq!((mine.meta.name.as_str(), mine.size), ("attachment-1.bin", 10));
    let content = Content { attachment_ids: vec![mine.id], ..Content::default() };
    let other = drafts::put(
        &desk.services,
        &desk.colleague,
        number,
        DraftKind::Answer,
        (content, Known::Any),
    )
    .await;
    assert!(matches!(other, Err(ServiceError::Invalid { field: "attachment_ids", .. })));
    let nowhere = uploads::add(&desk.services, &desk.stranger, file(10)).await;
    assert!(matches!(nowhere, Err(ServiceError::Forbidden)));
}

async fn a_note_changes_no_status(on: On) {
    let desk = Desk::new(on).await;
    let before = desk.ticket().await;
    let number = before.number;
    let id = notes::create(&desk.services, &desk.agent, number, "Bel hem terug.\n").await.unwrap();
    let after = desk.ticket().await;
    assert_eq!(after.state.status, Status::Open);
    assert_eq!(after.state.waiting_since, before.state.waiting_since);
    assert_eq!((after.state.message_count, after.snippet), (2, before.snippet));
    let note = desk.messages().await.into_iter().find(|message| message.id == id).unwrap();
    assert_eq!(note.text, "Bel hem terug.");
    let empty = notes::create(&desk.services, &desk.agent, number, "  ").await;
    assert!(matches!(empty, Err(ServiceError::Invalid { field: "text", .. })));
    assert!(desk.entry(id).await.is_none(), "a note goes nowhere");
}

async fn keys_that_nothing_names_are_destroyed(on: On) {
    let desk = Desk::new(on).await;
    let id = desk.reply("Hij is onderweg.").await;
    desk.after_undo().await;
    let store = desk.store();
    let channel_key = keys::of_channel(store, desk.organization(), desk.channel).await.unwrap();
    let orphan = store.new_id();
    let kind = loket::crypto::KeyKind::Content;
    store.keyring().create_many(kind, &channel_key, None, &[orphan]).await.unwrap();
    desk.home.advance(TimeDelta::hours(23));
    assert_eq!(prune::run(&desk.services).await.unwrap().keys, 0, "somebody may be about to");
    desk.home.advance(TimeDelta::hours(2));
    assert_eq!(prune::run(&desk.services).await.unwrap().keys, 1);
    assert!(store.keyring().get(orphan).await.is_err());
    // The data's own forget-list says so too: a backup of the keyring alone brings nothing back.
    let entry = store.keyring().list_forgotten(0, 100).await.unwrap().pop().unwrap();
    assert_eq!(entry.ids, [orphan]);
    let data = Database::connect(&desk.home.data_url).await.unwrap();
    let sql = "SELECT ids, signature FROM forget_entry ORDER BY number DESC LIMIT 1";
    let query = Statement::from_string(data.get_database_backend(), sql);
    let row = data.query_one_raw(query).await.unwrap().unwrap();
    assert_eq!(row.try_get::<Vec<u8>>("", "ids").unwrap(), orphan.as_bytes());
    assert_eq!(row.try_get::<Vec<u8>>("", "signature").unwrap(), entry.signature);
    assert_eq!(desk.messages().await.len(), 2, "what is named is kept");
    assert_eq!(desk.delivery(id).await.attempts, 1);
    assert_eq!(prune::run(&desk.services).await.unwrap(), prune::Report::default());
}
