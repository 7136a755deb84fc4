//! What members are told of tickets: that a colleague named them or gave them a ticket, and that a
//! customer answered in a ticket of theirs.
//!
//! 1. [`tell`]: in the transaction that gives reason to, a row for each who is told, and for mentions
//!    and assignments a mail. Nobody is told of what they did themselves, nor of what they have
//!    switched off ([`own_settings`](super::own_settings)).
//!    A mail alone has its row too, which the bell passes over.
//! 2. [`list`]: what the bell shows; [`read`]: it has been read, as has all of a ticket that is opened.
//! 3. [`words`]: the mail: a number and a link, and no word of a customer.

use std::collections::HashMap;

use chrono::TimeDelta;

use super::names::Names;
use super::post::{self, Kind, Words};
use super::{Result, Services, own_settings};
use crate::authz::{Actor, Permission};
use crate::domain::desk::{NoticeKind, NoticeSwitch};
use crate::domain::ids::{MembershipId, NoticeId, OrganizationId, TicketId};
use crate::mail::compose::Language;
use crate::store::notices::{self, Read};
use crate::store::{Scope, StoreError, Tx, member_settings, memberships, tickets};

pub use crate::store::notices::Notice;

/// How long a notice is kept.
pub(super) const KEPT: TimeDelta = TimeDelta::days(90);

/// As many as the bell shows at once.
const PAGE: u64 = 30;

/// What they are told of.
#[derive(Debug, Clone, Copy)]
pub(super) struct Told {
    /// The ticket.
    pub(super) ticket_id: TicketId,
    /// Who gave reason to; nobody when it was a customer.
    pub(super) by: Option<MembershipId>,
}

const fn mail_switch(kind: NoticeKind) -> Option<NoticeSwitch> {
    match kind {
        NoticeKind::Mention => Some(NoticeSwitch::MentionMail),
        NoticeKind::Assigned => Some(NoticeSwitch::AssignedMail),
        NoticeKind::Replied => None,
    }
}

const fn app_switch(kind: NoticeKind) -> NoticeSwitch {
    match kind {
        NoticeKind::Mention => NoticeSwitch::MentionApp,
        NoticeKind::Assigned => NoticeSwitch::AssignedApp,
        NoticeKind::Replied => NoticeSwitch::RepliedApp,
    }
}

/// What each of some members has switched off.
type Off = HashMap<MembershipId, Vec<NoticeSwitch>>;

fn is_off(off: &Off, member: MembershipId, switch: NoticeSwitch) -> bool {
    off.get(&member).is_some_and(|off| off.contains(&switch))
}

/// Tells members: by the bell, and those whom it concerns by mail.
pub(super) async fn tell(
    tx: &Tx,
    organization_id: OrganizationId,
    kind: NoticeKind,
    told: Told,
    members: &[MembershipId],
) -> Result<(), StoreError> {
    let (notices, off) = write_down(tx, organization_id, kind, told, members).await?;
    let Some(switch) = mail_switch(kind) else { return Ok(()) };
    for notice in notices.iter().filter(|notice| !is_off(&off, notice.membership_id, switch)) {
        let member = memberships::find_in(tx, organization_id, notice.membership_id).await?;
        let Some(member) = member else { continue };
        let (to, about) = (member.account_id, Some(notice.id.0));
        post::enqueue_about(tx, Some(organization_id), Kind::Notice, to, about).await?;
    }
    Ok(())
}

/// As [`tell`], without a mail: for hundreds at once.
pub(super) async fn tell_by_bell(
    tx: &Tx,
    organization_id: OrganizationId,
    kind: NoticeKind,
    told: Told,
    members: &[MembershipId],
) -> Result<(), StoreError> {
    write_down(tx, organization_id, kind, told, members).await?;
    Ok(())
}

async fn write_down(
    tx: &Tx,
    organization_id: OrganizationId,
    kind: NoticeKind,
    told: Told,
    members: &[MembershipId],
) -> Result<(Vec<Notice>, Off), StoreError> {
    let others: Vec<MembershipId> =
        members.iter().copied().filter(|member| told.by != Some(*member)).collect();
    if others.is_empty() {
        return Ok((Vec::new(), Off::new()));
    }
    let off = member_settings::switched_off(tx, organization_id, &others).await?;
    let notices: Vec<Notice> = others
        .into_iter()
        .filter(|member| {
            let by_mail = mail_switch(kind).is_some_and(|mail| !is_off(&off, *member, mail));
            by_mail || !is_off(&off, *member, app_switch(kind))
        })
        .map(|member| Notice {
            id: NoticeId(tx.store().new_id()),
            membership_id: member,
            kind,
            ticket_id: told.ticket_id,
            actor_id: told.by,
            at: tx.store().now(),
            read_at: None,
        })
        .collect();
    notices::add(tx, organization_id, &notices).await?;
    Ok((notices, off))
}

/// A notice as the member sees it.
#[derive(Debug, Clone)]
pub struct NoticeView {
    /// The notice.
    pub notice: Notice,
    /// The ticket's number.
    pub number: i64,
    /// The name of who gave reason to.
    pub actor_name: Option<String>,
}

