//! Connection tests, in words that an admin understands.

use std::path::PathBuf;

use async_trait::async_trait;

use super::dial::endpoint;
use super::providers::Endpoints;
use crate::domain::words::Provider;
use crate::imap::{self, ImapError, Session};
use crate::maildir;
use crate::net::{Credentials, Net, NetError};
use crate::service::mailboxes::{Deliver, MailServer};
use crate::service::ports::{CheckStep, MailConnector, Target};
use crate::smtp::{self, Outcome};
use crate::store::mailboxes;

/// Tries real servers and folders.
#[derive(Debug)]
pub(super) struct Connector {
    net: Net,
    endpoints: Endpoints,
}

impl Connector {
    pub(super) fn new(net: Net, endpoints: Endpoints) -> Self {
        Self { net, endpoints }
    }

    async fn imap(&self, server: &MailServer, credentials: &Credentials) -> Vec<CheckStep> {
        let to = endpoint(server);
        let options = imap::Options::default();
        let mut session = match Session::connect(&self.net, &to, credentials, options).await {
            Ok(session) => session,
            Err(error) => return vec![imap_failure("imap_login", server, &error)],
        };
        let mut steps = vec![done("imap_login", "Signed in where mail is read.".to_owned())];
        let inbox = match session.list_folders().await {
            Ok(_) => session.examine("INBOX").await,
            Err(error) => Err(error),
        };
        steps.push(match inbox {
            Ok(inbox) => done("imap_folders", format!("The inbox has {} mails.", inbox.exists)),
            Err(error) => imap_failure("imap_folders", server, &error),
        });
        session.logout().await;
        steps
    }

    async fn smtp(&self, server: &MailServer, credentials: &Credentials) -> CheckStep {
        match smtp::check(&self.net, &endpoint(server), credentials).await {
            Ok(()) => done("smtp_login", "Signed in where answers are handed in.".to_owned()),
            Err(outcome) => smtp_failure(server, &outcome),
        }
    }
}

#[async_trait]
impl MailConnector for Connector {
    async fn check(&self, target: Target<'_>) -> Vec<CheckStep> {
        if target.provider == Provider::Maildir {
            return folders(target).await;
        }
        let user = target.settings.user_name.clone().unwrap_or_else(|| target.address.to_owned());
        let credentials = match target.credentials {
            Some(mailboxes::Credentials::Password(password)) => {
                Credentials::Password { user, password: password.clone() }
            }
            Some(mailboxes::Credentials::OAuth(grant)) => {
                Credentials::XOAuth2 { user, token: grant.access_token.clone() }
            }
            None => return vec![failed("imap_login", "Enter the password.".to_owned())],
        };
        let vendor = self.endpoints.servers();
        let vendor = vendor.of(target.provider);
        let imap = target.settings.imap.as_ref().or(vendor.map(|servers| &servers.imap));
        let smtp = target.settings.smtp.as_ref().or(vendor.map(|servers| &servers.smtp));
        let (Some(imap), Some(smtp)) = (imap, smtp) else {
            return vec![failed(
                "connect",
                "Enter the servers for reading and for sending.".into(),
            )];
        };
        let mut steps = self.imap(imap, &credentials).await;
        if steps.iter().all(|step| step.ok) {
            steps.push(self.smtp(smtp, &credentials).await);
        }
        steps
    }
}

