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

    /// Microsoft's page on which a tenant's administrator consents for everybody, beside its page of
    /// consent (learn.microsoft.com, "Admin consent on the Microsoft identity platform", 2026).
    #[must_use]
    pub fn admin_consent_url(&self, redirect_uri: &str) -> Option<Url> {
        if self.kind != Kind::Microsoft {
            return None;
        }
        let path = self.authorize_url.path().strip_suffix("/oauth2/v2.0/authorize")?;
        let mut url = self.authorize_url.clone();
        url.set_path(&format!("{path}/v2.0/adminconsent"));
        // The page takes resources' scopes only, not those of OpenID.
        let scopes: Vec<&str> = self.mail_scopes.iter().map(String::as_str).collect();
        url.query_pairs_mut()
            .clear()
            .append_pair("client_id", &self.client_id)
            .append_pair("scope", &scopes.join(" "))
            .append_pair("redirect_uri", redirect_uri);
        Some(url)
    }
}

fn url(text: &str) -> Result<Url, OAuthError> {
    Url::parse(text).map_err(|_| OAuthError::Settings("an endpoint is not a URL"))
}

fn texts(list: &[&str]) -> Vec<String> {
    list.iter().map(|&text| text.to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_microsoft_has_a_page_for_administrators() {
        let back = "https://desk.example.com/oauth/callback";
        let google = ProviderSettings::google("id", "secret".into()).unwrap();
        assert_eq!(google.admin_consent_url(back), None);
        let microsoft = ProviderSettings::microsoft("id", "secret".into(), "acme.com").unwrap();
        assert_eq!(
            microsoft.admin_consent_url(back).unwrap().as_str(),
            "https://login.microsoftonline.com/acme.com/v2.0/adminconsent?client_id=id\
             &scope=https%3A%2F%2Foutlook.office.com%2FIMAP.AccessAsUser.All+\
             https%3A%2F%2Foutlook.office.com%2FSMTP.Send\
             &redirect_uri=https%3A%2F%2Fdesk.example.com%2Foauth%2Fcallback"
        );
    }
}
