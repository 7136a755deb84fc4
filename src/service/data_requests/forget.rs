//! A closed request names its person for as long as somebody may ask about the answer: 13 months,
//! and 30 days when they wanted to be erased. After that the register keeps what was asked and when,
//! and nothing else: the request's key is destroyed, which reaches the backups.

use crate::domain::requests::{ERASED_KEPT, KEPT_MONTHS};
use crate::domain::retention::months_before;
use crate::service::{Result, Services};
use crate::store::{data_requests, forget};

/// Requests per look.
const BATCH: u64 = 100;

/// Forgets what has served its time; how many requests.
pub async fn run(services: &Services) -> Result<u64> {
    let store = services.store();
    let now = store.now();
    let before = months_before(now, KEPT_MONTHS);
    let mut count = 0;
    let found = data_requests::list_to_forget(store, before, now - ERASED_KEPT, BATCH).await?;
    for (organization_id, id, key_id) in found {
        forget::destroy_keys(store, &[key_id]).await?;
        let tx = store.begin().await?;
        data_requests::forget(&tx, organization_id, id).await?;
        tx.commit().await?;
        count += 1;
    }
    Ok(count)
}
