//! Google's and Microsoft's endpoints, with what the configuration replaces.

use secrecy::SecretString;

use crate::config::providers as config;
use crate::domain::words::Provider;
use crate::oauth::{OAuthError, ProviderSettings};
use crate::service::mailboxes::{MailServer, Tls};
use crate::service::ports::ConfiguredClient;
use crate::service::{ProviderServers, Servers};

/// The endpoints of both vendors.
#[derive(Debug, Clone)]
pub(super) struct Endpoints {
    google: config::Provider,
    microsoft: config::Microsoft,
}

impl Endpoints {
    pub(super) fn new(providers: &config::Providers) -> Self {
        Self { google: providers.google.clone(), microsoft: providers.microsoft.clone() }
    }

    /// Everything that talking OAuth to a provider needs.
    pub(super) fn settings(
        &self,
        provider: Provider,
        client_id: &str,
        client_secret: SecretString,
        tenant: Option<&str>,
    ) -> Result<ProviderSettings, OAuthError> {
        let (mut settings, own) = match provider {
            Provider::Microsoft => {
                let tenant = tenant.unwrap_or(&self.microsoft.tenant);
                (
                    ProviderSettings::microsoft(client_id, client_secret, tenant)?,
                    &self.microsoft.provider,
                )
            }
            _ => (ProviderSettings::google(client_id, client_secret)?, &self.google),
        };
        if let Some(url) = &own.authorize_url {
            settings.authorize_url = url.clone();
        }
        if let Some(url) = &own.token_url {
            settings.token_url = url.clone();
        }
        if let Some(url) = &own.revoke_url {
            settings.revoke_url = Some(url.clone());
        }
        if let Some(issuer) = &own.issuer {
            settings.issuer.clone_from(issuer);
        }
        if let Some(scopes) = &own.scopes {
            settings.scopes.clone_from(scopes);
        }
        Ok(settings)
    }

    /// Hosts that the server asks for tokens and ends grants at. The page of consent is opened by a
    /// browser and not by the server, but what a user enters there goes to it.
    pub(super) fn sign_in_hosts(&self, provider: Provider) -> Vec<String> {
        let Ok(settings) = self.settings(provider, "register", SecretString::default(), None)
        else {
            return Vec::new();
        };
        let urls = [Some(settings.authorize_url), Some(settings.token_url), settings.revoke_url];
        let mut hosts: Vec<String> =
            urls.iter().flatten().filter_map(|url| url.host_str().map(str::to_owned)).collect();
        hosts.sort_unstable();
        hosts.dedup();
        hosts
    }

    /// The vendors' mail servers, or those that stand in for them.
    pub(super) fn servers(&self) -> ProviderServers {
        ProviderServers {
            google: servers(
                &self.google,
                server("imap.gmail.com", 993, Tls::Implicit),
                server("smtp.gmail.com", 465, Tls::Implicit),
            ),
            microsoft: servers(
                &self.microsoft.provider,
                server("outlook.office365.com", 993, Tls::Implicit),
                server("smtp.office365.com", 587, Tls::Starttls),
            ),
        }
    }
}

/// The clients that the configuration holds.
pub(super) fn configured_clients(providers: &config::Providers) -> Vec<ConfiguredClient> {
    let client = |provider, of: &config::Provider, tenant: Option<String>| {
        Some(ConfiguredClient {
            provider,
            client_id: of.client_id.clone()?,
            client_secret: of.client_secret.clone()?,
            tenant,
            secret_ends: of.secret_ends,
        })
    };
    let tenant = Some(providers.microsoft.tenant.clone());
    let google = client(Provider::Google, &providers.google, None);
    let microsoft = client(Provider::Microsoft, &providers.microsoft.provider, tenant);
    google.into_iter().chain(microsoft).collect()
}

fn server(host: &str, port: u16, tls: Tls) -> MailServer {
    MailServer { host: host.to_owned(), port, tls }
}

fn servers(own: &config::Provider, imap: MailServer, smtp: MailServer) -> Servers {
    let tls = |tls: crate::config::smtp::Tls| match tls {
        crate::config::smtp::Tls::Implicit => Tls::Implicit,
        crate::config::smtp::Tls::Starttls => Tls::Starttls,
    };
    Servers {
        imap: MailServer {
            host: own.imap_host.clone().unwrap_or(imap.host),
            port: own.imap_port.unwrap_or(imap.port),
            tls: own.imap_tls.map_or(imap.tls, tls),
        },
        smtp: MailServer {
            host: own.smtp_host.clone().unwrap_or(smtp.host),
            port: own.smtp_port.unwrap_or(smtp.port),
            tls: own.smtp_tls.map_or(smtp.tls, tls),
        },
    }
}
