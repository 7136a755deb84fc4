//! Loket's own mail leaves by the server that the configuration names.

use async_trait::async_trait;

use super::outgoing::outcome;
use crate::config::smtp::{Smtp, Tls};
use crate::net::{Credentials, Endpoint, Net, TlsMode};
use crate::service::outgoing::{Envelope, SendOutcome};
use crate::service::ports::Post;
use crate::smtp;

/// The server, if there is one.
#[derive(Debug)]
pub(super) struct OwnServer {
    net: Net,
    server: Option<(Endpoint, Credentials)>,
}

impl OwnServer {
    /// `net` may reach internal addresses: the operator chose the server.
    pub(super) fn new(net: Net, config: &Smtp) -> Self {
        let tls = match config.tls {
            Tls::Implicit => TlsMode::Implicit,
            Tls::Starttls => TlsMode::StartTls,
        };
        let credentials = match (&config.user_name, &config.password) {
            (Some(user), Some(password)) => {
                Credentials::Password { user: user.clone(), password: password.clone() }
            }
            _ => Credentials::Anonymous,
        };
        let server = config
            .host
            .as_ref()
            .map(|host| (Endpoint::new(host.clone(), config.port, tls), credentials));
        Self { net, server }
    }
}

#[async_trait]
impl Post for OwnServer {
    async fn send(&self, envelope: &Envelope, raw: &[u8]) -> SendOutcome {
        let Some((endpoint, credentials)) = &self.server else {
            return SendOutcome::Failed { words: "There is no smtp.host.".to_owned() };
        };
        let Envelope { from, recipients } = envelope;
        outcome(smtp::send(&self.net, endpoint, credentials, from, recipients, raw).await)
    }
}
