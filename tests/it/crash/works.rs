//! What is done where processes die, and what has to be true afterwards.

use chrono::TimeDelta;
use futures::TryStreamExt as _;
use loket::domain::words::{ClosingState, ErasureState, ParcelState, PurgeState, RotationState};
use loket::service::parcels;
use loket::store::{closings, erasures, organizations, purges, rotations};

use super::deaths::{Death, Deaths};
use super::world::World;
use super::{Home, Open, Work, run};
use crate::export::Zip;
use crate::support::db::On;

pub(super) async fn a_purge(on: On, deaths: Deaths) -> usize {
    let base = Home::new(on).await;
    let world = World::new(&base).await;
    let open = base.open().await;
    let id = world.disconnect(&open).await;
    open.close().await;
    let organization = world.work.owner.organization_id;
    let ids = vec![organization.0, id.0];
    let work = Work { what: "purge", ids, after: TimeDelta::days(15) };
    deaths
        .of(&base, &work, async |open: &Open, at| {
            let store = open.services.store();
            let purge = purges::find(store, organization, id).await.unwrap().unwrap();
            assert_eq!(purge.state, PurgeState::Done, "{at}");
            let counts = purge.counts;
            assert_eq!((counts.messages, counts.tickets), (6, 3), "{at}: {counts:?}");
            let statements = purges::list_statements(store, organization).await.unwrap();
            assert_eq!(statements.len(), 1, "{at}");
            let stated: serde_json::Value = serde_json::from_str(&statements[0].body).unwrap();
            assert_eq!(stated["deleted"]["messages"], 6, "{at}");
            assert_eq!(world.text(open, &world.work).await, "", "{at}");
            assert_eq!(objects(open).await, 1, "{at}: the large mail of the other organization");
            world.is_untouched(open, at).await;
        })
        .await
}

pub(super) async fn an_erasure(on: On, deaths: Deaths) -> usize {
    let base = Home::new(on).await;
    let world = World::new(&base).await;
    let open = base.open().await;
    let id = world.erase(&open).await;
    open.close().await;
    let organization = world.work.owner.organization_id;
    let ids = vec![organization.0, id.0];
    let work = Work { what: "erase", ids, after: TimeDelta::minutes(5) };
    deaths
        .of(&base, &work, async |open: &Open, at| {
            let store = open.services.store();
            let erasure = erasures::find(store, organization, id).await.unwrap().unwrap();
            assert_eq!(erasure.state, ErasureState::Done, "{at}");
            let counts = erasure.counts;
            assert_eq!((counts.messages, counts.tickets_redacted), (2, 1), "{at}: {counts:?}");
            assert_eq!((counts.tickets_deleted, counts.unfiled), (1, 1), "{at}: {counts:?}");
            assert_eq!(erasure.removed, counts.messages, "{at}");
            let text = world.text(open, &world.work).await;
            assert!(!text.contains("zeekanarie") && !text.contains("anna"), "{at}: {text}");
            let stays = ["bread", "cake", "our own words", "a note", "(erased)"];
            for word in stays {
                assert!(text.contains(word), "{at}, {word}: {text}");
            }
            assert_eq!(objects(open).await, 2, "{at}: the large mails of others");
            world.is_untouched(open, at).await;
        })
        .await
}

/// Keys get new secrets, the old ones end, and the root key is changed: each with deaths of its own.
pub(super) async fn a_rotation(on: On, deaths: [Deaths; 3]) -> usize {
    let base = Home::new(on).await;
    let world = World::new(&base).await;
    let open = base.open().await;
    let before = world.text(&open, &world.work).await;
    open.close().await;
    let organization = world.work.owner.organization_id;
    let ids = vec![organization.0, world.work.channel.0];
    let work = Work { what: "rotate", ids, after: TimeDelta::minutes(5) };
    let mut count = deaths[0]
        .of(&base, &work, async |open: &Open, at| {
            for one in rotations::list(open.services.store()).await.unwrap() {
                assert_eq!((one.state, one.version), (RotationState::Waiting, 2), "{at}");
                assert_eq!(one.done, one.total, "{at}");
            }
            assert_eq!(world.text(open, &world.work).await, before, "{at}");
            world.is_untouched(open, at).await;
        })
        .await;
    // The end of the old secrets.
    let done = base.copy().await;
    assert!(run(&done, &work, Death::Never).is_some());
    let open = done.open().await;
    let rotations = rotations::list(open.services.store()).await.unwrap();
    open.close().await;
    assert_eq!(rotations.len(), 2);
    let ids = std::iter::once(organization.0).chain(rotations.iter().map(|one| one.id)).collect();
    let work = Work { what: "forget", ids, after: TimeDelta::days(31) };
    count += deaths[1]
        .of(&done, &work, async |open: &Open, at| {
            let store = open.services.store();
            for one in rotations::list(store).await.unwrap() {
                assert_eq!(one.state, RotationState::Done, "{at}");
            }
            let keys = store.keyring().upper_keys().await.unwrap();
            assert!(keys.iter().all(|key| key.retired.is_empty()), "{at}");
            assert_eq!(world.text(open, &world.work).await, before, "{at}");
            world.is_untouched(open, at).await;
        })
        .await;
    // And the root key.
    let work = Work { what: "root", ids: Vec::new(), after: TimeDelta::days(31) };
    count += deaths[2]
        .of(&done, &work, async |open: &Open, at| {
            assert_eq!(world.text(open, &world.work).await, before, "{at}");
            world.is_untouched(open, at).await;
        })
        .await;
    count
}

