//! Wrapping: a key's secret sealed under its parent's.
//!
//! `wrapped = scheme (1) | nonce (12) | ciphertext (32 or 64) | tag (16)`, under a subkey of the
//! parent for this key's id, bound to everything the row says of the key and its parent. The second
//! 32 bytes, of a key that was rotated, are what it compares with ([`OpenKey::lookup`]).

use uuid::Uuid;
use zeroize::Zeroizing;

use super::super::key::{KeyIdentity, Version};
use super::super::suite::{self, SUITE, Secret};
use super::super::{KeyError, KeyKind, OpenKey, Scheme};
use super::entity::{key, retired};
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
    wrap_bytes(parent, identity, secret.as_slice())
}

/// Seals an open key's secret as it is now.
pub(super) fn wrap_key(parent: Parent<'_>, key: &OpenKey) -> Vec<u8> {
    if key.secret() == key.lookup() {
        return wrap(parent, key.identity(), key.secret());
    }
    let both = Zeroizing::new([key.secret().as_slice(), key.lookup().as_slice()].concat());
    wrap_bytes(parent, key.identity(), &both)
}

fn wrap_bytes(parent: Parent<'_>, identity: &KeyIdentity, bytes: &[u8]) -> Vec<u8> {
    let mut out = vec![Scheme::Aes256Gcm.number()];
    suite::seal_into(&subkey(parent, identity), &aad(parent, identity), bytes, &mut out);
    out
}

/// Opens a row with the secrets that it had before. Whatever does not fit exactly is damage.
pub(super) fn unwrap(
    parent: Parent<'_>,
    row: &key::Model,
    retired: &[retired::Model],
) -> Result<OpenKey, KeyError> {
    let damaged = || KeyError::Damaged(row.id);
    let wrapped = row.wrapped.as_deref().ok_or(KeyError::Destroyed(row.id))?;
    let identity = identity(row).ok_or_else(damaged)?;
    if identity.parent_id != parent.id || u32::try_from(row.parent_version) != Ok(parent.version) {
        return Err(damaged());
    }
    let opened = unwrap_bytes(parent, &identity, wrapped).ok_or_else(damaged)?;
    let (secret, lookup) = match opened.split_first_chunk::<32>() {
        Some((secret, [])) => (secret, secret),
        Some((secret, rest)) => (secret, rest.first_chunk::<32>().ok_or_else(damaged)?),
        None => return Err(damaged()),
    };
    let mut older = Vec::with_capacity(retired.len());
    for old in retired.iter().filter(|old| old.key_id == row.id) {
        let Some(wrapped) = old.wrapped.as_deref() else { continue };
        let version = u32::try_from(old.version).map_err(|_| damaged())?;
        let of_old = KeyIdentity { version, ..identity };
        let opened = unwrap_bytes(parent, &of_old, wrapped).ok_or_else(damaged)?;
        let secret = opened.first_chunk::<32>().ok_or_else(damaged)?;
        older.push(Version { version, secret: Zeroizing::new(*secret) });
    }
    older.sort_by_key(|old| std::cmp::Reverse(old.version));
    let (secret, lookup) = (Zeroizing::new(*secret), Zeroizing::new(*lookup));
    Ok(OpenKey::with_older(identity, secret, lookup, older))
}

fn unwrap_bytes(
    parent: Parent<'_>,
    identity: &KeyIdentity,
    wrapped: &[u8],
) -> Option<Zeroizing<Vec<u8>>> {
    let (scheme, sealed) = wrapped.split_first()?;
    if *scheme != Scheme::Aes256Gcm.number() {
        return None;
    }
    suite::open(&subkey(parent, identity), &aad(parent, identity), sealed).ok()
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
