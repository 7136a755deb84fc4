//! Suite 1: HKDF-SHA256 for subkeys, AES-256-GCM for sealing. The only file that calls a cipher.

use aes_gcm::aead::inout::InOutBuf;
use aes_gcm::{AeadInOut as _, Aes256Gcm, KeyInit as _, Nonce, Tag};
use hkdf::Hkdf;
use sha2::Sha256;
use zeroize::Zeroizing;

use super::CryptoError;
use super::random::{self, NONCE, cannot_go_on};

/// The suite's number; part of each value's associated data.
pub(crate) const SUITE: u8 = 1;
/// Bytes of an authentication tag.
pub(crate) const TAG: usize = 16;
/// Bytes before a sealed value's ciphertext: scheme, key version, nonce.
pub(crate) const HEADER: usize = 1 + 4 + NONCE;

/// A secret of 256 bits.
pub(crate) type Secret = Zeroizing<[u8; 32]>;

/// HKDF-Expand (RFC 5869, section 2.3). Our secrets are uniformly random, so that the extract
/// step is left out (section 3.3). `info` starts with a label that no other use starts with.
pub(crate) fn derive(secret: &[u8; 32], info: &[&[u8]]) -> Secret {
    let mut out = Zeroizing::new([0; 32]);
    let done = Hkdf::<Sha256>::from_prk(secret.as_slice())
        .map_err(|_| ())
        .and_then(|hkdf| hkdf.expand_multi_info(info, out.as_mut_slice()).map_err(|_| ()));
    match done {
        Ok(()) => out,
        Err(()) => cannot_go_on("HKDF refused a 256-bit secret"),
    }
}

/// Appends `nonce | ciphertext | tag` of `plain` to `out`. The key seals few values: one place.
pub(crate) fn seal_into(key: &Secret, aad: &[u8], plain: &[u8], out: &mut Vec<u8>) {
    let nonce = random::nonce();
    out.reserve(NONCE + plain.len() + TAG);
    out.extend_from_slice(&nonce);
    let start = out.len();
    out.extend_from_slice(plain);
    let body = out.get_mut(start..).unwrap_or_default();
    let sealed = cipher(key).encrypt_inout_detached(&Nonce::from(nonce), aad, InOutBuf::from(body));
    match sealed {
        Ok(tag) => out.extend_from_slice(&tag),
        Err(aes_gcm::Error) => cannot_go_on("AES-GCM refused to seal"),
    }
}

/// Opens what [`seal_into`] appended.
pub(crate) fn open(
    key: &Secret,
    aad: &[u8],
    sealed: &[u8],
) -> Result<Zeroizing<Vec<u8>>, CryptoError> {
    open_unwiped(key, aad, sealed).map(Zeroizing::new)
}

/// As [`open`], for what need not be wiped. Nothing of it is seen unless the tag fits.
pub(crate) fn open_unwiped(
    key: &Secret,
    aad: &[u8],
    sealed: &[u8],
) -> Result<Vec<u8>, CryptoError> {
    let (nonce, rest) = sealed.split_first_chunk::<NONCE>().ok_or(CryptoError::Malformed)?;
    let (body, tag) = rest.split_last_chunk::<TAG>().ok_or(CryptoError::Malformed)?;
    let mut plain = body.to_vec();
    cipher(key)
        .decrypt_inout_detached(
            &Nonce::from(*nonce),
            aad,
            InOutBuf::from(plain.as_mut_slice()),
            &Tag::from(*tag),
        )
        .map_err(|aes_gcm::Error| CryptoError::NotAuthentic)?;
    Ok(plain)
}

fn cipher(key: &Secret) -> Aes256Gcm {
    Aes256Gcm::new((&**key).into())
}
