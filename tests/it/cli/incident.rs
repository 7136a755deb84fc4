//! `loket incident`: a package as words, JSON and a file; and its refusals.

use std::os::unix::fs::PermissionsExt as _;

use serde_json::Value;

use crate::support::command::Command;

const WINDOW: [&str; 5] = ["incident", "--from", "2026-01-01", "--to", "2100-01-01T00:00:00Z"];

#[test]
fn a_package_is_printed_or_written() {
    let loket = Command::with_mailbox("hulp@acme.test");
    let said = loket.run(&WINDOW);
    assert!(said.out.contains("Incident at Acme"), "{said:?}");
    assert!(said.out.contains("The audit log is unbroken"), "{said:?}");
    let file = loket.folder().join("incident.json");
    let out = ["--json", "--out", file.to_str().unwrap()];
    assert_eq!(loket.run(&[&WINDOW[..], &out].concat()).out, "");
    let written: Value = serde_json::from_slice(&std::fs::read(&file).unwrap()).unwrap();
    assert_eq!(written["schema"], "loket.incident/1");
    assert_eq!(written["packages"][0]["organization"], "Acme");
    let mode = std::fs::metadata(&file).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    // What was written is not written over.
    assert!(loket.fail(&[&WINDOW[..], &out].concat()).err.contains("cannot be written"));

    let narrow = |more: &[&str]| loket.fail(&[&WINDOW[..], more].concat()).err;
    assert!(narrow(&["--user", "nobody@acme.test"]).contains("no organization here has"));
    assert!(narrow(&["--mailbox", "nobody@acme.test"]).contains("no organization here has"));
    let user = loket.run(&[&WINDOW[..], &["--user", "anna@acme.test"]].concat());
    assert!(user.out.contains("only what user"), "{user:?}");
    let backwards = ["incident", "--from", "2026-01-02", "--to", "2026-01-01"];
    assert!(loket.fail(&backwards).err.contains("later than the beginning"));

    let words = loket.folder().join("words.txt");
    std::fs::write(&words, "A laptop was stolen.").unwrap();
    let text = words.to_str().unwrap();
    let tell = ["incident", "notify", "--from", "2026-01-01", "--to", "2026-01-02", "--text", text];
    assert!(loket.fail(&tell).err.contains("cannot send mail"), "no way to send mail");
}