/// How many objects there are.
async fn objects(open: &Open) -> usize {
    open.services.blobs().list().try_collect::<Vec<_>>().await.unwrap().len()
}

pub(super) async fn a_closing(on: On, deaths: Deaths) -> usize {
    let base = Home::new(on).await;
    let world = World::new(&base).await;
    let open = base.open().await;
    let id = world.close(&open).await;
    assert!(objects(&open).await > 1);
    open.close().await;
    let organization = world.work.owner.organization_id;
    let work = Work { what: "close", ids: vec![organization.0], after: TimeDelta::days(15) };
    deaths
        .of(&base, &work, async |open: &Open, at| {
            let store = open.services.store();
            let closing = closings::find(store, organization, id).await.unwrap().unwrap();
            assert_eq!(closing.state, ClosingState::Done, "{at}");
            assert!(organizations::find(store, organization).await.unwrap().is_none(), "{at}");
            let counts = closing.counts;
            assert_eq!((counts.mailboxes, counts.users), (1, 1), "{at}: {counts:?}");
            let mail = counts.mail;
            assert_eq!((mail.messages, mail.tickets), (6, 3), "{at}: {mail:?}");
            let mut statements = purges::list_statements(store, organization).await.unwrap();
            // Its own, and that of its mailbox.
            assert_eq!(statements.len(), 2, "{at}");
            statements.retain(|one| one.id == closing.statement_id);
            let stated: serde_json::Value = serde_json::from_str(&statements[0].body).unwrap();
            assert_eq!(stated["deleted"]["messages"], 6, "{at}");
            assert_eq!(objects(open).await, 1, "{at}: the large mail of the other organization");
            world.is_untouched(open, at).await;
        })
        .await
}

/// An export is made, and removed once its time is over.
pub(super) async fn an_export(on: On, deaths: Deaths) -> usize {
    let base = Home::new(on).await;
    let world = World::new(&base).await;
    let open = base.open().await;
    let id = world.export(&open).await;
    let before = objects(&open).await;
    open.close().await;
    let organization = world.work.owner.organization_id;
    let ids = vec![organization.0, id.0];
    let work = Work { what: "export", ids, after: TimeDelta::minutes(5) };
    let mut count = deaths
        .of(&base, &work, async |open: &Open, at| {
            let parcel = parcels::find(&open.services, organization, id).await.unwrap().unwrap();
            assert_eq!(parcel.state, ParcelState::Ready, "{at}");
            let parts = usize::try_from(parcel.parts).unwrap();
            assert_eq!(objects(open).await, before + parts, "{at}: nothing of an attempt before");
            let opened = parcels::open(&open.services, &parcel).await.unwrap();
            let bytes: Vec<_> = opened.bytes.try_collect().await.unwrap();
            let mut zip = Zip::from_bytes(bytes.concat());
            for word in ["zeekanarie", "cake"] {
                assert_ne!(zip.with(word), [""; 0], "{at}: {word}");
            }
            assert_eq!(zip.json("data.json")["counts"]["tickets"], 3, "{at}");
            world.is_untouched(open, at).await;
        })
        .await;
    assert!(run(&base, &work, Death::Never).is_some());
    let work = Work { what: "sweep", ids: vec![organization.0], after: TimeDelta::days(8) };
    count += deaths
        .of(&base, &work, async |open: &Open, at| {
            let found = loket::store::parcels::find(open.services.store(), organization, id).await;
            assert!(found.unwrap().is_none(), "{at}");
            assert_eq!(objects(open).await, before, "{at}");
            world.is_untouched(open, at).await;
        })
        .await;
    count
}
