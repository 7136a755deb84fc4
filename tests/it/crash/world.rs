//! Two organizations: one at which the work is done, and one that it must not touch.

use chrono::TimeDelta;
use loket::domain::ids::{ClosingId, ErasureId, ParcelId, PurgeId};
use loket::domain::words::{ClosingState, MessageKind, ParcelKind, Status};
use loket::service::erasure::{self, Subject};
use loket::service::parcels::{self, Order};
use loket::service::replies::{self, Mode, ReplyRequest};
use loket::service::{closing, messages, notes, purge};
use loket::store::closings::{self, Closing};
use loket::store::drafts::Content;
use loket::store::messages::Party;
use loket::store::{organizations, purges};

use super::deaths::Death;
use super::{Home, Open};
use crate::support::tenant::Tenant;

pub(super) struct World {
    pub(super) work: Tenant,
    other: Tenant,
    /// What the other organization reads.
    others_text: String,
}

fn mail(from: &str, word: &str, id: &str, more: &str, noise: usize) -> Vec<u8> {
    use base64::Engine as _;
    use loket::ids::{Ids as _, SeededIds};
    let mut bytes = vec![0; noise];
    SeededIds::new(7).fill(&mut bytes);
    let noise = base64::prelude::BASE64_STANDARD.encode(bytes);
    let lines: Vec<_> =
        noise.as_bytes().chunks(70).map(|line| String::from_utf8_lossy(line)).collect();
    format!(
        "From: {from} <{from}@klant.example>\r\nTo: <hulp@work.example>\r\nSubject: About {word}\r\n\
         Message-ID: <{id}@klant.example>\r\n{more}\
         Date: Mon, 2 Mar 2026 08:30:00 +0000\r\nContent-Type: text/plain\r\n\r\n\
         This is about {word}.\r\n{}\r\n",
        lines.join("\r\n")
    )
    .into_bytes()
}

impl World {
    pub(super) async fn new(home: &Home) -> Self {
        let open = home.open().await;
        let services = &open.services;
        let work = Tenant::new(services, "work", "hulp@work.example").await;
        let other = Tenant::new(services, "other", "hulp@other.example").await;
        let begun = mail("bert", "bread", "b1", "Cc: <anna@klant.example>\r\n", 0);
        work.take(services, &[begun]).await;
        let answer = "In-Reply-To: <b1@klant.example>\r\n";
        let bomb = "X-Much: x\r\n".repeat(10_001);
        let report = work
            .take(
                services,
                &[
                    mail("anna", "zeekanarie", "a1", "", 120_000),
                    mail("anna", "zeekanarie", "a2", answer, 0),
                    mail("carl", "cake", "c1", "", 100_000),
                    mail("anna", "zeekanarie", "a3", &bomb, 0),
                ],
            )
            .await;
        assert_eq!((report.imported, report.tickets, report.quarantined), (3, 2, 1));
        let mut tickets = work.tickets(services).await;
        tickets.retain(|view| view.summary.ticket.subject == "About bread");
        let ticket = tickets[0].summary.ticket.clone();
        let to = |name: &str| Party { name: None, address: format!("{name}@klant.example") };
        let content = Content {
            text: "Our own words.".to_owned(),
            to: vec![to("bert")],
            cc: vec![to("anna")],
            ..Content::default()
        };
        let request = ReplyRequest {
            snooze_until: None,
            number: ticket.number,
            mode: Mode::Reply,
            content,
            then: Some(Status::Pending),
            seen_version: ticket.version,
            idempotency_key: None,
        };
        replies::create(services, &work.owner, request).await.unwrap();
        notes::create(services, &work.owner, ticket.number, "A note.").await.unwrap();
        other.take(services, &[mail("anna", "zeekanarie", "a1", "", 120_000)]).await;
        let mut world = Self { work, other, others_text: String::new() };
        world.others_text = world.text(&open, &world.other).await;
        assert!(world.others_text.contains("zeekanarie"));
        open.close().await;
        world
    }

