//! The rig's servers (tests/rig), as tests see them.
//!
//! Everything here is safe to use from tests that run side by side: each takes accounts, proxy routes
//! and faults of its own.

use std::collections::HashMap;
use std::io::Write as _;
use std::process::{Command, Stdio};

use loket::ids::{Ids as _, SystemIds};
use loket::net::{Credentials, Endpoint, Guard, Net, NetOptions, TlsMode};
use loket::oauth::{Grant, OAuth, ProviderSettings};
use serde_json::{Value, json};
use url::Url;

/// Where OAuth flows of tests end; nothing listens there.
pub(crate) const CALLBACK: &str = "http://127.0.0.1:8080/oauth/callback";

/// The three shapes of mail hosts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    Google,
    Microsoft,
    Plain,
}

impl Shape {
    fn realm(self) -> &'static str {
        match self {
            Self::Google => "google",
            Self::Microsoft => "ms",
            Self::Plain => "plain",
        }
    }
}

/// The running rig.
#[derive(Debug, Clone)]
pub(crate) struct Rig {
    json: Value,
    http: reqwest::Client,
}

/// An account that no other test uses; its password is `test-pw`.
#[derive(Debug, Clone)]
pub(crate) struct Account {
    pub(crate) shape: Shape,
    pub(crate) address: String,
}

impl Account {
    pub(crate) fn password(&self) -> Credentials {
        Credentials::Password { user: self.address.clone(), password: "test-pw".into() }
    }

    pub(crate) fn token(&self, grant: &Grant) -> Credentials {
        Credentials::XOAuth2 { user: self.address.clone(), token: grant.access_token.clone() }
    }
}

impl Rig {
    /// Reads `RIG_JSON`.
    ///
    /// # Panics
    /// When the rig does not run: tests never skip.
    pub(crate) fn new() -> Self {
        let path = std::env::var("RIG_JSON").expect("RIG_JSON is not set; start the rig: make rig");
        let text = std::fs::read_to_string(path).expect("RIG_JSON; start the rig: make rig");
        let http = plain_http();
        Self { json: serde_json::from_str(&text).unwrap(), http }
    }

    /// A value of rig.json by its path, such as `/ports/imaps`.
    pub(crate) fn text(&self, pointer: &str) -> String {
        let value = self.json.pointer(pointer).unwrap_or_else(|| panic!("rig.json: {pointer}"));
        value.as_str().map_or_else(|| value.to_string(), str::to_owned)
    }

    pub(crate) fn port(&self, name: &str) -> u16 {
        self.text(&format!("/ports/{name}")).parse().unwrap()
    }

    /// The PEM text of the rig's certificate authority.
    pub(crate) fn ca(&self) -> Vec<u8> {
        std::fs::read(self.text("/ca")).unwrap()
    }

    /// The way out, trusting the rig and allowed to reach loopback.
    pub(crate) fn net(&self) -> Net {
        let guard = Guard::AllowPrivate;
        Net::new(&NetOptions { extra_roots_pem: Some(self.ca()), guard }).unwrap()
    }

    pub(crate) fn imap(&self, shape: Shape) -> Endpoint {
        let host = self.text(&format!("/{}/imapHost", shape.realm()));
        Endpoint::new(host, self.port("imaps"), TlsMode::Implicit)
    }

    pub(crate) fn imap_starttls(&self, shape: Shape) -> Endpoint {
        let host = self.text(&format!("/{}/imapHost", shape.realm()));
        Endpoint::new(host, self.port("imap"), TlsMode::StartTls)
    }

    pub(crate) fn smtp(&self) -> Endpoint {
        Endpoint::new("127.0.0.1", self.port("smtps"), TlsMode::Implicit)
    }

    pub(crate) fn smtp_starttls(&self) -> Endpoint {
        Endpoint::new("127.0.0.1", self.port("submission"), TlsMode::StartTls)
    }

