//! What a mail server is told to let us in (SASL), and what it says back.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use secrecy::{ExposeSecret as _, SecretString};
use zeroize::Zeroizing;

/// How to sign in at an IMAP or SMTP server.
#[derive(Clone)]
pub enum Credentials {
    /// User name and password: AUTH PLAIN, or LOGIN where that is not offered.
    Password { user: String, password: SecretString },
    /// An OAuth access token (SASL XOAUTH2).
    XOAuth2 { user: String, token: SecretString },
    /// No sign-in: a relay that knows us by our address. SMTP only.
    Anonymous,
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Password { .. } => "Password(..)",
            Self::XOAuth2 { .. } => "XOAuth2(..)",
            Self::Anonymous => "Anonymous",
        })
    }
}

impl Credentials {
    /// The SASL mechanism's name and its base64 initial response.
    pub(crate) fn sasl(&self) -> Option<(&'static str, Zeroizing<String>)> {
        let (name, plain) = match self {
            Self::Password { user, password } => {
                // RFC 4616: authorization id (empty), user, password.
                ("PLAIN", Zeroizing::new(format!("\0{user}\0{}", password.expose_secret())))
            }
            Self::XOAuth2 { user, token } => {
                // The vendors' "SASL XOAUTH2 mechanism" documents.
                let token = token.expose_secret();
                ("XOAUTH2", Zeroizing::new(format!("user={user}\x01auth=Bearer {token}\x01\x01")))
            }
            Self::Anonymous => return None,
        };
        Some((name, Zeroizing::new(STANDARD.encode(plain.as_bytes()))))
    }
}

/// A server's own words. They may name an address, so they are shown to admins and agents but never
/// logged: neither `Debug` nor an error's text contains them.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct ServerWords(String);

impl ServerWords {
    /// Longest text that is kept; more helps nobody.
    const MAX: usize = 1000;

    /// Keeps the words, made printable and cut to a readable length.
    #[must_use]
    pub fn new(words: &str) -> Self {
        let clean = words.chars().map(|c| if c.is_control() { ' ' } else { c });
        Self(clean.take(Self::MAX).collect::<String>().trim().to_owned())
    }

    /// The words themselves.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for ServerWords {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ServerWords({} bytes)", self.0.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn xoauth2_is_built_as_the_vendors_document_it() {
        let credentials = Credentials::XOAuth2 { user: "a@b.test".into(), token: "tok".into() };
        let (name, response) = credentials.sasl().unwrap();
        assert_eq!(name, "XOAUTH2");
        assert_eq!(
            STANDARD.decode(response.as_bytes()).unwrap(),
            b"user=a@b.test\x01auth=Bearer tok\x01\x01"
        );
    }

    #[test]
    fn secrets_and_words_do_not_show_in_debug() {
        let credentials =
            Credentials::Password { user: "anna@b.test".into(), password: "hunter2".into() };
        let words = ServerWords::new("no mailbox anna@b.test\r\n");
        let shown = format!("{credentials:?} {words:?}");
        assert!(!shown.contains("anna") && !shown.contains("hunter2"), "{shown}");
        assert_eq!(words.as_str(), "no mailbox anna@b.test");
    }
}
