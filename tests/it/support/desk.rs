//! A helpdesk to answer from: an organization with a mailbox, two agents, and a ticket that a
//! customer has written. The mail server is a fake that does what it is told.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use loket::authz::Actor;
use loket::blob::BlobStore;
use loket::crypto::KeyKind;
use loket::domain::ids::{
    AccountId, ChannelId, ContactId, MembershipId, MessageId, OrganizationId, TicketId,
};
use loket::domain::words::{
    ChannelKind, ChannelState, ImportMode, MessageKind, Priority, Provider, Role, Status,
};
use loket::jobs;
use loket::queue::{Worker, WorkerOptions};
use loket::service::outgoing::{
    AppendError, Envelope, Mailbox as Way, Outgoing, SendOutcome, SentCopy,
};
use loket::service::ports::{
    Begun, CheckStep, Granted, MailConnector, OAuthClient, OAuthFailure, OAuthPort, Ports, Refresh,
    Target, Waker,
};
use loket::service::replies::{self, Mode, ReplyRequest};
use loket::service::{
    Forgetting, Options, ProviderServers, Servers, Services, conversation, outbox,
};
use loket::store::channels::{self, Channel};
use loket::store::drafts::Content;
use loket::store::mailboxes::{self, MailServer, Mailbox, MailboxSettings, NewMailbox, Tls};
use loket::store::messages::{self, NewMessage, Party};
use loket::store::organizations::{self, Organization};
use loket::store::outbox::Entry;
use loket::store::tickets::{self, Change, Customer, NewTicket, Ticket, TicketState};
use loket::store::{Scope, Store, accounts, contacts, keys, memberships};

use super::db::{Home, On};

pub(crate) const UNDO: TimeDelta = TimeDelta::seconds(10);
pub(crate) const CUSTOMER: &str = "klant@customers.test";
pub(crate) const MAILBOX: &str = "hulp@acme.test";

/// A mail server that answers as it is told, and remembers what it was given.
#[derive(Debug, Default)]
pub(crate) struct FakeServer {
    state: Mutex<FakeState>,
}

#[derive(Debug, Default)]
struct FakeState {
    outcomes: VecDeque<SendOutcome>,
    copies: VecDeque<SentCopy>,
    sent: Vec<(Envelope, Vec<u8>)>,
    appended: Vec<Vec<u8>>,
    looked_for: Vec<String>,
    earlier: Vec<String>,
    append_failures: usize,
}

impl FakeServer {
    fn with<T>(&self, act: impl FnOnce(&mut FakeState) -> T) -> T {
        act(&mut self.state.lock().unwrap())
    }

    /// What the next attempts end in; then everything is taken.
    pub(crate) fn answers(&self, outcomes: impl IntoIterator<Item = SendOutcome>) {
        self.with(|state| state.outcomes.extend(outcomes));
    }

    /// What the Sent folder says next; then nothing is found.
    pub(crate) fn keeps(&self, copies: impl IntoIterator<Item = SentCopy>) {
        self.with(|state| state.copies.extend(copies));
    }

    pub(crate) fn fails_to_append(&self, times: usize) {
        self.with(|state| state.append_failures = times);
    }

    /// Every attempt, whatever came of it.
    pub(crate) fn sent(&self) -> Vec<(Envelope, Vec<u8>)> {
        self.with(|state| state.sent.clone())
    }

    pub(crate) fn appended(&self) -> Vec<Vec<u8>> {
        self.with(|state| state.appended.clone())
    }

    /// The earlier answers that the last look was told of.
    pub(crate) fn earlier(&self) -> Vec<String> {
        self.with(|state| state.earlier.clone())
    }

    pub(crate) fn looked_for(&self) -> Vec<String> {
        self.with(|state| state.looked_for.clone())
    }
}

#[async_trait]
impl Outgoing for FakeServer {
    async fn send(&self, _way: Way, envelope: &Envelope, raw: &[u8]) -> SendOutcome {
        self.with(|state| {
            state.sent.push((envelope.clone(), raw.to_vec()));
            state.outcomes.pop_front().unwrap_or(SendOutcome::Sent)
        })
    }

    async fn sent_copy(&self, _way: Way, message_id: &str, earlier: &[String]) -> SentCopy {
        self.with(|state| {
            state.looked_for.push(message_id.to_owned());
            state.earlier = earlier.to_vec();
            state.copies.pop_front().unwrap_or(SentCopy::NotFound)
        })
    }

