//! The keyring on SQLite and on PostgreSQL: the same tests on both.

use std::path::PathBuf;
use std::sync::Arc;

use chrono::TimeDelta;
use loket::clock::{Clock, FakeClock};
use loket::crypto::{
    Column, KeyError, KeyKind, Keyring, KeyringLocation, KeyringOptions, OpenKey, Place,
};
use loket::ids::{Ids, SystemIds};
use sea_orm::{ConnectionTrait, Database, DatabaseConnection, DbBackend, Statement};
use uuid::Uuid;

use crate::support::db::{On, TestDatabase, new_database, on_both};

/// A home for one keyring, which can be opened again and again.
struct Home {
    folder: tempfile::TempDir,
    location: KeyringLocation,
    clock: Arc<FakeClock>,
    _database: Option<TestDatabase>,
}

impl Home {
    async fn new(on: On) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let database = match on {
            On::Sqlite => None,
            On::Postgres => Some(new_database("LOKET_TEST_KEYRING_URL").await),
        };
        let location = match &database {
            None => KeyringLocation::Sqlite(folder.path().join("keys/keyring.db")),
            Some(database) => KeyringLocation::Postgres(database.url.clone().into()),
        };
        let now = "2026-03-01T12:00:00Z".parse().unwrap();
        Self { folder, location, clock: Arc::new(FakeClock::new(now)), _database: database }
    }

    fn root_key(&self) -> PathBuf {
        self.folder.path().join("keys/root.key")
    }

    async fn try_open(&self) -> Result<Keyring, KeyError> {
        Keyring::open(KeyringOptions::new(
            self.location.clone(),
            self.root_key(),
            self.clock.clone(),
            Arc::new(SystemIds),
        ))
        .await
    }

    async fn open(&self) -> Keyring {
        self.try_open().await.unwrap()
    }

    /// The keyring's database, past the keyring.
    async fn raw(&self) -> DatabaseConnection {
        use secrecy::ExposeSecret as _;
        match &self.location {
            KeyringLocation::Sqlite(path) => {
                Database::connect(format!("sqlite://{}", path.display())).await.unwrap()
            }
            KeyringLocation::Postgres(url) => Database::connect(url.expose_secret()).await.unwrap(),
        }
    }

    /// All rows of all tables, as text.
    async fn dump(&self) -> Vec<String> {
        let db = self.raw().await;
        let mut out = Vec::new();
        for table in ["keyring_key", "keyring_forget_entry", "keyring_meta"] {
            let query = Statement::from_string(
                db.get_database_backend(),
                format!("SELECT * FROM {table} ORDER BY 1"),
            );
            for row in db.query_all_raw(query).await.unwrap() {
                out.push(format!("{table} {row:?}"));
            }
        }
        db.close().await.unwrap();
        out
    }
}

on_both!(
    keys_open_again_after_a_restart,
    many_keys_are_made_in_order_and_found_together,
    what_is_destroyed_stays_destroyed,
    destroying_a_channel_key_takes_what_hangs_on_it,
    a_wrong_root_key_is_refused_and_changes_nothing,
    a_missing_root_key_is_never_replaced,
    creation_is_all_or_nothing,
    a_row_that_is_tampered_with_is_damaged,
    keys_hang_where_they_belong,
    the_server_has_one_key_however_many_ask,
    the_forget_list_is_numbered_and_signed,
    another_instances_destruction_is_noticed,
    old_keys_are_listed_as_orphan_candidates,
    settings_are_kept,
);

fn ids(count: usize) -> Vec<Uuid> {
    let now = "2026-03-01T12:00:00Z".parse().unwrap();
    (0..count).map(|_| SystemIds.uuid(now)).collect()
}

fn place() -> Place {
    Column { table: 7, column: 3 }.of(Uuid::from_u128(9))
}

/// An organization with a channel.
async fn tree(keyring: &Keyring) -> (OpenKey, OpenKey) {
    let organization_id = ids(1)[0];
    let organization =
        keyring.create(KeyKind::Organization, organization_id, None, None).await.unwrap();
    let channel = keyring
        .create(KeyKind::Channel, organization_id, Some(&organization), Some(ids(1)[0]))
        .await
        .unwrap();
    (organization, channel)
}

async fn content(keyring: &Keyring, channel: &OpenKey, count: usize) -> Vec<OpenKey> {
    keyring.create_many(KeyKind::Content, channel, channel.channel_id(), &ids(count)).await.unwrap()
}

