//! Loket's own mail: what it writes to the people who work with it.
//!
//! 1. [`enqueue`]: a job for one mail, in the transaction that gives reason to. It says to whom
//!    and of what kind, and no more.
//! 2. [`notice`]: when it is sent, the mail is written from how things are then; nothing is sent
//!    when there is nothing to say any more.
//! 3. It leaves by the server of the configuration or by a linked mailbox ([`Way`]).
//!
//! Another mail: a word in [`Kind`], and who writes it in [`notice`]. Never a customer's words; an
//! operator's only where they wrote them for this mail.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::outgoing::{Envelope, Mailbox};
use super::{
    Result, ServiceError, Services, alarm, closing, data_requests, incident, notices,
    password_links, policies, purge, users,
};
use crate::domain::ids::{AccountId, IncidentNoticeId, NoticeId, OrganizationId, PolicyId};
use crate::domain::words::ChannelState;
use crate::mail::Address;
use crate::mail::compose::{self, AutoSubmitted, Language, Outgoing};
use crate::store::accounts::{self, Account};
use crate::store::jobs::{self, NewJob};
use crate::store::{StoreError, Tx, mailboxes, organizations};

/// The kind of job that sends one mail.
pub const MAIL: &str = "system_mail";

/// What a mail is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Mailboxes need a sign-in.
    Alarm,
    /// The organization is being closed.
    Closing,
    /// An owner is asked whether it is to be closed.
    ClosingConfirm,
    /// It is being deleted; where the statement will be.
    ClosingEnd,
    /// The data of mailboxes waits to be deleted, takes too long, or is gone.
    Forgetting,
    /// What the operator wrote about an incident.
    Incident,
    /// A colleague named somebody in a note, or gave them a ticket.
    Notice,
    /// An owner published a policy text.
    Policy,
    /// Requests about data must be answered.
    Requests,
    /// A new user is to choose a password.
    Invitation,
    /// A user wants another password.
    PasswordReset,
}

/// What a job says of its mail.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct Order {
    kind: Kind,
    account_id: Uuid,
    /// What it is about, where the kind alone does not tell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    about: Option<Uuid>,
}

/// How Loket's own mail leaves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Way {
    /// By the server of the configuration.
    Server,
    /// By a linked mailbox.
    Mailbox(Mailbox),
}

/// A mail to one person.
#[derive(Debug)]
pub struct Notice {
    /// How it leaves.
    pub way: Way,
    /// From where to where.
    pub envelope: Envelope,
    /// The mail.
    pub raw: Vec<u8>,
}

/// What a mail says.
#[derive(Debug)]
pub(super) struct Words {
    pub(super) subject: String,
    pub(super) text: String,
}

/// Has a mail sent. One of the same kind to the same person that waits yet is the same mail.
pub(super) async fn enqueue(
    tx: &Tx,
    organization_id: Option<OrganizationId>,
    kind: Kind,
    to: AccountId,
) -> Result<(), StoreError> {
    enqueue_about(tx, organization_id, kind, to, None).await
}

/// As [`enqueue`]; about another thing it is another mail.
pub(super) async fn enqueue_about(
    tx: &Tx,
    organization_id: Option<OrganizationId>,
    kind: Kind,
    to: AccountId,
    about: Option<Uuid>,
) -> Result<(), StoreError> {
    let order = Order { kind, account_id: to.0, about };
    let mut unique_key = match organization_id {
        Some(organization) => format!("{MAIL}:{kind:?}:{to}:{organization}"),
        None => format!("{MAIL}:{kind:?}:{to}"),
    };
    if let Some(about) = about {
        unique_key = format!("{unique_key}:{about}");
    }
    let job = NewJob {
        kind: MAIL,
        organization_id,
        subject_id: None,
        unique_key: Some(unique_key),
        payload: serde_json::to_value(order)?,
        run_at: tx.store().now(),
    };
    jobs::add(tx, job).await
}

