//! A statement of deletion, checked on a machine that has only the file.

use chrono::TimeDelta;
use serde_json::Value;

use crate::forgetting::{advance, disconnect, letter, owner, purges};
use crate::support::app::TestApp;
use crate::support::command::Command;
use crate::support::db::On;

#[tokio::test]
async fn a_statement_is_believed_by_a_known_key_only() {
    let app = TestApp::new(On::Sqlite).await;
    let org = app.org("bakery").await;
    let id = app.mailbox(&org, &[org.owner]).await;
    app.deliver(&org, id, 1, &letter("klant@example.net", "Taart", "a", false)).await;
    disconnect(&mut owner(&app).await, id).await;
    advance(&app, TimeDelta::days(14)).await;
    let mut browser = owner(&app).await;
    let statement = purges(&mut browser).await[0]["statement_id"].clone();
    let path = format!("/api/v1/statements/{}", statement.as_str().unwrap());
    let file = browser.get(&path).await.json();
    let key = file["statement"]["signing_key"]["fingerprint"].as_str().unwrap();

    let loket = Command::new();
    let at = loket.folder().join("statement.json");
    std::fs::write(&at, file.to_string()).unwrap();
    let at = at.to_str().unwrap();
    let said = loket.run(&["statement", "verify", at, "--key", key]);
    for words in ["Genuine", "bakery", "1 tickets, 1 messages", "2026-03-02 to 2026-03-02"] {
        assert!(said.out.contains(words), "{words}: {said:?}");
    }
    let said = loket.run(&["statement", "verify", at, "--key", key, "--json"]);
    let told: Value = serde_json::from_str(&said.out).unwrap();
    assert_eq!(told, file["statement"]);

    let said = loket.fail(&["statement", "verify", at]);
    assert!(said.err.contains("unauthenticated") && said.err.contains(key), "{said:?}");
    assert_eq!(said.out, "");
    let said = loket.fail(&["statement", "verify", at, "--key", &"0".repeat(64)]);
    assert!(said.err.contains("another key"), "{said:?}");
    let altered = file.to_string().replace("\"messages\":1", "\"messages\":0");
    std::fs::write(at, altered).unwrap();
    let said = loket.fail(&["statement", "verify", at, "--key", key]);
    assert!(said.err.contains("altered or forged"), "{said:?}");
    // Standard input is empty here.
    assert!(loket.fail(&["statement", "verify", "-", "--key", key]).err.contains("no statement"));
    assert!(loket.fail(&["statement", "verify", "nowhere.json"]).err.contains("cannot be read"));
    assert!(!loket.folder().join("data").exists(), "it opens no home folder");
    // Those of this home are listed: none yet.
    let said = loket.run(&["statement", "list"]);
    assert!(said.out.contains("has signed no statement"), "{said:?}");
    assert_eq!(loket.run(&["statement", "list", "--json"]).out.trim(), "[]");
    let said = loket.fail(&["statement", "export", statement.as_str().unwrap()]);
    assert!(said.err.contains("loket statement list"), "{said:?}");
}
