//! What people ask about their data (GDPR, articles 7(3) and 15 to 21).
//!
//! 1. [`person`]: where somebody appears, by address. [`open`] writes their request down, by hand or
//!    from a ticket, with the day on which an answer is due.
//! 2. [`identity`]: a code goes to the address on record, and nowhere else. [`link`] is the page on
//!    which the person gives it. Nothing is handed out, changed or erased before that.
//! 3. The act: [`review`] and [`parcel`] (access and portability), [`erase`], [`rectify`], [`restrict`],
//!    [`object`].
//! 4. [`change`]: who handles it, more time, a refusal, the end. [`mail`] writes to the person, with
//!    [`templates`] that name the authority ([`authority`]).
//! 5. [`watch`] tells admins of what is late; [`forget`] removes what names the person when the
//!    answer can no longer be asked about.
//!
//! Each step is in the audit log before it is taken, and in the request's timeline.

use chrono::{DateTime, Utc};

use crate::authz::{Actor, Permission};
use crate::crypto::OpenKey;
use crate::domain::ids::{DataRequestId, ErasureId, MembershipId};
use crate::domain::requests::is_closed;
use crate::domain::words::{MarkKind, RequestEventKind};
use crate::store::data_requests::mails::Mail;
use crate::store::data_requests::timeline::{self, Happened};
use crate::store::data_requests::{self, mails};
use crate::store::{Scope, Tx, person_marks, tickets};

use super::access::{self, Object};
use super::erasure::{self, ErasureView};
use super::names::Names;
use super::parcels::Parcel;
use super::{Result, ServiceError, Services};
use crate::audit::{Action, ObjectKind};

pub mod authority;
pub mod change;
pub mod erase;
pub mod forget;
pub(in crate::service) mod gather;
pub mod identity;
pub mod link;
pub mod list;
pub mod mail;
pub mod object;
pub mod open;
pub mod parcel;
pub mod person;
pub mod rectify;
pub mod restrict;
pub mod review;
pub mod templates;
pub mod watch;

pub use crate::store::data_requests::{Content, DataRequest};

/// The longest reason or note, in characters.
const LONGEST: usize = 2_000;

/// A request with all that its page shows.
#[derive(Debug, Clone)]
pub struct View {
    /// The request.
    pub request: DataRequest,
    /// What happened.
    pub timeline: Vec<Happened>,
    /// What the person was written.
    pub mails: Vec<Mail>,
    /// Who may read what the restriction hides.
    pub readers: Vec<MembershipId>,
    /// Whether the restriction or the objection of this request lasts.
    pub lasts: bool,
    /// The number of the ticket that it was opened from, while that is there.
    pub ticket_number: Option<i64>,
    /// The file with everything, while it is there.
    pub parcel: Option<Parcel>,
    /// The erasure, once it has begun.
    pub erasure: Option<ErasureView>,
    /// Names of members.
    pub names: Names,
    /// The time of this look.
    pub now: DateTime<Utc>,
}

/// A request that is being worked on, with its key.
struct Open {
    request: DataRequest,
    key: OpenKey,
}

/// The request, for who may handle it.
async fn reach(services: &Services, actor: &Actor, id: DataRequestId) -> Result<DataRequest> {
    if !actor.may(Permission::ManageRequests) {
        return Err(ServiceError::Forbidden);
    }
    let found = data_requests::find(services.store(), actor.organization_id, id).await?;
    found.ok_or(ServiceError::NotFound)
}

/// The request, if it is not closed.
async fn begin(services: &Services, actor: &Actor, id: DataRequestId) -> Result<Open> {
    let request = reach(services, actor, id).await?;
    if is_closed(request.state) {
        return Err(ServiceError::conflict(
            "request_closed",
            "This request is closed. Open another one if the person asks again.",
        ));
    }
    with_key(services, request).await
}

