//! Mail to the person who asked.
//!
//! 1. [`order`]: a row that says of what kind, and the job that sends it, in the transaction that
//!    gives reason to.
//! 2. [`prepare`]: when it is sent, a code or a link is made for it; only what a handler wrote is
//!    stored. It goes to the address on record, through the mailbox by which the person is known,
//!    or as Loket's own mail.
//! 3. [`ended`]: what became of it, for the request's page.

use super::templates::{self, Facts};
use super::{Open, View, begin, identity, link, view, with_key, words};
use crate::audit::Action;
use crate::authz::Actor;
use crate::domain::ids::{DataRequestId, MembershipId, OrganizationId, RequestMailId};
use crate::domain::words::{ChannelState, RequestEventKind, RequestMailKind, RequestMailState};
use crate::mail::Address;
use crate::mail::compose::{self, AutoSubmitted, Language, Outgoing};
use crate::service::outgoing::{Envelope, Mailbox};
use crate::service::post::{self, Notice, Way};
use crate::service::{Result, ServiceError, Services};
use crate::store::data_requests::{self, mails};
use crate::store::jobs::{self, NewJob};
use crate::store::{StoreError, Tx, mailboxes};

pub use crate::store::data_requests::mails::Text;

/// The kind of job that sends one.
pub const KIND: &str = "request_mail";

/// Has a mail sent.
pub(super) async fn order(
    tx: &Tx,
    open: &Open,
    kind: RequestMailKind,
    text: Option<&Text>,
    by: Option<MembershipId>,
) -> Result<RequestMailId, StoreError> {
    let id = mails::add(tx, &open.key, &open.request, kind, text, by).await?;
    let job = NewJob {
        kind: KIND,
        organization_id: Some(open.request.organization_id),
        subject_id: None,
        payload: serde_json::json!({ "mail_id": id }),
        unique_key: Some(format!("{KIND}:{id}")),
        run_at: tx.store().now(),
    };
    jobs::add(tx, job).await?;
    Ok(id)
}

/// What the handler writes.
#[derive(Debug, Clone)]
pub struct NewReply {
    /// Its subject.
    pub subject: String,
    /// Its words.
    pub text: String,
}

impl NewReply {
    pub(super) fn check(&self) -> Result<Text> {
        let subject = words("subject", &self.subject)?;
        if subject.chars().count() > 200 || subject.contains('\n') {
            return Err(ServiceError::invalid("subject", "keep the subject to one line"));
        }
        let text = self.text.trim();
        if text.is_empty() || text.chars().count() > 20_000 {
            return Err(ServiceError::invalid("text", "write 1 to 20,000 characters"));
        }
        Ok(Text { subject, text: text.to_owned() })
    }
}

/// Writes to the person.
pub async fn reply(
    services: &Services,
    actor: &Actor,
    id: DataRequestId,
    reply: NewReply,
) -> Result<View> {
    let text = reply.check()?;
    let request = super::reach(services, actor, id).await?;
    let mut open = with_key(services, request).await?;
    super::record(services, actor, id, Action::ReplyToRequest).await?;
    let tx = services.store().begin().await?;
    let by = Some(actor.membership_id);
    order(&tx, &open, RequestMailKind::Reply, Some(&text), by).await?;
    open.save(&tx, RequestEventKind::Replied, by, None).await?;
    tx.commit().await?;
    view(services, actor, id).await
}

/// The templates for a request, in each language.
pub async fn list_templates(
    services: &Services,
    actor: &Actor,
    id: DataRequestId,
) -> Result<Vec<templates::Template>> {
    let open = begin(services, actor, id).await?;
    super::record(services, actor, id, Action::ReadRequests).await?;
    let facts = Facts::of(services, &open.request).await?;
    Ok(templates::all(&facts))
}

/// What became of a mail that was to be written.
#[derive(Debug)]
pub enum Prepared {
    /// There is nothing to send any more.
    Nothing,
    /// There is no way to send it.
    NoWay,
    /// It can be sent.
    Ready(Box<Notice>),
}

