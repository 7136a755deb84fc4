//! Begin, exchange, refresh, revoke.

use std::fmt;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, TimeDelta, Utc};
use oauth2::basic::{
    BasicErrorResponse, BasicRevocationErrorResponse, BasicTokenIntrospectionResponse,
    BasicTokenType,
};
use oauth2::{
    AuthType, AuthUrl, AuthorizationCode, ClientId, ClientSecret, CsrfToken, EndpointNotSet,
    EndpointSet, ExtraTokenFields, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, RefreshToken,
    RequestTokenError, Scope, StandardRevocableToken, StandardTokenResponse, TokenResponse as _,
    TokenUrl,
};
use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq as _;
use url::Url;

use super::transport::{Carrier, Failure};
use super::{Kind, ProviderSettings, id_token};
use crate::clock::Clock;
use crate::ids::Ids;
use crate::net::{Net, NetError};

/// RFC 6749 section 5.1 lets `expires_in` be left out; both vendors give 60 to 90 minutes.
const DEFAULT_LIFETIME: Duration = Duration::from_hours(1);

#[derive(Debug, Serialize, Deserialize)]
struct Extra {
    id_token: Option<String>,
    /// Microsoft always, Google for grants that are for a time; a number, or one as text.
    refresh_token_expires_in: Option<serde_json::Value>,
}
impl ExtraTokenFields for Extra {}

type Answer = StandardTokenResponse<Extra, BasicTokenType>;
type Client = oauth2::Client<
    BasicErrorResponse,
    Answer,
    BasicTokenIntrospectionResponse,
    StandardRevocableToken,
    BasicRevocationErrorResponse,
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointSet,
>;

/// Why connecting did not work.
#[derive(Debug, thiserror::Error)]
pub enum OAuthError {
    #[error("the provider's settings are wrong: {0}")]
    Settings(&'static str),
    /// The provider refused us or the code; its OAuth error code (`invalid_grant`, `invalid_client`…).
    #[error("the provider refused: {code}")]
    Refused { code: String },
    /// Try again later.
    #[error("the provider cannot be reached now: {reason}")]
    Unavailable { reason: &'static str },
    #[error("the provider's answer cannot be understood")]
    Answer,
    #[error("the id_token is not acceptable: {0}")]
    IdToken(&'static str),
    /// The user did not tick (or the administrator does not allow) access to mail.
    #[error("access to mail was not granted")]
    MailScopeMissing { missing: Vec<String> },
    /// The provider gave access that cannot be renewed.
    #[error("the provider gave no refresh token")]
    NoRefreshToken,
}

impl OAuthError {
    /// A stable code for the callback's `oauth_error` and the UI's translations.
    #[must_use]
    pub fn code(&self) -> &str {
        match self {
            Self::Settings(_) => "settings_invalid",
            Self::Refused { code } => code,
            Self::Unavailable { .. } => "provider_unavailable",
            Self::Answer => "answer_invalid",
            Self::IdToken(_) => "id_token_invalid",
            Self::MailScopeMissing { .. } => "mail_scope_missing",
            Self::NoRefreshToken => "no_refresh_token",
        }
    }
}

/// What the caller keeps, sealed, between sending the browser away and its coming back.
#[derive(Serialize, Deserialize)]
pub struct Pending {
    state: String,
    verifier: String,
    nonce: String,
    redirect_uri: String,
}

impl fmt::Debug for Pending {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pending(..)")
    }
}

impl Pending {
    /// Whether the browser came back with the state that it was sent away with.
    #[must_use]
    pub fn is_state(&self, state: &str) -> bool {
        self.state.as_bytes().ct_eq(state.as_bytes()).into()
    }

    /// The state, to find this again by (its first characters are enough of an index).
    #[must_use]
    pub fn state(&self) -> &str {
        &self.state
    }
}

/// An access token and what belongs to it.
#[derive(Debug, Clone)]
pub struct Tokens {
    pub access_token: SecretString,
    pub expires_at: DateTime<Utc>,
    /// A new one replaces the old, which may be dead: store it before using the access token.
    pub refresh_token: Option<SecretString>,
    /// When the refresh token ends, where the provider tells.
    pub ends_at: Option<DateTime<Utc>>,
}

/// A connected mailbox.
#[derive(Clone)]
pub struct Grant {
    pub access_token: SecretString,
    pub expires_at: DateTime<Utc>,
    pub refresh_token: SecretString,
    /// The account's address, in lower case.
    pub address: String,
    /// The provider's stable identifier of the account.
    pub subject: String,
    pub granted_scopes: Vec<String>,
    /// When the refresh token ends, where the provider tells.
    pub ends_at: Option<DateTime<Utc>>,
}

impl fmt::Debug for Grant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Grant")
            .field("expires_at", &self.expires_at)
            .field("granted_scopes", &self.granted_scopes)
            .finish_non_exhaustive()
    }
}

