//! Why a connection could not be made or did not last.

use std::io;

/// A failure below the protocol. The words are for admins; no host, address or user is in them.
#[derive(Debug, thiserror::Error)]
pub enum NetError {
    #[error("the host name could not be resolved")]
    Resolve(#[source] io::Error),
    #[error("the host has only internal addresses, which the configuration does not allow")]
    Blocked,
    #[error("the server did not accept the connection")]
    Connect(#[source] io::Error),
    #[error("the server's certificate was not accepted: {0:?}")]
    Certificate(rustls::CertificateError),
    #[error("the TLS connection failed")]
    Tls(#[source] rustls::Error),
    #[error("the host is not a valid name")]
    HostName,
    #[error("no answer in time while {0}")]
    Timeout(&'static str),
    #[error("the server closed the connection")]
    Closed,
    #[error("the connection broke")]
    Broken(#[source] io::Error),
    #[error("{0}")]
    Roots(&'static str),
}

impl NetError {
    /// A stable code for the API and the UI's translations.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Resolve(_) => "host_not_found",
            Self::Blocked => "internal_address",
            Self::Connect(_) => "connection_refused",
            Self::Certificate(_) => "certificate_not_accepted",
            Self::Tls(_) => "tls_failed",
            Self::HostName => "host_name_invalid",
            Self::Timeout(_) => "timeout",
            Self::Closed | Self::Broken(_) => "connection_lost",
            Self::Roots(_) => "extra_roots_invalid",
        }
    }

    /// Finds the TLS failure that tokio-rustls hides in an `io::Error`.
    pub(crate) fn from_io(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::UnexpectedEof {
            return Self::Closed;
        }
        match error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>()) {
            Some(rustls::Error::InvalidCertificate(why)) => Self::Certificate(why.clone()),
            Some(other) => Self::Tls(other.clone()),
            None => Self::Broken(error),
        }
    }
}
