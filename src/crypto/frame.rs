//! Sealing for `blob`: many pieces under a secret that was derived for one object.

use zeroize::Zeroizing;

use super::suite::{self, TAG};
use super::{CryptoError, random};

/// What sealing adds.
pub(crate) const OVERHEAD: usize = random::NONCE + TAG;

/// Appends `nonce | ciphertext | tag`. The secret belongs to one object of fewer than 2^32 pieces.
pub(crate) fn seal(secret: &Zeroizing<[u8; 32]>, aad: &[u8], plain: &[u8], out: &mut Vec<u8>) {
    suite::seal_into(secret, aad, plain, out);
}

/// Opens what [`seal`] appended. The result is mail on its way to its reader and is not wiped.
pub(crate) fn open(
    secret: &Zeroizing<[u8; 32]>,
    aad: &[u8],
    sealed: &[u8],
) -> Result<Vec<u8>, CryptoError> {
    suite::open_unwiped(secret, aad, sealed)
}
