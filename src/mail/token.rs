//! The Message-ID that we put into an answer, and find again in the customer's reply. It names
//! ticket and message, and a MAC shows that we minted it: nobody can guess a way into a ticket.
//!
//! `lkt.<52 base32 characters>.<26 base32 characters>@domain`: both UUIDs, then 128 bits of
//! HMAC-SHA256 over them and the domain. All lower case, and read in any case, because some
//! servers fold it.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use subtle::ConstantTimeEq;
use uuid::Uuid;

const PREFIX: &str = "lkt.";
const ALPHABET: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";
const MAC_BYTES: usize = 16;

/// A Message-ID, without brackets, for the message of a ticket.
#[must_use]
pub fn mint(key: &[u8; 32], ticket_id: Uuid, message_id: Uuid, domain: &str) -> String {
    let domain = domain.to_lowercase();
    let mut payload = [0_u8; 32];
    for (to, from) in
        payload.iter_mut().zip(ticket_id.as_bytes().iter().chain(message_id.as_bytes()))
    {
        *to = *from;
    }
    let mac = mac(key, &payload, &domain).unwrap_or_default();
    format!("{PREFIX}{}.{}@{domain}", base32(&payload), base32(&mac))
}

/// `(ticket, message)` when we minted it, whatever stands around it and in whatever case.
#[must_use]
pub fn verify(key: &[u8; 32], id: &str) -> Option<(Uuid, Uuid)> {
    let id = id.trim().trim_start_matches('<').trim_end_matches('>').to_ascii_lowercase();
    let (local, domain) = id.split_once('@')?;
    let (payload, given) = local.strip_prefix(PREFIX)?.split_once('.')?;
    let payload: [u8; 32] = unbase32(payload)?.try_into().ok()?;
    let given: [u8; MAC_BYTES] = unbase32(given)?.try_into().ok()?;
    if !bool::from(mac(key, &payload, domain)?.ct_eq(&given)) {
        return None;
    }
    let (ticket, message) = payload.split_at(16);
    Some((Uuid::from_slice(ticket).ok()?, Uuid::from_slice(message).ok()?))
}

/// `None` never happens: HMAC takes keys of any length. Without a MAC nothing is verified.
fn mac(key: &[u8; 32], payload: &[u8; 32], domain: &str) -> Option<[u8; MAC_BYTES]> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).ok()?;
    mac.update(b"loket message-id v1\0");
    mac.update(payload);
    mac.update(domain.as_bytes());
    let mut out = [0_u8; MAC_BYTES];
    for (to, from) in out.iter_mut().zip(mac.finalize().into_bytes()) {
        *to = from;
    }
    Some(out)
}

fn base32(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len() * 8 / 5 + 1);
    let mut buffer: u32 = 0;
    let mut bits = 0_u32;
    let mut push = |value: u32| {
        let digit = ALPHABET.get((value & 31) as usize).copied().unwrap_or(b'a');
        out.push(char::from(digit));
    };
    for byte in bytes {
        buffer = (buffer << 8) | u32::from(*byte);
        bits += 8;
        while bits >= 5 {
            bits -= 5;
            push(buffer >> bits);
            buffer &= (1 << bits) - 1;
        }
    }
    if bits > 0 {
        push(buffer << (5 - bits));
    }
    out
}

/// The reverse; `None` for other characters, and for unused bits that are not zero (so that
/// each token has one spelling).
fn unbase32(text: &str) -> Option<Vec<u8>> {
    if text.len() > 64 {
        return None;
    }
    let mut out = Vec::with_capacity(text.len() * 5 / 8);
    let mut buffer: u32 = 0;
    let mut bits = 0_u32;
    for byte in text.bytes() {
        let value = ALPHABET.iter().position(|a| *a == byte)?;
        buffer = (buffer << 5) | u32::try_from(value).ok()?;
        bits += 5;
        if bits >= 8 {
            bits -= 8;
            out.push(u8::try_from(buffer >> bits).ok()?);
            buffer &= (1 << bits) - 1;
        }
    }
    (buffer == 0).then_some(out)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::{mint, verify};

    proptest! {
        #[test]
        fn a_minted_id_comes_back_in_any_case(key: [u8; 32], ticket: u128, message: u128, upper: bool) {
            let (ticket, message) = (Uuid::from_u128(ticket), Uuid::from_u128(message));
            let id = mint(&key, ticket, message, "Help.Example.org");
            prop_assert!(id.len() < 200);
            let met = if upper { format!("<{}>", id.to_uppercase()) } else { id };
            prop_assert_eq!(verify(&key, &met), Some((ticket, message)));
        }

        #[test]
        fn one_changed_character_is_a_forgery(key: [u8; 32], ticket: u128, at in 0_usize..80, to in "[a-z2-7]") {
            let id = mint(&key, Uuid::from_u128(ticket), Uuid::from_u128(7), "example.org");
            let mut forged = id.clone();
            forged.replace_range(at..=at, &to);
            prop_assume!(forged != id);
            prop_assert_eq!(verify(&key, &forged), None);
        }

        #[test]
        fn another_key_or_text_is_refused(key: [u8; 32], other: [u8; 32], text in ".{0,120}") {
            prop_assume!(key != other);
            let id = mint(&key, Uuid::from_u128(1), Uuid::from_u128(2), "example.org");
            prop_assert_eq!(verify(&other, &id), None);
            prop_assert_eq!(verify(&key, &text), None);
        }
    }

    #[test]
    fn the_domain_is_part_of_it() {
        let key = [7; 32];
        let id = mint(&key, Uuid::from_u128(1), Uuid::from_u128(2), "example.org");
        let moved = id.replace("example.org", "example.com");
        assert!(verify(&key, &id).is_some());
        assert_eq!(verify(&key, &moved), None);
        assert_eq!(id.split_once('@').unwrap().1, "example.org");
    }
}
