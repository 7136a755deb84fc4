//! Randomness for keys and nonces, from the operating system only.

use std::cell::RefCell;

use rand::TryRng as _;
use rand::rngs::SysRng;
use zeroize::Zeroizing;

/// Nonces are drawn this many at a time, because a system call costs more than sealing does.
const NONCES: usize = 256;

/// Bytes of an AES-GCM nonce.
pub(super) const NONCE: usize = 12;

/// A server that cannot draw randomness, or whose cipher refuses to work, must not go on: each
/// value that it sealed would be sealed badly.
pub(super) fn cannot_go_on(what: &str) -> ! {
    tracing::error!(what, "stopping: no secret can be kept safe here");
    std::process::abort()
}

/// Fills `out` with randomness of the operating system.
pub fn random_bytes(out: &mut [u8]) {
    if SysRng.try_fill_bytes(out).is_err() {
        cannot_go_on("the operating system gives no randomness");
    }
}

/// A fresh 256-bit secret.
#[must_use]
pub fn secret() -> Zeroizing<[u8; 32]> {
    let mut out = Zeroizing::new([0; 32]);
    random_bytes(out.as_mut_slice());
    out
}

/// A fresh random nonce.
#[must_use]
pub fn nonce() -> [u8; NONCE] {
    thread_local! {
        static DRAWN: RefCell<Vec<[u8; NONCE]>> = const { RefCell::new(Vec::new()) };
    }
    DRAWN.with_borrow_mut(|drawn| {
        if let Some(nonce) = drawn.pop() {
            return nonce;
        }
        let mut bytes = [0; NONCE * NONCES];
        random_bytes(&mut bytes);
        let (all, _) = bytes.as_chunks::<NONCE>();
        let (first, rest) = match all.split_first() {
            Some((first, rest)) => (*first, rest),
            None => cannot_go_on("no nonce was drawn"),
        };
        drawn.extend_from_slice(rest);
        first
    })
}
