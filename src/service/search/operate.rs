//! What an operator asks of the indexes, from the command line: beside a server that runs, or without one.

use std::collections::HashSet;
use std::time::Duration;

use uuid::Uuid;

use super::build;
use super::check::{Depth, Differences, compare};
use super::feed::Feeder;
use crate::domain::ids::ChannelId;
use crate::service::{Result, ServiceError, Services};
use crate::store::search_indexes::{self, SearchIndex};
use crate::store::{channels, organizations};

/// How often to look how far a server is.
const LOOK_EVERY: Duration = Duration::from_millis(500);

/// How often an index that a server is working on is opened anew, before what differs is taken for a difference.
const LOOKS: u32 = 6;

/// How far a rebuild is: messages that are in, of how many.
pub type Progress = (u64, u64);

/// An index, and how it differs from the store.
#[derive(Debug, Clone, Copy)]
pub struct Checked {
    /// Its channel.
    pub channel_id: ChannelId,
    /// What differs; nothing where there is no index, or none that opens.
    pub differences: Option<Differences>,
}

/// Builds the indexes of this instance anew: of one channel, or of all. While it goes on, `told` hears how far it is.
/// How many indexes.
pub async fn rebuild(
    services: &Services,
    channel: Option<ChannelId>,
    mut told: impl FnMut(Progress),
) -> Result<u64> {
    let store = services.store();
    if let Some(channel) = channel
        && !all_channels(services).await?.contains(&channel)
    {
        return Err(ServiceError::NotFound);
    }
    let asked_at = store.now();
    let tx = store.begin().await?;
    let count = search_indexes::ask_rebuild(&tx, channel).await?;
    tx.commit().await?;
    let own = Feeder::begin(services);
    match own {
        Some(mut feeder) => {
            loop {
                let more = feeder.step().await?;
                told(progress(&rows(services).await?));
                if !more && feeder.is_complete() {
                    break;
                }
                if !more {
                    tokio::time::sleep(LOOK_EVERY / 10).await;
                }
            }
            feeder.end().await;
        }
        None => loop {
            let rows = rows(services).await?;
            told(progress(&rows));
            let waits = rows.iter().any(|row| row.rebuild_asked || !row.is_ready);
            if !waits {
                break;
            }
            if store.now() - asked_at > chrono::Duration::days(1) {
                return Err(ServiceError::SearchUnavailable);
            }
            tokio::time::sleep(LOOK_EVERY).await;
        },
    }
    Ok(count)
}

async fn rows(services: &Services) -> Result<Vec<SearchIndex>> {
    let instance: Option<Uuid> = services.search().instance().map_err(ServiceError::internal)?;
    match instance {
        Some(instance) => Ok(search_indexes::list(services.store(), instance).await?),
        None => Ok(Vec::new()),
    }
}

fn progress(rows: &[SearchIndex]) -> Progress {
    let building = rows.iter().filter(|row| !row.is_ready).map(|row| row.progress);
    building.fold((0, 0), |all, one| (all.0 + one.0, all.1 + one.1))
}

async fn all_channels(services: &Services) -> Result<HashSet<ChannelId>> {
    let store = services.store();
    let mut all = HashSet::new();
    for organization in organizations::list(store).await? {
        all.extend(channels::list(store, organization.id).await?.into_iter().map(|one| one.id));
    }
    Ok(all)
}

/// Compares the indexes of this instance with the store: of one channel, or of all.
pub async fn check(
    services: &Services,
    channel: Option<ChannelId>,
    depth: Depth,
) -> Result<Vec<Checked>> {
    let mut wanted = all_channels(services).await?;
    if let Some(channel) = channel {
        if !wanted.contains(&channel) {
            return Err(ServiceError::NotFound);
        }
        wanted = HashSet::from([channel]);
    }
    let mut all = Vec::new();
    let mut wanted: Vec<ChannelId> = wanted.into_iter().collect();
    wanted.sort_unstable();
    for channel_id in wanted {
        all.push(Checked { channel_id, differences: look(services, channel_id, depth).await? });
    }
    Ok(all)
}

/// What a server has not come to yet is no difference: it is given time.
async fn look(
    services: &Services,
    channel: ChannelId,
    depth: Depth,
) -> Result<Option<Differences>> {
    let mut found = None;
    for turn in 0..LOOKS {
        if turn > 0 {
            tokio::time::sleep(LOOK_EVERY).await;
        }
        let rows = rows(services).await?;
        let Some(row) = rows.iter().find(|row| row.channel_id == channel && row.is_ready) else {
            continue;
        };
        let Ok(shelf) = build::peek(services, row).await? else { continue };
        found = Some(compare(services, &shelf, depth).await?);
        if found.is_some_and(|found| found.is_none()) {
            break;
        }
    }
    Ok(found)
}
