//! The server talks to nobody whom its register does not name.
//!
//! The program runs where there is no network: in a namespace of its own (Linux) with a loopback
//! and a name server on it that writes down every question, and nothing else. The kernel counts
//! what is sent to where no way leads. It reads hostile mail there, shows it, answers, runs what
//! runs at night, and tries to reach the mailboxes and the server of its own mail that it was told
//! of: their names, and no other, are asked for. Two of its mailboxes are Google's: of one the grant is
//! fresh, of the other it has to be renewed.
//!
//! On `PostgreSQL` it does the same: a socket in a folder is reached without any network.

use std::collections::BTreeSet;
use std::net::UdpSocket;
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Child, Command as Process, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use axum::http::Method;
use chrono::TimeDelta;
use loket::app::App;
use loket::clock::SystemClock;
use loket::config::load_from;
use loket::domain::words::{ImportMode, Provider, Role};
use loket::ids::SystemIds;
use loket::service::Services;
use loket::service::mailboxes::{self, Import, Link, MailServer, MailboxSettings, Tls};
use loket::service::organization::{self, NewOrganization};
use loket::service::users::NewUser;
use serde_json::{Value, json};

use crate::support::app::{
    Browser as ServiceBrowser, FakeOAuth, PASSWORD, maildir_link, over_provider,
};
use crate::support::command::Command;
use crate::support::db::new_database;
use crate::support::rig::Rig;

/// Tells the inner test that it is inside.
const INSIDE: &str = "LOKET_TEST_IN_NAMESPACE";

/// Where the namespace's name server listens.
const NAME_SERVER: &str = "127.0.0.53:53";

/// Longer than anything takes on a busy machine; only a failure waits for it.
const PATIENCE: Duration = Duration::from_secs(40);

const OWN_MAIL: &str = "smtp.loket.test";
const IMAP: &str = "imap.acme.test";
const GMAIL: &str = "imap.gmail.com";
const GOOGLE: &str = "oauth2.googleapis.com";

/// Google's mailboxes, by how long their access lasts.
const FRESH: &str = "fris@acme.test";
const STALE: &str = "oud@acme.test";
const SMTP: &str = "smtp.acme.test";

/// An image in the mail, which is asked for only when somebody wants to see it.
const IMAGE: &str = "https://pictures.tracker.test/a.png?who=anna";

/// What makes mail programs talk: images, styles, fonts, frames, forms, receipts, calendars, lists,
/// keys, links, and the headers of other servers.
const BEACONS: &str = "From: Klant <klant@elders.test>\r\n\
To: hulp@acme.test\r\n\
Subject: Hallo\r\n\
Message-ID: <beacon@elders.test>\r\n\
Disposition-Notification-To: receipt@tracker.test\r\n\
Return-Receipt-To: receipt@tracker.test\r\n\
List-Unsubscribe: <https://list.tracker.test/u?1>, <mailto:u@list.tracker.test>\r\n\
List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n\
Autocrypt: addr=klant@elders.test; keydata=AAAA\r\n\
OpenPGP: url=https://keys.tracker.test/a.asc\r\n\
Face: AAAA\r\n\
X-Image-URL: https://face.tracker.test/a.png\r\n\
DKIM-Signature: v=1; a=rsa-sha256; d=dkim.tracker.test; s=a; h=from; bh=AA==; b=AA==\r\n\
Authentication-Results: mx.tracker.test; dkim=pass\r\n\
Received: from mx.tracker.test (mx.tracker.test [192.0.2.7]) by acme.test\r\n\
MIME-Version: 1.0\r\n\
Content-Type: multipart/mixed; boundary=b\r\n\
\r\n\
--b\r\n\
Content-Type: text/html; charset=utf-8\r\n\
\r\n\
<html><head><link rel=stylesheet href=\"https://css.tracker.test/a.css\">\
<meta http-equiv=refresh content=\"0;url=https://meta.tracker.test/\">\
<style>@import url(https://import.tracker.test/a.css); @font-face{font-family:a;src:url(https://font.tracker.test/a)}\
body{background:url(https://background.tracker.test/a.png)}</style></head>\
<body background=\"https://body.tracker.test/a.png\">\
<img src=\"https://pictures.tracker.test/a.png?who=anna\" srcset=\"https://set.tracker.test/a 2x\">\
<img src=\"//192.0.2.9/a.png\"><img src=\"http://[2001:db8::9]/a.png\">\
<iframe src=\"https://frame.tracker.test/\"></iframe><video poster=\"https://poster.tracker.test/a\"></video>\
<form action=\"https://form.tracker.test/\"><input name=a></form>\
<svg><image href=\"https://svg.tracker.test/a.png\"/></svg><a ping=\"https://ping.tracker.test/\" href=\"https://link.tracker.test/\">x</a>\
<script src=\"https://script.tracker.test/a.js\"></script><p>Waar blijft mijn brood?</p></body></html>\r\n\
--b\r\n\
Content-Type: text/calendar; method=REQUEST\r\n\
\r\n\
BEGIN:VCALENDAR\r\nATTACH:https://calendar.tracker.test/a\r\nEND:VCALENDAR\r\n\
--b\r\n\
Content-Type: message/external-body; access-type=URL; URL=\"https://external.tracker.test/a\"\r\n\
\r\n\
--b\r\n\
Content-Type: application/xml; name=a.xml\r\n\
\r\n\
<!DOCTYPE a [<!ENTITY b SYSTEM \"https://entity.tracker.test/a\">]><a>&b;</a>\r\n\
--b--\r\n";

