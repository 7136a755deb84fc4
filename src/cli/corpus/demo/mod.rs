//! The demo: a week in the service mailbox of *De Ketting*, a bicycle shop that does not exist.
//!
//! A [`Story`] is a customer and what they wrote, told in `stories_*.rs`; [`render`] gives it
//! the looks of the program that they wrote it with. `odd.rs` adds what no person wrote.

mod odd;
mod render;
mod stories_de;
mod stories_en;
mod stories_nl;

use chrono::{DateTime, TimeDelta, Utc};

use super::Mail;
use super::encode::Charset;
use super::files::File;

/// The shop's address.
pub const SHOP: &str = "service@ketting.example.com";
/// The shop's name.
pub const SHOP_NAME: &str = "De Ketting";

/// A customer and what they wrote.
struct Story {
    name: &'static str,
    address: &'static str,
    subject: &'static str,
    program: Program,
    charset: Charset,
    letters: Vec<Told>,
}

/// One mail of a story.
struct Told {
    /// Minutes before now.
    minutes_ago: i64,
    text: &'static str,
    /// What the shop wrote between the last mail and this one; it is quoted below.
    answered: Option<&'static str>,
    inline: Vec<File>,
    attached: Vec<File>,
}

/// The program that a mail was written with, which shapes its HTML and its quotes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Program {
    Gmail,
    Outlook,
    AppleMail,
    Thunderbird,
    /// Text only.
    Phone,
}

/// A story of one or more mails.
fn story(
    name: &'static str,
    address: &'static str,
    subject: &'static str,
    program: Program,
    letters: Vec<Told>,
) -> Story {
    Story { name, address, subject, program, charset: Charset::Utf8, letters }
}

impl Story {
    fn in_charset(mut self, charset: Charset) -> Self {
        self.charset = charset;
        self
    }
}

/// A mail, so many minutes ago.
fn told(minutes_ago: i64, text: &'static str) -> Told {
    Told { minutes_ago, text, answered: None, inline: Vec::new(), attached: Vec::new() }
}

impl Told {
    fn after(mut self, answer: &'static str) -> Self {
        self.answered = Some(answer);
        self
    }

    fn with(mut self, file: File) -> Self {
        self.attached.push(file);
        self
    }

    fn showing(mut self, file: File) -> Self {
        self.inline.push(file);
        self
    }
}

const HOUR: i64 = 60;
const DAY: i64 = 24 * HOUR;

/// The mailbox as it is at `now`, oldest first.
#[must_use]
pub fn mailbox(now: DateTime<Utc>) -> Vec<Mail> {
    let mut mails: Vec<Mail> = stories_nl::stories()
        .into_iter()
        .chain(stories_en::stories())
        .chain(stories_de::stories())
        .enumerate()
        .flat_map(|(number, story)| render::story(number, &story, now))
        .chain(odd::mails(now))
        .collect();
    mails.sort_by_key(|mail| mail.at);
    mails
}

/// So many minutes before `now`.
fn ago(now: DateTime<Utc>, minutes: i64) -> DateTime<Utc> {
    now - TimeDelta::minutes(minutes)
}
