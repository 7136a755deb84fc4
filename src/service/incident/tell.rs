//! The operator's message to the admins of the organizations that are affected, in one step.

use chrono::{DateTime, Utc};

use super::{Window, check, gather, organizations};
use crate::audit::{Action, Actor as Who, ObjectKind};
use crate::domain::ids::{IncidentNoticeId, OrganizationId};
use crate::mail::compose::Language;
use crate::service::access::{self, Object};
use crate::service::post::{self, Kind, Words};
use crate::service::{Result, ServiceError, Services};
use crate::store::incidents::{self, Notice};
use crate::store::organizations::Organization;
use crate::store::{keys, memberships};

/// The longest text, in characters.
const LONGEST: usize = 20_000;

/// Whom it goes to.
#[derive(Debug, Clone)]
pub struct Told {
    /// The organization.
    pub organization: Organization,
    /// How many owners and admins.
    pub mails: usize,
}

/// Writes the message to the owners and admins of each organization of whose mail something was
/// reached in the window; or of the one that is named, whatever was reached there.
pub async fn tell(
    services: &Services,
    wanted: Option<&str>,
    from: DateTime<Utc>,
    to: DateTime<Utc>,
    text: &str,
) -> Result<Vec<Told>> {
    let window = Window { from, to, user: None, mailbox: None, aware_at: None };
    check(window)?;
    let text = text.trim();
    if text.is_empty() || text.chars().count() > LONGEST || text.contains('\0') {
        return Err(ServiceError::invalid("text", "write 1 to 20000 characters"));
    }
    if !post::is_ready(services).await? {
        return Err(ServiceError::conflict(
            "no_own_mail",
            "This server cannot send mail of its own: set smtp.host or smtp.mailbox.",
        ));
    }
    let mut told = Vec::new();
    for organization in organizations(services, wanted).await? {
        let affected = wanted.is_some()
            || !gather::gather(services, organization.id, window).await?.accesses.is_empty();
        if affected {
            let mails = tell_one(services, organization.id, window, text).await?;
            told.push(Told { organization, mails });
        }
    }
    Ok(told)
}

async fn tell_one(
    services: &Services,
    organization_id: OrganizationId,
    window: Window,
    text: &str,
) -> Result<usize> {
    let store = services.store();
    let object = Object::new(ObjectKind::Organization, organization_id.0);
    access::record_by(services, organization_id, Who::Cli, Action::TellIncident, object).await?;
    let admins = memberships::list_admins(store, organization_id).await?;
    let key = keys::of_organization(store, organization_id).await?;
    let notice = Notice {
        id: IncidentNoticeId(store.new_id()),
        text: text.to_owned(),
        from: window.from,
        to: window.to,
    };
    let tx = store.begin().await?;
    incidents::add(&tx, &key, organization_id, &notice).await?;
    for admin in &admins {
        let about = Some(notice.id.0);
        post::enqueue_about(&tx, Some(organization_id), Kind::Incident, admin.account_id, about)
            .await?;
    }
    tx.commit().await?;
    Ok(admins.len())
}

/// What the mail says: the operator's words, the window, and where to read more.
pub(in crate::service) async fn words(
    services: &Services,
    organization_id: OrganizationId,
    id: IncidentNoticeId,
    language: Language,
) -> Result<Option<Words>> {
    let found = incidents::find(services.store(), organization_id, id).await?;
    let Some(notice) = found else { return Ok(None) };
    let time = |at: DateTime<Utc>| at.format("%Y-%m-%dT%H:%M:%SZ").to_string();
    let (from, to) = (time(notice.from), time(notice.to));
    let (subject, window) = match language {
        Language::Nl => (
            "Loket: bericht over een beveiligingsincident",
            format!("Het gaat om de tijd van {from} tot {to}. Welke post toen bereikt is:"),
        ),
        Language::De => (
            "Loket: Nachricht über einen Sicherheitsvorfall",
            format!("Es geht um die Zeit von {from} bis {to}. Welche Post damals erreicht wurde:"),
        ),
        Language::En => (
            "Loket: message about a security incident",
            format!("It is about the time from {from} to {to}. Which mail was reached then:"),
        ),
    };
    let page = &services.options().public_url;
    let link = format!("{page}/settings/incident?from={from}&to={to}");
    Ok(Some(Words {
        subject: subject.to_owned(),
        text: format!("{}\n\n{window}\n\n{link}\n", notice.text),
    }))
}
