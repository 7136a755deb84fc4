//! The copies of the forget-list agree, or nothing is served. A database that was put back (by
//! `loket restore`, or by hand) lacks what was forgotten since; another copy knows it.
//!
//! 1. [`Union::add`] takes in a copy: the keyring's, the data's, the files'. Two entries of one
//!    number that differ are a contradiction.
//! 2. [`Union::check`] finds what is missing and what nobody signed.
//! 3. [`replay`] destroys again, writes each database what it lacks, and removes the objects and rows
//!    that hang on what is gone ([`super::forgotten`]).
//!
//! [`at_start`] does all three before a server is opened.

use std::collections::BTreeMap;

use uuid::Uuid;

use super::error::Result;
use super::forgotten::{self, Swept};
use super::{Db, Store, erased, forget, restored, rotations};
use crate::blob::BlobStore;
use crate::crypto::{ForgetEntry, ForgetKind, KeyError, Keyring};

/// Entries in a query.
const BATCH: u64 = 200;

/// Objects whose keys are looked up at once.
const OBJECTS: usize = 500;

/// Why the copies of the forget-list cannot be put together.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Disagreement {
    /// Two copies have different entries of one number.
    #[error(
        "two copies of the forget-list contradict each other in entry {number} ({place}). One of \
         them was altered, or is of another server or of one that went its own way after a \
         restore. Put back the database that was in use last"
    )]
    Contradiction {
        /// The entry.
        number: u64,
        /// The copy that does not fit the others.
        place: String,
    },
    /// Entries are missing.
    #[error(
        "the forget-list is incomplete: it lacks entry {number} of {last}, so that something \
         forgotten could come back. Bring a complete copy (the file forget-list beside the \
         backups, or backup.forget_list)"
    )]
    Missing {
        /// The first that is missing.
        number: u64,
        /// How many there must be.
        last: u64,
    },
    /// An entry that this server has not signed.
    #[error(
        "entry {number} of the forget-list is not authentic: it was altered, or another server \
         wrote it. Bring a copy that is as it was written"
    )]
    NotAuthentic {
        /// The entry.
        number: u64,
    },
    /// Data from before a rotation whose old secret is destroyed.
    #[error(
        "this data is from before key {key} was rotated, and the secret that sealed it has been \
         destroyed since: it would not open. Restore a backup of the data that was made after \
         the rotation"
    )]
    DataBeforeRotation {
        /// The key.
        key: Uuid,
    },
    /// A copy that must be there is not, or cannot be read.
    #[error("the forget-list is incomplete: its copy {place} cannot be read")]
    Unreadable {
        /// The copy.
        place: String,
    },
}

/// All that any copy knows.
#[derive(Debug, Clone, Default)]
pub struct Union {
    entries: BTreeMap<u64, ForgetEntry>,
    last: u64,
}

impl Union {
    /// Takes in a copy.
    pub fn add(&mut self, place: &str, entries: Vec<ForgetEntry>) -> Result<(), Disagreement> {
        for entry in entries {
            self.last = self.last.max(entry.number);
            match self.entries.get(&entry.number) {
                Some(known) if *known != entry => {
                    let number = entry.number;
                    return Err(Disagreement::Contradiction { number, place: place.to_owned() });
                }
                Some(_) => {}
                None => drop(self.entries.insert(entry.number, entry)),
            }
        }
        Ok(())
    }

    /// The list must reach this number: a manifest says so.
    pub fn reaches(&mut self, number: u64) {
        self.last = self.last.max(number);
    }

    /// The number that it must reach.
    #[must_use]
    pub fn last(&self) -> u64 {
        self.last
    }

    /// Everything that is wrong with it: entries that nobody here signed are taken out, and what
    /// is missing is told once.
    pub async fn check(&mut self, keyring: &Keyring) -> Result<Vec<Disagreement>> {
        let mut wrong = Vec::new();
        for (number, entry) in &self.entries {
            if !keyring.has_signed(entry).await? {
                wrong.push(Disagreement::NotAuthentic { number: *number });
            }
        }
        for problem in &wrong {
            if let Disagreement::NotAuthentic { number } = problem {
                self.entries.remove(number);
            }
        }
        if wrong.is_empty()
            && let Some(number) = (1..=self.last).find(|number| !self.entries.contains_key(number))
        {
            wrong.push(Disagreement::Missing { number, last: self.last });
        }
        Ok(wrong)
    }

    /// The entries, in order.
    #[must_use]
    pub fn entries(&self) -> Vec<ForgetEntry> {
        self.entries.values().cloned().collect()
    }
}

/// What a replay did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Replay {
    /// Entries that the keyring had lacked.
    pub keyring_entries: u64,
    /// Entries that the data had lacked.
    pub data_entries: u64,
    /// Keys that were destroyed again.
    pub keys: u64,
    /// Rows that hung on keys that are gone.
    pub swept: Swept,
}

/// Writes each database what it lacks, and does what the entries say.
pub async fn replay(store: &Store, blobs: &BlobStore, union: &Union) -> Result<Replay> {
    let entries = union.entries();
    let of_data: std::collections::BTreeSet<u64> =
        all_of_data(store).await?.iter().map(|entry| entry.number).collect();
    let lacking: Vec<ForgetEntry> =
        entries.iter().filter(|entry| !of_data.contains(&entry.number)).cloned().collect();
    let replayed = store.keyring().replay(&entries).await?;
    rotations::check(store).await?;
    // Objects while their rows name them; then the rows: what breaks off between is done again, for the
    // data still lacks the entries.
    remove_dead_objects(store, blobs).await?;
    // Only what was destroyed: the ids of other entries are of keys that live.
    let mut swept = Swept::default();
    for entry in lacking.iter().filter(|entry| entry.kind == ForgetKind::Erased) {
        swept.tombstones += erased::bring_tombstones(store, &entry.ids, entry.at).await?;
    }
    let destroyed = lacking.iter().filter(|entry| entry.kind.is_end());
    let gone: Vec<_> = destroyed.flat_map(|entry| entry.ids.iter().copied()).collect();
    swept.add(forgotten::sweep(store, &gone).await?);
    forget::add(store, &lacking).await?;
    forget::copy(store).await?;
    Ok(Replay {
        keyring_entries: replayed.entries,
        data_entries: lacking.len() as u64,
        keys: replayed.keys,
        swept,
    })
}