/// What became of a refresh.
#[derive(Debug)]
pub enum Refresh {
    Refreshed(Tokens),
    /// The grant is dead (revoked, expired, consent needed again): a person has to reconnect. `code` and
    /// `suberror` are the provider's.
    Dead {
        code: String,
        suberror: Option<String>,
    },
    /// Our client id or secret is refused (expired secret): the mailbox's grant may be well, but the
    /// provider's settings need an admin.
    ClientRefused {
        code: String,
    },
    /// Try later, not before `retry_after` if that is given.
    Later {
        retry_after: Option<Duration>,
        reason: &'static str,
    },
}

/// Talks to the providers. Cheap to clone.
#[derive(Debug, Clone)]
pub struct OAuth {
    http: Carrier,
}

impl OAuth {
    pub fn new(net: &Net) -> Result<Self, NetError> {
        Ok(Self { http: Carrier(net.http_client()?) })
    }

    /// The address to send the browser to. `login_hint` preselects the account (for reconnecting).
    pub fn begin(
        &self,
        settings: &ProviderSettings,
        redirect_uri: &str,
        login_hint: Option<&str>,
        ids: &dyn Ids,
    ) -> Result<(Url, Pending), OAuthError> {
        let random = || {
            let mut bytes = [0_u8; 32];
            ids.fill(&mut bytes);
            URL_SAFE_NO_PAD.encode(bytes)
        };
        let pending = Pending {
            state: random(),
            verifier: random(),
            nonce: random(),
            redirect_uri: redirect_uri.to_owned(),
        };
        let client = client(settings, redirect_uri)?;
        let verifier = PkceCodeVerifier::new(pending.verifier.clone());
        let mut request = client
            .authorize_url(|| CsrfToken::new(pending.state.clone()))
            .add_scopes(settings.scopes.iter().cloned().map(Scope::new))
            .set_pkce_challenge(PkceCodeChallenge::from_code_verifier_sha256(&verifier))
            .add_extra_param("nonce", &pending.nonce);
        request = match settings.kind {
            // Only with a shown consent page does Google hand out a refresh token.
            Kind::Google => request
                .add_extra_param("access_type", "offline")
                .add_extra_param("prompt", "consent"),
            // Without it Microsoft signs in whoever is signed in already.
            Kind::Microsoft => request.add_extra_param("prompt", "select_account"),
        };
        if let Some(hint) = login_hint {
            request = request.add_extra_param("login_hint", hint);
        }
        Ok((request.url().0, pending))
    }

    /// Exchanges the code that the browser brought back. The caller has compared the state.
    pub async fn exchange(
        &self,
        settings: &ProviderSettings,
        pending: &Pending,
        code: &str,
        clock: &dyn Clock,
    ) -> Result<Grant, OAuthError> {
        let client = client(settings, &pending.redirect_uri)?;
        let answer = client
            .exchange_code(AuthorizationCode::new(code.to_owned()))
            .set_pkce_verifier(PkceCodeVerifier::new(pending.verifier.clone()))
            .request_async(&self.http)
            .await
            .map_err(exchange_error)?;
        let now = clock.now();
        let id_token = answer.extra_fields().id_token.as_deref();
        let id_token = id_token.ok_or(OAuthError::IdToken("there is none"))?;
        let identity = id_token::check(id_token, settings, &pending.nonce, now)?;
        let granted_scopes = granted(&answer, settings);
        let missing = missing_scopes(&settings.mail_scopes, &granted_scopes);
        if !missing.is_empty() {
            return Err(OAuthError::MailScopeMissing { missing });
        }
        let tokens = tokens(&answer, now);
        Ok(Grant {
            access_token: tokens.access_token,
            expires_at: tokens.expires_at,
            refresh_token: tokens.refresh_token.ok_or(OAuthError::NoRefreshToken)?,
            address: identity.address,
            subject: identity.subject,
            granted_scopes,
            ends_at: tokens.ends_at,
        })
    }

    /// Gets a new access token.
    pub async fn refresh(
        &self,
        settings: &ProviderSettings,
        refresh_token: &SecretString,
        clock: &dyn Clock,
    ) -> Refresh {
        // The redirect address plays no part in a refresh.
        let Ok(client) = client(settings, "http://localhost/") else {
            return Refresh::ClientRefused { code: "settings_invalid".into() };
        };
        let token = RefreshToken::new(refresh_token.expose_secret().to_owned());
        let answer = client.exchange_refresh_token(&token).request_async(&self.http).await;
        match answer {
            Ok(answer) => Refresh::Refreshed(tokens(&answer, clock.now())),
            Err(RequestTokenError::Request(Failure::Later { reason, retry_after })) => {
                Refresh::Later { retry_after, reason }
            }
            Err(RequestTokenError::Request(Failure::Answer { code, suberror })) => {
                sort_refusal(code, suberror)
            }
            Err(_) => {
                Refresh::Later { retry_after: None, reason: "the answer cannot be understood" }
            }
        }
    }

