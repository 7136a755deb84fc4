//! GET /api/v1/events

use std::convert::Infallible;
use std::time::Duration;

use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures::StreamExt as _;

use crate::authz::Actor;
use crate::http::AppState;
use crate::http::problem::{Problem, Result};
use crate::http::v1::events::model::EventData;
use crate::service::drafts::Saved;
use crate::service::feed::{Feed, FeedEvent};

/// Proxies cut connections that are silent for 30 to 60 s.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// What happens, as server-sent events; the data of each is an `EventData`. Goes on after the header `Last-Event-ID`.
#[utoipa::path(
    get,
    path = "/events",
    tag = "events",
    responses(
        (status = 200, body = EventData, content_type = "text/event-stream", description = "Done"),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "What went wrong"),
    )
)]
pub(super) async fn stream_events(
    State(AppState { services, options }): State<AppState>,
    actor: Actor,
    headers: HeaderMap,
) -> Result<Response> {
    let after = headers.get("last-event-id").and_then(|id| id.to_str().ok()?.parse().ok());
    let feed = Feed::open(services, actor, after).await?;
    let stream = futures::stream::unfold(feed, |mut feed| async move {
        let event = feed.next().await?;
        Some((Ok::<_, Infallible>(write(&event)), feed))
    });
    // A server that stops waits for every answer to end.
    let stream = stream.take_until(options.stop.clone().cancelled_owned());
    let keep_alive = KeepAlive::new().interval(KEEP_ALIVE);
    let mut response = Sse::new(stream).keep_alive(keep_alive).into_response();
    // nginx buffers answers unless it is told not to.
    response.headers_mut().insert("x-accel-buffering", HeaderValue::from_static("no"));
    Ok(response)
}

/// Each ends with an empty line; the browser keeps the id and sends it when it comes again.
fn write(event: &FeedEvent) -> Event {
    let written = match event {
        FeedEvent::Start { number } => Event::default()
            .event("start")
            .id(number.to_string())
            .json_data(EventData { kind: "start".to_owned(), ..EventData::default() }),
        FeedEvent::Reset { number } => Event::default()
            .event("reset")
            .id(number.to_string())
            .json_data(EventData { kind: "reset".to_owned(), ..EventData::default() }),
        FeedEvent::Happened(happened) => Event::default()
            .event(happened.about.as_str())
            .id(happened.number.to_string())
            .json_data(EventData {
                number: happened.ticket_number,
                message_id: happened.message_id.map(|id| id.0),
                mailbox_id: happened.mailbox_id.map(|id| id.0),
                id: happened.id,
                kind: happened.kind.clone(),
                ..EventData::default()
            }),
        // Without an id: a browser that comes again asks for what is in the log.
        FeedEvent::Present(room) => Event::default().event("presence").json_data(EventData {
            number: Some(room.number),
            kind: "presence".to_owned(),
            people: Some(room.people.iter().copied().map(Into::into).collect()),
            ..EventData::default()
        }),
        FeedEvent::Saved(Saved { draft, at, .. }) => {
            Event::default().event("draft").json_data(EventData {
                number: draft.map(|(number, _)| number),
                kind: draft.map_or("letter", |(_, kind)| kind.as_str()).to_owned(),
                saved_at: Some(*at),
                ..EventData::default()
            })
        }
    };
    written.unwrap_or_else(|_| Event::default().comment("an event could not be written"))
}
