//! Tickets, answers, notes and drafts. One endpoint per file; `model` has the shapes.

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::http::AppState;

mod attach;
mod convert;
mod count;
mod create;
mod create_note;
mod create_reply;
mod delete_draft;
mod get;
mod get_draft;
mod list;
mod mark_read;
pub mod model;
mod put_draft;
mod set_customer;
mod update;

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list::list_tickets, create::create_ticket))
        .routes(routes!(count::count_tickets))
        .routes(routes!(get::get_ticket, update::update_ticket))
        .routes(routes!(mark_read::mark_ticket_read))
        .routes(routes!(set_customer::set_ticket_customer))
        .routes(routes!(attach::attach_ticket))
        .routes(routes!(create_reply::create_reply))
        .routes(routes!(create_note::create_note))
        .routes(routes!(get_draft::get_draft, put_draft::put_draft, delete_draft::delete_draft))
}
