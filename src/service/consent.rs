//! What people want of everything that is done with their data.
//!
//! Whatever Loket does that a customer's own mail does not ask for obeys [`passed_over`]: a farewell
//! when a mailbox is disconnected is the only such thing so far. Whoever adds another (an automatic
//! answer, a survey, a statistic by person) asks it first.

use std::collections::HashSet;

use super::{Result, Services};
use crate::domain::ids::{ContactId, OrganizationId};
use crate::domain::words::MarkKind;
use crate::store::person_marks;

/// The customers whom nothing optional may reach: who objected, took back a consent, or had their
/// data restricted.
pub async fn passed_over(
    services: &Services,
    organization_id: OrganizationId,
) -> Result<HashSet<ContactId>> {
    let found = person_marks::contacts(services.store(), organization_id, MarkKind::ALL).await?;
    Ok(found.into_iter().collect())
}

/// The customers whose data is restricted: it is kept, and nothing else is done with it.
pub async fn restricted(
    services: &Services,
    organization_id: OrganizationId,
) -> Result<Vec<ContactId>> {
    let kinds = [MarkKind::Restriction];
    Ok(person_marks::contacts(services.store(), organization_id, &kinds).await?)
}
