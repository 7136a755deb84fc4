//! A blob opens whole and in parts, and in no other way than it was sealed.

use std::convert::Infallible;

use futures::TryStreamExt as _;
use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::crypto::test_key;

const ROW: Uuid = Uuid::from_u128(77);

/// Bytes that do not compress.
fn noise(length: usize) -> Vec<u8> {
    let mut out = vec![0; length];
    crate::crypto::random_bytes(&mut out);
    out
}

/// Bytes that do.
fn text(length: usize) -> Vec<u8> {
    (0_u32..).flat_map(|n| format!("line {n}\r\n").into_bytes()).take(length).collect()
}

fn frame_size() -> usize {
    usize::try_from(FRAME).unwrap()
}

/// The sealed frames of a body, by the table's own account.
fn frames(table: &BlobTable, body: &[u8]) -> Vec<Vec<u8>> {
    let parts = table.windows(&(0..table.size()), 1).unwrap();
    parts
        .map(|part| {
            let stored = table.stored_range(&part).unwrap();
            body[usize::try_from(stored.start).unwrap()..usize::try_from(stored.end).unwrap()]
                .to_vec()
        })
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn any_range_of_any_blob_reads_back(
        length in 0_usize..600_000,
        compressible in any::<bool>(),
        (one, two) in any::<(prop::sample::Index, prop::sample::Index)>(),
    ) {
        let key = test_key(1);
        let data = if compressible { text(length) } else { noise(length) };
        let sealed = seal_blob(&key, ROW, &data).unwrap();
        prop_assert_eq!(sealed.size, length as u64);
        prop_assert!(open_blob(&key, ROW, &sealed.table, &sealed.body).unwrap() == data);
        let (one, two) = (one.index(length + 1), two.index(length + 1));
        let (start, end) = (one.min(two), one.max(two));
        let mut read = 0;
        let part = open_range(&key, ROW, &sealed.table, |stored| {
            read += stored.end - stored.start;
            let at = |place| usize::try_from(place).unwrap();
            Ok::<_, Infallible>(sealed.body[at(stored.start)..at(stored.end)].to_vec())
        }, start as u64..end as u64).unwrap();
        prop_assert!(part == data[start..end]);
        let touched = if start == end { 0 } else { end.div_ceil(frame_size()) - start / frame_size() };
        prop_assert!(read <= (touched * (frame_size() + 29)) as u64);
    }

    #[test]
    fn a_flipped_bit_anywhere_is_noticed(bit in any::<prop::sample::Index>(), in_table in any::<bool>()) {
        let key = test_key(1);
        let mut sealed = seal_blob(&key, ROW, &text(300_000)).unwrap();
        let bytes = if in_table { &mut sealed.table } else { &mut sealed.body };
        let bit = bit.index(bytes.len() * 8);
        bytes[bit / 8] ^= 1 << (bit % 8);
        prop_assert!(open_blob(&key, ROW, &sealed.table, &sealed.body).is_err());
    }
}

#[test]
fn frames_open_only_in_their_place() {
    let key = test_key(1);
    let data = noise(frame_size() * 3);
    let sealed = seal_blob(&key, ROW, &data).unwrap();
    let again = seal_blob(&key, ROW, &data).unwrap();
    let other = seal_blob(&key, Uuid::from_u128(78), &data).unwrap();
    let table = BlobTable::open(&key, ROW, &sealed.table).unwrap();
    let own = frames(&table, &sealed.body);
    let older = frames(&table, &again.body);
    let foreign = frames(&table, &other.body);
    let open = |body: Vec<Vec<u8>>| open_blob(&key, ROW, &sealed.table, &body.concat());

    assert!(open(own.clone()).unwrap() == data);
    assert!(open(vec![own[1].clone(), own[0].clone(), own[2].clone()]).is_err(), "swapped");
    assert!(open(vec![own[0].clone(), own[0].clone(), own[2].clone()]).is_err(), "doubled");
    assert!(open(vec![own[0].clone(), own[1].clone()]).is_err(), "cut off");
    assert!(open([own.clone(), vec![own[2].clone()]].concat()).is_err(), "too long");
    assert!(open(vec![own[0].clone(), foreign[1].clone(), own[2].clone()]).is_err(), "spliced");
    assert!(open(vec![own[0].clone(), older[1].clone(), own[2].clone()]).is_err(), "an older one");

    // With another table, row or key nothing opens.
    assert!(open_blob(&key, ROW, &again.table, &sealed.body).is_err());
    assert!(open_blob(&key, ROW, &other.table, &sealed.body).is_err());
    assert!(open_blob(&key, Uuid::from_u128(78), &sealed.table, &sealed.body).is_err());
    assert!(open_blob(&test_key(2), ROW, &sealed.table, &sealed.body).is_err());
}

