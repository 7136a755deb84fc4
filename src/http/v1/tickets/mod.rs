//! Tickets, answers, notes and drafts. One endpoint per file; `model` has the shapes, `acts` those of
//! what is done with them.

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::http::AppState;

pub mod acts;
mod add_follower;
mod attach;
mod bulk;
mod convert;
mod count;
mod create;
mod create_note;
mod create_reply;
mod delete;
mod delete_draft;
mod follow;
mod get;
mod get_draft;
mod list;
mod mark_read;
mod merge;
pub mod model;
mod move_home;
mod put_draft;
mod remove_follower;
mod restore;
mod set_customer;
mod unfollow;
mod update;

pub(super) use list::wanted;
pub(super) use model::TicketQuery;

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list::list_tickets, create::create_ticket))
        .routes(routes!(count::count_tickets))
        .routes(routes!(get::get_ticket, update::update_ticket))
        .routes(routes!(mark_read::mark_ticket_read))
        .routes(routes!(set_customer::set_ticket_customer))
        .routes(routes!(attach::attach_ticket))
        .routes(routes!(bulk::change_tickets))
        .routes(routes!(merge::merge_ticket))
        .routes(routes!(move_home::move_ticket))
        .routes(routes!(restore::restore_ticket))
        .routes(routes!(delete::create_ticket_deletion))
        .routes(routes!(follow::follow_ticket, unfollow::unfollow_ticket))
        .routes(routes!(add_follower::add_ticket_follower, remove_follower::remove_ticket_follower))
        .routes(routes!(create_reply::create_reply))
        .routes(routes!(create_note::create_note))
        .routes(routes!(get_draft::get_draft, put_draft::put_draft, delete_draft::delete_draft))
}
