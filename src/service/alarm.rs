//! Loket tells the people who can help that something waits for them.
//!
//! 1. [`raise`]: whoever takes a mailbox out of service puts the job into the queue, in the same
//!    transaction; it also runs every hour.
//! 2. [`run`]: mailboxes that need a sign-in, and about which nobody was told for a day: each
//!    owner and admin of their organization gets a mail ([`super::post`]). So they do 30, 7 and 1
//!    day before a permission ends ([`expiry`]).
//!    It also starts the countdown of mailboxes that nobody signs in to ([`purge::watch`]).
//! 3. `words`: a number and a link, never a name, an address or a word of anybody's mail;
//!    nothing when all is well again.
//!
//! Another alarm: a column for when it was told, a look in [`run`], its words in `words`.

use chrono::{DateTime, TimeDelta, Utc};

use super::post::{self, Kind, Words};
use super::{Result, Services, data_requests, expiry, purge};
use crate::domain::ids::OrganizationId;
use crate::domain::words::ChannelState;
use crate::mail::compose::Language;
use crate::store::jobs::{self, NewJob};
use crate::store::{StoreError, Tx, channels, keys, mailboxes, memberships, organizations};

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
    mails += data_requests::watch::tell(services).await?;
    purge::watch::disconnect_dead(services).await?;
    for organization in organizations::list(store).await? {
        let due = channels::list_to_tell(store, organization.id, now - AGAIN).await?;
        let ends = expiry::due(services, organization.id).await?;
        if due.is_empty() && ends.is_none() {
            continue;
        }
        let key = keys::of_organization(store, organization.id).await?;
        let admins = memberships::list_admins(store, organization.id).await?;
        let tx = store.begin().await?;
        channels::set_told(&tx, organization.id, &due, now).await?;
        if let Some(ends) = &ends {
            expiry::set_told(&tx, &key, organization.id, ends).await?;
        }
        for admin in admins {
            post::enqueue(&tx, Some(organization.id), Kind::Alarm, admin.account_id).await?;
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
    let broken = (count > 0).then(|| broken(count, language));
    let ending = expiry::count(services, organization_id).await?;
    let ending = ending.map(|(count, days)| self::ending(count, days, language));
    let mut all = broken.into_iter().chain(ending);
    let Some((subject, mut text)) = all.next() else { return Ok(None) };
    for (what, meaning) in all {
        text = format!("{text}\n\n{what}. {meaning}");
    }
    let link = format!("{}/settings/mailboxes", services.options().public_url);
    Ok(Some(Words {
        text: format!("{subject}. {text}\n\n{link}\n"),
        subject: format!("Loket: {subject}"),
    }))
}

/// Mailboxes need a sign-in: that, and what it means.
fn broken(count: usize, language: Language) -> (String, String) {
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
    (format!("{count} {what}"), meaning.to_owned())
}

/// Permissions end, the first within so many days: that, and what it means.
fn ending(count: usize, days: i64, language: Language) -> (String, String) {
    let (what, meaning) = match language {
        Language::Nl => {
            let days = if days == 1 { "1 dag".to_owned() } else { format!("{days} dagen") };
            let what = if count == 1 {
                format!("1 toestemming om mailboxen te lezen loopt binnen {days} af")
            } else {
                format!(
                    "{count} toestemmingen om mailboxen te lezen lopen af, de eerste binnen {days}"
                )
            };
            let meaning = "Daarna komt er geen post meer binnen en gaan antwoorden niet weg. Met een \
                           nieuw clientgeheim of een nieuwe aanmelding gaat alles door; bij de \
                           mailbox staat wat er nodig is.";
            (what, meaning)
        }
        Language::De => {
            let days =
                if days == 1 { "eines Tages".to_owned() } else { format!("von {days} Tagen") };
            let what = if count == 1 {
                format!("1 Berechtigung zum Lesen von Postfächern endet innerhalb {days}")
            } else {
                format!(
                    "{count} Berechtigungen zum Lesen von Postfächern enden, die erste innerhalb {days}"
                )
            };
            let meaning = "Danach kommt keine Post mehr herein, und Antworten gehen nicht hinaus. Mit \
                           einem neuen Clientgeheimnis oder einer neuen Anmeldung geht alles weiter; \
                           beim Postfach steht, was nötig ist.";
            (what, meaning)
        }
        Language::En => {
            let days = if days == 1 { "1 day".to_owned() } else { format!("{days} days") };
            let what = if count == 1 {
                format!("1 permission to read mailboxes ends within {days}")
            } else {
                format!("{count} permissions to read mailboxes end, the first within {days}")
            };
            let meaning = "After that no mail comes in and no answer goes out. With a new client \
                           secret or a new sign-in all goes on; the mailbox says what is needed.";
            (what, meaning)
        }
    };
    (what, meaning.to_owned())
}
