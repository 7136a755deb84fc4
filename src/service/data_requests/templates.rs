//! What people are written, in English and Dutch. Every answer names the authority and the right to
//! complain (GDPR, articles 12(4) and 13(2)(d)); none repeats what is held.

use chrono::{DateTime, Utc};

use super::DataRequest;
use super::authority::{self, Authority};
use super::mail::Text;
use crate::domain::words::RequestKind;
use crate::mail::compose::Language;
use crate::service::{Result, ServiceError, Services};
use crate::store::organizations;

/// What the texts name.
#[derive(Debug, Clone)]
pub(super) struct Facts {
    organization: String,
    authority: Authority,
    kind: RequestKind,
    received_at: DateTime<Utc>,
    due_at: DateTime<Utc>,
    extended: bool,
}

impl Facts {
    pub(super) async fn of(services: &Services, request: &DataRequest) -> Result<Self> {
        let found = organizations::find(services.store(), request.organization_id).await?;
        Ok(Self {
            organization: found.ok_or(ServiceError::NotFound)?.name,
            authority: authority::of(services, request.organization_id).await?,
            kind: request.kind,
            received_at: request.received_at,
            due_at: request.due_at,
            extended: request.extended_months > 0,
        })
    }
}

/// A text that a handler may send, as it is or changed.
#[derive(Debug, Clone)]
pub struct Template {
    /// What it is for: `received`, `extended`, `done`, `refused`, `nothing_held`.
    pub name: &'static str,
    /// `en` or `nl`.
    pub language: &'static str,
    /// The mail.
    pub text: Text,
}

fn is_dutch(language: Language) -> bool {
    language == Language::Nl
}

fn day(at: DateTime<Utc>) -> String {
    at.format("%Y-%m-%d").to_string()
}

/// What was asked, as part of a sentence.
fn asked(kind: RequestKind, dutch: bool) -> &'static str {
    match (kind, dutch) {
        (RequestKind::Access, false) => "to see your data",
        (RequestKind::Access, true) => "om inzage in uw gegevens",
        (RequestKind::Rectification, false) => "to have your data corrected",
        (RequestKind::Rectification, true) => "om correctie van uw gegevens",
        (RequestKind::Erasure, false) => "to have your data erased",
        (RequestKind::Erasure, true) => "om verwijdering van uw gegevens",
        (RequestKind::Restriction, false) => "to restrict what is done with your data",
        (RequestKind::Restriction, true) => "om het gebruik van uw gegevens te beperken",
        (RequestKind::Portability, false) => "to receive the data that you gave us",
        (RequestKind::Portability, true) => "om de gegevens die u ons gaf over te dragen",
        (RequestKind::Objection, false) => "in which you object to the use of your data",
        (RequestKind::Objection, true) => {
            "waarin u bezwaar maakt tegen het gebruik van uw gegevens"
        }
        (RequestKind::ConsentWithdrawal, false) => "in which you withdraw your consent",
        (RequestKind::ConsentWithdrawal, true) => "waarin u uw toestemming intrekt",
    }
}

/// What was done about it.
fn outcome(kind: RequestKind, dutch: bool) -> &'static str {
    match (kind, dutch) {
        (RequestKind::Access | RequestKind::Portability, false) => {
            "Your data is in a file that only you can fetch. You get the link in a separate mail; \
             it is good for 7 days."
        }
        (RequestKind::Access | RequestKind::Portability, true) => {
            "Uw gegevens staan in een bestand dat alleen u kunt ophalen. U krijgt de link in een \
             aparte mail; die is 7 dagen geldig."
        }
        (RequestKind::Rectification, false) => {
            "We have corrected your data. What you wrote to us stays as you wrote it."
        }
        (RequestKind::Rectification, true) => {
            "Wij hebben uw gegevens gecorrigeerd. Wat u ons schreef blijft zoals u het schreef."
        }
        (RequestKind::Erasure, false) => {
            "We have erased your data. The keys with which it was encrypted are destroyed, so that \
             it cannot be read in backups either."
        }
        (RequestKind::Erasure, true) => {
            "Wij hebben uw gegevens verwijderd. De sleutels waarmee ze versleuteld waren zijn \
             vernietigd, zodat ze ook in reservekopieën niet meer te lezen zijn."
        }
        (RequestKind::Restriction, false) => {
            "Your data is now kept without being used, and only a few named people can see it. We \
             will tell you before that ends."
        }
        (RequestKind::Restriction, true) => {
            "Uw gegevens worden nu alleen bewaard en niet gebruikt, en alleen enkele aangewezen \
             mensen kunnen ze zien. Wij vertellen het u voordat dat eindigt."
        }
        (RequestKind::Objection | RequestKind::ConsentWithdrawal, false) => {
            "We have noted it. From now on we do nothing with your data but answer what you write \
             to us."
        }
        (RequestKind::Objection | RequestKind::ConsentWithdrawal, true) => {
            "Wij hebben het vastgelegd. Vanaf nu doen wij met uw gegevens niets anders dan \
             antwoorden op wat u ons schrijft."
        }
    }
}

fn complaint(authority: &Authority, dutch: bool) -> String {
    let Authority { name, address } = authority;
    if dutch {
        format!(
            "Bent u het niet eens met dit antwoord? U kunt een klacht indienen bij de \
             toezichthouder: {name}, {address}. U kunt ook naar de rechter gaan."
        )
    } else {
        format!(
            "If you do not agree with this answer, you can complain to the supervisory authority: \
             {name}, {address}. You can also go to court."
        )
    }
}