async fn keys_open_again_after_a_restart(on: On) {
    let home = Home::new(on).await;
    let keyring = home.open().await;
    let (organization, channel) = tree(&keyring).await;
    let content = content(&keyring, &channel, 1).await.pop().unwrap();
    let server = keyring.server_key().await.unwrap();
    let all = [&organization, &channel, &content, &server];
    let sealed = all.map(|key| key.seal(place(), b"word"));
    drop(keyring);

    let keyring = home.open().await;
    for (key, sealed) in all.iter().zip(&sealed) {
        let again = keyring.get(key.id()).await.unwrap();
        assert_eq!(&*again.open(place(), sealed).unwrap(), b"word");
        assert_eq!(
            (again.kind(), again.organization_id(), again.channel_id(), again.parent_id()),
            (key.kind(), key.organization_id(), key.channel_id(), key.parent_id()),
        );
    }
    assert_eq!(keyring.server_key().await.unwrap().id(), server.id());
    let unknown = ids(1)[0];
    assert!(matches!(keyring.get(unknown).await, Err(KeyError::Missing(id)) if id == unknown));
}

async fn many_keys_are_made_in_order_and_found_together(on: On) {
    let home = Home::new(on).await;
    let keyring = home.open().await;
    let (_, channel) = tree(&keyring).await;
    let wanted = ids(1_203);
    let made = keyring.create_many(KeyKind::Content, &channel, None, &wanted).await.unwrap();
    assert_eq!(made.iter().map(OpenKey::id).collect::<Vec<_>>(), wanted);
    assert!(keyring.create_many(KeyKind::Content, &channel, None, &[]).await.unwrap().is_empty());

    let fresh = home.open().await;
    fresh.destroy(&wanted[..2]).await.unwrap();
    let mut asked = wanted.clone();
    asked.push(ids(1)[0]);
    for _ in 0..2 {
        let found = fresh.get_many(&asked).await.unwrap();
        assert_eq!(found.len(), wanted.len() - 2);
        for key in &made[2..] {
            let sealed = key.seal(place(), b"word");
            assert_eq!(&*found[&key.id()].open(place(), &sealed).unwrap(), b"word");
        }
    }
    assert!(fresh.get_many(&[]).await.unwrap().is_empty());
}

async fn what_is_destroyed_stays_destroyed(on: On) {
    let home = Home::new(on).await;
    let keyring = home.open().await;
    let (_, channel) = tree(&keyring).await;
    let keys = content(&keyring, &channel, 3).await;
    let gone = keys[0].id();
    assert_eq!(keyring.destroy(&[gone, ids(1)[0]]).await.unwrap(), 1);
    assert_eq!(keyring.destroy(&[gone]).await.unwrap(), 0);

    for keyring in [keyring, home.open().await] {
        assert!(matches!(keyring.get(gone).await, Err(KeyError::Destroyed(id)) if id == gone));
        keyring.get(keys[1].id()).await.unwrap();
        let all: Vec<Uuid> = keys.iter().map(OpenKey::id).collect();
        let dead = keyring.destroyed_among(&all).await.unwrap();
        assert_eq!(dead.into_iter().collect::<Vec<_>>(), [gone]);
        assert!(!keyring.get_many(&all).await.unwrap().contains_key(&gone));
    }
    let server = home.open().await;
    let protected = server.server_key().await.unwrap().id();
    let refused = server.destroy(&[keys[1].id(), protected]).await;
    assert!(matches!(refused, Err(KeyError::Protected(id)) if id == protected));
    server.get(keys[1].id()).await.unwrap();
}

