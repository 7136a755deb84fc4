//! The whole server in the test's process: a store of its own, fake networks, and browsers that
//! talk HTTP to the router.

use std::collections::VecDeque;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::http::{HeaderMap, Method, Request, StatusCode};
use chrono::{DateTime, TimeDelta, Utc};
use loket::blob::BlobStore;
use loket::clock::Clock as _;
use loket::domain::ids::{ChannelId, MembershipId, OrganizationId};
use loket::domain::words::{CheckCode, ImportMode, Provider, Role};
use loket::http::{HttpOptions, router};
use loket::service::mailboxes::{Deliver, Import, Link, MailServer, MailboxSettings, Tls};
use loket::service::organization::NewOrganization;
use loket::service::outgoing::{Envelope, SendOutcome};
use loket::service::ports::{
    Begun, CheckStep, Granted, ImagePort, MailConnector, OAuthClient, OAuthFailure, OAuthPort,
    Ports, Post, Refresh, RemoteImage, Target, Waker,
};
use loket::service::users::NewUser;
use loket::service::{
    Options, OwnMail, ProviderServers, Servers, Services, mailboxes, organization, users,
};
use loket::store::Store;
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::Value;
use tower::ServiceExt as _;

use super::db::{Home, On};

/// Where browsers of tests think that they are.
pub(crate) const PUBLIC_URL: &str = "https://loket.example";

/// The server of Loket's own mail.
pub(crate) const OWN_MAIL_HOST: &str = "smtp.loket.example";

/// Everybody's password.
pub(crate) const PASSWORD: &str = "correct horse battery";

/// A running server.
pub(crate) struct TestApp {
    pub(crate) home: Home,
    pub(crate) services: Services,
    pub(crate) mail: Arc<FakeMail>,
    pub(crate) oauth: Arc<FakeOAuth>,
    pub(crate) post: Arc<FakePost>,
    router: Router,
    folder: tempfile::TempDir,
}

/// An organization with a user of each role; the owner belongs to the mailbox, nobody else does.
pub(crate) struct Org {
    pub(crate) id: OrganizationId,
    pub(crate) name: &'static str,
    pub(crate) owner: MembershipId,
}

impl TestApp {
    pub(crate) async fn new(on: On) -> Self {
        let from = Some("loket@loket.example".to_owned());
        Self::with(on, OwnMail { from, mailbox: None }).await
    }

    /// One that mails nobody by itself.
    pub(crate) async fn without_own_mail(on: On) -> Self {
        Self::with(on, OwnMail::default()).await
    }

    async fn with(on: On, own_mail: OwnMail) -> Self {
        let home = Home::new(on).await;
        let mail = Arc::new(FakeMail::default());
        let oauth = Arc::new(FakeOAuth::default());
        let post = Arc::new(FakePost::default());
        let folder = tempfile::tempdir().unwrap();
        let blobs = BlobStore::open_folder(&folder.path().join("blobs")).unwrap();
        let services = services(
            home.store.clone(),
            (blobs, folder.path().join("search")),
            Ports {
                mail: mail.clone(),
                oauth: oauth.clone(),
                wake: Arc::new(NoWaker),
                post: post.clone(),
                images: Arc::new(AnyImage),
                clients: Vec::new(),
            },
            own_mail,
        );
        let router = router(services.clone(), http_options());
        Self { home, services, mail, oauth, post, router, folder }
    }

    /// Another instance on the same databases: its services, its folder of indexes, and a browser that nobody
    /// has signed in with.
    pub(crate) async fn beside(&self, name: &str) -> (Services, PathBuf, Browser) {
        let blobs = BlobStore::open_folder(&self.blobs()).unwrap();
        let search = self.folder.path().join(name);
        let fakes = Fakes { post: Arc::default(), oauth: Arc::default() };
        let store = self.home.again().await;
        let services = services(store, (blobs, search.clone()), fakes.ports(), OwnMail::default());
        let router = router(services.clone(), http_options());
        (services, search, Browser { router, cookie: None })
    }

    /// An organization whose owner signs in as `owner@NAME.example`.
    pub(crate) async fn org(&self, name: &'static str) -> Org {
        let owner = NewUser {
            name: format!("Owner of {name}"),
            email: format!("owner@{name}.example"),
            role: Role::Owner,
            password: PASSWORD.into(),
        };
        let new = NewOrganization {
            name: name.to_owned(),
            time_zone: "Europe/Amsterdam".to_owned(),
            owner,
        };
        let made = organization::create(&self.services, new).await.unwrap();
        Org { id: made.organization_id, name, owner: made.membership_id }
    }

