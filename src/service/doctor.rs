//! Is everything well? Looks at the databases, the keys and each mailbox, for the operator at
//! the command line; changes nothing but an access token that has run out.

use chrono::TimeDelta;

use super::connect;
use super::ports::Target;
use super::{Services, ports::CheckStep};
use crate::domain::words::{ChannelState, Provider};
use crate::store::mailboxes::{self, Credentials, Mailbox};
use crate::store::organizations::{self, Organization};
use crate::store::{StoreError, channels, events, keys};

/// Clocks that differ by more make times that nobody understands, and tokens that nobody takes.
const CLOCKS_DIFFER: TimeDelta = TimeDelta::minutes(1);

/// How a thing is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Health {
    /// As it should be.
    Ok,
    /// It works, and should be looked at.
    Warn,
    /// It does not work.
    Fail,
}

/// What was looked at, how it is, and what to do.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Check {
    /// A stable word, such as `database`.
    pub name: &'static str,
    /// How it is.
    pub status: Health,
    /// A sentence for the operator.
    pub message: String,
    /// What to do, unless it is well.
    pub fix: Option<String>,
}

impl Check {
    /// It is well.
    #[must_use]
    pub fn ok(name: &'static str, message: impl Into<String>) -> Self {
        Self { name, status: Health::Ok, message: message.into(), fix: None }
    }

    /// It should be looked at.
    #[must_use]
    pub fn warn(name: &'static str, message: impl Into<String>, fix: impl Into<String>) -> Self {
        Self { name, status: Health::Warn, message: message.into(), fix: Some(fix.into()) }
    }

    /// It does not work.
    #[must_use]
    pub fn fail(name: &'static str, message: impl Into<String>, fix: impl Into<String>) -> Self {
        Self { name, status: Health::Fail, message: message.into(), fix: Some(fix.into()) }
    }
}

/// Looks at databases, keys and mailboxes.
pub async fn examine(services: &Services) -> Vec<Check> {
    let schema = schema(services).await;
    let current = schema.status == Health::Ok;
    let mut checks = vec![schema, blobs(services).await];
    checks.extend(super::backup::health::examine(services));
    // Without its tables nothing below can be read.
    if current {
        checks.push(integrity(services).await);
        let organizations = match organizations::list(services.store()).await {
            Ok(organizations) => organizations,
            Err(error) => {
                checks.push(unreadable("organizations", &error));
                return checks;
            }
        };
        checks.extend(clock(services, &organizations).await);
        checks.push(keys(services, &organizations).await);
        checks.extend(mailboxes(services, &organizations).await);
    }
    checks
}

fn unreadable(what: &str, error: &StoreError) -> Check {
    Check::fail(
        "database",
        format!("The {what} cannot be read: {}", causes(error)),
        "check that the database runs and that its disk works",
    )
}

async fn blobs(services: &Services) -> Check {
    const NAME: &str = "blobs";
    match services.blobs().check().await {
        Ok(()) => Check::ok(NAME, "The store of large mail answers."),
        Err(error) => Check::fail(
            NAME,
            format!("The store of large mail does not answer: {}", causes(&error)),
            "check the settings under [blobs], and that bucket or folder are there",
        ),
    }
}

/// The clock against the database's and against what was written before; silent when it fits.
async fn clock(services: &Services, organizations: &[Organization]) -> Option<Check> {
    const NAME: &str = "clock";
    const FIX: &str = "set the clocks of all machines by the network: timedatectl set-ntp true";
    let store = services.store();
    match store.database_clock().await {
        Ok(Some(theirs)) if (theirs - store.now()).abs() > CLOCKS_DIFFER => {
            let seconds = (theirs - store.now()).num_seconds();
            let message = format!("The database's clock differs from this one by {seconds} s.");
            return Some(Check::fail(NAME, message, FIX));
        }
        Ok(_) => {}
        Err(error) => return Some(unreadable("clock", &error)),
    }
    for organization in organizations {
        match events::newest_at(store, organization.id).await {
            Ok(Some(at)) if at - store.now() > CLOCKS_DIFFER => {
                let minutes = (at - store.now()).num_minutes();
                let message = format!(
                    "The newest event is {minutes} minutes ahead of the clock, which was set back."
                );
                return Some(Check::fail(NAME, message, FIX));
            }
            Ok(_) => {}
            Err(error) => return Some(unreadable("events", &error)),
        }
    }
    None
}

async fn schema(services: &Services) -> Check {
    const NAME: &str = "schema";
    match services.store().pending_migrations().await {
        Ok(0) => Check::ok(NAME, "The databases open, and their tables are up to date."),
        Ok(pending) => Check::fail(
            NAME,
            format!("{pending} migrations have not run."),
            "run loket migrate; every start of the server does so too",
        ),
        Err(error) => Check::fail(
            NAME,
            format!("The database does not answer: {}", causes(&error)),
            "check that it runs and that Loket's user may read and write it",
        ),
    }
}

