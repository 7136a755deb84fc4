//! The whole server on the rig's servers, with a browser that is signed in as its owner.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use loket::app::App;
use loket::clock::SystemClock;
use loket::config::providers::Provider as ProviderConfig;
use loket::config::{Config, Home};
use loket::http::HttpOptions;
use loket::ids::SystemIds;
use loket::oauth::ProviderSettings;
use loket::service::{Services, setup};
use secrecy::ExposeSecret as _;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use url::Url;

use super::rig::{Account, Rig, Shape};

/// Longer than anything takes on a busy machine; only a failure waits for it.
pub(crate) const PATIENCE: Duration = Duration::from_secs(50);

/// How often to ask although nothing was signalled.
const COUNTED: Duration = Duration::from_millis(300);

/// A server with a browser that is signed in as its owner.
pub(crate) struct Server {
    pub(crate) services: Services,
    pub(crate) url: String,
    pub(crate) cookie: String,
    pub(crate) http: reqwest::Client,
    stop: CancellationToken,
    running: JoinHandle<()>,
    config: Config,
    pub(crate) home: tempfile::TempDir,
}

impl Server {
    pub(crate) async fn start(rig: &Rig) -> Self {
        Self::start_with(rig, |_| ()).await
    }

    /// Starts with other settings than the usual.
    pub(crate) async fn start_with(rig: &Rig, change: impl FnOnce(&mut Config)) -> Self {
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
        change(&mut config);
        let app = App::open(&config, Arc::new(SystemClock), Arc::new(SystemIds)).await.unwrap();
        let services = app.services.clone();
        let token = setup::begin(&services).await.unwrap().unwrap();
        let (stop, running) = serve(app, listener);
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
            config,
            home,
        };
        let owner = json!({
            "token": token.expose_secret(), "organization_name": "Acme", "time_zone": "Europe/Amsterdam",
            "owner_name": "Anna", "owner_email": "anna@acme.test", "password": "correct horse battery",
        });
        server.post("/setup", &owner).await;
        server
    }

    async fn call(
        &mut self,
        method: reqwest::Method,
        path: &str,
        (version, body): (Option<&Value>, Option<&Value>),
    ) -> Value {
        let mut request = self
            .http
            .request(method, format!("{}/api/v1{path}", self.url))
            .header("origin", &self.url)
            .header("cookie", &self.cookie);
        if let Some(version) = version {
            request = request.header("if-match", format!("\"{version}\""));
        }
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

    pub(crate) async fn get(&mut self, path: &str) -> Value {
        self.call(reqwest::Method::GET, path, (None, None)).await
    }

    pub(crate) async fn post(&mut self, path: &str, body: &Value) -> Value {
        self.call(reqwest::Method::POST, path, (None, Some(body))).await
    }

    /// Changes one of these, as it is known.
    pub(crate) async fn change(&mut self, what: &str, known: &Value, body: &Value) -> Value {
        let path = format!("/{what}/{}", known["id"].as_str().unwrap());
        self.call(reqwest::Method::PATCH, &path, (Some(&known["version"]), Some(body))).await
    }

    /// Asks again whenever something has happened, until `wanted` finds what it wants.
    pub(crate) async fn until<T>(&mut self, path: &str, wanted: impl Fn(&Value) -> Option<T>) -> T {
        let mut signals = self.services.store().signals();
        let mut last = Value::Null;
        let found = tokio::time::timeout(PATIENCE, async {
            loop {
                last = self.get(path).await;
                if let Some(found) = wanted(&last) {
                    return found;
                }
                // What is only counted is not signalled.
                let _ = tokio::time::timeout(COUNTED, signals.recv()).await;
            }
        });
        let found = found.await.ok();
        found.unwrap_or_else(|| panic!("{path} never showed what was expected: {last}"))
    }

    /// Links a mailbox that brings along what comes in from now on.
    pub(crate) async fn connect(&mut self, rig: &Rig, account: &Account) {
        self.connect_with(rig, account, json!({ "mode": "now" })).await;
    }

    pub(crate) async fn connect_with(&mut self, rig: &Rig, account: &Account, import: Value) {
        if account.shape == Shape::Plain {
            let servers = (rig.imap(Shape::Plain), rig.smtp());
            let server = |of: &loket::net::Endpoint| json!({ "host": of.host, "port": of.port, "tls": "implicit" });
            let body = json!({
                "provider": "imap", "address": account.address, "display_name": "Hulp",
                "imap": server(&servers.0), "smtp": server(&servers.1), "password": "test-pw",
                "import": import,
            });
            self.post("/mailboxes", &body).await;
            return;
        }
        let location = self.consent(rig, account, json!({ "import": import })).await;
        assert!(location.contains("connected="), "{location}");
    }

    /// Consents in the browser as `account`; answers where the browser ends. `request` has what
    /// the page sends beside the provider.
    pub(crate) async fn consent(
        &mut self,
        rig: &Rig,
        account: &Account,
        mut request: Value,
    ) -> String {
        let name = if account.shape == Shape::Google { "google" } else { "microsoft" };
        request["provider"] = name.into();
        let begun = self.post("/mailboxes/connect", &request).await;
        let consent = Url::parse(begun["authorize_url"].as_str().unwrap()).unwrap();
        let callback = format!("{}/oauth/callback", self.url);
        let back = rig.consent_back_to(&callback, &consent, account).await;
        let request = self.http.get(with_query(&callback, &back));
        let answer = request.header("cookie", &self.cookie).send().await.unwrap();
        answer.headers()["location"].to_str().unwrap().to_owned()
    }

    /// The mailbox of this address, as the page shows it.
    pub(crate) async fn mailbox(&mut self, address: &str) -> Value {
        let list = self.get("/mailboxes").await;
        of_address(&list, address).unwrap_or_else(|| panic!("no {address} in {list}"))
    }

    /// Waits until the mailbox of this address is as wanted.
    pub(crate) async fn until_mailbox(
        &mut self,
        address: &str,
        wanted: impl Fn(&Value) -> bool,
    ) -> Value {
        let address = address.to_owned();
        self.until("/mailboxes", move |list| of_address(list, &address).filter(&wanted)).await
    }

    /// An admin wants the mailbox of this address to be read now.
    pub(crate) async fn sync(&mut self, address: &str) {
        let id = self.mailbox(address).await["id"].as_str().unwrap().to_owned();
        self.post(&format!("/mailboxes/{id}/sync"), &Value::Null).await;
    }

    /// Waits for as many open tickets.
    pub(crate) async fn until_tickets(&mut self, count: usize) -> Value {
        let count = move |page: &Value| {
            let items = page["items"].as_array()?;
            (items.len() == count).then(|| page["items"].clone())
        };
        self.until("/tickets?status=open", count).await
    }

    /// Stops, and starts again with other settings, on the same home folder.
    pub(crate) async fn restart(&mut self, change: impl FnOnce(&mut Config)) {
        self.stop().await;
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        self.url = format!("http://{}", listener.local_addr().unwrap());
        self.config.server.public_url = Some(self.url.parse().unwrap());
        change(&mut self.config);
        let clock = Arc::new(SystemClock);
        let app = App::open(&self.config, clock, Arc::new(SystemIds)).await.unwrap();
        self.services = app.services.clone();
        (self.stop, self.running) = serve(app, listener);
    }

    pub(crate) async fn stop(&mut self) {
        self.stop.cancel();
        (&mut self.running).await.unwrap();
    }
}

fn serve(app: App, listener: TcpListener) -> (CancellationToken, JoinHandle<()>) {
    let stop = CancellationToken::new();
    let options = HttpOptions { max_upload_bytes: 1 << 20, ..HttpOptions::default() };
    let told = stop.clone();
    let running = tokio::spawn(async move { app.serve(listener, options, told).await.unwrap() });
    (stop, running)
}

fn of_address(list: &Value, address: &str) -> Option<Value> {
    list["items"].as_array()?.iter().find(|mailbox| mailbox["address"] == address).cloned()
}

pub(crate) fn rustls_without_roots() -> rustls::ClientConfig {
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
        secret_ends: None,
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

pub(crate) fn with_query(url: &str, query: &HashMap<String, String>) -> Url {
    Url::parse_with_params(url, query).unwrap()
}