    /// A user who signs in as `ROLE@NAME.example`.
    pub(crate) async fn user(&self, org: &Org, role: Role) -> MembershipId {
        let new = NewUser {
            name: format!("{role} of {}", org.name),
            email: format!("{role}@{}.example", org.name),
            role,
            password: PASSWORD.into(),
        };
        users::create(&self.services, org.id, new).await.unwrap()
    }

    /// A Maildir mailbox of these members.
    pub(crate) async fn mailbox(&self, org: &Org, members: &[MembershipId]) -> ChannelId {
        let link = maildir_link(&format!("support@{}.example", org.name));
        mailboxes::create_for(&self.services, org.id, members, link).await.unwrap()
    }

    /// A browser that nobody has signed in with.
    pub(crate) fn browser(&self) -> Browser {
        Browser { router: self.router.clone(), cookie: None }
    }

    /// A browser of this user.
    pub(crate) async fn signed_in(&self, email: &str) -> Browser {
        let mut browser = self.browser();
        let body = serde_json::json!({ "email": email, "password": PASSWORD });
        let answer = browser.post("/api/v1/session", &body).await;
        assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
        browser
    }

    /// Where the search indexes lie.
    pub(crate) fn search(&self) -> PathBuf {
        self.folder.path().join("search")
    }

    /// Where large mail lies.
    pub(crate) fn blobs(&self) -> PathBuf {
        self.folder.path().join("blobs")
    }

    pub(crate) fn now(&self) -> DateTime<Utc> {
        self.home.clock.now()
    }
}

/// The use cases over this store, with fake networks.
pub(crate) fn over(store: Store, blobs: BlobStore) -> Services {
    over_with(store, blobs, OwnMail::default()).0
}

/// As [`over`], with mail of its own, and where that arrives.
pub(crate) fn over_mailing(store: Store, blobs: BlobStore) -> (Services, Arc<FakePost>) {
    let from = Some("loket@loket.example".to_owned());
    let (services, fakes) = over_with(store, blobs, OwnMail { from, mailbox: None });
    (services, fakes.post)
}

/// As [`over`], with a provider that answers what it is told to.
pub(crate) fn over_provider(store: Store, blobs: BlobStore) -> (Services, Arc<FakeOAuth>) {
    let (services, fakes) = over_with(store, blobs, OwnMail::default());
    (services, fakes.oauth)
}

/// What stands in for other servers.
struct Fakes {
    post: Arc<FakePost>,
    oauth: Arc<FakeOAuth>,
}

impl Fakes {
    fn ports(&self) -> Ports {
        Ports {
            mail: Arc::new(FakeMail::default()),
            oauth: self.oauth.clone(),
            wake: Arc::new(NoWaker),
            post: self.post.clone(),
            images: Arc::new(AnyImage),
            clients: Vec::new(),
        }
    }
}

fn http_options() -> HttpOptions {
    HttpOptions { max_upload_bytes: 18 * 1024 * 1024, ..HttpOptions::default() }
}

fn over_with(store: Store, blobs: BlobStore, own_mail: OwnMail) -> (Services, Fakes) {
    let fakes = Fakes { post: Arc::default(), oauth: Arc::default() };
    let ports = fakes.ports();
    // Nothing is indexed by what only reads the store.
    (services(store, (blobs, PathBuf::from("/nonexistent/search")), ports, own_mail), fakes)
}

fn services(
    store: Store,
    (blobs, search_folder): (BlobStore, PathBuf),
    ports: Ports,
    own_mail: OwnMail,
) -> Services {
    let options = Options {
        public_url: PUBLIC_URL.to_owned(),
        undo: Duration::from_secs(10),
        late_after: Duration::from_secs(12 * 3_600),
        max_mail_bytes: 25 * 1024 * 1024,
        max_incoming_bytes: 50 * 1024 * 1024,
        maildir_folders: vec!["/var/mail".into()],
        own_mail,
        forgetting: loket::service::Forgetting::default(),
        deployment: deployment(),
        search_folder,
        servers: ProviderServers { google: nowhere(), microsoft: nowhere() },
    };
    Services::new(store, blobs, options, ports)
}

/// What the register names: a server for Loket's own mail, and Google's sign-in.
fn deployment() -> loket::service::register::Deployment {
    loket::service::register::Deployment {
        hosts: vec![(OWN_MAIL_HOST.to_owned(), loket::domain::register::HostUse::OwnMail)],
        google: vec!["oauth.google.example".to_owned()],
        ..Default::default()
    }
}