async fn integrity(services: &Services) -> Check {
    const NAME: &str = "database";
    match services.store().check_integrity().await {
        Ok(None) => Check::ok(NAME, "The databases are sound."),
        Ok(Some(finding)) => Check::fail(
            NAME,
            format!("A database is damaged: {finding}"),
            "stop Loket and restore data/ from the last backup, then look at the disk",
        ),
        Err(error) => Check::fail(
            NAME,
            format!("The database cannot be checked: {}", causes(&error)),
            "check that it runs and that its disk works",
        ),
    }
}

/// Every organization's and every channel's key opens: root key, keyring and data belong
/// together.
async fn keys(services: &Services, organizations: &[Organization]) -> Check {
    const NAME: &str = "keyring";
    let store = services.store();
    let broken = |what: &str, error: &StoreError| {
        Check::fail(
            NAME,
            format!("{what} key does not open: {}", causes(error)),
            "put back the keys/ folder that belongs to this data; never make a new one",
        )
    };
    let mut opened = 0;
    for organization in organizations {
        if let Err(error) = keys::of_organization(store, organization.id).await {
            return broken("An organization's", &error);
        }
        let channels = match channels::list(store, organization.id).await {
            Ok(channels) => channels,
            Err(error) => return unreadable("channels", &error),
        };
        for channel in &channels {
            if let Err(error) = keys::of_channel(store, organization.id, channel.id).await {
                return broken(&format!("Channel {}'s", channel.id), &error);
            }
            opened += 1;
        }
    }
    Check::ok(
        NAME,
        format!(
            "The root key fits, and the keys of {} organizations and {opened} channels open. Keep \
             a copy of root.key apart from every backup of the data.",
            organizations.len()
        ),
    )
}

/// Tries each mailbox's connection.
async fn mailboxes(services: &Services, organizations: &[Organization]) -> Vec<Check> {
    let store = services.store();
    let mut checks = Vec::new();
    for organization in organizations {
        match mailboxes::list(store, organization.id).await {
            Ok(mailboxes) => {
                for mailbox in &mailboxes {
                    checks.push(connection(services, mailbox).await);
                }
            }
            Err(error) => checks.push(unreadable("mailboxes", &error)),
        }
    }
    if checks.is_empty() {
        checks.push(Check::warn(
            "mailbox",
            "No mailbox is linked.",
            "link one in Settings, Mailboxes, or with loket mailbox add",
        ));
    }
    checks
}

async fn connection(services: &Services, mailbox: &Mailbox) -> Check {
    const NAME: &str = "mailbox";
    let address = &mailbox.address;
    let reconnect = "connect it again in Settings, Mailboxes";
    match mailbox.state {
        ChannelState::Paused => {
            return Check::warn(
                NAME,
                format!("{address} is paused: no mail comes in or goes out."),
                "let it go on in Settings, Mailboxes",
            );
        }
        ChannelState::NeedsReauthorization => {
            return Check::fail(
                NAME,
                format!("{address}: the provider does not let Loket in any more."),
                reconnect,
            );
        }
        ChannelState::Connecting
        | ChannelState::Importing
        | ChannelState::Active
        | ChannelState::Error
        | ChannelState::Disconnected => {}
    }
    match steps(services, mailbox).await {
        Ok(steps) => match steps.into_iter().find(|step| !step.ok) {
            None => Check::ok(NAME, format!("{address}: mail can be read and sent.")),
            Some(failed) => Check::fail(
                NAME,
                format!("{address}: {}", failed.message),
                "mend what it says; Loket tries again by itself",
            ),
        },
        Err(why) => Check::fail(NAME, format!("{address}: {why}"), reconnect),
    }
}

async fn steps(services: &Services, mailbox: &Mailbox) -> Result<Vec<CheckStep>, String> {
    let (organization, id) = (mailbox.organization_id, mailbox.channel_id);
    if matches!(mailbox.provider, Provider::Google | Provider::Microsoft) {
        connect::access_token(services, organization, id).await.map_err(|error| causes(&error))?;
    }
    let credentials: Option<Credentials> =
        mailboxes::credentials(services.store(), organization, id)
            .await
            .map_err(|error| causes(&error))?;
    let target = Target {
        provider: mailbox.provider,
        address: &mailbox.address,
        settings: &mailbox.settings,
        credentials: credentials.as_ref(),
    };
    Ok(services.ports().mail.check(target).await)
}

/// An error and what it is because of.
#[must_use]
pub fn causes(error: &(dyn std::error::Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        let said = cause.to_string();
        if !text.contains(&said) {
            text.push_str(": ");
            text.push_str(&said);
        }
        next = cause.source();
    }
    text
}
