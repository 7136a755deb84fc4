//! The pages: the built frontend, embedded in the binary.
//!
//! Files below `assets/` carry a hash in their name and are kept forever; every other path is
//! the application itself, whose router reads the address. A file is compressed once, as small as it gets, when
//! it is first asked for.

use std::borrow::Cow;
use std::collections::HashMap;
use std::io::{Read as _, Result};
use std::sync::{LazyLock, Mutex, PoisonError};

use axum::body::Bytes;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use flate2::Compression;
use flate2::read::GzEncoder;
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
/// The same in every version but for their headers, and asked for again and again: browsers want the icon
/// for each address that the page moves to, and the empty page for each frame that is made ready.
const A_WHILE: &str = "public, max-age=600";
const ICON: &str = "favicon.svg";

const NOT_BUILT: &str = "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\">\
<title>Loket</title><h1>The pages are not in this build</h1>\
<p>Loket runs, and its API works. To see its pages, build them and then the server: \
<code>npm --prefix frontend ci &amp;&amp; npm --prefix frontend run build</code>, \
then <code>cargo build</code>; or run <code>make run</code>.</p></html>";

/// Everything that no route takes.
pub(super) async fn serve(method: Method, uri: Uri, asked: HeaderMap) -> Response {
    let packed = takes_gzip(&asked);
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
        let mut response = answer(path, file, A_WHILE, packed);
        let policy = HeaderValue::from_static(MAIL_POLICY);
        response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
        return response;
    }
    if !path.is_empty()
        && path != "index.html"
        && let Some(file) = Pages::get(path)
    {
        let cache = match path {
            ICON => A_WHILE,
            _ if path.starts_with("assets/") => FOREVER,
            _ => REVALIDATE,
        };
        return answer(path, file, cache, packed);
    }
    if path.starts_with("assets/") {
        return StatusCode::NOT_FOUND.into_response();
    }
    match Pages::get("index.html") {
        Some(file) => answer("index.html", file, REVALIDATE, packed),
        None => page(StatusCode::SERVICE_UNAVAILABLE, Bytes::from_static(NOT_BUILT.as_bytes())),
    }
}

fn answer(path: &str, file: EmbeddedFile, cache: &'static str, takes_gzip: bool) -> Response {
    let kind = mime_guess::from_path(path).first_or_octet_stream();
    let is_text = kind.type_() == "text"
        || matches!(kind.subtype().as_str(), "javascript" | "json")
        || kind.suffix().is_some_and(|suffix| suffix == "xml" || suffix == "json");
    let small = if is_text && takes_gzip { small(path, &file).ok() } else { None };
    let mut response = match small {
        Some(small) => {
            let mut response = page(StatusCode::OK, small);
            let gzip = HeaderValue::from_static("gzip");
            response.headers_mut().insert(header::CONTENT_ENCODING, gzip);
            response
        }
        None => page(StatusCode::OK, bytes(file.data)),
    };
    let headers = response.headers_mut();
    if is_text {
        headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    }
    let kind =
        if kind.type_() == "text" { format!("{kind}; charset=utf-8") } else { kind.to_string() };
    if let Ok(kind) = HeaderValue::from_str(&kind) {
        headers.insert(header::CONTENT_TYPE, kind);
    }
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
    response
}

/// The file, compressed.
fn small(path: &str, file: &EmbeddedFile) -> Result<Bytes> {
    /// By path, each with the hash of what it was made from: a debug build reads files anew each time.
    type Known = HashMap<String, ([u8; 32], Bytes)>;
    static KNOWN: LazyLock<Mutex<Known>> = LazyLock::new(Mutex::default);
    let hash = file.metadata.sha256_hash();
    let known = || KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some((_, small)) = known().get(path).filter(|(of, _)| *of == hash) {
        return Ok(small.clone());
    }
    let mut small = Vec::new();
    GzEncoder::new(file.data.as_ref(), Compression::best()).read_to_end(&mut small)?;
    let small = Bytes::from(small);
    known().insert(path.to_owned(), (hash, small.clone()));
    Ok(small)
}

/// Whether whoever asks takes `gzip` (RFC 9110 §12.5.3).
fn takes_gzip(asked: &HeaderMap) -> bool {
    let said = asked.get_all(header::ACCEPT_ENCODING).into_iter();
    let mut codings = said.filter_map(|value| value.to_str().ok()).flat_map(|all| all.split(','));
    codings.any(|coding| {
        let mut parts = coding.split(';').map(str::trim);
        let is_gzip = parts.next().is_some_and(|name| name.eq_ignore_ascii_case("gzip"));
        let weight = parts.find_map(|part| part.strip_prefix("q="));
        is_gzip && weight.is_none_or(|weight| weight.parse().is_ok_and(|weight: f32| weight > 0.0))
    })
}

fn bytes(data: Cow<'static, [u8]>) -> Bytes {
    match data {
        Cow::Borrowed(data) => Bytes::from_static(data),
        Cow::Owned(data) => Bytes::from(data),
    }
}

fn page(status: StatusCode, body: Bytes) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CONTENT_SECURITY_POLICY, PAGE_POLICY),
    ];
    (status, headers, body).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gzip_is_sent_to_whoever_takes_it() {
        let takes = |said: &'static str| {
            takes_gzip(&HeaderMap::from_iter([(
                header::ACCEPT_ENCODING,
                HeaderValue::from_static(said),
            )]))
        };
        assert!(takes("gzip, deflate, br, zstd") && takes("br;q=1.0, GZIP;q=0.2"));
        assert!(!takes("br, deflate") && !takes("gzip;q=0, br") && !takes("x-gzip"));
        assert!(!takes_gzip(&HeaderMap::new()));
    }
}
