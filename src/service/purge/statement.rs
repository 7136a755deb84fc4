//! The statement of deletion: what was deleted, when, on whose request, which keys died, and until
//! when a backup could hold a trace. Signed with Ed25519; it outlives the data.
//!
//! The signed bytes are the JSON of [`Statement`] with its members sorted by name and no blanks
//! (RFC 8785, of which numbers are whole here). A [`Signed`] file carries them with the signature and
//! the public key. [`verify`] never trusts the key in the file: whoever checks names the
//! fingerprint that they know.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use chrono::{DateTime, SecondsFormat, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::days;
use crate::audit::{Action, ObjectKind};
use crate::authz::{Actor, Permission};
use crate::crypto::{PublicKey, Signer};
use crate::service::access::{self, Object};
use crate::service::{Result, ServiceError, Services};
use crate::store::purge_rows::{self, Of};
use crate::store::purges::{self, Counts, Purge};
use crate::store::{channels, organizations};

/// The format of the file.
pub const FORMAT: &str = "loket-deletion-statement/1";

/// The purpose that the signature is bound to.
const LABEL: &str = "deletion-statement.1";

/// What is stated. No personal data: ids, times, numbers, and the organization's name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Statement {
    /// [`FORMAT`].
    pub format: String,
    /// Its id.
    pub id: Uuid,
    /// Whose data it was.
    pub organization: Organization,
    /// What was deleted.
    pub subject: Subject,
    /// Why, and at whose request.
    pub request: Request,
    /// The steps, with their times.
    pub times: Times,
    /// How many of each kind there were; all of them are deleted.
    pub deleted: Counts,
    /// What legal holds keep of it.
    pub kept: Kept,
    /// Which keys died.
    pub keys: Keys,
    /// What may last elsewhere, and until when.
    pub remnants: Remnants,
    /// What else an organization had that was closed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed: Option<Closed>,
    /// The key that signed.
    pub signing_key: SigningKey,
}

/// An organization.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Organization {
    /// Its id.
    pub id: Uuid,
    /// Its name.
    pub name: String,
}

/// A mailbox or an organization, by its id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Subject {
    /// `mailbox` or `organization`.
    pub kind: String,
    /// Its id.
    pub id: Uuid,
    /// Where the mailbox lived; nothing for an organization.
    pub provider: String,
}

/// Why, and at whose request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Request {
    /// `request`, `dead_grant` or `closing`.
    pub cause: String,
    /// The member who asked, by id.
    pub by: Option<Uuid>,
    /// The member who asked for it before the window's end.
    pub early_by: Option<Uuid>,
    /// The member who agreed to that.
    pub early_confirmed_by: Option<Uuid>,
}

/// When what happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Times {
    /// It was asked for.
    pub requested_at: String,
    /// The window ended in which it could be undone.
    pub window_ended_at: String,
    /// The keys died.
    pub keys_destroyed_at: Option<String>,
    /// Nothing was left.
    pub finished_at: Option<String>,
}

/// Which keys died.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Keys {
    /// The ids of the keys on which all others of the data hung.
    pub destroyed: Vec<Uuid>,
    /// The newest entry of the forget-list when this was signed.
    pub forget_list_number: u64,
}

/// What legal holds keep, open to those only whom they name, until they end.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Kept {
    /// The holds.
    pub holds: Vec<Uuid>,
    /// The tickets.
    pub tickets: u64,
    /// Their messages.
    pub messages: u64,
}

/// What may last elsewhere, and until when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Remnants {
    /// By then no backup of the keys is left that could open anything.
    pub readable_until: String,
    /// By then the last backup of data is gone; until then it holds ciphertext, ids, times and keyed hashes of
    /// addresses, and nothing that can be read.
    pub backups_until: String,
    /// Whether the keys live in the same PostgreSQL cluster as the data.
    pub keys_in_same_cluster: bool,
}