    async fn append_sent(&self, _way: Way, id: &str, raw: &[u8]) -> Result<(), AppendError> {
        self.with(|state| {
            state.looked_for.push(id.to_owned());
            if state.append_failures > 0 {
                state.append_failures -= 1;
                return Err(AppendError { code: "unreachable" });
            }
            state.appended.push(raw.to_vec());
            Ok(())
        })
    }
}

/// No network at all: these tests never reach these ports.
#[derive(Debug)]
struct NoNetwork;

#[async_trait]
impl MailConnector for NoNetwork {
    async fn check(&self, _target: Target<'_>) -> Vec<CheckStep> {
        Vec::new()
    }
}

#[async_trait]
impl loket::service::ports::ImagePort for NoNetwork {
    async fn fetch(&self, _url: &str) -> Option<loket::service::ports::RemoteImage> {
        None
    }
}

#[async_trait]
impl loket::service::ports::Post for NoNetwork {
    async fn send(&self, _: &Envelope, _: &[u8]) -> SendOutcome {
        SendOutcome::Retry { code: "unreachable", words: None }
    }
}

impl Waker for NoNetwork {
    fn wake(&self, _channel: ChannelId) {}
}

#[async_trait]
impl OAuthPort for NoNetwork {
    fn begin(&self, _client: &OAuthClient, _hint: Option<&str>) -> Result<Begun, OAuthFailure> {
        Err(OAuthFailure::Unavailable)
    }

    fn admin_consent_url(&self, _client: &OAuthClient) -> Option<String> {
        None
    }

    async fn exchange(
        &self,
        _client: &OAuthClient,
        _pending: &serde_json::Value,
        _code: &str,
    ) -> Result<Granted, OAuthFailure> {
        Err(OAuthFailure::Unavailable)
    }

    async fn refresh(&self, _client: &OAuthClient, _token: &secrecy::SecretString) -> Refresh {
        Refresh::Later { retry_after: None }
    }

    async fn revoke(
        &self,
        _client: &OAuthClient,
        _token: &secrecy::SecretString,
    ) -> Result<bool, OAuthFailure> {
        Err(OAuthFailure::Unavailable)
    }
}

pub(crate) struct Desk {
    pub(crate) home: Home,
    pub(crate) services: Services,
    pub(crate) server: Arc<FakeServer>,
    pub(crate) agent: Actor,
    pub(crate) colleague: Actor,
    pub(crate) stranger: Actor,
    pub(crate) channel: ChannelId,
    pub(crate) ticket: TicketId,
    pub(crate) blobs: std::path::PathBuf,
    _blobs: tempfile::TempDir,
}

impl Desk {
    pub(crate) async fn new(on: On) -> Self {
        Self::with_provider(on, Provider::Google).await
    }

    pub(crate) async fn with_provider(on: On, provider: Provider) -> Self {
        Self::in_home(Home::new(on).await, provider).await
    }

