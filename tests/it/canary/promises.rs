//! What people write down about keeping and forgetting.

use chrono::TimeDelta;
use loket::authz::{Actor, Permission};
use loket::crypto::KeyKind;
use loket::domain::desk::ReplyScope;
use loket::domain::ids::{ErasureId, FolderId, IncidentNoticeId};
use loket::domain::words::{HoldKind, ParcelKind, PolicyKind, RequestKind, TagColor};
use loket::service::acts::change::{self as change_ticket, Patch};
use loket::service::contacts::{self, FactKind, ListQuery, NewFact, Written};
use loket::service::data_requests::change;
use loket::service::data_requests::mail::{self, NewReply};
use loket::service::data_requests::open::{self, NewRequest};
use loket::service::drafts::Known;
use loket::service::holds::{self, NewHold};
use loket::service::own_settings::{self, MemberSettings};
use loket::service::saved_views::{self, NewView};
use loket::service::{
    Services, letters, parcels, photos, policies, register, retention, saved_replies, tags, tickets,
};
use loket::store::data_requests::{self, withheld};
use loket::store::drafts::Content;
use loket::store::erasures::{self, Person};
use loket::store::incidents::{self, Notice};
use loket::store::keys;
use loket::store::messages::Party;
use loket::store::register::{Facts, Told};

use super::WORD;
use crate::support::tenant::Tenant;

/// A customer asks about their data.
async fn ask(services: &Services, tenant: &Tenant, number: i64) {
    let owner = &tenant.owner;
    let new = NewRequest {
        kind: RequestKind::Access,
        address: None,
        ticket_number: Some(number),
        note: Some(format!("Mevrouw {WORD} belde")),
        received_at: None,
    };
    let request = open::open(services, owner, new).await.unwrap().requests.remove(0);
    let reply = NewReply { subject: format!("Aan {WORD}"), text: WORD.to_owned() };
    mail::reply(services, owner, request.id, reply).await.unwrap();
    change::extend(services, owner, request.id, 1, &format!("Veel {WORD}")).await.unwrap();
    let store = services.store();
    let key = data_requests::key_of(store, &request).await.unwrap().unwrap();
    let tx = store.begin().await.unwrap();
    let id = store.new_id();
    let kept = withheld::Kept { object: id, message_id: id.into() };
    let by = owner.membership_id;
    withheld::set(&tx, &key, &request, kept, Some(WORD), by).await.unwrap();
    tx.commit().await.unwrap();
}

