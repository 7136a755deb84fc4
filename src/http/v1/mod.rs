//! Version 1 of the API: a folder per resource, a file per endpoint.
//!
//! To add an endpoint: a file with the handler in the folder of its resource, its name in that
//! folder's `router`, its row in the authorization matrix (`tests/it/api/authorization/matrix.rs`), then
//! `LOKET_UPDATE_OPENAPI=1 cargo nextest run openapi` writes the document anew.

use utoipa_axum::router::OpenApiRouter;

use super::AppState;

pub mod acts;
pub mod closing;
pub mod contacts;
pub mod data_requests;
pub mod events;
pub mod exports;
pub mod holds;
pub mod incidents;
pub mod letters;
pub mod mailboxes;
pub mod messages;
pub mod notices;
pub mod organization;
pub mod own_settings;
pub mod password;
pub mod policies;
pub mod presence;
pub mod profile;
pub mod providers;
pub mod purges;
pub mod quarantine;
pub mod register;
pub mod request_links;
pub mod retention;
pub mod saved_replies;
pub mod search;
pub mod session;
pub mod setup;
pub mod statements;
pub mod tags;
pub mod teams;
pub mod tickets;
pub mod uploads;
pub mod users;
pub mod views;

pub(super) fn router(max_upload_bytes: usize) -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .merge(setup::router())
        .merge(session::router())
        .merge(password::router())
        .merge(profile::router())
        .merge(own_settings::router())
        .merge(notices::router())
        .merge(users::router())
        .merge(organization::router())
        .merge(tickets::router())
        .merge(views::router())
        .merge(contacts::router())
        .merge(acts::router())
        .merge(tags::router())
        .merge(teams::router())
        .merge(letters::router())
        .merge(presence::router())
        .merge(saved_replies::router())
        .merge(search::router())
        .merge(messages::router())
        .merge(uploads::router(max_upload_bytes))
        .merge(mailboxes::router())
        .merge(providers::router())
        .merge(quarantine::router())
        .merge(purges::router())
        .merge(exports::router())
        .merge(closing::router())
        .merge(retention::router())
        .merge(holds::router())
        .merge(statements::router())
        .merge(register::router())
        .merge(incidents::router())
        .merge(policies::router())
        .merge(data_requests::router())
        .merge(request_links::router())
        .merge(events::router())
}
