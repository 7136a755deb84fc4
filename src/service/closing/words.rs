//! What Loket writes to owners about closing: a date and a link, and whose organization it is.

use super::confirm;
use crate::domain::ids::OrganizationId;
use crate::domain::words::ClosingState;
use crate::mail::compose::Language;
use crate::service::post::{Kind, Words};
use crate::service::{Result, Services};
use crate::store::accounts::Account;
use crate::store::{closings, keys, memberships};

/// What there is to tell, if it is so yet.
pub(in crate::service) async fn words(
    services: &Services,
    id: OrganizationId,
    account: &Account,
    kind: Kind,
    language: Language,
) -> Result<Option<Words>> {
    let store = services.store();
    let Some(closing) = closings::find_open(store, id).await? else { return Ok(None) };
    let url = &services.options().public_url;
    let name = &closing.name;
    let (subject, text, link) = match (kind, closing.state) {
        (Kind::ClosingConfirm, ClosingState::Asked) => {
            let Some(member) = memberships::find_of_account(store, id, account.id).await? else {
                return Ok(None);
            };
            let key = keys::of_organization(store, id).await?;
            let token = confirm::token(&key, &closing, member.id);
            let (subject, text) = asked(language, name);
            (subject, text, format!("{url}/settings/organization/close#{token}"))
        }
        (Kind::Closing, ClosingState::Countdown) => {
            let due =
                closing.due_at.map_or_else(String::new, |due| due.format("%Y-%m-%d").to_string());
            let (subject, text) = begun(language, name, &due);
            (subject, text, format!("{url}/settings/organization/close"))
        }
        (Kind::ClosingEnd, ClosingState::Destroying | ClosingState::Deleting) => {
            let (subject, text) = ended(language, name);
            (subject, text, format!("{url}/closed/{}", closing.statement_id))
        }
        _ => return Ok(None),
    };
    Ok(Some(Words { subject, text: format!("{text}\n\n{link}\n") }))
}

fn asked(language: Language, name: &str) -> (String, String) {
    match language {
        Language::Nl => (
            format!("Loket: {name} sluiten?"),
            format!(
                "Een eigenaar heeft gevraagd {name} in Loket te sluiten. Alles wordt dan verwijderd: \
                 tickets, klanten, gebruikers, instellingen. Bevestig dit met deze link, of doe niets."
            ),
        ),
        Language::De => (
            format!("Loket: {name} schließen?"),
            format!(
                "Ein Inhaber hat gebeten, {name} in Loket zu schließen. Dann wird alles gelöscht: \
                 Tickets, Kunden, Benutzer, Einstellungen. Bestätigen Sie das mit diesem Link, oder tun Sie nichts."
            ),
        ),
        Language::En => (
            format!("Loket: close {name}?"),
            format!(
                "An owner has asked to close {name} in Loket. Everything is deleted then: tickets, \
                 customers, users, settings. Confirm it with this link, or do nothing."
            ),
        ),
    }
}

fn begun(language: Language, name: &str, due: &str) -> (String, String) {
    match language {
        Language::Nl => (
            format!("Loket: {name} wordt gesloten"),
            format!(
                "{name} wordt op {due} verwijderd. Tot dan kan een eigenaar dat ongedaan maken."
            ),
        ),
        Language::De => (
            format!("Loket: {name} wird geschlossen"),
            format!(
                "{name} wird am {due} gelöscht. Bis dahin kann ein Inhaber das rückgängig machen."
            ),
        ),
        Language::En => (
            format!("Loket: {name} is being closed"),
            format!("{name} is deleted on {due}. Until then an owner can undo that."),
        ),
    }
}

fn ended(language: Language, name: &str) -> (String, String) {
    match language {
        Language::Nl => (
            format!("Loket: {name} wordt verwijderd"),
            "De sleutels worden vernietigd en alles wordt verwijderd, ook uw account. Als het klaar is, \
             staat hier de ondertekende verklaring. Bewaar deze link: wie hem heeft, kan haar lezen."
                .to_owned(),
        ),
        Language::De => (
            format!("Loket: {name} wird gelöscht"),
            "Die Schlüssel werden vernichtet, und alles wird gelöscht, auch Ihr Konto. Danach steht hier \
             die unterzeichnete Erklärung. Bewahren Sie diesen Link auf: Wer ihn hat, kann sie lesen."
                .to_owned(),
        ),
        Language::En => (
            format!("Loket: {name} is being deleted"),
            "The keys are destroyed and everything is deleted, your account too. When that is done, the \
             signed statement is here. Keep this link: whoever has it can read it."
                .to_owned(),
        ),
    }
}