/// An organization that was closed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Closed {
    /// How many mailboxes it had.
    pub mailboxes: i64,
    /// How many users.
    pub users: i64,
    /// When whoever asked confirmed it by their mail.
    pub confirmed_at: Option<String>,
    /// The second owner who confirmed it.
    pub second_by: Option<Uuid>,
    /// When the export of all of it was ready.
    pub exported_at: Option<String>,
    /// When one was last downloaded; null when none ever was.
    pub export_downloaded_at: Option<String>,
    /// The statements of its mailboxes.
    pub statements: Vec<Uuid>,
}

/// The key that signed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SigningKey {
    /// Its id.
    pub id: Uuid,
    /// SHA-256 of the public key, in hexadecimal digits.
    pub fingerprint: String,
}

/// The file.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Signed {
    /// What is stated.
    pub statement: Value,
    /// By whom.
    pub signature: Signature,
}

/// A signature.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Signature {
    /// `Ed25519`.
    pub algorithm: String,
    /// The public key, base64.
    pub public_key: String,
    /// The signature, base64.
    pub value: String,
}

/// Why a statement is not to be believed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// Not a statement.
    #[error("this is no statement of deletion: {0}")]
    Malformed(String),
    /// No fingerprint to compare with.
    #[error(
        "unauthenticated: anybody can make a key and sign with it. Give --key with the fingerprint \
         that the organization has published (this file says {found})"
    )]
    Unauthenticated {
        /// The fingerprint of the key in the file.
        found: String,
    },
    /// Signed by another key.
    #[error("the file is signed by another key ({found}) than the one given")]
    OtherKey {
        /// The fingerprint of the key in the file.
        found: String,
    },
    /// The signature is not over these words.
    #[error("the signature does not fit: the statement was altered or forged")]
    Altered,
}

/// The fingerprint of a public key.
#[must_use]
pub fn fingerprint(key: &PublicKey) -> String {
    hex::encode(Sha256::digest(key.0))
}

/// Makes and signs the statement of a purge that has ended.
pub(super) async fn sign(services: &Services, purge: &Purge) -> Result<purges::Statement> {
    let store = services.store();
    let organization = organizations::find(store, purge.organization_id).await?;
    let organization = organization.ok_or(ServiceError::NotFound)?;
    let channel = channels::find(store, purge.organization_id, purge.channel_id).await?;
    let channel = channel.ok_or(ServiceError::NotFound)?;
    let signer = store.keyring().signer().await?;
    let forgetting = services.options().forgetting;
    let id = store.new_id();
    let destroyed_at = purge.keys_destroyed_at.unwrap_or_else(|| store.now());
    let finished_at = purge.finished_at.unwrap_or_else(|| store.now());
    let (kept, deleted) = kept(services, purge).await?;
    let statement = Statement {
        format: FORMAT.to_owned(),
        id,
        organization: Organization { id: organization.id.0, name: organization.name },
        subject: Subject {
            kind: "mailbox".to_owned(),
            id: purge.channel_id.0,
            provider: purge.provider.as_str().to_owned(),
        },
        request: Request {
            cause: purge.cause.as_str().to_owned(),
            by: purge.requested_by.map(|id| id.0),
            early_by: purge.early_by.map(|id| id.0),
            early_confirmed_by: purge.early_confirmed_by.map(|id| id.0),
        },
        times: Times {
            requested_at: time(purge.requested_at),
            window_ended_at: time(purge.due_at),
            keys_destroyed_at: purge.keys_destroyed_at.map(time),
            finished_at: purge.finished_at.map(time),
        },
        deleted,
        kept,
        keys: Keys {
            destroyed: vec![channel.key_id],
            forget_list_number: store.keyring().last_forgotten().await?,
        },
        remnants: Remnants {
            readable_until: time(destroyed_at + days(forgetting.keyring_backup_days)),
            backups_until: time(finished_at + days(forgetting.last_backup_days)),
            keys_in_same_cluster: store.is_one_cluster().await?,
        },
        closed: None,
        signing_key: SigningKey {
            id: signer.key_id(),
            fingerprint: fingerprint(&signer.public_key()),
        },
    };
    let (body, signature) = seal(&signer, &statement)?;
    Ok(purges::Statement {
        organization_id: purge.organization_id,
        id,
        purge_id: purge.id,
        at: store.now(),
        body,
        signing_key_id: signer.key_id(),
        signature,
    })
}