/// Removes the objects whose keys are destroyed. One whose key is only missing stays: a keyring that is
/// newer may have it.
async fn remove_dead_objects(store: &Store, blobs: &BlobStore) -> Result<()> {
    let objects = restored::objects(store).await?;
    for chunk in objects.chunks(OBJECTS) {
        let ids: Vec<Uuid> = chunk.iter().map(|(_, key)| *key).collect();
        let living = store.keyring().get_many(&ids).await?;
        for (name, key) in chunk.iter().filter(|(_, key)| !living.contains_key(key)) {
            if let Err(KeyError::Destroyed(_)) = store.keyring().get(*key).await {
                blobs.delete(&name.parse()?).await?;
            }
        }
    }
    Ok(())
}

/// Compares the copies of a server that is about to start, and replays what any of them lacks.
/// Refuses, with nothing changed, if they contradict each other.
pub async fn at_start(store: &Store, blobs: &BlobStore) -> Result<Replay> {
    let (in_data, in_keyring) =
        (forget::last_number(store).await?, store.keyring().last_forgotten().await?);
    let mut newer_files = Vec::new();
    for file in store.backups().map(crate::backup::Settings::forget_files).unwrap_or_default() {
        let reader = file.clone();
        // One that cannot be read is told of when it is written.
        match forget::blocking(&file, move || reader.last()).await {
            Ok(Some(last)) if last.number > in_keyring => newer_files.push(file),
            Ok(_) => {}
            Err(error) => {
                let (file, cause) = (file.path().display(), &error as &dyn std::error::Error);
                tracing::error!(%file, error = cause, "a copy of the forget-list is damaged");
            }
        }
    }
    compare(store, in_data.min(in_keyring)).await?;
    if in_data == in_keyring && newer_files.is_empty() {
        rotations::check(store).await?;
        forget::copy(store).await?;
        return Ok(Replay::default());
    }
    let mut union = Union::default();
    union.add("the keyring", all_of_keyring(store.keyring()).await?)?;
    let known: Vec<u64> = union.entries.keys().copied().collect();
    union.add("the data", all_of_data(store).await?)?;
    for file in newer_files {
        let reader = file.clone();
        let entries = forget::blocking(&file, move || reader.read()).await?.unwrap_or_default();
        union.add(&file.path().display().to_string(), entries)?;
    }
    // What both databases lack since an operator's override stays lacking.
    let found = union.check(store.keyring()).await?;
    let new_gap = |number: u64| known.last().is_none_or(|last| number > *last);
    for problem in found {
        match problem {
            Disagreement::Missing { number, .. } if !new_gap(number) => {}
            other => return Err(other.into()),
        }
    }
    let done = replay(store, blobs, &union).await?;
    tracing::warn!(
        keyring_entries.count = done.keyring_entries,
        data_entries.count = done.data_entries,
        keys.count = done.keys,
        messages.count = done.swept.messages,
        "a database was older than the forget-list: what is forgotten was destroyed again"
    );
    Ok(done)
}

/// Up to `last` both databases must say the same.
async fn compare(store: &Store, last: u64) -> Result<()> {
    let mut after = 0;
    while after < last {
        let keys = store.keyring().list_forgotten(after, BATCH).await?;
        let data = forget::list(store.db(), after, BATCH).await?;
        for (key, data) in keys.iter().zip(&data) {
            if key.number > last && data.number > last {
                return Ok(());
            }
            if key != data {
                let number = key.number.min(data.number);
                let place = "data and keyring".to_owned();
                return Err(Disagreement::Contradiction { number, place }.into());
            }
        }
        match keys.get(..keys.len().min(data.len())).and_then(<[_]>::last) {
            Some(newest) => after = newest.number,
            None => return Ok(()),
        }
    }
    Ok(())
}

/// All of the keyring's copy.
pub async fn all_of_keyring(keyring: &Keyring) -> Result<Vec<ForgetEntry>> {
    let mut all: Vec<ForgetEntry> = Vec::new();
    loop {
        let after = all.last().map_or(0, |entry| entry.number);
        let mut page = keyring.list_forgotten(after, BATCH).await?;
        if page.is_empty() {
            return Ok(all);
        }
        all.append(&mut page);
    }
}

/// All of the data's copy.
pub async fn all_of_data(store: &Store) -> Result<Vec<ForgetEntry>> {
    all_of_database(store.db()).await
}

/// All of the copy in a database that no store is open over.
pub async fn all_of_database(db: &Db) -> Result<Vec<ForgetEntry>> {
    if super::pairing::of_database(db).await?.is_none() {
        return Ok(Vec::new());
    }
    let mut all: Vec<ForgetEntry> = Vec::new();
    loop {
        let after = all.last().map_or(0, |entry| entry.number);
        let mut page = forget::list(db, after, BATCH).await?;
        if page.is_empty() {
            return Ok(all);
        }
        all.append(&mut page);
    }
}
