//! What people write down about keeping and forgetting.

use chrono::TimeDelta;
use loket::crypto::KeyKind;
use loket::domain::ids::{ErasureId, FolderId, IncidentNoticeId};
use loket::domain::words::HoldKind;
use loket::service::holds::{self, NewHold};
use loket::service::{Services, register, retention};
use loket::store::erasures::{self, Person};
use loket::store::incidents::{self, Notice};
use loket::store::keys;
use loket::store::register::{Facts, Told};

use super::WORD;
use crate::support::tenant::Tenant;

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
    let organization = owner.organization_id;
    let key = keys::of_organization(store, organization).await.unwrap();
    let notice = Notice {
        id: IncidentNoticeId(store.new_id()),
        text: format!("Aan {WORD}"),
        from: now - TimeDelta::days(1),
        to: now,
    };
    let tx = store.begin().await.unwrap();
    incidents::add(&tx, &key, organization, &notice).await.unwrap();
    tx.commit().await.unwrap();
    an_erasure(services, tenant).await;
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
