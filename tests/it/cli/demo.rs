//! `loket demo` as a process: its mail comes in, and none of it can be read in its home folder.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::support::rig::plain_http;
use crate::support::search::{Word, search_files};

/// Longer than anything takes on a busy machine; only a failure waits for it.
const PATIENCE: Duration = Duration::from_secs(60);
/// How often the server is asked how far it is.
const LOOK: Duration = Duration::from_millis(50);

/// Words of a customer's letter, name, address and subject.
const WORDS: [&str; 4] = ["kinderzitje", "annelies", "degroot", "bestelling 20418"];

struct Demo {
    child: Child,
    /// The lines that it printed.
    said: Vec<String>,
}

impl Demo {
    /// Starts it, and waits until it has said everything.
    fn start(temporary: &Path, arguments: &[&str]) -> Self {
        let child = Command::new(env!("CARGO_BIN_EXE_loket"))
            .env_remove("LOKET_HOME")
            // The demo leaves other databases alone.
            .env("DATABASE_URL", "postgres://nobody@127.0.0.1:1/none")
            .env("TMPDIR", temporary)
            .args(["demo", "--listen", "127.0.0.1:0"])
            .args(arguments)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut demo = Self { child, said: Vec::new() };
        let printed = BufReader::new(demo.child.stdout.take().unwrap());
        for line in printed.lines().map(Result::unwrap) {
            let last = line.starts_with("Ctrl-C");
            demo.said.push(line);
            if last {
                return demo;
            }
        }
        panic!("the demo ended: {:?}", demo.said)
    }

    fn after(&self, words: &str) -> &str {
        let line = self.said.iter().find_map(|line| line.trim().strip_prefix(words));
        line.unwrap_or_else(|| panic!("no {words} in {:?}", self.said)).trim()
    }

    fn count(&self) -> u64 {
        let line = self.said.iter().find(|line| line.contains("mails are coming in")).unwrap();
        line.split_whitespace().next().unwrap().parse().unwrap()
    }

    /// Waits until all mail is in; answers with an event stream, as an open browser has one.
    async fn settle(&self) -> reqwest::Response {
        let url = self.after("Loket's demo is at").to_owned();
        let http = plain_http();
        let user = json!({ "email": self.after("sign in as"), "password": self.after("password") });
        let request = http.post(format!("{url}/api/v1/session")).header("origin", &url);
        let answer = request.json(&user).send().await.unwrap().error_for_status().unwrap();
        let cookie = answer.headers()["set-cookie"].to_str().unwrap().split(';').next().unwrap();
        let began = Instant::now();
        loop {
            let request = http.get(format!("{url}/api/v1/mailboxes")).header("cookie", cookie);
            let mailboxes: Value = request.send().await.unwrap().json().await.unwrap();
            let import = &mailboxes["items"][0]["import"];
            if import["read"] == self.count() {
                let request = http.get(format!("{url}/api/v1/events")).header("cookie", cookie);
                return request.send().await.unwrap().error_for_status().unwrap();
            }
            assert!(began.elapsed() < PATIENCE, "{mailboxes}");
            tokio::time::sleep(LOOK).await;
        }
    }

    /// As Ctrl-C does.
    fn stop(&mut self) {
        let id = rustix::process::Pid::from_child(&self.child);
        rustix::process::kill_process(id, rustix::process::Signal::INT).unwrap();
        assert!(self.child.wait().unwrap().success());
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        // After `stop` there is nothing to kill.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn traces(folder: &Path) -> (usize, Vec<String>) {
    let (mut files, mut found) = (0, Vec::new());
    for word in WORDS {
        files = search_files(folder, &Word::new(word), &mut found);
    }
    (files, found)
}

#[tokio::test]
async fn the_demo_keeps_no_readable_mail_in_its_home_and_leaves_nothing_behind() {
    let temporary = tempfile::tempdir().unwrap();
    let mut demo = Demo::start(temporary.path(), &[]);
    let _listening = demo.settle().await;
    let (home, mail) = (demo.after("what Loket keeps"), demo.after("the shop's mailbox"));
    let (files, found) = traces(Path::new(home));
    assert_eq!(found, [""; 0]);
    assert!(files > 3, "only {files} files were searched");
    // The search sees what a provider has.
    assert_ne!(traces(Path::new(mail)).1, [""; 0], "the search is blind");
    demo.stop();
    assert_eq!(std::fs::read_dir(temporary.path()).unwrap().count(), 0);
}

#[tokio::test]
async fn a_named_home_stays_and_is_not_used_twice() {
    let temporary = tempfile::tempdir().unwrap();
    let home: PathBuf = temporary.path().join("home");
    let named = ["--home", home.to_str().unwrap()];
    let mut demo = Demo::start(temporary.path(), &named);
    demo.settle().await;
    assert_eq!(demo.after("what Loket keeps"), named[1]);
    demo.stop();
    let (files, found) = traces(&home);
    assert_eq!(found, [""; 0]);
    assert!(files > 3, "only {files} files were searched");
    let left: Vec<_> = std::fs::read_dir(temporary.path()).unwrap().map(Result::unwrap).collect();
    assert_eq!(left.len(), 1, "{left:?}");

    let again = Command::new(env!("CARGO_BIN_EXE_loket")).arg("demo").args(named).output().unwrap();
    assert_eq!(again.status.code(), Some(1));
    let said = String::from_utf8(again.stderr).unwrap();
    assert!(said.contains("holds Loket's data already"), "{said}");
}