    /// Settings for the rig's provider in place of the vendor's.
    pub(crate) fn provider(&self, shape: Shape) -> ProviderSettings {
        let realm = shape.realm();
        let of = |name: &str| self.text(&format!("/{realm}/{name}"));
        let (id, secret) = (of("clientId"), of("clientSecret").into());
        let url = |text: String| Url::parse(&text).unwrap();
        let issuer = of("issuer");
        let mut settings = match shape {
            Shape::Google => ProviderSettings {
                authorize_url: url(format!("{issuer}/o/oauth2/v2/auth")),
                token_url: url(format!("{issuer}/token")),
                revoke_url: Some(url(format!("{issuer}/revoke"))),
                issuer,
                ..ProviderSettings::google(&id, secret).unwrap()
            },
            Shape::Microsoft => {
                let common = of("common").replace("/v2.0", "/oauth2/v2.0");
                let tenant = of("tenant");
                ProviderSettings {
                    authorize_url: url(format!("{common}/authorize")),
                    token_url: url(format!("{common}/token")),
                    issuer: issuer.replace(&tenant, "{tenantid}"),
                    ..ProviderSettings::microsoft(&id, secret, "common").unwrap()
                }
            }
            Shape::Plain => panic!("plain IMAP has no provider"),
        };
        settings.imap = self.imap(shape);
        settings.smtp = match shape {
            Shape::Microsoft => self.smtp_starttls(),
            _ => self.smtp(),
        };
        settings
    }

    /// A fresh account, known to mail servers and provider.
    pub(crate) async fn account(&self, shape: Shape) -> Account {
        let domain = self.text(&format!("/{}/domain", shape.realm()));
        let address = format!("t-{}@{domain}", unique());
        if shape != Shape::Plain {
            let user = json!({ "email": address, "password": "test-pw", "name": "Tester" });
            self.control("add-user", shape, user).await;
        }
        Account { shape, address }
    }

    /// `POST /VERB/REALM` at the provider's control port (see tests/rig/README.md).
    pub(crate) async fn control(&self, verb: &str, shape: Shape, body: Value) -> Value {
        let url = format!("{}/{verb}/{}", self.text("/control"), shape.realm());
        let answer = self.http.post(url).json(&body).send().await.unwrap();
        answer.error_for_status().unwrap().json().await.unwrap()
    }

    /// A proxy in front of an implicit-TLS server that breaks connections by rule.
    pub(crate) async fn proxy(&self, target: &Endpoint) -> Proxy {
        let name = format!("r{}", unique());
        let to = format!("{}:{}:tls", target.host, target.port);
        let control = self.text("/proxyControl");
        let route = json!({ "name": name, "to": to, "mode": "tls" });
        let answer: Value = post(&self.http, &control, "route", &route).await;
        let port = u16::try_from(answer["port"].as_u64().unwrap()).unwrap();
        let endpoint = Endpoint::new("127.0.0.1", port, TlsMode::Implicit);
        Proxy { name, control, endpoint, http: self.http.clone() }
    }

    /// Goes through the consent pages by the provider's test header, as the user `account`, and
    /// returns the query of the callback.
    pub(crate) async fn consent(&self, url: &Url, account: &Account) -> HashMap<String, String> {
        self.browse(url, &account.address, CALLBACK).await
    }

    /// The same for a callback of one's own, as a running server has it.
    pub(crate) async fn consent_back_to(
        &self,
        callback: &str,
        url: &Url,
        account: &Account,
    ) -> HashMap<String, String> {
        self.browse(url, &account.address, callback).await
    }

