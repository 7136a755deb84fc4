//! Keys and data of different servers: refused, with nothing lost.

use std::fs::rename;

use crate::support::command::Command;
use crate::support::db::{TestDatabase, new_database};

/// Every command that opens the home folder is refused with these words, and harms nothing.
fn refused(loket: &Command, words: &str) {
    for arguments in [&["mailbox", "list"] as &[&str], &["migrate"], &["serve"]] {
        let said = loket.fail(arguments);
        assert!(said.err.contains(words), "{arguments:?}: {said:?}");
        assert!(!said.out.contains("token"), "{arguments:?}: {said:?}");
    }
    let said = loket.fail(&["doctor"]);
    assert!(said.out.contains("FAIL") && said.out.contains("to do: "), "{said:?}");
}

#[test]
fn a_data_folder_that_is_not_mounted_is_noticed() {
    let loket = Command::with_mailbox("hulp@acme.test");
    let at = |name: &str| loket.folder().join(name);
    rename(at("data"), at("elsewhere")).unwrap();
    // Twice: what the first start leaves behind is no excuse for the second.
    for _ in 0..2 {
        refused(&loket, "the keyring holds keys in use, but this database is empty");
    }
    std::fs::remove_dir_all(at("data")).unwrap();
    rename(at("elsewhere"), at("data")).unwrap();
    assert!(loket.run(&["mailbox", "list"]).out.contains("hulp@acme.test"));
}

#[test]
fn a_keys_folder_that_is_not_mounted_is_noticed_and_none_is_made() {
    let loket = Command::with_mailbox("hulp@acme.test");
    let at = |name: &str| loket.folder().join(name);
    rename(at("keys"), at("elsewhere")).unwrap();
    refused(&loket, "its keyring is not here");
    assert!(!at("keys/root.key").exists(), "no new root key is made");
    std::fs::remove_dir_all(at("keys")).unwrap();
    rename(at("elsewhere"), at("keys")).unwrap();
    assert!(loket.run(&["mailbox", "list"]).out.contains("hulp@acme.test"));
}

#[test]
fn keys_of_another_server_are_noticed() {
    let (loket, other) = (Command::with_mailbox("a@acme.test"), Command::with_mailbox("b@x.test"));
    let at = |name: &str| loket.folder().join(name);
    rename(at("keys"), at("elsewhere")).unwrap();
    rename(other.folder().join("keys"), at("keys")).unwrap();
    refused(&loket, "belong to different servers");
}

#[tokio::test]
async fn a_stray_database_url_does_not_start_a_new_server_over_old_keys() {
    let mut loket = Command::with_mailbox("hulp@acme.test");
    let stray: TestDatabase = new_database("LOKET_TEST_DATABASE_URL").await;
    // The tests' own variable would be taken away.
    loket.set("LOKET_DATABASE__URL", &stray.url);
    refused(&loket, "this database is empty");
}

#[test]
fn sqlite_can_be_named_by_its_path() {
    let mut loket = Command::new();
    loket.set("LOKET_DATABASE__URL", "sqlite:store/desk.db");
    let keys = loket.folder().join("ring/keys.db");
    loket.set("LOKET_DATABASE__KEYRING_URL", &format!("sqlite://{}", keys.display()));
    loket.add_mailbox("hulp@acme.test");
    let at = |name: &str| loket.folder().join(name);
    for there in ["store/desk.db", "store/audit.db", "ring/keys.db", "keys/root.key"] {
        assert!(at(there).exists(), "{there}");
    }
    assert!(!at("data/loket.db").exists() && !at("keys/keyring.db").exists());
    let said = loket.run(&["doctor", "--json"]);
    assert!(said.out.contains("hulp@acme.test: mail can be read"), "{said:?}");
}
