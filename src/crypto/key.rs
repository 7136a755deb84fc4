//! A key in memory: seals, opens, blinds and authenticates.

use std::fmt;
use std::sync::Arc;

use uuid::Uuid;
use zeroize::{Zeroize, Zeroizing};

use super::suite::{self, HEADER, SUITE, Secret, TAG};
use super::{BlindDomain, CryptoError, KeyKind, Place, Scheme};

/// A key of the keyring, opened. Cheap to clone; its secret is wiped with the last clone. Hold it
/// for a piece of work, not for long: a key that is destroyed meanwhile still opens here.
#[derive(Clone)]
pub struct OpenKey(Arc<Inner>);

struct Inner {
    identity: KeyIdentity,
    secret: Secret,
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
    pub(crate) fn new(identity: KeyIdentity, secret: Secret) -> Self {
        Self(Arc::new(Inner { identity, secret }))
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
        suite::seal_into(&self.place_key(place), &self.place_aad(place), plain, &mut out);
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
        if found != self.version() {
            return Err(CryptoError::OtherVersion { found, held: self.version() });
        }
        suite::open(&self.place_key(place), &self.place_aad(place), rest)
    }

    /// Opens text.
    pub fn open_string(&self, place: Place, sealed: &[u8]) -> Result<String, CryptoError> {
        let mut plain = self.open(place, sealed)?;
        String::from_utf8(std::mem::take(&mut *plain)).map_err(|wrong| {
            wrong.into_bytes().zeroize();
            CryptoError::NotText
        })
    }

    /// What an exact look-up of `data` compares: the key's version (its lowest byte) and 16 bytes
    /// that say nothing about `data` without the key. Normalize `data` before.
    #[must_use]
    pub fn blind(&self, domain: BlindDomain, data: &[u8]) -> [u8; 17] {
        let full = suite::derive(&self.0.secret, &[b"loket blind 1\0", &[domain.number()], data]);
        let [.., version] = self.version().to_be_bytes();
        let mut out = [version; 17];
        for (to, from) in out.iter_mut().skip(1).zip(full.iter()) {
            *to = *from;
        }
        out
    }

    /// Authenticates `data` for the purpose `domain` (a constant name, `area.purpose`).
    #[must_use]
    pub fn mac(&self, domain: &str, data: &[u8]) -> [u8; 32] {
        *suite::derive(
            &self.0.secret,
            &[b"loket mac 1\0", &domain.len().to_be_bytes(), domain.as_bytes(), data],
        )
    }

    /// A secret of its own for `purpose` (a constant name, `area.purpose`): for code that needs
    /// key bytes, such as Message-ID tokens.
    #[must_use]
    pub fn derive(&self, purpose: &str) -> Zeroizing<[u8; 32]> {
        suite::derive(&self.0.secret, &[b"loket derive 1\0", purpose.as_bytes()])
    }

    fn place_key(&self, place: Place) -> Secret {
        suite::derive(
            &self.0.secret,
            &[
                b"loket value 1\0",
                &place.column.table.to_be_bytes(),
                &place.column.column.to_be_bytes(),
                place.row.as_bytes(),
            ],
        )
    }

    fn place_aad(&self, place: Place) -> [u8; 57] {
        let identity = self.identity();
        let mut aad = [0; 57];
        let parts: [&[u8]; 7] = [
            &[SUITE],
            identity.organization_id.as_bytes(),
            &place.column.table.to_be_bytes(),
            &place.column.column.to_be_bytes(),
            place.row.as_bytes(),
            identity.id.as_bytes(),
            &identity.version.to_be_bytes(),
        ];
        for (to, from) in aad.iter_mut().zip(parts.into_iter().flatten()) {
            *to = *from;
        }
        aad
    }
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
