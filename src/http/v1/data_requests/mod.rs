//! What people ask about their data. One endpoint per file; `model` and
//! `model_acts` have the shapes.

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::http::AppState;

mod announce_lift;
mod complete;
mod confirm;
mod create;
mod erase;
mod extend;
mod get;
mod get_authority;
mod lift;
mod list;
mod list_copies;
mod list_items;
mod list_templates;
mod look_up;
mod make_parcel;
mod mark;
pub mod model;
pub mod model_acts;
mod preview_erasure;
mod rectify;
mod refuse;
mod reply;
mod restrict;
mod send_code;
mod set_authority;
mod unmark;
mod update;
mod withdraw;
mod withhold;

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list_items::list_request_items))
        .routes(routes!(withhold::withhold_item))
        .routes(routes!(make_parcel::make_parcel))
        .routes(routes!(preview_erasure::preview_erasure, erase::erase_person))
        .routes(routes!(list_copies::list_provider_copies))
        .routes(routes!(list::list_data_requests, create::create_data_request))
        .routes(routes!(look_up::look_up_person))
        .routes(routes!(get::get_data_request, update::update_data_request))
        .routes(routes!(send_code::send_request_code))
        .routes(routes!(confirm::confirm_identity))
        .routes(routes!(extend::extend_data_request))
        .routes(routes!(refuse::refuse_data_request))
        .routes(routes!(complete::complete_data_request))
        .routes(routes!(withdraw::withdraw_data_request))
        .routes(routes!(reply::reply_to_data_request))
        .routes(routes!(list_templates::list_request_templates))
        .routes(routes!(rectify::rectify_person))
        .routes(routes!(restrict::restrict_person, lift::lift_restriction))
        .routes(routes!(announce_lift::announce_lift))
        .routes(routes!(mark::mark_person, unmark::unmark_person))
        .routes(routes!(get_authority::get_authority, set_authority::set_authority))
}
