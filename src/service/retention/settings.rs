//! The rule of a mailbox, and what it would remove tonight.

use chrono::{DateTime, TimeDelta, Utc};

use super::{dues, of, rule_of};
use crate::audit::{Action, ObjectKind};
use crate::authz::{Actor, Permission};
use crate::domain::ids::ChannelId;
use crate::domain::retention::{LONGEST_MONTHS, Rule, months_before};
use crate::service::{Result, ServiceError, Services, access, still_at};
use crate::store::mailboxes;
use crate::store::purge_rows::Of;
use crate::store::retention::{self, Run, Stored};
use crate::store::versions::{self, Versioned};

/// Tickets that are not closed are told of so long before their time is over.
const AHEAD: TimeDelta = TimeDelta::days(30);

/// Lines of a list.
const LISTED: u64 = 100;

/// What a rule would remove tonight.
#[derive(Debug, Clone)]
pub struct Preview {
    /// Tickets, spam and trash included.
    pub tickets: u64,
    /// The last message of the oldest of them.
    pub oldest_at: Option<DateTime<Utc>>,
    /// Tickets that are not closed and whose time is over within 30 days: number and last message.
    pub open_soon: Vec<(i64, DateTime<Utc>)>,
}

/// A rule with what is shown beside it.
#[derive(Debug, Clone)]
pub struct View {
    /// The rule.
    pub stored: Stored,
    /// What it would remove tonight.
    pub preview: Preview,
    /// What it has removed, the newest first.
    pub log: Vec<Run>,
}

/// The rule of a mailbox.
pub async fn get(services: &Services, actor: &Actor, id: ChannelId) -> Result<View> {
    if !actor.may(Permission::ManageMailboxes) && !actor.may(Permission::ReadAudit) {
        return Err(ServiceError::Forbidden);
    }
    let of = reach(services, actor, id).await?;
    view(services, of).await
}

async fn reach(services: &Services, actor: &Actor, id: ChannelId) -> Result<Of> {
    let found = mailboxes::find(services.store(), actor.organization_id, id).await?;
    found.ok_or(ServiceError::NotFound)?;
    Ok(of(actor.organization_id, id))
}

async fn view(services: &Services, of: Of) -> Result<View> {
    let stored = rule_of(services, of).await?;
    let preview = preview(services, of, &stored.rule).await?;
    let log = retention::list_runs(services.store(), of, LISTED).await?;
    Ok(View { stored, preview, log })
}

async fn preview(services: &Services, of: Of, rule: &Rule) -> Result<Preview> {
    let store = services.store();
    let now = store.now();
    let mut tickets = 0;
    let mut oldest_at = None;
    for due in dues(rule, now) {
        tickets += retention::count_due(store, of, due).await?;
        let first = retention::due_tickets(store, of, due, None, 1).await?;
        let at = first.first().map(|(_, at)| *at);
        oldest_at = [oldest_at, at].into_iter().flatten().min();
    }
    let soon = months_before(now + AHEAD, rule.months);
    let open_soon = retention::open_and_due(store, of, soon, LISTED).await?;
    Ok(Preview { tickets, oldest_at, open_soon })
}

/// Changes the rule that is still at `version`. A shorter one waits for [`confirm`].
pub async fn set(
    services: &Services,
    actor: &Actor,
    id: ChannelId,
    version: i32,
    rule: Rule,
) -> Result<View> {
    services.scope(actor, Permission::ManageMailboxes)?;
    let of = reach(services, actor, id).await?;
    check(&rule)?;
    let before = rule_of(services, of).await?;
    let waits = before.waits || rule.is_shorter_than(&before.rule);
    change(services, actor, of, (before, version), &rule, waits).await
}

fn check(rule: &Rule) -> Result<()> {
    let within = |field: &'static str, n: u32, most: u32, unit: &str| {
        if (1..=most).contains(&n) {
            Ok(())
        } else {
            Err(ServiceError::invalid(field, format!("take 1 to {most} {unit}")))
        }
    };
    within("months", rule.months, LONGEST_MONTHS, "months")?;
    within("spam_days", rule.spam_days, 365, "days")?;
    within("trash_days", rule.trash_days, 365, "days")?;
    within("quarantine_days", rule.quarantine_days, 365, "days")
}

/// An admin has seen what the rule of this version removes, and lets it.
pub async fn confirm(
    services: &Services,
    actor: &Actor,
    id: ChannelId,
    version: i32,
) -> Result<View> {
    services.scope(actor, Permission::ManageMailboxes)?;
    let of = reach(services, actor, id).await?;
    let before = rule_of(services, of).await?;
    let rule = before.rule;
    change(services, actor, of, (before, version), &rule, false).await
}

async fn change(
    services: &Services,
    actor: &Actor,
    of: Of,
    (before, version): (Stored, i32),
    rule: &Rule,
    waits: bool,
) -> Result<View> {
    still_at(before.version, version)?;
    let (id, kind) = (of.channel_id, ObjectKind::Mailbox);
    access::record(services, actor, Action::ChangeRetention, kind, id.0, id).await?;
    let tx = services.store().begin().await?;
    retention::ensure(&tx, of, &before).await?;
    versions::raise(&tx, of.organization_id, Versioned::Retention(id), version).await?;
    retention::update(&tx, of, rule, waits, actor.membership_id).await?;
    tx.commit().await?;
    view(services, of).await
}