    async fn browse(&self, url: &Url, user: &str, callback: &str) -> HashMap<String, String> {
        let root = reqwest::Certificate::from_pem(&self.ca()).unwrap();
        let browser = plain_builder().tls_certs_only([root]).build().unwrap();
        let mut jar: HashMap<String, String> = HashMap::new();
        let mut url = url.clone();
        for _ in 0..20 {
            if url.as_str().starts_with(callback) {
                return url.query_pairs().into_owned().collect();
            }
            let cookies: Vec<_> =
                jar.iter().map(|(name, value)| format!("{name}={value}")).collect();
            let request = browser
                .get(url.clone())
                .header("x-rig-auto", user)
                .header("cookie", cookies.join("; "));
            let answer = request.send().await.unwrap();
            for cookie in answer.headers().get_all("set-cookie") {
                let pair = cookie.to_str().unwrap().split(';').next().unwrap().to_owned();
                let (name, value) = pair.split_once('=').unwrap();
                jar.insert(name.to_owned(), value.to_owned());
            }
            let Some(to) =
                answer.headers().get("location").map(|to| to.to_str().unwrap().to_owned())
            else {
                panic!("{url}: {} {}", answer.status(), answer.text().await.unwrap());
            };
            url = url.join(&to).unwrap();
        }
        panic!("the provider redirects without end")
    }

    /// The whole connection: consent, code, tokens.
    pub(crate) async fn grant(&self, account: &Account) -> Grant {
        let settings = self.provider(account.shape);
        let oauth = OAuth::new(&self.net()).unwrap();
        let (url, pending) =
            oauth.begin(&settings, CALLBACK, Some(&account.address), &SystemIds).unwrap();
        let back = self.consent(&url, account).await;
        assert!(pending.is_state(&back["state"]), "{back:?}");
        let clock = loket::clock::SystemClock;
        oauth.exchange(&settings, &pending, &back["code"], &clock).await.unwrap()
    }

    /// Puts a mail into a folder of an account, as a delivery does (IDLE wakes).
    pub(crate) fn deliver(&self, account: &Account, folder: &str, raw: &[u8]) {
        self.doveadm_with(&["save", "-u", &account.address, "-m", folder], raw);
    }

    /// Runs Dovecot's administration tool.
    pub(crate) fn doveadm(&self, arguments: &[&str]) -> String {
        self.doveadm_with(arguments, b"")
    }

    fn doveadm_with(&self, arguments: &[&str], input: &[u8]) -> String {
        let mut child = Command::new("doveadm")
            .args(["-c", &self.text("/dovecotConf")])
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("doveadm; set the rig up: make rig");
        child.stdin.take().unwrap().write_all(input).unwrap();
        let output = child.wait_with_output().unwrap();
        assert!(
            output.status.success(),
            "{arguments:?}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        String::from_utf8(output.stdout).unwrap()
    }
}

/// A route of the fault proxy; ends with the test's process.
#[derive(Debug)]
pub(crate) struct Proxy {
    pub(crate) endpoint: Endpoint,
    name: String,
    control: String,
    http: reqwest::Client,
}

impl Proxy {
    /// Adds a rule (see the head of tests/rig/proxy/faultproxy.py); `route` is filled in.
    pub(crate) async fn rule(&self, mut rule: Value) {
        rule["route"] = self.name.clone().into();
        post(&self.http, &self.control, "rule", &rule).await;
    }

    /// Cuts all connections of the route.
    pub(crate) async fn kill(&self) {
        post(&self.http, &self.control, "kill", &json!({ "route": self.name })).await;
    }
}

async fn post(http: &reqwest::Client, base: &str, path: &str, body: &Value) -> Value {
    let answer = http.post(format!("{base}/{path}")).json(body).send().await.unwrap();
    answer.error_for_status().unwrap().json().await.unwrap()
}

/// Lower-case letters and digits that no other test has.
pub(crate) fn unique() -> String {
    let mut bytes = [0; 8];
    SystemIds.fill(&mut bytes);
    hex::encode(bytes)
}

fn plain_builder() -> reqwest::ClientBuilder {
    // Only the first of a process can install it.
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none())
}

pub(crate) fn plain_http() -> reqwest::Client {
    plain_builder().build().unwrap()
}
