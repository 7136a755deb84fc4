//! Sealed values, the keyring, the blind index, signatures.
//!
//! What happens here, in order:
//! 1. [`Keyring::open`] opens the keyring, a database of its own, with the root key ([`root`]).
//! 2. [`Keyring::create`] and [`Keyring::create_many`] draw keys from the operating system, wrap
//!    them under their parent (root → server, organization → channel → content; a profile hangs
//!    on its organization) and commit them. Only then may data name them.
//! 3. [`Keyring::get`] opens a key into memory as an [`OpenKey`].
//! 4. [`OpenKey::seal`] and [`OpenKey::open`] turn a column's value into ciphertext that is bound
//!    to its [`Place`] and back; [`OpenKey::blind`] makes what an exact look-up compares;
//!    [`OpenKey::mac`] and [`OpenKey::derive`] serve what is not a column.
//! 5. [`Keyring::destroy`] forgets keys: what they sealed cannot be read again, in no backup.
//!
//! # A sealed value
//! ```text
//! scheme (1) | key version (4, big endian) | nonce (12) | ciphertext | tag (16)
//! ```
//! Scheme 1 is AES-256-GCM under a subkey that HKDF-Expand (RFC 5869, SHA-256) makes for each
//! place, so that a random nonce never has to be unique over more than one column of one row.
//! The associated data binds the suite, the organization, the table, the column, the row, the
//! key's id and its version: a ciphertext that is moved anywhere does not open.
//! Scheme 255 marks content that only somebody else's key opens ([`Scheme::Opaque`]).
//!
//! # To extend
//! - A new column: a constant with a new number in `store`; numbers are permanent.
//! - A new blind index: a variant of [`BlindDomain`] with a new number.
//! - A new cipher: a variant of [`Scheme`]; the old one keeps opening what it sealed.
//! - A change to the keyring's tables: a further entry in `keyring/schema.rs`.
//!
//! Nothing here knows a table of the data database, and no secret is ever printed.

mod error;
pub(crate) mod frame;
mod key;
mod keyring;
mod place;
mod random;
mod root;
mod signing;
mod suite;

pub use error::{CryptoError, KeyError};
pub use key::OpenKey;
pub use keyring::{
    CACHED_KEYS, ForgetEntry, ForgetKind, Keyring, KeyringLocation, KeyringOptions, Replayed,
    Rotated, UpperKey,
};
pub use place::{BlindDomain, Column, KeyKind, Place, Scheme};
pub use random::{nonce, random_bytes, secret};
pub use signing::{PublicKey, Signer};

/// Bytes that sealing adds to a value.
pub const SEAL_OVERHEAD: usize = suite::HEADER + suite::TAG;

#[cfg(test)]
mod tests;
#[cfg(test)]
pub(crate) use tests::test_key;
