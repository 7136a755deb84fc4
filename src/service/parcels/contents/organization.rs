//! An organization: every mailbox as [`super::mailbox`] writes one, then users, settings and what was
//! written down about keeping and forgetting.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::Value;
use uuid::Uuid;

use super::mailbox::{All, told};
use super::{language, model};
use crate::domain::desk::ReplyScope;
use crate::domain::ids::{ChannelId, MembershipId, OrganizationId};
use crate::domain::words::{Afterwards, HoldKind, Provider, PurgeState, Role};
use crate::service::names::Names;
use crate::service::parcels::{Parcel, Writer};
use crate::service::{Result, ServiceError, Services};
use crate::store::messages::Party;
use crate::store::purge_rows::Of;
use crate::store::register::Told;
use crate::store::tickets::exported::{self, Where};
use crate::store::{
    accounts, channels, holds, keys, letters, mailboxes, member_settings, memberships,
    organizations, provider_clients, purges, register, retention, saved_replies, saved_views,
    settings, teams,
};

/// `data.json` up to the customers.
#[derive(Debug, Serialize)]
struct Head {
    format: &'static str,
    kind: &'static str,
    made_at: DateTime<Utc>,
    organization: model::Named,
    time_zone: String,
    mailboxes: Vec<model::Mailbox>,
    users: Vec<User>,
    clients: Vec<OAuthClient>,
    settings: BTreeMap<String, Value>,
    views: Vec<View>,
    teams: Vec<Team>,
    saved_replies: Vec<SavedReply>,
    letters: Vec<Letter>,
    retention: Vec<Retention>,
    holds: Vec<Hold>,
    hosts: Vec<KnownHost>,
    disclosures: Vec<Disclosure>,
    statements: Vec<Uuid>,
    counts: model::Counts,
    quarantined: Vec<model::Quarantined>,
}

#[derive(Debug, Serialize)]
struct User {
    id: Uuid,
    name: String,
    email: String,
    role: Role,
    language: String,
    time_zone: Option<String>,
    signature: Option<String>,
    mailbox_ids: Vec<Uuid>,
    created_at: DateTime<Utc>,
    disabled_at: Option<DateTime<Utc>>,
}

/// An OAuth client, without its secret.
#[derive(Debug, Serialize)]
struct OAuthClient {
    provider: Provider,
    client_id: String,
    tenant: Option<String>,
}

#[derive(Debug, Serialize)]
struct Team {
    id: Uuid,
    name: String,
    member_ids: Vec<Uuid>,
}

#[derive(Debug, Serialize)]
struct SavedReply {
    id: Uuid,
    scope: ReplyScope,
    /// Whose it is: a user's, a team's or a mailbox's; nothing when it is everybody's.
    subject_id: Option<Uuid>,
    name: String,
    text: String,
    html: Option<String>,
}

/// A mail to a customer that a user is writing, and that belongs to no ticket yet.
#[derive(Debug, Serialize)]
struct Letter {
    user_id: Uuid,
    mailbox_id: Option<Uuid>,
    to: Vec<model::Party>,
    cc: Vec<model::Party>,
    bcc: Vec<model::Party>,
    subject: Option<String>,
    text: String,
    updated_at: DateTime<Utc>,
}

#[derive(Debug, Serialize)]
struct View {
    id: Uuid,
    name: String,
    filter: BTreeMap<String, String>,
    is_shared: bool,
    owner_id: Uuid,
}

#[derive(Debug, Serialize)]
struct Retention {
    mailbox_id: Uuid,
    months: u32,
    then: Afterwards,
    spam_days: u32,
    trash_days: u32,
    quarantine_days: u32,
}

#[derive(Debug, Serialize)]
struct Hold {
    id: Uuid,
    kind: HoldKind,
    subject_id: Uuid,
    reason: String,
    placed_by: Option<String>,
    placed_at: DateTime<Utc>,
    ended_at: Option<DateTime<Utc>>,
}

#[derive(Debug, Serialize)]
struct KnownHost {
    host: String,
    country: Option<String>,
    safeguard: Option<String>,
    contract: Option<String>,
}

#[derive(Debug, Serialize)]
struct Disclosure {
    id: Uuid,
    #[serde(flatten)]
    told: Told,
    recorded_by: Option<String>,
    recorded_at: DateTime<Utc>,
}

