//! Between what the browser sees and what the use cases know.

use super::model::{
    AccessEnds, Acknowledgement, Deliver, FolderComparison, Import, ImportRequest, MailCounts,
    MailServer, MailTls, Mailbox, MailboxChange, MailboxCheck, MailboxCheckStep, MailboxError,
    MailboxRequest, MailboxSwitch, NewProvider, SkippedMail,
};
use crate::domain::words::{FolderRole, LedgerState, Provider};
use crate::http::v1::tickets::model::UserRef;
use crate::service::acknowledgements;
use crate::service::comparison::Comparison;
use crate::service::mailboxes::{self as service, Link, MailboxView};
use crate::service::ports::CheckStep;

impl From<MailboxView> for Mailbox {
    fn from(view: MailboxView) -> Self {
        let MailboxView { mailbox, counts, skipped_why, comparisons, ending, members } = view;
        let count = |state| counts.get(&state).copied().unwrap_or(0);
        Self {
            id: mailbox.channel_id.0,
            address: mailbox.address,
            display_name: mailbox.display_name,
            provider: mailbox.provider,
            state: mailbox.state,
            state_at: mailbox.state_at,
            kept_at: mailbox.kept_at,
            error: mailbox
                .state_code
                .map(|code| MailboxError { code, detail: mailbox.state_detail }),
            access_ends: ending.map(|ending| AccessEnds { at: ending.at, what: ending.what }),
            last_sync_at: mailbox.last_sync_at,
            acknowledgement: Acknowledgement {
                enabled: mailbox.acknowledges,
                text: mailbox.acknowledgement.unwrap_or_default(),
                subject: acknowledgements::subject(&mailbox.language).to_owned(),
            },
            language: mailbox.language,
            signature: mailbox.signature.unwrap_or_default(),
            import: Import {
                mode: mailbox.import_mode,
                since: mailbox.import_since,
                read: mailbox.import_read,
                total: mailbox.import_total,
                waits_until: mailbox.import_waits_until,
            },
            counts: MailCounts {
                imported: count(LedgerState::Imported),
                skipped: count(LedgerState::Skipped)
                    + count(LedgerState::Duplicate)
                    + count(LedgerState::Missing),
                quarantined: count(LedgerState::Quarantined),
                skipped_why: skipped_why
                    .into_iter()
                    .map(|(reason, count)| SkippedMail { reason, count })
                    .collect(),
            },
            comparisons: comparisons.into_iter().map(compared).collect(),
            members: members.into_iter().map(|(id, name)| UserRef { id: id.0, name }).collect(),
            version: mailbox.version,
        }
    }
}

fn compared((folder, found): (FolderRole, Comparison)) -> FolderComparison {
    let Comparison { at, on_server, imported, duplicates, left_out, missed } = found;
    FolderComparison { folder, at, on_server, imported, duplicates, left_out, missed }
}

impl From<ImportRequest> for service::Import {
    fn from(import: ImportRequest) -> Self {
        Self { mode: import.mode, since: import.since }
    }
}

impl From<MailServer> for service::MailServer {
    fn from(server: MailServer) -> Self {
        let tls = match server.tls {
            MailTls::Implicit => service::Tls::Implicit,
            MailTls::Starttls => service::Tls::Starttls,
        };
        Self { host: server.host.trim().to_owned(), port: server.port, tls }
    }
}

impl From<Deliver> for service::Deliver {
    fn from(deliver: Deliver) -> Self {
        match deliver {
            Deliver::Folder { path } => Self::Folder { path },
            Deliver::Sendmail { command } => Self::Sendmail { command },
        }
    }
}

impl From<MailboxRequest> for Link {
    fn from(request: MailboxRequest) -> Self {
        Self {
            provider: match request.provider {
                NewProvider::Imap => Provider::Imap,
                NewProvider::Maildir => Provider::Maildir,
            },
            address: request.address,
            display_name: request.display_name,
            language: request.language,
            settings: service::MailboxSettings {
                imap: request.imap.map(Into::into),
                smtp: request.smtp.map(Into::into),
                user_name: request.user_name.filter(|name| !name.trim().is_empty()),
                path: request.path,
                deliver: request.deliver.map(Into::into),
                delegate: None,
                subject: None,
            },
            password: request.password,
            import: request.import.into(),
        }
    }
}

impl From<MailboxChange> for service::MailboxChange {
    fn from(change: MailboxChange) -> Self {
        Self {
            display_name: change.display_name,
            signature: change.signature,
            acknowledgement: change.acknowledgement.map(|change| service::Acknowledgement {
                enabled: change.enabled,
                text: change.text,
            }),
            language: change.language,
            paused: change.state.map(|state| state == MailboxSwitch::Paused),
            password: change.password,
        }
    }
}

impl From<Vec<CheckStep>> for MailboxCheck {
    fn from(steps: Vec<CheckStep>) -> Self {
        Self {
            ok: steps.iter().all(|step| step.ok),
            steps: steps
                .into_iter()
                .map(|step| MailboxCheckStep {
                    name: step.name.to_owned(),
                    ok: step.ok,
                    code: step.code,
                    values: step.values,
                    message: step.message,
                })
                .collect(),
        }
    }
}