/// Writes a mail that waits.
pub async fn prepare(
    services: &Services,
    organization_id: OrganizationId,
    id: RequestMailId,
) -> Result<Prepared> {
    let store = services.store();
    let Some((request_id, kind)) = mails::find_waiting(store, organization_id, id).await? else {
        return Ok(Prepared::Nothing);
    };
    let request = data_requests::find(store, organization_id, request_id).await?;
    let Some(request) = request else { return Ok(Prepared::Nothing) };
    let open = match with_key(services, request).await {
        Ok(open) => open,
        // What names the person has gone since.
        Err(ServiceError::Conflict { .. }) => return Ok(Prepared::NoWay),
        Err(error) => return Err(error),
    };
    let Some((way, from)) = way(services, &open).await? else { return Ok(Prepared::NoWay) };
    let Some(to) = open.addresses().first().cloned() else { return Ok(Prepared::NoWay) };
    let language = Language::from_tag(&open.request.language);
    let facts = Facts::of(services, &open.request).await?;
    let text = match kind {
        RequestMailKind::Reply => {
            let all = mails::list(store, Some(&open.key), &open.request).await?;
            let Some(text) = all.into_iter().find(|mail| mail.id == id).and_then(|mail| mail.text)
            else {
                return Ok(Prepared::Nothing);
            };
            text
        }
        RequestMailKind::Code => {
            let link = link::make(services, &open.request).await?;
            let code = identity::make(services, &open).await?;
            templates::code(&facts, language, &code, &link)
        }
        RequestMailKind::Parcel => {
            let link = link::make(services, &open.request).await?;
            templates::parcel(&facts, language, &link)
        }
        RequestMailKind::Lift => templates::lift(&facts, language, open.request.lift_at),
    };
    let by_hand = kind == RequestMailKind::Reply;
    let notice = compose_mail(services, way, from, to, text, language, by_hand)?;
    Ok(Prepared::Ready(Box::new(notice)))
}

fn compose_mail(
    services: &Services,
    way: Way,
    from: Address,
    to: String,
    text: Text,
    language: Language,
    by_hand: bool,
) -> Result<Notice> {
    let store = services.store();
    let domain = from.address.rsplit_once('@').map_or("localhost", |(_, domain)| domain);
    let mail = Outgoing {
        to: vec![Address { name: None, address: to }],
        cc: Vec::new(),
        bcc: Vec::new(),
        reply_to: Vec::new(),
        subject: text.subject,
        date: store.now(),
        message_id: format!("{}@{domain}", store.new_id().simple()),
        in_reply_to: None,
        references: Vec::new(),
        text: text.text,
        html: None,
        plain: false,
        signature: None,
        quoted: None,
        attachments: Vec::new(),
        inline_images: Vec::new(),
        language,
        auto_submitted: (!by_hand).then_some(AutoSubmitted::Generated),
        from,
    };
    let raw = compose::compose(&mail).map_err(ServiceError::internal)?;
    let recipients = compose::envelope(&mail);
    let envelope = Envelope { from: mail.from.address, recipients };
    Ok(Notice { way, envelope, raw })
}

/// By the mailbox that the person wrote to, while it is linked and works; else as Loket's own.
async fn way(services: &Services, open: &Open) -> Result<Option<(Way, Address)>> {
    let organization_id = open.request.organization_id;
    if let Some(channel_id) = open.request.channel_id {
        let found = mailboxes::find(services.store(), organization_id, channel_id).await?;
        let works = |state| state != ChannelState::NeedsReauthorization;
        if let Some(mailbox) = found.filter(|mailbox| works(mailbox.state)) {
            let from = Address { name: Some(mailbox.display_name), address: mailbox.address };
            return Ok(Some((Way::Mailbox(Mailbox { organization_id, channel_id }), from)));
        }
    }
    let own = post::way(services).await?;
    Ok(own.map(|(way, address)| (way, Address { name: Some("Loket".to_owned()), address })))
}

/// Notes what became of a mail.
pub async fn ended(
    services: &Services,
    organization_id: OrganizationId,
    id: RequestMailId,
    sent: bool,
) -> Result<()> {
    let state = if sent { RequestMailState::Sent } else { RequestMailState::Failed };
    let tx = services.store().begin().await?;
    mails::set_ended(&tx, organization_id, id, state).await?;
    tx.commit().await?;
    Ok(())
}
