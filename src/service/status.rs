//! How the server is, for `/metrics`: what is counted as it happens is counted where it happens;
//! this is what must be asked for.

use super::{Result, Services, data_requests, purge};
use crate::domain::words::OutboxState;
use crate::store::status;
use crate::telemetry::name;

/// The states of answers that are not sent: each is shown, also when there are none.
const UNSENT: &[OutboxState] = &[
    OutboxState::Waiting,
    OutboxState::Retrying,
    OutboxState::Sending,
    OutboxState::NeedsConfirmation,
    OutboxState::InDoubt,
    OutboxState::Failed,
];

/// Brings the gauges up to date.
pub async fn measure(services: &Services) -> Result<()> {
    let store = services.store();
    let now = store.now();
    let backlog = status::backlog(store).await?;
    let late = backlog.oldest.map_or(0, |due| (now - due).num_milliseconds());
    metrics::gauge!(name::JOBS).set(number(backlog.jobs));
    metrics::gauge!(name::JOBS_LATE).set(number(late) / 1_000.0);
    let entries = status::outbox(store).await?;
    for state in UNSENT {
        let found = entries.iter().find(|(word, _)| word == state.as_str());
        metrics::gauge!(name::OUTBOX, "state" => state.as_str())
            .set(number(found.map_or(0, |(_, entries)| *entries)));
    }
    let purges = i64::try_from(purge::watch::late(services).await?.len()).unwrap_or(i64::MAX);
    metrics::gauge!(name::PURGES_LATE).set(number(purges));
    let requests = data_requests::watch::count_late(services).await?;
    let requests = i64::try_from(requests).unwrap_or(i64::MAX);
    metrics::gauge!(name::REQUESTS_LATE).set(number(requests));
    let missed = status::missed(store).await?;
    for (id, at) in status::last_syncs(store).await? {
        let mails = missed.get(&id).copied().unwrap_or_default();
        metrics::gauge!(name::MISSED, "mailbox" => id.to_string()).set(number(mails));
        metrics::gauge!(name::SYNC_AGE, "mailbox" => id.to_string())
            .set(number((now - at).num_milliseconds()) / 1_000.0);
    }
    Ok(())
}

#[expect(clippy::cast_precision_loss, reason = "a gauge is an f64; nobody has 2^53 jobs")]
fn number(of: i64) -> f64 {
    of as f64
}
