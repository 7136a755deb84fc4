//! Writes the mail that leaves.
//!
//! 1. `check` refuses what could break out of a header, before anything is written.
//! 2. `content` makes the plain text and the HTML: what the agent wrote, the signature, the
//!    quoted mail (trimmed from its oldest end, so that the text stays under [`TEXT_BUDGET`]), or the
//!    one that is passed on (`passed`), whole.
//!    `picture` tells how wide a picture is.
//! 3. `headers` encodes and folds header values.
//! 4. `parts` writes the MIME tree: mixed(alternative(plain, related(HTML, images)), files).
//!
//! The same [`Outgoing`] gives the same bytes each time, so that a retry sends the same mail.

mod check;
mod content;
mod headers;
mod parts;
mod passed;
mod picture;

use bytes::Bytes;
use chrono::{DateTime, FixedOffset, Utc};
use thiserror::Error;

use super::model::Address;

/// Gmail hides what stands beyond about 102 kB of a mail's text.
pub const TEXT_BUDGET: usize = 96_000;

/// The language of the words that we add ("On … wrote:").
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Language {
    /// English.
    #[default]
    En,
    /// Dutch.
    Nl,
    /// German.
    De,
}

impl Language {
    /// From a tag such as `nl` or `de-AT`; English when it is not known.
    #[must_use]
    pub fn from_tag(tag: &str) -> Self {
        match tag.split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase().as_str() {
            "nl" => Self::Nl,
            "de" => Self::De,
            _ => Self::En,
        }
    }
}

/// Marks mail that we send by ourselves (RFC 3834 §5).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AutoSubmitted {
    /// In answer to a mail.
    Replied,
    /// For another reason.
    Generated,
}

/// The mail that is answered.
#[derive(Debug, Clone)]
pub struct Quoted {
    /// When it was written, in the zone in which it is to be shown.
    pub at: DateTime<FixedOffset>,
    /// By whom.
    pub from: Address,
    /// Its text.
    pub text: String,
    /// Its sanitized HTML.
    pub html: Option<String>,
    /// Set when it is not answered but passed on to others.
    pub passed_on: Option<PassedOn>,
}

/// What is said of a mail that is passed on, beside its sender and its time.
#[derive(Debug, Clone)]
pub struct PassedOn {
    /// Its subject.
    pub subject: String,
    /// Its recipients.
    pub to: Vec<Address>,
    /// Who got a copy.
    pub cc: Vec<Address>,
    /// The Content-ID of each image in its HTML, and that of the [`InlineImage`] that stands for it.
    pub images: Vec<(String, String)>,
}

/// A file to send.
#[derive(Debug, Clone)]
pub struct File {
    /// Name shown to the reader.
    pub name: String,
    /// `type/subtype`.
    pub content_type: String,
    /// Content.
    pub bytes: Bytes,
}

/// An image within the HTML, where it is met as `cid:…`.
#[derive(Debug, Clone)]
pub struct InlineImage {
    /// Content-ID without brackets.
    pub cid: String,
    /// The image.
    pub file: File,
}

/// A mail to write. Nothing here is trusted: all of it is checked or encoded.
#[derive(Debug, Clone, Default)]
pub struct Outgoing {
    /// Sender.
    pub from: Address,
    /// Recipients.
    pub to: Vec<Address>,
    /// Copies.
    pub cc: Vec<Address>,
    /// Blind copies: they are checked, and never written.
    pub bcc: Vec<Address>,
    /// Where answers are to go, if not to `from`.
    pub reply_to: Vec<Address>,
    /// Subject.
    pub subject: String,
    /// The Date header.
    pub date: DateTime<Utc>,
    /// Without brackets.
    pub message_id: String,
    /// Without brackets.
    pub in_reply_to: Option<String>,
    /// Without brackets, oldest first.
    pub references: Vec<String>,
    /// What the agent wrote, as plain text.
    pub text: String,
    /// The same as HTML; sanitized here. Made from `text` when absent.
    pub html: Option<String>,
    /// Whether plain text is all that leaves: whoever wrote it wanted no format.
    pub plain: bool,
    /// Signature as plain text.
    pub signature: Option<String>,
    /// The mail that is answered.
    pub quoted: Option<Quoted>,
    /// Files.
    pub attachments: Vec<File>,
    /// Images in the HTML.
    pub inline_images: Vec<InlineImage>,
    /// Language of the words that are added.
    pub language: Language,
    /// Set for all that nobody wrote by hand.
    pub auto_submitted: Option<AutoSubmitted>,
}

/// Why a mail is not written. Tells the field, never its value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum ComposeError {
    /// A line break or NUL would start a new header.
    #[error("{field} contains a line break or a NUL character")]
    UnsafeHeader {
        /// The field.
        field: &'static str,
    },
    /// Not of the form `local@domain`.
    #[error("{field} contains an address that is not valid")]
    InvalidAddress {
        /// The field.
        field: &'static str,
    },
    /// An address with other than ASCII characters before the `@` (RFC 6531).
    #[error("{field} contains an address that needs SMTPUTF8, which is not supported")]
    NeedsSmtpUtf8 {
        /// The field.
        field: &'static str,
    },
    /// An id with spaces or brackets, or none.
    #[error("{field} is not a valid message id")]
    InvalidMessageId {
        /// The field.
        field: &'static str,
    },
    /// No recipient at all.
    #[error("the mail has no recipient")]
    NoRecipient,
}

/// Writes the mail, with CRLF line ends.
pub fn compose(mail: &Outgoing) -> Result<Vec<u8>, ComposeError> {
    check::check(mail)?;
    let content = content::write(mail);
    let size: usize = mail
        .attachments
        .iter()
        .chain(mail.inline_images.iter().map(|i| &i.file))
        .map(|f| f.bytes.len() * 4 / 3 + 1_000)
        .sum();
    let mut out =
        Vec::with_capacity(size + content.text.len() * 2 + content.html.len() * 2 + 4_096);
    headers::write(mail, &mut out)?;
    parts::write(mail, &content, &mut out);
    Ok(out)
}

/// The same with its address as it stands on the wire: an international domain in its ASCII form.
/// `None` where it cannot stand there.
#[must_use]
pub fn on_the_wire(address: &Address) -> Option<Address> {
    let wire = check::wire_address(&address.address, "to").ok()?;
    Some(Address { name: address.name.clone(), address: wire })
}

/// The addresses to give to the server as recipients: each once.
#[must_use]
pub fn envelope(mail: &Outgoing) -> Vec<String> {
    let mut seen = std::collections::HashSet::new();
    mail.to
        .iter()
        .chain(&mail.cc)
        .chain(&mail.bcc)
        .filter_map(|a| check::wire_address(&a.address, "to").ok())
        .filter(|a| seen.insert(a.to_lowercase()))
        .collect()
}
