//! What other servers report of an answer that the mailbox's own server took.

use super::{SEND, changed, unique_key};
use crate::crypto::OpenKey;
use crate::domain::delivery::code;
use crate::domain::ids::{MessageId, OrganizationId};
use crate::domain::words::OutboxState;
use crate::mail::BounceRecipient;
use crate::store::outbox::Entry;
use crate::store::{Scope, StoreError, Tx, jobs, outbox};

/// A delivery report about an answer.
#[derive(Debug)]
pub struct Report<'a> {
    /// The message that it is about.
    pub message_id: MessageId,
    /// That message's content key.
    pub key: &'a OpenKey,
    /// Whom that message was sent to, by address.
    pub sent_to: &'a [String],
    /// What it says of each recipient; nobody when it does not tell whom it is about.
    pub recipients: &'a [BounceRecipient],
}

/// A report about an answer came in: it failed for some after all, or another server is still
/// trying. For intake, in the transaction that adds the report.
pub async fn reported(
    tx: &Tx,
    organization_id: OrganizationId,
    report: &Report<'_>,
) -> Result<(), StoreError> {
    let scope = Scope::whole(organization_id);
    let found = outbox::find_of_message(tx.store(), &scope, report.message_id).await?;
    let Some(found) = found else { return Ok(()) };
    let Some(mut entry) = outbox::lock(tx, organization_id, found.id).await? else {
        return Ok(());
    };
    let of = |action: &str| -> Vec<&BounceRecipient> {
        report.recipients.iter().filter(|recipient| recipient.action == action).collect()
    };
    let (failed, delayed) = (of("failed"), of("delayed"));
    let has_changed = if !failed.is_empty() || report.recipients.is_empty() {
        bounce(&mut entry, report, &failed)?
    } else if !delayed.is_empty() {
        delay(tx, &mut entry, report, &delayed)
    } else {
        false
    };
    if has_changed {
        entry.save(tx).await?;
        // The Sent folder need not be looked at any more: whoever reports on it had it.
        jobs::remove(tx, &unique_key(SEND, entry.id)).await?;
        changed(tx, &entry, None);
    }
    Ok(())
}

/// It was sent, and did not reach these: nothing is to be taken back, others may have it.
fn bounce(
    entry: &mut Entry,
    report: &Report<'_>,
    failed: &[&BounceRecipient],
) -> Result<bool, StoreError> {
    let before = entry.bounced(report.key)?;
    match entry.state {
        OutboxState::Sent | OutboxState::InDoubt => {}
        OutboxState::Failed if before.is_some() => {}
        _ => return Ok(false),
    }
    let mut all = before.unwrap_or_default();
    for address in whom(report.sent_to, failed) {
        if !all.contains(&address) {
            all.push(address);
        }
    }
    let earlier = if entry.state == OutboxState::Failed { entry.error(report.key)? } else { None };
    let said = words(earlier.as_deref(), failed);
    entry.state = OutboxState::Failed;
    entry.set_error(report.key, Some(code::BOUNCED), said.as_deref());
    entry.set_bounced(report.key, Some(&all))?;
    entry.forget_restore();
    Ok(true)
}

/// Another server has it and keeps trying: it was sent, and nobody need do anything.
fn delay(tx: &Tx, entry: &mut Entry, report: &Report<'_>, delayed: &[&BounceRecipient]) -> bool {
    if !matches!(entry.state, OutboxState::Sent | OutboxState::InDoubt) {
        return false;
    }
    entry.state = OutboxState::Sent;
    entry.sent_at = entry.sent_at.or(Some(tx.store().now()));
    entry.set_error(report.key, Some(code::DELAYED), words(None, delayed).as_deref());
    entry.forget_restore();
    true
}

/// Which of our recipients a report speaks of. Where it names an address that we did not write
/// to (a forward), it is plain only when there was just one.
fn whom(sent_to: &[String], failed: &[&BounceRecipient]) -> Vec<String> {
    if let [only] = sent_to {
        return vec![only.clone()];
    }
    let is_named = |address: &&String| {
        failed.iter().any(|recipient| recipient.address.eq_ignore_ascii_case(address))
    };
    sent_to.iter().filter(is_named).cloned().collect()
}

/// A line for each recipient, in the other server's words.
fn words(earlier: Option<&str>, recipients: &[&BounceRecipient]) -> Option<String> {
    let mut lines: Vec<String> = earlier.unwrap_or_default().lines().map(str::to_owned).collect();
    for recipient in recipients {
        let why = recipient.diagnostic.as_deref().or(recipient.status.as_deref());
        let line = format!("{}: {}", recipient.address, why.unwrap_or(&recipient.action));
        if !lines.contains(&line) {
            lines.push(line);
        }
    }
    (!lines.is_empty()).then(|| lines.join("\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failed(address: &str) -> BounceRecipient {
        let address = address.to_owned();
        BounceRecipient { address, action: "failed".to_owned(), ..BounceRecipient::default() }
    }

    #[test]
    fn only_those_whom_the_report_names_get_it_again() {
        let sent_to = ["a@x.test".to_owned(), "b@x.test".to_owned()];
        assert_eq!(whom(&sent_to, &[&failed("B@x.test")]), ["b@x.test"]);
        assert_eq!(whom(&sent_to, &[&failed("inner@y.test")]), Vec::<String>::new());
        assert_eq!(whom(&sent_to[..1], &[&failed("inner@y.test")]), ["a@x.test"]);
        assert_eq!(whom(&sent_to[..1], &[]), ["a@x.test"]);
    }

    #[test]
    fn words_of_several_reports_stand_below_each_other_once() {
        let first = words(None, &[&failed("a@x.test")]);
        assert_eq!(first.as_deref(), Some("a@x.test: failed"));
        let both = words(first.as_deref(), &[&failed("a@x.test"), &failed("b@x.test")]);
        assert_eq!(both.as_deref(), Some("a@x.test: failed\nb@x.test: failed"));
        assert_eq!(words(None, &[]), None);
    }
}
