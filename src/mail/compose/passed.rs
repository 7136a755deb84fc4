//! A mail that is passed on: whole, under a head that says whose it was.

use chrono::Datelike;

use super::content::{month, text_to_html};
use super::{Language, PassedOn, Quoted};
use crate::mail::html::normalise::ImageRef;
use crate::mail::html::sanitize;
use crate::mail::model::Address;
use crate::mail::words::one_line;

/// The words of the head.
struct Words {
    title: &'static str,
    from: &'static str,
    date: &'static str,
    subject: &'static str,
    to: &'static str,
    cc: &'static str,
}

/// The dashes are what mail programs (and `mail::forward`) know a forwarded mail by.
const fn words(language: Language) -> Words {
    match language {
        Language::En => Words {
            title: "---------- Forwarded message ----------",
            from: "From",
            date: "Date",
            subject: "Subject",
            to: "To",
            cc: "Cc",
        },
        Language::Nl => Words {
            title: "---------- Doorgestuurd bericht ----------",
            from: "Van",
            date: "Datum",
            subject: "Onderwerp",
            to: "Aan",
            cc: "Cc",
        },
        Language::De => Words {
            title: "---------- Weitergeleitete Nachricht ----------",
            from: "Von",
            date: "Datum",
            subject: "Betreff",
            to: "An",
            cc: "Cc",
        },
    }
}

pub(super) fn write(
    quoted: &Quoted,
    passed_on: &PassedOn,
    language: Language,
    text: &mut String,
    html: &mut String,
) {
    let head = head(quoted, passed_on, language);
    let original = quoted.text.replace("\r\n", "\n");
    let original = original.trim_end();
    text.push('\n');
    text.push_str(&head);
    text.push_str("\n\n");
    text.push_str(original);
    text.push('\n');
    // Stored HTML is already the sanitizer's; it passes through once more. Images elsewhere stay
    // out: they would tell their owner who reads the mail now.
    let inner = match quoted.html.as_deref() {
        Some(stored) => sanitize::pass_on(stored, |image| match image {
            ImageRef::Cid(cid) => {
                let known = passed_on.images.iter().find(|(original, _)| original == cid);
                known.map(|(_, ours)| format!("cid:{ours}"))
            }
            ImageRef::Remote(_) => None,
        }),
        None => text_to_html(original),
    };
    html.push_str("<br><div class=\"gmail_quote\"><div dir=\"ltr\" class=\"gmail_attr\">");
    html.push_str(&text_to_html(&head));
    html.push_str("<br><br></div>");
    html.push_str(&inner);
    html.push_str("</div>");
}

fn head(quoted: &Quoted, passed_on: &PassedOn, language: Language) -> String {
    let words = words(language);
    let at = quoted.at;
    let (day, month, year) = (at.day(), month(at.month0(), language), at.year());
    let date = format!("{day} {month} {year} {}", at.format("%H:%M"));
    let mut lines = vec![
        words.title.to_owned(),
        format!("{}: {}", words.from, person(&quoted.from)),
        format!("{}: {date}", words.date),
        format!("{}: {}", words.subject, one_line(&passed_on.subject)),
    ];
    for (word, people) in [(words.to, &passed_on.to), (words.cc, &passed_on.cc)] {
        if !people.is_empty() {
            let people: Vec<String> = people.iter().map(person).collect();
            lines.push(format!("{word}: {}", people.join(", ")));
        }
    }
    lines.join("\n")
}

fn person(address: &Address) -> String {
    let name = address.name.as_deref().map(str::trim).filter(|name| !name.is_empty());
    match name {
        Some(name) => format!("{} <{}>", one_line(name), address.address),
        None => address.address.clone(),
    }
}
