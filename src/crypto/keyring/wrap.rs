//! Wrapping: a key's secret sealed under its parent's.
//!
//! `wrapped = scheme (1) | nonce (12) | ciphertext (32) | tag (16)`, under a subkey of the parent
//! for this key's id, bound to everything the row says of the key and its parent.

use uuid::Uuid;
use zeroize::Zeroizing;

use super::super::key::KeyIdentity;
use super::super::suite::{self, SUITE, Secret};
use super::super::{KeyError, KeyKind, OpenKey, Scheme};
use super::entity::key;
use super::{Keyring, RootKey};

/// What a key is wrapped under.
#[derive(Clone, Copy)]
pub(super) struct Parent<'a> {
    pub(super) id: Option<Uuid>,
    pub(super) version: u32,
    secret: &'a Secret,
}

impl<'a> From<&'a OpenKey> for Parent<'a> {
    fn from(key: &'a OpenKey) -> Self {
        Self { id: Some(key.id()), version: key.version(), secret: key.secret() }
    }
}

impl<'a> From<&'a RootKey> for Parent<'a> {
    fn from(root: &'a RootKey) -> Self {
        Self { id: None, version: root.version, secret: &root.secret }
    }
}

impl Keyring {
    /// The parent that a key hangs on: the given one or the root key.
    pub(super) fn parent<'a>(&'a self, key: Option<&'a OpenKey>) -> Parent<'a> {
        key.map_or_else(|| Parent::from(&self.0.root), Parent::from)
    }
}

/// Seals `key`'s secret.
pub(super) fn wrap(parent: Parent<'_>, identity: &KeyIdentity, secret: &Secret) -> Vec<u8> {
    let mut out = vec![Scheme::Aes256Gcm.number()];
    let subkey = subkey(parent, identity);
    suite::seal_into(&subkey, &aad(parent, identity), secret.as_slice(), &mut out);
    out
}

/// Opens a row. Whatever does not fit exactly is damage.
pub(super) fn unwrap(parent: Parent<'_>, row: &key::Model) -> Result<OpenKey, KeyError> {
    let damaged = || KeyError::Damaged(row.id);
    let wrapped = row.wrapped.as_deref().ok_or(KeyError::Destroyed(row.id))?;
    let identity = identity(row).ok_or_else(damaged)?;
    if identity.parent_id != parent.id || u32::try_from(row.parent_version) != Ok(parent.version) {
        return Err(damaged());
    }
    let sealed = match wrapped.split_first() {
        Some((scheme, sealed)) if *scheme == Scheme::Aes256Gcm.number() => sealed,
        _ => return Err(damaged()),
    };
    let opened = suite::open(&subkey(parent, &identity), &aad(parent, &identity), sealed)
        .map_err(|_| damaged())?;
    let mut secret = Zeroizing::new([0; 32]);
    if opened.len() != secret.len() {
        return Err(damaged());
    }
    secret.copy_from_slice(&opened);
    Ok(OpenKey::new(identity, secret))
}

fn identity(row: &key::Model) -> Option<KeyIdentity> {
    Some(KeyIdentity {
        id: row.id,
        kind: KeyKind::from_number(u8::try_from(row.kind).ok()?)?,
        organization_id: row.organization_id,
        channel_id: row.channel_id,
        parent_id: row.parent_id,
        version: u32::try_from(row.version).ok()?,
    })
}

fn subkey(parent: Parent<'_>, identity: &KeyIdentity) -> Secret {
    suite::derive(parent.secret, &[b"loket wrap 1\0", identity.id.as_bytes()])
}

fn aad(parent: Parent<'_>, identity: &KeyIdentity) -> Vec<u8> {
    let optional = |id: Option<Uuid>| id.unwrap_or_default().into_bytes();
    [
        [SUITE, identity.kind.number()].as_slice(),
        &identity.version.to_be_bytes(),
        identity.organization_id.as_bytes(),
        &optional(identity.channel_id),
        &optional(parent.id),
        &parent.version.to_be_bytes(),
    ]
    .concat()
}