/// The bytes that are signed, and the signature.
pub(in crate::service) fn seal(
    signer: &Signer,
    statement: &Statement,
) -> Result<(String, Vec<u8>)> {
    let value = serde_json::to_value(statement).map_err(ServiceError::internal)?;
    let body = canonical(&value);
    let signature = signer.sign(LABEL, body.as_bytes()).to_vec();
    Ok((body, signature))
}

/// What holds keep of it, and what is deleted without that.
async fn kept(services: &Services, purge: &Purge) -> Result<(Kept, Counts)> {
    let store = services.store();
    let of = Of { organization_id: purge.organization_id, channel_id: purge.channel_id };
    let held = purge_rows::held_tickets(store, of).await?;
    let mut deleted = purge.counts;
    if held.is_empty() {
        return Ok((Kept::default(), deleted));
    }
    let left = purge_rows::count(store, of).await?;
    deleted.tickets -= left.tickets;
    deleted.messages -= left.messages;
    deleted.attachments -= left.attachments;
    deleted.contacts -= left.contacts;
    deleted.originals -= left.originals;
    deleted.answers -= left.answers;
    deleted.drafts -= left.drafts;
    let holds = super::held::against(services, of).await?.some;
    Ok((
        Kept {
            holds: holds.into_iter().map(|id| id.0).collect(),
            tickets: u64::try_from(left.tickets).unwrap_or(0),
            messages: u64::try_from(left.messages).unwrap_or(0),
        },
        deleted,
    ))
}

/// A statement as a file.
pub async fn get(services: &Services, actor: &Actor, id: Uuid) -> Result<Signed> {
    allow(actor)?;
    let store = services.store();
    let found = purges::find_statement(store, actor.organization_id, id).await?;
    let found = found.ok_or(ServiceError::NotFound)?;
    let read = (Action::ReadStatement, Object::new(ObjectKind::Statement, id));
    access::record_all(services, actor, &[read]).await?;
    signed(services, &found).await
}

/// The statements of the organization, the newest first.
pub async fn list(services: &Services, actor: &Actor) -> Result<Vec<Signed>> {
    allow(actor)?;
    let mut files = Vec::new();
    for found in purges::list_statements(services.store(), actor.organization_id).await? {
        files.push(signed(services, &found).await?);
    }
    let read = (Action::ReadStatement, Object::list(ObjectKind::Statement));
    access::record_all(services, actor, &[read]).await?;
    Ok(files)
}

fn allow(actor: &Actor) -> Result<()> {
    if actor.may(Permission::ManageMailboxes) || actor.may(Permission::ReadAudit) {
        Ok(())
    } else {
        Err(ServiceError::Forbidden)
    }
}

pub(in crate::service) async fn signed(
    services: &Services,
    found: &purges::Statement,
) -> Result<Signed> {
    let signer = services.store().keyring().get_signer(found.signing_key_id).await?;
    Ok(Signed {
        statement: serde_json::from_str(&found.body).map_err(ServiceError::internal)?,
        signature: Signature {
            algorithm: "Ed25519".to_owned(),
            public_key: BASE64_STANDARD.encode(signer.public_key().0),
            value: BASE64_STANDARD.encode(&found.signature),
        },
    })
}

/// A key that statements were or are signed with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PublishedKey {
    /// Its id.
    pub id: Uuid,
    /// `Ed25519`.
    pub algorithm: &'static str,
    /// The public key, base64.
    pub public_key: String,
    /// SHA-256 of the public key, in hexadecimal digits.
    pub fingerprint: String,
}

