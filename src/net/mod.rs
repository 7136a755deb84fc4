//! Everything that leaves this machine goes through here.
//!
//! 1. [`Net::new`] builds the two TLS configurations once (mail without ALPN, HTTP with it): rustls on
//!    ring, the platform's roots, and the extra roots that the configuration names (private CAs).
//! 2. [`Net::dial`] resolves, drops addresses that the [`Guard`] forbids, connects to the rest in
//!    RFC 8305's manner, and speaks TLS at once where the [`Endpoint`] says so. For STARTTLS the
//!    protocol module does its plain-text part and then calls [`Net::start_tls`].
//! 3. [`Net::http_client`] gives a reqwest client for OAuth endpoints that the operator configured:
//!    our TLS, timeouts, no redirects; [`read_capped`] reads an answer of bounded size.
//! 4. [`Net::fetch_remote_image`] fetches a picture that a stranger's mail names: public addresses
//!    only, checked after resolving, at each redirect.
//!
//! To reach a new kind of server: add a module that takes `&Net`; never open a socket elsewhere.

mod credentials;
mod dial;
mod error;
mod guard;
mod http;
mod image;

pub use credentials::{Credentials, ServerWords};
pub use dial::{Endpoint, Stream, TlsMode};
pub use error::NetError;
pub use guard::{Guard, is_public};
pub use http::read_capped;
pub use image::{ImageError, RemoteImage};

use std::sync::Arc;

use rustls::ClientConfig;
use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject;

/// What [`Net`] is built from.
#[derive(Debug, Clone, Default)]
pub struct NetOptions {
    /// PEM text of further root certificates (a private CA; the test rig's).
    pub extra_roots_pem: Option<Vec<u8>>,
    /// Which addresses mailbox servers may have. Remote images are always [`Guard::PublicOnly`].
    pub guard: Guard,
}

/// The way out. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Net {
    mail_tls: Arc<ClientConfig>,
    http_tls: Arc<ClientConfig>,
    guard: Guard,
}

impl Net {
    /// Loads the roots and builds the TLS configurations. Reads the disk: call it once, at the start.
    pub fn new(options: &NetOptions) -> Result<Self, NetError> {
        let mut extra = Vec::new();
        if let Some(pem) = &options.extra_roots_pem {
            for root in CertificateDer::pem_slice_iter(pem) {
                extra.push(root.map_err(|_| NetError::Roots("an extra root is not valid PEM"))?);
            }
            if extra.is_empty() {
                return Err(NetError::Roots("the extra roots hold no certificate"));
            }
        }
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let verifier =
            rustls_platform_verifier::Verifier::new_with_extra_roots(extra, provider.clone())
                .map_err(NetError::Tls)?;
        let mail = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(NetError::Tls)?
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(verifier))
            .with_no_client_auth();
        let mut http = mail.clone();
        http.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        Ok(Self { mail_tls: Arc::new(mail), http_tls: Arc::new(http), guard: options.guard })
    }
}
