//! The demo's customers: they answer what the shop sent them, once, some seconds later.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use chrono::{DateTime, Utc};
use tokio_util::sync::CancellationToken;

use crate::cli::corpus::Mail;
use crate::cli::corpus::demo::{SHOP, SHOP_NAME};
use crate::cli::corpus::encode::Charset;
use crate::cli::corpus::letter::{Letter, Transfer};
use crate::cli::corpus::maildir;
use crate::clock::{Clock, SystemClock};
use crate::mail::{Limits, ParsedMail, parse};

/// How often the customers look for mail.
const LOOK: Duration = Duration::from_secs(1);
/// Looks between an answer and the customer's: long enough to see the answer leave.
const LOOKS_BEFORE_ANSWERING: u32 = 6;

/// Answers what is delivered to `sent`, by mail to `inbox`, until `stop`.
pub(super) async fn answer(sent: &Path, inbox: &Path, stop: CancellationToken) {
    let mut seen: HashMap<PathBuf, u32> = HashMap::new();
    while !stop.is_cancelled() {
        for path in delivered(sent) {
            let looks = seen.entry(path.clone()).or_default();
            *looks += 1;
            if *looks == LOOKS_BEFORE_ANSWERING
                && let Err(error) = answer_one(&path, inbox)
            {
                tracing::warn!(error.kind = %error.kind(), "the demo's customer could not answer");
            }
        }
        tokio::select! {
            () = tokio::time::sleep(LOOK) => {}
            () = stop.cancelled() => {}
        }
    }
}

/// The files in a Maildir.
fn delivered(folder: &Path) -> Vec<PathBuf> {
    ["new", "cur"]
        .iter()
        .filter_map(|name| std::fs::read_dir(folder.join(name)).ok())
        .flatten()
        .filter_map(|entry| Some(entry.ok()?.path()))
        .collect()
}

fn answer_one(path: &Path, inbox: &Path) -> std::io::Result<()> {
    let raw = std::fs::read(path)?;
    let Ok(mail) = parse(&raw, &Limits::default()) else { return Ok(()) };
    let now = SystemClock.now();
    match reply(&mail, now) {
        Some(reply) => {
            maildir::deliver_one(inbox, &reply, &format!("reply-{}", now.timestamp_millis()))
        }
        None => Ok(()),
    }
}

/// The customer's answer to what the shop wrote.
fn reply(mail: &ParsedMail, now: DateTime<Utc>) -> Option<Mail> {
    let customer = mail.to.first()?;
    let id = mail.message_id.as_ref()?;
    let mut references = mail.references.clone();
    references.push(id.clone());
    let quoted = mail.reply_text.lines().fold(String::new(), |out, line| out + "> " + line + "\n");
    let subject = match mail.subject.strip_prefix("Re: ") {
        Some(rest) => format!("Re: {rest}"),
        None => format!("Re: {}", mail.subject),
    };
    let letter = Letter {
        from: (customer.name.clone().unwrap_or_default(), customer.address.clone()),
        to: format!("{SHOP_NAME} <{SHOP}>"),
        at: now,
        subject,
        id: format!("demo.{:x}@simulated.example.com", now.timestamp_millis()),
        references,
        headers: Vec::new(),
        text: Some(format!(
            "{}\n\n(A simulated customer of loket demo wrote this.)\n\nOn {}, {SHOP_NAME} wrote:\n{quoted}",
            thanks(&mail.reply_text),
            now.format("%Y-%m-%d %H:%M"),
        )),
        html: None,
        inline: Vec::new(),
        attached: Vec::new(),
        charset: Charset::Utf8,
        transfer: Transfer::Quoted,
    };
    Some(Mail { at: now, raw: letter.to_bytes() })
}

/// A few words in the language of the answer, as far as common words tell.
fn thanks(answer: &str) -> &'static str {
    let count = |words: &[&str]| {
        answer
            .split_whitespace()
            .filter(|word| words.contains(&word.to_lowercase().as_str()))
            .count()
    };
    let dutch = count(&["de", "het", "een", "wij", "u", "je", "van", "niet", "dag", "groet"]);
    let german =
        count(&["der", "die", "das", "und", "wir", "sie", "nicht", "ein", "ist", "grüßen"]);
    let english = count(&["the", "a", "you", "we", "and", "is", "not", "of", "to", "regards"]);
    if dutch > german && dutch > english {
        "Dank u wel voor uw antwoord, daar ben ik mee geholpen!"
    } else if german > english {
        "Vielen Dank für Ihre Antwort, das hilft mir weiter!"
    } else {
        "Thank you for your answer, that helps!"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_customer_answers_in_the_same_conversation_and_language() {
        let raw = "From: De Ketting <service@ketting.example.com>\r\n\
            To: Bram <bram@mail.example.org>\r\nSubject: Re: Band\r\nMessage-ID: <a2@example.com>\r\n\
            References: <b1@example.org>\r\n\r\nDag Bram, de band is er en het wiel niet.\r\n";
        let mail = parse(raw.as_bytes(), &Limits::default()).unwrap();
        let now = "2026-03-02T10:00:00Z".parse().unwrap();
        let answer = parse(&reply(&mail, now).unwrap().raw, &Limits::default()).unwrap();
        assert_eq!(answer.references, ["b1@example.org", "a2@example.com"]);
        assert_eq!(answer.in_reply_to, ["a2@example.com"]);
        assert_eq!(
            (answer.subject.as_str(), answer.from[0].address.as_str()),
            ("Re: Band", "bram@mail.example.org")
        );
        assert!(answer.reply_text.starts_with("Dank u wel"), "{}", answer.reply_text);
    }
}
