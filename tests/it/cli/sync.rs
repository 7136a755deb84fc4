//! `loket mailbox sync`, alone and beside a running server.

use serde_json::{Value, json};

use crate::support::command::Command;
use crate::support::rig::{Rig, Shape};
use crate::support::server::Server;

fn item(out: &str) -> Value {
    let printed: Value = serde_json::from_str(out).unwrap();
    let mut item = printed["items"][0].clone();
    item.as_object_mut().unwrap().remove("seconds");
    item
}

fn expected(read_by: &str, address: &str, imported: u32) -> Value {
    json!({
        "address": address, "read_by": read_by, "error": null, "imported": imported,
        "duplicate": 0, "skipped": 0, "quarantined": 0,
    })
}

fn letter(number: u32) -> String {
    format!("From: klant@elders.test\r\nSubject: Brief {number}\r\n\r\nDag {number}\r\n")
}

#[test]
fn a_mailbox_is_read_up_to_now_and_again_without_doubling() {
    let home = Command::with_mailbox("hulp@acme.test");
    home.run(&["mailbox", "sync"]);
    let write = |number: u32| {
        let file = home.folder().join(format!("mail/new/{number}.M1P1.elders"));
        std::fs::write(file, letter(number)).unwrap();
    };
    write(1);
    write(2);
    let sync = || item(&home.run(&["mailbox", "sync", "HULP@acme.test", "--json"]).out);
    assert_eq!(sync(), expected("here", "hulp@acme.test", 2));
    assert_eq!(sync(), expected("here", "hulp@acme.test", 0));
    write(3);
    let said = home.run(&["mailbox", "sync"]).out;
    assert_eq!(said, "hulp@acme.test  1 imported, 0 duplicate, 0 skipped, 0 quarantined\n");
    assert!(home.fail(&["mailbox", "sync", "nobody@acme.test"]).err.contains("no mailbox"));
    std::fs::remove_dir_all(home.folder().join("mail")).unwrap();
    let failed = item(&home.fail(&["mailbox", "sync", "--json"]).out);
    assert_eq!(failed["error"]["code"], "maildir_unreadable");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn beside_a_server_the_server_looks() {
    let rig = Rig::new();
    // Nothing would make the server look by itself.
    let mut server = Server::start_with(&rig, |config| {
        config.sync.idle = false;
        config.sync.poll_seconds = 3_600;
    })
    .await;
    let mailbox = rig.account(Shape::Plain).await;
    server.connect(&rig, &mailbox).await;
    server.until_mailbox(&mailbox.address, |m| m["state"] == "active").await;
    for number in 1..=3 {
        rig.deliver(&mailbox, "INBOX", letter(number).as_bytes());
    }
    let home = server.home.path().to_owned();
    let said = tokio::task::spawn_blocking(move || {
        Command::in_home(&home, |command| command.run(&["mailbox", "sync", "--json"]))
    });
    assert_eq!(item(&said.await.unwrap().out), expected("server", &mailbox.address, 3));
    server.until_tickets(3).await;
    server.stop().await;
}

/// Two that read the same mailbox at the same time take each mail in once.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn at_the_same_time_one_reads() {
    let home = Command::with_mailbox("hulp@acme.test");
    home.run(&["mailbox", "sync"]);
    for number in 0..300 {
        let file = home.folder().join(format!("mail/new/{number}.M1P1.elders"));
        std::fs::write(file, letter(number)).unwrap();
    }
    let imported: i64 = std::thread::scope(|scope| {
        let sync = || item(&home.run(&["mailbox", "sync", "--json"]).out);
        let both = [scope.spawn(sync), scope.spawn(sync)];
        let all = both.map(|one| one.join().unwrap());
        all.iter().map(|item| item["imported"].as_i64().unwrap()).max().unwrap()
    });
    assert_eq!(imported, 300);
    let list = home.run(&["mailbox", "list", "--json"]).out;
    let list: Value = serde_json::from_str(&list).unwrap();
    assert_eq!(list["items"][0]["counts"]["imported"], 300);
}
