//! Whether the person is who they say: a code goes to the address on record, and whoever can tell
//! it reads that address.
//!
//! A spoofed sender gets nothing: the code goes to the address under which data is held, never to
//! where a mail asks to be answered. It is made when its mail is written, kept as a keyed hash under
//! the request's own key, good for seven days and five tries.

use chrono::TimeDelta;
use subtle::ConstantTimeEq as _;

use super::{Open, View, begin, mail, view};
use crate::audit::Action;
use crate::authz::Actor;
use crate::crypto::{OpenKey, random_bytes};
use crate::domain::ids::{DataRequestId, MembershipId};
use crate::domain::requests::{GOOD_FOR, TRIES};
use crate::domain::words::{RequestEventKind, RequestMailKind, RequestState};
use crate::service::{Result, ServiceError, Services};
use crate::store::data_requests::{self, mails, timeline};

/// What the hash is for.
const PURPOSE: &str = "data_request.code";

/// So many codes are sent within [`WINDOW`].
const MOST_CODES: u64 = 3;

const WINDOW: TimeDelta = TimeDelta::hours(24);

/// Digits of a code.
const DIGITS: usize = 8;

/// Sends a code to the address on record.
pub async fn send_code(services: &Services, actor: &Actor, id: DataRequestId) -> Result<View> {
    let mut open = begin(services, actor, id).await?;
    if open.request.identified_at.is_some() && open.request.parcel_id.is_none() {
        return Err(ServiceError::conflict(
            "identity_known",
            "The person has shown already who they are.",
        ));
    }
    may_order(services, &open).await?;
    super::record(services, actor, id, Action::AskIdentity).await?;
    order(services, &mut open, Some(actor.membership_id)).await?;
    view(services, actor, id).await
}

/// Whether a code can be sent now.
pub(super) async fn may_order(services: &Services, open: &Open) -> Result<()> {
    let store = services.store();
    if !open.request.is_known {
        return Err(ServiceError::conflict(
            "nothing_held",
            "Nothing is held of this address, so there is no address on record to send a code to.",
        ));
    }
    let (kind, since) = (RequestMailKind::Code, store.now() - WINDOW);
    if mails::count_since(store, &open.request, kind, since).await? >= MOST_CODES {
        let retry_after = WINDOW.to_std().unwrap_or_default();
        return Err(ServiceError::Throttled { retry_after });
    }
    Ok(())
}

/// Has a code sent.
pub(super) async fn order(
    services: &Services,
    open: &mut Open,
    by: Option<MembershipId>,
) -> Result<()> {
    let store = services.store();
    let kind = RequestMailKind::Code;
    if open.request.state == RequestState::Open {
        open.request.state = RequestState::IdentityAsked;
    }
    let tx = store.begin().await?;
    mail::order(&tx, open, kind, None, by).await?;
    open.save(&tx, RequestEventKind::CodeSent, by, None).await?;
    tx.commit().await?;
    Ok(())
}

/// Makes a code in place of the one before. For the mail that carries it.
pub(super) async fn make(services: &Services, open: &Open) -> Result<String> {
    let mut bytes = [0_u8; 8];
    random_bytes(&mut bytes);
    let code = format!("{:0DIGITS$}", u64::from_le_bytes(bytes) % 10_u64.pow(8));
    let tx = services.store().begin().await?;
    let request = &open.request;
    let blind = hash(&open.key, request.id, &code);
    data_requests::set_code(&tx, request.organization_id, request.id, Some(blind)).await?;
    tx.commit().await?;
    Ok(code)
}

fn hash(key: &OpenKey, id: DataRequestId, code: &str) -> Vec<u8> {
    key.mac(PURPOSE, &[id.0.as_bytes(), code.as_bytes()].concat()).to_vec()
}

/// What became of a code that was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Given {
    /// It is the right one, and is used up.
    Right,
    /// It is not.
    Wrong,
    /// It was given too often, it is too old, or there is none.
    Spent,
}

/// Compares a code. The try is counted before that.
pub(super) async fn compare(services: &Services, open: &Open, code: &str) -> Result<Given> {
    let store = services.store();
    let request = &open.request;
    let code: String = code.chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
    let young = request.code_at.is_some_and(|at| store.now() < at + GOOD_FOR);
    if !young || !data_requests::count_try(store, request.organization_id, request.id).await? {
        return Ok(Given::Spent);
    }
    let stored = request.code_blind.as_deref().unwrap_or_default();
    let right: bool = hash(&open.key, request.id, &code).as_slice().ct_eq(stored).into();
    let tx = store.begin().await?;
    if right {
        data_requests::set_code(&tx, request.organization_id, request.id, None).await?;
    } else {
        let kind = RequestEventKind::CodeWrong;
        timeline::add(&tx, &open.key, request, kind, None, None).await?;
    }
    tx.commit().await?;
    Ok(if right { Given::Right } else { Given::Wrong })
}

/// The person is who they say.
pub(super) async fn accept(
    services: &Services,
    open: &mut Open,
    by: Option<MembershipId>,
) -> Result<()> {
    if open.request.identified_at.is_some() {
        return Ok(());
    }
    open.request.identified_at = Some(services.store().now());
    open.request.state = RequestState::Identified;
    let kind = match by {
        Some(_) => RequestEventKind::IdentifiedByHandler,
        None => RequestEventKind::IdentifiedByPerson,
    };
    let tx = services.store().begin().await?;
    open.save(&tx, kind, by, None).await?;
    tx.commit().await?;
    Ok(())
}

fn spent() -> ServiceError {
    ServiceError::conflict(
        "code_spent",
        format!(
            "There is no code that is good: it was given wrongly {TRIES} times, is older than 7 \
             days, or was never sent. Send another one."
        ),
    )
}

/// The handler types the code that the person read out.
pub async fn confirm(
    services: &Services,
    actor: &Actor,
    id: DataRequestId,
    code: &str,
) -> Result<View> {
    let mut open = begin(services, actor, id).await?;
    if open.request.code_blind.is_none() {
        return Err(spent());
    }
    super::record(services, actor, id, Action::ConfirmIdentity).await?;
    match compare(services, &open, code).await? {
        Given::Right => accept(services, &mut open, Some(actor.membership_id)).await?,
        Given::Wrong => {
            return Err(ServiceError::conflict(
                "code_wrong",
                "This is not the code that was sent.",
            ));
        }
        Given::Spent => {
            return Err(spent());
        }
    }
    view(services, actor, id).await
}
