//! The main journey on real servers, for each shape of provider: a mailbox is connected, a
//! customer's mail becomes a ticket, the answer leaves through the same mailbox, and the
//! customer's answer to that joins the ticket.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use loket::app::App;
use loket::clock::SystemClock;
use loket::config::providers::Provider as ProviderConfig;
use loket::config::{Config, Home};
use loket::http::HttpOptions;
use loket::ids::SystemIds;
use loket::imap::{Options, Session};
use loket::oauth::ProviderSettings;
use loket::service::{Services, setup};
use secrecy::ExposeSecret as _;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use url::Url;

use crate::support::rig::{Account, Rig, Shape};

/// Longer than anything takes on a busy machine; only a failure waits for it.
const PATIENCE: Duration = Duration::from_secs(60);

/// A server with a browser that is signed in as its owner.
struct Server {
    services: Services,
    url: String,
    cookie: String,
    http: reqwest::Client,
    stop: CancellationToken,
    running: JoinHandle<()>,
    home: tempfile::TempDir,
}

impl Server {
    async fn start(rig: &Rig) -> Self {
        let home = tempfile::tempdir().unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let mut config = Config::default();
        config.home = Home::new(home.path(), &config.paths);
        config.server.public_url = Some(url.parse().unwrap());
        config.sending.undo_seconds = 1;
        config.security.allow_private_mail_hosts = true;
        config.tls.extra_ca_file = Some(rig.text("/ca").into());
        config.providers.google = provider(&rig.provider(Shape::Google));
        config.providers.microsoft.provider = provider(&rig.provider(Shape::Microsoft));
        config.providers.microsoft.tenant = "common".to_owned();
        let app = App::open(&config, Arc::new(SystemClock), Arc::new(SystemIds)).await.unwrap();
        let services = app.services.clone();
        let token = setup::begin(&services).await.unwrap().unwrap();
        let stop = CancellationToken::new();
        let options = HttpOptions { max_upload_bytes: 1 << 20, ..HttpOptions::default() };
        let told = stop.clone();
        let running =
            tokio::spawn(async move { app.serve(listener, options, told).await.unwrap() });
        let mut server = Self {
            services,
            url,
            cookie: String::new(),
            http: reqwest::Client::builder()
                .tls_backend_preconfigured(rustls_without_roots())
                .redirect(reqwest::redirect::Policy::none())
                .build()
                .unwrap(),
            stop,
            running,
            home,
        };
        let owner = json!({
            "token": token.expose_secret(), "organization_name": "Acme", "time_zone": "Europe/Amsterdam",
            "owner_name": "Anna", "owner_email": "anna@acme.test", "password": "correct horse battery",
        });
        server.post("/setup", &owner).await;
        server
    }

    async fn call(&mut self, method: reqwest::Method, path: &str, body: Option<&Value>) -> Value {
        let mut request = self
            .http
            .request(method, format!("{}/api/v1{path}", self.url))
            .header("origin", &self.url)
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
        self.call(reqwest::Method::GET, path, None).await
    }

    async fn post(&mut self, path: &str, body: &Value) -> Value {
        self.call(reqwest::Method::POST, path, Some(body)).await
    }

    /// Asks again whenever something has happened, until `wanted` finds what it wants.
    async fn until<T>(&mut self, path: &str, wanted: impl Fn(&Value) -> Option<T>) -> T {
        let mut signals = self.services.store().signals();
        let mut last = Value::Null;
        let found = tokio::time::timeout(PATIENCE, async {
            loop {
                last = self.get(path).await;
                if let Some(found) = wanted(&last) {
                    return found;
                }
                let _ = signals.recv().await;
            }
        });
        let found = found.await.ok();
        found.unwrap_or_else(|| panic!("{path} never showed what was expected: {last}"))
    }

