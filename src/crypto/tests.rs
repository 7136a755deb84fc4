//! A sealed value opens where it was sealed and nowhere else.

use std::collections::HashSet;

use proptest::prelude::*;
use uuid::Uuid;
use zeroize::Zeroizing;

use super::key::{KeyIdentity, Version};
use super::*;

/// A key for the tests of what builds on `crypto`.
pub(crate) fn test_key(seed: u8) -> OpenKey {
    key(u128::from(seed), 2, 1, [seed; 32])
}

fn key(id: u128, organization: u128, version: u32, secret: [u8; 32]) -> OpenKey {
    let identity = KeyIdentity {
        id: Uuid::from_u128(id),
        kind: KeyKind::Content,
        organization_id: Uuid::from_u128(organization),
        channel_id: None,
        parent_id: None,
        version,
    };
    OpenKey::new(identity, Zeroizing::new(secret))
}

fn place(table: u16, column: u16, row: u128) -> Place {
    Column { table, column }.of(Uuid::from_u128(row))
}

proptest! {
    #[test]
    fn moving_a_ciphertext_makes_it_unreadable(
        plain in proptest::collection::vec(any::<u8>(), 0..300),
        secret in any::<[u8; 32]>(),
        (table, column, row) in any::<(u16, u16, u128)>(),
        (id, organization, version) in any::<(u128, u128, u32)>(),
        (change, other) in (0_u8..7, 1_u16..),
    ) {
        let home = place(table, column, row);
        let held = key(id, organization, version, secret);
        let sealed = held.seal(home, &plain);
        prop_assert_eq!(sealed.len(), plain.len() + SEAL_OVERHEAD);
        prop_assert_eq!(&*held.open(home, &sealed).unwrap(), &plain);

        let big = u128::from(other);
        let mut foreign = secret;
        foreign[usize::from(other % 32)] ^= 1;
        let moved = match change {
            0 => held.open(place(table ^ other, column, row), &sealed),
            1 => held.open(place(table, column ^ other, row), &sealed),
            2 => held.open(place(table, column, row ^ big), &sealed),
            3 => key(id, organization ^ big, version, secret).open(home, &sealed),
            4 => key(id ^ big, organization, version, secret).open(home, &sealed),
            5 => key(id, organization, version, foreign).open(home, &sealed),
            _ => {
                // Another version is told from damage, and a forged version does not help.
                let version = version ^ u32::from(other);
                let next = key(id, organization, version, secret);
                prop_assert_eq!(
                    next.open(home, &sealed).unwrap_err(),
                    CryptoError::OtherVersion { found: held.version(), held: version }
                );
                let mut forged = sealed.clone();
                forged[1..5].copy_from_slice(&version.to_be_bytes());
                next.open(home, &forged)
            }
        };
        prop_assert_eq!(moved.unwrap_err(), CryptoError::NotAuthentic);
    }

    #[test]
    fn every_flipped_bit_and_every_cut_is_noticed(
        plain in proptest::collection::vec(any::<u8>(), 0..40),
        bit in any::<prop::sample::Index>(),
    ) {
        let held = key(1, 2, 1, [7; 32]);
        let sealed = held.seal(place(1, 1, 1), &plain);
        let bit = bit.index(sealed.len() * 8);
        let mut flipped = sealed.clone();
        flipped[bit / 8] ^= 1 << (bit % 8);
        prop_assert!(held.open(place(1, 1, 1), &flipped).is_err());
        for length in 0..sealed.len() {
            prop_assert!(held.open(place(1, 1, 1), &sealed[..length]).is_err());
        }
        let longer = [sealed.as_slice(), b"\0"].concat();
        prop_assert!(held.open(place(1, 1, 1), &longer).is_err());
    }
}

#[test]
fn the_same_value_never_looks_the_same_twice() {
    let held = key(1, 2, 1, [7; 32]);
    let sealed: HashSet<Vec<u8>> =
        (0..2_000).map(|_| held.seal(place(1, 1, 1), b"the same")).collect();
    assert_eq!(sealed.len(), 2_000);
}

#[test]
fn schemes_are_told_apart() {
    let held = key(1, 2, 1, [7; 32]);
    let opaque = Scheme::opaque(b"sealed by the customer");
    assert_eq!(Scheme::of(&opaque), Some(Scheme::Opaque));
    assert_eq!(held.open(place(1, 1, 1), &opaque).unwrap_err(), CryptoError::Opaque);
    assert_eq!(held.open(place(1, 1, 1), &[9; 60]).unwrap_err(), CryptoError::UnknownScheme(9));
    assert_eq!(held.open(place(1, 1, 1), &[]).unwrap_err(), CryptoError::Malformed);
}

