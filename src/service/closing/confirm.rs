//! An owner follows the link in their mail: it shows that the mail is theirs, and that they want it
//! a day's thought later.
//!
//! The link names the closing, the member and its end, and is authenticated under the
//! organization's key. It works once, for the signed-in owner whose it is, and stands behind the
//! `#` of the address, which no browser sends to any server.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use chrono::{DateTime, TimeDelta};
use secrecy::{ExposeSecret as _, SecretString};
use subtle::ConstantTimeEq as _;

use super::{View, advance, allow, find, over};
use crate::audit::{Action, ObjectKind};
use crate::authz::Actor;
use crate::crypto::OpenKey;
use crate::domain::ids::MembershipId;
use crate::domain::words::ClosingState;
use crate::service::access::{self, Object};
use crate::service::{Result, ServiceError, Services};
use crate::store::closings::{self, Closing};
use crate::store::keys;

/// Long enough for a colleague who is away for a few days.
const LIFE: TimeDelta = TimeDelta::days(7);

/// What the authentication is for.
const PURPOSE: &str = "organization.close";

fn prove(key: &OpenKey, closing: &Closing, member: MembershipId, end: [u8; 8]) -> [u8; 32] {
    let said = [closing.id.0.as_bytes().as_slice(), member.0.as_bytes(), &end].concat();
    key.mac(PURPOSE, &said)
}

/// What stands in a member's link.
pub(super) fn token(key: &OpenKey, closing: &Closing, member: MembershipId) -> String {
    let end = (closing.asked_at + LIFE).timestamp_millis().to_be_bytes();
    let proof = prove(key, closing, member, end);
    BASE64_URL_SAFE_NO_PAD.encode([end.as_slice(), &proof].concat())
}

fn is_good(
    services: &Services,
    key: &OpenKey,
    closing: &Closing,
    actor: &Actor,
    token: &SecretString,
) -> bool {
    let Ok(bytes) = BASE64_URL_SAFE_NO_PAD.decode(token.expose_secret().trim()) else {
        return false;
    };
    let Some((end, proof)) = bytes.split_first_chunk::<8>() else { return false };
    let right: bool = prove(key, closing, actor.membership_id, *end).ct_eq(proof).into();
    let ends = DateTime::from_timestamp_millis(i64::from_be_bytes(*end));
    right && ends.is_some_and(|ends| ends > services.store().now())
}

/// Confirms the closing, by whoever asked or as the second owner.
pub async fn confirm(services: &Services, actor: &Actor, given: &SecretString) -> Result<View> {
    allow(actor)?;
    let store = services.store();
    let id = actor.organization_id;
    let known = closings::find_open(store, id).await?.ok_or_else(over)?;
    let key = keys::of_organization(store, id).await?;
    if !is_good(services, &key, &known, actor, given) {
        return Err(ServiceError::conflict(
            "closing_link_spent",
            "This link is not yours, or too old. Take the closing back and ask anew.",
        ));
    }
    let object = Object::new(ObjectKind::Organization, id.0);
    access::record_all(services, actor, &[(Action::ConfirmClosing, object)]).await?;
    let tx = store.begin().await?;
    let mut closing = closings::lock(&tx, id, known.id).await?.ok_or_else(over)?;
    if closing.state != ClosingState::Asked {
        return Err(over());
    }
    if closing.asked_by == actor.membership_id {
        closing.confirmed_at = closing.confirmed_at.or_else(|| Some(store.now()));
    } else if closing.second_by.is_none() {
        closing.second_by = Some(actor.membership_id);
        closing.second_at = Some(store.now());
    }
    advance(services, &tx, &mut closing).await?;
    tx.commit().await?;
    find(services, actor).await?.ok_or_else(over)
}
