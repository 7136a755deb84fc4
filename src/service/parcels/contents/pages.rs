//! Pages of an export that a person reads: text only, without a script, without anything that is
//! fetched.

use std::fmt::Write as _;

use chrono::{DateTime, Utc};
use html_escape::encode_text;

use super::model;
use crate::domain::words::{MessageKind, Status};
use crate::mail::compose::Language;

const STYLE: &str = "body{font:16px/1.5 system-ui,sans-serif;max-width:46rem;margin:2rem auto;\
padding:0 1rem;color:#1f2328;background:#fff}h1{font-size:1.4rem}h2{font-size:1rem;margin:0}\
a{color:#0b5cad}table{border-collapse:collapse;width:100%}td,th{text-align:left;padding:.35rem .5rem;\
border-bottom:1px solid #d8dee4;vertical-align:top}article{border:1px solid #d8dee4;border-radius:8px;\
padding:1rem;margin:1rem 0}article.note{background:#fff8e6}pre{white-space:pre-wrap;font:inherit;\
margin:.75rem 0 0}.quiet{color:#59636e}@media(prefers-color-scheme:dark){body{background:#16181d;\
color:#e6e8eb}a{color:#79b8ff}td,th,article{border-color:#3a3f47}article.note{background:#2b2617}\
.quiet{color:#a0a8b3}}";

/// What stands on the pages.
pub struct Words {
    /// The tag of the language.
    pub tag: &'static str,
    /// Title of an export.
    pub export: &'static str,
    /// What is where.
    pub what: &'static str,
    /// A list of tickets.
    pub tickets: &'static str,
    /// Customers.
    pub customers: &'static str,
    /// Messages.
    pub messages: &'static str,
    /// Mail that could not be processed.
    pub quarantined: &'static str,
    /// Made at.
    pub made: &'static str,
    /// The way back.
    pub back: &'static str,
    /// The mail itself.
    pub original: &'static str,
    /// From whom.
    pub from: &'static str,
    /// To whom.
    pub to: &'static str,
    /// A note.
    pub note: &'static str,
    /// No subject.
    pub no_subject: &'static str,
    /// What was left out.
    pub only_part: &'static str,
}

/// The words of a language.
#[must_use]
pub fn words(language: Language) -> &'static Words {
    match language {
        Language::Nl => &Words {
            tag: "nl",
            export: "Export",
            what: "Bij elk ticket: een pagina om te lezen, dezelfde gegevens als JSON, en de \
                   oorspronkelijke berichten (.eml) met hun bijlagen. data.json zegt wat er verder in zit.",
            tickets: "Tickets",
            customers: "Klanten",
            messages: "Berichten",
            quarantined: "Niet verwerkte berichten",
            made: "Gemaakt op",
            back: "Terug naar het overzicht",
            original: "Oorspronkelijk bericht",
            from: "Van",
            to: "Aan",
            note: "Notitie",
            no_subject: "(geen onderwerp)",
            only_part: "Hier staat maar een deel van dit ticket.",
        },
        Language::De => &Words {
            tag: "de",
            export: "Export",
            what: "Zu jedem Ticket: eine Seite zum Lesen, dieselben Daten als JSON, und die \
                   ursprünglichen Nachrichten (.eml) mit ihren Anhängen. data.json sagt, was sonst enthalten ist.",
            tickets: "Tickets",
            customers: "Kunden",
            messages: "Nachrichten",
            quarantined: "Nicht verarbeitete Nachrichten",
            made: "Erstellt am",
            back: "Zurück zur Übersicht",
            original: "Ursprüngliche Nachricht",
            from: "Von",
            to: "An",
            note: "Notiz",
            no_subject: "(kein Betreff)",
            only_part: "Hier steht nur ein Teil dieses Tickets.",
        },
        Language::En => &Words {
            tag: "en",
            export: "Export",
            what: "For each ticket: a page to read, the same as JSON, and the original messages \
                   (.eml) with their attachments. data.json tells what else there is.",
            tickets: "Tickets",
            customers: "Customers",
            messages: "Messages",
            quarantined: "Messages that could not be processed",
            made: "Made on",
            back: "Back to the list",
            original: "Original message",
            from: "From",
            to: "To",
            note: "Note",
            no_subject: "(no subject)",
            only_part: "Only a part of this ticket is here.",
        },
    }
}

