//! HTTP for endpoints that the operator configured (OAuth), and bounded reading for everybody.

use std::time::Duration;

use bytes::{Bytes, BytesMut};
use reqwest::redirect::Policy;

use super::{Net, NetError};

/// Connecting and the TLS handshake together.
const CONNECT: Duration = Duration::from_secs(10);
/// A token endpoint that needs longer than this for its whole answer is down.
const TOTAL: Duration = Duration::from_secs(30);

impl Net {
    /// A client with our TLS, timeouts and no redirects (a token endpoint that redirects would carry
    /// the client secret along). For endpoints that the operator configured, so it does not guard
    /// against internal addresses. Keep it: it pools connections.
    pub fn http_client(&self) -> Result<reqwest::Client, NetError> {
        self.http_builder()
            .timeout(TOTAL)
            .build()
            .map_err(|_| NetError::Roots("the HTTP client could not be built"))
    }

    pub(super) fn http_builder(&self) -> reqwest::ClientBuilder {
        reqwest::Client::builder()
            .tls_backend_preconfigured((*self.http_tls).clone())
            .connect_timeout(CONNECT)
            .redirect(Policy::none())
            .no_proxy()
            .user_agent("Loket")
    }
}

/// Reads a whole answer, or `None` when it is larger than `max` bytes.
pub async fn read_capped(
    mut response: reqwest::Response,
    max: usize,
) -> reqwest::Result<Option<Bytes>> {
    if response.content_length().is_some_and(|length| length > max as u64) {
        return Ok(None);
    }
    let mut body = BytesMut::new();
    while let Some(chunk) = response.chunk().await? {
        if body.len() + chunk.len() > max {
            return Ok(None);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(Some(body.freeze()))
}