    /// Everything that an owner can read, in lower case.
    pub(super) async fn text(&self, open: &Open, tenant: &Tenant) -> String {
        let mut all: Vec<String> = Vec::new();
        let mut views = tenant.tickets(&open.services).await;
        views.sort_by_key(|view| view.summary.ticket.number);
        for view in views {
            let ticket = &view.summary.ticket;
            all.push(format!("{} {:?}", ticket.subject, ticket.customer));
            let mut shown = view.messages;
            shown.retain(|message| message.kind != MessageKind::Event);
            for message in shown {
                let erased = if message.erased_at.is_some() { "(erased)" } else { "" };
                let quoted = message.quoted.clone().unwrap_or_default();
                let head = &message.envelope;
                all.push(format!(
                    "{erased} {:?} {:?} {:?} {} {quoted}",
                    head.from, head.to, head.cc, message.text
                ));
                let original = messages::original(&open.services, &tenant.owner, message.id).await;
                if let Ok(raw) = original {
                    all.push(String::from_utf8_lossy(&raw[..raw.len().min(2_000)]).into_owned());
                }
            }
        }
        all.join(" ").to_lowercase()
    }

    pub(super) async fn is_untouched(&self, open: &Open, at: Death) {
        assert_eq!(self.text(open, &self.other).await, self.others_text, "{at}");
    }

    /// The mailbox is disconnected; its window ends in 14 days.
    pub(super) async fn disconnect(&self, open: &Open) -> PurgeId {
        let (owner, channel) = (&self.work.owner, self.work.channel);
        purge::disconnect(&open.services, owner, channel).await.unwrap();
        let store = open.services.store();
        let found = purges::find_of_channel(store, owner.organization_id, channel).await;
        found.unwrap().unwrap().id
    }

    pub(super) async fn erase(&self, open: &Open) -> ErasureId {
        let subject =
            Subject { contact_id: None, addresses: vec!["anna@klant.example".to_owned()] };
        let organization = self.work.owner.organization_id;
        let prepared = erasure::prepare(&open.services, organization, &subject).await.unwrap();
        let tx = open.services.store().begin().await.unwrap();
        let id = erasure::begin(&tx, &prepared, None).await.unwrap();
        tx.commit().await.unwrap();
        id
    }

    /// An export of the mailbox is ordered, and not begun.
    pub(super) async fn export(&self, open: &Open) -> ParcelId {
        let channel = self.work.channel;
        let order = self.order(ParcelKind::Mailbox, channel.0);
        let order = Order { channel_id: Some(channel), ..order };
        parcels::order(&open.services, &order).await.unwrap()
    }

    fn order(&self, kind: ParcelKind, subject_id: uuid::Uuid) -> Order {
        Order {
            organization_id: self.work.owner.organization_id,
            kind,
            subject_id,
            channel_id: None,
            name: "all.zip".to_owned(),
            made_by: Some(self.work.owner.membership_id),
        }
    }

    /// The organization is to be closed in 14 days: its owner has confirmed it, and its export is ready.
    pub(super) async fn close(&self, open: &Open) -> ClosingId {
        let (services, store) = (&open.services, open.services.store());
        let id = self.work.owner.organization_id;
        let order = self.order(ParcelKind::Organization, id.0);
        let export = parcels::order(services, &order).await.unwrap();
        let organization = organizations::find(store, id).await.unwrap().unwrap();
        let (now, closing_id) = (store.now(), ClosingId(store.new_id()));
        let ids = (closing_id, store.new_id(), export);
        let mut made = Closing::new(&organization, ids, self.work.owner.membership_id, now);
        made.state = ClosingState::Countdown;
        made.confirmed_at = Some(now);
        made.exported_at = Some(now);
        made.begun_at = Some(now);
        made.due_at = Some(now + TimeDelta::days(14));
        let tx = store.begin().await.unwrap();
        closings::add(&tx, &made).await.unwrap();
        tx.commit().await.unwrap();
        closing::schedule(services).await.unwrap();
        // The export is made, and the mailbox stops.
        open.work().await;
        closing_id
    }
}