    async fn connect(&mut self, rig: &Rig, account: &Account) {
        if account.shape == Shape::Plain {
            let servers = (rig.imap(Shape::Plain), rig.smtp());
            let server = |of: &loket::net::Endpoint| json!({ "host": of.host, "port": of.port, "tls": "implicit" });
            let body = json!({
                "provider": "imap", "address": account.address, "display_name": "Hulp",
                "imap": server(&servers.0), "smtp": server(&servers.1), "password": "test-pw",
            });
            self.post("/mailboxes", &body).await;
            return;
        }
        let name = if account.shape == Shape::Google { "google" } else { "microsoft" };
        let begun = self.post("/mailboxes/connect", &json!({ "provider": name })).await;
        let consent = Url::parse(begun["authorize_url"].as_str().unwrap()).unwrap();
        let callback = format!("{}/oauth/callback", self.url);
        let back = rig.consent_back_to(&callback, &consent, account).await;
        let request = self.http.get(with_query(&callback, &back));
        let answer = request.header("cookie", &self.cookie).send().await.unwrap();
        let location = answer.headers()["location"].to_str().unwrap().to_owned();
        assert!(location.contains("connected="), "{location}");
    }

    async fn stop(&mut self) {
        self.stop.cancel();
        (&mut self.running).await.unwrap();
    }
}

fn rustls_without_roots() -> rustls::ClientConfig {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(rustls::RootCertStore::empty())
        .with_no_client_auth()
}

fn provider(settings: &ProviderSettings) -> ProviderConfig {
    use loket::config::smtp::Tls;
    use loket::net::TlsMode;
    let tls = |mode| Some(if mode == TlsMode::Implicit { Tls::Implicit } else { Tls::Starttls });
    ProviderConfig {
        client_id: Some(settings.client_id.clone()),
        client_secret: Some(settings.client_secret.clone()),
        authorize_url: Some(settings.authorize_url.clone()),
        token_url: Some(settings.token_url.clone()),
        revoke_url: settings.revoke_url.clone(),
        issuer: Some(settings.issuer.clone()),
        scopes: None,
        imap_host: Some(settings.imap.host.clone()),
        imap_port: Some(settings.imap.port),
        imap_tls: tls(settings.imap.tls),
        smtp_host: Some(settings.smtp.host.clone()),
        smtp_port: Some(settings.smtp.port),
        smtp_tls: tls(settings.smtp.tls),
    }
}

fn with_query(url: &str, query: &HashMap<String, String>) -> Url {
    Url::parse_with_params(url, query).unwrap()
}

/// What lies in the customer's inbox, once something does.
async fn receive(rig: &Rig, customer: &Account) -> String {
    let endpoint = rig.imap(Shape::Plain);
    let mut session =
        Session::connect(&rig.net(), &endpoint, &customer.password(), Options::default())
            .await
            .unwrap();
    let got = tokio::time::timeout(PATIENCE, async {
        while session.examine("INBOX").await.unwrap().exists == 0 {
            session.idle(PATIENCE).await.unwrap();
        }
        session.fetch_batch(&[1], 1 << 20).await.unwrap()
    });
    let batch = got.await.expect("the answer arrives");
    String::from_utf8(batch.mails[0].raw.to_vec()).unwrap()
}

fn header<'a>(mail: &'a str, name: &str) -> &'a str {
    let line = mail.lines().find(|line| line.to_lowercase().starts_with(&format!("{name}:")));
    line.unwrap_or_else(|| panic!("no {name} in {mail}")).split_once(':').unwrap().1.trim()
}

