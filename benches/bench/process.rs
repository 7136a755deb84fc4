//! The program as its users run it: a home folder, commands, a server, and what the kernel says
//! about it.

use std::io::Write as _;
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use reqwest::header::{COOKIE, ORIGIN, SET_COOKIE};
use serde_json::{Value, json};

/// Ticks of `/proc/PID/stat` in a second: what Linux shows to programs.
const TICKS: f64 = 100.0;

/// How often a starting server is asked whether it answers.
const LOOK: Duration = Duration::from_millis(2);

/// A server that does not answer by then never will.
const PATIENCE: Duration = Duration::from_mins(1);

/// A home folder.
#[derive(Debug)]
pub(crate) struct Home {
    folder: tempfile::TempDir,
    variables: Vec<(&'static str, String)>,
}

impl Home {
    /// An empty one, on the disk that holds the build.
    pub(crate) fn new(variables: Vec<(&'static str, String)>) -> Self {
        let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a folder");
        Self { folder, variables }
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_loket"));
        command
            .env_remove("DATABASE_URL")
            .env("LOKET_HOME", self.folder.path())
            .envs(self.variables.iter().map(|(name, value)| (name, value)))
            .args(arguments);
        command
    }

    /// Runs a command to its end; `input` goes to its standard input.
    pub(crate) fn run(&self, arguments: &[&str], input: &str) -> String {
        let mut command = self.command(arguments);
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().expect("loket");
        let mut stdin = child.stdin.take().expect("a pipe");
        stdin.write_all(input.as_bytes()).expect("its input");
        drop(stdin);
        let output = child.wait_with_output().expect("its end");
        assert!(output.status.success(), "loket {arguments:?}");
        String::from_utf8(output.stdout).expect("text")
    }

    /// Where it is.
    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Bytes in the data folder.
    pub(crate) fn stored(&self) -> u64 {
        bytes(&self.folder.path().join("data"))
    }

    /// Starts the server and waits until it answers.
    pub(crate) async fn serve(&self) -> Server {
        let free = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = free.local_addr().expect("its number").port();
        drop(free);
        let listen = format!("127.0.0.1:{port}");
        let began = Instant::now();
        let mut command = self.command(&["serve", "--listen", &listen]);
        let child = command.stdout(Stdio::null()).spawn().expect("loket serve");
        let mut server = Server {
            child,
            url: format!("http://{listen}"),
            origin: format!("http://localhost:{port}"),
            http: client(),
            started: Duration::ZERO,
        };
        loop {
            let answer = server.http.get(format!("{}/readyz", server.url)).send().await;
            if answer.is_ok_and(|answer| answer.status().is_success()) {
                server.started = began.elapsed();
                return server;
            }
            assert!(began.elapsed() < PATIENCE, "the server does not answer");
            tokio::time::sleep(LOOK).await;
        }
    }
}

fn bytes(folder: &Path) -> u64 {
    let mut sum = 0;
    for entry in std::fs::read_dir(folder).expect("the data folder") {
        let entry = entry.expect("an entry");
        let metadata = entry.metadata().expect("its size");
        sum += if metadata.is_dir() { bytes(&entry.path()) } else { metadata.len() };
    }
    sum
}

/// A client of one connection.
pub(crate) fn client() -> reqwest::Client {
    reqwest::Client::builder().no_proxy().pool_max_idle_per_host(1).build().expect("a client")
}

/// A running server.
#[derive(Debug)]
pub(crate) struct Server {
    child: Child,
    url: String,
    origin: String,
    http: reqwest::Client,
    /// From its start to its first answer.
    pub(crate) started: Duration,
}

impl Server {
    /// Signs in; answers with the cookie.
    pub(crate) async fn sign_in(&self, email: &str, password: &str) -> String {
        let request = self
            .http
            .post(self.at("/session"))
            .header(ORIGIN, &self.origin)
            .json(&json!({ "email": email, "password": password }));
        let answer = request.send().await.expect("an answer");
        assert!(answer.status().is_success(), "sign-in: {}", answer.status());
        let cookie = answer.headers().get(SET_COOKIE).expect("a cookie").to_str().expect("text");
        cookie.split(';').next().unwrap_or_default().to_owned()
    }

    /// Where its pages are: browsers keep its cookies there.
    pub(crate) fn page(&self) -> &str {
        &self.origin
    }

    pub(crate) fn at(&self, path: &str) -> String {
        format!("{}/api/v1{path}", self.url)
    }

    pub(crate) async fn get(&self, path: &str, cookie: &str) -> Value {
        let answer = self.http.get(self.at(path)).header(COOKIE, cookie).send().await;
        let answer = answer.expect("an answer").error_for_status().expect("success");
        answer.json().await.expect("JSON")
    }

    pub(crate) async fn post(&self, path: &str, cookie: &str, body: &Value) -> Value {
        let request = self.http.post(self.at(path)).header(ORIGIN, &self.origin);
        let answer = request.header(COOKIE, cookie).json(body).send().await.expect("an answer");
        assert!(answer.status().is_success(), "{path}: {}", answer.status());
        answer.json().await.expect("JSON")
    }

    /// Milliseconds of all cores so far.
    pub(crate) fn cpu_ms(&self) -> f64 {
        let stat = self.proc("stat");
        // The name, in brackets, may hold anything.
        let (_, fields) = stat.rsplit_once(')').expect("stat");
        let ticks = fields.split_whitespace().skip(11).take(2);
        ticks.map(|tick| tick.parse::<f64>().expect("ticks")).sum::<f64>() * 1000.0 / TICKS
    }

    /// The most memory since [`Self::forget_peak`], and the memory now, in MB.
    pub(crate) fn memory(&self) -> (f64, f64) {
        let status = self.proc("status");
        let of = |name: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(name)).expect("a line");
            line.trim().trim_end_matches(" kB").parse::<f64>().expect("a number") / 1024.0
        };
        (of("VmHWM:"), of("VmRSS:"))
    }

    /// Has the kernel measure the most memory anew (`clear_refs` in proc(5)); false if it may not.
    pub(crate) fn forget_peak(&self) -> bool {
        std::fs::write(format!("/proc/{}/clear_refs", self.child.id()), "5").is_ok()
    }

    fn proc(&self, name: &str) -> String {
        std::fs::read_to_string(format!("/proc/{}/{name}", self.child.id())).expect("procfs")
    }

    /// Asks it to stop and waits for that.
    pub(crate) fn stop(mut self) {
        let id = i32::try_from(self.child.id()).expect("a process id");
        let id = rustix::process::Pid::from_raw(id).expect("a process id");
        rustix::process::kill_process(id, rustix::process::Signal::TERM).expect("a signal");
        assert!(self.child.wait().expect("its end").success(), "the server failed");
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // After `stop` there is nothing to kill.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
