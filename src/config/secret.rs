//! Secrets are read from anywhere and shown nowhere.

use secrecy::SecretString;
use serde::{Deserialize, Deserializer, Serializer};

/// Says only whether a secret is set.
#[expect(clippy::ref_option, reason = "serde's `with` decides the signature")]
pub(super) fn serialize<S: Serializer>(
    value: &Option<SecretString>,
    to: S,
) -> Result<S::Ok, S::Error> {
    match value {
        Some(_) => to.serialize_some("(set)"),
        None => to.serialize_none(),
    }
}

/// Reads a secret.
pub(super) fn deserialize<'de, D: Deserializer<'de>>(
    from: D,
) -> Result<Option<SecretString>, D::Error> {
    Ok(Option::<String>::deserialize(from)?.map(SecretString::from))
}