/// A Maildir mailbox that answers into a folder.
pub(crate) fn maildir_link(address: &str) -> Link {
    Link {
        provider: Provider::Maildir,
        address: address.to_owned(),
        display_name: "Support".to_owned(),
        language: None,
        settings: MailboxSettings {
            path: Some("/var/mail/support".to_owned()),
            deliver: Some(Deliver::Folder { path: "/var/mail/answers".to_owned() }),
            ..MailboxSettings::default()
        },
        password: None,
        import: Import { mode: ImportMode::Now, since: None },
    }
}

/// A browser: keeps the cookie, sends the origin.
#[derive(Clone)]
pub(crate) struct Browser {
    router: Router,
    pub(crate) cookie: Option<String>,
}

/// An answer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

impl Browser {
    /// One that this user has signed in with, at a server of these services.
    pub(crate) async fn at(services: &Services, email: &str, password: &str) -> Self {
        let router = router(services.clone(), HttpOptions::default());
        let mut browser = Self { router, cookie: None };
        let body = serde_json::json!({ "email": email, "password": password });
        let answer = browser.post("/api/v1/session", &body).await;
        assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
        browser
    }

    pub(crate) async fn get(&mut self, path: &str) -> Answer {
        self.send(Method::GET, path, &[], None).await
    }

    pub(crate) async fn post(&mut self, path: &str, body: &Value) -> Answer {
        self.send(Method::POST, path, &[("origin", PUBLIC_URL)], Some(body)).await
    }

    pub(crate) async fn request(&mut self, method: Method, path: &str, body: &Value) -> Answer {
        self.send(method, path, &[("origin", PUBLIC_URL)], Some(body)).await
    }

    /// Changes what has a version, whichever it is at.
    pub(crate) async fn edit(&mut self, method: Method, path: &str, body: &Value) -> Answer {
        let mut version = 0;
        loop {
            let answer = self.edit_at(version, method.clone(), path, body).await;
            if answer.status != StatusCode::PRECONDITION_FAILED || version == 9 {
                return answer;
            }
            version += 1;
        }
    }

    /// Changes what is thought to be at this version.
    pub(crate) async fn edit_at(
        &mut self,
        version: i32,
        method: Method,
        path: &str,
        body: &Value,
    ) -> Answer {
        let tag = format!("\"{version}\"");
        self.send(method, path, &[("origin", PUBLIC_URL), ("if-match", &tag)], Some(body)).await
    }

    /// Sends just these headers, beside cookie and content type.
    pub(crate) async fn send(
        &mut self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<&Value>,
    ) -> Answer {
        let response = self.open(method, path, headers, body).await;
        let (parts, body) = response.into_parts();
        let body = to_bytes(body, usize::MAX).await.unwrap();
        Answer { status: parts.status, headers: parts.headers, body }
    }

    /// Sends bytes as they are.
    pub(crate) async fn put_bytes(&mut self, path: &str, bytes: Vec<u8>) -> Answer {
        let request = Request::builder()
            .method(Method::PUT)
            .uri(path)
            .header("origin", PUBLIC_URL)
            .header("cookie", self.cookie.clone().unwrap_or_default())
            .header("content-type", "application/octet-stream")
            .body(Body::from(bytes))
            .unwrap();
        let (parts, body) = self.router.clone().oneshot(request).await.unwrap().into_parts();
        let body = to_bytes(body, usize::MAX).await.unwrap();
        Answer { status: parts.status, headers: parts.headers, body }
    }

    /// Uploads a file, for a ticket if one is given.
    pub(crate) async fn upload(
        &mut self,
        ticket: Option<i64>,
        name: &str,
        content_type: &str,
        file: &str,
    ) -> Answer {
        let part = |head: &str, body: &str| {
            format!("--part\r\nContent-Disposition: form-data; {head}\r\n\r\n{body}\r\n")
        };
        let ticket =
            ticket.map(|number| part("name=\"ticket\"", &number.to_string())).unwrap_or_default();
        let head = format!("name=\"file\"; filename=\"{name}\"\r\nContent-Type: {content_type}");
        let body = format!("{ticket}{}--part--\r\n", part(&head, file));
        let request = Request::builder()
            .method(Method::POST)
            .uri("/api/v1/uploads")
            .header("origin", PUBLIC_URL)
            .header("cookie", self.cookie.clone().unwrap_or_default())
            .header("content-type", "multipart/form-data; boundary=part")
            .body(Body::from(body))
            .unwrap();
        let (parts, body) = self.router.clone().oneshot(request).await.unwrap().into_parts();
        let body = to_bytes(body, usize::MAX).await.unwrap();
        Answer { status: parts.status, headers: parts.headers, body }
    }