/// A Maildir: can it be read, and where do answers go.
async fn folders(target: Target<'_>) -> Vec<CheckStep> {
    let Some(path) = target.settings.path.clone().map(PathBuf::from) else {
        return vec![failed("read", "Enter the path of the Maildir.".to_owned())];
    };
    let scanned = tokio::task::spawn_blocking(move || maildir::scan(&path)).await;
    let mut steps = vec![match scanned {
        Ok(Ok(entries)) => done("read", format!("The folder has {} mails.", entries.len())),
        Ok(Err(error)) => failed(
            "read",
            format!(
                "{error}. Name a folder on this machine that has new and cur in it and that Loket may read."
            ),
        ),
        Err(_) => failed("read", "The folder could not be read.".to_owned()),
    }];
    let deliver = match &target.settings.deliver {
        Some(Deliver::Folder { path }) => {
            let path = PathBuf::from(path);
            let there = path.is_dir() || path.parent().is_some_and(std::path::Path::is_dir);
            if there {
                done("deliver", "Answers are put into a folder.".to_owned())
            } else {
                failed("deliver", "The folder for answers, and the one above it, are not there. Make it, or name another.".to_owned())
            }
        }
        Some(Deliver::Sendmail { command }) => {
            let program = command.clone().unwrap_or_else(|| "/usr/sbin/sendmail".to_owned());
            if std::path::Path::new(&program).is_file() {
                done("deliver", "Answers are handed to sendmail.".to_owned())
            } else {
                failed(
                    "deliver",
                    format!(
                        "There is no program {program}. Install a mail server on this machine, or name another program."
                    ),
                )
            }
        }
        None => failed("deliver", "Choose where answers go.".to_owned()),
    };
    steps.push(deliver);
    steps
}

fn done(name: &'static str, message: String) -> CheckStep {
    CheckStep { name, ok: true, message }
}

fn failed(name: &'static str, message: String) -> CheckStep {
    CheckStep { name, ok: false, message }
}

fn imap_failure(name: &'static str, server: &MailServer, error: &ImapError) -> CheckStep {
    let host = &server.host;
    let said = error.words().map(|words| format!(" The server says: {words}")).unwrap_or_default();
    match error {
        ImapError::Network(error) => network(server, error),
        ImapError::NeedsReauthorization { .. } => failed(
            name,
            format!(
                "{host} does not accept the name or password. Check both; some providers want an app password.{said}"
            ),
        ),
        ImapError::TemporarilyUnavailable { .. } => {
            failed(name, format!("{host} is busy. Try again in a few minutes.{said}"))
        }
        ImapError::Refused { .. } => failed(name, format!("{host} refuses.{said}")),
        ImapError::Protocol(_) => failed(
            name,
            format!("{host} does not answer like an IMAP server. Check name, port and encryption."),
        ),
    }
}

fn smtp_failure(server: &MailServer, outcome: &Outcome) -> CheckStep {
    let host = &server.host;
    let said = match outcome.words() {
        Some(words) if !words.is_empty() => format!(" The server says: {words}"),
        _ => String::new(),
    };
    let message = match outcome {
        Outcome::NeedsReauthorization { .. } => {
            format!("{host} does not accept the sign-in for sending.{said}")
        }
        Outcome::Retry { reason, .. } | Outcome::Failed { reason, .. } => match reason.fix() {
            Some(fix) => format!("{fix}{said}"),
            None => format!(
                "Signing in at {host} failed ({}). Check name, port and encryption.{said}",
                reason.code()
            ),
        },
        Outcome::InDoubt { .. } | Outcome::Sent { .. } => {
            format!("{host} closed the connection.{said}")
        }
    };
    failed("smtp_login", message)
}

/// What went wrong before anybody said a word.
fn network(server: &MailServer, error: &NetError) -> CheckStep {
    let MailServer { host, port, .. } = server;
    match error {
        NetError::Resolve(_) | NetError::HostName => {
            failed("resolve", format!("There is no server called {host}. Check the spelling."))
        }
        NetError::Blocked => failed(
            "resolve",
            format!(
                "{host} is an internal address. The operator can allow that: security.allow_private_mail_hosts = true."
            ),
        ),
        NetError::Connect(_) | NetError::Timeout(_) => failed(
            "connect",
            format!(
                "{host} does not answer on port {port}. Check the port, and whether a firewall is between."
            ),
        ),
        NetError::Certificate(_) => failed(
            "tls",
            format!(
                "The certificate of {host} is not valid for that name or not signed by anybody that this machine trusts."
            ),
        ),
        NetError::Tls(_) | NetError::Roots(_) => failed(
            "tls",
            format!(
                "No encrypted connection to {host} on port {port}. Try the other kind of encryption (TLS or STARTTLS)."
            ),
        ),
        NetError::Closed | NetError::Broken(_) => {
            failed("connect", format!("{host} closed the connection. Check port and encryption."))
        }
    }
}
