//! Connection tests, in words that an admin understands.

use std::collections::BTreeMap;
use std::path::PathBuf;

use async_trait::async_trait;

use super::dial::endpoint;
use super::providers::Endpoints;
use crate::domain::words::{CheckCode, Provider};
use crate::imap::{self, ImapError, Session};
use crate::maildir;
use crate::net::{Credentials, Net, NetError};
use crate::service::mailboxes::{Deliver, MailServer};
use crate::service::ports::{CheckStep, MailConnector, Target};
use crate::smtp::{self, Outcome, Reason};
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
        let mut steps = vec![done(
            "imap_login",
            CheckCode::SignedInForReading,
            "Signed in where mail is read.".to_owned(),
        )];
        let inbox = match session.list_folders().await {
            Ok(_) => session.examine("INBOX").await,
            Err(error) => Err(error),
        };
        steps.push(match inbox {
            Ok(inbox) => done(
                "imap_folders",
                CheckCode::InboxFound,
                format!("The inbox has {} mails.", inbox.exists),
            )
            .with("count", inbox.exists.to_string()),
            Err(error) => imap_failure("imap_folders", server, &error),
        });
        session.logout().await;
        steps
    }

    async fn smtp(&self, server: &MailServer, credentials: &Credentials) -> CheckStep {
        match smtp::check(&self.net, &endpoint(server), credentials).await {
            Ok(()) => done(
                "smtp_login",
                CheckCode::SignedInForSending,
                "Signed in where answers are handed in.".to_owned(),
            ),
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
        let sender = target.settings.delegate.clone().unwrap_or_else(|| user.clone());
        let Some(opens) = target.credentials else {
            return vec![failed(
                "imap_login",
                CheckCode::PasswordMissing,
                "Enter the password.".to_owned(),
            )];
        };
        let credentials = |user: String| match opens {
            mailboxes::Credentials::Password(password) => {
                Credentials::Password { user, password: password.clone() }
            }
            mailboxes::Credentials::OAuth(grant) => {
                Credentials::XOAuth2 { user, token: grant.access_token.clone() }
            }
        };
        let vendor = self.endpoints.servers();
        let vendor = vendor.of(target.provider);
        let imap = target.settings.imap.as_ref().or(vendor.map(|servers| &servers.imap));
        let smtp = target.settings.smtp.as_ref().or(vendor.map(|servers| &servers.smtp));
        let (Some(imap), Some(smtp)) = (imap, smtp) else {
            return vec![failed(
                "connect",
                CheckCode::ServersMissing,
                "Enter the servers for reading and for sending.".into(),
            )];
        };
        let mut steps = self.imap(imap, &credentials(user)).await;
        if steps.iter().all(|step| step.ok) {
            steps.push(self.smtp(smtp, &credentials(sender)).await);
        }
        steps
    }
}

/// A Maildir: can it be read, and where do answers go.
async fn folders(target: Target<'_>) -> Vec<CheckStep> {
    let Some(path) = target.settings.path.clone().map(PathBuf::from) else {
        return vec![failed(
            "read",
            CheckCode::PathMissing,
            "Enter the path of the Maildir.".to_owned(),
        )];
    };
    let scanned = tokio::task::spawn_blocking(move || maildir::scan(&path)).await;
    let read = match scanned {
        Ok(Ok(entries)) => {
            let count = entries.len();
            done("read", CheckCode::FolderFound, format!("The folder has {count} mails."))
                .with("count", count.to_string())
        }
        Ok(Err(error)) => failed(
            "read",
            CheckCode::FolderUnreadable,
            format!(
                "{error}. Name a folder on this machine that has new and cur in it and that Loket may read."
            ),
        ),
        Err(_) => {
            failed("read", CheckCode::FolderUnreadable, "The folder could not be read.".to_owned())
        }
    };
    vec![read, delivery(target.settings.deliver.as_ref())]
}

fn delivery(deliver: Option<&Deliver>) -> CheckStep {
    let name = "deliver";
    match deliver {
        Some(Deliver::Folder { path }) => {
            let path = PathBuf::from(path);
            let there = path.is_dir() || path.parent().is_some_and(std::path::Path::is_dir);
            if there {
                let message = "Answers are put into a folder.".to_owned();
                return done(name, CheckCode::DeliversToFolder, message);
            }
            let message = "The folder for answers, and the one above it, are not there. Make it, or name another.";
            failed(name, CheckCode::DeliverFolderMissing, message.to_owned())
        }
        Some(Deliver::Sendmail { command }) => {
            let program = command.clone().unwrap_or_else(|| "/usr/sbin/sendmail".to_owned());
            if std::path::Path::new(&program).is_file() {
                let message = "Answers are handed to sendmail.".to_owned();
                return done(name, CheckCode::DeliversToSendmail, message);
            }
            let message = format!(
                "There is no program {program}. Install a mail server on this machine, or name another program."
            );
            failed(name, CheckCode::SendmailMissing, message).with("path", program)
        }
        None => failed(name, CheckCode::DeliverMissing, "Choose where answers go.".to_owned()),
    }
}