/// A whole page. `title` is escaped here, `body` is not.
#[must_use]
pub fn page(title: &str, language: Language, body: &str) -> String {
    format!(
        "<!doctype html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
         <title>{}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n{body}</body>\n</html>\n",
        words(language).tag,
        encode_text(title),
    )
}

fn day(at: DateTime<Utc>) -> String {
    at.format("%Y-%m-%d %H:%M UTC").to_string()
}

fn parties(parties: &[model::Party]) -> String {
    let shown: Vec<String> = parties
        .iter()
        .map(|party| match &party.name {
            Some(name) => format!("{name} <{}>", party.address),
            None => party.address.clone(),
        })
        .collect();
    encode_text(&shown.join(", ")).into_owned()
}

/// A status in the words of the interface.
#[must_use]
pub fn status(status: Status, language: Language) -> &'static str {
    match (status, language) {
        (Status::Open, Language::De) => "Offen",
        (Status::Open, _) => "Open",
        (Status::Pending, Language::Nl) => "In afwachting",
        (Status::Pending, Language::De) => "Wartend",
        (Status::Pending, Language::En) => "Pending",
        (Status::OnHold, Language::Nl) => "Aangehouden",
        (Status::OnHold, Language::De) => "Zurückgestellt",
        (Status::OnHold, Language::En) => "On hold",
        (Status::Closed, Language::Nl) => "Gesloten",
        (Status::Closed, Language::De) => "Geschlossen",
        (Status::Closed, Language::En) => "Closed",
        (Status::Spam, _) => "Spam",
        (Status::Trash, Language::Nl) => "Prullenbak",
        (Status::Trash, Language::De) => "Papierkorb",
        (Status::Trash, Language::En) => "Trash",
    }
}

/// A ticket with its messages. It lies in a folder of its own beside the list.
#[must_use]
pub fn ticket(ticket: &model::Ticket, language: Language) -> String {
    let words = words(language);
    let subject = ticket.subject.as_deref().filter(|subject| !subject.is_empty());
    let title = format!("#{} {}", ticket.number, subject.unwrap_or(words.no_subject));
    let mut body = String::new();
    // Writing to a string does not fail.
    let _ = writeln!(
        body,
        "<p><a href=\"../index.html\">{}</a></p>\n<h1>{}</h1>\n<p class=\"quiet\">{} · {}</p>",
        words.back,
        encode_text(&title),
        status(ticket.status, language),
        day(ticket.created_at)
    );
    if !ticket.is_whole {
        let _ = writeln!(body, "<p class=\"quiet\">{}</p>", words.only_part);
    }
    for message in &ticket.messages {
        write_message(&mut body, message, words);
    }
    page(&title, language, &body)
}