/// The channels whose mail is exported: all that live, and of those whose window has ended, which a
/// legal hold keeps, the ones that it opens to who ordered this.
async fn readable(services: &Services, parcel: &Parcel) -> Result<Vec<ChannelId>> {
    let store = services.store();
    let id = parcel.organization_id;
    let own = match parcel.made_by {
        Some(member) => channels::list_of_member(store, id, member).await?,
        None => Vec::new(),
    };
    let mut found = Vec::new();
    for channel in channels::list(store, id).await? {
        let purge = purges::find_of_channel(store, id, channel.id).await?;
        let is_over = purge.is_some_and(|purge| {
            purge.state != PurgeState::Countdown || purge.due_at <= store.now()
        });
        if !is_over || own.contains(&channel.id) {
            found.push(channel.id);
        }
    }
    Ok(found)
}

/// How many tickets there are.
pub(super) async fn count(services: &Services, parcel: &Parcel) -> Result<i64> {
    let channels = readable(services, parcel).await?;
    let id = parcel.organization_id;
    Ok(exported::count_where(services.store(), id, &channels, Where::Here).await?)
}

/// Writes the export of an organization.
pub(super) async fn write(
    services: &Services,
    parcel: &Parcel,
    writer: &mut Writer<'_>,
) -> Result<()> {
    let store = services.store();
    let id = parcel.organization_id;
    let organization = organizations::find(store, id).await?.ok_or(ServiceError::NotFound)?;
    let language = language(services, parcel).await?;
    let readable = readable(services, parcel).await?;
    let mut all = All::new(services, parcel, readable.clone(), language).await?;
    all.tickets(writer, Where::Here).await?;
    let quarantined = all.quarantined(writer).await?;
    let names = Names::load(services, id).await?;
    let mut linked = mailboxes::list(store, id).await?;
    linked.extend(mailboxes::list_disconnected(store, id).await?);
    let statements = purges::list_statements(store, id).await?;
    let title = organization.name.clone();
    let head = Head {
        format: model::FORMAT,
        kind: "organization",
        made_at: writer.now(),
        organization: model::Named { id: id.0, name: organization.name },
        time_zone: organization.time_zone,
        mailboxes: linked.into_iter().map(told).collect(),
        users: users(services, id).await?,
        clients: clients(services, id).await?,
        settings: settings::list(store, id).await?,
        views: views(services, id).await?,
        teams: groups(services, id).await?,
        saved_replies: replies(services, id).await?,
        letters: begun(services, id).await?,
        retention: rules(services, id, &readable).await?,
        holds: kept(services, id, &names).await?,
        hosts: hosts(services, id).await?,
        disclosures: disclosures(services, id, &names).await?,
        statements: statements.into_iter().map(|it| it.id).collect(),
        counts: all.counts(),
        quarantined,
    };
    all.data(writer, &head).await?;
    all.index(writer, &title).await
}

async fn groups(services: &Services, id: OrganizationId) -> Result<Vec<Team>> {
    let found = teams::list(services.store(), id).await?;
    Ok(found
        .into_iter()
        .map(|team| Team {
            id: team.id.0,
            name: team.name,
            member_ids: team.members.into_iter().map(|member| member.0).collect(),
        })
        .collect())
}

async fn replies(services: &Services, id: OrganizationId) -> Result<Vec<SavedReply>> {
    let key = keys::of_organization(services.store(), id).await?;
    let found = saved_replies::list_all(services.store(), &key, id).await?;
    Ok(found
        .into_iter()
        .map(|reply| SavedReply {
            id: reply.id.0,
            scope: reply.of.scope,
            subject_id: reply.of.subject_id,
            name: reply.content.name,
            text: reply.content.text,
            html: reply.content.html,
        })
        .collect())
}

async fn begun(services: &Services, id: OrganizationId) -> Result<Vec<Letter>> {
    let parties = |list: Vec<Party>| -> Vec<model::Party> {
        list.into_iter()
            .map(|party| model::Party { name: party.name, address: party.address })
            .collect()
    };
    let found = letters::list(services.store(), id).await?;
    Ok(found
        .into_iter()
        .map(|letter| {
            let written = letter.content.written;
            Letter {
                user_id: letter.membership_id.0,
                mailbox_id: letter.content.channel_id.map(|channel| channel.0),
                to: parties(written.to),
                cc: parties(written.cc),
                bcc: parties(written.bcc),
                subject: written.subject,
                text: written.text,
                updated_at: letter.updated_at,
            }
        })
        .collect())
}

