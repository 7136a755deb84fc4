//! Loket tells the people who can help that something waits for them.
//!
//! 1. [`raise`]: whoever takes a mailbox out of service puts the job into the queue, in the same
//!    transaction; it also runs every hour.
//! 2. [`run`]: mailboxes that need a sign-in, and about which nobody was told for a day: each
//!    owner and admin of their organization gets a mail ([`super::post`]).
//!    It also starts the countdown of mailboxes that nobody signs in to ([`purge::watch`]).
//! 3. `words`: a number and a link, never a name, an address or a word of anybody's mail;
//!    nothing when all is well again.
//!
//! Another alarm: a column for when it was told, a look in [`run`], its words in `words`.

use chrono::{DateTime, TimeDelta, Utc};

use super::post::{self, Kind, Words};
use super::{Result, Services, purge};
use crate::domain::ids::{AccountId, OrganizationId};
use crate::domain::words::{ChannelState, Role};
use crate::mail::compose::Language;
use crate::store::jobs::{self, NewJob};
use crate::store::{StoreError, Tx, channels, mailboxes, memberships, organizations};

/// The kind of job that looks what there is to tell.
pub const KIND: &str = "alarm";

/// As often the same is told again.
const AGAIN: TimeDelta = TimeDelta::hours(24);

/// Has [`run`] look at once. In the transaction that gives reason to.
pub async fn raise(tx: &Tx) -> Result<(), StoreError> {
    jobs::add(tx, job(tx.store().now())).await
}

/// Puts the job into the queue, unless it is there. For the start of the server.
pub async fn schedule(services: &Services) -> Result<()> {
    let tx = services.store().begin().await?;
    jobs::add_once(&tx, job(services.store().now())).await?;
    tx.commit().await?;
    Ok(())
}

fn job(run_at: DateTime<Utc>) -> NewJob {
    NewJob {
        kind: KIND,
        organization_id: None,
        subject_id: None,
        payload: serde_json::json!({}),
        unique_key: Some(KIND.to_owned()),
        run_at,
    }
}

/// Looks what there is to tell; answers how many mails were put into the queue.
pub async fn run(services: &Services) -> Result<u64> {
    let store = services.store();
    let now = store.now();
    let mut mails = purge::watch::tell_late(services).await?;
    purge::watch::disconnect_dead(services).await?;
    for organization in organizations::list(store).await? {
        let due = channels::list_to_tell(store, organization.id, now - AGAIN).await?;
        if due.is_empty() {
            continue;
        }
        let admins: Vec<AccountId> = memberships::list(store, organization.id)
            .await?
            .into_iter()
            .filter(|member| matches!(member.role, Role::Owner | Role::Admin))
            .map(|member| member.account_id)
            .collect();
        let tx = store.begin().await?;
        channels::set_told(&tx, organization.id, &due, now).await?;
        for admin in admins {
            post::enqueue(&tx, Some(organization.id), Kind::Alarm, admin).await?;
            mails += 1;
        }
        tx.commit().await?;
    }
    Ok(mails)
}

/// What there is to tell now, if there is anything.
pub(super) async fn words(
    services: &Services,
    organization_id: OrganizationId,
    language: Language,
) -> Result<Option<Words>> {
    let count = mailboxes::list(services.store(), organization_id)
        .await?
        .iter()
        .filter(|mailbox| mailbox.state == ChannelState::NeedsReauthorization)
        .count();
    if count == 0 {
        return Ok(None);
    }
    let (what, meaning) = match language {
        Language::Nl => (
            if count == 1 {
                "mailbox vraagt om opnieuw aan te melden"
            } else {
                "mailboxen vragen om opnieuw aan te melden"
            },
            "Tot dan komt er geen post binnen en gaan antwoorden niet weg. Er gaat niets verloren: \
             na het aanmelden haalt Loket alles vanzelf in.",
        ),
        Language::De => (
            if count == 1 {
                "Postfach braucht eine neue Anmeldung"
            } else {
                "Postfächer brauchen eine neue Anmeldung"
            },
            "Bis dahin kommt keine Post herein, und Antworten gehen nicht hinaus. Es geht nichts \
             verloren: Nach der Anmeldung holt Loket alles von selbst nach.",
        ),
        Language::En => (
            if count == 1 { "mailbox needs a new sign-in" } else { "mailboxes need a new sign-in" },
            "Until then no mail comes in and no answer goes out. Nothing is lost: after the \
             sign-in Loket catches up by itself.",
        ),
    };
    let link = format!("{}/settings/mailboxes", services.options().public_url);
    Ok(Some(Words {
        subject: format!("Loket: {count} {what}"),
        text: format!("{count} {what}. {meaning}\n\n{link}\n"),
    }))
}
