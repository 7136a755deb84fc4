//! From mail in Dovecot to committed tickets, beside what FETCH alone and parsing and sealing
//! alone can do.

use std::fs;
use std::os::unix::fs::{MetadataExt as _, chown};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use loket::blob::seal_blob;
use loket::cli::corpus::Mail;
use loket::cli::corpus::bench::corpus;
use loket::clock::{Clock as _, SystemClock};
use loket::crypto::{KeyKind, Keyring, KeyringLocation, KeyringOptions, OpenKey};
use loket::ids::{Ids as _, SystemIds};
use loket::imap::{Options, Session};
use loket::mail::{Limits, parse};
use loket::net::{Credentials, Endpoint, Guard, Net, NetOptions, TlsMode};
use rayon::prelude::*;
use serde_json::Value;

use crate::process::{Home, Server};
use crate::report::{Report, Target};

const SEED: u64 = 1;
pub(crate) const OWNER: &str = "owner@bench.example.com";
pub(crate) const PASSWORD: &str = "bench-password-1";
/// The password of every `t-…` account of the rig.
const MAIL_PASSWORD: &str = "test-pw";

/// Large mails, and how large they are.
const LARGE: usize = 4;
const LARGE_BYTES: usize = 25 << 20;

/// Among how many others they are.
const AMONG: usize = 1_000;

/// What the reader asks for at once, as `ingest` does.
const BATCH_MAILS: usize = 200;
const BATCH_BYTES: u64 = 6 << 20;

/// How often the server is asked how far it is.
const LOOK: Duration = Duration::from_millis(100);

/// Mails that have not come in by then never will.
const PATIENCE: Duration = Duration::from_mins(10);

/// How long a server rests before its memory is taken for that of an idle one.
pub(crate) const REST: Duration = Duration::from_secs(5);

/// An account in the rig's Dovecot.
pub(crate) struct Account {
    pub(crate) address: String,
    host: String,
    imaps: u16,
    smtps: u16,
    ca: PathBuf,
    maildir: PathBuf,
    owner: u32,
}

impl Account {
    pub(crate) fn new() -> Self {
        let path = std::env::var("RIG_JSON").expect("RIG_JSON; start the rig: make rig");
        let text = fs::read_to_string(path).expect("rig.json");
        let rig: Value = serde_json::from_str(&text).expect("rig.json");
        let word = |pointer: &str| -> String {
            rig.pointer(pointer).and_then(Value::as_str).expect(pointer).to_owned()
        };
        let port = |pointer: &str| -> u16 {
            let port = rig.pointer(pointer).and_then(Value::as_u64).expect(pointer);
            u16::try_from(port).expect(pointer)
        };
        let mut tag = [0; 8];
        SystemIds.fill(&mut tag);
        let (name, domain) = (format!("t-{}", hex::encode(tag)), word("/plain/domain"));
        let root = PathBuf::from(word("/mailRoot"));
        Self {
            address: format!("{name}@{domain}"),
            host: word("/plain/imapHost"),
            imaps: port("/ports/imaps"),
            smtps: port("/ports/smtps"),
            ca: word("/ca").into(),
            maildir: root.join(domain).join(name).join("Maildir"),
            owner: fs::metadata(root).expect("the rig's mail folder").uid(),
        }
    }

    /// Puts mail into the INBOX, as a delivery does.
    pub(crate) fn deliver(&self, mails: impl Iterator<Item = Vec<u8>>, first: usize) {
        let own = |path: &Path| chown(path, Some(self.owner), Some(self.owner)).expect("chown");
        for folder in ["tmp", "new", "cur"] {
            fs::create_dir_all(self.maildir.join(folder)).expect("the Maildir");
            own(&self.maildir.join(folder));
        }
        for path in self.maildir.ancestors().take(3) {
            own(path);
        }
        for (number, raw) in (first..).zip(mails) {
            let name = format!("{:010}.bench.example", 1_700_000_000 + number);
            let (written, new) =
                (self.maildir.join("tmp").join(&name), self.maildir.join("new").join(&name));
            fs::write(&written, raw).expect("a mail");
            own(&written);
            fs::rename(written, new).expect("a mail");
        }
    }

    /// Removes its mail.
    pub(crate) fn remove(&self) {
        let _ = fs::remove_dir_all(&self.maildir);
    }
}

