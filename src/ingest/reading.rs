//! One mailbox is read again and again, whatever goes wrong, until only an admin can help.

use std::time::Duration;

use tokio::sync::Notify;

use super::Options;
use super::backoff::Backoff;
use super::imap::{Reader, SyncError};
use super::maildir;
use super::refusals::Refusals;
use super::rules::Import;
use crate::domain::words::Provider;
use crate::imap::ImapError;
use crate::net::Net;
use crate::service::sync::{self, Failure, SyncMailbox};
use crate::service::{ServiceError, Services, intake};

/// Reads one mailbox until only an admin can help.
pub(super) async fn read(
    services: &Services,
    net: &Net,
    mailbox: &SyncMailbox,
    bell: &Notify,
    options: Options,
) {
    let mut backoff = Backoff::default();
    let mut refusals = Refusals::default();
    let channel = mailbox.target.channel_id;
    loop {
        let started = tokio::time::Instant::now();
        let result = read_once(services, net, mailbox, bell, options, false).await;
        let Err(error) = result else { return };
        if matches!(error, SyncError::Asked) {
            continue;
        }
        // A session that worked for a while is no sign of a server in trouble.
        if started.elapsed() > options.poll {
            backoff.reset();
            refusals.reset();
        }
        let mut failure = failure(&error);
        let mut wait = backoff.next(services.store().ids().as_ref());
        if let SyncError::Imap(ImapError::NeedsReauthorization { .. }) = error {
            let is_token = mailbox.provider != Provider::Imap;
            match refusals.refused(tokio::time::Instant::now(), is_token) {
                Some(longer) => wait = longer,
                None => failure.needs_reauthorization = true,
            }
        }
        // An hour at most, whatever the provider asks: a mistake of theirs is not for ever.
        wait = wait.max(failure.retry_after.unwrap_or_default().min(Duration::from_hours(1)));
        tracing::warn!(
            channel.id = %channel,
            code = failure.code,
            error = &error as &dyn std::error::Error,
            "A mailbox cannot be read"
        );
        if let Err(error) = sync::report_failure(services, mailbox, &failure).await {
            tracing::error!(channel.id = %channel, error = &error as &dyn std::error::Error, "A mailbox's state cannot be stored");
        }
        if failure.needs_reauthorization {
            return;
        }
        tokio::select! {
            () = tokio::time::sleep(wait) => {}
            () = bell.notified() => {}
        }
    }
}

/// Reads until the connection ends or, if it is to be done `once`, up to now.
pub(super) async fn read_once(
    services: &Services,
    net: &Net,
    mailbox: &SyncMailbox,
    bell: &Notify,
    options: Options,
    once: bool,
) -> Result<(), SyncError> {
    let left = intake::resume(services, &mailbox.target).await?;
    if left != intake::Report::default() {
        tracing::info!(
            channel.id = %mailbox.target.channel_id,
            imported = left.imported,
            quarantined = left.quarantined,
            "Mail that an earlier run had stored was taken up"
        );
    }
    let import = Import {
        mode: mailbox.import_mode,
        since: mailbox.import_since,
        connected_at: mailbox.connected_at,
    };
    match mailbox.provider {
        Provider::Maildir => {
            maildir::Reader { services, mailbox, import, bell, options, once }.run().await
        }
        Provider::Google | Provider::Microsoft | Provider::Imap => {
            Reader { services, mailbox, import, bell, options, once }.run(net).await
        }
    }
}

/// What to tell the admin.
pub(super) fn failure(error: &SyncError) -> Failure {
    match error {
        SyncError::Imap(error) => Failure {
            needs_reauthorization: false,
            code: error.code(),
            words: error.words().map(str::to_owned),
            retry_after: None,
        },
        SyncError::Maildir(error) => Failure {
            needs_reauthorization: false,
            code: "maildir_unreadable",
            words: Some(error.to_string()),
            retry_after: None,
        },
        SyncError::Service(ServiceError::Upstream { code, message, retry_after }) => Failure {
            needs_reauthorization: *code == sync::NEEDS_REAUTHORIZATION,
            code,
            words: Some(message.clone()),
            retry_after: *retry_after,
        },
        SyncError::Service(_) | SyncError::Asked => Failure {
            needs_reauthorization: false,
            code: "internal",
            words: None,
            retry_after: None,
        },
    }
}