async fn views(services: &Services, id: OrganizationId) -> Result<Vec<View>> {
    let key = keys::of_organization(services.store(), id).await?;
    let kept = saved_views::list_all(services.store(), &key, id).await?;
    Ok(kept
        .into_iter()
        .map(|view| View {
            id: view.id.0,
            name: view.content.name,
            filter: view.content.filter,
            is_shared: view.is_shared,
            owner_id: view.owner.0,
        })
        .collect())
}

async fn users(services: &Services, id: OrganizationId) -> Result<Vec<User>> {
    let store = services.store();
    let members = memberships::list_all(store, id).await?;
    let belongs = channels::list_all_members(store, id).await?;
    let ids: Vec<_> = members.iter().map(|member| member.account_id).collect();
    let accounts = accounts::list(store, &ids).await?;
    let key = keys::of_organization(store, id).await?;
    let mut signatures = member_settings::signatures(store, &key, id).await?;
    let mailbox_ids = |member: MembershipId| {
        let of = belongs.iter().filter(|(_, whose)| *whose == member);
        of.map(|(channel, _)| channel.0).collect()
    };
    Ok(members
        .into_iter()
        .filter_map(|member| {
            let account = accounts.iter().find(|account| account.id == member.account_id)?;
            Some(User {
                id: member.id.0,
                name: account.name.clone(),
                email: account.email.clone(),
                role: member.role,
                language: account.locale.clone(),
                time_zone: account.time_zone.clone(),
                signature: signatures.remove(&member.id),
                mailbox_ids: mailbox_ids(member.id),
                created_at: member.created_at,
                disabled_at: member.disabled_at,
            })
        })
        .collect())
}

async fn clients(services: &Services, id: OrganizationId) -> Result<Vec<OAuthClient>> {
    let mut found = Vec::new();
    for provider in [Provider::Google, Provider::Microsoft] {
        if let Some(client) = provider_clients::find(services.store(), id, provider).await? {
            let (client_id, tenant) = (client.client_id, client.tenant);
            found.push(OAuthClient { provider, client_id, tenant });
        }
    }
    Ok(found)
}

async fn rules(
    services: &Services,
    organization_id: OrganizationId,
    channels: &[ChannelId],
) -> Result<Vec<Retention>> {
    let mut found = Vec::new();
    for channel_id in channels.iter().copied() {
        let of = Of { organization_id, channel_id };
        let Some(stored) = retention::find(services.store(), of).await? else { continue };
        let rule = stored.rule;
        found.push(Retention {
            mailbox_id: channel_id.0,
            months: rule.months,
            then: rule.then,
            spam_days: rule.spam_days,
            trash_days: rule.trash_days,
            quarantine_days: rule.quarantine_days,
        });
    }
    Ok(found)
}

async fn kept(services: &Services, id: OrganizationId, names: &Names) -> Result<Vec<Hold>> {
    let store = services.store();
    let key = keys::of_organization(store, id).await?;
    let found = holds::list(store, &key, id).await?;
    Ok(found
        .into_iter()
        .map(|hold| Hold {
            id: hold.id.0,
            kind: hold.kind,
            subject_id: hold.subject_id,
            reason: hold.reason,
            placed_by: names.member(hold.placed_by),
            placed_at: hold.placed_at,
            ended_at: hold.ended_at,
        })
        .collect())
}

async fn hosts(services: &Services, id: OrganizationId) -> Result<Vec<KnownHost>> {
    let store = services.store();
    let key = keys::of_organization(store, id).await?;
    let mut found: Vec<KnownHost> = register::hosts(store, &key, id)
        .await?
        .into_iter()
        .map(|(host, said)| KnownHost {
            host,
            country: said.facts.country,
            safeguard: said.facts.safeguard,
            contract: said.facts.contract,
        })
        .collect();
    found.sort_by(|a, b| a.host.cmp(&b.host));
    Ok(found)
}

async fn disclosures(
    services: &Services,
    id: OrganizationId,
    names: &Names,
) -> Result<Vec<Disclosure>> {
    let store = services.store();
    let key = keys::of_organization(store, id).await?;
    let found = register::disclosures(store, &key, id).await?;
    Ok(found
        .into_iter()
        .map(|it| Disclosure {
            id: it.id.0,
            told: it.told,
            recorded_by: names.member(it.recorded_by),
            recorded_at: it.recorded_at,
        })
        .collect())
}
