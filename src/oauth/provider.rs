//! What the vendors document about themselves, all of it replaceable.

use secrecy::SecretString;
use url::Url;

use super::OAuthError;
use crate::net::{Endpoint, TlsMode};

/// Whose manners the provider has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    Google,
    Microsoft,
}

/// An OAuth client registration with everything needed to use it.
#[derive(Debug, Clone)]
pub struct ProviderSettings {
    pub kind: Kind,
    pub client_id: String,
    pub client_secret: SecretString,
    pub authorize_url: Url,
    pub token_url: Url,
    /// `None` where a grant cannot be revoked by us (Microsoft).
    pub revoke_url: Option<Url>,
    /// What the `id_token`'s `iss` must be. `{tenantid}` in it stands for any tenant's id.
    pub issuer: String,
    /// Asked for.
    pub scopes: Vec<String>,
    /// Must be granted, or the mailbox cannot be used.
    pub mail_scopes: Vec<String>,
    pub imap: Endpoint,
    pub smtp: Endpoint,
}

impl ProviderSettings {
    /// Google's endpoints (developers.google.com/identity/protocols/oauth2, 2026).
    pub fn google(client_id: &str, client_secret: SecretString) -> Result<Self, OAuthError> {
        Ok(Self {
            kind: Kind::Google,
            client_id: client_id.to_owned(),
            client_secret,
            authorize_url: url("https://accounts.google.com/o/oauth2/v2/auth")?,
            token_url: url("https://oauth2.googleapis.com/token")?,
            revoke_url: Some(url("https://oauth2.googleapis.com/revoke")?),
            issuer: "https://accounts.google.com".into(),
            scopes: texts(&["openid", "email", "https://mail.google.com/"]),
            mail_scopes: texts(&["https://mail.google.com/"]),
            imap: Endpoint::new("imap.gmail.com", 993, TlsMode::Implicit),
            smtp: Endpoint::new("smtp.gmail.com", 465, TlsMode::Implicit),
        })
    }

    /// Microsoft's endpoints (learn.microsoft.com, "Authenticate an IMAP, POP or SMTP connection using
    /// OAuth", 2026). `tenant` is a directory's id or domain, or `common` or `organizations`.
    pub fn microsoft(
        client_id: &str,
        client_secret: SecretString,
        tenant: &str,
    ) -> Result<Self, OAuthError> {
        let ordinary = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.');
        if tenant.is_empty() || !tenant.chars().all(ordinary) {
            return Err(OAuthError::Settings("the tenant is not an id or a domain"));
        }
        let mail = [
            "https://outlook.office.com/IMAP.AccessAsUser.All",
            "https://outlook.office.com/SMTP.Send",
        ];
        let base = format!("https://login.microsoftonline.com/{tenant}/oauth2/v2.0");
        Ok(Self {
            kind: Kind::Microsoft,
            client_id: client_id.to_owned(),
            client_secret,
            authorize_url: url(&format!("{base}/authorize"))?,
            token_url: url(&format!("{base}/token"))?,
            revoke_url: None,
            issuer: "https://login.microsoftonline.com/{tenantid}/v2.0".into(),
            scopes: [texts(&["openid", "email", "profile", "offline_access"]), texts(&mail)]
                .concat(),
            mail_scopes: texts(&mail),
            imap: Endpoint::new("outlook.office365.com", 993, TlsMode::Implicit),
            smtp: Endpoint::new("smtp.office365.com", 587, TlsMode::StartTls),
        })
    }
}

fn url(text: &str) -> Result<Url, OAuthError> {
    Url::parse(text).map_err(|_| OAuthError::Settings("an endpoint is not a URL"))
}

fn texts(list: &[&str]) -> Vec<String> {
    list.iter().map(|&text| text.to_owned()).collect()
}
