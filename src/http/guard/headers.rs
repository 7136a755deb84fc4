//! What browsers are told about every answer.

use axum::extract::Request;
use axum::http::{HeaderName, HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;

/// The pages: everything from our own origin, no framing by others, no inline scripts. Styles
/// may be inline because positioned elements (menus, virtual lists) set them. `blob:` images are
/// files that the agent is about to attach.
pub const PAGE_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' \
    'unsafe-inline'; img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; \
    frame-src 'self'; manifest-src 'self'; worker-src 'self'; base-uri 'none'; \
    form-action 'self'; frame-ancestors 'none'";

/// For a message's HTML, and for the frame that the pages put it in. No sandbox here: the frame's own
/// attribute has it, with allow-same-origin, so that cookies reach inline images.
pub const MAIL_POLICY: &str = "default-src 'none'; script-src 'none'; img-src 'self' data:; \
    style-src 'unsafe-inline'; font-src 'none'; form-action 'none'; base-uri 'none'; \
    frame-ancestors 'self'";

/// Everything that is no page and sets no policy of its own.
const OTHER_POLICY: &str = "default-src 'none'; frame-ancestors 'none'";

/// Adds what the handler has not set itself.
pub async fn add(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    let mut set = |name: HeaderName, value: &'static str| {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    };
    set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(header::REFERRER_POLICY, "no-referrer");
    set(header::CONTENT_SECURITY_POLICY, OTHER_POLICY);
    set(header::CACHE_CONTROL, "no-store");
    set(HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
    set(HeaderName::from_static("cross-origin-resource-policy"), "same-origin");
    set(
        HeaderName::from_static("permissions-policy"),
        "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    );
    response
}
