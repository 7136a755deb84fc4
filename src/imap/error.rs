//! What can go wrong, sorted by what the mailbox's supervisor should do about it.

use super::reply::{Done, Status};
use crate::net::{NetError, ServerWords};

/// A failed IMAP operation. The session is spent after any of these except [`ImapError::Refused`] and
/// [`ImapError::TemporarilyUnavailable`] in answer to a command.
#[derive(Debug, thiserror::Error)]
pub enum ImapError {
    /// The sign-in was refused: a person has to reconnect the mailbox. Do not retry.
    #[error("the server refused the sign-in")]
    NeedsReauthorization { words: ServerWords },
    /// The server is busy, throttles us or is in maintenance: try later.
    #[error("the server is temporarily unavailable")]
    TemporarilyUnavailable { words: ServerWords },
    /// The server refused the command; `code` is its response code, such as `NONEXISTENT`.
    #[error("the server refused the command")]
    Refused { words: ServerWords, code: Option<String> },
    /// The connection failed or broke: reconnect with backoff.
    #[error(transparent)]
    Network(#[from] NetError),
    /// The server said something that IMAP does not know, or too much of it.
    #[error("the server does not follow the protocol: {0}")]
    Protocol(&'static str),
}

impl ImapError {
    /// A stable code for the API and the UI's translations.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::NeedsReauthorization { .. } => "sign_in_refused",
            Self::TemporarilyUnavailable { .. } => "temporarily_unavailable",
            // Microsoft: "BAD User is authenticated but not connected." The account that consented
            // has no right to the mailbox, IMAP is off for it, or it is being throttled.
            Self::Refused { words, .. } if words.as_str().contains("authenticated but not") => {
                "not_connected"
            }
            Self::Refused { .. } => "refused",
            Self::Network(error) => error.code(),
            Self::Protocol(_) => "protocol_error",
        }
    }

    /// The server's own words, where it said something. They may name an address: show, never log.
    #[must_use]
    pub fn words(&self) -> Option<&str> {
        match self {
            Self::NeedsReauthorization { words }
            | Self::TemporarilyUnavailable { words }
            | Self::Refused { words, .. } => Some(words.as_str()),
            Self::Network(_) | Self::Protocol(_) => None,
        }
    }

    /// Sorts a NO or BAD to an ordinary command.
    pub(super) fn from_refusal(done: Done) -> Self {
        let words = ServerWords::new(&done.text);
        if is_temporary(&done) {
            Self::TemporarilyUnavailable { words }
        } else if done.has_code(&["AUTHENTICATIONFAILED", "EXPIRED"]) {
            Self::NeedsReauthorization { words }
        } else {
            Self::Refused { words, code: done.code.map(|code| code.name) }
        }
    }

    /// Sorts a NO or BAD to the sign-in. Without a hint to the contrary it was the credentials: most
    /// servers send AUTHENTICATIONFAILED, Microsoft (2026) sends a bare `NO AUTHENTICATE failed.`
    pub(super) fn from_sign_in(done: Done) -> Self {
        let words = ServerWords::new(&done.text);
        if is_temporary(&done) {
            Self::TemporarilyUnavailable { words }
        } else if done.status == Status::Bad
            || done.has_code(&["PRIVACYREQUIRED", "CONTACTADMIN", "CANNOT"])
        {
            Self::Refused { words, code: done.code.map(|code| code.name) }
        } else {
            Self::NeedsReauthorization { words }
        }
    }
}

/// RFC 5530's codes for "later", and what the big servers say without a code (Gmail: "Too many
/// simultaneous connections", "Account exceeded command or bandwidth limits"; Exchange: "Server Busy").
pub(super) fn is_temporary(done: &Done) -> bool {
    const SAYINGS: [&str; 8] = [
        "too many",
        "try again",
        "temporar",
        "exceeded",
        "throttled",
        "unavailable",
        "server busy",
        "service is down",
    ];
    let said = done.text.to_ascii_lowercase();
    done.has_code(&["UNAVAILABLE", "INUSE", "LIMIT", "SERVERBUG", "THROTTLED", "OVERQUOTA"])
        || SAYINGS.iter().any(|saying| said.contains(saying))
}

#[cfg(test)]
mod tests {
    use super::super::reply::Code;
    use super::*;

    fn no(code: Option<&str>, text: &str) -> Done {
        let code = code.map(|name| Code { name: name.into(), rest: String::new() });
        Done { status: Status::No, code, text: text.into() }
    }

    #[test]
    fn only_a_refused_sign_in_asks_for_a_new_one() {
        let sorted = |code, text| ImapError::from_sign_in(no(code, text)).code();
        assert_eq!(sorted(Some("AUTHENTICATIONFAILED"), "Invalid credentials"), "sign_in_refused");
        assert_eq!(sorted(None, "AUTHENTICATE failed."), "sign_in_refused");
        assert_eq!(sorted(Some("UNAVAILABLE"), "Later"), "temporarily_unavailable");
        assert_eq!(sorted(Some("LIMIT"), "Maximum number"), "temporarily_unavailable");
        assert_eq!(
            sorted(Some("ALERT"), "Too many simultaneous connections. (Failure)"),
            "temporarily_unavailable"
        );
        assert_eq!(sorted(Some("PRIVACYREQUIRED"), "TLS first"), "refused");
    }

    #[test]
    fn an_error_shows_no_words_of_the_server() {
        let error = ImapError::from_refusal(no(None, "no folder of anna@b.test"));
        assert!(!format!("{error} {error:?}").contains("anna"));
        assert_eq!(error.words(), Some("no folder of anna@b.test"));
    }
}