async fn destroying_a_channel_key_takes_what_hangs_on_it(on: On) {
    let home = Home::new(on).await;
    let keyring = home.open().await;
    let (organization, channel) = tree(&keyring).await;
    let keys = content(&keyring, &channel, 2).await;
    let other = keyring
        .create(KeyKind::Channel, organization.organization_id(), Some(&organization), None)
        .await
        .unwrap();
    let kept = content(&keyring, &other, 1).await.pop().unwrap();
    let all: Vec<Uuid> = keys.iter().chain([&kept]).map(OpenKey::id).collect();
    assert_eq!(keyring.get_many(&all).await.unwrap().len(), 3);
    keyring.destroy(&[channel.id()]).await.unwrap();

    for keyring in [&keyring, &home.open().await] {
        for key in &keys {
            assert!(
                matches!(keyring.get(key.id()).await, Err(KeyError::Destroyed(id)) if id == key.id())
            );
        }
        let living: Vec<Uuid> = keyring.get_many(&all).await.unwrap().into_keys().collect();
        assert_eq!(living, [kept.id()]);
        let dead = keyring.destroyed_among(&all).await.unwrap();
        assert_eq!(dead, keys.iter().map(OpenKey::id).collect());
    }

    keyring.destroy(&[organization.id()]).await.unwrap();
    for keyring in [&keyring, &home.open().await] {
        assert!(matches!(keyring.get(kept.id()).await, Err(KeyError::Destroyed(_))));
        assert!(matches!(keyring.get(other.id()).await, Err(KeyError::Destroyed(_))));
        assert_eq!(keyring.destroyed_among(&all).await.unwrap().len(), 3);
        assert!(keyring.get_many(&all).await.unwrap().is_empty());
    }
}

async fn a_wrong_root_key_is_refused_and_changes_nothing(on: On) {
    let home = Home::new(on).await;
    let keyring = home.open().await;
    tree(&keyring).await;
    drop(keyring);
    let before = home.dump().await;
    let right = std::fs::read(home.root_key()).unwrap();

    let stranger = Home::new(On::Sqlite).await;
    stranger.open().await;
    std::fs::copy(stranger.root_key(), home.root_key()).unwrap();
    let refused = home.try_open().await.unwrap_err();
    assert!(matches!(refused, KeyError::WrongRootKey { .. }), "{refused}");
    assert_eq!(home.dump().await, before);

    std::fs::write(home.root_key(), right).unwrap();
    home.open().await;
}

async fn a_missing_root_key_is_never_replaced(on: On) {
    let home = Home::new(on).await;
    drop(home.open().await);
    let aside = home.folder.path().join("aside");
    std::fs::rename(home.root_key(), &aside).unwrap();
    let refused = home.try_open().await.unwrap_err();
    assert!(matches!(refused, KeyError::RootKeyMissing { .. }), "{refused}");
    assert!(!home.root_key().exists());
    std::fs::rename(&aside, home.root_key()).unwrap();
    home.open().await;
}

async fn creation_is_all_or_nothing(on: On) {
    let home = Home::new(on).await;
    let keyring = home.open().await;
    let (_, channel) = tree(&keyring).await;
    let taken = content(&keyring, &channel, 1).await.pop().unwrap().id();
    let before = home.dump().await;
    // More than one statement, and the last row of the last one is refused.
    let mut wanted = ids(700);
    wanted.push(taken);
    let refused = keyring.create_many(KeyKind::Content, &channel, None, &wanted).await;
    assert!(matches!(refused, Err(KeyError::Database(_))));
    assert_eq!(home.dump().await, before);
    assert!(matches!(keyring.get(wanted[0]).await, Err(KeyError::Missing(_))));
    content(&keyring, &channel, 1).await;
}

async fn a_row_that_is_tampered_with_is_damaged(on: On) {
    let home = Home::new(on).await;
    let keyring = home.open().await;
    let (_, channel) = tree(&keyring).await;
    let (_, foreign) = tree(&keyring).await;
    let keys = content(&keyring, &channel, 2).await;
    let db = home.raw().await;
    let quoted = |id: Uuid| match db.get_database_backend() {
        DbBackend::Postgres => format!("'{id}'"),
        _ => format!("X'{}'", id.simple()),
    };
    let (victim, other) = (quoted(keys[0].id()), quoted(keys[1].id()));
    let changes = [
        "kind = 5".to_owned(),
        "version = 2".to_owned(),
        "parent_version = 2".to_owned(),
        format!("organization_id = {other}"),
        format!("channel_id = {other}"),
        format!("parent_id = {}", quoted(foreign.id())),
        "parent_id = NULL".to_owned(),
        format!("wrapped = (SELECT wrapped FROM keyring_key WHERE id = {other})"),
    ];
    for change in changes {
        let fresh = home.open().await;
        let aside = format!("CREATE TABLE aside AS SELECT * FROM keyring_key WHERE id = {victim}");
        db.execute_unprepared(&aside).await.unwrap();
        db.execute_unprepared(&format!("UPDATE keyring_key SET {change} WHERE id = {victim}"))
            .await
            .unwrap();
        let refused = fresh.get(keys[0].id()).await;
        assert!(matches!(refused, Err(KeyError::Damaged(_))), "{change}: {refused:?}");
        let both = [keys[0].id(), keys[1].id()];
        assert_eq!(fresh.get_many(&both).await.unwrap().len(), 1, "{change}");
        db.execute_unprepared(&format!("DELETE FROM keyring_key WHERE id = {victim}"))
            .await
            .unwrap();
        db.execute_unprepared("INSERT INTO keyring_key SELECT * FROM aside").await.unwrap();
        db.execute_unprepared("DROP TABLE aside").await.unwrap();
        fresh.get(keys[0].id()).await.unwrap();
    }
}