pub(crate) async fn run(report: &mut Report, count: usize) {
    let account = Account::new();
    let home = home(&account, &[]);
    let server = home.serve().await;
    let cookie = server.sign_in(OWNER, PASSWORD).await;
    wait(&server, &cookie, |mailbox| mailbox["state"] == "active").await;
    tokio::time::sleep(REST).await;
    report.add("idle, one mailbox: memory", server.memory().1, "MB", Target::Below(60.0));
    server.stop();
    let before = home.stored();

    eprintln!("delivering {count} mails");
    let mails = || corpus(SEED, count, &account.address, SystemClock.now());
    let mut raw_bytes = 0_u64;
    let counted = mails().map(|mail| {
        raw_bytes += mail.raw.len() as u64;
        mail.raw
    });
    account.deliver(counted, 0);
    let fetch = fetch_rate(&account, count).await;
    let seal = parse_and_seal_rate(mails(), count).await;

    let server = home.serve().await;
    let began = Instant::now();
    let cpu = server.cpu_ms();
    let cookie = server.sign_in(OWNER, PASSWORD).await;
    let all = count as u64;
    wait(&server, &cookie, |mailbox| imported(mailbox) >= all).await;
    let rate = count as f64 / began.elapsed().as_secs_f64();
    let cpu = (server.cpu_ms() - cpu) / count as f64;
    let peak = server.memory().0;
    server.stop();
    let stored = (home.stored() - before) as f64 / count as f64;
    let raw = raw_bytes as f64 / count as f64;

    // A server that has nothing in memory yet; the large mails lie evenly among the others.
    let server = home.serve().await;
    let cookie = server.sign_in(OWNER, PASSWORD).await;
    let others = corpus(SEED + 1, AMONG, &account.address, SystemClock.now());
    let mixed = others.enumerate().flat_map(|(number, mail)| {
        let large = (number % (AMONG / LARGE) == 0).then(|| large(number));
        large.into_iter().chain([mail.raw])
    });
    account.deliver(mixed, count);
    wait(&server, &cookie, |mailbox| imported(mailbox) >= all + (AMONG + LARGE) as u64).await;
    let peak_large = server.memory().0;
    server.stop();

    let ratio = |limit: f64| 100.0 * rate / limit;
    report.add("ingest: from IMAP to committed tickets", rate, "mails/s", Target::AtLeast(500.0));
    report.add("  limit: bare UID FETCH", fetch, "mails/s", Target::None);
    report.add("  limit: bare parse and seal, all cores", seal, "mails/s", Target::None);
    report.add("  ingest of bare FETCH", ratio(fetch), "%", Target::None);
    report.add("  ingest of bare parse and seal", ratio(seal), "%", Target::None);
    report.add("  CPU per mail", cpu, "ms", Target::None);
    report.add("  raw bytes per mail", raw, "bytes", Target::None);
    let most = raw.mul_add(0.9, 4096.0);
    report.add("  stored bytes per mail", stored, "bytes", Target::Below(most));
    report.add("  peak memory", peak, "MB", Target::Below(200.0));
    report.add(
        "  peak memory with mails of 25 MB among them",
        peak_large,
        "MB",
        Target::Below(200.0),
    );
    account.remove();
}