    pub(crate) async fn in_home(home: Home, provider: Provider) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let blobs = folder.path().join("blobs");
        let options = Options {
            public_url: "https://desk.test".to_owned(),
            undo: UNDO.to_std().unwrap(),
            late_after: Duration::from_secs(12 * 3_600),
            max_mail_bytes: 3 * 1024 * 1024,
            max_incoming_bytes: 50 * 1024 * 1024,
            maildir_folders: vec!["/var/mail".into()],
            own_mail: loket::service::OwnMail::default(),
            forgetting: Forgetting::default(),
            deployment: loket::service::register::Deployment::default(),
            search_folder: folder.path().join("search"),
            servers: ProviderServers { google: nowhere(), microsoft: nowhere() },
        };
        let none = Arc::new(NoNetwork);
        let ports = Ports {
            mail: none.clone(),
            oauth: none.clone(),
            wake: none.clone(),
            post: none.clone(),
            images: none,
            clients: Vec::new(),
        };
        let store = BlobStore::open_folder(&blobs).unwrap();
        let services = Services::new(home.store.clone(), store, options, ports);
        let organization = organization(&home.store).await;
        let channel = channel(&home.store, organization, provider).await;
        let agent = member(&home.store, organization, "Anna", &[channel]).await;
        let colleague = member(&home.store, organization, "Bram", &[channel]).await;
        let stranger = member(&home.store, organization, "Carla", &[]).await;
        let ticket = ticket(&home.store, organization, channel).await;
        let server = Arc::new(FakeServer::default());
        Self {
            home,
            services,
            server,
            agent,
            colleague,
            stranger,
            channel,
            ticket,
            blobs,
            _blobs: folder,
        }
    }

    pub(crate) fn store(&self) -> &Store {
        &self.home.store
    }

    pub(crate) fn organization(&self) -> OrganizationId {
        self.agent.organization_id
    }

    fn whole(&self) -> Scope {
        Scope::whole(self.organization())
    }

    pub(crate) fn worker(&self) -> Worker {
        let outgoing: Arc<dyn Outgoing> = self.server.clone();
        let handlers = jobs::handlers(&self.services, &outgoing);
        Worker::new(self.store().clone(), handlers, WorkerOptions::default())
    }

    /// Runs what is due now.
    pub(crate) async fn drain(&self) -> usize {
        self.worker().drain().await.unwrap()
    }

    /// The undo window ends, and the worker works.
    pub(crate) async fn after_undo(&self) {
        self.home.advance(UNDO);
        self.drain().await;
    }

    /// Time passes, and the worker works.
    pub(crate) async fn after(&self, time: TimeDelta) {
        self.home.advance(time);
        self.drain().await;
    }

    pub(crate) async fn ticket(&self) -> Ticket {
        tickets::find(self.store(), &self.whole(), self.ticket).await.unwrap().unwrap()
    }

    pub(crate) async fn request(&self, text: &str) -> ReplyRequest {
        let ticket = self.ticket().await;
        ReplyRequest {
            snooze_until: None,
            number: ticket.number,
            mode: Mode::Reply,
            content: Content { text: text.to_owned(), ..Content::default() },
            then: Some(Status::Pending),
            seen_version: ticket.version,
            idempotency_key: None,
        }
    }

    pub(crate) async fn reply(&self, text: &str) -> MessageId {
        let request = self.request(text).await;
        replies::create(&self.services, &self.agent, request).await.unwrap()
    }

    pub(crate) async fn entry(&self, message: MessageId) -> Option<Entry> {
        let scope = self.whole();
        loket::store::outbox::find_of_message(self.store(), &scope, message).await.unwrap()
    }

    pub(crate) async fn delivery(&self, message: MessageId) -> outbox::Delivery {
        let all = outbox::deliveries(&self.services, &self.whole(), self.ticket).await;
        all.unwrap().remove(&message).unwrap()
    }

    /// Whom a reply goes to, as the ticket's page says it.
    pub(crate) async fn defaults(&self) -> replies::Defaults {
        let number = self.ticket().await.number;
        let page = conversation::get(&self.services, &self.agent, number, 0).await.unwrap();
        page.defaults.unwrap()
    }

    pub(crate) async fn messages(&self) -> Vec<messages::Message> {
        messages::list(self.store(), &self.whole(), self.ticket).await.unwrap()
    }

    /// The customer writes, as intake would file it; `tell` is whether it holds answers back.
    pub(crate) async fn customer_writes(&self, text: &str, tell: bool) {
        let ticket = self.ticket().await;
        let message = inbound(self.store(), self.organization(), self.channel, &ticket, text);
        let message = message.await;
        let key = self.store().keyring().get(ticket.key_id).await.unwrap();
        let mut state = ticket.state.clone();
        state.set_status(Status::Open, self.store().now());
        state.message_count += 1;
        state.last_inbound_at = Some(message.at);
        state.last_message_at = message.at;
        let tx = self.store().begin().await.unwrap();
        let change =
            Change { version: ticket.version, state: &state, snippet: Some(text), customer: None };
        tickets::update(&tx, self.organization(), ticket.id, &key, &change).await.unwrap();
        messages::add(&tx, self.organization(), &[message]).await.unwrap();
        if tell {
            outbox::hold_for_newer(&tx, self.organization(), self.ticket).await.unwrap();
        }
        tx.commit().await.unwrap();
    }

    pub(crate) async fn set_channel(&self, state: ChannelState) {
        let key = keys::of_channel(self.store(), self.organization(), self.channel).await.unwrap();
        let tx = self.store().begin().await.unwrap();
        let change = channels::StateChange { state, code: None, detail: None };
        channels::set_state(&tx, &key, self.organization(), self.channel, &change).await.unwrap();
        if state == ChannelState::Active {
            outbox::resume_channel(&tx, self.organization(), self.channel).await.unwrap();
        }
        tx.commit().await.unwrap();
    }
}

