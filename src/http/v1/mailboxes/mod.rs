//! Mailboxes. One endpoint per file; `model` has the shapes.

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::http::AppState;

mod connect;
mod convert;
mod create;
mod create_disconnection;
mod create_farewell;
mod create_reconnection;
pub mod departure;
mod get_disconnection;
mod keep;
mod list;
pub mod model;
mod set_members;
mod sync;
mod test;
mod update;

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list::list_mailboxes, create::create_mailbox))
        .routes(routes!(test::test_mailbox))
        .routes(routes!(update::update_mailbox))
        .routes(routes!(set_members::set_mailbox_members))
        .routes(routes!(sync::sync_mailbox))
        .routes(routes!(connect::connect_mailbox))
        .routes(routes!(keep::keep_mailbox))
        .routes(routes!(
            get_disconnection::get_disconnection,
            create_disconnection::create_disconnection
        ))
        .routes(routes!(create_farewell::create_farewell))
        .routes(routes!(create_reconnection::create_reconnection))
}
