//! Two organizations with the same mailbox address, the same customers, the same mails and the
//! same ticket numbers never see a trace of each other, whatever ids they get hold of.

use std::collections::BTreeSet;

use loket::domain::desk::DraftKind;
use loket::domain::ids::{AttachmentId, LedgerId, MessageId};
use loket::domain::words::Status;
use loket::service::acts::change::{self, Patch};
use loket::service::quarantine::QuarantineFilter;
use loket::service::replies::{self, Mode, ReplyRequest};
use loket::service::tickets::{CustomerChange, TicketView};
use loket::service::uploads::{self, NewFile};
use loket::service::{
    Result, ServiceError, Services, drafts, mailboxes, messages, outbox, quarantine, tickets,
};
use loket::store::audit;
use loket::store::drafts::Content;
use uuid::Uuid;

use crate::support::db::{On, on_both};
use crate::support::desk::{Desk, UNDO};
use crate::support::tenant::Tenant;

const MAILBOX: &str = "hulp@shared.example";

fn mail(id: &str, answers: &str) -> Vec<u8> {
    format!(
        "From: Karin <karin@klant.example>\r\nTo: <{MAILBOX}>\r\nSubject: Mijn fiets\r\n\
        Message-ID: <{id}@klant.example>\r\nIn-Reply-To: <{answers}>\r\n\
        Date: Mon, 2 Mar 2026 08:30:00 +0000\r\nMIME-Version: 1.0\r\n\
        Content-Type: multipart/mixed; boundary=b\r\n\r\n\
        --b\r\nContent-Type: text/html\r\n\r\n<p>Waar is mijn fiets?</p>\r\n\
        --b\r\nContent-Type: image/png; name=fiets.png\r\n\
        Content-Disposition: attachment; filename=fiets.png\r\n\r\nfiets\r\n--b--\r\n"
    )
    .into_bytes()
}

/// Everything that one organization has and the other must not reach.
struct Had {
    view: TicketView,
    message: MessageId,
    file: AttachmentId,
    quarantined: LedgerId,
    upload: AttachmentId,
    answer: MessageId,
}

impl Had {
    async fn new(desk: &Desk, tenant: &Tenant) -> Self {
        let services = &desk.services;
        let refused = format!("From: <x@y.example>\r\n{}\r\n", "X: y\r\n".repeat(10_001));
        let first = [mail("1", "0@klant.example"), refused.into_bytes()];
        let report = tenant.take(services, &first).await;
        assert_eq!((report.imported, report.tickets, report.quarantined), (1, 1, 1), "{report:?}");
        let second = tenant.take(services, &[mail("2", "1@klant.example")]).await;
        assert_eq!((second.imported, second.tickets), (1, 0), "{second:?}");
        let upload = upload(services, tenant).await;
        let draft = Content { text: "Concept".to_owned(), ..Content::default() };
        drafts::put(
            services,
            &tenant.owner,
            1,
            DraftKind::Answer,
            (draft.clone(), drafts::Known::Any),
        )
        .await
        .unwrap();
        let content = Content { attachment_ids: vec![upload], ..draft };
        let answer = reply(services, tenant, content).await.unwrap();
        desk.home.advance(UNDO);
        desk.drain().await;
        let upload = self::upload(services, tenant).await;
        let waiting = Content { text: "Antwoord".to_owned(), ..Content::default() };
        let unsent = reply(services, tenant, waiting).await.unwrap();
        assert_ne!(answer, unsent);
        let view = tenant.tickets(services).await.remove(0);
        let message = view.messages[0].id;
        let file = view.attachments[&message][0].id;
        let all = quarantine::list(services, &tenant.owner, &QuarantineFilter::default(), None)
            .await
            .unwrap()
            .items;
        assert_eq!(all.len(), 1);
        Self { view, message, file, quarantined: all[0].entry.id, upload, answer: unsent }
    }

    /// Whatever names it, as it would stand in any answer or log.
    fn ids(&self, tenant: &Tenant) -> BTreeSet<String> {
        let ticket = &self.view.summary.ticket;
        let mut ids: Vec<Uuid> = vec![
            ticket.id.0,
            ticket.state.contact_id.unwrap().0,
            tenant.channel.0,
            tenant.owner.organization_id.0,
            tenant.owner.membership_id.0,
            tenant.owner.account_id.0,
            self.quarantined.0,
            self.upload.0,
        ];
        ids.extend(self.view.messages.iter().map(|message| message.id.0));
        ids.extend(self.view.attachments.values().flatten().map(|file| file.id.0));
        ids.iter().map(Uuid::to_string).collect()
    }
}

async fn upload(services: &Services, tenant: &Tenant) -> AttachmentId {
    let bytes = b"factuur".to_vec().into();
    let file = NewFile { name: None, content_type: None, bytes, ticket: Some(1) };
    uploads::add(services, &tenant.owner, file).await.unwrap().id
}

async fn reply(services: &Services, tenant: &Tenant, content: Content) -> Result<MessageId> {
    let seen_version = tenant.tickets(services).await[0].summary.ticket.version;
    let (mode, then) = (Mode::Reply, Some(Status::Pending));
    let idempotency_key = Some(format!("key {}", content.text));
    let request = ReplyRequest {
        number: 1,
        mode,
        content,
        then,
        seen_version,
        idempotency_key,
        snooze_until: None,
    };
    replies::create(services, &tenant.owner, request).await
}

