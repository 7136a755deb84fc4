//! The HTTP side of a token request: the oauth2 crate writes the request, reqwest carries it, and a
//! failure is sorted here, where status and body are at hand.

use std::pin::Pin;
use std::time::Duration;

use oauth2::{AsyncHttpClient, HttpRequest, HttpResponse};
use serde::Deserialize;

use crate::net::read_capped;

/// Token answers are a few KB; Microsoft's largest are about 10.
const MAX_ANSWER: usize = 256 << 10;

/// Why a token request brought no token.
#[derive(Debug, thiserror::Error)]
pub(super) enum Failure {
    /// The provider answered with an OAuth error.
    #[error("the provider answered {code}")]
    Answer { code: String, suberror: Option<String> },
    /// The provider is busy, broken or out of reach.
    #[error("the provider cannot be reached now: {reason}")]
    Later { reason: &'static str, retry_after: Option<Duration> },
}

#[derive(Deserialize)]
struct ErrorBody {
    error: String,
    suberror: Option<String>,
}

/// Carries requests for the oauth2 crate. A type of its own, because a closure's future is not
/// `Send` for every lifetime, which callers behind a trait need.
#[derive(Debug, Clone)]
pub(super) struct Carrier(pub(super) reqwest::Client);

impl<'c> AsyncHttpClient<'c> for Carrier {
    type Error = Failure;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, Failure>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(carry(&self.0, request))
    }
}

async fn carry(client: &reqwest::Client, request: HttpRequest) -> Result<HttpResponse, Failure> {
    let later = |reason| Failure::Later { reason, retry_after: None };
    let request = request.try_into().map_err(|_| later("the request is not valid"))?;
    let response = client.execute(request).await.map_err(|error| {
        later(if error.is_timeout() { "no answer in time" } else { "the connection failed" })
    })?;
    let status = response.status();
    let headers = response.headers().clone();
    let seconds = headers.get("retry-after").and_then(|v| v.to_str().ok()?.parse().ok());
    let retry_after = seconds.map(Duration::from_secs);
    let body = read_capped(response, MAX_ANSWER)
        .await
        .map_err(|_| later("the connection broke"))?
        .ok_or_else(|| later("the answer is too large"))?;
    if status.as_u16() == 429 || status.is_server_error() {
        let reason = if status.as_u16() == 429 { "too many requests" } else { "server error" };
        return Err(Failure::Later { reason, retry_after });
    }
    if !status.is_success() {
        let Ok(body) = serde_json::from_slice::<ErrorBody>(&body) else {
            // A proxy's or a maintenance page, not the provider.
            return Err(Failure::Later { reason: "an answer without an OAuth error", retry_after });
        };
        return Err(match body.error.as_str() {
            // RFC 6749 section 4.1.2.1; Microsoft sends it with status 400.
            "temporarily_unavailable" | "server_error" => {
                Failure::Later { reason: "server error", retry_after }
            }
            _ => Failure::Answer { code: body.error, suberror: body.suberror },
        });
    }
    let mut answer = HttpResponse::new(body.to_vec());
    *answer.status_mut() = status;
    *answer.headers_mut() = headers;
    Ok(answer)
}
