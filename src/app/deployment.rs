//! What the configuration says of outside hosts, for the register of processing.

use secrecy::{ExposeSecret, SecretString};
use url::{Host, Url};

use super::providers::Endpoints;
use crate::config::Config;
use crate::config::blobs::{BlobKind, Blobs};
use crate::domain::register::HostUse;
use crate::domain::words::Provider;
use crate::service::register::Deployment;

/// Where things are.
pub(super) fn of(config: &Config, providers: &Endpoints) -> Deployment {
    let database = &config.database;
    let mut hosts = Vec::new();
    let mut add = |host: Option<String>, what| hosts.extend(host.map(|host| (host, what)));
    add(config.smtp.host.clone(), HostUse::OwnMail);
    add(objects(&config.blobs), HostUse::SealedObjects);
    add(database.on_postgres().and_then(elsewhere), HostUse::Database);
    add(database.keyring_on_postgres().and_then(elsewhere), HostUse::Keyring);
    Deployment {
        hosts,
        google: providers.sign_in_hosts(Provider::Google),
        microsoft: providers.sign_in_hosts(Provider::Microsoft),
        keyring_in_database: database.keyring_on_postgres().is_some(),
        allows_private_hosts: config.security.allow_private_mail_hosts,
    }
}

fn objects(blobs: &Blobs) -> Option<String> {
    match (blobs.kind, &blobs.endpoint, &blobs.region) {
        (BlobKind::Fs, ..) => None,
        (BlobKind::S3, Some(endpoint), _) => endpoint.host_str().map(str::to_owned),
        (BlobKind::S3, None, region) => {
            let region = region.as_deref().unwrap_or("us-east-1");
            Some(format!("s3.{region}.amazonaws.com"))
        }
    }
}

/// The host of a database, unless it is this machine or a socket.
fn elsewhere(url: &SecretString) -> Option<String> {
    let url = Url::parse(url.expose_secret()).ok()?;
    let named = url.query_pairs().find(|(name, _)| name == "host");
    let host = match named {
        Some((_, host)) => host.into_owned(),
        None => url.host_str()?.to_owned(),
    };
    let here = host.is_empty()
        || host.starts_with('/')
        || host == "localhost"
        || match Host::parse(&host) {
            Ok(Host::Ipv4(address)) => address.is_loopback(),
            Ok(Host::Ipv6(address)) => address.is_loopback(),
            _ => false,
        };
    (!here).then_some(host)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_database_of_this_machine_is_no_outside_host() {
        let host = |url: &str| elsewhere(&url.into());
        assert_eq!(host("postgres://l:secret@db.example.com:5432/l").unwrap(), "db.example.com");
        assert_eq!(host("postgres://l@10.0.0.3/l").unwrap(), "10.0.0.3");
        assert_eq!(host("postgres://x/l?host=db.example.com").unwrap(), "db.example.com");
        for here in ["postgres://localhost/l", "postgres://127.0.0.1/l", "postgres://[::1]/l"] {
            assert_eq!(host(here), None, "{here}");
        }
        assert_eq!(host("postgres:///l?host=/run/postgresql"), None);
    }

    #[test]
    fn objects_go_to_the_endpoint_or_to_the_region() {
        let region = Some("eu-west-1".to_owned());
        let mut blobs = Blobs { kind: BlobKind::S3, region, ..Blobs::default() };
        assert_eq!(objects(&blobs).unwrap(), "s3.eu-west-1.amazonaws.com");
        blobs.endpoint = Some("https://objects.example.nl:9000/x".parse().unwrap());
        assert_eq!(objects(&blobs).unwrap(), "objects.example.nl");
        blobs.kind = BlobKind::Fs;
        assert_eq!(objects(&blobs), None);
    }
}
