//! Statements of deletion as files.

use serde::Serialize;
use utoipa::ToSchema;

use crate::service::purge::statement::Signed;

/// A signed statement. The signature is over the member `statement` in the form of RFC 8785.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct DeletionStatement {
    /// What is stated.
    pub statement: serde_json::Value,
    /// By whom.
    pub signature: StatementSignature,
}

/// A signature.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct StatementSignature {
    /// `Ed25519`.
    pub algorithm: String,
    /// The public key, base64.
    pub public_key: String,
    /// The signature, base64.
    pub value: String,
}

impl From<Signed> for DeletionStatement {
    fn from(signed: Signed) -> Self {
        Self {
            statement: signed.statement,
            signature: StatementSignature {
                algorithm: signed.signature.algorithm,
                public_key: signed.signature.public_key,
                value: signed.signature.value,
            },
        }
    }
}
