//! The claims of an `id_token` (OpenID Connect Core section 2) that came straight from the token endpoint.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, TimeDelta, Utc};
use serde::Deserialize;
use subtle::ConstantTimeEq as _;

use super::{OAuthError, ProviderSettings};

/// Clocks of two machines may differ by this much.
const LEEWAY: TimeDelta = TimeDelta::minutes(5);

#[derive(Debug, Deserialize)]
pub(super) struct Claims {
    iss: String,
    aud: Audience,
    exp: i64,
    nonce: Option<String>,
    sub: String,
    email: Option<String>,
    preferred_username: Option<String>,
    upn: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Many(Vec<String>),
}

/// Whose mailbox it is.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Identity {
    pub(super) subject: String,
    pub(super) address: String,
}

/// Checks the claims and returns who signed in.
pub(super) fn check(
    token: &str,
    settings: &ProviderSettings,
    nonce: &str,
    now: DateTime<Utc>,
) -> Result<Identity, OAuthError> {
    let claims = decode(token).ok_or(OAuthError::IdToken("it cannot be read"))?;
    if !issuer_matches(&settings.issuer, &claims.iss) {
        return Err(OAuthError::IdToken("it is from another issuer"));
    }
    let for_us = match &claims.aud {
        Audience::One(one) => *one == settings.client_id,
        Audience::Many(many) => many.contains(&settings.client_id),
    };
    if !for_us {
        return Err(OAuthError::IdToken("it is for another application"));
    }
    let expiry = DateTime::from_timestamp(claims.exp, 0);
    if expiry.is_none_or(|expiry| expiry + LEEWAY < now) {
        return Err(OAuthError::IdToken("it has expired"));
    }
    let same = claims.nonce.is_some_and(|got| got.as_bytes().ct_eq(nonce.as_bytes()).into());
    if !same {
        return Err(OAuthError::IdToken("it belongs to another sign-in"));
    }
    // Microsoft sends `email` only for accounts that have one set; the sign-in name is an address then.
    let address = [claims.email, claims.preferred_username, claims.upn]
        .into_iter()
        .flatten()
        .find(|name| name.contains('@'))
        .ok_or(OAuthError::IdToken("it names no mail address"))?;
    Ok(Identity { subject: claims.sub, address: address.to_lowercase() })
}

fn decode(token: &str) -> Option<Claims> {
    let payload = token.split('.').nth(1)?;
    let json = URL_SAFE_NO_PAD.decode(payload.trim_end_matches('=')).ok()?;
    serde_json::from_slice(&json).ok()
}

/// Google's may lack the scheme (both forms are documented); Microsoft's holds the user's tenant whatever tenant was asked.
fn issuer_matches(expected: &str, got: &str) -> bool {
    if let Some((before, after)) = expected.split_once("{tenantid}") {
        let tenant = got.strip_prefix(before).and_then(|rest| rest.strip_suffix(after));
        return tenant.is_some_and(|t| {
            !t.is_empty() && t.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
        });
    }
    got == expected || expected.strip_prefix("https://") == Some(got)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    const NOW: i64 = 1_800_000_000;

    fn checked(change: impl FnOnce(&mut Value)) -> Result<Identity, OAuthError> {
        let mut claims = json!({
            "iss": "https://accounts.google.com", "aud": "client", "exp": NOW + 3600,
            "nonce": "n", "sub": "117", "email": "Support@Acme.test",
        });
        change(&mut claims);
        let payload = URL_SAFE_NO_PAD.encode(claims.to_string());
        let settings = ProviderSettings::google("client", "secret".into()).unwrap();
        let now = DateTime::from_timestamp(NOW, 0).unwrap();
        check(&format!("e30.{payload}.sig"), &settings, "n", now)
    }

    #[test]
    fn good_claims_name_the_mailbox() {
        let identity = checked(|_| ()).unwrap();
        assert_eq!(identity.subject, "117");
        assert_eq!(identity.address, "support@acme.test");
        assert!(checked(|c| c["iss"] = "accounts.google.com".into()).is_ok());
        assert!(checked(|c| c["aud"] = json!(["x", "client"])).is_ok());
        let upn = checked(|c| {
            c["email"] = Value::Null;
            c["preferred_username"] = "A@b.test".into();
        });
        assert_eq!(upn.unwrap().address, "a@b.test");
    }

    #[test]
    fn each_bad_claim_is_refused() {
        let changes: [(&str, Value); 7] = [
            ("iss", "https://evil.test".into()),
            ("aud", "other".into()),
            ("aud", json!(["other"])),
            ("exp", (NOW - 3600).into()),
            ("nonce", "m".into()),
            ("nonce", Value::Null),
            ("email", "no address".into()),
        ];
        for (claim, value) in changes {
            assert!(checked(|c| c[claim] = value.clone()).is_err(), "{claim} {value}");
        }
        assert!(check_raw("").is_err() && check_raw("a.b.c").is_err());
    }

    fn check_raw(token: &str) -> Result<Identity, OAuthError> {
        let settings = ProviderSettings::google("client", "secret".into()).unwrap();
        check(token, &settings, "n", DateTime::UNIX_EPOCH)
    }

    #[test]
    fn any_tenant_of_microsoft_is_its_issuer_and_nothing_else_is() {
        let expected = "https://login.microsoftonline.com/{tenantid}/v2.0";
        let of = |tenant: &str| format!("https://login.microsoftonline.com/{tenant}/v2.0");
        assert!(issuer_matches(expected, &of("9188040d-6c67-4c5b-b112-36a304b66dad")));
        for bad in [of(""), of("a/b"), of("x") + "/", "https://evil.test/x/v2.0".to_owned()] {
            assert!(!issuer_matches(expected, &bad), "{bad}");
        }
    }
}