#[test]
fn text_is_text() {
    let held = key(1, 2, 1, [7; 32]);
    let sealed = held.seal(place(1, 1, 1), "straße".as_bytes());
    assert_eq!(held.open_string(place(1, 1, 1), &sealed).unwrap(), "straße");
    let sealed = held.seal(place(1, 1, 1), b"\xff");
    assert_eq!(held.open_string(place(1, 1, 1), &sealed).unwrap_err(), CryptoError::NotText);
}

#[test]
fn blinds_compare_and_tell_nothing_across_domains_and_keys() {
    let held = key(1, 2, 1, [7; 32]);
    let blind = held.blind(BlindDomain::Address, b"jan@example.org");
    assert_eq!(blind, held.blind(BlindDomain::Address, b"jan@example.org"));
    assert_eq!(blind[0], 1);
    assert_ne!(blind, held.blind(BlindDomain::Address, b"jan@example.com"));
    assert_ne!(blind, held.blind(BlindDomain::MessageId, b"jan@example.org"));
    assert_ne!(blind, key(1, 2, 1, [8; 32]).blind(BlindDomain::Address, b"jan@example.org"));
    // What compares is carried along by rotations, so that the key's version says nothing of it.
    assert_eq!(blind, key(1, 2, 2, [7; 32]).blind(BlindDomain::Address, b"jan@example.org"));
}

#[test]
fn purposes_cannot_be_confused() {
    let held = key(1, 2, 1, [7; 32]);
    assert_ne!(held.mac("ab", b"c"), held.mac("a", b"bc"));
    assert_eq!(held.mac("ab", b"c"), held.mac("ab", b"c"));
    assert_ne!(held.derive("a"), held.derive("b"));
    assert_ne!(*held.derive("ab"), held.mac("ab", b""));
}

/// Values and blinds are stored for years: what this version writes must open in all later ones.
#[test]
fn what_was_stored_stays_readable() {
    let held = key(0x11, 0x22, 3, [0x5a; 32]);
    assert_eq!(
        hex::encode(held.blind(BlindDomain::Address, b"jan@example.org")),
        "018a1fc553090c63f4dcf9fc38b8731e6e"
    );
    assert_eq!(
        hex::encode(held.mac("test.mac", b"data")),
        "f50f113fc0372476407f2d4fadb732ac54ada9e6ae681383fe390fbd686123e2"
    );
    let sealed = hex::decode("0100000003000102030405060708090a0b09c23f05a94245c4abbb801a63e1f36a52b0b6c7a996b4749ce0d40711c5").unwrap();
    assert_eq!(held.open_string(place(4, 5, 6), &sealed).unwrap(), "kept for years");
}

#[test]
fn a_rotated_key_opens_what_each_of_its_secrets_sealed() {
    let old = key(1, 2, 1, [7; 32]);
    let sealed = old.seal(place(1, 1, 1), b"before");
    let identity = KeyIdentity { version: 2, ..*old.identity() };
    let retired = Version { version: 1, secret: old.secret().clone() };
    let new = [8; 32];
    let held =
        OpenKey::with_older(identity, Zeroizing::new(new), old.lookup().clone(), vec![retired]);
    assert_eq!(*held.open(place(1, 1, 1), &sealed).unwrap(), *b"before");
    let anew = held.seal(place(1, 1, 1), b"after");
    assert_eq!(OpenKey::version_of(&anew), Some(2));
    assert_eq!(*held.open(place(1, 1, 1), &anew).unwrap(), *b"after");
    assert!(old.open(place(1, 1, 1), &anew).is_err());
    let address = |key: &OpenKey| key.blind(BlindDomain::Address, b"jan@example.org");
    assert_eq!(address(&held), address(&old));
    assert_eq!(held.mac("a", b"b"), old.mac("a", b"b"));
    // The same without the retired secret, as once it is destroyed.
    let later =
        OpenKey::with_older(identity, Zeroizing::new(new), old.lookup().clone(), Vec::new());
    let gone = CryptoError::OtherVersion { found: 1, held: 2 };
    assert_eq!(later.open(place(1, 1, 1), &sealed).unwrap_err(), gone);
}

#[test]
fn nothing_secret_is_printed() {
    let held = key(1, 2, 1, [0xab; 32]);
    let printed = format!("{held:?}");
    assert!(!printed.contains("171") && !printed.contains("abab"), "{printed}");
}
