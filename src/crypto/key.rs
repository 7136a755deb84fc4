//! A key in memory: seals, opens, blinds and authenticates.

use std::fmt;
use std::sync::Arc;

use uuid::Uuid;
use zeroize::{Zeroize, Zeroizing};

use super::suite::{self, HEADER, SUITE, Secret, TAG};
use super::{BlindDomain, CryptoError, KeyKind, Place, Scheme};

/// The version of what compares: there has been one.
const LOOKUP: u8 = 1;

/// A key of the keyring, opened. Cheap to clone; its secret is wiped with the last clone. Hold it
/// for a piece of work, not for long: a key that is destroyed meanwhile still opens here.
#[derive(Clone)]
pub struct OpenKey(Arc<Inner>);

struct Inner {
    identity: KeyIdentity,
    secret: Secret,
    /// What compares and never opens anything: blinds, MACs, tokens. A rotation carries it along,
    /// for what it was made of may be gone or be in other people's mailboxes.
    lookup: Secret,
    /// Secrets from before rotations, newest first: they open, and seal no more.
    older: Vec<Version>,
}

/// A secret that the key had.
#[derive(Clone)]
pub(crate) struct Version {
    pub(crate) version: u32,
    pub(crate) secret: Secret,
}

/// Everything about a key that is not secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct KeyIdentity {
    pub(crate) id: Uuid,
    pub(crate) kind: KeyKind,
    pub(crate) organization_id: Uuid,
    pub(crate) channel_id: Option<Uuid>,
    pub(crate) parent_id: Option<Uuid>,
    pub(crate) version: u32,
}

impl OpenKey {
    /// A key that has had this one secret.
    pub(crate) fn new(identity: KeyIdentity, secret: Secret) -> Self {
        Self::with_older(identity, secret.clone(), secret, Vec::new())
    }

    /// A key that may have been rotated.
    pub(crate) fn with_older(
        identity: KeyIdentity,
        secret: Secret,
        lookup: Secret,
        older: Vec<Version>,
    ) -> Self {
        Self(Arc::new(Inner { identity, secret, lookup, older }))
    }

    pub(crate) fn lookup(&self) -> &Secret {
        &self.0.lookup
    }

    pub(crate) fn older(&self) -> &[Version] {
        &self.0.older
    }

    /// The secret of that version, if the key has it.
    pub(crate) fn secret_of(&self, version: u32) -> Option<&Secret> {
        if version == self.version() {
            return Some(&self.0.secret);
        }
        self.0.older.iter().find(|old| old.version == version).map(|old| &old.secret)
    }

    /// The version that sealed a value, if it tells.
    #[must_use]
    pub fn version_of(sealed: &[u8]) -> Option<u32> {
        let (_, rest) = sealed
            .split_first()
            .filter(|_| matches!(Scheme::of(sealed), Some(Scheme::Aes256Gcm)))?;
        rest.first_chunk().map(|version| u32::from_be_bytes(*version))
    }

    pub(crate) fn identity(&self) -> &KeyIdentity {
        &self.0.identity
    }

    /// The key's id: what rows name it by.
    #[must_use]
    pub fn id(&self) -> Uuid {
        self.0.identity.id
    }

    /// What the key is for.
    #[must_use]
    pub fn kind(&self) -> KeyKind {
        self.0.identity.kind
    }

    /// The organization that it belongs to; nil for a key of the server.
    #[must_use]
    pub fn organization_id(&self) -> Uuid {
        self.0.identity.organization_id
    }

    /// The channel that it belongs to, if any.
    #[must_use]
    pub fn channel_id(&self) -> Option<Uuid> {
        self.0.identity.channel_id
    }

    /// The key that it hangs on; nothing means the root key.
    #[must_use]
    pub fn parent_id(&self) -> Option<Uuid> {
        self.0.identity.parent_id
    }

    /// Counts the secrets that the key has had, from 1.
    #[must_use]
    pub fn version(&self) -> u32 {
        self.0.identity.version
    }

    pub(crate) fn secret(&self) -> &Secret {
        &self.0.secret
    }

