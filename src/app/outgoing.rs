//! Answers leave here: over SMTP, into a folder, or by sendmail, with a look into Sent.

use std::path::{Path, PathBuf};

use async_trait::async_trait;

use super::dial;
use crate::domain::delivery::code;
use crate::domain::words::Provider;
use crate::imap::{self, ImapError, Role, Session};
use crate::maildir::{self, Handed, MaildirError};
use crate::net::Net;
use crate::service::mailboxes::Deliver;
use crate::service::outgoing::{AppendError, Envelope, Mailbox, Outgoing, SendOutcome, SentCopy};
use crate::service::sync::{self, NEEDS_REAUTHORIZATION, Server, SignIn};
use crate::service::{ServiceError, Services};
use crate::smtp::{self, Outcome, Reason};
use crate::store::mailboxes;

/// The program that every Unix mail server brings along.
const SENDMAIL: &str = "/usr/sbin/sendmail";

/// Hands answers over.
#[derive(Debug)]
pub(super) struct Sender {
    services: Services,
    net: Net,
}

impl Sender {
    pub(super) fn new(services: Services, net: Net) -> Self {
        Self { services, net }
    }

    async fn by_smtp(&self, mailbox: Mailbox, envelope: &Envelope, raw: &[u8]) -> SendOutcome {
        let Mailbox { organization_id, channel_id } = mailbox;
        let services = &self.services;
        let found = sync::sign_in(services, organization_id, channel_id, Server::Smtp).await;
        let sign_in = match found {
            Ok(sign_in) => sign_in,
            Err(error) => return no_sign_in(&error),
        };
        let sent = self.hand_in(&sign_in, envelope, raw).await;
        if !matches!(sent, Outcome::NeedsReauthorization { .. }) {
            return outcome(sent);
        }
        // Refused before anything was handed over.
        match sync::sign_in_again(services, organization_id, channel_id, &sign_in).await {
            Ok(Some(again)) => outcome(self.hand_in(&again, envelope, raw).await),
            Ok(None) => outcome(sent),
            Err(error) => no_sign_in(&error),
        }
    }

    async fn hand_in(&self, sign_in: &SignIn, envelope: &Envelope, raw: &[u8]) -> Outcome {
        let (endpoint, credentials) = dial::sign_in(sign_in.clone());
        let Envelope { from, recipients } = envelope;
        smtp::send(&self.net, &endpoint, &credentials, from, recipients, raw).await
    }

    /// A session at the mailbox's IMAP server, and the name of its Sent folder.
    async fn sent_folder(&self, mailbox: Mailbox) -> Result<(Session, Option<String>), Trouble> {
        let Mailbox { organization_id, channel_id } = mailbox;
        let services = &self.services;
        let sign_in = sync::sign_in(services, organization_id, channel_id, Server::Imap).await?;
        let mut session = match self.session(&sign_in).await {
            Err(error @ ImapError::NeedsReauthorization { .. }) => {
                let again = sync::sign_in_again(services, organization_id, channel_id, &sign_in);
                self.session(&again.await?.ok_or(error)?).await?
            }
            session => session?,
        };
        let folders = session.list_folders().await?;
        let sent = folders.into_iter().find(|f| f.role == Role::Sent && f.selectable);
        Ok((session, sent.map(|folder| folder.name)))
    }

    async fn session(&self, sign_in: &SignIn) -> Result<Session, ImapError> {
        let (endpoint, credentials) = dial::sign_in(sign_in.clone());
        Session::connect(&self.net, &endpoint, &credentials, imap::Options::default()).await
    }

