//! Mail of our own that was left out, since nobody that Loket knows of had written before it,
//! and that somebody answers now: it begins the ticket after all.

use super::colleagues::Colleagues;
use super::draft::Draft;
use super::{Context, load, understand};
use crate::service::{Result, Services};
use crate::store::ledger;

/// Of a conversation as much is taken up; more of it is quoted in the answer.
const MAX_TAKEN_UP: usize = 20;

/// The mails of ours that these answer, and those that they answered in turn.
pub(super) async fn find(
    services: &Services,
    context: &Context,
    drafts: &[Draft],
) -> Result<Vec<Draft>> {
    let (store, target) = (services.store(), &context.target);
    let most = services.options().max_incoming_bytes;
    let mut found: Vec<Draft> = Vec::new();
    let mut asked: Vec<Vec<u8>> =
        drafts.iter().filter(|draft| draft.may_answer()).flat_map(|d| d.refers.clone()).collect();
    while !asked.is_empty() && found.len() < MAX_TAKEN_UP {
        let entries =
            ledger::find_sent(store, target.organization_id, target.channel_id, &asked).await?;
        asked.clear();
        for entry in entries.into_iter().take(MAX_TAKEN_UP - found.len()) {
            if found.iter().any(|draft| draft.understood.stored.ledger_id == entry.id) {
                continue;
            }
            // Without it the answer still comes in.
            let stored = match load(services, context, &entry).await {
                Ok(stored) => stored,
                Err(error) => {
                    let error = &error as &dyn std::error::Error;
                    tracing::warn!(error, ledger.id = %entry.id, "an answered mail is not read");
                    continue;
                }
            };
            let (understood, _) = understand::all(vec![stored], most).await?;
            for mail in understood {
                let mut draft = Draft::new(context, &Colleagues::default(), mail, store.now());
                draft.is_answered = true;
                asked.extend(draft.refers.iter().cloned());
                found.push(draft);
            }
        }
    }
    Ok(found)
}
