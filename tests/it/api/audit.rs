//! The audit log: many write at once, nothing is lost, and what is altered is noticed.

use loket::audit::{Action, Actor, ObjectKind};
use loket::store::StoreError;
use loket::store::audit::{self, NewAuditEntry};
use sea_orm::{ConnectionTrait, Database};

use crate::support::app::{Org, TestApp};
use crate::support::db::{On, on_both};

fn entry(org: &Org) -> NewAuditEntry {
    NewAuditEntry {
        organization_id: org.id,
        actor: Actor::Member(org.owner.0),
        action: Action::ReadMessage,
        object_kind: ObjectKind::Message,
        object_id: None,
        channel_id: None,
    }
}

async fn entries_of_many_are_numbered_without_gaps(on: On) {
    let app = TestApp::new(on).await;
    let (one, two) = (app.org("bakery").await, app.org("florist").await);
    let store = &app.home.store;
    let writes = (0..60).map(|n| audit::record(store, entry(if n % 3 == 0 { &two } else { &one })));
    for written in futures::future::join_all(writes).await {
        written.unwrap();
    }
    assert_eq!(audit::verify(store, one.id).await.unwrap(), 40);
    assert_eq!(audit::verify(store, two.id).await.unwrap(), 20);
    let page = audit::list(store, one.id, Some(40), 5).await.unwrap();
    assert_eq!(page.iter().map(|e| e.number).collect::<Vec<_>>(), [39, 38, 37, 36, 35]);
}

/// A waiter that goes away takes no other's entry with it.
async fn a_reader_who_leaves_costs_nobody_an_entry(on: On) {
    let app = TestApp::new(on).await;
    let org = app.org("bakery").await;
    let store = &app.home.store;
    for _ in 0..10 {
        let mut leaving = Box::pin(audit::record(store, entry(&org)));
        // It leaves half-way, unless the database was so quick that it had its entry already.
        if let std::task::Poll::Ready(done) = futures::poll!(leaving.as_mut()) {
            done.unwrap();
        }
        let staying = audit::record(store, entry(&org));
        let (staying, ()) = futures::join!(staying, async move { drop(leaving) });
        staying.unwrap();
    }
    let count = audit::verify(store, org.id).await.unwrap();
    assert!((10..=20).contains(&count), "{count}");
}

async fn an_altered_entry_is_noticed(on: On) {
    let app = TestApp::new(on).await;
    let org = app.org("bakery").await;
    let store = &app.home.store;
    for _ in 0..3 {
        audit::record(store, entry(&org)).await.unwrap();
    }
    assert_eq!(audit::verify(store, org.id).await.unwrap(), 3);
    let intruder = Database::connect(app.home.audit_url()).await.unwrap();
    intruder
        .execute_unprepared("UPDATE audit_entry SET action = 'ticket.read' WHERE number = 2")
        .await
        .unwrap();
    let found = audit::verify(store, org.id).await;
    assert!(matches!(found, Err(StoreError::Corrupt { .. })), "{found:?}");
}

on_both!(
    entries_of_many_are_numbered_without_gaps,
    a_reader_who_leaves_costs_nobody_an_entry,
    an_altered_entry_is_noticed,
);
