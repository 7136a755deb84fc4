//! Keys that rows name no more because what they sealed is sealed anew. The rows must be committed
//! before the keys die, or what stays could not be read; so the transaction that leaves the keys
//! orders their end, and a process that dies in between leaves a job.

use uuid::Uuid;

use super::{Result, Services};
use crate::store::jobs::{self, NewJob};
use crate::store::{StoreError, Tx, forget};

/// The kind of job that destroys them.
pub const KIND: &str = "destroy_keys";

/// Orders the end of these keys, in the transaction after which no row names them.
pub(super) async fn order(tx: &Tx, ids: &[Uuid]) -> Result<(), StoreError> {
    if ids.is_empty() {
        return Ok(());
    }
    let job = NewJob {
        kind: KIND,
        organization_id: None,
        subject_id: None,
        payload: serde_json::json!({ "keys": ids }),
        unique_key: None,
        run_at: tx.store().now(),
    };
    jobs::add(tx, job).await
}

/// As [`order`], at the request of a person.
pub(super) async fn order_erased(tx: &Tx, ids: &[Uuid]) -> Result<(), StoreError> {
    if ids.is_empty() {
        return Ok(());
    }
    let job = NewJob {
        kind: KIND,
        organization_id: None,
        subject_id: None,
        payload: serde_json::json!({ "keys": ids, "erased": true }),
        unique_key: None,
        run_at: tx.store().now(),
    };
    jobs::add(tx, job).await
}

/// As [`destroy`], at the request of a person.
pub async fn destroy_erased(services: &Services, ids: &[Uuid]) -> Result<()> {
    forget::erase_keys(services.store(), ids).await?;
    Ok(())
}

/// Destroys them: right after that transaction, and once more by the job, which finds them dead.
pub async fn destroy(services: &Services, ids: &[Uuid]) -> Result<()> {
    forget::destroy_keys(services.store(), ids).await?;
    Ok(())
}