async fn organizations_with_the_same_mail_share_nothing(on: On) {
    let desk = Desk::new(on).await;
    let services = &desk.services;
    let one = Tenant::new(services, "bakker", MAILBOX).await;
    let two = Tenant::new(services, "slager", MAILBOX).await;
    let (here, there) = (Had::new(&desk, &one).await, Had::new(&desk, &two).await);
    assert_eq!(here.view.summary.ticket.number, there.view.summary.ticket.number);
    assert!(here.ids(&one).is_disjoint(&there.ids(&two)));

    let shown = everything(services, &one).await;
    for own in [here.message.0.to_string().as_str(), "bakker"] {
        assert!(shown.contains(own), "{own} not in {shown}");
    }
    for trace in there.ids(&two).iter().map(String::as_str).chain(["slager"]) {
        assert!(!shown.contains(trace), "{trace} in {shown}");
    }
    refuses(services, &one, &there, &two).await;
    acts_stay_at_home(services, &one, &there, &two).await;
    a_foreign_token_opens_no_ticket(&desk, &one, &two).await;
}

on_both!(organizations_with_the_same_mail_share_nothing);

/// All that an owner can read.
async fn everything(services: &Services, tenant: &Tenant) -> String {
    let owner = &tenant.owner;
    let organization = owner.organization_id;
    format!(
        "{:?} {:?} {:?} {:?} {:?} {:?}",
        tenant.tickets(services).await,
        quarantine::list(services, owner, &QuarantineFilter::default(), None).await.unwrap(),
        mailboxes::list(services, owner).await.unwrap(),
        drafts::find(services, owner, 1, DraftKind::Answer).await.unwrap(),
        loket::service::users::list(services, owner).await.unwrap(),
        audit::list(services.store(), organization, None, 1_000).await.unwrap(),
    )
}

/// Ids of the other organization name nothing.
async fn refuses(services: &Services, one: &Tenant, there: &Had, two: &Tenant) {
    let me = &one.owner;
    let own = one.tickets(services).await.remove(0).messages[0].id;
    let (message, file) = (there.message, there.file);
    none(messages::reach(services, me, message).await);
    none(messages::html(services, me, message, false).await);
    none(messages::original(services, me, message).await);
    none(messages::attachment(services, me, message, file).await);
    none(messages::attachment(services, me, own, file).await);
    none(replies::cancel(services, me, there.answer).await);
    none(outbox::retry(services, me, there.answer).await);
    none(quarantine::reach(services, me, there.quarantined).await);
    none(mailboxes::get(services, me, two.channel).await);
    let change = CustomerChange::Forwarded(message);
    none(tickets::set_customer(services, me, 1, change).await);
    let content = Content { attachment_ids: vec![there.upload], ..Content::default() };
    let attached = reply(services, one, content.clone()).await;
    assert!(matches!(attached, Err(ServiceError::Invalid { .. })), "{attached:?}");
    let kept = drafts::put(services, me, 1, DraftKind::Answer, (content, drafts::Known::Any)).await;
    assert!(matches!(kept, Err(ServiceError::Invalid { .. })), "{kept:?}");
    let version = one.tickets(services).await[0].summary.ticket.version;
    let patch = Patch { assignee: Some(Some(two.owner.membership_id)), ..Patch::default() };
    let assigned = change::update(services, me, 1, version, patch).await;
    assert!(matches!(assigned, Err(ServiceError::Invalid { .. } | ServiceError::NotFound)));
}

fn none<T: std::fmt::Debug>(found: Result<T>) {
    match found {
        Err(ServiceError::NotFound) => {}
        found => panic!("{found:?}"),
    }
}

/// What one does to ticket 1 does nothing to ticket 1 of the other.
async fn acts_stay_at_home(services: &Services, one: &Tenant, there: &Had, two: &Tenant) {
    let version = one.tickets(services).await[0].summary.ticket.version;
    let patch = Patch { status: Some(Status::Closed), ..Patch::default() };
    change::update(services, &one.owner, 1, version, patch).await.unwrap();
    drafts::remove(services, &one.owner, 1, DraftKind::Answer).await.unwrap();
    let view = two.tickets(services).await.remove(0);
    assert_eq!(view.summary.ticket.version, there.view.summary.ticket.version);
    assert_eq!(view.summary.ticket.state.status, Status::Pending);
}

/// A customer of both answers to the wrong one: that is a ticket of its own there.
async fn a_foreign_token_opens_no_ticket(desk: &Desk, one: &Tenant, two: &Tenant) {
    let services = &desk.services;
    let answers = one.tickets(services).await.remove(0).messages;
    let token = answers.iter().find_map(|message| {
        message.author_id?;
        message.envelope.message_id.clone()
    });
    let before = one.tickets(services).await[0].messages.len();
    let report = two.take(services, &[mail("3", &token.unwrap())]).await;
    assert_eq!((report.imported, report.tickets), (1, 1), "{report:?}");
    assert_eq!(one.tickets(services).await[0].messages.len(), before);
}