    /// Ends a grant at the provider (RFC 7009). `Ok(false)`: this provider has no way to.
    pub async fn revoke(
        &self,
        settings: &ProviderSettings,
        token: &SecretString,
    ) -> Result<bool, OAuthError> {
        let Some(url) = &settings.revoke_url else { return Ok(false) };
        let form = [("token", token.expose_secret())];
        let answer = self.http.0.post(url.clone()).form(&form).send().await;
        let status = answer
            .map_err(|_| OAuthError::Unavailable { reason: "the connection failed" })?
            .status();
        match status.as_u16() {
            200..300 | 400 => Ok(true), // 400 is Google's invalid_token: it is dead already
            429 | 500.. => Err(OAuthError::Unavailable { reason: "server error" }),
            other => Err(OAuthError::Refused { code: format!("http_{other}") }),
        }
    }
}

fn client(settings: &ProviderSettings, redirect_uri: &str) -> Result<Client, OAuthError> {
    let redirect = RedirectUrl::new(redirect_uri.to_owned())
        .map_err(|_| OAuthError::Settings("the redirect address is not a URL"))?;
    let secret = settings.client_secret.expose_secret().to_owned();
    Ok(oauth2::Client::new(ClientId::new(settings.client_id.clone()))
        .set_client_secret(ClientSecret::new(secret))
        .set_auth_type(AuthType::RequestBody) // both vendors document this one
        .set_auth_uri(AuthUrl::from_url(settings.authorize_url.clone()))
        .set_token_uri(TokenUrl::from_url(settings.token_url.clone()))
        .set_redirect_uri(redirect))
}

fn exchange_error(error: RequestTokenError<Failure, BasicErrorResponse>) -> OAuthError {
    match error {
        RequestTokenError::Request(Failure::Answer { code, .. }) => OAuthError::Refused { code },
        RequestTokenError::Request(Failure::Later { reason, .. }) => {
            OAuthError::Unavailable { reason }
        }
        _ => OAuthError::Answer,
    }
}

/// RFC 6749 section 5.2, OpenID Connect Core section 3.1.2.6, and Microsoft's reference of error codes.
/// What is unknown is taken for a hiccup and tried again: a mailbox must not be given up by mistake.
fn sort_refusal(code: String, suberror: Option<String>) -> Refresh {
    match code.as_str() {
        "invalid_grant"
        | "interaction_required"
        | "consent_required"
        | "login_required"
        | "account_selection_required"
        | "access_denied" => Refresh::Dead { code, suberror },
        "invalid_client"
        | "unauthorized_client"
        | "invalid_request"
        | "invalid_scope"
        | "unsupported_grant_type"
        | "deleted_client"
        | "disabled_client" => Refresh::ClientRefused { code },
        _ => Refresh::Later { retry_after: None, reason: "an unknown refusal" },
    }
}

fn tokens(answer: &Answer, now: DateTime<Utc>) -> Tokens {
    let lifetime = answer.expires_in().unwrap_or(DEFAULT_LIFETIME);
    let lifetime = TimeDelta::from_std(lifetime).unwrap_or(TimeDelta::hours(1));
    let refresh = answer.refresh_token().map(|token| SecretString::from(token.secret().as_str()));
    Tokens {
        access_token: SecretString::from(answer.access_token().secret().as_str()),
        expires_at: now.checked_add_signed(lifetime).unwrap_or(now),
        refresh_token: refresh,
        ends_at: ends_at(answer, now),
    }
}

fn ends_at(answer: &Answer, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let told = answer.extra_fields().refresh_token_expires_in.as_ref()?;
    let seconds = told.as_i64().or_else(|| told.as_str()?.parse().ok()).filter(|s| *s > 0)?;
    now.checked_add_signed(TimeDelta::try_seconds(seconds)?)
}

/// RFC 6749 section 5.1: no `scope` in the answer means that all was granted.
fn granted(answer: &Answer, settings: &ProviderSettings) -> Vec<String> {
    answer.scopes().map_or_else(
        || settings.scopes.clone(),
        |scopes| scopes.iter().map(|scope| scope.to_string()).collect(),
    )
}

