//! `[blobs]`: where sealed mail over 64 KiB is kept.

use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use url::Url;

use super::key::{Key, Kind};
use super::problem::Findings;

/// Where sealed mail over 64 KiB is kept.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Blobs {
    /// Files or objects.
    pub kind: BlobKind,
    /// S3: the bucket.
    pub bucket: Option<String>,
    /// S3: the region.
    pub region: Option<String>,
    /// S3: the endpoint of a provider other than AWS.
    pub endpoint: Option<Url>,
    /// S3: the access key's id.
    pub access_key_id: Option<String>,
    /// S3: the access key's secret.
    #[serde(with = "super::secret")]
    pub secret_access_key: Option<SecretString>,
}

/// The kinds of store.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum BlobKind {
    /// Files in `blobs` in the data folder.
    #[default]
    Fs,
    /// An S3-compatible object store.
    S3,
}

/// The keys of this section.
pub const KEYS: &[Key] = &[
    Key::new(
        "kind",
        Kind::Choice(&["fs", "s3"]),
        "`fs`: files in `blobs` in the data folder; `s3`: an S3-compatible object store.",
    ),
    Key::new("bucket", Kind::Text, "S3: the bucket."),
    Key::new("region", Kind::Text, "S3: the region."),
    Key::new("endpoint", Kind::HttpUrl, "S3: the endpoint of a provider other than AWS."),
    Key::new("access_key_id", Kind::Text, "S3: the access key's id."),
    Key::new("secret_access_key", Kind::Secret, "S3: the access key's secret."),
];

impl Blobs {
    pub(super) fn check(&self, findings: &mut Findings) {
        if self.kind == BlobKind::Fs {
            return;
        }
        for (key, missing) in [
            ("blobs.bucket", self.bucket.is_none()),
            ("blobs.region", self.region.is_none() && self.endpoint.is_none()),
            ("blobs.access_key_id", self.access_key_id.is_none()),
            ("blobs.secret_access_key", self.secret_access_key.is_none()),
        ] {
            if missing {
                findings.add(key, "it is missing, and blobs.kind is s3", "give it a value");
            }
        }
    }
}
