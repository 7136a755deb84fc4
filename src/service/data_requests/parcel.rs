//! The file with everything: ordered once it was looked through, made by a job
//! ([`crate::service::parcels`]), told to the person by mail, and fetched on their page with a new
//! code.

use std::net::IpAddr;

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use chrono::{DateTime, TimeDelta, Utc};
use secrecy::SecretString;
use subtle::ConstantTimeEq as _;
use uuid::Uuid;

use super::{DataRequest, Open, View, link, mail, review, view, with_key};
use crate::audit::{Action, Actor as Who, ObjectKind};
use crate::authz::Actor;
use crate::crypto::OpenKey;
use crate::domain::ids::{DataRequestId, OrganizationId, ParcelId};
use crate::domain::words::{
    ParcelKind, ParcelState, RequestEventKind, RequestMailKind, RequestState,
};
use crate::service::access::{self, Object};
use crate::service::parcels::{self, Opened, Order, Parcel};
use crate::service::{Result, ServiceError, Services};
use crate::store::Tx;
use crate::store::data_requests::{self, timeline};

/// What the authentication of a download is for.
const PURPOSE: &str = "data_request.download";

/// The browser begins to download at once.
const DOWNLOAD_LIFE: TimeDelta = TimeDelta::minutes(10);

/// Has the file made. What is kept back is what the review says now.
pub async fn order(services: &Services, actor: &Actor, id: DataRequestId) -> Result<View> {
    let mut open = review::reviewable(services, actor, id).await?;
    if let Some(known) = of(services, &open.request).await?
        && matches!(known.state, ParcelState::Preparing | ParcelState::Ready)
    {
        return Err(ServiceError::conflict(
            "parcel_made",
            "The file is made, or being made. The person has the link.",
        ));
    }
    super::record(services, actor, id, Action::MakeParcel).await?;
    let store = services.store();
    let wanted = Order {
        organization_id: actor.organization_id,
        kind: ParcelKind::Person,
        subject_id: id.0,
        channel_id: None,
        name: format!("{} {}.zip", open.request.kind, store.now().format("%Y-%m-%d")),
        made_by: Some(actor.membership_id),
    };
    let key = parcels::new_key(services, &wanted).await?;
    let tx = store.begin().await?;
    let parcel = parcels::order_in(&tx, &key, &wanted).await?;
    open.request.parcel_id = Some(parcel.0);
    open.request.parcel_until = None;
    open.request.state = RequestState::InReview;
    let by = Some(actor.membership_id);
    open.save(&tx, RequestEventKind::ParcelMade, by, None).await?;
    tx.commit().await?;
    view(services, actor, id).await
}

/// The request's file, while it is there.
pub(super) async fn of(services: &Services, request: &DataRequest) -> Result<Option<Parcel>> {
    match request.parcel_id {
        Some(id) => parcels::find(services, request.organization_id, ParcelId(id)).await,
        None => Ok(None),
    }
}

/// The key of the request that a file is for; before the transaction of [`ready`].
pub(in crate::service) async fn key_for(services: &Services, parcel: &Parcel) -> Result<OpenKey> {
    let id = DataRequestId(parcel.subject_id);
    let request = data_requests::find(services.store(), parcel.organization_id, id).await?;
    Ok(with_key(services, request.ok_or(ServiceError::Stale)?).await?.key)
}

/// The file is ready, in the transaction that says so: the person is told.
pub(in crate::service) async fn ready(
    tx: &Tx,
    parcel: &Parcel,
    key: OpenKey,
    until: DateTime<Utc>,
) -> Result<()> {
    let id = DataRequestId(parcel.subject_id);
    let request = data_requests::lock(tx, parcel.organization_id, id).await?;
    let mut open = Open { request: request.ok_or(ServiceError::Stale)?, key };
    open.request.parcel_until = Some(until);
    open.request.acted_at = Some(tx.store().now());
    mail::order(tx, &open, RequestMailKind::Parcel, None, None).await?;
    data_requests::save(tx, &mut open.request).await?;
    Ok(())
}

/// A file that nobody is to fetch any more.
pub(super) async fn remove(services: &Services, request: &DataRequest) -> Result<()> {
    match of(services, request).await? {
        Some(parcel) => parcels::remove(services, &parcel).await,
        None => Ok(()),
    }
}

/// The person gives the code: what the browser then downloads with, for ten minutes.
pub async fn unlock(
    services: &Services,
    caller: IpAddr,
    token: &SecretString,
    code: &str,
) -> Result<String> {
    let open = link::prove_code(services, caller, token, code).await?;
    let request = &open.request;
    let parcel = of(services, request).await?.ok_or_else(link::wrong)?;
    let key = services.store().keyring().server_key().await?;
    let ends = services.store().now() + DOWNLOAD_LIFE;
    Ok(pass(&key, request.organization_id, request.id, parcel.id, ends))
}

fn pass(
    key: &OpenKey,
    organization: OrganizationId,
    request: DataRequestId,
    parcel: ParcelId,
    ends: DateTime<Utc>,
) -> String {
    let said = [
        organization.0.as_bytes().as_slice(),
        request.0.as_bytes(),
        parcel.0.as_bytes(),
        &ends.timestamp_millis().to_be_bytes(),
    ]
    .concat();
    let proof = key.mac(PURPOSE, &said);
    BASE64_URL_SAFE_NO_PAD.encode([said.as_slice(), &proof].concat())
}

/// The download itself. Each is in the audit log before the first byte leaves.
pub async fn fetch(services: &Services, pass: &str) -> Result<Opened> {
    let store = services.store();
    let key = store.keyring().server_key().await?;
    let bytes = BASE64_URL_SAFE_NO_PAD.decode(pass.trim()).unwrap_or_default();
    let (said, proof) = bytes.split_at_checked(56).ok_or_else(link::wrong)?;
    let good: bool = key.mac(PURPOSE, said).as_slice().ct_eq(proof).into();
    let (organization, rest) = said.split_first_chunk::<16>().ok_or_else(link::wrong)?;
    let (request, rest) = rest.split_first_chunk::<16>().ok_or_else(link::wrong)?;
    let (parcel, end) = rest.split_first_chunk::<16>().ok_or_else(link::wrong)?;
    let end = end.first_chunk::<8>().map(|end| i64::from_be_bytes(*end));
    let ends = end.and_then(DateTime::from_timestamp_millis);
    if !good || ends.is_none_or(|ends| ends <= store.now()) {
        return Err(link::wrong());
    }
    let organization_id = OrganizationId(Uuid::from_bytes(*organization));
    let request_id = DataRequestId(Uuid::from_bytes(*request));
    let request = data_requests::find(store, organization_id, request_id).await?;
    let request = request.ok_or_else(link::wrong)?;
    let parcel = ParcelId(Uuid::from_bytes(*parcel));
    let found = of(services, &request).await?.filter(|found| found.id == parcel);
    let found = found.ok_or_else(link::wrong)?;
    let object = Object::new(ObjectKind::DataRequest, request_id.0);
    let (who, action) = (Who::Person, Action::FetchParcel);
    access::record_by(services, organization_id, who, action, object).await?;
    let opened = parcels::open(services, &found).await?;
    note(services, request).await?;
    Ok(opened)
}

async fn note(services: &Services, request: DataRequest) -> Result<()> {
    let store = services.store();
    let Some(key) = data_requests::key_of(store, &request).await? else { return Ok(()) };
    let tx = store.begin().await?;
    let kind = RequestEventKind::ParcelFetched;
    timeline::add(&tx, &key, &request, kind, None, None).await?;
    tx.commit().await?;
    Ok(())
}
