//! Files and HTML that strangers wrote, handed to a browser.

use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};

use crate::http::guard::headers::MAIL_POLICY;

/// For a file that is opened by itself: it runs nothing and loads nothing, in no origin.
const FILE_POLICY: &str = "default-src 'none'; img-src 'self' data:; media-src 'self'; \
    style-src 'unsafe-inline'; object-src 'self'; sandbox";

/// What a browser shows by itself without running anything in it.
const SHOWN: &[&str] = &[
    "image/png",
    "image/jpeg",
    "image/gif",
    "image/webp",
    "image/avif",
    "image/bmp",
    "application/pdf",
    "text/plain",
];

/// A mail's HTML for the frame.
pub(super) fn html(html: String) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CONTENT_SECURITY_POLICY, MAIL_POLICY),
        (header::CACHE_CONTROL, "private, no-store"),
    ];
    (headers, html).into_response()
}

/// A file to save or, where `inline` is asked for and its type is safe, to show.
pub(in crate::http::v1) fn file(
    name: &str,
    content_type: &str,
    inline: bool,
    bytes: Vec<u8>,
) -> Response {
    let essence = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let shown = SHOWN.iter().find(|shown| **shown == essence);
    let (kind, disposition) = match shown {
        Some(&"text/plain") if inline => ("text/plain; charset=utf-8", "inline"),
        Some(shown) if inline => (*shown, "inline"),
        Some(shown) => (*shown, "attachment"),
        None => ("application/octet-stream", "attachment"),
    };
    let mut headers = HeaderMap::new();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    let policy = HeaderValue::from_static(FILE_POLICY);
    headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    let disposition = format!("{disposition}; {}", file_name(name));
    if let Ok(disposition) = HeaderValue::from_str(&disposition) {
        headers.insert(header::CONTENT_DISPOSITION, disposition);
    }
    (headers, bytes).into_response()
}

/// A mail as it came in, to save.
pub(in crate::http::v1) fn original(id: uuid::Uuid, raw: Vec<u8>) -> Response {
    let mut response = file(&format!("{id}.eml"), "message/rfc822", false, raw);
    let kind = HeaderValue::from_static("message/rfc822");
    response.headers_mut().insert(header::CONTENT_TYPE, kind);
    response
}

/// An export, as it comes. Its length is told before, so that one that breaks off is seen to be cut.
pub(in crate::http::v1) fn zip(opened: crate::service::parcels::Opened) -> Response {
    let mut headers = HeaderMap::new();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/zip"));
    headers.insert(header::CONTENT_LENGTH, HeaderValue::from(opened.size));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    let disposition = format!("attachment; {}", file_name(&opened.name));
    if let Ok(disposition) = HeaderValue::from_str(&disposition) {
        headers.insert(header::CONTENT_DISPOSITION, disposition);
    }
    (headers, Body::from_stream(opened.bytes)).into_response()
}

/// Files of a mail, as they come. How many bytes they are is known when the last was read.
pub(in crate::http::v1) fn files(packed: crate::service::packed::Packed) -> Response {
    let mut headers = HeaderMap::new();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/zip"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    let disposition = format!("attachment; {}", file_name(&packed.name));
    if let Ok(disposition) = HeaderValue::from_str(&disposition) {
        headers.insert(header::CONTENT_DISPOSITION, disposition);
    }
    (headers, Body::from_stream(packed.bytes)).into_response()
}

/// The name twice: as ASCII for old programs, and whole (RFC 6266, appendix D).
fn file_name(name: &str) -> String {
    let ascii: String = name
        .chars()
        .map(|c| {
            if c.is_ascii_graphic() && !matches!(c, '"' | '\\' | '%') || c == ' ' { c } else { '_' }
        })
        .collect();
    let whole: String = url::form_urlencoded::byte_serialize(name.as_bytes()).collect();
    format!("filename=\"{ascii}\"; filename*=UTF-8''{}", whole.replace('+', "%20"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header<'a>(response: &'a Response, name: &str) -> &'a str {
        response.headers().get(name).unwrap().to_str().unwrap()
    }

    #[test]
    fn what_could_run_is_saved_and_never_shown() {
        for kind in ["text/html", "image/svg+xml", "application/xhtml+xml", "text/xml", ""] {
            let response = file("x", kind, true, Vec::new());
            assert_eq!(header(&response, "content-type"), "application/octet-stream", "{kind}");
            assert!(header(&response, "content-disposition").starts_with("attachment"), "{kind}");
        }
        let response = file("x", "IMAGE/PNG; name=x", true, Vec::new());
        assert_eq!(header(&response, "content-type"), "image/png");
        assert!(header(&response, "content-disposition").starts_with("inline"));
        assert!(header(&response, "content-security-policy").contains("sandbox"));
    }

    #[test]
    fn names_cannot_break_out_of_the_header() {
        let name = file_name("fac\"tuur\r\nX: y é.pdf");
        assert_eq!(
            name,
            "filename=\"fac_tuur__X: y _.pdf\"; filename*=UTF-8''fac%22tuur%0D%0AX%3A%20y%20%C3%A9.pdf"
        );
    }
}