    /// Sends, and leaves the body to be read.
    pub(crate) async fn open(
        &mut self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<&Value>,
    ) -> axum::response::Response {
        let mut request = Request::builder().method(method).uri(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if let Some(cookie) = &self.cookie {
            request = request.header("cookie", cookie);
        }
        let body = match body {
            Some(body) => {
                request = request.header("content-type", "application/json");
                Body::from(body.to_string())
            }
            None => Body::empty(),
        };
        let response = self.router.clone().oneshot(request.body(body).unwrap()).await.unwrap();
        if let Some(cookie) = response.headers().get("set-cookie") {
            let pair = cookie.to_str().unwrap().split(';').next().unwrap();
            let ended = pair.ends_with('=');
            self.cookie = Some(pair.to_owned()).filter(|_| !ended);
        }
        response
    }
}

/// Mail servers that say what they are told to.
#[derive(Debug, Default)]
pub(crate) struct FakeMail {
    /// The step that fails, if any does.
    pub(crate) fails: Mutex<Option<CheckStep>>,
}

#[async_trait]
impl MailConnector for FakeMail {
    async fn check(&self, _: Target<'_>) -> Vec<CheckStep> {
        let fine = CheckStep {
            name: "connect",
            ok: true,
            code: CheckCode::SignedInForReading,
            values: std::collections::BTreeMap::new(),
            message: "works".to_owned(),
        };
        let fails = self.fails.lock().unwrap().clone();
        std::iter::once(fine).chain(fails).collect()
    }
}

/// No server of a test is a provider's.
fn nowhere() -> Servers {
    let server = MailServer { host: "mail.invalid".to_owned(), port: 1, tls: Tls::Implicit };
    Servers { imap: server.clone(), smtp: server }
}

/// Every image is there.
#[derive(Debug)]
struct AnyImage;

#[async_trait]
impl ImagePort for AnyImage {
    async fn fetch(&self, _: &str) -> Option<RemoteImage> {
        Some(RemoteImage { content_type: "image/png", bytes: Bytes::from_static(b"\x89PNG") })
    }
}

/// Takes Loket's own mail.
#[derive(Debug, Default)]
pub(crate) struct FakePost {
    /// What was sent.
    pub(crate) sent: Mutex<Vec<(Envelope, Vec<u8>)>>,
}

impl FakePost {
    /// What follows `before` in the last mail to this person that has it: a link's end.
    pub(crate) fn link(&self, to: &str, before: &str) -> Option<String> {
        let sent = self.sent.lock().unwrap();
        sent.iter().rev().filter(|(envelope, _)| envelope.recipients == [to]).find_map(
            |(_, raw)| {
                // A line that begins with F is written so, lest it be taken for the envelope's "From ".
                let text = String::from_utf8_lossy(raw).replace("=\r\n", "").replace("=46", "F");
                let text = text.replace("=3D", "=");
                let (_, rest) = text.split_once(before)?;
                Some(rest.split_whitespace().next().unwrap().to_owned())
            },
        )
    }
}

#[async_trait]
impl Post for FakePost {
    async fn send(&self, envelope: &Envelope, raw: &[u8]) -> SendOutcome {
        self.sent.lock().unwrap().push((envelope.clone(), raw.to_vec()));
        SendOutcome::Sent
    }
}

#[derive(Debug)]
struct NoWaker;

impl Waker for NoWaker {
    fn wake(&self, _: ChannelId) {}
}

/// A provider that answers what it is told to.
#[derive(Debug, Default)]
pub(crate) struct FakeOAuth {
    begun: AtomicUsize,
    /// What the next exchanges answer.
    pub(crate) exchanges: Mutex<VecDeque<Result<Granted, OAuthFailure>>>,
    /// What the next refreshes answer.
    pub(crate) refreshes: Mutex<VecDeque<Refresh>>,
    /// How often it was asked for a refresh.
    pub(crate) refreshed: AtomicUsize,
    /// The tokens that were revoked.
    pub(crate) revoked: Mutex<Vec<String>>,
    /// Whether it cannot be reached for that.
    pub(crate) unavailable: AtomicBool,
}

impl FakeOAuth {
    /// What a provider grants to `address`; the access token lives an hour.
    pub(crate) fn granted(address: &str, now: DateTime<Utc>) -> Granted {
        Granted {
            access_token: "access-1".into(),
            expires_at: now + TimeDelta::hours(1),
            refresh_token: "refresh-1".into(),
            address: address.to_owned(),
            subject: format!("subject of {address}"),
            scopes: vec!["https://mail.google.com/".to_owned()],
            ends_at: None,
        }
    }
}

#[async_trait]
impl OAuthPort for FakeOAuth {
    fn begin(&self, client: &OAuthClient, hint: Option<&str>) -> Result<Begun, OAuthFailure> {
        let state = format!("state-{}", self.begun.fetch_add(1, Ordering::SeqCst));
        let hint = hint.unwrap_or_default();
        Ok(Begun {
            authorize_url: format!(
                "https://provider.example/authorize?client_id={}&state={state}&login_hint={hint}",
                client.client_id
            ),
            pending: serde_json::json!({ "verifier": state }),
            state,
        })
    }

