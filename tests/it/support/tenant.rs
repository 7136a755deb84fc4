//! An organization that was made by the use cases, with an owner and a mailbox to take mail in.

use std::sync::atomic::{AtomicI64, Ordering};

use bytes::Bytes;
use loket::authz::Actor;
use loket::domain::ids::ChannelId;
use loket::domain::words::{FolderRole, ImportMode, Provider, Role};
use loket::service::intake::{self, Batch, Incoming, Report, Target};
use loket::service::mailboxes::{Import, Link, MailServer, MailboxSettings, Tls};
use loket::service::organization::NewOrganization;
use loket::service::tickets::{self, ListQuery, TicketView};
use loket::service::users::NewUser;
use loket::service::{Services, mailboxes, organization, sign_in, sync};
use loket::store::folders::Cursor;

pub(crate) struct Tenant {
    pub(crate) owner: Actor,
    pub(crate) channel: ChannelId,
    pub(crate) target: Target,
    pub(crate) folder: String,
    uid: AtomicI64,
}

impl Tenant {
    /// `name` stands in everything that an admin enters; the mailbox is `address`.
    pub(crate) async fn new(services: &Services, name: &str, address: &str) -> Self {
        let email = format!("owner@{name}.example");
        let password = format!("{name} {name} {name}");
        let owner = NewUser {
            name: format!("Owner {name}"),
            email: email.clone(),
            role: Role::Owner,
            password: password.clone().into(),
        };
        let time_zone = "Europe/Amsterdam".to_owned();
        let new = NewOrganization { name: "Winkel".to_owned(), time_zone, owner };
        organization::create(services, new).await.unwrap();
        let here = [127, 0, 0, 1].into();
        let session = sign_in::sign_in(services, here, &email, password.into()).await.unwrap();
        Self::link(services, session.actor, name, address).await
    }

    /// A second mailbox of the same organization; each reaches its own only.
    pub(crate) async fn another(&self, services: &Services, name: &str, address: &str) -> Self {
        Self::link(services, self.owner.clone(), name, address).await
    }

    async fn link(services: &Services, owner: Actor, name: &str, address: &str) -> Self {
        let server = |kind: &str| MailServer {
            host: format!("{kind}.{name}.example"),
            port: 993,
            tls: Tls::Implicit,
        };
        let link = Link {
            provider: Provider::Imap,
            address: address.to_owned(),
            display_name: format!("Hulp {name}"),
            language: Some("nl".to_owned()),
            settings: MailboxSettings {
                imap: Some(server("imap")),
                smtp: Some(server("smtp")),
                user_name: Some(format!("user-{name}")),
                ..MailboxSettings::default()
            },
            password: Some(format!("mailbox password {name}").into()),
            import: Import { mode: ImportMode::Now, since: None },
        };
        let organization_id = owner.organization_id;
        let members = [owner.membership_id];
        let channel =
            mailboxes::create_for(services, organization_id, &members, link).await.unwrap();
        let own_addresses = vec![address.to_owned()];
        Self {
            owner: Actor { channels: [channel].into(), ..owner },
            channel,
            target: Target { organization_id, channel_id: channel, own_addresses },
            folder: format!("INBOX/{name}"),
            uid: AtomicI64::new(0),
        }
    }

    /// Takes mails in, as they come from a folder.
    pub(crate) async fn take(&self, services: &Services, raws: &[Vec<u8>]) -> Report {
        let folder = sync::folder(services, &self.target, &self.folder, FolderRole::Inbox);
        let folder = folder.await.unwrap();
        let mails = raws
            .iter()
            .map(|raw| Incoming {
                uid: self.uid.fetch_add(1, Ordering::Relaxed) + 1,
                raw: Bytes::copy_from_slice(raw),
                received_at: Some(services.store().now()),
                is_history: false,
            })
            .collect();
        let last_uid = self.uid.load(Ordering::Relaxed);
        let cursor = Cursor { uid_validity: 1, last_uid, backfill_uid: 0 };
        let batch = Batch { folder, mails, missing: Vec::new(), skipped: Vec::new(), cursor };
        intake::take(services, &self.target, batch).await.unwrap()
    }

    /// Every ticket with all that is in it.
    pub(crate) async fn tickets(&self, services: &Services) -> Vec<TicketView> {
        let query = ListQuery { limit: Some(100), ..ListQuery::default() };
        let page = tickets::list(services, &self.owner, query).await.unwrap();
        let mut views = Vec::new();
        for item in page.items {
            views.push(tickets::get(services, &self.owner, item.ticket.number).await.unwrap());
        }
        views
    }
}