async fn keys_hang_where_they_belong(on: On) {
    let home = Home::new(on).await;
    let keyring = home.open().await;
    let (organization, channel) = tree(&keyring).await;
    let id = organization.organization_id();
    let server = keyring.server_key().await.unwrap();
    let wrong = [
        keyring.create(KeyKind::Channel, id, None, None).await,
        keyring.create(KeyKind::Channel, id, Some(&server), None).await,
        keyring.create(KeyKind::Content, id, Some(&organization), None).await,
        keyring.create(KeyKind::Organization, id, Some(&server), None).await,
        keyring.create(KeyKind::Organization, Uuid::nil(), None, None).await,
        keyring.create(KeyKind::Server, id, None, None).await,
        keyring.create(KeyKind::Content, ids(1)[0], Some(&channel), None).await,
    ];
    for refused in wrong {
        assert!(matches!(refused, Err(KeyError::WrongParent { .. })), "{refused:?}");
    }
    keyring.create(KeyKind::Profile, id, Some(&organization), None).await.unwrap();
}

async fn the_server_has_one_key_however_many_ask(on: On) {
    let home = Home::new(on).await;
    let first = home.open().await;
    let second = home.open().await;
    let asked = (0..8).map(|n| {
        let keyring = if n % 2 == 0 { first.clone() } else { second.clone() };
        async move { keyring.server_key().await.unwrap().id() }
    });
    let mut found = futures::future::join_all(asked).await;
    found.dedup();
    assert_eq!(found.len(), 1);
}

async fn the_forget_list_is_numbered_and_signed(on: On) {
    let home = Home::new(on).await;
    let keyring = home.open().await;
    let (_, channel) = tree(&keyring).await;
    let keys = content(&keyring, &channel, 5).await;
    keyring.destroy(&[keys[0].id(), keys[1].id()]).await.unwrap();
    home.clock.advance(TimeDelta::hours(1));
    keyring.destroy(&[keys[2].id()]).await.unwrap();
    keyring.destroy(&[keys[2].id()]).await.unwrap();

    let keyring = home.open().await;
    let list = keyring.list_forgotten(0, 10).await.unwrap();
    assert_eq!(list.iter().map(|entry| entry.number).collect::<Vec<_>>(), [1, 2]);
    assert_eq!(list[1].ids, [keys[2].id()]);
    assert_eq!(list[1].at, home.clock.now());
    assert_eq!(keyring.list_forgotten(1, 10).await.unwrap(), list[1..]);
    let signer = keyring.get_signer(list[0].signing_key_id).await.unwrap();
    assert_eq!(signer.key_id(), keyring.signer().await.unwrap().key_id());
    let public = signer.public_key();
    for entry in &list {
        assert!(entry.verify(&public));
    }
    let mut forged = list[0].clone();
    forged.ids.pop();
    assert!(!forged.verify(&public));
    let mut forged = list[0].clone();
    forged.number = 3;
    assert!(!forged.verify(&public));
}

async fn another_instances_destruction_is_noticed(on: On) {
    let home = Home::new(on).await;
    let here = home.open().await;
    let there = home.open().await;
    let (_, channel) = tree(&here).await;
    let id = content(&here, &channel, 1).await[0].id();
    there.get(id).await.unwrap();
    here.destroy(&[id]).await.unwrap();
    there.refresh().await.unwrap();
    assert!(matches!(there.get(id).await, Err(KeyError::Destroyed(_))));
}

