//! What is known of a mail once it has been read.

use std::ops::Range;

use chrono::{DateTime, Utc};

/// A mailbox of RFC 5322 §3.4: the address as written, and the name shown beside it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Hash)]
pub struct Address {
    /// The display name, decoded; `None` when there is none.
    pub name: Option<String>,
    /// `local@domain`, as written (the domain is not lower-cased); may lack the `@`.
    pub address: String,
}

impl Address {
    /// The address to compare with: lower case.
    #[must_use]
    pub fn key(&self) -> String {
        self.address.to_lowercase()
    }
}

/// How a part's bytes are wrapped in the raw mail (RFC 2045 §6).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Encoding {
    /// 7bit, 8bit, binary, or something that we do not know.
    #[default]
    Identity,
    /// Base64.
    Base64,
    /// Quoted-printable.
    QuotedPrintable,
}

/// A file that came with the mail. Its bytes are read out of the raw mail:
/// `raw_attachment(&raw[raw_range], encoding)`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attachment {
    /// A name that is safe to show and to save under; never empty.
    pub name: String,
    /// False when the mail gave no name and `name` was made up.
    pub named: bool,
    /// `type/subtype`, lower case.
    pub content_type: String,
    /// Bytes once decoded.
    pub size: u64,
    /// True when it is meant to be shown in the text (an image met by `cid:`).
    pub inline: bool,
    /// The Content-ID without its brackets.
    pub content_id: Option<String>,
    /// Where its encoded body stands in the raw mail.
    pub raw_range: Range<u64>,
    /// How it is encoded there.
    pub encoding: Encoding,
}

/// Whether a machine sent the mail by itself.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Auto {
    /// True when nobody wrote this by hand: never answer it automatically.
    pub is_auto: bool,
    /// What gave it away: a stable word, such as `auto_submitted` or `list`.
    pub reason: Option<&'static str>,
    /// It answers by itself something that was sent to it, such as an out-of-office note: nobody
    /// waits for an answer to it. Only headers say so, never the subject alone.
    pub is_reply: bool,
}

/// One recipient of a delivery report (RFC 3464 §2.3).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct BounceRecipient {
    /// The address that could not be reached; empty when the report does not tell.
    pub address: String,
    /// Enhanced status code (RFC 3463), such as `5.1.1`, where it is known.
    pub status: Option<String>,
    /// `failed`, `delayed`, `delivered`, `relayed` or `expanded`.
    pub action: String,
    /// The other server's words.
    pub diagnostic: Option<String>,
}

/// A report about a mail that was sent earlier.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Bounce {
    /// The recipients that it reports on.
    pub recipients: Vec<BounceRecipient>,
    /// Message-ID of the mail it is about, without brackets.
    pub original_message_id: Option<String>,
    /// A machine's report without doubt: it has the machine-readable form (RFC 3464), comes from
    /// a mailer-daemon or with its null return path (RFC 5321 §4.5.5), or has Exim's list of
    /// recipients. Without these, only words speak for it, which people write as well.
    pub is_certain: bool,
}

/// A mail as Loket understands it. All strings are valid UTF-8 without NUL.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ParsedMail {
    /// Message-ID without brackets, when the mail has a usable one.
    pub message_id: Option<String>,
    /// The same, or one derived from the mail's content that is equal at each reading.
    pub derived_message_id: String,
    /// Authors; may be empty or more than one (then `defects` says so).
    pub from: Vec<Address>,
    /// The Sender header.
    pub sender: Option<Address>,
    /// Recipients.
    pub to: Vec<Address>,
    /// Copies.
    pub cc: Vec<Address>,
    /// Blind copies, where a Bcc header survived.
    pub bcc: Vec<Address>,
    /// Where answers are asked to go.
    pub reply_to: Vec<Address>,
    /// The decoded subject on one line.
    pub subject: String,
    /// The Date header in UTC.
    pub date: Option<DateTime<Utc>>,
    /// Message-IDs of In-Reply-To, without brackets.
    pub in_reply_to: Vec<String>,
    /// Message-IDs of References, oldest first.
    pub references: Vec<String>,
    /// Other ids under which the mail is known (`X-Microsoft-Original-Message-ID`).
    pub alternate_ids: Vec<String>,
    /// The whole readable text, from the plain part or from HTML.
    pub text: String,
    /// The part that was newly written.
    pub reply_text: String,
    /// What was quoted from earlier mail (and a signature, if any).
    pub quoted_text: String,
    /// Sanitized HTML, whole: remote images stand in `data-remote-src`, `cid:` in `data-cid`.
    pub html: Option<String>,
    /// At most 160 characters of the new text, on one line.
    pub snippet: String,
    /// Files.
    pub attachments: Vec<Attachment>,
    /// Whether a machine sent it.
    pub auto: Auto,
    /// A filter on the way has marked it as spam, and delivered it nevertheless.
    pub marked_spam: bool,
    /// A failed delivery.
    pub bounce: Option<Bounce>,
    /// A delivery report that is no failure: delayed, delivered, relayed.
    pub delivery_notice: Option<Bounce>,
    /// Authentication-Results headers, topmost first, unjudged (RFC 8601).
    pub authentication_results: Vec<String>,
    /// What is odd about the mail: stable words.
    pub defects: Vec<&'static str>,
    /// Sender of the mail that was forwarded in this one, inline or attached.
    pub forwarded_from: Option<Address>,
}