/// Writes the word into each of them. `number` is a ticket's.
pub(super) async fn write_down(services: &Services, tenant: &Tenant, number: i64) {
    let (owner, store) = (&tenant.owner, services.store());
    let now = store.now();
    retention::exempt(services, owner, number, &format!("Garantie van {WORD}")).await.unwrap();
    let hold = NewHold {
        kind: HoldKind::Ticket,
        subject_id: None,
        ticket_number: Some(number),
        reason: format!("Zaak tegen {WORD}"),
        review_at: now + TimeDelta::days(30),
        people: vec![owner.membership_id],
    };
    holds::place(services, owner, hold).await.unwrap();
    let host = register::get(services, owner).await.unwrap().hosts[0].host.clone();
    let facts = Facts {
        country: Some(format!("Land van {WORD}")),
        safeguard: Some(WORD.to_owned()),
        contract: Some(WORD.to_owned()),
    };
    register::set_host(services, owner, &host, facts).await.unwrap();
    let told = Told {
        date: now.date_naive(),
        authority: format!("Rechtbank {WORD}"),
        legal_basis: WORD.to_owned(),
        what: WORD.to_owned(),
        decided_by: WORD.to_owned(),
    };
    register::disclose(services, owner, told).await.unwrap();
    let content = policies::Content {
        title: format!("Regels van {WORD}"),
        changes: WORD.to_owned(),
        text: format!("Spreek niet over {WORD}."),
    };
    policies::publish(services, owner, PolicyKind::Privacy, content).await.unwrap();
    let view = NewView {
        name: format!("Van {WORD}"),
        filter: [("q".to_owned(), format!("{WORD}@example.net"))].into(),
        is_shared: false,
    };
    saved_views::add(services, owner, view).await.unwrap();
    let all = ListQuery::default();
    let customer = contacts::list(services, owner, all).await.unwrap().items[0].id;
    let fact = NewFact { kind: FactKind::Note, label: None, value: format!("Let op: {WORD}") };
    let written = Written { name: Some(format!("Klant {WORD}")), facts: vec![fact] };
    contacts::update(services, owner, customer, written, None).await.unwrap();
    let content = saved_replies::Content {
        name: format!("Voor {WORD}"),
        text: format!("Beste {WORD}"),
        html: None,
    };
    let settings =
        MemberSettings { signature: Some(format!("Groeten van {WORD}")), switched_off: Vec::new() };
    own_settings::put(services, owner, settings).await.unwrap();
    let mut photo = std::io::Cursor::new(Vec::new());
    image::RgbImage::new(8, 8).write_to(&mut photo, image::ImageFormat::Png).unwrap();
    photos::put(services, owner, photo.into_inner().into()).await.unwrap();
    let of = saved_replies::Of { scope: ReplyScope::Personal, subject_id: None };
    saved_replies::create(services, owner, of, content).await.unwrap();
    let to = Party { name: None, address: format!("{WORD}@klant.example") };
    let written = Content { text: format!("Beste {WORD}"), to: vec![to], ..Content::default() };
    letters::put(services, owner, (letters::Content { channel_id: None, written }, Known::Any))
        .await
        .unwrap();
    let order = parcels::Order {
        organization_id: owner.organization_id,
        kind: ParcelKind::Mailbox,
        subject_id: tenant.channel.0,
        channel_id: Some(tenant.channel),
        name: format!("{WORD}.zip"),
        made_by: Some(owner.membership_id),
    };
    let export = parcels::order(services, &order).await.unwrap();
    let made = parcels::make(services, owner.organization_id, export, 1).await.unwrap();
    assert_eq!(made, parcels::Made::Ready);
    let organization = owner.organization_id;
    let key = keys::of_organization(store, organization).await.unwrap();
    let notice = Notice {
        id: IncidentNoticeId(store.new_id()),
        text: format!("Aan {WORD}"),
        from: now - TimeDelta::days(1),
        to: now,
    };
    ask(services, tenant, number).await;
    tag(services, owner, number).await;
    let tx = store.begin().await.unwrap();
    incidents::add(&tx, &key, organization, &notice).await.unwrap();
    tx.commit().await.unwrap();
    an_erasure(services, tenant).await;
}

/// A word of the organization's own, on the ticket.
async fn tag(services: &Services, owner: &Actor, number: i64) {
    let tag = tags::create(services, owner, WORD, TagColor::Red).await.unwrap();
    let ticket = tickets::reach(services, owner, Permission::WorkOnTickets, number).await.unwrap();
    let patch = Patch { tags_add: vec![tag.id], ..Patch::default() };
    change_ticket::update(services, owner, number, ticket.version, patch).await.unwrap();
}

/// An erasure that is written down, and goes no further.
async fn an_erasure(services: &Services, tenant: &Tenant) {
    let (store, organization) = (services.store(), tenant.owner.organization_id);
    let key = keys::of_organization(store, organization).await.unwrap();
    let own = store.keyring().create(KeyKind::Profile, organization.0, Some(&key), None);
    let own = own.await.unwrap();
    let person = Person { addresses: vec![format!("{WORD}@klant.example")], contacts: Vec::new() };
    let id = ErasureId(store.new_id());
    let tx = store.begin().await.unwrap();
    erasures::add(&tx, organization, id, &own, &person, None).await.unwrap();
    let mut erasure = erasures::lock(&tx, organization, id).await.unwrap().unwrap();
    let copy = erasures::Copy {
        channel_id: tenant.channel,
        folder_id: FolderId(store.new_id()),
        uid_validity: 1,
        uid: 1,
        received_at: Some(store.now()),
    };
    erasure.set_copies(&key, &[copy]).unwrap();
    erasure.save(&tx).await.unwrap();
    tx.commit().await.unwrap();
}