/// Every key that statements were or are signed with.
pub async fn published_keys(services: &Services) -> Result<Vec<PublishedKey>> {
    let signer = services.store().keyring().signer().await?;
    let key = signer.public_key();
    Ok(vec![PublishedKey {
        id: signer.key_id(),
        algorithm: "Ed25519",
        public_key: BASE64_STANDARD.encode(key.0),
        fingerprint: fingerprint(&key),
    }])
}

/// Checks a file against the fingerprint of a key that is known from elsewhere. Needs nothing but
/// the file.
pub fn verify(file: &str, pinned: Option<&str>) -> Result<Statement, Refused> {
    let malformed = |what: &str| Refused::Malformed(what.to_owned());
    let signed: Signed =
        serde_json::from_str(file).map_err(|error| Refused::Malformed(error.to_string()))?;
    if signed.signature.algorithm != "Ed25519" {
        return Err(malformed("its signature is not Ed25519"));
    }
    let key: [u8; 32] = BASE64_STANDARD
        .decode(&signed.signature.public_key)
        .ok()
        .and_then(|bytes| bytes.try_into().ok())
        .ok_or_else(|| malformed("its public key is not 32 bytes of base64"))?;
    let key = PublicKey(key);
    let found = fingerprint(&key);
    let wanted = pinned
        .map(|text| text.chars().filter(char::is_ascii_hexdigit).collect::<String>())
        .map(|text| text.to_ascii_lowercase());
    match wanted {
        None => return Err(Refused::Unauthenticated { found }),
        Some(wanted) if wanted != found => return Err(Refused::OtherKey { found }),
        Some(_) => {}
    }
    let signature = BASE64_STANDARD
        .decode(&signed.signature.value)
        .map_err(|_| malformed("its signature is not base64"))?;
    if !key.verify(LABEL, canonical(&signed.statement).as_bytes(), &signature) {
        return Err(Refused::Altered);
    }
    let statement: Statement = serde_json::from_value(signed.statement)
        .map_err(|error| Refused::Malformed(error.to_string()))?;
    if statement.format != FORMAT || statement.signing_key.fingerprint != found {
        return Err(Refused::Malformed("it is of another format or key".to_owned()));
    }
    Ok(statement)
}

/// Members sorted by name, no blanks (RFC 8785): the same bytes whoever writes them.
fn canonical(value: &Value) -> String {
    match value {
        Value::Object(members) => {
            let mut names: Vec<&String> = members.keys().collect();
            names.sort_by(|a, b| a.encode_utf16().cmp(b.encode_utf16()));
            let members: Vec<String> = names
                .into_iter()
                .filter_map(|name| {
                    let member = members.get(name)?;
                    Some(format!("{}:{}", Value::String(name.clone()), canonical(member)))
                })
                .collect();
            format!("{{{}}}", members.join(","))
        }
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(canonical).collect();
            format!("[{}]", items.join(","))
        }
        other => other.to_string(),
    }
}

pub(in crate::service) fn time(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_signed_bytes_do_not_depend_on_the_order_of_members() {
        let one: Value =
            serde_json::from_str(r#"{"b":[1,{"z":"é\n","a":null}],"a":true}"#).unwrap();
        let other: Value =
            serde_json::from_str("{ \"a\": true, \"b\": [1, {\"a\": null, \"z\": \"é\\n\"}] }")
                .unwrap();
        assert_eq!(canonical(&one), r#"{"a":true,"b":[1,{"a":null,"z":"é\n"}]}"#);
        assert_eq!(canonical(&one), canonical(&other));
    }

    #[test]
    fn what_is_no_statement_is_refused() {
        for file in [
            "",
            "{}",
            "[]",
            r#"{"statement":{},"signature":{"algorithm":"none","public_key":"","value":""}}"#,
        ] {
            assert!(matches!(verify(file, Some("ab")), Err(Refused::Malformed(_))), "{file}");
        }
    }
}