/// The mail that was ordered, as things are now; `None` when there is nothing to say, nobody to
/// say it to, or no way to send it.
pub async fn notice(
    services: &Services,
    organization_id: Option<OrganizationId>,
    order: Order,
) -> Result<Option<Notice>> {
    let account = accounts::find(services.store(), AccountId(order.account_id)).await?;
    let Some(account) = account.filter(|account| account.disabled_at.is_none()) else {
        return Ok(None);
    };
    let language = Language::from_tag(&account.locale);
    let words = match (order.kind, organization_id) {
        (Kind::Alarm, Some(organization)) => alarm::words(services, organization, language).await?,
        (Kind::Forgetting, Some(organization)) => {
            purge::words::words(services, organization, language).await?
        }
        (Kind::Incident, Some(organization)) => match order.about {
            Some(id) => {
                incident::tell::words(services, organization, IncidentNoticeId(id), language)
                    .await?
            }
            None => None,
        },
        (Kind::Notice, Some(organization)) => match order.about {
            Some(id) => notices::words(services, organization, NoticeId(id), language).await?,
            None => None,
        },
        (Kind::Policy, Some(organization)) => match order.about {
            Some(id) => policies::words(services, organization, PolicyId(id), language).await?,
            None => None,
        },
        (Kind::Requests, Some(organization)) => {
            data_requests::watch::words(services, organization, language).await?
        }
        (Kind::Closing | Kind::ClosingConfirm | Kind::ClosingEnd, Some(organization)) => {
            closing::words::words(services, organization, &account, order.kind, language).await?
        }
        (
            Kind::Alarm
            | Kind::Forgetting
            | Kind::Incident
            | Kind::Notice
            | Kind::Policy
            | Kind::Requests
            | Kind::Closing
            | Kind::ClosingConfirm
            | Kind::ClosingEnd,
            None,
        ) => None,
        (Kind::Invitation | Kind::PasswordReset, _) => {
            password_links::words(services, &account, order.kind, language).await?
        }
    };
    match words {
        Some(words) => write(services, &account, language, words).await,
        None => Ok(None),
    }
}

async fn write(
    services: &Services,
    to: &Account,
    language: Language,
    words: Words,
) -> Result<Option<Notice>> {
    let Some((way, from)) = way(services).await? else { return Ok(None) };
    let store = services.store();
    let domain = from.rsplit_once('@').map_or("localhost", |(_, domain)| domain);
    let mail = Outgoing {
        from: Address { name: Some("Loket".to_owned()), address: from.clone() },
        to: vec![Address { name: None, address: to.email.clone() }],
        cc: Vec::new(),
        bcc: Vec::new(),
        reply_to: Vec::new(),
        subject: words.subject,
        date: store.now(),
        message_id: format!("{}@{domain}", store.new_id().simple()),
        in_reply_to: None,
        references: Vec::new(),
        text: words.text,
        html: None,
        plain: false,
        signature: None,
        quoted: None,
        attachments: Vec::new(),
        inline_images: Vec::new(),
        language,
        auto_submitted: Some(AutoSubmitted::Generated),
    };
    let raw = compose::compose(&mail).map_err(ServiceError::internal)?;
    let envelope = Envelope { from, recipients: compose::envelope(&mail) };
    Ok(Some(Notice { way, envelope, raw }))
}

/// Whether Loket can send mail of its own.
pub async fn is_ready(services: &Services) -> Result<bool> {
    Ok(way(services).await?.is_some())
}

/// How mail leaves, and from which address.
pub(super) async fn way(services: &Services) -> Result<Option<(Way, String)>> {
    let own = &services.options().own_mail;
    if let Some(from) = &own.from {
        return Ok(Some((Way::Server, from.clone())));
    }
    let Some(address) = &own.mailbox else { return Ok(None) };
    let address = users::check_email("smtp.mailbox", address)?;
    for organization in organizations::list(services.store()).await? {
        let found = mailboxes::find_by_address(services.store(), organization.id, &address).await?;
        // One that needs a sign-in itself sends nothing.
        if let Some(found) = found.filter(|found| found.state != ChannelState::NeedsReauthorization)
        {
            let by =
                Mailbox { organization_id: found.organization_id, channel_id: found.channel_id };
            return Ok(Some((Way::Mailbox(by), found.address)));
        }
    }
    Ok(None)
}