fn nowhere() -> Servers {
    let server = MailServer { host: "nowhere.test".to_owned(), port: 1, tls: Tls::Implicit };
    Servers { imap: server.clone(), smtp: server }
}

async fn organization(store: &Store) -> OrganizationId {
    let id = OrganizationId(store.new_id());
    let key = store.keyring().create(KeyKind::Organization, id.0, None, None).await.unwrap();
    let tx = store.begin().await.unwrap();
    let organization = Organization {
        id,
        name: "Acme".to_owned(),
        time_zone: "Europe/Amsterdam".to_owned(),
        key_id: key.id(),
        created_at: store.now(),
        version: 1,
    };
    organizations::add(&tx, &organization).await.unwrap();
    tx.commit().await.unwrap();
    id
}

async fn channel(store: &Store, organization_id: OrganizationId, provider: Provider) -> ChannelId {
    let id = ChannelId(store.new_id());
    let organization_key = keys::of_organization(store, organization_id).await.unwrap();
    let key = store
        .keyring()
        .create(KeyKind::Channel, organization_id.0, Some(&organization_key), Some(id.0))
        .await
        .unwrap();
    let now = store.now();
    let tx = store.begin().await.unwrap();
    let channel = Channel {
        organization_id,
        id,
        kind: ChannelKind::Mailbox,
        key_id: key.id(),
        state: ChannelState::Active,
        state_code: None,
        state_at: now,
        created_at: now,
    };
    channels::add(&tx, &channel).await.unwrap();
    let mailbox = Mailbox {
        organization_id,
        channel_id: id,
        provider,
        state: ChannelState::Active,
        state_code: None,
        state_detail: None,
        address: MAILBOX.to_owned(),
        display_name: "Acme hulp".to_owned(),
        signature: Some("Team Acme".to_owned()),
        acknowledges: false,
        acknowledgement: None,
        language: "nl".to_owned(),
        settings: MailboxSettings::default(),
        import_mode: ImportMode::Now,
        import_since: None,
        history_before: None,
        import_read: 0,
        import_total: None,
        import_waits_until: None,
        grant_ends_at: None,
        last_sync_at: None,
        last_mail_at: None,
        kept_at: None,
        state_at: now,
        created_at: now,
        version: 1,
    };
    let new = NewMailbox {
        organization_key: &organization_key,
        key: &key,
        mailbox: &mailbox,
        credentials: None,
    };
    mailboxes::add(&tx, &new).await.unwrap();
    tx.commit().await.unwrap();
    id
}

async fn member(
    store: &Store,
    organization_id: OrganizationId,
    name: &str,
    reaches: &[ChannelId],
) -> Actor {
    let (account_id, id) = (AccountId(store.new_id()), MembershipId(store.new_id()));
    let server_key = store.keyring().server_key().await.unwrap();
    let created_at = store.now();
    let tx = store.begin().await.unwrap();
    let account = accounts::Account {
        id: account_id,
        email: format!("{}@acme.test", name.to_lowercase()),
        name: name.to_owned(),
        password_hash: None,
        locale: "nl".to_owned(),
        theme: "system".to_owned(),
        time_zone: None,
        created_at,
        disabled_at: None,
    };
    accounts::add(&tx, &server_key, &account).await.unwrap();
    let role = Role::Agent;
    let membership = memberships::Membership {
        invited_at: None,
        organization_id,
        id,
        account_id,
        role,
        created_at,
        disabled_at: None,
        version: 1,
    };
    memberships::add(&tx, &membership).await.unwrap();
    tx.commit().await.unwrap();
    let (channels, hidden) = (reaches.into(), [].into());
    Actor { account_id, membership_id: id, organization_id, role, channels, hidden }
}