async fn old_keys_are_listed_as_orphan_candidates(on: On) {
    let home = Home::new(on).await;
    let keyring = home.open().await;
    let (organization, channel) = tree(&keyring).await;
    let mut old = content(&keyring, &channel, 4).await;
    let profile = keyring
        .create(KeyKind::Profile, organization.organization_id(), Some(&organization), None)
        .await
        .unwrap();
    old.push(profile);
    home.clock.advance(TimeDelta::hours(24));
    content(&keyring, &channel, 2).await;
    let gone = old.remove(0).id();
    keyring.destroy(&[gone]).await.unwrap();

    let mut expected: Vec<Uuid> = old.iter().map(OpenKey::id).collect();
    expected.sort();
    let day = home.clock.now() - TimeDelta::hours(23);
    let page = keyring.list_orphan_candidates(day, None, 3).await.unwrap();
    assert_eq!(page, expected[..3]);
    let rest = keyring.list_orphan_candidates(day, page.last().copied(), 3).await.unwrap();
    assert_eq!(rest, expected[3..]);
}

async fn settings_are_kept(on: On) {
    let home = Home::new(on).await;
    let keyring = home.open().await;
    assert_eq!(keyring.find_setting("pairing").await.unwrap(), None);
    assert_eq!(keyring.setting_or("pairing", "one").await.unwrap(), "one");
    assert_eq!(keyring.setting_or("pairing", "two").await.unwrap(), "one");
    keyring.set_setting("pairing", "three").await.unwrap();
    let keyring = home.open().await;
    assert_eq!(keyring.find_setting("pairing").await.unwrap().as_deref(), Some("three"));
    // A caller's setting never touches the keyring's own.
    keyring.set_setting("root_check", "x").await.unwrap();
    home.open().await;
    let identifier = keyring.system_identifier().await.unwrap();
    assert_eq!(identifier.is_some(), on == On::Postgres);
}

/// Everything in the files of a folder, as one.
fn files(folder: &std::path::Path) -> Vec<u8> {
    let mut out = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        out.extend(std::fs::read(entry.unwrap().path()).unwrap());
    }
    out
}

fn contains(haystack: &[u8], needle: &[u8]) -> bool {
    haystack.windows(needle.len()).any(|window| window == needle)
}

#[tokio::test]
async fn a_destroyed_key_leaves_no_wrapped_bytes_in_any_file() {
    let home = Home::new(On::Sqlite).await;
    let keyring = home.open().await;
    let (_, channel) = tree(&keyring).await;
    let keys = content(&keyring, &channel, 40).await;
    let db = home.raw().await;
    let query = Statement::from_string(
        DbBackend::Sqlite,
        "SELECT id, wrapped FROM keyring_key WHERE kind = 4",
    );
    let wrapped: Vec<(Uuid, Vec<u8>)> = db
        .query_all_raw(query)
        .await
        .unwrap()
        .iter()
        .map(|row| (row.try_get_by_index(0).unwrap(), row.try_get_by_index(1).unwrap()))
        .collect();
    db.close().await.unwrap();
    let folder = home.root_key().parent().unwrap().to_owned();
    let before = files(&folder);
    assert_eq!(wrapped.len(), 40);
    assert!(wrapped.iter().all(|(_, bytes)| contains(&before, bytes)), "the search finds them");

    let gone: Vec<Uuid> = keys.iter().take(25).map(OpenKey::id).collect();
    keyring.destroy(&gone).await.unwrap();
    assert!(keyring.scrub().await.unwrap());
    let after = files(&folder);
    for (id, bytes) in wrapped {
        assert_eq!(contains(&after, &bytes), !gone.contains(&id), "{id}");
    }
}

#[tokio::test]
async fn what_others_can_read_is_refused_with_the_remedy() {
    use std::os::unix::fs::PermissionsExt as _;
    let home = Home::new(On::Sqlite).await;
    drop(home.open().await);
    let keys = home.root_key().parent().unwrap().to_owned();
    for (path, right) in [(home.root_key(), 0o600), (keys.join("keyring.db"), 0o600), (keys, 0o700)]
    {
        let mode = || std::fs::metadata(&path).unwrap().permissions().mode() & 0o777;
        let set =
            |mode| std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
        assert_eq!(mode(), right, "{}", path.display());
        for others in [0o040, 0o004, 0o020] {
            set(right | others);
            let refused = home.try_open().await.unwrap_err();
            assert!(matches!(refused, KeyError::Permissions { .. }), "{refused}");
            let remedy = format!("chmod {right:o} '{}'", path.display());
            assert!(refused.to_string().contains(&remedy), "{refused}");
        }
        set(right);
        home.open().await;
    }
}
