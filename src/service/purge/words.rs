//! What Loket writes to admins about deletions: numbers, dates and a link.

use chrono::{DateTime, Utc};

use super::watch;
use crate::domain::ids::OrganizationId;
use crate::domain::words::PurgeState;
use crate::mail::compose::Language;
use crate::service::post::Words;
use crate::service::{Result, Services};
use crate::store::purges::{self, Purge};

/// A deletion that ended so long ago is not told any more.
const NEWS: chrono::TimeDelta = chrono::TimeDelta::days(2);

/// What there is to tell now, if there is anything.
pub(in crate::service) async fn words(
    services: &Services,
    organization_id: OrganizationId,
    language: Language,
) -> Result<Option<Words>> {
    let now = services.store().now();
    let purges = purges::list(services.store(), organization_id).await?;
    let lines: Vec<String> = purges.iter().filter_map(|purge| line(purge, now, language)).collect();
    if lines.is_empty() {
        return Ok(None);
    }
    let subject = match language {
        Language::Nl => "Loket: verwijdering van mailboxgegevens",
        Language::De => "Loket: Löschung von Postfachdaten",
        Language::En => "Loket: deletion of mailbox data",
    };
    let link = format!("{}/settings/deletions", services.options().public_url);
    Ok(Some(Words {
        subject: subject.to_owned(),
        text: format!("{}\n\n{link}\n", lines.join("\n\n")),
    }))
}

fn line(purge: &Purge, now: DateTime<Utc>, language: Language) -> Option<String> {
    let day = |at: DateTime<Utc>| at.format("%Y-%m-%d").to_string();
    let late = watch::is_late(purge, now);
    Some(match (purge.state, late, language) {
        (PurgeState::Undone, ..) => return None,
        (PurgeState::Done, ..) if purge.finished_at.is_none_or(|at| at + NEWS < now) => {
            return None;
        }
        (PurgeState::Done, _, Language::Nl) => {
            "De gegevens van een ontkoppelde mailbox zijn verwijderd. De verklaring staat klaar."
                .to_owned()
        }
        (PurgeState::Done, _, Language::De) => {
            "Die Daten eines getrennten Postfachs sind gelöscht. Die Erklärung liegt bereit."
                .to_owned()
        }
        (PurgeState::Done, _, Language::En) => {
            "The data of a disconnected mailbox is deleted. The statement is ready.".to_owned()
        }
        (_, true, Language::Nl) => format!(
            "Het verwijderen van een ontkoppelde mailbox (gevraagd op {}) duurt langer dan beloofd. \
             Vraag uw beheerder om in het logboek van de server te kijken.",
            day(purge.requested_at)
        ),
        (_, true, Language::De) => format!(
            "Die Löschung eines getrennten Postfachs (beantragt am {}) dauert länger als versprochen. \
             Bitten Sie Ihren Betreiber, in das Protokoll des Servers zu sehen.",
            day(purge.requested_at)
        ),
        (_, true, Language::En) => format!(
            "Deleting a disconnected mailbox (asked for on {}) takes longer than promised. Ask \
             your operator to look at the server's log.",
            day(purge.requested_at)
        ),
        (_, false, Language::Nl) => format!(
            "Een mailbox is ontkoppeld. Haar gegevens worden op {} verwijderd; tot dan kunt u dat \
             ongedaan maken.",
            day(purge.due_at)
        ),
        (_, false, Language::De) => format!(
            "Ein Postfach ist getrennt. Seine Daten werden am {} gelöscht; bis dahin können Sie das \
             rückgängig machen.",
            day(purge.due_at)
        ),
        (_, false, Language::En) => format!(
            "A mailbox is disconnected. Its data is deleted on {}; until then you can undo that.",
            day(purge.due_at)
        ),
    })
}
