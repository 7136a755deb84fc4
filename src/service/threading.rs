//! What makes a mail find its ticket: the key of the token in the Message-IDs that we send.

use zeroize::Zeroizing;

use crate::crypto::OpenKey;

/// The key that signs and checks the token in a channel's Message-IDs (`mail::token`).
#[must_use]
pub fn token_key(channel_key: &OpenKey) -> Zeroizing<[u8; 32]> {
    channel_key.derive("message-id token 1")
}