#[test]
fn what_does_not_compress_hardly_grows_and_what_does_shrinks() {
    let key = test_key(1);
    let data = noise(frame_size() * 8);
    let sealed = seal_blob(&key, ROW, &data).unwrap();
    assert!(sealed.body.len() <= data.len() + 8 * 29);
    assert!(sealed.table.len() < 120);
    let sealed = seal_blob(&key, ROW, &text(1_000_000)).unwrap();
    assert!(sealed.body.len() < 400_000, "{}", sealed.body.len());
    let empty = seal_blob(&key, ROW, &[]).unwrap();
    assert!(empty.body.is_empty());
    assert!(open_blob(&key, ROW, &empty.table, &[]).unwrap().is_empty());
}

#[test]
fn a_range_outside_is_refused() {
    let key = test_key(1);
    let sealed = seal_blob(&key, ROW, b"short").unwrap();
    let table = BlobTable::open(&key, ROW, &sealed.table).unwrap();
    for range in [0..6, 6..7, Range { start: 3, end: 2 }, 0..u64::MAX] {
        assert!(matches!(table.stored_range(&range), Err(BlobError::Range { size: 5, .. })));
    }
}

#[test]
fn a_decompression_bomb_stops_at_the_declared_size() {
    // A sealed frame that expands to more than its table says is refused, not expanded.
    let key = test_key(1);
    let data = vec![0_u8; frame_size()];
    let sealed = seal_blob(&key, ROW, &data).unwrap();
    let table = BlobTable::open(&key, ROW, &sealed.table).unwrap();
    assert!(frame::open(&table, 0, &sealed.body, u64::from(FRAME)).is_ok());
    for expected in [0, 1, u64::from(FRAME) - 1, u64::from(FRAME) + 1] {
        assert!(matches!(
            frame::open(&table, 0, &sealed.body, expected),
            Err(BlobError::Damaged(_))
        ));
    }
}

#[tokio::test]
async fn a_store_keeps_lists_and_forgets() {
    let folder = tempfile::tempdir().unwrap();
    let store = BlobStore::open_folder(&folder.path().join("blobs")).unwrap();
    let key = test_key(1);
    let data = text(5_000_000);
    let sealed = seal_blob(&key, ROW, &data).unwrap();
    let name = BlobName::random();
    assert!(!store.exists(&name).await.unwrap());
    store.put(&name, sealed.body.clone()).await.unwrap();
    assert!(store.exists(&name).await.unwrap());
    let file =
        folder.path().join("blobs").join(name.as_str().get(..2).unwrap()).join(name.as_str());
    assert_eq!(std::fs::read(&file).unwrap(), sealed.body);

    let table = BlobTable::open(&key, ROW, &sealed.table).unwrap();
    assert!(store.open_range(&name, &table, 0..table.size()).await.unwrap() == data);
    let part = store.open_range(&name, &table, 2_000_000..2_300_000).await.unwrap();
    assert!(part == data[2_000_000..2_300_000]);

    // A file that lost its end is damage, not short mail.
    std::fs::write(&file, &sealed.body[..sealed.body.len() - 1]).unwrap();
    assert!(store.open_range(&name, &table, 0..table.size()).await.is_err());

    std::fs::write(folder.path().join("blobs/stray.txt"), "x").unwrap();
    let all: Vec<BlobMeta> = store.list().try_collect().await.unwrap();
    assert_eq!(all.iter().map(|meta| &meta.name).collect::<Vec<_>>(), [&name]);
    store.delete(&name).await.unwrap();
    store.delete(&name).await.unwrap();
    let gone = store.get_range(&name, 0..1).await;
    assert!(matches!(gone, Err(BlobError::Missing(missing)) if missing == name));
}

#[test]
fn only_names_are_names() {
    let name = BlobName::random();
    assert_eq!(name.as_str().parse::<BlobName>().unwrap(), name);
    for wrong in ["", "../../etc/passwd", "ABCDEF0123456789ABCDEF0123456789", "0123"] {
        assert!(wrong.parse::<BlobName>().is_err());
    }
}
