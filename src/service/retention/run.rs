//! Once a night: what is due goes.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Timelike as _, Utc};

use super::{anonymize, dues, remove, rule_of};
use crate::audit::{Action, Actor as Who, ObjectKind};
use crate::domain::ids::{OrganizationId, TicketId};
use crate::domain::retention::{DELIVERY_MONTHS, days_before, months_before};
use crate::domain::words::{Afterwards, HoldKind, Status};
use crate::service::access::{self, Object};
use crate::service::purge::delete_objects;
use crate::service::{Result, Services, consent};
use crate::store::jobs::{self, NewJob};
use crate::store::purge_rows::Of;
use crate::store::retention::{self, Due, Removed};
use crate::store::{forget, holds, mailboxes, organizations, purge_rows, raw};

/// The kind of job that runs it.
pub const KIND: &str = "retain";

/// The hour of the night at which it runs, in the organization's time zone.
const HOUR: u32 = 3;

/// Tickets that are removed together.
const BATCH: u64 = 32;

/// Puts the job into the queue, unless it is there.
pub async fn schedule(services: &Services) -> Result<()> {
    let tx = services.store().begin().await?;
    let job = NewJob {
        kind: KIND,
        organization_id: None,
        subject_id: None,
        payload: serde_json::json!({}),
        unique_key: Some(KIND.to_owned()),
        run_at: services.store().now(),
    };
    jobs::add_once(&tx, job).await?;
    tx.commit().await?;
    Ok(())
}

/// Runs every mailbox whose night has come and that has not run yet.
pub async fn run(services: &Services) -> Result<()> {
    let store = services.store();
    let now = store.now();
    remove_deliveries(services, now).await?;
    let mut zones: HashMap<OrganizationId, chrono_tz::Tz> = HashMap::new();
    for organization in organizations::list(store).await? {
        let zone = organization.time_zone.parse().unwrap_or(chrono_tz::UTC);
        zones.insert(organization.id, zone);
    }
    for of in retention::channels(store).await? {
        let Some(zone) = zones.get(&of.organization_id) else { continue };
        let rule = rule_of(services, of).await?;
        let local = now.with_timezone(zone);
        let ran_today = rule
            .last_run_at
            .is_some_and(|at| at.with_timezone(zone).date_naive() >= local.date_naive());
        if local.hour() >= HOUR && !ran_today {
            run_channel(services, of).await?;
        }
    }
    Ok(())
}

/// Runs one mailbox now. Nothing is removed while its rule waits for an admin, or while the mailbox
/// is disconnected: that data has its own end.
pub async fn run_channel(services: &Services, of: Of) -> Result<Removed> {
    let store = services.store();
    let stored = rule_of(services, of).await?;
    let mut removed = Removed::default();
    let connected = mailboxes::find(store, of.organization_id, of.channel_id).await?.is_some();
    if connected && !stored.waits {
        let now = store.now();
        let lasting = holds::lasting(store, of.organization_id).await?;
        let whole = lasting.iter().any(|hold| match hold.kind {
            HoldKind::Organization => true,
            HoldKind::Mailbox => hold.subject_id == of.channel_id.0,
            HoldKind::Ticket | HoldKind::Contact => false,
        });
        let held = holds::tickets_of_channel(store, of, &lasting).await?;
        let restricted = consent::restricted(services, of.organization_id).await?;
        let restricted = holds::tickets_of_contacts(store, of, &restricted).await?;
        let held = held.into_iter().chain(restricted).collect();
        for due in dues(&stored.rule, now) {
            let then = match due {
                Due::Age(_) => stored.rule.then,
                Due::Status(..) => Afterwards::Delete,
            };
            let (n, kept) = remove_due(services, of, due, then, &held, whole).await?;
            removed.held += kept;
            match (due, then) {
                (Due::Status(Status::Spam, _), _) => removed.spam += n,
                (Due::Status(..), _) => removed.trash += n,
                (Due::Age(_), Afterwards::Delete) => removed.deleted += n,
                (Due::Age(_), Afterwards::Anonymize) => removed.anonymized += n,
            }
        }
        if !whole {
            let before = days_before(now, stored.rule.quarantine_days);
            removed.quarantined = remove_quarantined(services, of, before).await?;
        }
    }
    let tx = store.begin().await?;
    retention::ensure(&tx, of, &stored).await?;
    retention::set_run(&tx, of).await?;
    if removed != Removed::default() {
        retention::add_run(&tx, of, removed).await?;
    }
    tx.commit().await?;
    Ok(removed)
}

/// Removes what is due for one reason; how many tickets went and how many a hold has kept.
async fn remove_due(
    services: &Services,
    of: Of,
    due: Due,
    then: Afterwards,
    held: &HashSet<TicketId>,
    whole: bool,
) -> Result<(i64, i64)> {
    let store = services.store();
    let (mut gone, mut kept) = (0, 0);
    let mut after = None;
    loop {
        // It may have been disconnected since: then its data has its own end.
        if mailboxes::find(store, of.organization_id, of.channel_id).await?.is_none() {
            return Ok((gone, kept));
        }
        let found = retention::due_tickets(store, of, due, after, BATCH).await?;
        let Some((id, at)) = found.last().copied() else { return Ok((gone, kept)) };
        after = Some((at, id));
        let (holds, due): (Vec<TicketId>, Vec<TicketId>) =
            found.into_iter().map(|(id, _)| id).partition(|id| whole || held.contains(id));
        kept += i64::try_from(holds.len()).unwrap_or(0);
        if due.is_empty() {
            continue;
        }
        let object = Object::of(of.channel_id, ObjectKind::Mailbox, of.channel_id.0);
        let (who, action) = (Who::System, Action::RetainTickets);
        access::record_by(services, of.organization_id, who, action, object).await?;
        match then {
            Afterwards::Delete => {
                remove::tickets(services, of.organization_id, &due).await?;
            }
            Afterwards::Anonymize => {
                for id in &due {
                    anonymize::ticket(services, of.organization_id, *id).await?;
                }
            }
        }
        gone += i64::try_from(due.len()).unwrap_or(0);
    }
}

async fn remove_quarantined(services: &Services, of: Of, before: DateTime<Utc>) -> Result<i64> {
    let store = services.store();
    let mut gone = 0;
    loop {
        let lines = retention::due_quarantined(store, of, before, BATCH).await?;
        if lines.is_empty() {
            return Ok(gone);
        }
        let mut keys = Vec::new();
        let mut objects = Vec::new();
        let mut raws = Vec::new();
        for message_id in lines.iter().filter_map(|(_, message)| *message) {
            if let Some(found) = raw::find(store, of.organization_id, message_id).await? {
                keys.push(found.key_id());
                objects.extend(found.object_name().map(str::to_owned));
                raws.push(message_id.0);
            }
        }
        forget::destroy_keys(store, &keys).await?;
        delete_objects(services, &objects).await?;
        let tx = store.begin().await?;
        purge_rows::remove_raws(&tx, of, &raws).await?;
        for (line, _) in &lines {
            retention::bury_line(&tx, of.organization_id, *line).await?;
        }
        tx.commit().await?;
        gone += i64::try_from(lines.len()).unwrap_or(0);
    }
}

/// Who sent when to which address is known for 13 months.
async fn remove_deliveries(services: &Services, now: DateTime<Utc>) -> Result<()> {
    let before = months_before(now, DELIVERY_MONTHS);
    loop {
        let tx = services.store().begin().await?;
        let removed = retention::remove_deliveries(&tx, before, BATCH).await?;
        tx.commit().await?;
        if removed < BATCH {
            return Ok(());
        }
    }
}
