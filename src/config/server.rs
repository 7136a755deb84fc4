//! `[server]`: where Loket listens and by which address browsers reach it.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use serde::{Deserialize, Serialize};
use url::{Host, Url};

use super::key::{Key, Kind};
use super::problem::Findings;

/// Where Loket listens and how it is reached.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(default)]
pub struct Server {
    /// Address and port of the HTTP server.
    pub listen: SocketAddr,
    /// The address that browsers and OAuth providers use; see [`Server::public_url`].
    pub public_url: Option<Url>,
    /// Proxies whose `X-Forwarded-For` is believed: addresses or networks.
    pub trusted_proxies: Vec<String>,
}

impl Default for Server {
    fn default() -> Self {
        Self {
            listen: SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 8080),
            public_url: None,
            trusted_proxies: Vec::new(),
        }
    }
}

/// The keys of this section.
pub const KEYS: &[Key] = &[
    Key::new("listen", Kind::Listen, "Address and port of the HTTP server."),
    Key::new(
        "public_url",
        Kind::HttpUrl,
        "The address that browsers and OAuth providers use; https, or http on localhost. \
         Without it: `http://localhost:PORT` of `listen`.",
    ),
    Key::new(
        "trusted_proxies",
        Kind::List,
        "Proxies whose `X-Forwarded-For` is believed: addresses or networks (`10.0.0.0/8`).",
    ),
];

impl Server {
    /// The public address without a trailing slash: the configured one, or localhost.
    #[must_use]
    pub fn public_url(&self) -> String {
        match &self.public_url {
            Some(url) => url.as_str().trim_end_matches('/').to_owned(),
            None => format!("http://localhost:{}", self.listen.port()),
        }
    }

    /// Where the OAuth providers send the browser back to.
    #[must_use]
    pub fn redirect_uri(&self) -> String {
        format!("{}/oauth/callback", self.public_url())
    }

    pub(super) fn check(&self, findings: &mut Findings) {
        if let Some(url) = &self.public_url {
            check_public_url(url, findings);
        }
        for proxy in self.trusted_proxies.iter().filter(|proxy| !is_network(proxy)) {
            findings.add(
                "server.trusted_proxies",
                format!("\"{proxy}\" is not an IP address or network"),
                "write addresses such as 10.0.0.7 or networks such as 10.0.0.0/8",
            );
        }
    }
}

fn check_public_url(url: &Url, findings: &mut Findings) {
    const KEY: &str = "server.public_url";
    if url.scheme() == "http" && !is_local(url) {
        findings.add(
            KEY,
            format!("\"{url}\" is plain http, which would send passwords and mail unencrypted"),
            "put a proxy with TLS in front of Loket and write its https:// address; plain http \
             is for http://localhost and http://127.0.0.1 only",
        );
    }
    if url.path() != "/" || url.query().is_some() || url.fragment().is_some() {
        findings.add(
            KEY,
            format!("\"{url}\" has a path"),
            "give Loket a host name of its own and write only https://HOST or https://HOST:PORT",
        );
    }
    if !url.username().is_empty() || url.password().is_some() {
        findings.add(KEY, "it holds a user name or password", "leave out what is before the @");
    }
}

fn is_local(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address == Ipv4Addr::LOCALHOST,
        _ => false,
    }
}

/// An address, or an address and a prefix length that fits it.
fn is_network(text: &str) -> bool {
    let (address, prefix) = match text.split_once('/') {
        Some((address, prefix)) => (address, Some(prefix)),
        None => (text, None),
    };
    let Ok(address) = address.parse::<IpAddr>() else { return false };
    let longest = if address.is_ipv4() { 32 } else { 128 };
    prefix.is_none_or(|prefix| prefix.parse::<u8>().is_ok_and(|bits| bits <= longest))
}