/// Microsoft may answer in other capitals, or name the resource by another host.
fn missing_scopes(needed: &[String], granted: &[String]) -> Vec<String> {
    let last = |scope: &str| scope.rsplit('/').next().unwrap_or_default().to_lowercase();
    let has = |need: &String| {
        granted.iter().any(|have| {
            have.eq_ignore_ascii_case(need) || (!last(need).is_empty() && last(have) == last(need))
        })
    };
    needed.iter().filter(|need| !has(need)).cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::SeededIds;
    use crate::net::NetOptions;

    fn query(url: &Url) -> std::collections::HashMap<String, String> {
        url.query_pairs().into_owned().collect()
    }

    #[test]
    fn the_end_of_a_refresh_token_is_read_where_it_is_told() {
        let now = DateTime::UNIX_EPOCH;
        let of = |told: &str| {
            let text = format!(r#"{{"access_token":"a","token_type":"Bearer"{told}}}"#);
            tokens(&serde_json::from_str(&text).unwrap(), now).ends_at
        };
        let week = Some(now + TimeDelta::seconds(604_799));
        assert_eq!(of(r#","refresh_token_expires_in":604799"#), week);
        assert_eq!(of(r#","refresh_token_expires_in":"604799""#), week);
        for nothing in
            ["", r#","refresh_token_expires_in":0"#, r#","refresh_token_expires_in":null"#]
        {
            assert_eq!(of(nothing), None, "{nothing}");
        }
        for odd in [r#","refresh_token_expires_in":{}"#, r#","refresh_token_expires_in":9e99"#] {
            assert_eq!(of(odd), None, "{odd}");
        }
    }

    #[test]
    fn the_browser_is_sent_with_pkce_state_nonce_and_the_vendors_parameters() {
        let oauth = OAuth::new(&Net::new(&NetOptions::default()).unwrap()).unwrap();
        let google = ProviderSettings::google("id", "secret".into()).unwrap();
        let ids = SeededIds::new(1);
        let back = "https://desk.example/oauth/callback";
        let (url, pending) = oauth.begin(&google, back, Some("a@b.test"), &ids).unwrap();
        let sent = query(&url);
        for (name, value) in [
            ("client_id", "id"),
            ("redirect_uri", back),
            ("response_type", "code"),
            ("scope", "openid email https://mail.google.com/"),
            ("access_type", "offline"),
            ("prompt", "consent"),
            ("login_hint", "a@b.test"),
            ("code_challenge_method", "S256"),
        ] {
            assert_eq!(sent.get(name).map(String::as_str), Some(value), "{name}");
        }
        assert!(pending.is_state(&sent["state"]) && !pending.is_state("x"));
        assert!(!url.as_str().contains(&pending.verifier) && !url.as_str().contains("secret"));
        assert!(pending.verifier.len() >= 43 && sent["nonce"] == pending.nonce);
        let (again, _) = oauth.begin(&google, back, None, &ids).unwrap();
        assert_ne!(query(&again)["state"], sent["state"]);

        let microsoft = ProviderSettings::microsoft("id", "s".into(), "common").unwrap();
        let (url, _) = oauth.begin(&microsoft, back, None, &ids).unwrap();
        assert!(url.path().starts_with("/common/"));
        assert!(query(&url)["scope"].contains("offline_access"));
        assert!(ProviderSettings::microsoft("id", "s".into(), "../evil").is_err());
    }

    #[test]
    fn scopes_are_compared_as_the_vendors_write_them() {
        let texts = |list: &[&str]| list.iter().map(|&s| s.to_owned()).collect::<Vec<_>>();
        let google = texts(&["https://mail.google.com/"]);
        assert!(
            missing_scopes(&google, &texts(&["openid", "https://mail.google.com/"])).is_empty()
        );
        assert_eq!(missing_scopes(&google, &texts(&["openid", "https://other.test/"])), google);
        let microsoft = texts(&["https://outlook.office.com/SMTP.Send"]);
        assert!(missing_scopes(&microsoft, &texts(&["smtp.send"])).is_empty());
        assert_eq!(missing_scopes(&microsoft, &texts(&["imap.accessasuser.all"])), microsoft);
    }

    #[test]
    fn only_a_dead_grant_is_given_up() {
        let kind = |code: &str| match sort_refusal(code.into(), None) {
            Refresh::Dead { .. } => "dead",
            Refresh::ClientRefused { .. } => "client",
            Refresh::Later { .. } => "later",
            Refresh::Refreshed(_) => "refreshed",
        };
        assert_eq!(kind("invalid_grant"), "dead");
        assert_eq!(kind("interaction_required"), "dead");
        assert_eq!(kind("invalid_client"), "client");
        assert_eq!(kind("something_new"), "later");
    }
}
