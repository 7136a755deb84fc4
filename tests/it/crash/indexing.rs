//! Search indexes are made, fed, merged, built anew and rid of deleted words, and the process dies.

use chrono::TimeDelta;
use loket::authz::Actor;
use loket::domain::ids::{AccountId, ChannelId, MembershipId, OrganizationId};
use loket::domain::words::Role;
use loket::service::notes;
use loket::service::retention::remove;
use loket::service::search::check;
use loket::service::search::feed::Feeder;
use loket::store::{Scope, channels, organizations, search_indexes, tickets};
use uuid::Uuid;

use super::deaths::Deaths;
use super::world::World;
use super::{Death, Home, Open, Work};
use crate::support::db::On;

/// Notes one after the other: each is a segment, and enough of them are merged.
const NOTES: usize = 12;

/// The deletion of the ticket that has them is later than that.
const NIGHT: TimeDelta = TimeDelta::hours(13);

/// Feeds until there is nothing to do. Waits for what is being built, as looking again and again would pass as many
/// steps as there was time for.
async fn settle(feeder: &mut Feeder) {
    loop {
        let more = feeder.step().await.unwrap();
        if more {
            continue;
        }
        if feeder.is_complete() {
            return;
        }
        feeder.built().await;
    }
}

/// What a child does. What was done by one that died is done again.
pub(super) async fn index(open: &Open, ids: &[Uuid]) {
    let services = &open.app.services;
    let [organization, account, membership, channel] = ids else { panic!("{ids:?}") };
    let owner = Actor {
        account_id: AccountId(*account),
        membership_id: MembershipId(*membership),
        organization_id: OrganizationId(*organization),
        role: Role::Owner,
        channels: [ChannelId(*channel)].into(),
        hidden: [].into(),
    };
    let mut feeder = Feeder::begin(services).expect("nobody else feeds");
    settle(&mut feeder).await;
    for number in 0..NOTES {
        notes::create(services, &owner, 1, &format!("Note {number}.")).await.unwrap();
        settle(&mut feeder).await;
    }
    let tx = services.store().begin().await.unwrap();
    search_indexes::ask_rebuild(&tx, None).await.unwrap();
    tx.commit().await.unwrap();
    settle(&mut feeder).await;
    remove_first(open, owner.organization_id).await;
    settle(&mut feeder).await;
    open.clock.advance(NIGHT);
    settle(&mut feeder).await;
    feeder.end().await;
}

/// Deletes the first ticket with everything in it.
async fn remove_first(open: &Open, organization: OrganizationId) {
    let services = &open.app.services;
    let scope = Scope::whole(organization);
    let found = tickets::ids_of_numbers(services.store(), &scope, &[1]).await.unwrap();
    let found: Vec<_> = found.into_values().collect();
    remove::tickets(services, organization, &found).await.unwrap();
}

/// What a child does that only deletes, while nobody feeds the indexes.
pub(super) async fn remove(open: &Open, ids: &[Uuid]) {
    remove_first(open, OrganizationId(ids[0])).await;
}

/// The next start feeds the indexes, and they differ from the store in nothing.
async fn fed(open: &Open, at: Death, least: u64) {
    let services = &open.app.services;
    let mut feeder = Feeder::begin(services).expect("a lock ends with its process");
    settle(&mut feeder).await;
    let mut looked_at = 0;
    for organization in organizations::list(services.store()).await.unwrap() {
        for channel in channels::list(services.store(), organization.id).await.unwrap() {
            let found = check::channel(services, organization.id, channel.id).await;
            let found = found.unwrap().expect("an index");
            assert!(found.is_none(), "{at}: {found:?}");
            looked_at += found.messages;
        }
    }
    assert!(looked_at >= least, "{at}: there is mail to find");
    let instance = services.search().instance().unwrap().unwrap();
    let rows = search_indexes::list(services.store(), instance).await.unwrap();
    assert_eq!(rows.len(), 2, "{at}: nothing is left of what was begun");
    feeder.end().await;
}

/// After whatever death, the next start comes to indexes that are as they should be.
pub(super) async fn indexes(on: On, deaths: Deaths) -> usize {
    let base = Home::new(on).await;
    let world = World::new(&base).await;
    let owner = &world.work.owner;
    let ids = vec![
        owner.organization_id.0,
        owner.account_id.0,
        owner.membership_id.0,
        world.work.channel.0,
    ];
    let work = Work { what: "index", ids, after: TimeDelta::minutes(5) };
    deaths.of(&base, &work, async |open: &Open, at| fed(open, at, 2).await).await
}

/// As [`indexes`], of what is deleted: what has gone when the process dies is out of the indexes, although nobody
/// deletes the rest.
pub(super) async fn removals(on: On, deaths: Deaths) -> usize {
    let base = Home::new(on).await;
    let world = World::new(&base).await;
    let open = base.open().await;
    let mut feeder = Feeder::begin(&open.app.services).expect("nobody else feeds");
    settle(&mut feeder).await;
    feeder.end().await;
    open.close().await;
    let ids = vec![world.work.owner.organization_id.0];
    let work = Work { what: "remove", ids, after: TimeDelta::minutes(5) };
    deaths.of(&base, &work, async |open: &Open, at| fed(open, at, 2).await).await
}
