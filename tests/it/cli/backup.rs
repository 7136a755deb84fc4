//! Backing up and restoring at the command line.

use serde_json::Value;

use crate::support::command::{Command, Said};
use crate::support::db::new_database;

fn object(said: &Said) -> Value {
    serde_json::from_str(&said.out).unwrap()
}

#[test]
fn a_server_is_backed_up_checked_and_restored() {
    let loket = Command::with_mailbox("hulp@acme.test");
    let said = loket.run(&["doctor"]);
    assert!(said.out.contains("There is no backup of the data."), "{said:?}");
    let data = object(&loket.run(&["backup", "create", "--json"]));
    let keyring = object(&loket.run(&["keyring", "backup", "--json"]));
    let (data, keyring) = (data["path"].as_str().unwrap(), keyring["path"].as_str().unwrap());
    let list = object(&loket.run(&["backup", "list", "--json"]));
    assert_eq!(list["items"].as_array().unwrap().len(), 2);
    assert_eq!(object(&loket.run(&["backup", "verify", "--json"]))["ok"], true);
    assert!(loket.run(&["backup", "prune"]).out.contains("Nothing is older"));
    assert!(loket.run(&["doctor"]).out.contains("The last backup is 0 hours old."));

    let both = ["restore", "--from", data, "--keyring", keyring];
    let said = loket.fail(&both);
    assert!(said.err.contains("the data is there already"), "{said:?}");
    let said = loket.fail(&[&both[..], &["--override-incomplete", " "]].concat());
    assert!(said.err.contains("needs a reason"), "{said:?}");
    assert!(loket.fail(&["restore"]).err.contains("name a backup"));
    let told = object(&loket.run(&[&both[..], &["--replace", "--json"]].concat()));
    assert_eq!((&told["keys_destroyed"], &told["answers_in_doubt"]), (&0.into(), &0.into()));
    assert!(loket.run(&["mailbox", "list"]).out.contains("hulp@acme.test"));

    // On a new machine: the root key, the backups, and nothing else.
    let new = Command::new();
    let keys = new.folder().join("keys");
    std::fs::create_dir(&keys).unwrap();
    std::fs::set_permissions(&keys, std::os::unix::fs::PermissionsExt::from_mode(0o700)).unwrap();
    let said = new.fail(&both[..3]);
    assert!(said.err.contains("the keyring is not here"), "{said:?}");
    std::fs::copy(loket.folder().join("keys/root.key"), keys.join("root.key")).unwrap();
    let said = new.run(&both);
    assert!(said.out.contains("The server is restored."), "{said:?}");
    assert!(new.run(&["mailbox", "list"]).out.contains("hulp@acme.test"));

    let file = std::path::Path::new(data).join("audit.db");
    let mut bytes = std::fs::read(&file).unwrap();
    bytes[50] ^= 4;
    std::fs::write(&file, bytes).unwrap();
    let said = loket.fail(&["backup", "verify"]);
    assert!(said.out.contains("audit.db is damaged or was altered"), "{said:?}");
    assert!(loket.fail(&both[..3]).err.contains("audit.db"));
}

#[tokio::test]
async fn a_tool_that_is_missing_is_named_with_what_to_install() {
    let mut loket = Command::new();
    let data = new_database("LOKET_TEST_DATABASE_URL").await;
    loket.set("LOKET_DATABASE__URL", &data.url);
    loket.add_mailbox("hulp@acme.test");
    loket.set("LOKET_BACKUP__POSTGRES_TOOLS", loket.folder().to_owned().to_str().unwrap());
    let said = loket.fail(&["backup", "create"]);
    for part in ["pg_dump was not found", "postgresql-client", "backup.postgres_tools"] {
        assert!(said.err.contains(part), "{said:?}");
    }
    assert_eq!(object(&loket.run(&["backup", "list", "--json"]))["items"], serde_json::json!([]));
}
