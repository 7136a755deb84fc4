//! `loket doctor` on home folders that are well, and that are not.

use std::fs::{Permissions, set_permissions};
use std::os::unix::fs::PermissionsExt as _;

use serde_json::Value;

use crate::support::command::{Command, Said};
use crate::support::db::new_database;

/// Status and message of a check.
fn find(said: &Said, name: &str) -> (String, String) {
    let answer: Value = serde_json::from_str(&said.out).unwrap();
    let checks = answer["checks"].as_array().unwrap();
    let check = checks.iter().find(|check| check["name"] == name);
    let check = check.unwrap_or_else(|| panic!("no {name} in {answer}"));
    let text = |key: &str| check[key].as_str().unwrap().to_owned();
    assert_eq!(check["status"] == "ok", check["fix"].is_null(), "what to do: {check}");
    (text("status"), text("message"))
}

#[test]
fn a_home_that_is_well_is_told_so() {
    let loket = Command::with_mailbox("hulp@acme.test");
    let said = loket.run(&["doctor", "--json"]);
    for name in ["clock", "public_url", "disk", "home", "schema", "database", "keyring", "mailbox"]
    {
        let (status, message) = find(&said, name);
        assert!(status == "ok" || name == "disk", "{name}: {message}");
    }
    let said = loket.run(&["doctor"]);
    assert!(said.out.contains("ok    mailbox     hulp@acme.test: mail can be"), "{}", said.out);
}

#[tokio::test]
async fn postgresql_is_looked_at_as_well() {
    let mut loket = Command::new();
    let (data, keys) = (
        new_database("LOKET_TEST_DATABASE_URL").await,
        new_database("LOKET_TEST_KEYRING_URL").await,
    );
    loket.set("LOKET_DATABASE__URL", &data.url);
    loket.set("LOKET_DATABASE__KEYRING_URL", &keys.url);
    loket.add_mailbox("hulp@acme.test");
    let said = loket.run(&["doctor", "--json"]);
    for name in ["schema", "database", "keyring", "mailbox"] {
        assert_eq!(find(&said, name).0, "ok");
    }
    // A database of another home.
    let other = new_database("LOKET_TEST_DATABASE_URL").await;
    loket.set("LOKET_DATABASE__URL", &other.url);
    let said = loket.fail(&["doctor", "--json"]);
    assert_eq!(find(&said, "pairing").0, "fail");
    loket.set("LOKET_DATABASE__URL", "postgres://nobody@127.0.0.1:1/none");
    let said = loket.fail(&["doctor", "--json"]);
    assert_eq!(find(&said, "database").0, "fail");
}

#[test]
fn what_is_wrong_is_told_with_what_to_do() {
    let empty = Command::new();
    assert_eq!(find(&empty.run(&["doctor", "--json"]), "home").0, "warn");
    assert!(!empty.folder().join("data").exists(), "nothing is made");

    let loket = Command::with_mailbox("hulp@acme.test");
    let at = |name: &str| loket.folder().join(name);
    std::fs::rename(at("mail"), at("moved")).unwrap();
    let (status, message) = find(&loket.fail(&["doctor", "--json"]), "mailbox");
    assert_eq!(status, "fail");
    assert!(message.contains("hulp@acme.test"), "{message}");
    std::fs::rename(at("moved"), at("mail")).unwrap();

    set_permissions(at("keys"), Permissions::from_mode(0o755)).unwrap();
    let said = loket.fail(&["doctor"]);
    assert!(said.out.contains("to do: chmod 700"), "{}", said.out);
    set_permissions(at("keys"), Permissions::from_mode(0o700)).unwrap();

    // The keys of another home.
    let other = Command::with_mailbox("other@acme.test");
    std::fs::rename(at("keys"), at("keys-before")).unwrap();
    std::fs::rename(other.folder().join("keys"), at("keys")).unwrap();
    assert_eq!(find(&loket.fail(&["doctor", "--json"]), "pairing").0, "fail");
    std::fs::remove_file(at("keys/root.key")).unwrap();
    assert_eq!(find(&loket.fail(&["doctor", "--json"]), "keyring").0, "fail");
    assert!(!at("keys/root.key").exists(), "no new root key is made");
    std::fs::remove_dir_all(at("keys")).unwrap();
    std::fs::rename(at("keys-before"), at("keys")).unwrap();
    loket.run(&["doctor"]);
}
