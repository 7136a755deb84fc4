//! TCP and TLS connections to mail servers.

use std::collections::VecDeque;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use futures::StreamExt as _;
use futures::stream::FuturesUnordered;
use rustls_pki_types::ServerName;
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_util::either::Either;

use super::{Guard, Net, NetError};

/// The resolver's own retries end after about 10 s; longer means that it is down.
const RESOLVE: Duration = Duration::from_secs(12);
/// All attempts to connect together. Mail servers answer within one or two seconds or not at all.
const CONNECT: Duration = Duration::from_secs(20);
/// RFC 8305 section 8: how long an address may be silent before the next one is tried beside it.
const NEXT_ADDRESS: Duration = Duration::from_millis(250);
/// Handshakes take two round trips; busy servers take seconds, never this long.
const HANDSHAKE: Duration = Duration::from_secs(20);

/// How a connection becomes encrypted. Plain text is not offered: passwords and mail go over it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TlsMode {
    /// TLS from the first byte (993, 465).
    Implicit,
    /// Upgraded by STARTTLS, and given up when the server does not offer it (143, 587).
    StartTls,
}

/// Where a server listens.
#[derive(Debug, Clone, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub struct Endpoint {
    /// A DNS name or an IP address.
    pub host: String,
    pub port: u16,
    pub tls: TlsMode,
}

impl Endpoint {
    #[must_use]
    pub fn new(host: impl Into<String>, port: u16, tls: TlsMode) -> Self {
        Self { host: host.into(), port, tls }
    }
}

/// A connection, plain (before STARTTLS) or encrypted.
pub type Stream = Either<TcpStream, Box<TlsStream<TcpStream>>>;

impl Net {
    /// Connects. With [`TlsMode::Implicit`] the stream is encrypted, with [`TlsMode::StartTls`] it is
    /// still plain and must go through [`Net::start_tls`].
    pub async fn dial(&self, endpoint: &Endpoint) -> Result<Stream, NetError> {
        let tcp = connect(&endpoint.host, endpoint.port, self.guard).await?;
        match endpoint.tls {
            TlsMode::Implicit => self.start_tls(&endpoint.host, Either::Left(tcp)).await,
            TlsMode::StartTls => Ok(Either::Left(tcp)),
        }
    }

    /// Encrypts a plain stream, checking the certificate for `host`. The caller must have read
    /// everything that the server said in plain text (what follows could be an attacker's).
    pub async fn start_tls(&self, host: &str, stream: Stream) -> Result<Stream, NetError> {
        let Either::Left(tcp) = stream else { return Ok(stream) };
        let name = ServerName::try_from(host.to_owned()).map_err(|_| NetError::HostName)?;
        let handshake = TlsConnector::from(self.mail_tls.clone()).connect(name, tcp);
        let tls = timeout(HANDSHAKE, handshake)
            .await
            .map_err(|_| NetError::Timeout("negotiating TLS"))?
            .map_err(NetError::from_io)?;
        Ok(Either::Right(Box::new(tls)))
    }
}

/// Resolves a host and drops what the guard forbids.
pub(super) async fn resolve(
    host: &str,
    port: u16,
    guard: Guard,
) -> Result<Vec<SocketAddr>, NetError> {
    let found: Vec<SocketAddr> = if let Ok(ip) = host.parse::<IpAddr>() {
        vec![SocketAddr::new(ip, port)]
    } else {
        let looking = tokio::net::lookup_host((host, port));
        timeout(RESOLVE, looking)
            .await
            .map_err(|_| NetError::Timeout("resolving the host name"))?
            .map_err(NetError::Resolve)?
            .collect()
    };
    if found.is_empty() {
        return Err(NetError::Resolve(io::ErrorKind::NotFound.into()));
    }
    let allowed: Vec<_> = found.into_iter().filter(|a| guard.allows(a.ip())).collect();
    if allowed.is_empty() { Err(NetError::Blocked) } else { Ok(allowed) }
}

async fn connect(host: &str, port: u16, guard: Guard) -> Result<TcpStream, NetError> {
    let addresses = resolve(host, port, guard).await?;
    let tcp = timeout(CONNECT, connect_any(addresses))
        .await
        .map_err(|_| NetError::Timeout("connecting"))?
        .map_err(NetError::Connect)?;
    tcp.set_nodelay(true).map_err(NetError::Connect)?;
    Ok(tcp)
}

/// RFC 8305: addresses in the resolver's order with the families taking turns; the next starts when
/// the last one failed or was silent for [`NEXT_ADDRESS`]; the first connection wins.
async fn connect_any(addresses: Vec<SocketAddr>) -> io::Result<TcpStream> {
    let mut waiting = take_turns(addresses);
    let mut running = FuturesUnordered::new();
    let mut last = io::Error::from(io::ErrorKind::AddrNotAvailable);
    loop {
        if let Some(address) = waiting.pop_front() {
            running.push(TcpStream::connect(address));
        }
        let wait = if waiting.is_empty() { CONNECT } else { NEXT_ADDRESS };
        match timeout(wait, running.next()).await {
            Ok(Some(Ok(tcp))) => return Ok(tcp),
            Ok(Some(Err(error))) => last = error,
            Ok(None) => return Err(last),
            Err(_) => {}
        }
    }
}

fn take_turns(addresses: Vec<SocketAddr>) -> VecDeque<SocketAddr> {
    let six_first = addresses.first().is_some_and(SocketAddr::is_ipv6);
    let (first, second): (Vec<_>, Vec<_>) =
        addresses.into_iter().partition(|a| a.is_ipv6() == six_first);
    let (mut first, mut second) = (first.into_iter(), second.into_iter());
    let mut out = VecDeque::new();
    loop {
        match (first.next(), second.next()) {
            (None, None) => return out,
            (a, b) => out.extend(a.into_iter().chain(b)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn families_take_turns() {
        let parse = |text: &str| text.parse::<SocketAddr>().unwrap();
        let given = ["[2001:db8::1]:1", "[2001:db8::2]:1", "192.0.2.1:1"].map(parse).to_vec();
        let turns: Vec<_> = take_turns(given).into();
        assert_eq!(turns, ["[2001:db8::1]:1", "192.0.2.1:1", "[2001:db8::2]:1"].map(parse));
    }

    #[tokio::test]
    async fn internal_hosts_are_refused_before_a_packet_leaves() {
        for host in ["127.0.0.1", "10.0.0.1", "::1", "localhost"] {
            let refused = connect(host, 1, Guard::PublicOnly).await;
            assert!(matches!(refused, Err(NetError::Blocked)), "{host}: {refused:?}");
        }
    }

    #[tokio::test]
    async fn a_dead_address_does_not_stop_the_next_one() {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let live = listener.local_addr().unwrap();
        // Nothing listens on port 1 of loopback: refused at once.
        let tcp = connect_any(vec!["127.0.0.1:1".parse().unwrap(), live]).await.unwrap();
        assert_eq!(tcp.peer_addr().unwrap(), live);
        assert!(connect_any(vec!["127.0.0.1:1".parse().unwrap()]).await.is_err());
    }
}