    async fn find_sent(
        &self,
        mailbox: Mailbox,
        provider: Provider,
        message_id: &str,
        earlier: &[String],
    ) -> Result<SentCopy, Trouble> {
        let (mut session, folder) = self.sent_folder(mailbox).await?;
        let Some(folder) = folder else { return Ok(SentCopy::Unknown) };
        let mut copy = SentCopy::Unknown;
        if !session.find_by_message_id(&folder, message_id).await?.is_empty() {
            copy = SentCopy::Found;
        } else if files_copies(provider) {
            // Google and Microsoft file a copy of what they send, and with both an administrator
            // can switch that off: only copies of other answers show that they do.
            for id in earlier {
                if !session.find_by_message_id(&folder, id).await?.is_empty() {
                    copy = SentCopy::NotFound;
                    break;
                }
            }
        }
        session.logout().await;
        Ok(copy)
    }

    async fn append(&self, mailbox: Mailbox, id: &str, raw: &[u8]) -> Result<(), Trouble> {
        let (mut session, folder) = self.sent_folder(mailbox).await?;
        let folder = match folder {
            Some(folder) => folder,
            None => session.create_sent().await?,
        };
        // Some servers file a copy by themselves, and an earlier attempt may have succeeded with only
        // its answer lost.
        if session.find_by_message_id(&folder, id).await?.is_empty() {
            session.append(&folder, raw).await?;
        }
        session.logout().await;
        Ok(())
    }
}

/// What stands between us and the Sent folder.
#[derive(Debug, thiserror::Error)]
enum Trouble {
    #[error(transparent)]
    Service(#[from] ServiceError),
    #[error(transparent)]
    Imap(#[from] ImapError),
}

impl Trouble {
    fn code(&self) -> &'static str {
        match self {
            Self::Service(ServiceError::Upstream { code, .. }) => code,
            Self::Service(_) => "internal",
            Self::Imap(error) => error.code(),
        }
    }
}

#[async_trait]
impl Outgoing for Sender {
    async fn send(&self, mailbox: Mailbox, envelope: &Envelope, raw: &[u8]) -> SendOutcome {
        let store = self.services.store();
        match mailboxes::find(store, mailbox.organization_id, mailbox.channel_id).await {
            Ok(Some(found)) if found.provider == Provider::Maildir => {
                self.by_folder(found.settings.deliver.as_ref(), envelope, raw).await
            }
            Ok(_) => self.by_smtp(mailbox, envelope, raw).await,
            Err(_) => SendOutcome::Retry { code: code::INTERNAL, words: None },
        }
    }

    async fn sent_copy(&self, mailbox: Mailbox, message_id: &str, earlier: &[String]) -> SentCopy {
        let store = self.services.store();
        let found = mailboxes::find(store, mailbox.organization_id, mailbox.channel_id).await;
        let Ok(Some(found)) = found else { return SentCopy::Unreachable };
        if found.provider == Provider::Maildir {
            return SentCopy::Unknown;
        }
        match self.find_sent(mailbox, found.provider, message_id, earlier).await {
            Ok(copy) => copy,
            Err(error) => {
                tracing::warn!(
                    channel.id = %mailbox.channel_id,
                    code = error.code(),
                    "The Sent folder cannot be read"
                );
                SentCopy::Unreachable
            }
        }
    }

