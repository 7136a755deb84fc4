//! Tells admins of requests that are late or soon will be: a mail each day, a metric, a banner.

use std::collections::BTreeMap;

use chrono::TimeDelta;

use crate::domain::ids::{DataRequestId, OrganizationId};
use crate::domain::requests::SOON;
use crate::mail::compose::Language;
use crate::service::post::{self, Kind, Words};
use crate::service::{Result, Services};
use crate::store::data_requests::{self, Due};
use crate::store::memberships;

/// As often the same is told again.
const AGAIN: TimeDelta = TimeDelta::hours(24);

/// How many requests of all organizations are overdue.
pub async fn count_late(services: &Services) -> Result<usize> {
    let store = services.store();
    Ok(data_requests::list_due(store, store.now()).await?.len())
}

/// Has admins told, once a day; how many mails.
pub async fn tell(services: &Services) -> Result<u64> {
    let store = services.store();
    let now = store.now();
    let mut due: BTreeMap<OrganizationId, Vec<DataRequestId>> = BTreeMap::new();
    for Due { organization_id, id, told_at, .. } in
        data_requests::list_due(store, now + SOON).await?
    {
        if told_at.is_none_or(|at| at + AGAIN <= now) {
            due.entry(organization_id).or_default().push(id);
        }
    }
    let mut mails = 0;
    for (organization_id, ids) in due {
        let tx = store.begin().await?;
        data_requests::set_told(&tx, organization_id, &ids).await?;
        for admin in memberships::list_admins(store, organization_id).await? {
            post::enqueue(&tx, Some(organization_id), Kind::Requests, admin.account_id).await?;
            mails += 1;
        }
        tx.commit().await?;
    }
    Ok(mails)
}

/// What there is to tell now: numbers and a link.
pub(in crate::service) async fn words(
    services: &Services,
    organization_id: OrganizationId,
    language: Language,
) -> Result<Option<Words>> {
    let store = services.store();
    let now = store.now();
    let mut due = data_requests::list_due(store, now + SOON).await?;
    due.retain(|due| due.organization_id == organization_id);
    if due.is_empty() {
        return Ok(None);
    }
    let late = due.iter().filter(|due| due.due_at <= now).count();
    let soon = due.len() - late;
    let (subject, text) = match language {
        Language::Nl => (
            "Loket: verzoeken over gegevens moeten worden beantwoord",
            format!(
                "Te laat: {late}. Binnen 7 dagen te beantwoorden: {soon}. De wet geeft er een maand \
                 voor; verlengen kan met een reden."
            ),
        ),
        Language::De => (
            "Loket: Anfragen zu Daten müssen beantwortet werden",
            format!(
                "Überfällig: {late}. Innerhalb von 7 Tagen zu beantworten: {soon}. Das Gesetz gibt \
                 dafür einen Monat; verlängern lässt sich das mit einem Grund."
            ),
        ),
        Language::En => (
            "Loket: requests about data must be answered",
            format!(
                "Overdue: {late}. To be answered within 7 days: {soon}. The law gives a month; it \
                 can be made longer with a reason."
            ),
        ),
    };
    let link = format!("{}/settings/requests", services.options().public_url);
    Ok(Some(Words { subject: subject.to_owned(), text: format!("{text}\n\n{link}\n") }))
}