async fn ticket(store: &Store, organization_id: OrganizationId, channel_id: ChannelId) -> TicketId {
    let organization_key = keys::of_organization(store, organization_id).await.unwrap();
    let channel_key = keys::of_channel(store, organization_id, channel_id).await.unwrap();
    let profile = store
        .keyring()
        .create(KeyKind::Profile, organization_id.0, Some(&organization_key), None)
        .await
        .unwrap();
    let ids = [store.new_id()];
    let content =
        store.keyring().create_many(KeyKind::Content, &channel_key, Some(channel_id.0), &ids);
    let key = content.await.unwrap().remove(0);
    let contact = contacts::NewContact {
        id: ContactId(store.new_id()),
        key: profile,
        name: Some("Karin Klant".to_owned()),
        address: CUSTOMER.to_owned(),
        address_blind: contacts::address_blind(&organization_key, CUSTOMER),
        channel_id,
    };
    let at = store.now() - TimeDelta::minutes(30);
    let id = TicketId(store.new_id());
    let state = TicketState {
        channel_id,
        contact_id: Some(contact.id),
        status: Status::Open,
        assignee_id: None,
        team_id: None,
        status_before: None,
        priority: Priority::Normal,
        delete_at: None,
        message_count: 1,
        has_attachment: false,
        is_history: false,
        waiting_since: Some(at),
        last_inbound_at: Some(at),
        last_message_at: at,
        closed_at: None,
        snoozed_until: None,
        merged_into_id: None,
        related_to_id: None,
        replaced_contact_id: None,
    };
    let customer = Customer { name: Some("Karin Klant".to_owned()), address: CUSTOMER.to_owned() };
    let tx = store.begin().await.unwrap();
    contacts::add(&tx, organization_id, std::slice::from_ref(&contact)).await.unwrap();
    let number = organizations::take_ticket_numbers(&tx, organization_id, 1).await.unwrap();
    let new = NewTicket {
        id,
        number,
        key,
        state,
        subject: "De fiets kwam niet aan",
        snippet: "Waar blijft mijn fiets?",
        customer: &customer,
        created_at: at,
    };
    tickets::add(&tx, organization_id, &[new]).await.unwrap();
    tx.commit().await.unwrap();
    let scope = Scope::whole(organization_id);
    let made = tickets::find(store, &scope, id).await.unwrap().unwrap();
    let text = "Waar blijft mijn fiets?";
    let mut message = inbound(store, organization_id, channel_id, &made, text).await;
    message.at = at;
    let tx = store.begin().await.unwrap();
    messages::add(&tx, organization_id, &[message]).await.unwrap();
    tx.commit().await.unwrap();
    id
}

async fn inbound(
    store: &Store,
    organization_id: OrganizationId,
    channel_id: ChannelId,
    ticket: &Ticket,
    text: &str,
) -> NewMessage {
    let channel_key = keys::of_channel(store, organization_id, channel_id).await.unwrap();
    let ids = [store.new_id()];
    let content =
        store.keyring().create_many(KeyKind::Content, &channel_key, Some(channel_id.0), &ids);
    let party = |name: &str, address: &str| Party {
        name: Some(name.to_owned()),
        address: address.to_owned(),
    };
    let id = MessageId(store.new_id());
    NewMessage {
        id,
        ticket_id: ticket.id,
        channel_id,
        // The writer's, as intake would find it, whoever is taken for the customer now.
        contact_id: ticket.state.replaced_contact_id.or(ticket.state.contact_id),
        author_id: None,
        kind: MessageKind::Inbound,
        key: content.await.unwrap().remove(0),
        at: store.now(),
        is_auto: false,
        is_bounce: false,
        has_remote_images: false,
        flags: Vec::new(),
        envelope: messages::Envelope {
            from: vec![party("Karin Klant", CUSTOMER)],
            to: vec![party("Acme", MAILBOX), party("Winkel", "winkel@other.test")],
            cc: vec![party("Buur", "buur@customers.test"), party("", "HULP@acme.test")],
            subject: "De fiets kwam niet aan".to_owned(),
            message_id: Some(format!("{}@customers.test", id.0.simple())),
            references: vec!["eerste@customers.test".to_owned()],
            date: Some(store.now()),
            ..messages::Envelope::default()
        },
        text: text.to_owned(),
        quoted: None,
        html: None,
    }
}

/// Milliseconds, as the database keeps them.
pub(crate) fn millis(at: DateTime<Utc>) -> i64 {
    at.timestamp_millis()
}
