use std::fs;
use std::io::Write as _;
use std::path::Path;

use tantivy::Directory as _;
use tantivy::directory::TerminatingWrite as _;
use zeroize::Zeroizing;

use super::{BLOCK, BlockCache, HEADER, SEALED, SealedDirectory};

fn cache() -> BlockCache {
    BlockCache::new(1 << 20)
}

fn key(byte: u8) -> Zeroizing<[u8; 32]> {
    Zeroizing::new([byte; 32])
}

/// Bytes that tell where they are.
fn text(length: usize) -> Vec<u8> {
    (0_u32..).flat_map(u32::to_le_bytes).take(length).collect()
}

fn put(directory: &SealedDirectory, name: &str, content: &[u8]) {
    let mut file = directory.open_write(Path::new(name)).expect("opens");
    for part in content.chunks(1_000) {
        file.write_all(part).expect("writes");
    }
    file.terminate().expect("ends");
}

fn read(directory: &SealedDirectory, name: &str) -> Result<Vec<u8>, String> {
    let file = directory.get_file_handle(Path::new(name)).map_err(|error| error.to_string())?;
    let all = file.read_bytes(0..file.len()).map_err(|error| error.to_string())?;
    Ok(all.to_vec())
}

#[test]
fn any_range_of_a_file_of_any_length_reads_back() {
    let home = tempfile::tempdir().expect("a folder");
    let directory =
        SealedDirectory::create(&home.path().join("i"), key(1), cache()).expect("creates");
    for length in [0, 1, BLOCK - 1, BLOCK, BLOCK + 1, 3 * BLOCK, 5 * BLOCK + 77] {
        let name = format!("f{length}");
        let content = text(length);
        put(&directory, &name, &content);
        assert_eq!(read(&directory, &name).expect("reads"), content, "{length}");
        let file = directory.get_file_handle(Path::new(&name)).expect("opens");
        for (from, to) in [(0, length / 2), (length / 3, length), (length / 2, length / 2)] {
            let part = file.read_bytes(from..to).expect("reads");
            assert_eq!(part.as_slice(), &content[from..to], "{length}: {from}..{to}");
        }
        assert!(file.read_bytes(0..length + 1).is_err(), "beyond its end");
        // The size says no more than how many blocks there are, and one has room left.
        let size = fs::metadata(home.path().join("i").join(&name)).expect("is there").len();
        assert_eq!(size, (HEADER + (length / BLOCK + 1) * SEALED) as u64, "{length}");
    }
}

#[test]
fn nothing_that_was_moved_cut_off_or_put_elsewhere_opens() {
    let home = tempfile::tempdir().expect("a folder");
    let folder = home.path().join("i");
    let directory = SealedDirectory::create(&folder, key(1), cache()).expect("creates");
    let content = text(3 * BLOCK + 9);
    put(&directory, "f", &content);
    let good = fs::read(folder.join("f")).expect("reads");
    let block = |number: usize| HEADER + number * SEALED..HEADER + (number + 1) * SEALED;
    let mut swapped = good.clone();
    swapped[block(0)].copy_from_slice(&good[block(1)]);
    swapped[block(1)].copy_from_slice(&good[block(0)]);
    let mut flipped = good.clone();
    flipped[HEADER + SEALED + 20] ^= 1;
    let mut salted = good.clone();
    salted[6] ^= 1;
    let spoilt = [
        ("swapped", swapped),
        ("flipped", flipped),
        ("another salt", salted),
        ("without its last block", good[..HEADER + 3 * SEALED].to_vec()),
        ("cut off", good[..good.len() - 1].to_vec()),
        ("cut within a block", good[..HEADER + SEALED + 5].to_vec()),
        ("a block too many", [&good[..], &good[block(0)]].concat()),
        ("only its head", good[..HEADER].to_vec()),
        ("empty", Vec::new()),
    ];
    for (what, bytes) in spoilt {
        fs::write(folder.join("f"), bytes).expect("writes");
        let fresh = SealedDirectory::new(&folder, key(1), cache(), 0);
        assert!(read(&fresh, "f").is_err(), "{what}");
    }
    fs::write(folder.join("f"), &good).expect("writes");
    fs::write(folder.join("g"), &good).expect("writes");
    let fresh = SealedDirectory::new(&folder, key(1), cache(), 0);
    assert_eq!(read(&fresh, "f").expect("as it was"), content);
    assert!(read(&fresh, "g").is_err(), "under another name");
    assert!(read(&SealedDirectory::new(&folder, key(2), cache(), 0), "f").is_err(), "another key");
}

#[test]
fn an_older_copy_of_the_list_of_segments_is_refused() {
    let home = tempfile::tempdir().expect("a folder");
    let folder = home.path().join("i");
    let meta = Path::new("meta.json");
    let directory = SealedDirectory::create(&folder, key(1), cache()).expect("creates");
    directory.atomic_write(meta, b"first").expect("writes");
    let first = fs::read(folder.join(meta)).expect("reads");
    directory.atomic_write(meta, b"second, which ends in zeros \x80\0\0").expect("writes");
    assert_eq!(first.len(), fs::read(folder.join(meta)).expect("reads").len());
    let number = directory.number();
    let open = |at_least| SealedDirectory::open(&folder, key(1), cache(), at_least);
    let again = open(number).expect("opens");
    assert_eq!(again.atomic_read(meta).expect("reads"), b"second, which ends in zeros \x80\0\0");
    fs::write(folder.join(meta), first).expect("writes");
    assert!(open(number).is_err());
    // What was never there is not as new either.
    fs::remove_file(folder.join(meta)).expect("removes");
    assert!(open(0).is_err());
}

#[test]
fn no_word_is_on_disk_and_what_nobody_names_is_swept() {
    let home = tempfile::tempdir().expect("a folder");
    let folder = home.path().join("i");
    let directory = SealedDirectory::create(&folder, key(1), cache()).expect("creates");
    put(&directory, "f", &b"bakfiets ".repeat(9_000));
    directory.atomic_write(Path::new("meta.json"), b"bakfiets").expect("writes");
    for file in fs::read_dir(&folder).expect("reads") {
        let bytes = fs::read(file.expect("a file").path()).expect("reads");
        assert!(!bytes.windows(8).any(|window| window == b"bakfiets"));
    }
    assert_eq!(directory.sweep(|name| name == "meta.json").expect("sweeps"), 1);
    assert!(!directory.exists(Path::new("f")).expect("looks"));
    assert!(directory.exists(Path::new("meta.json")).expect("looks"));
}
