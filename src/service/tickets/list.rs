//! The list, and *find* by number or address.

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use super::{OwnDraft, Summary, summarize};
use crate::audit::{Action, ObjectKind};
use crate::authz::{Actor, Permission};
use crate::domain::ids::{ChannelId, ContactId, MembershipId, TagId, TeamId, TicketId};
use crate::domain::words::{Priority, Status};
use crate::service::access::Object;
use crate::service::replies::write::snippet;
use crate::service::{Result, ServiceError, Services, access, accounts, organization};
use crate::store::tickets::{self, Counts, Filter, PageCursor, Sort};
use crate::store::{contacts, drafts, keys};

/// Larger pages make no list faster.
const MAX_LIMIT: u64 = 100;
const DEFAULT_LIMIT: u64 = 50;
/// More are not worth the time.
const MOST_COUNTED: u64 = 1_000;

/// Which statuses.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum StatusFilter {
    /// All but spam and trash.
    #[default]
    All,
    /// Just this one.
    Only(Status),
}

/// Whose tickets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AssigneeFilter {
    /// The actor's.
    Me,
    /// Nobody's.
    Nobody,
    /// A member's.
    Member(MembershipId),
}

/// Which tickets, and which page of them.
#[derive(Debug, Clone, Default)]
pub struct ListQuery {
    /// Which statuses.
    pub status: StatusFilter,
    /// Whose.
    pub assignee: Option<AssigneeFilter>,
    /// Of which mailbox.
    pub mailbox: Option<ChannelId>,
    /// Those that sleep.
    pub snoozed: bool,
    /// As urgent as this.
    pub priority: Option<Priority>,
    /// `Some(None)`: of no team.
    pub team: Option<Option<TeamId>>,
    /// With this tag.
    pub tag: Option<TagId>,
    /// Only those with a note that names the actor.
    pub mentioned: bool,
    /// A ticket's number or a customer's address.
    pub find: Option<String>,
    /// With or without files.
    pub has_attachment: Option<bool>,
    /// Whether only what the actor has not read.
    pub unread: bool,
    /// Whether only those on which the actor has begun to write.
    pub draft: bool,
    /// Of this customer.
    pub contact: Option<ContactId>,
    /// The last message came or went on this day or later.
    pub since: Option<NaiveDate>,
    /// The last message came or went on this day or earlier.
    pub until: Option<NaiveDate>,
    /// The IANA time zone of these days; the actor's own, or else the organization's, unless given.
    pub zone: Option<String>,
    /// In which order.
    pub sort: Sort,
    /// Where the page begins.
    pub cursor: Option<String>,
    /// How many.
    pub limit: Option<u64>,
}

/// A page.
#[derive(Debug, Clone)]
pub struct TicketPage {
    /// The tickets.
    pub items: Vec<Summary>,
    /// Where the next page begins.
    pub next_cursor: Option<String>,
}

/// Lists tickets of the actor's channels. The audit entry is written before anything is handed
/// out: one for a page.
pub async fn list(services: &Services, actor: &Actor, query: ListQuery) -> Result<TicketPage> {
    let drafts = query.draft;
    let mut page = read(services, actor, query).await?;
    let object = Object::list(ObjectKind::Ticket);
    let mut entries = vec![(Action::ListTickets, object)];
    if drafts && !page.items.is_empty() {
        add_drafts(services, actor, &mut page.items).await?;
        entries.push((Action::ReadDraft, object));
    }
    access::record_all(services, actor, &entries).await?;
    Ok(page)
}

/// How many tickets a list has, [`MOST_COUNTED`] at most; none for one that looks for a number or an
/// address.
pub async fn count(services: &Services, actor: &Actor, query: ListQuery) -> Result<Option<u64>> {
    let scope = services.scope(actor, Permission::ReadTickets)?;
    if query.find.is_some() {
        return Ok(None);
    }
    let filter = filter(services, actor, &query).await?;
    let ids = tickets::list_ids(services.store(), &scope, &filter, MOST_COUNTED).await?;
    Ok(u64::try_from(ids.len()).ok())
}

async fn read(services: &Services, actor: &Actor, query: ListQuery) -> Result<TicketPage> {
    let scope = services.scope(actor, Permission::ReadTickets)?;
    let store = services.store();
    let mut filter = filter(services, actor, &query).await?;
    let find = query.find.as_deref().map(str::trim).filter(|find| !find.is_empty());
    match find.map(Find::parse).transpose()? {
        None => {}
        Some(Find::Number(number)) => {
            let found = tickets::find_by_number(store, &scope, number).await?;
            let items = summarize(services, actor, found.into_iter().collect()).await?;
            return Ok(TicketPage { items, next_cursor: None });
        }
        Some(Find::Address(address)) => {
            let key = keys::of_organization(store, actor.organization_id).await?;
            let blind = contacts::address_blind(&key, &address);
            let known = contacts::find_by_blinds(
                store,
                actor.organization_id,
                std::slice::from_ref(&blind),
            )
            .await?;
            match known.get(&blind) {
                Some(id) => filter.contact_id = Some(*id),
                None => return Ok(TicketPage { items: Vec::new(), next_cursor: None }),
            }
        }
    }
    let after = query.cursor.as_deref().map(parse_cursor).transpose()?;
    let limit = query.limit.unwrap_or(DEFAULT_LIMIT).clamp(1, MAX_LIMIT);
    let page = tickets::list(store, &scope, &filter, after, limit).await?;
    Ok(TicketPage {
        next_cursor: page.next.map(write_cursor),
        items: summarize(services, actor, page.tickets).await?,
    })
}