#[test]
fn nobody_is_contacted_whom_the_register_does_not_name() {
    without_a_network(&[]);
}

#[tokio::test]
async fn on_postgres_nobody_else_is_contacted_either() {
    let rig = Rig::new();
    let folder = rig.text("/postgres/socketDir");
    let mut databases = Vec::new();
    let mut variables = Vec::new();
    for (name, cluster) in [
        ("LOKET_DATABASE__URL", "LOKET_TEST_DATABASE_URL"),
        ("LOKET_DATABASE__KEYRING_URL", "LOKET_TEST_KEYRING_URL"),
    ] {
        let made = new_database(cluster).await;
        let mut url: url::Url = made.url.parse().unwrap();
        let port = url.port().unwrap().to_string();
        url.query_pairs_mut().append_pair("host", &folder).append_pair("port", &port);
        variables.push((name, url.to_string()));
        databases.push(made);
    }
    tokio::task::spawn_blocking(move || without_a_network(&variables)).await.unwrap();
}

/// Runs the test below in a namespace of its own.
fn without_a_network(variables: &[(&str, String)]) {
    let me = std::env::current_exe().unwrap();
    // Root may do without a user namespace, which some kernels keep from others.
    let is_root = std::fs::metadata("/proc/self").unwrap();
    let is_root = std::os::unix::fs::MetadataExt::uid(&is_root) == 0;
    let more: &[&str] = if is_root { &[] } else { &["--user", "--map-root-user"] };
    let output = Process::new("unshare")
        .args(more)
        .args(["--net", "--mount", "--"])
        .arg(me)
        .args(["--exact", "silence::in_a_namespace", "--include-ignored", "--nocapture"])
        .env(INSIDE, "1")
        .envs(variables.iter().map(|(name, value)| (name, value)))
        .output()
        .expect("unshare, of util-linux");
    let text =
        [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    assert!(output.status.success(), "{}", text.concat());
    assert!(text.concat().contains("1 passed"), "{}", text.concat());
}

#[test]
#[ignore = "the test above runs it, in a namespace of its own"]
fn in_a_namespace() {
    assert!(std::env::var_os(INSIDE).is_some(), "it needs a namespace of its own");
    let folder = tempfile::tempdir().unwrap();
    isolate(folder.path());
    let asked = NameServer::start();
    let ways = unreachable();

    let home = folder.path().join("home");
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(set_up(&home));
    Command::in_home(&home, |loket| {
        let mails = folder.path().join("mails");
        std::fs::create_dir(&mails).unwrap();
        std::fs::write(mails.join("beacons.eml"), BEACONS).unwrap();
        let mails = mails.to_str().unwrap();
        loket.run(&["mail", "inspect", mails]);
        loket.run(&["import", mails, "--mailbox", "hulp@acme.test"]);
        assert_eq!(asked.names(), [""; 0], "reading mail asks for names");
    });

    let server = Running::start(&home);
    runtime.block_on(work(&server, &asked));
    drop(server);
    assert_eq!(unreachable(), ways, "something was sent to an address that nobody named");

    // Neither the name server nor the count is blind.
    let socket = UdpSocket::bind("0.0.0.0:0").unwrap();
    socket.send_to(b"x", "192.0.2.1:53").unwrap_err();
    assert_ne!(unreachable(), ways, "the count is blind");
    assert!(asked.names().contains(&"pictures.tracker.test".to_owned()), "{:?}", asked.names());
}

/// Brings the loopback up, and has names asked for at the test's own server.
fn isolate(folder: &Path) {
    // SIOCGIFFLAGS and SIOCSIFFLAGS of `lo`, with IFF_UP: as `ip link set lo up`.
    let up = "import fcntl,socket,struct\n\
        s=socket.socket(socket.AF_INET,socket.SOCK_DGRAM)\n\
        f=struct.unpack('16sh',fcntl.ioctl(s,0x8913,struct.pack('16sh',b'lo',0)))[1]\n\
        fcntl.ioctl(s,0x8914,struct.pack('16sh',b'lo',f|1))";
    let is_up = Process::new("python3").args(["-c", up]).status().unwrap();
    assert!(is_up.success(), "the loopback stays down");
    let resolver = folder.join("resolv.conf");
    std::fs::write(&resolver, "nameserver 127.0.0.53\noptions timeout:1 attempts:1\n").unwrap();
    let to = Path::new("/etc/resolv.conf");
    let mount = Process::new("mount").arg("--bind").args([resolver.as_path(), to]).status();
    assert!(mount.unwrap().success(), "the resolver's file cannot be replaced");
}

/// What was sent to where no way leads, by IPv4 and by IPv6, in this namespace.
fn unreachable() -> (u64, u64) {
    let old = std::fs::read_to_string("/proc/self/net/snmp").unwrap();
    let mut lines = old.lines().filter(|line| line.starts_with("Ip: "));
    let (names, values) = (lines.next().unwrap(), lines.next().unwrap());
    let at = names.split(' ').position(|name| name == "OutNoRoutes").unwrap();
    let new = std::fs::read_to_string("/proc/self/net/snmp6").unwrap();
    let line = new.lines().find(|line| line.starts_with("Ip6OutNoRoutes")).unwrap();
    let number = |text: &str| text.parse().unwrap();
    let four = number(values.split(' ').nth(at).unwrap());
    (four, number(line.split_whitespace().nth(1).unwrap()))
}

/// A server with mail of its own, a mailbox on this machine and one elsewhere, and Google's client.
async fn set_up(home: &Path) {
    let variables: Vec<(String, String)> =
        std::env::vars().filter(|(name, _)| name.starts_with("LOKET_DATABASE__")).collect();
    let config = load_from(home, &variables).unwrap().config;
    for folder in ["mail/new", "mail/cur", "mail/tmp", "sent"] {
        std::fs::create_dir_all(home.join(folder)).unwrap();
    }
    let app = App::open(&config, Arc::new(SystemClock), Arc::new(SystemIds)).await.unwrap();
    // Linking tries the servers, and there are none here.
    let (services, oauth) =
        over_provider(app.services.store().clone(), app.services.blobs().clone());
    let owner = NewUser {
        name: "Anna".to_owned(),
        email: "anna@acme.test".to_owned(),
        role: Role::Owner,
        password: PASSWORD.into(),
    };
    let new = NewOrganization {
        name: "Acme".to_owned(),
        time_zone: "Europe/Amsterdam".to_owned(),
        owner,
    };
    let made = organization::create(&services, new).await.unwrap();
    let mut link = maildir_link("hulp@acme.test");
    link.settings.path = Some(home.join("mail").to_str().unwrap().to_owned());
    link.settings.deliver =
        Some(mailboxes::Deliver::Folder { path: home.join("sent").to_str().unwrap().to_owned() });
    let server =
        |host: &str, port| Some(MailServer { host: host.to_owned(), port, tls: Tls::Implicit });
    let elsewhere = Link {
        provider: Provider::Imap,
        address: "verkoop@acme.test".to_owned(),
        settings: MailboxSettings {
            imap: server(IMAP, 993),
            smtp: server(SMTP, 465),
            ..MailboxSettings::default()
        },
        password: Some("a password".into()),
        import: Import { mode: ImportMode::Now, since: None },
        ..maildir_link("verkoop@acme.test")
    };
    for link in [link, elsewhere] {
        let members = [made.membership_id];
        mailboxes::create_for(&services, made.organization_id, &members, link).await.unwrap();
    }
    connect_google(&services, &oauth).await;
    app.services.settle().await;
}

/// Two mailboxes by consent: of one the access lasts for an hour, of the other it is over.
async fn connect_google(services: &Services, oauth: &FakeOAuth) {
    let mut browser = ServiceBrowser::at(services, "anna@acme.test", PASSWORD).await;
    let client = json!({ "client_id": "id.google.test", "client_secret": "secret" });
    let set = browser.request(Method::PUT, "/api/v1/providers/google", &client).await;
    assert!(set.status.is_success(), "{set:?}");
    let now = services.store().now();
    for (address, granted) in [(FRESH, now), (STALE, now - TimeDelta::hours(2))] {
        oauth.exchanges.lock().unwrap().push_back(Ok(FakeOAuth::granted(address, granted)));
        let body = json!({ "provider": "google", "import": { "mode": "now" } });
        let begun = browser.post("/api/v1/mailboxes/connect", &body).await.json();
        let page: url::Url = begun["authorize_url"].as_str().unwrap().parse().unwrap();
        let state = page.query_pairs().find(|(name, _)| name == "state").unwrap().1.into_owned();
        let back = browser.get(&format!("/oauth/callback?state={state}&code=good")).await;
        assert!(back.header("location").contains("connected="), "{back:?}");
    }
}

/// A day at the helpdesk.
async fn work(server: &Running, asked: &NameServer) {
    let mut browser = server.browser().await;
    let tickets = browser.get("/tickets?status=all").await;
    let tickets = tickets["items"].as_array().unwrap();
    assert_eq!(tickets.len(), 1, "{tickets:?}");
    let path = format!("/tickets/{}", tickets[0]["number"]);
    let ticket = browser.get(&path).await;
    let message = ticket["messages"][0]["id"].as_str().unwrap().to_owned();
    let message = format!("/messages/{message}");
    for part in ["", "/html", "/html?remote_images=true", "/original"] {
        browser.get(&format!("{message}{part}")).await;
    }
    for page in [
        "/mailboxes",
        "/users",
        "/quarantine",
        "/incidents/package?from=2026-01-01T00:00:00Z&to=2026-01-02T00:00:00Z",
    ] {
        browser.get(page).await;
    }
    let to = [json!({ "address": "klant@elders.test" })];
    let version = &ticket["version"];
    let reply = json!({ "mode": "reply", "to": to, "text": "Morgen.", "seen_version": version });
    browser.post(&format!("{path}/replies"), &reply).await;
    browser.post("/password/links", &json!({ "email": "anna@acme.test" })).await;
    browser.post("/mailboxes/connect", &json!({ "provider": "google" })).await;

    // Who was told of is tried; nobody else.
    let known = [IMAP, OWN_MAIL, GMAIL, GOOGLE].map(str::to_owned);
    let known = BTreeSet::from(known);
    let begun = Instant::now();
    while !asked.set().is_superset(&known) {
        assert!(begun.elapsed() < PATIENCE, "only these were asked for: {:?}", asked.set());
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    // The answer has left, and what runs at the start of the day has run.
    let sent = server.home.join("sent");
    while !has_a_file(&sent) {
        assert!(begun.elapsed() < PATIENCE, "the answer does not leave");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    Command::in_home(&server.home, |loket| drop(loket.output(&["doctor"])));
    let named: BTreeSet<String> = browser.get("/register").await["hosts"]
        .as_array()
        .unwrap()
        .iter()
        .map(|host| host["host"].as_str().unwrap().to_owned())
        .collect();
    let asked_for = asked.set();
    assert!(asked_for.is_subset(&named), "{asked_for:?} were asked for, of {named:?}");

    // An image is asked for when somebody wants to see it.
    let url: String = url::form_urlencoded::byte_serialize(IMAGE.as_bytes()).collect();
    browser.status(&format!("{message}/images?url={url}")).await;
}

fn has_a_file(folder: &Path) -> bool {
    std::fs::read_dir(folder.join("new")).is_ok_and(|mut files| files.next().is_some())
}

/// A name server that writes down what it is asked, and knows nobody.
struct NameServer(Arc<Mutex<Vec<String>>>);

impl NameServer {
    fn start() -> Self {
        let socket = UdpSocket::bind(NAME_SERVER).unwrap();
        let asked = Arc::new(Mutex::new(Vec::new()));
        let into = Arc::clone(&asked);
        std::thread::spawn(move || {
            let mut packet = [0; 1_500];
            while let Ok((length, from)) = socket.recv_from(&mut packet) {
                let Some(name) = packet.get(12..length).and_then(name_of) else { continue };
                into.lock().unwrap().push(name);
                // The question comes back as an answer: recursion available, no such name.
                packet[2] |= 0x80;
                packet[3] = 0x83;
                packet[6..12].fill(0);
                let _ = socket.send_to(&packet[..length], from);
            }
        });
        Self(asked)
    }

    fn names(&self) -> Vec<String> {
        self.0.lock().unwrap().clone()
    }

    fn set(&self) -> BTreeSet<String> {
        self.names().into_iter().collect()
    }
}

/// The name in a question (RFC 1035, section 4.1.2).
fn name_of(question: &[u8]) -> Option<String> {
    let mut rest = question;
    let mut labels = Vec::new();
    loop {
        let (length, more) = rest.split_first()?;
        if *length == 0 {
            return Some(labels.join("."));
        }
        let (label, more) = more.split_at_checked(usize::from(*length))?;
        labels.push(String::from_utf8_lossy(label).to_lowercase());
        rest = more;
    }
}

/// The program as it serves; it ends with the value.
struct Running {
    child: Child,
    url: String,
    home: std::path::PathBuf,
}

impl Running {
    fn start(home: &Path) -> Self {
        use std::io::BufRead as _;
        let mut child = Process::new(env!("CARGO_BIN_EXE_loket"))
            .args(["serve", "--listen", "127.0.0.1:0"])
            .env("LOKET_HOME", home)
            .env("LOKET_SENDING__UNDO_SECONDS", "1")
            .env("LOKET_SMTP__HOST", OWN_MAIL)
            .env("LOKET_SMTP__FROM", "loket@loket.test")
            .env("LOKET_TELEMETRY__LEVEL", "error")
            .stdout(Stdio::piped())
            .process_group(0)
            .spawn()
            .unwrap();
        let mut line = String::new();
        let mut printed = std::io::BufReader::new(child.stdout.take().unwrap());
        while !line.contains("http://") {
            line.clear();
            assert_ne!(printed.read_line(&mut line).unwrap(), 0, "it does not start");
        }
        let url = line.split_whitespace().find(|word| word.starts_with("http://"));
        let url = url.unwrap().to_owned();
        Self { child, url, home: home.to_owned() }
    }

    async fn browser(&self) -> Browser {
        let http = reqwest::Client::builder()
            .tls_backend_preconfigured(crate::support::server::rustls_without_roots())
            .build()
            .unwrap();
        // By number: the name `localhost` would be no harm, and no use.
        let api = format!("{}/api/v1", self.url.replace("localhost", "127.0.0.1"));
        let mut browser = Browser { http, api, origin: self.url.clone(), cookie: String::new() };
        let body = json!({ "email": "anna@acme.test", "password": PASSWORD });
        browser.post("/session", &body).await;
        browser
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

struct Browser {
    http: reqwest::Client,
    api: String,
    origin: String,
    cookie: String,
}

impl Browser {
    async fn send(&mut self, method: Method, path: &str, body: Option<&Value>) -> Value {
        let mut request = self
            .http
            .request(method, format!("{}{path}", self.api))
            .header("origin", &self.origin)
            .header("cookie", &self.cookie);
        if let Some(body) = body {
            request = request.json(body);
        }
        let answer = request.send().await.unwrap();
        if let Some(cookie) = answer.headers().get("set-cookie") {
            self.cookie = cookie.to_str().unwrap().split(';').next().unwrap().to_owned();
        }
        let status = answer.status();
        let text = answer.text().await.unwrap();
        assert!(status.is_success(), "{path}: {status} {text}");
        serde_json::from_str(&text).unwrap_or_default()
    }

    async fn get(&mut self, path: &str) -> Value {
        self.send(Method::GET, path, None).await
    }

    async fn post(&mut self, path: &str, body: &Value) -> Value {
        self.send(Method::POST, path, Some(body)).await
    }

    /// What cannot be there: only that it was asked for counts.
    async fn status(&mut self, path: &str) -> reqwest::StatusCode {
        let request = self.http.get(format!("{}{path}", self.api)).header("cookie", &self.cookie);
        request.send().await.unwrap().status()
    }
}
