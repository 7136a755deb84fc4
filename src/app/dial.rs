//! Sign-ins of the use cases in the words of `net`.

use crate::net::{Credentials, Endpoint, TlsMode};
use crate::service::mailboxes::{MailServer, Tls};
use crate::service::sync::{Secret, SignIn};

/// Where to dial.
pub(super) fn endpoint(server: &MailServer) -> Endpoint {
    let tls = match server.tls {
        Tls::Implicit => TlsMode::Implicit,
        Tls::Starttls => TlsMode::StartTls,
    };
    Endpoint::new(server.host.clone(), server.port, tls)
}

/// Where to dial and how to sign in.
pub(super) fn sign_in(sign_in: SignIn) -> (Endpoint, Credentials) {
    let SignIn { server, user, secret } = sign_in;
    let credentials = match secret {
        Secret::Password(password) => Credentials::Password { user, password },
        Secret::Token(token) => Credentials::XOAuth2 { user, token },
    };
    (endpoint(&server), credentials)
}