async fn journey(shape: Shape) {
    let rig = Rig::new();
    let mut server = Server::start(&rig).await;
    let mailbox = rig.account(shape).await;
    let customer = rig.account(Shape::Plain).await;
    server.connect(&rig, &mailbox).await;
    server.until("/mailboxes", |list| (list["items"][0]["state"] == "active").then_some(())).await;

    let question = format!(
        "From: Klant <{}>\r\nTo: {}\r\nSubject: Waar blijft mijn zeekanarie?\r\n\
         Message-ID: <vraag-1@customers.test>\r\nDate: Mon, 2 Mar 2026 09:00:00 +0000\r\n\r\n\
         Ik wacht al een week.\r\n",
        customer.address, mailbox.address
    );
    rig.deliver(&mailbox, "INBOX", question.as_bytes());
    let ticket = server.until("/tickets?status=open", |page| page["items"].get(0).cloned()).await;
    assert_eq!(ticket["customer"]["address"], customer.address);
    assert_eq!(ticket["unread"], true);

    let path = format!("/tickets/{}", ticket["number"]);
    let answer = json!({
        "mode": "reply", "to": [{ "name": null, "address": customer.address }], "cc": [], "bcc": [],
        "text": "Morgen is hij er.", "html": null, "attachment_ids": [], "then": "pending",
        "seen_version": ticket["version"],
    });
    server.post(&format!("{path}/replies"), &answer).await;
    server
        .until(&path, |ticket| {
            let sent = |m: &Value| m["delivery"]["state"] == "sent";
            ticket["messages"].as_array()?.iter().any(sent).then_some(())
        })
        .await;
    let got = receive(&rig, &customer).await;
    assert_eq!(header(&got, "in-reply-to"), "<vraag-1@customers.test>");
    assert!(header(&got, "from").contains(&mailbox.address));
    assert!(got.contains("Morgen is hij er."));

    let reaction = format!(
        "From: Klant <{}>\r\nTo: {}\r\nSubject: Re: Waar blijft mijn zeekanarie?\r\n\
         Message-ID: <vraag-2@customers.test>\r\nIn-Reply-To: {}\r\n\r\nDank!\r\n",
        customer.address,
        mailbox.address,
        header(&got, "message-id")
    );
    rig.deliver(&mailbox, "INBOX", reaction.as_bytes());
    let joined = server
        .until(&path, |ticket| {
            let inbound = |m: &&Value| m["kind"] == "inbound";
            let count = ticket["messages"].as_array()?.iter().filter(inbound).count();
            (count == 2).then(|| ticket.clone())
        })
        .await;
    assert_eq!(joined["status"], "open");
    let folder = server.home.path().to_owned();
    server.stop().await;
    assert!(!walk(&folder).is_empty());
    for file in walk(&folder) {
        // A write-ahead log goes when the last connection does.
        let bytes = match std::fs::read(&file) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => continue,
            read => read.unwrap(),
        };
        assert!(!bytes.windows(10).any(|w| w == b"zeekanarie"), "{}", file.display());
    }
}

fn walk(folder: &std::path::Path) -> Vec<std::path::PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { walk(&path) } else { vec![path] }).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn at_google() {
    journey(Shape::Google).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn at_microsoft() {
    journey(Shape::Microsoft).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn at_a_plain_imap_server() {
    journey(Shape::Plain).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_dead_grant_is_said_and_reconnecting_goes_on_at_the_cursor() {
    let rig = Rig::new();
    let mut server = Server::start(&rig).await;
    let mailbox = rig.account(Shape::Google).await;
    let other = rig.account(Shape::Plain).await;
    server.connect(&rig, &mailbox).await;
    server.connect(&rig, &other).await;
    let both = |list: &Value| {
        let items = list["items"].as_array()?;
        (items.len() == 2 && items.iter().all(|m| m["state"] == "active")).then_some(())
    };
    server.until("/mailboxes", both).await;

    rig.control("revoke-user", Shape::Google, json!({ "email": mailbox.address })).await;
    let address = mailbox.address.clone();
    let find = move |list: &Value| {
        let of = |m: &&Value| m["address"] == address.as_str();
        list["items"].as_array()?.iter().find(of).cloned()
    };
    let id = server.until("/mailboxes", find.clone()).await["id"].clone();
    // An open session outlives its token: look anew.
    let sync = format!("/mailboxes/{}/sync", id.as_str().unwrap());
    server.post(&sync, &Value::Null).await;
    let dead = move |list: &Value| (find(list)?["state"] == "needs_reauthorization").then_some(());
    server.until("/mailboxes", dead).await;
    // The other mailbox goes on.
    rig.deliver(&other, "INBOX", b"From: a@b.test\r\nSubject: Gaat door\r\n\r\nJa\r\n");
    server.until("/tickets?status=open", |page| page["items"].get(0).cloned()).await;
    // Mail that came while it was dead is not lost.
    rig.deliver(&mailbox, "INBOX", b"From: c@d.test\r\nSubject: Intussen\r\n\r\nJa\r\n");
    let begun =
        server.post("/mailboxes/connect", &json!({ "provider": "google", "mailbox_id": id })).await;
    let consent = Url::parse(begun["authorize_url"].as_str().unwrap()).unwrap();
    let callback = format!("{}/oauth/callback", server.url);
    let back = rig.consent_back_to(&callback, &consent, &mailbox).await;
    let request = server.http.get(with_query(&callback, &back));
    let answer = request.header("cookie", &server.cookie).send().await.unwrap();
    assert!(answer.headers()["location"].to_str().unwrap().contains("connected="));
    server
        .until("/tickets?status=open", |page| (page["items"].as_array()?.len() == 2).then_some(()))
        .await;
    server.stop().await;
}