/// The beginning of the actor's own draft stands in the place of the customer's words.
async fn add_drafts(services: &Services, actor: &Actor, items: &mut [Summary]) -> Result<()> {
    let store = services.store();
    let tickets: Vec<_> = items.iter().map(|item| &item.ticket).collect();
    let (organization, member) = (actor.organization_id, actor.membership_id);
    let mut found = drafts::newest_of_each(store, organization, member, &tickets).await?;
    for item in items {
        item.own_draft = found
            .remove(&item.ticket.id)
            .map(|(kind, draft)| OwnDraft { kind, snippet: snippet(&draft.content.text) });
    }
    Ok(())
}

async fn filter(services: &Services, actor: &Actor, query: &ListQuery) -> Result<Filter> {
    let mut filter = Filter {
        status: match query.status {
            StatusFilter::All => None,
            StatusFilter::Only(status) => Some(status),
        },
        assignee: query.assignee.map(|assignee| match assignee {
            AssigneeFilter::Me => Some(actor.membership_id),
            AssigneeFilter::Nobody => None,
            AssigneeFilter::Member(id) => Some(id),
        }),
        channel_id: query.mailbox,
        contact_id: query.contact,
        has_attachment: query.has_attachment,
        draft_of: query.draft.then_some(actor.membership_id),
        unread_by: query.unread.then_some(actor.membership_id),
        sort: query.sort,
        snoozed: query.snoozed,
        priority: query.priority,
        team: query.team,
        tag: query.tag,
        mentioned: query.mentioned.then_some(actor.membership_id),
        ..Filter::default()
    };
    if query.since.is_some() || query.until.is_some() {
        let zone = match &query.zone {
            Some(zone) => organization::check_time_zone("zone", zone)?,
            None => match accounts::get(services, actor).await?.time_zone {
                Some(own) => own,
                None => organization::get(services, actor).await?.time_zone,
            },
        };
        filter.since = query.since.and_then(|day| start_of(day, &zone));
        filter.before = query.until.and_then(|day| start_of(day.succ_opt()?, &zone));
    }
    Ok(filter)
}

/// When a day begins in a time zone. Where the clocks are put forward at midnight it begins later.
pub(in crate::service) fn start_of(day: NaiveDate, zone: &str) -> Option<DateTime<Utc>> {
    let zone: chrono_tz::Tz = zone.parse().unwrap_or(chrono_tz::UTC);
    (0..24).find_map(|hour| {
        let start = day.and_hms_opt(hour, 0, 0)?.and_local_timezone(zone).earliest()?;
        Some(start.with_timezone(&Utc))
    })
}

/// Counts for the sidebar.
pub async fn counts(services: &Services, actor: &Actor) -> Result<Counts> {
    let scope = services.scope(actor, Permission::ReadTickets)?;
    Ok(tickets::counts(services.store(), &scope, actor.membership_id).await?)
}

#[derive(Debug, PartialEq, Eq)]
enum Find {
    Number(i64),
    Address(String),
}

impl Find {
    fn parse(text: &str) -> Result<Self> {
        if let Ok(number) = text.trim_start_matches('#').parse::<i64>() {
            return Ok(Self::Number(number));
        }
        if text.contains('@') {
            return Ok(Self::Address(text.to_owned()));
        }
        Err(ServiceError::invalid("q", "Give a ticket's number or a whole e-mail address."))
    }
}

fn write_cursor(cursor: PageCursor) -> String {
    format!("{}.{}", cursor.at.timestamp_millis(), cursor.id.0.simple())
}

fn parse_cursor(text: &str) -> Result<PageCursor> {
    let parse = || {
        let (at, id) = text.split_once('.')?;
        let at = DateTime::from_timestamp_millis(at.parse().ok()?)?;
        Some(PageCursor { at, id: TicketId(Uuid::try_parse(id).ok()?) })
    };
    parse().ok_or_else(|| {
        ServiceError::invalid("cursor", "Pass on next_cursor of the page before, unchanged.")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_reads_back() {
        let at = DateTime::from_timestamp_millis(1_764_000_000_123).expect("a time");
        let cursor = PageCursor { at, id: TicketId(Uuid::from_u128(7)) };
        assert_eq!(parse_cursor(&write_cursor(cursor)).expect("reads"), cursor);
        for wrong in ["", "1", "x.y", "99999999999999999999.0"] {
            assert!(matches!(parse_cursor(wrong), Err(ServiceError::Invalid { .. })), "{wrong}");
        }
    }

    #[test]
    fn a_day_begins_where_the_organization_is() {
        let day = |text: &str| text.parse::<NaiveDate>().expect("a day");
        let begins = |text, zone| start_of(day(text), zone).expect("it begins").to_rfc3339();
        assert_eq!(begins("2026-07-01", "Europe/Amsterdam"), "2026-06-30T22:00:00+00:00");
        assert_eq!(begins("2026-01-01", "Europe/Amsterdam"), "2025-12-31T23:00:00+00:00");
        // Clocks went from 0:00 to 1:00.
        assert_eq!(begins("2018-11-04", "America/Sao_Paulo"), "2018-11-04T03:00:00+00:00");
    }

    #[test]
    fn find_takes_numbers_and_addresses() {
        assert_eq!(Find::parse("#12").expect("a number"), Find::Number(12));
        assert!(matches!(Find::parse("a@b.test"), Ok(Find::Address(_))));
        assert!(matches!(Find::parse("fiets"), Err(ServiceError::Invalid { .. })));
    }
}