async fn with_key(services: &Services, request: DataRequest) -> Result<Open> {
    let key = data_requests::key_of(services.store(), &request).await?;
    let key = key.filter(|_| request.content.is_some()).ok_or_else(|| {
        ServiceError::conflict(
            "request_forgotten",
            "What names the person of this request is gone; only the line of the register is left.",
        )
    })?;
    Ok(Open { request, key })
}

async fn record(
    services: &Services,
    actor: &Actor,
    id: DataRequestId,
    action: Action,
) -> Result<()> {
    let object = Object::new(ObjectKind::DataRequest, id.0);
    access::record_all(services, actor, &[(action, object)]).await
}

impl Open {
    /// Adds to the timeline, and writes down what changed.
    async fn save(
        &mut self,
        tx: &Tx,
        kind: RequestEventKind,
        actor: Option<MembershipId>,
        text: Option<&str>,
    ) -> Result<()> {
        // Whoever does something about it handles it, unless somebody does already.
        self.request.handler_id = self.request.handler_id.or(actor);
        timeline::add(tx, &self.key, &self.request, kind, actor, text).await?;
        data_requests::save(tx, &mut self.request).await?;
        Ok(())
    }

    fn addresses(&self) -> &[String] {
        self.request.content.as_ref().map_or(&[], |content| content.addresses.as_slice())
    }
}

/// The page of a request, as it is now.
async fn view(services: &Services, actor: &Actor, id: DataRequestId) -> Result<View> {
    let store = services.store();
    let request = reach(services, actor, id).await?;
    let key = data_requests::key_of(store, &request).await?;
    let organization_id = request.organization_id;
    let ticket_number = match request.ticket_id {
        Some(id) => tickets::find(store, &Scope::whole(organization_id), id).await?,
        None => None,
    };
    let erasure = match request.erasure_id {
        Some(id) => erasure::find(services, organization_id, ErasureId(id)).await?,
        None => None,
    };
    Ok(View {
        parcel: parcel::of(services, &request).await?,
        erasure,
        ticket_number: ticket_number.map(|ticket| ticket.number),
        now: store.now(),
        timeline: timeline::list(store, key.as_ref(), &request).await?,
        mails: mails::list(store, key.as_ref(), &request).await?,
        readers: person_marks::readers(store, organization_id, id).await?,
        lasts: person_marks::lasts(store, organization_id, id).await?,
        names: Names::load(services, organization_id).await?,
        request,
    })
}

/// A reason or a note that somebody writes.
fn words(field: &'static str, text: &str) -> Result<String> {
    let text = text.trim();
    let control = text.chars().any(|c| c.is_control() && c != '\n');
    if text.is_empty() || control || text.chars().count() > LONGEST {
        return Err(ServiceError::invalid(field, "say it in 1 to 2,000 characters"));
    }
    Ok(text.to_owned())
}

/// The mark that a kind of request makes.
const fn mark_of(kind: crate::domain::words::RequestKind) -> Option<MarkKind> {
    use crate::domain::words::RequestKind as Kind;
    match kind {
        Kind::Restriction => Some(MarkKind::Restriction),
        Kind::Objection => Some(MarkKind::Objection),
        Kind::ConsentWithdrawal => Some(MarkKind::ConsentWithdrawal),
        Kind::Access | Kind::Rectification | Kind::Erasure | Kind::Portability => None,
    }
}

/// What must be so before something is handed out, changed or erased.
fn require_identity(request: &DataRequest) -> Result<()> {
    if request.identified_at.is_some() {
        return Ok(());
    }
    Err(ServiceError::conflict(
        "identity_needed",
        "The person has not shown who they are. Send a code to the address on record first.",
    ))
}

fn require_kind(request: &DataRequest, kinds: &[crate::domain::words::RequestKind]) -> Result<()> {
    if kinds.contains(&request.kind) {
        return Ok(());
    }
    Err(ServiceError::conflict("request_kind", "This is not what the person asked for."))
}
