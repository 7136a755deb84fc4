//! The page on which the person shows who they are, and fetches their file. Nobody signs in there.
//!
//! The link names the request and its end, and is authenticated under the server's key: nothing is
//! stored, and an unknown one is told apart before anything is looked up. It stands behind the `#`
//! of the address, which no browser sends to any server. Whatever is wrong with a link or a code, the
//! answer is the same.

use std::net::IpAddr;

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use secrecy::{ExposeSecret as _, SecretString};
use subtle::ConstantTimeEq as _;
use uuid::Uuid;

use super::identity::{self, Given};
use super::{DataRequest, Open, with_key};
use crate::audit::{Action, Actor as Who, ObjectKind};
use crate::crypto::OpenKey;
use crate::domain::ids::{DataRequestId, OrganizationId};
use crate::domain::requests::{GOOD_FOR, is_closed};
use crate::domain::words::{RequestKind, RequestState};
use crate::service::access::{self, Object};
use crate::service::{Result, ServiceError, Services};
use crate::store::{data_requests, organizations};

/// What the authentication is for.
const PURPOSE: &str = "data_request.link";

/// So often anybody may come with a link within a quarter of an hour.
const ATTEMPTS: u32 = 30;

/// What the person's page shows. Never a word of what is held.
#[derive(Debug, Clone)]
pub struct Page {
    /// Who answers for the data.
    pub organization: String,
    /// What they asked.
    pub kind: RequestKind,
    /// The language to speak.
    pub language: String,
    /// Whether they have shown who they are.
    pub is_identified: bool,
    /// Until when their file can be fetched, if there is one.
    pub parcel_until: Option<DateTime<Utc>>,
}

/// The link to a request's page, good for seven days.
pub(super) async fn make(services: &Services, request: &DataRequest) -> Result<String> {
    let key = services.store().keyring().server_key().await?;
    let end = (services.store().now() + GOOD_FOR).timestamp_millis().to_be_bytes();
    let (organization, id) = (request.organization_id.0, request.id.0);
    let proof = prove(&key, organization, id, end);
    let whole =
        [organization.as_bytes().as_slice(), id.as_bytes(), end.as_slice(), &proof].concat();
    let token = BASE64_URL_SAFE_NO_PAD.encode(whole);
    Ok(format!("{}/requests#{token}", services.options().public_url))
}

fn prove(key: &OpenKey, organization: Uuid, id: Uuid, end: [u8; 8]) -> [u8; 32] {
    let said = [organization.as_bytes().as_slice(), id.as_bytes(), end.as_slice()].concat();
    key.mac(PURPOSE, &said)
}

pub(super) fn wrong() -> ServiceError {
    ServiceError::conflict(
        "request_link_spent",
        "This link or this code is not right, or not good any more. Ask for another one.",
    )
}

/// The request of a link that is good.
async fn reach(services: &Services, caller: IpAddr, token: &SecretString) -> Result<Open> {
    let store = services.store();
    let name = [b"request".as_slice(), caller.to_string().as_bytes()].concat();
    if let Some(retry_after) = services.throttle().attempt(&name, ATTEMPTS, store.now()) {
        return Err(ServiceError::Throttled { retry_after });
    }
    let key = store.keyring().server_key().await?;
    let bytes = BASE64_URL_SAFE_NO_PAD.decode(token.expose_secret().trim()).unwrap_or_default();
    // What is too short or too long is compared all the same.
    let mut whole = [0_u8; 72];
    let fits = bytes.len() == whole.len();
    for (to, from) in whole.iter_mut().zip(&bytes) {
        *to = *from;
    }
    let parts = || {
        let (organization, rest) = whole.split_first_chunk::<16>()?;
        let (id, rest) = rest.split_first_chunk::<16>()?;
        let (end, proof) = rest.split_first_chunk::<8>()?;
        Some((Uuid::from_bytes(*organization), Uuid::from_bytes(*id), *end, proof))
    };
    let (organization, id, end, proof) = parts().ok_or_else(wrong)?;
    let good: bool = prove(&key, organization, id, end).ct_eq(proof).into();
    let ends = DateTime::from_timestamp_millis(i64::from_be_bytes(end));
    if !fits || !good || ends.is_none_or(|ends| ends <= store.now()) {
        return Err(wrong());
    }
    let organization_id = OrganizationId(organization);
    let request = data_requests::find(store, organization_id, DataRequestId(id)).await?;
    let open =
        with_key(services, request.ok_or_else(wrong)?).await.map_err(|error| match error {
            ServiceError::Conflict { .. } => wrong(),
            other => other,
        })?;
    let has_parcel = parcel_until(services, &open.request).is_some();
    if is_closed(open.request.state) && !(open.request.state == RequestState::Done && has_parcel) {
        return Err(wrong());
    }
    Ok(open)
}

/// Until when the request's file can be fetched, if it can.
fn parcel_until(services: &Services, request: &DataRequest) -> Option<DateTime<Utc>> {
    let now = services.store().now();
    request.parcel_id.and(request.parcel_until).filter(|until| now < *until)
}

async fn record(services: &Services, open: &Open, action: Action) -> Result<()> {
    let object = Object::new(ObjectKind::DataRequest, open.request.id.0);
    let organization = open.request.organization_id;
    access::record_by(services, organization, Who::Person, action, object).await
}

/// What the page shows.
pub async fn look(services: &Services, caller: IpAddr, token: &SecretString) -> Result<Page> {
    let open = reach(services, caller, token).await?;
    page(services, &open).await
}

async fn page(services: &Services, open: &Open) -> Result<Page> {
    let request = &open.request;
    let organization = organizations::find(services.store(), request.organization_id).await?;
    Ok(Page {
        organization: organization.ok_or_else(wrong)?.name,
        kind: request.kind,
        language: request.language.clone(),
        is_identified: request.identified_at.is_some(),
        parcel_until: parcel_until(services, request),
    })
}

/// Sends another code to the address on record.
pub async fn send_code(services: &Services, caller: IpAddr, token: &SecretString) -> Result<()> {
    let mut open = reach(services, caller, token).await?;
    identity::may_order(services, &open).await?;
    record(services, &open, Action::AskIdentity).await?;
    identity::order(services, &mut open, None).await
}

/// The person gives the code.
pub async fn confirm(
    services: &Services,
    caller: IpAddr,
    token: &SecretString,
    code: &str,
) -> Result<Page> {
    let mut open = prove_code(services, caller, token, code).await?;
    identity::accept(services, &mut open, None).await?;
    page(services, &open).await
}

/// The request of a link and a code that are good. The code is used up.
pub(super) async fn prove_code(
    services: &Services,
    caller: IpAddr,
    token: &SecretString,
    code: &str,
) -> Result<Open> {
    let open = reach(services, caller, token).await?;
    record(services, &open, Action::ConfirmIdentity).await?;
    match identity::compare(services, &open, code).await? {
        Given::Right => Ok(open),
        Given::Wrong | Given::Spent => Err(wrong()),
    }
}