fn write_message(body: &mut String, message: &model::Message, words: &Words) {
    let is_note = message.kind == MessageKind::Note;
    let _ = writeln!(body, "<article{}>", if is_note { " class=\"note\"" } else { "" });
    let from = if is_note {
        let author = message.author.as_deref().unwrap_or_default();
        format!("{}: {}", words.note, encode_text(author))
    } else {
        format!("{}: {}", words.from, parties(&message.from))
    };
    let _ = writeln!(body, "<h2>{from}</h2>\n<div class=\"quiet\">{}</div>", day(message.at));
    if !message.to.is_empty() {
        let to: Vec<model::Party> = message.to.iter().chain(&message.cc).cloned().collect();
        let _ = writeln!(body, "<div class=\"quiet\">{}: {}</div>", words.to, parties(&to));
    }
    let _ = writeln!(body, "<pre>{}</pre>", encode_text(&message.text));
    if let Some(quoted) = message.quoted.as_deref().filter(|quoted| !quoted.trim().is_empty()) {
        let _ = writeln!(
            body,
            "<details><summary>…</summary><pre class=\"quiet\">{}</pre></details>",
            encode_text(quoted)
        );
    }
    for file in &message.attachments {
        let name = encode_text(&file.name);
        match &file.file {
            Some(path) => {
                let _ = writeln!(body, "<div><a href=\"../{}\">{name}</a></div>", link(path));
            }
            None => {
                let _ = writeln!(body, "<div class=\"quiet\">{name}</div>");
            }
        }
    }
    if let Some(path) = &message.original {
        let _ = writeln!(body, "<div><a href=\"../{}\">{}</a></div>", link(path), words.original);
    }
    body.push_str("</article>\n");
}

/// A path as a link: what is not plain is written in percents.
#[must_use]
pub fn link(path: &str) -> String {
    path.split('/')
        .map(|part| {
            let part: String = url::form_urlencoded::byte_serialize(part.as_bytes()).collect();
            part.replace('+', "%20")
        })
        .collect::<Vec<_>>()
        .join("/")
}

/// A line of the list of tickets. `up` leads from the list to the folder of the export.
pub(super) fn line(ticket: &model::Ticket, language: Language, up: &str) -> String {
    let words = words(language);
    let subject = ticket.subject.as_deref().filter(|subject| !subject.is_empty());
    let customer = ticket
        .customer
        .as_ref()
        .map_or("", |customer| customer.name.as_deref().unwrap_or(&customer.address));
    format!(
        "<tr><td>{}</td><td><a href=\"{up}tickets/{}.html\">{}</a></td><td>{}</td><td>{}</td></tr>\n",
        ticket.number,
        ticket.number,
        encode_text(subject.unwrap_or(words.no_subject)),
        encode_text(customer),
        status(ticket.status, language),
    )
}

/// A page of the list of tickets.
pub(super) fn list(title: &str, language: Language, lines: &str) -> String {
    let words = words(language);
    let body = format!(
        "<p><a href=\"../index.html\">{}</a></p>\n<h1>{}</h1>\n<table>\n{lines}</table>\n",
        words.back,
        encode_text(title),
    );
    page(title, language, &body)
}

/// The first page: what is here, how much, and the pages of the list.
pub(super) fn index(
    title: &str,
    language: Language,
    made_at: DateTime<Utc>,
    counts: model::Counts,
    pages: &[(u64, u64)],
) -> String {
    let words = words(language);
    let mut body = format!(
        "<h1>{}: {}</h1>\n<p class=\"quiet\">{} {}</p>\n<p>{}</p>\n<table>\n",
        words.export,
        encode_text(title),
        words.made,
        day(made_at),
        words.what,
    );
    for (name, count) in [
        (words.tickets, counts.tickets),
        (words.messages, counts.messages),
        (words.customers, counts.contacts),
        (words.quarantined, counts.quarantined),
    ] {
        let _ = writeln!(body, "<tr><td>{name}</td><td>{count}</td></tr>");
    }
    let _ = writeln!(body, "</table>\n<h2>{}</h2>\n<ul>", words.tickets);
    for (number, (first, last)) in pages.iter().enumerate() {
        let _ =
            writeln!(body, "<li><a href=\"lists/{:04}.html\">{first}–{last}</a></li>", number + 1);
    }
    body.push_str("</ul>\n");
    page(title, language, &body)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_strangers_wrote_stays_text() {
        let written = page("<script>alert(1)</script>", Language::Nl, "");
        assert!(written.contains("<title>&lt;script&gt;alert(1)&lt;/script&gt;</title>"));
        assert!(written.contains("default-src 'none'"));
        assert_eq!(link("attachments/1/a b\"<é>.pdf"), "attachments/1/a%20b%22%3C%C3%A9%3E.pdf");
    }
}
