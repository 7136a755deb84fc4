//! The pages: the built frontend, embedded in the binary.
//!
//! Files below `assets/` carry a hash in their name and are kept forever; every other path is
//! the application itself, whose router reads the address.

use axum::http::{HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use rust_embed::{EmbeddedFile, RustEmbed};

use super::guard::headers::{MAIL_POLICY, PAGE_POLICY};
use super::problem::Problem;

#[derive(RustEmbed)]
#[folder = "frontend/dist"]
#[allow_missing = true]
struct Pages;

/// The empty page that a mail is put into: it may do what a mail may do.
const MAIL_FRAME: &str = "mail.html";

const FOREVER: &str = "public, max-age=31536000, immutable";
const REVALIDATE: &str = "no-cache";

const NOT_BUILT: &str = "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\">\
<title>Loket</title><h1>The pages are not in this build</h1>\
<p>Loket runs, and its API works. To see its pages, build them and then the server: \
<code>npm --prefix frontend ci &amp;&amp; npm --prefix frontend run build</code>, \
then <code>cargo build</code>; or run <code>make run</code>.</p></html>";

/// Everything that no route takes.
pub(super) async fn serve(method: Method, uri: Uri) -> Response {
    let path = uri.path().trim_start_matches('/');
    if path == "api" || path.starts_with("api/") || path.starts_with("oauth/") {
        return Problem::not_found().into_response();
    }
    if !matches!(method, Method::GET | Method::HEAD) {
        return StatusCode::METHOD_NOT_ALLOWED.into_response();
    }
    if path == MAIL_FRAME
        && let Some(file) = Pages::get(path)
    {
        let mut response = answer(path, file, REVALIDATE);
        let policy = HeaderValue::from_static(MAIL_POLICY);
        response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
        return response;
    }
    if !path.is_empty()
        && path != "index.html"
        && let Some(file) = Pages::get(path)
    {
        let cache = if path.starts_with("assets/") { FOREVER } else { REVALIDATE };
        return answer(path, file, cache);
    }
    if path.starts_with("assets/") {
        return StatusCode::NOT_FOUND.into_response();
    }
    match Pages::get("index.html") {
        Some(file) => answer("index.html", file, REVALIDATE),
        None => page(StatusCode::SERVICE_UNAVAILABLE, NOT_BUILT.as_bytes().into()),
    }
}

fn answer(path: &str, file: EmbeddedFile, cache: &'static str) -> Response {
    let kind = mime_guess::from_path(path).first_or_octet_stream();
    let mut response = page(StatusCode::OK, file.data);
    let headers = response.headers_mut();
    let kind =
        if kind.type_() == "text" { format!("{kind}; charset=utf-8") } else { kind.to_string() };
    if let Ok(kind) = HeaderValue::from_str(&kind) {
        headers.insert(header::CONTENT_TYPE, kind);
    }
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
    response
}

fn page(status: StatusCode, body: std::borrow::Cow<'static, [u8]>) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CONTENT_SECURITY_POLICY, PAGE_POLICY),
    ];
    (status, headers, body.into_owned()).into_response()
}