    fn admin_consent_url(&self, client: &OAuthClient) -> Option<String> {
        (client.provider == Provider::Microsoft)
            .then(|| "https://provider.example/adminconsent".to_owned())
    }

    async fn exchange(
        &self,
        _: &OAuthClient,
        pending: &Value,
        _: &str,
    ) -> Result<Granted, OAuthFailure> {
        assert!(pending["verifier"].as_str().unwrap().starts_with("state-"));
        self.exchanges.lock().unwrap().pop_front().expect("no exchange was expected")
    }

    async fn refresh(&self, _: &OAuthClient, _: &SecretString) -> Refresh {
        self.refreshed.fetch_add(1, Ordering::SeqCst);
        tokio::task::yield_now().await;
        self.refreshes.lock().unwrap().pop_front().expect("no refresh was expected")
    }

    async fn revoke(&self, _: &OAuthClient, token: &SecretString) -> Result<bool, OAuthFailure> {
        if self.unavailable.load(Ordering::SeqCst) {
            return Err(OAuthFailure::Unavailable);
        }
        self.revoked.lock().unwrap().push(token.expose_secret().to_owned());
        Ok(true)
    }
}

/// A customer's mail: text, HTML and a file.
pub(crate) const MAIL: &str = "From: Customer <customer@example.net>\r\n\
To: support@bakery.example\r\n\
Subject: Bread\r\n\
Message-ID: <one@example.net>\r\n\
Date: Mon, 02 Mar 2026 08:00:00 +0000\r\n\
MIME-Version: 1.0\r\n\
Content-Type: multipart/mixed; boundary=b\r\n\
\r\n\
--b\r\n\
Content-Type: text/html; charset=utf-8\r\n\
\r\n\
<p>Where is my <b>bread</b>?</p>\r\n\
--b\r\n\
Content-Type: application/pdf\r\n\
Content-Disposition: attachment; filename=order.pdf\r\n\
Content-Transfer-Encoding: base64\r\n\
\r\n\
JVBERi0xLjQK\r\n\
--b--\r\n";

impl TestApp {
    /// Takes a mail in, as the supervisor of the mailbox does.
    pub(crate) async fn deliver(&self, org: &Org, channel: ChannelId, uid: i64, raw: &str) {
        let report = self.take_in(org, channel, uid, raw).await;
        assert_eq!(report.imported, 1, "{report:?}");
    }

    /// As [`Self::deliver`], whatever becomes of the mail.
    pub(crate) async fn take_in(
        &self,
        org: &Org,
        channel: ChannelId,
        uid: i64,
        raw: &str,
    ) -> loket::service::intake::Report {
        use loket::domain::words::FolderRole;
        use loket::service::intake::{self, Batch, Incoming};
        use loket::service::sync;
        use loket::store::folders::Cursor;
        let target = intake::Target {
            organization_id: org.id,
            channel_id: channel,
            own_addresses: vec![format!("support@{}.example", org.name)],
        };
        let folder =
            sync::folder(&self.services, &target, "INBOX", FolderRole::Inbox).await.unwrap();
        let mail = Incoming {
            uid,
            raw: Bytes::copy_from_slice(raw.as_bytes()),
            received_at: Some(self.now()),
            is_history: false,
        };
        let batch = Batch {
            cursor: Cursor { last_uid: uid, ..folder.cursor() },
            folder,
            mails: vec![mail],
            missing: Vec::new(),
            skipped: Vec::new(),
        };
        intake::take(&self.services, &target, batch).await.unwrap()
    }
}
