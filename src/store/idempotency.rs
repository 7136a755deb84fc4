//! Answers already given to a repeated request.
//!
//! The key that the client sent is kept as a keyed hash; the answer is sealed under the
//! organization's key and swept after a day.

use chrono::TimeDelta;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, Set};
use uuid::Uuid;

use super::error::{Result, StoreError};
use super::{Store, columns, from_millis, millis};
use crate::crypto::{BlindDomain, OpenKey};
use crate::domain::ids::{MembershipId, OrganizationId};

/// How long a repetition is recognized.
pub const KEPT: TimeDelta = TimeDelta::hours(24);

/// A request without an answer after this long has died with its server, and may be repeated.
/// Longer than any request may take.
const ABANDONED: TimeDelta = TimeDelta::minutes(5);

/// The status of a row whose answer is not there yet.
const UNANSWERED: i32 = 0;

/// Who asks, and with which key.
#[derive(Debug, Clone)]
pub struct RequestKey {
    /// The organization.
    pub organization_id: OrganizationId,
    /// Who asks.
    pub membership_id: MembershipId,
    /// The hash of the key that they sent.
    pub key_hash: Vec<u8>,
    /// A hash of method, path and body.
    pub request_hash: Vec<u8>,
}

/// The hash of a key that a client sent.
#[must_use]
pub fn key_hash(organization_key: &OpenKey, key: &str) -> Vec<u8> {
    organization_key.blind(BlindDomain::Idempotency, key.as_bytes()).to_vec()
}

/// What is known of a request.
#[derive(Debug)]
pub enum Known {
    /// It is new, and now taken: answer it, then call [`answer`] or [`release`] with this id.
    New(Uuid),
    /// It was answered: this is the answer.
    Answered {
        /// The HTTP status.
        status: u16,
        /// The body.
        body: Vec<u8>,
    },
    /// It is being answered at this moment.
    Running,
    /// The same key came with another request.
    Different,
}

/// Takes the key, or says what became of it.
pub async fn take(store: &Store, key: &OpenKey, request: &RequestKey) -> Result<Known> {
    use entity::idempotency_key::{ActiveModel, Column, Entity};
    let now = store.now();
    Entity::delete_many()
        .filter(Column::OrganizationId.eq(request.organization_id.0))
        .filter(Column::MembershipId.eq(request.membership_id.0))
        .filter(Column::KeyHash.eq(request.key_hash.clone()))
        .filter(
            sea_orm::Condition::any().add(Column::CreatedAt.lt(millis(now - KEPT))).add(
                sea_orm::Condition::all()
                    .add(Column::Status.eq(UNANSWERED))
                    .add(Column::CreatedAt.lt(millis(now - ABANDONED))),
            ),
        )
        .exec(store.db().write())
        .await?;
    let id = store.new_id();
    let row = ActiveModel {
        organization_id: Set(request.organization_id.0),
        membership_id: Set(request.membership_id.0),
        key_hash: Set(request.key_hash.clone()),
        request_hash: Set(request.request_hash.clone()),
        status: Set(UNANSWERED),
        response: Set(Vec::new()),
        created_at: Set(millis(now)),
        id: Set(id),
    };
    let added = Entity::insert(row).exec_without_returning(store.db().write()).await;
    match added.map_err(StoreError::from) {
        Ok(_) => return Ok(Known::New(id)),
        Err(StoreError::Duplicate(_)) => {}
        Err(error) => return Err(error),
    }
    let found = Entity::find_by_id((
        request.organization_id.0,
        request.membership_id.0,
        request.key_hash.clone(),
    ))
    .one(store.db().read())
    .await?;
    let Some(found) = found else { return Ok(Known::Running) };
    if found.request_hash != request.request_hash {
        return Ok(Known::Different);
    }
    if found.status == UNANSWERED {
        return Ok(Known::Running);
    }
    let body = key.open(columns::IDEMPOTENCY_KEY_RESPONSE.of(found.id), &found.response)?;
    let status = u16::try_from(found.status).map_err(|_| StoreError::Corrupt {
        table: "idempotency_key",
        what: "a status that HTTP does not have",
    })?;
    tracing::debug!(
        age_s = (now - from_millis(found.created_at)).num_seconds(),
        "a request was repeated"
    );
    Ok(Known::Answered { status, body: body.to_vec() })
}

/// Keeps the answer.
pub async fn answer(
    store: &Store,
    key: &OpenKey,
    organization_id: OrganizationId,
    id: Uuid,
    status: u16,
    body: &[u8],
) -> Result<()> {
    use entity::idempotency_key::{Column, Entity};
    let sealed = key.seal(columns::IDEMPOTENCY_KEY_RESPONSE.of(id), body);
    Entity::update_many()
        .col_expr(Column::Status, Expr::value(i32::from(status)))
        .col_expr(Column::Response, Expr::value(sealed))
        .filter(Column::OrganizationId.eq(organization_id.0))
        .filter(Column::Id.eq(id))
        .exec(store.db().write())
        .await?;
    Ok(())
}

/// Gives the key back: the request failed and changed nothing.
pub async fn release(store: &Store, organization_id: OrganizationId, id: Uuid) -> Result<()> {
    use entity::idempotency_key::{Column, Entity};
    Entity::delete_many()
        .filter(Column::OrganizationId.eq(organization_id.0))
        .filter(Column::Id.eq(id))
        .exec(store.db().write())
        .await?;
    Ok(())
}

/// Removes what is older than a day; returns how many.
pub async fn sweep(store: &Store) -> Result<u64> {
    let removed = entity::idempotency_key::Entity::delete_many()
        .filter(entity::idempotency_key::Column::CreatedAt.lt(millis(store.now() - KEPT)))
        .exec(store.db().write())
        .await?;
    Ok(removed.rows_affected)
}
