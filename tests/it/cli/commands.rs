//! The program as an operator meets it: what it prints, how it ends.

use std::fs::{Permissions, set_permissions};
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt as _;
use std::process::Child;

use serde_json::{Value, json};

use crate::support::command::{Command, Said};

fn object(said: &Said) -> Value {
    assert_eq!(said.out.lines().count(), 1, "one JSON value and nothing else: {said:?}");
    serde_json::from_str(&said.out).unwrap()
}

/// The keys of an object, in order.
fn keys(object: &Value) -> Vec<&str> {
    object.as_object().unwrap().keys().map(String::as_str).collect()
}

const BRAM: &[&str] = &["user", "create", "--email", "bram@acme.test", "--name", "Bram"];

#[test]
fn a_user_is_made_once() {
    let loket = Command::with_mailbox("hulp@acme.test");
    let made = object(&loket.run(&[BRAM, &["--json", "--role", "admin"]].concat()));
    assert_eq!(keys(&made), ["organization_id", "password", "user_id"]);
    assert!(made["password"].as_str().unwrap().len() >= 20);
    // The address has a password: no other is printed that nobody set.
    let refused = loket.fail(BRAM);
    assert!(refused.err.contains("user with this address already"), "{refused:?}");
    assert_eq!(refused.out, "");
    let other = &["org", "create", "--name", "B", "--owner-email", "bram@acme.test"];
    let refused = loket.fail(&[other as &[&str], &["--owner-name", "Bram"]].concat());
    assert!(refused.err.contains("Take another address"), "{refused:?}");
    let said = loket.run(&["user", "create", "--email", "c@acme.test", "--name", "Cor"]);
    assert!(said.out.contains("sign in as  c@acme.test"), "{said:?}");
    assert!(said.out.contains("(shown only now)"), "{said:?}");
}

#[test]
fn commands_that_print_print_json_as_well() {
    let loket = Command::with_mailbox("hulp@acme.test");
    assert_eq!(object(&loket.run(&["migrate", "--json"])), json!({ "ok": true }));
    assert!(loket.run(&["migrate"]).out.contains("up to date"));
    let listed = object(&loket.run(&["mailbox", "list", "--json"]));
    assert_eq!(listed["items"][0]["address"], "hulp@acme.test", "{listed}");
    assert!(loket.run(&["mailbox", "list"]).out.contains("hulp@acme.test"));
    let checked = object(&loket.run(&["config", "check", "--json"]));
    assert_eq!((&checked["ok"], checked["settings"].is_array()), (&json!(true), true));
    assert!(loket.run(&["config", "check"]).out.contains("is valid"));
}

#[test]
fn a_wrong_configuration_is_told_in_words_and_in_json() {
    let mut loket = Command::new();
    loket.set("LOKET_SYNC__POLL_SECONDS", "often");
    let said = loket.fail(&["config", "check"]);
    for words in ["sync.poll_seconds", "LOKET_SYNC__POLL_SECONDS", "fix: "] {
        assert!(said.err.contains(words), "{said:?}");
    }
    let told = object(&loket.fail(&["config", "check", "--json"]));
    assert_eq!(told["problems"][0]["key"], "sync.poll_seconds");
    let told = object(&loket.fail(&["doctor", "--json"]));
    assert_eq!((&told["ok"], &told["checks"][0]["name"]), (&json!(false), &json!("configuration")));
    assert!(told["checks"][0]["fix"].as_str().unwrap().contains("whole number"));
    assert!(loket.fail(&["serve"]).err.contains("sync.poll_seconds"));
}

/// A server; it is stopped when the test ends, however that is.
struct Server(Child);

impl Server {
    /// Starts one, and reads what it prints first.
    fn start(loket: &Command, arguments: &[&str]) -> (Self, BufReader<std::process::ChildStdout>) {
        let mut child = loket.start(arguments);
        let out = BufReader::new(child.stdout.take().unwrap());
        (Self(child), out)
    }

    /// Asks it to stop, as a service manager does.
    fn stop(mut self) -> Option<i32> {
        let id = rustix::process::Pid::from_child(&self.0);
        rustix::process::kill_process(id, rustix::process::Signal::TERM).unwrap();
        self.0.wait().unwrap().code()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
    }
}

/// An address that nobody listens on.
fn free() -> String {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    taken.local_addr().unwrap().to_string()
}

fn get(address: &str, path: &str) -> String {
    let mut connection = TcpStream::connect(address).unwrap();
    write!(connection, "GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        .unwrap();
    let mut answer = String::new();
    connection.read_to_string(&mut answer).unwrap();
    answer
}

#[test]
fn a_server_says_how_to_set_it_up_and_stops_when_it_is_told() {
    let loket = Command::new();
    let address = free();
    let (server, mut out) = Server::start(&loket, &["serve", "--json", "--listen", &address]);
    let mut line = String::new();
    out.read_line(&mut line).unwrap();
    let said: Value = serde_json::from_str(&line).unwrap();
    assert_eq!(keys(&said), ["address", "setup_token"]);
    assert!(said["address"].as_str().unwrap().starts_with("http://localhost:"), "{said}");
    assert!(said["setup_token"].as_str().unwrap().len() >= 20, "{said}");
    assert!(get(&address, "/api/v1/setup").contains("\"needed\":true"));
    let metrics = get(&address, "/metrics");
    assert!(metrics.contains("process_resident_memory_bytes"), "{metrics}");
    assert_eq!(server.stop(), Some(0));

    // It was never set up: a new token, in words this time.
    let address = free();
    let (server, mut out) = Server::start(&loket, &["serve", "--listen", &address]);
    let mut said = String::new();
    while !said.contains("works once") {
        assert_ne!(out.read_line(&mut said).unwrap(), 0, "{said}");
    }
    assert!(said.contains("Loket is at http://localhost:"), "{said}");
    assert_eq!(server.stop(), Some(0));
}

#[test]
fn keys_that_others_can_read_stop_every_start() {
    let loket = Command::with_mailbox("hulp@acme.test");
    let keys = loket.folder().join("keys");
    set_permissions(keys.join("root.key"), Permissions::from_mode(0o644)).unwrap();
    for arguments in [&["serve"] as &[&str], &["mailbox", "list"], &["user", "create"]] {
        let arguments = if arguments == ["user", "create"] { BRAM } else { arguments };
        let said = loket.fail(arguments);
        assert!(said.err.contains("others can read"), "{said:?}");
        assert!(said.err.contains("fix: chmod 600"), "{said:?}");
    }
    set_permissions(keys.join("root.key"), Permissions::from_mode(0o600)).unwrap();
    loket.run(&["mailbox", "list"]);
}