/// A home folder with the account as a mailbox.
pub(crate) fn home(account: &Account, more: &[(&'static str, &str)]) -> Home {
    let home = empty_home(account, more);
    let mut owner = vec!["org", "create", "--name", "Bench", "--owner-name", "Owner"];
    owner.extend(["--owner-email", OWNER, "--password-stdin"]);
    home.run(&owner, PASSWORD);
    link(&home, account);
    home
}

/// A home folder that may reach the account's servers.
pub(crate) fn empty_home(account: &Account, more: &[(&'static str, &str)]) -> Home {
    let mut variables = vec![
        ("LOKET_TLS__EXTRA_CA_FILE", account.ca.to_string_lossy().into_owned()),
        ("LOKET_SECURITY__ALLOW_PRIVATE_MAIL_HOSTS", "true".to_owned()),
        ("LOKET_TELEMETRY__LEVEL", "error".to_owned()),
    ];
    variables.extend(more.iter().map(|(name, value)| (*name, (*value).to_owned())));
    Home::new(variables)
}

/// Links the account to the only organization there is.
pub(crate) fn link(home: &Home, account: &Account) {
    let imap = format!("{}:{}", account.host, account.imaps);
    let smtp = format!("127.0.0.1:{}", account.smtps);
    let mut mailbox = vec!["mailbox", "add", "--name", "Bench", "--address", &account.address];
    mailbox.extend(["--imap", &imap, "--smtp", &smtp]);
    home.run(&mailbox, MAIL_PASSWORD);
}

/// Waits until the mailbox is as it should be.
pub(crate) async fn wait(server: &Server, cookie: &str, done: impl Fn(&Value) -> bool) {
    let began = Instant::now();
    loop {
        let mailboxes = server.get("/mailboxes", cookie).await;
        let mailbox = &mailboxes["items"][0];
        if done(mailbox) {
            return;
        }
        assert!(began.elapsed() < PATIENCE, "it never came to that: {mailbox}");
        tokio::time::sleep(LOOK).await;
    }
}

pub(crate) fn imported(mailbox: &Value) -> u64 {
    mailbox["counts"]["imported"].as_u64().unwrap_or_default()
}

/// FETCH of everything, as the reader does it, and nothing else.
async fn fetch_rate(account: &Account, count: usize) -> f64 {
    let ca = fs::read(&account.ca).expect("the rig's CA");
    let options = NetOptions { extra_roots_pem: Some(ca), guard: Guard::AllowPrivate };
    let net = Net::new(&options).expect("the network");
    let endpoint = Endpoint::new(account.host.clone(), account.imaps, TlsMode::Implicit);
    let credentials =
        Credentials::Password { user: account.address.clone(), password: MAIL_PASSWORD.into() };
    let connect = Session::connect(&net, &endpoint, &credentials, Options::default());
    let mut session = connect.await.expect("Dovecot");
    // Dovecot makes its index of new files now.
    let selected = session.examine("INBOX").await.expect("the INBOX");
    let mut uids =
        session.uids_between(1..=selected.uid_next.saturating_sub(1)).await.expect("UIDs");
    assert_eq!(uids.len(), count, "mails in Dovecot");
    let began = Instant::now();
    while !uids.is_empty() {
        let rest = uids.split_off(BATCH_MAILS.min(uids.len()));
        let batch = session.fetch_batch(&uids, BATCH_BYTES).await.expect("mail");
        uids = batch.rest.into_iter().chain(rest).collect();
    }
    let rate = count as f64 / began.elapsed().as_secs_f64();
    session.logout().await;
    rate
}

/// Parsing, compressing and sealing on all cores, and nothing else.
async fn parse_and_seal_rate(mut mails: impl Iterator<Item = Mail>, count: usize) -> f64 {
    let (_keep, key) = key().await;
    let limits = Limits::default();
    let mut took = Duration::ZERO;
    loop {
        let chunk: Vec<Mail> = mails.by_ref().take(BATCH_MAILS).collect();
        if chunk.is_empty() {
            break count as f64 / took.as_secs_f64();
        }
        let began = Instant::now();
        chunk.par_iter().for_each(|mail| {
            parse(&mail.raw, &limits).expect("a good mail");
            let row = SystemIds.uuid(mail.at);
            seal_blob(&key, row, &mail.raw).expect("a sealed mail");
        });
        took += began.elapsed();
    }
}

async fn key() -> (tempfile::TempDir, OpenKey) {
    let folder = tempfile::tempdir().expect("a folder");
    let keys = folder.path().join("keys");
    let keyring = Keyring::open(KeyringOptions::new(
        KeyringLocation::Sqlite(keys.join("keyring.db")),
        keys.join("root.key"),
        Arc::new(SystemClock),
        Arc::new(SystemIds),
    ));
    let keyring = keyring.await.expect("a keyring");
    let organization = SystemIds.uuid(SystemClock.now());
    let key = keyring.create(KeyKind::Organization, organization, None, None).await;
    (folder, key.expect("a key"))
}

/// A mail of 25 MB: a letter with one file.
fn large(number: usize) -> Vec<u8> {
    let mut raw = format!(
        "From: Jo <large{number}@bench.example.net>\r\nTo: desk@bench.example.com\r\n\
         Subject: Large {number}\r\nMessage-ID: <large-{number}@bench.example.net>\r\n\
         MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n\
         --x\r\nContent-Type: text/plain\r\n\r\nSee the file.\r\n\
         --x\r\nContent-Type: application/zip; name=large.zip\r\n\
         Content-Disposition: attachment; filename=large.zip\r\n\
         Content-Transfer-Encoding: base64\r\n\r\n"
    )
    .into_bytes();
    let mut line = [0; 57];
    while raw.len() < LARGE_BYTES {
        SystemIds.fill(&mut line);
        raw.extend_from_slice(BASE64_STANDARD.encode(line).as_bytes());
        raw.extend_from_slice(b"\r\n");
    }
    raw.extend_from_slice(b"--x--\r\n");
    raw
}
