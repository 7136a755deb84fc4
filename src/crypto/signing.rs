//! Ed25519 signatures (RFC 8032) for what must be proved to others: the forget-list and
//! deletion statements.

use std::fmt;

use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use uuid::Uuid;

use super::suite;
use super::{KeyKind, OpenKey};

/// Signs for the server. The label keeps one purpose's signature from serving another.
pub struct Signer {
    key_id: Uuid,
    key: SigningKey,
}

impl Signer {
    /// The signer that a key of kind [`KeyKind::Signing`] makes; nothing for other kinds.
    pub(super) fn new(key: &OpenKey) -> Option<Self> {
        (key.kind() == KeyKind::Signing).then(|| {
            let seed = suite::derive(key.secret(), &[b"loket ed25519 1\0"]);
            Self { key_id: key.id(), key: SigningKey::from_bytes(&seed) }
        })
    }

    /// The id of the key: published beside the signature.
    #[must_use]
    pub fn key_id(&self) -> Uuid {
        self.key_id
    }

    /// What others verify with.
    #[must_use]
    pub fn public_key(&self) -> PublicKey {
        PublicKey(self.key.verifying_key().to_bytes())
    }

    /// Signs `data` for the purpose `label` (a constant name, `area.purpose`).
    #[must_use]
    pub fn sign(&self, label: &str, data: &[u8]) -> [u8; 64] {
        self.key.sign(&labelled(label, data)).to_bytes()
    }
}

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Signer").field("key_id", &self.key_id).finish_non_exhaustive()
    }
}

/// A public Ed25519 key: 32 bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PublicKey(pub [u8; 32]);

impl PublicKey {
    /// Whether `signature` is the signer's over `data` for the purpose `label`.
    #[must_use]
    pub fn verify(&self, label: &str, data: &[u8], signature: &[u8]) -> bool {
        let (Ok(key), Ok(signature)) =
            (VerifyingKey::from_bytes(&self.0), Signature::from_slice(signature))
        else {
            return false;
        };
        key.verify_strict(&labelled(label, data), &signature).is_ok()
    }
}

fn labelled(label: &str, data: &[u8]) -> Vec<u8> {
    [b"loket ".as_slice(), label.as_bytes(), b"\0", data].concat()
}
