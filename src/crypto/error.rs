//! What can go wrong with a value and with a key.

use std::path::PathBuf;

use sea_orm::DbErr;
use uuid::Uuid;

use super::KeyKind;

/// Why a sealed value could not be opened.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CryptoError {
    /// Shorter than any sealed value, or otherwise not in our format.
    #[error("the sealed value is cut short or malformed")]
    Malformed,
    /// The first byte names a scheme that this build does not know.
    #[error("the sealed value uses scheme {0}, which this version of Loket does not know")]
    UnknownScheme(u8),
    /// The value was sealed with a key that the server does not have, on purpose.
    #[error("the value is sealed with a key that only its owner holds")]
    Opaque,
    /// The value was sealed under another version of this key.
    #[error("the value was sealed under version {found} of its key, this is version {held}")]
    OtherVersion {
        /// The version that the value names.
        found: u32,
        /// The version of the key at hand.
        held: u32,
    },
    /// Altered, moved from another place, or sealed by another key.
    #[error("the sealed value is not authentic here: altered, moved or sealed by another key")]
    NotAuthentic,
    /// Opened, but not text.
    #[error("the opened value is not text")]
    NotText,
}

/// Why the keyring could not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The keyring has no such key.
    #[error("key {0} is not in the keyring")]
    Missing(Uuid),
    /// The key, or one above it, has been destroyed.
    #[error("key {0} has been destroyed")]
    Destroyed(Uuid),
    /// The row does not open under its parent.
    #[error("key {0} is damaged: it does not open under its parent")]
    Damaged(Uuid),
    /// A key of this kind cannot hang there.
    #[error("a {kind:?} key cannot hang on {parent:?}")]
    WrongParent {
        /// The key that was to be made.
        kind: KeyKind,
        /// What it was to hang on; nothing means the root key.
        parent: Option<KeyKind>,
    },
    /// Server and signing keys are never destroyed by themselves.
    #[error("key {0} belongs to the whole server and is not destroyed alone")]
    Protected(Uuid),
    /// The root key is not the one that this keyring was made with.
    #[error("the root key {} does not belong to this keyring; nothing was changed. \
             Put back the root key that was in use before, or the keyring that belongs to this one",
            path.display())]
    WrongRootKey {
        /// The root key's file.
        path: PathBuf,
    },
    /// Keys of tickets, messages and profiles are not rotated: what they seal is sealed anew.
    #[error("key {0} is of a kind that is not rotated")]
    NotRotated(Uuid),
    /// A keyring from before a rotation whose old secret has been destroyed since.
    #[error(
        "this keyring is from before key {key} was rotated to version {version}, and what is \
             sealed since then would not open; nothing was changed. Restore a backup of the \
             keyring that was made after the rotation"
    )]
    BeforeRotation {
        /// The key.
        key: Uuid,
        /// The version that it must have at least.
        version: u32,
    },
    /// The root key from before a rotation is the one that opens this keyring.
    #[error("this keyring is from before the root key was changed; nothing was changed. The root key \
             that opens it is {}: put it in the place of {}, or restore a newer keyring",
            previous.display(), path.display())]
    PreviousRootKey {
        /// The root key's file.
        path: PathBuf,
        /// The one from before.
        previous: PathBuf,
    },
    /// A keyring that is in use, and no root key.
    #[error("the keyring holds keys, but the root key {} is missing: restore it from its copy",
            path.display())]
    RootKeyMissing {
        /// Where it was looked for.
        path: PathBuf,
    },
    /// There is no keyring, and none may be made.
    #[error("there is no keyring here")]
    NotFounded,
    /// The root key file is not one.
    #[error("the root key {} cannot be used: {problem}", path.display())]
    RootKeyFile {
        /// The root key's file.
        path: PathBuf,
        /// What is wrong with it.
        problem: &'static str,
    },
    /// Others may read what must be private.
    #[error("others can read {} (mode {mode:04o}). Run: chmod {wanted:03o} '{}'",
            path.display(), path.display())]
    Permissions {
        /// The file or folder.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
        /// The bits that it should have.
        wanted: u32,
    },
    /// A file or folder could not be read or written.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What the operating system said.
        source: std::io::Error,
    },
    /// The keyring was written by a newer Loket.
    #[error(
        "the keyring has format {found}, this version of Loket knows up to {known}: upgrade it"
    )]
    NewerSchema {
        /// The keyring's version.
        found: u32,
        /// The newest version that this build knows.
        known: u32,
    },
    /// SQLite did not accept a setting that secrecy or durability depends on.
    #[error("SQLite did not accept {name}: it answers {found:?}")]
    Setting {
        /// The pragma.
        name: &'static str,
        /// What it reads back as.
        found: String,
    },
    /// A forget-list entry that does not verify or does not continue the list.
    #[error("forget-list entry {0} is not authentic or does not follow the one before it")]
    ForgetList(u64),
    /// The keyring's database.
    #[error("the keyring's database failed")]
    Database(#[from] DbErr),
}
