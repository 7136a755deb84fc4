//! GET /api/v1/tickets

use axum::extract::State;

use crate::authz::Actor;
use crate::domain::ids::{MembershipId, TeamId};
use crate::domain::words::{Priority, Status};
use crate::http::extract::{Json, Query};
use crate::http::page::Page;
use crate::http::problem::{Problem, Result};
use crate::http::v1::tickets::model::{TicketQuery, TicketSummary};
use crate::service::tickets::{AssigneeFilter, ListQuery, Sort, StatusFilter};
use crate::service::{Services, tickets};

/// Tickets, the customer who has waited longest first.
#[utoipa::path(
    get,
    path = "/tickets",
    tag = "tickets",
    params(TicketQuery),
    responses(
        (status = 200, body = Page<TicketSummary>, description = "Done"),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "What went wrong"),
    )
)]
pub(super) async fn list_tickets(
    State(services): State<Services>,
    actor: Actor,
    Query(query): Query<TicketQuery>,
) -> Result<Json<Page<TicketSummary>>> {
    let page = tickets::list(&services, &actor, wanted(query)?).await?;
    let items = page.items.into_iter().map(TicketSummary::from).collect();
    Ok(Json(Page { items, next_cursor: page.next_cursor }))
}

/// What the parameters ask for; an error that names the one that is wrong.
pub(in crate::http::v1) fn wanted(query: TicketQuery) -> Result<ListQuery> {
    let status = match query.status.as_deref() {
        None | Some("all") => StatusFilter::All,
        Some(word) => StatusFilter::Only(
            word.parse::<Status>().map_err(|_| Problem::invalid("status", "no such status"))?,
        ),
    };
    let assignee = match query.assignee.as_deref() {
        None => None,
        Some("me") => Some(AssigneeFilter::Me),
        Some("none") => Some(AssigneeFilter::Nobody),
        Some(id) => Some(AssigneeFilter::Member(MembershipId(
            id.parse().map_err(|_| Problem::invalid("assignee", "give me, none, or an id"))?,
        ))),
    };
    let priority = query.priority.as_deref().map(str::parse::<Priority>).transpose();
    let priority = priority.map_err(|_| Problem::invalid("priority", "no such priority"))?;
    let team = match query.team.as_deref() {
        None => None,
        Some("none") => Some(None),
        Some(id) => Some(Some(TeamId(
            id.parse().map_err(|_| Problem::invalid("team", "give none, or an id"))?,
        ))),
    };
    Ok(ListQuery {
        status,
        assignee,
        snoozed: query.snoozed,
        priority,
        team,
        tag: query.tag.map(Into::into),
        mailbox: query.mailbox.map(Into::into),
        mentioned: match query.mentioned.as_deref() {
            None => false,
            Some("me") => true,
            Some(_) => return Err(Problem::invalid("mentioned", "give me")),
        },
        find: query.q.filter(|text| !text.trim().is_empty()),
        has_attachment: query.has_attachment,
        unread: query.unread.unwrap_or(false),
        draft: query.draft.unwrap_or(false),
        contact: query.contact.map(Into::into),
        since: query.since,
        until: query.until,
        zone: query.zone,
        sort: match query.sort.as_deref() {
            None => Sort::Work,
            Some("newest") => Sort::Newest,
            Some("oldest") => Sort::Oldest,
            Some(_) => return Err(Problem::invalid("sort", "give newest or oldest")),
        },
        cursor: query.cursor,
        limit: query.limit,
    })
}