/// Greeting, paragraphs, the right to complain, the organization's name.
fn letter(facts: &Facts, dutch: bool, paragraphs: &[&str]) -> String {
    let hello = if dutch { "Geachte heer of mevrouw," } else { "Dear Sir or Madam," };
    let bye = if dutch { "Met vriendelijke groet," } else { "Kind regards," };
    let complaint = complaint(&facts.authority, dutch);
    let mut parts = vec![hello];
    parts.extend(paragraphs);
    parts.push(&complaint);
    format!("{}\n\n{bye}\n{}\n", parts.join("\n\n"), facts.organization)
}

fn subject(facts: &Facts, dutch: bool) -> String {
    if dutch {
        format!("Uw verzoek over uw gegevens bij {}", facts.organization)
    } else {
        format!("Your request about your data at {}", facts.organization)
    }
}

/// Every text that a handler may send about the request.
pub(super) fn all(facts: &Facts) -> Vec<Template> {
    let mut all = Vec::new();
    for (language, dutch) in [("en", false), ("nl", true)] {
        let what = asked(facts.kind, dutch);
        let (received, due) = (day(facts.received_at), day(facts.due_at));
        let got = if dutch {
            format!("Op {received} ontvingen wij uw verzoek {what}.")
        } else {
            format!("On {received} we received your request {what}.")
        };
        let mut add = |name: &'static str, paragraph: String| {
            let text = letter(facts, dutch, &[&got, &paragraph]);
            let text = Text { subject: subject(facts, dutch), text };
            all.push(Template { name, language, text });
        };
        add(
            "received",
            if dutch {
                format!("U krijgt uiterlijk op {due} antwoord.")
            } else {
                format!("You will have our answer by {due}.")
            },
        );
        if facts.extended {
            add(
                "extended",
                if dutch {
                    format!(
                        "Wij hebben meer tijd nodig: u krijgt uiterlijk op {due} antwoord. De reden \
                         daarvoor is: […]"
                    )
                } else {
                    format!(
                        "We need more time: you will have our answer by {due}. The reason for this \
                         is: […]"
                    )
                },
            );
        }
        add("done", outcome(facts.kind, dutch).to_owned());
        add(
            "refused",
            if dutch {
                "Wij kunnen niet aan uw verzoek voldoen. De reden daarvoor is: […]".to_owned()
            } else {
                "We cannot do what you ask. The reason for this is: […]".to_owned()
            },
        );
        add(
            "nothing_held",
            if dutch {
                "Wij hebben gezocht op het adres waarover u schreef en hebben daar geen gegevens \
                 van."
                    .to_owned()
            } else {
                "We have looked for the address that you wrote about, and hold nothing of it."
                    .to_owned()
            },
        );
    }
    all
}

/// The mail with the code.
pub(super) fn code(facts: &Facts, language: Language, code: &str, link: &str) -> Text {
    let (head, tail) = code.split_at_checked(4).unwrap_or((code, ""));
    let dutch = is_dutch(language);
    let what = asked(facts.kind, dutch);
    let organization = &facts.organization;
    let text = if dutch {
        format!(
            "Bij {organization} kwam een verzoek binnen {what}. Met deze code laat u zien dat het \
             van u komt:\n\n    {head} {tail}\n\nVul de code in op deze pagina, of geef haar door \
             aan wie uw verzoek behandelt:\n\n{link}\n\nDe code is 7 dagen geldig. Hebt u hier niet \
             om gevraagd, dan kunt u dit bericht weggooien: zonder de code gebeurt er niets.\n"
        )
    } else {
        format!(
            "{organization} received a request {what}. This code shows that it comes from you:\
             \n\n    {head} {tail}\n\nGive it on this page, or to the person who handles your \
             request:\n\n{link}\n\nThe code is good for 7 days. If you did not ask for this, throw \
             this message away: nothing happens without the code.\n"
        )
    };
    Text { subject: subject(facts, dutch), text }
}

/// The mail that says where the file is.
pub(super) fn parcel(facts: &Facts, language: Language, link: &str) -> Text {
    let dutch = is_dutch(language);
    let text = if dutch {
        format!(
            "Uw gegevens bij {} staan klaar. Haal ze binnen 7 dagen op; daarna wordt het bestand \
             vernietigd. De pagina vraagt om een code, die wij u op dit adres sturen:\n\n{link}\n\n{}\n",
            facts.organization,
            complaint(&facts.authority, true)
        )
    } else {
        format!(
            "Your data at {} is ready. Fetch it within 7 days; after that the file is destroyed. \
             The page asks for a code, which we send you at this address:\n\n{link}\n\n{}\n",
            facts.organization,
            complaint(&facts.authority, false)
        )
    };
    Text { subject: subject(facts, dutch), text }
}

/// The mail that says when the restriction ends.
pub(super) fn lift(facts: &Facts, language: Language, at: Option<DateTime<Utc>>) -> Text {
    let dutch = is_dutch(language);
    let on = at.map(day).unwrap_or_default();
    let paragraph = if dutch {
        format!(
            "Uw gegevens worden nu alleen bewaard en niet gebruikt, omdat u dat vroeg. Die beperking \
             eindigt op {on}. Daarna behandelen wij uw berichten weer als alle andere."
        )
    } else {
        format!(
            "At your request your data is kept without being used. That restriction ends on {on}. \
             After that your messages are handled like all others."
        )
    };
    Text { subject: subject(facts, dutch), text: letter(facts, dutch, &[&paragraph]) }
}