    /// Seals `plain` for `place`; adds [`super::SEAL_OVERHEAD`] bytes.
    #[must_use]
    pub fn seal(&self, place: Place, plain: &[u8]) -> Vec<u8> {
        let mut out = Vec::with_capacity(HEADER + plain.len() + TAG);
        out.push(Scheme::Aes256Gcm.number());
        out.extend_from_slice(&self.version().to_be_bytes());
        let key = place_key(&self.0.secret, place);
        suite::seal_into(&key, &self.place_aad(place, self.version()), plain, &mut out);
        out
    }

    /// Opens what [`Self::seal`] sealed for the same `place`.
    pub fn open(&self, place: Place, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, CryptoError> {
        let (&scheme, rest) = sealed.split_first().ok_or(CryptoError::Malformed)?;
        match Scheme::of(sealed) {
            Some(Scheme::Aes256Gcm) => {}
            Some(Scheme::Opaque) => return Err(CryptoError::Opaque),
            None => return Err(CryptoError::UnknownScheme(scheme)),
        }
        let (version, rest) = rest.split_first_chunk().ok_or(CryptoError::Malformed)?;
        let found = u32::from_be_bytes(*version);
        let Some(secret) = self.secret_of(found) else {
            return Err(CryptoError::OtherVersion { found, held: self.version() });
        };
        suite::open(&place_key(secret, place), &self.place_aad(place, found), rest)
    }

    /// Opens text.
    pub fn open_string(&self, place: Place, sealed: &[u8]) -> Result<String, CryptoError> {
        let mut plain = self.open(place, sealed)?;
        String::from_utf8(std::mem::take(&mut *plain)).map_err(|wrong| {
            wrong.into_bytes().zeroize();
            CryptoError::NotText
        })
    }

    /// What an exact look-up of `data` compares: the version of what it is made with (1: rotations
    /// carry it along) and 16 bytes that say nothing about `data` without the key. Normalize `data`
    /// before.
    #[must_use]
    pub fn blind(&self, domain: BlindDomain, data: &[u8]) -> [u8; 17] {
        let full = suite::derive(&self.0.lookup, &[b"loket blind 1\0", &[domain.number()], data]);
        let mut out = [LOOKUP; 17];
        for (to, from) in out.iter_mut().skip(1).zip(full.iter()) {
            *to = *from;
        }
        out
    }

    /// Authenticates `data` for the purpose `domain` (a constant name, `area.purpose`).
    #[must_use]
    pub fn mac(&self, domain: &str, data: &[u8]) -> [u8; 32] {
        *suite::derive(
            &self.0.lookup,
            &[b"loket mac 1\0", &domain.len().to_be_bytes(), domain.as_bytes(), data],
        )
    }

    /// A secret of its own for `purpose` (a constant name, `area.purpose`): for code that needs
    /// key bytes, such as Message-ID tokens.
    #[must_use]
    pub fn derive(&self, purpose: &str) -> Zeroizing<[u8; 32]> {
        suite::derive(&self.0.lookup, &[b"loket derive 1\0", purpose.as_bytes()])
    }

    fn place_aad(&self, place: Place, version: u32) -> [u8; 57] {
        let identity = self.identity();
        let mut aad = [0; 57];
        let parts: [&[u8]; 7] = [
            &[SUITE],
            identity.organization_id.as_bytes(),
            &place.column.table.to_be_bytes(),
            &place.column.column.to_be_bytes(),
            place.row.as_bytes(),
            identity.id.as_bytes(),
            &version.to_be_bytes(),
        ];
        for (to, from) in aad.iter_mut().zip(parts.into_iter().flatten()) {
            *to = *from;
        }
        aad
    }
}

fn place_key(secret: &Secret, place: Place) -> Secret {
    suite::derive(
        secret,
        &[
            b"loket value 1\0",
            &place.column.table.to_be_bytes(),
            &place.column.column.to_be_bytes(),
            place.row.as_bytes(),
        ],
    )
}

impl fmt::Debug for OpenKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OpenKey")
            .field("id", &self.id())
            .field("kind", &self.kind())
            .field("version", &self.version())
            .finish_non_exhaustive()
    }
}
