//! The port by which an answer leaves. `app` puts SMTP and IMAP, or a folder, behind it; a test
//! puts a fake there. It is never called inside a transaction.

use std::fmt::Debug;

use async_trait::async_trait;

use crate::domain::ids::{ChannelId, OrganizationId};

/// The mailbox that an answer goes out by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mailbox {
    /// Its organization.
    pub organization_id: OrganizationId,
    /// Its channel.
    pub channel_id: ChannelId,
}

/// What the server is told beside the mail itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Envelope {
    /// The bare address that bounces go to.
    pub from: String,
    /// The bare addresses that get the mail, each once.
    pub recipients: Vec<String>,
}

/// What became of a mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SendOutcome {
    /// The server took it for everybody.
    Sent,
    /// Nothing was sent; a later attempt may succeed.
    Retry {
        /// A stable word ([`crate::domain::delivery::code`]).
        code: &'static str,
        /// The server's own words.
        words: Option<String>,
    },
    /// Nothing was sent, and trying again would not help.
    Failed {
        /// The server's own words, and what to do about it where that is known.
        words: String,
    },
    /// The connection was lost when the server may already have taken it.
    InDoubt,
    /// Nothing was sent: the provider wants the admin to consent again.
    NeedsReauthorization {
        /// The server's own words.
        words: Option<String>,
    },
}

/// What the mailbox's Sent folder says of a mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SentCopy {
    /// It is there.
    Found,
    /// It is not there, and a copy of an earlier answer is, which the provider itself put there.
    NotFound,
    /// It is not there, and nothing shows that the provider keeps copies: this says nothing.
    Unknown,
    /// The folder could not be read now.
    Unreachable,
}

/// The copy could not be put into the Sent folder now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no copy could be put into the Sent folder: {code}")]
pub struct AppendError {
    /// A stable word.
    pub code: &'static str,
}

/// Hands answers to the mailbox's own server.
#[async_trait]
pub trait Outgoing: Send + Sync + Debug {
    /// Sends the mail to all recipients or to none.
    async fn send(&self, mailbox: Mailbox, envelope: &Envelope, raw: &[u8]) -> SendOutcome;

    /// Looks for a mail, by its Message-ID without brackets, in the Sent folder. `earlier` are those
    /// of answers that surely left: one of them there shows that the provider keeps copies.
    async fn sent_copy(&self, mailbox: Mailbox, message_id: &str, earlier: &[String]) -> SentCopy;

    /// Puts a copy into the Sent folder, where the provider does not do so itself, unless a mail
    /// with this Message-ID is there.
    async fn append_sent(
        &self,
        mailbox: Mailbox,
        message_id: &str,
        raw: &[u8],
    ) -> Result<(), AppendError>;
}