    async fn append_sent(
        &self,
        mailbox: Mailbox,
        message_id: &str,
        raw: &[u8],
    ) -> Result<(), AppendError> {
        let store = self.services.store();
        let found = mailboxes::find(store, mailbox.organization_id, mailbox.channel_id).await;
        let found = found.map_err(|_| AppendError { code: "internal" })?;
        // Google and Microsoft file a copy themselves; a Maildir has no Sent folder.
        if found.is_none_or(|mailbox| mailbox.provider != Provider::Imap) {
            return Ok(());
        }
        let done = self.append(mailbox, message_id, raw).await;
        done.map_err(|error| AppendError { code: error.code() })
    }
}

impl Sender {
    async fn by_folder(
        &self,
        deliver: Option<&Deliver>,
        envelope: &Envelope,
        raw: &[u8],
    ) -> SendOutcome {
        match deliver {
            Some(Deliver::Folder { path }) => {
                let (path, raw) = (PathBuf::from(path), raw.to_vec());
                let store = self.services.store().clone();
                let done = tokio::task::spawn_blocking(move || {
                    let (clock, ids) = (store.clock().as_ref(), store.ids().as_ref());
                    maildir::deliver_to_folder(&path, &raw, clock, ids)
                });
                match done.await {
                    Ok(Ok(_)) => SendOutcome::Sent,
                    Ok(Err(error)) => folder_trouble(&error),
                    Err(_) => SendOutcome::Retry { code: code::INTERNAL, words: None },
                }
            }
            Some(Deliver::Sendmail { command }) => {
                let program = command.as_deref().unwrap_or(SENDMAIL);
                let Envelope { from, recipients } = envelope;
                let handed =
                    maildir::deliver_by_sendmail(Path::new(program), raw, from, recipients).await;
                match handed {
                    Ok(Handed::Taken) => SendOutcome::Sent,
                    Ok(Handed::Later { words }) => SendOutcome::Retry {
                        code: code::REFUSED_FOR_NOW,
                        words: Some(words.as_str().to_owned()),
                    },
                    Ok(Handed::Refused { words, .. }) => {
                        SendOutcome::Failed { words: words.as_str().to_owned() }
                    }
                    // It ran out of time with the mail in its hands.
                    Err(MaildirError::Timeout) => SendOutcome::InDoubt,
                    Err(error) => folder_trouble(&error),
                }
            }
            None => SendOutcome::Failed {
                words: "This mailbox has no way to send: choose one in its settings.".to_owned(),
            },
        }
    }
}

/// Whether the provider files copies of what it sends, so that none of them is our own.
fn files_copies(provider: Provider) -> bool {
    matches!(provider, Provider::Google | Provider::Microsoft)
}

fn folder_trouble(error: &MaildirError) -> SendOutcome {
    SendOutcome::Retry { code: code::UNREACHABLE, words: Some(error.to_string()) }
}

fn no_sign_in(error: &ServiceError) -> SendOutcome {
    match error {
        ServiceError::Upstream { code, message, .. } if *code == NEEDS_REAUTHORIZATION => {
            SendOutcome::NeedsReauthorization { words: Some(message.clone()) }
        }
        ServiceError::Upstream { message, .. } => {
            SendOutcome::Retry { code: code::UNREACHABLE, words: Some(message.clone()) }
        }
        ServiceError::Conflict { message, .. } => SendOutcome::Failed { words: message.clone() },
        _ => SendOutcome::Retry { code: code::INTERNAL, words: None },
    }
}

/// The server's own words, and what to do about it where that is known.
pub(super) fn outcome(outcome: Outcome) -> SendOutcome {
    let spoken = |words: &str| (!words.is_empty()).then(|| words.to_owned());
    match outcome {
        Outcome::Sent { .. } => SendOutcome::Sent,
        Outcome::Retry { reason, words } => SendOutcome::Retry {
            code: match reason {
                Reason::Network(_) => code::UNREACHABLE,
                _ => code::REFUSED_FOR_NOW,
            },
            words: spoken(words.as_str()),
        },
        Outcome::Failed { reason, words, .. } => SendOutcome::Failed {
            words: match (reason.fix(), spoken(words.as_str())) {
                (Some(fix), Some(words)) => format!("{words}\n{fix}"),
                (Some(fix), None) => fix.to_owned(),
                (None, Some(words)) => words,
                (None, None) => reason.code().to_owned(),
            },
        },
        Outcome::InDoubt { .. } => SendOutcome::InDoubt,
        // Whether the mailbox must be connected again is for its grant to say, and for the
        // sign-ins where it is read: one refusal proves nothing.
        Outcome::NeedsReauthorization { words } => {
            SendOutcome::Retry { code: code::SIGN_IN_REFUSED, words: spoken(words.as_str()) }
        }
    }
}