fn done(name: &'static str, code: CheckCode, message: String) -> CheckStep {
    CheckStep { name, ok: true, code, values: BTreeMap::new(), message }
}

fn failed(name: &'static str, code: CheckCode, message: String) -> CheckStep {
    CheckStep { name, ok: false, code, values: BTreeMap::new(), message }
}

/// A step that failed at a server; what it said stands behind the message.
fn failed_at(
    name: &'static str,
    code: CheckCode,
    server: &MailServer,
    said: Option<&str>,
    message: String,
) -> CheckStep {
    let said = said.filter(|said| !said.is_empty());
    let message = match said {
        Some(said) => format!("{message} The server says: {said}"),
        None => message,
    };
    let step = failed(name, code, message)
        .with("host", &server.host)
        .with("port", server.port.to_string());
    match said {
        Some(said) => step.with("said", said),
        None => step,
    }
}

fn imap_failure(name: &'static str, server: &MailServer, error: &ImapError) -> CheckStep {
    let host = &server.host;
    let (code, message) = match error {
        ImapError::Network(error) => return network(server, error),
        ImapError::NeedsReauthorization { .. } => (
            CheckCode::SignInRefused,
            format!(
                "{host} does not accept the name or password. Check both; some providers want an app password."
            ),
        ),
        ImapError::TemporarilyUnavailable { .. } => {
            (CheckCode::Busy, format!("{host} is busy. Try again in a few minutes."))
        }
        ImapError::Refused { .. } => (CheckCode::Refused, format!("{host} refuses.")),
        ImapError::Protocol(_) => (
            CheckCode::NotImap,
            format!("{host} does not answer like an IMAP server. Check name, port and encryption."),
        ),
    };
    failed_at(name, code, server, error.words(), message)
}

fn smtp_failure(server: &MailServer, outcome: &Outcome) -> CheckStep {
    let host = &server.host;
    let (code, message) = match outcome {
        Outcome::NeedsReauthorization { .. } => {
            (CheckCode::SendingRefused, format!("{host} does not accept the sign-in for sending."))
        }
        Outcome::Retry { reason, .. } | Outcome::Failed { reason, .. } => match reason {
            Reason::SmtpAuthDisabled => {
                (CheckCode::SmtpAuthDisabled, reason.fix().unwrap_or_default().to_owned())
            }
            Reason::Sender => {
                (CheckCode::SenderRefused, reason.fix().unwrap_or_default().to_owned())
            }
            _ => (
                CheckCode::SmtpFailed,
                format!(
                    "Signing in at {host} failed ({}). Check name, port and encryption.",
                    reason.code()
                ),
            ),
        },
        Outcome::InDoubt { .. } | Outcome::Sent { .. } => {
            (CheckCode::Closed, format!("{host} closed the connection."))
        }
    };
    failed_at("smtp_login", code, server, outcome.words(), message)
}

/// What went wrong before anybody said a word.
fn network(server: &MailServer, error: &NetError) -> CheckStep {
    let MailServer { host, port, .. } = server;
    let (name, code, message) = match error {
        NetError::Resolve(_) | NetError::HostName => (
            "resolve",
            CheckCode::NoSuchServer,
            format!("There is no server called {host}. Check the spelling."),
        ),
        NetError::Blocked => (
            "resolve",
            CheckCode::InternalAddress,
            format!(
                "{host} is an internal address. The operator can allow that: security.allow_private_mail_hosts = true."
            ),
        ),
        NetError::Connect(_) | NetError::Timeout(_) => (
            "connect",
            CheckCode::NoAnswer,
            format!(
                "{host} does not answer on port {port}. Check the port, and whether a firewall is between."
            ),
        ),
        NetError::Certificate(_) => (
            "tls",
            CheckCode::BadCertificate,
            format!(
                "The certificate of {host} is not valid for that name or not signed by anybody that this machine trusts."
            ),
        ),
        NetError::Tls(_) | NetError::Roots(_) => (
            "tls",
            CheckCode::NoEncryption,
            format!(
                "No encrypted connection to {host} on port {port}. Try the other kind of encryption (TLS or STARTTLS)."
            ),
        ),
        NetError::Closed | NetError::Broken(_) => (
            "connect",
            CheckCode::Closed,
            format!("{host} closed the connection. Check port and encryption."),
        ),
    };
    failed_at(name, code, server, None, message)
}