/// What the bell shows.
#[derive(Debug, Clone)]
pub struct NoticePage {
    /// The notices, newest first.
    pub items: Vec<NoticeView>,
    /// How many are unread, of all whose tickets the actor reaches.
    pub unread: u64,
    /// Where the next page begins.
    pub next_cursor: Option<NoticeId>,
}

/// The actor's notices, of tickets that they reach.
pub async fn list(
    services: &Services,
    actor: &Actor,
    before: Option<NoticeId>,
) -> Result<NoticePage> {
    let scope = services.scope(actor, Permission::ReadTickets)?;
    let (store, organization_id) = (services.store(), actor.organization_id);
    let member = actor.membership_id;
    let off = own_settings::get(services, actor).await?.switched_off;
    let rung = |kind: &&NoticeKind| !off.contains(&app_switch(**kind));
    let kinds: Vec<NoticeKind> = NoticeKind::ALL.iter().filter(rung).copied().collect();
    let found = notices::list(store, organization_id, member, &kinds, (before, PAGE)).await?;
    let full = u64::try_from(found.len()).unwrap_or(u64::MAX) == PAGE;
    let next_cursor = found.last().filter(|_| full).map(|notice| notice.id);
    let mut ids: Vec<TicketId> = found.iter().map(|notice| notice.ticket_id).collect();
    ids.sort_unstable();
    ids.dedup();
    let reached = tickets::find_many(store, &scope, &ids).await?;
    let numbers: HashMap<TicketId, i64> =
        reached.into_iter().map(|ticket| (ticket.id, ticket.number)).collect();
    let names = Names::load(services, organization_id).await?;
    let items = found.into_iter().filter_map(|notice| {
        let number = *numbers.get(&notice.ticket_id)?;
        let actor_name = notice.actor_id.and_then(|id| names.member(id));
        Some(NoticeView { notice, number, actor_name })
    });
    Ok(NoticePage {
        items: items.collect(),
        unread: notices::count_unread(store, &scope, member, &kinds).await?,
        next_cursor,
    })
}

/// The actor has read these notices, or all.
pub async fn read(services: &Services, actor: &Actor, ids: Option<&[NoticeId]>) -> Result<()> {
    services.scope(actor, Permission::ReadTickets)?;
    let read = ids.map_or(Read::All, Read::Some);
    let (organization_id, member) = (actor.organization_id, actor.membership_id);
    Ok(notices::mark_read(services.store(), organization_id, member, read).await?)
}

/// The actor has opened a ticket: what they were told of it is read.
pub(super) async fn read_ticket(services: &Services, actor: &Actor, id: TicketId) -> Result<()> {
    let (organization_id, member) = (actor.organization_id, actor.membership_id);
    let read = Read::Ticket(id);
    Ok(notices::mark_read(services.store(), organization_id, member, read).await?)
}

/// What the mail says; nothing when it has been read meanwhile.
pub(super) async fn words(
    services: &Services,
    organization_id: OrganizationId,
    id: NoticeId,
    language: Language,
) -> Result<Option<Words>> {
    let store = services.store();
    let notice = notices::find(store, organization_id, id).await?;
    let Some(notice) = notice.filter(|notice| notice.read_at.is_none()) else { return Ok(None) };
    // Who was shut out meanwhile is written to no more.
    let member = memberships::find(store, organization_id, notice.membership_id).await?;
    if member.is_none_or(|member| member.disabled_at.is_some()) {
        return Ok(None);
    }
    let scope = Scope::whole(organization_id);
    let Some(ticket) = tickets::find(store, &scope, notice.ticket_id).await? else {
        return Ok(None);
    };
    let number = ticket.number;
    let names = Names::load(services, organization_id).await?;
    let who = notice.actor_id.and_then(|id| names.member(id)).unwrap_or_default();
    let (line, off) = match (notice.kind, language) {
        (NoticeKind::Replied, _) => return Ok(None),
        (NoticeKind::Mention, Language::Nl) => {
            (format!("{who} noemt u in een notitie bij ticket {number}."), OFF_NL)
        }
        (NoticeKind::Assigned, Language::Nl) => {
            (format!("{who} heeft u ticket {number} toegewezen."), OFF_NL)
        }
        (NoticeKind::Mention, Language::De) => {
            (format!("{who} nennt Sie in einer Notiz zu Ticket {number}."), OFF_DE)
        }
        (NoticeKind::Assigned, Language::De) => {
            (format!("{who} hat Ihnen Ticket {number} zugewiesen."), OFF_DE)
        }
        (NoticeKind::Mention, Language::En) => {
            (format!("{who} mentions you in a note on ticket {number}."), OFF_EN)
        }
        (NoticeKind::Assigned, Language::En) => {
            (format!("{who} assigned ticket {number} to you."), OFF_EN)
        }
    };
    let url = &services.options().public_url;
    Ok(Some(Words {
        subject: format!("Loket: ticket {number}"),
        text: format!("{line}\n\n{url}/tickets/{number}\n\n{off}\n{url}/settings/profile\n"),
    }))
}

const OFF_EN: &str = "You can switch these mails off in your profile:";
const OFF_NL: &str = "U kunt deze mails uitzetten in uw profiel:";
const OFF_DE: &str = "Sie können diese Mails in Ihrem Profil abschalten:";
