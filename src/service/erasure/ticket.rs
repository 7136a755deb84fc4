//! What becomes of one ticket: it goes, or tombstones take the place of the person's messages.
//!
//! A ticket that goes: all its keys are dead already; objects, then rows, in short batches. One that
//! somebody else has joined meanwhile is redacted instead.
//!
//! A ticket that stays, in order: answers lose what they quote ([`redact::keep_own_text`]); heads of
//! others' messages lose the person; messages whose keys are dead become tombstones; last, in one
//! transaction, the ticket's own words are sealed under a new key, the person takes part no more,
//! and the old key's end is ordered.

use uuid::Uuid;

use super::judge::{Judged, judge, without};
use super::run::open_among;
use crate::blob::seal_blob;
use crate::domain::ids::{MessageId, OrganizationId, TicketId};
use crate::domain::words::{EventKind, Fate};
use crate::mail::blank::blank_fields;
use crate::service::purge::delete_objects;
use crate::service::{Result, ServiceError, Services, dead_keys};
use crate::store::erased::{Head, content_keys};
use crate::store::erasure_rows::{self, Row};
use crate::store::erasures::{self, Erasure, Person};
use crate::store::events::NewEvent;
use crate::store::messages::{self, Message, redact, tombstone};
use crate::store::tickets::{self, Ticket, participants};
use crate::store::{Scope, StoreError, Tx, forget, raw, removal};

/// Messages per transaction.
const BATCH: usize = 64;

/// How often a ticket is looked at anew when somebody changed it meanwhile.
const MAX_TRIES: usize = 8;

/// The work at one ticket.
struct Work<'a> {
    services: &'a Services,
    erasure: &'a Erasure,
    person: &'a Person,
    blinds: &'a [Vec<u8>],
    id: TicketId,
}

pub(super) async fn settle(
    services: &Services,
    erasure: &Erasure,
    person: &Person,
    blinds: &[Vec<u8>],
    (id, fate): (TicketId, Fate),
) -> Result<()> {
    let work = Work { services, erasure, person, blinds, id };
    for _ in 0..MAX_TRIES {
        match work.once(fate).await {
            Err(ServiceError::Stale | ServiceError::Store(StoreError::Stale)) => {}
            other => return other,
        }
    }
    Err(ServiceError::Stale)
}

impl Work<'_> {
    fn organization(&self) -> OrganizationId {
        self.erasure.organization_id
    }

    async fn once(&self, fate: Fate) -> Result<()> {
        let store = self.services.store();
        let whole = Scope::whole(self.organization());
        if tickets::home(store, self.organization(), self.id).await?.is_none() {
            let tx = store.begin().await?;
            erasures::ticket_done(&tx, self.erasure, self.id).await?;
            tx.commit().await?;
            return Ok(());
        }
        let staying = messages::list(store, &whole, self.id).await?;
        let judged = judge(self.person, &staying, self.erasure.planned_at);
        // Filed since the keys died.
        let late: Vec<MessageId> = judged.theirs.iter().map(|message| message.id).collect();
        if !late.is_empty() {
            let mut dead: Vec<Uuid> = judged.theirs.iter().map(|message| message.key_id).collect();
            dead.extend(removal::raw_keys_of(store, self.organization(), &late).await?);
            forget::erase_keys(store, &dead).await?;
            return Err(ServiceError::Stale);
        }
        match fate {
            Fate::Mention => self.mention(&judged).await,
            Fate::Delete | Fate::Redact if judged.others => self.redact(&staying).await,
            Fate::Delete | Fate::Redact => self.remove().await,
            Fate::Hold => Ok(()),
        }
    }

    /// All of it goes.
    async fn remove(&self) -> Result<()> {
        let store = self.services.store();
        let rows = erasure_rows::messages_of(store, self.organization(), self.id).await?;
        let ids: Vec<MessageId> = rows.iter().map(|row| row.id).collect();
        let mut dead: Vec<Uuid> = rows.iter().map(|row| row.key_id).collect();
        dead.extend(removal::raw_keys_of(store, self.organization(), &ids).await?);
        dead.extend(removal::ticket_keys(store, self.organization(), &[self.id]).await?);
        forget::erase_keys(store, &dead).await?;
        for chunk in ids.chunks(BATCH) {
            let objects = removal::objects_of(store, self.organization(), chunk).await?;
            delete_objects(self.services, &objects).await?;
            let tx = store.begin().await?;
            erasure_rows::remember(&tx, self.organization(), chunk).await?;
            removal::tell_gone(&tx, self.organization(), &[self.id]).await?;
            removal::messages(&tx, self.organization(), chunk).await?;
            erasures::add_removed(&tx, self.erasure, chunk.len()).await?;
            tx.commit().await?;
        }
        let tx = store.begin().await?;
        // Nobody adds a message while it is locked; one that was added before is looked at.
        tickets::lock(&tx, self.organization(), &[self.id]).await?;
        if erasure_rows::count_messages(&tx, self.organization(), self.id).await? > 0 {
            return Err(ServiceError::Stale);
        }
        removal::tell_gone(&tx, self.organization(), &[self.id]).await?;
        removal::tickets(&tx, self.organization(), &[self.id]).await?;
        erasures::ticket_done(&tx, self.erasure, self.id).await?;
        tx.commit().await?;
        Ok(())
    }

    /// The heads of others' messages lose the person, and nothing else changes.
    async fn mention(&self, judged: &Judged<'_>) -> Result<()> {
        for message in &judged.naming {
            self.rewrite_head(message).await?;
        }
        let store = self.services.store();
        let tx = store.begin().await?;
        self.take_out(&tx, judged.is_back).await?;
        tx.commit().await?;
        Ok(())
    }

    async fn redact(&self, staying: &[Message]) -> Result<()> {
        let judged = judge(self.person, staying, self.erasure.planned_at);
        for message in &judged.quoting {
            self.redact_answer(message).await?;
        }
        let quoting = |id| judged.quoting.iter().any(|message| message.id == id);
        for message in judged.naming.iter().filter(|message| !quoting(message.id)) {
            self.rewrite_head(message).await?;
        }
        self.set_tombstones().await?;
        self.rehome(judged.is_back).await
    }

    /// The answer keeps what the agent wrote.
    async fn redact_answer(&self, message: &Message) -> Result<()> {
        let store = self.services.store();
        let Some(key) = self.new_keys(message.channel_id, 1).await?.pop() else { return Ok(()) };
        let ids = [message.id];
        let objects = removal::objects_of(store, self.organization(), &ids).await?;
        let mut dead = removal::raw_keys_of(store, self.organization(), &ids).await?;
        dead.push(message.key_id);
        dead.sort_unstable();
        dead.dedup();
        let mut left = message.clone();
        left.envelope = without(self.person, &message.envelope);
        let tx = store.begin().await?;
        erasure_rows::empty_deliveries(&tx, self.organization(), &ids).await?;
        redact::keep_own_text(&tx, &left, &key).await?;
        dead_keys::order_erased(&tx, &dead).await?;
        tx.commit().await?;
        dead_keys::destroy_erased(self.services, &dead).await?;
        delete_objects(self.services, &objects).await
    }

    /// The message stays as it was written, under its own key; its head loses the person, here and
    /// in the mail as it went over the wire.
    async fn rewrite_head(&self, message: &Message) -> Result<()> {
        let store = self.services.store();
        let key = store.keyring().get(message.key_id).await.map_err(StoreError::from)?;
        let mut left = message.clone();
        left.envelope = without(self.person, &message.envelope);
        let stored = raw::find(store, self.organization(), message.id).await?;
        let mut replaced = None;
        if let Some(stored) = &stored {
            let bytes = stored.read_all(store, self.services.blobs()).await?;
            if let Some(blank) = blank_fields(&bytes, &self.person.addresses) {
                let raw_key =
                    store.keyring().get(stored.key_id()).await.map_err(StoreError::from)?;
                let sealed = seal_blob(&raw_key, message.id.0, &blank).map_err(StoreError::from)?;
                let blobs = self.services.blobs();
                replaced = Some(raw::place(blobs, message.id, &raw_key, sealed).await?);
            }
        }
        let old_object = stored.and_then(|stored| stored.object_name().map(str::to_owned));
        let old_object: Vec<String> =
            old_object.filter(|_| replaced.is_some()).into_iter().collect();
        let tx = store.begin().await?;
        redact::set_envelope(&tx, &left, &key).await?;
        if let Some(raw) = replaced {
            raw::replace(&tx, self.organization(), raw).await?;
        }
        tx.commit().await?;
        delete_objects(self.services, &old_object).await
    }

    /// Messages whose keys are dead become tombstones; those of a mailbox that is being purged are
    /// left to that.
    async fn set_tombstones(&self) -> Result<()> {
        let store = self.services.store();
        let rows = erasure_rows::messages_of(store, self.organization(), self.id).await?;
        let ids: Vec<Uuid> = rows.iter().map(|row| row.key_id).collect();
        let open = open_among(self.services, &ids).await?;
        let dead: Vec<Row> =
            rows.into_iter().filter(|row| !open.contains_key(&row.key_id)).collect();
        for row in dead.chunks(BATCH).flatten() {
            let Some(key) = self.new_keys(row.channel_id, 1).await?.pop() else { continue };
            let ids = [row.id];
            let objects = removal::objects_of(store, self.organization(), &ids).await?;
            delete_objects(self.services, &objects).await?;
            let tx = store.begin().await?;
            erasure_rows::remember(&tx, self.organization(), &ids).await?;
            erasure_rows::empty_deliveries(&tx, self.organization(), &ids).await?;
            tombstone::set(&tx, self.organization(), row.id, &key, store.now()).await?;
            erasures::add_removed(&tx, self.erasure, 1).await?;
            tx.commit().await?;
        }
        Ok(())
    }

    /// The ticket's own words, of what stays.
    async fn rehome(&self, is_back: bool) -> Result<()> {
        let store = self.services.store();
        let organization = self.organization();
        let whole = Scope::whole(organization);
        let home = tickets::home(store, organization, self.id).await?;
        let Some((channel_id, old)) = home else { return Err(ServiceError::Stale) };
        let Some(key) = self.new_keys(channel_id, 1).await?.pop() else { return Ok(()) };
        let known: Option<Ticket> = tickets::find(store, &whole, self.id).await?;
        let all = messages::list(store, &whole, self.id).await?;
        let mut head = Head::of(&all, all.len());
        if let Some(known) = &known {
            let is_theirs =
                known.state.contact_id.is_some_and(|id| self.person.contacts.contains(&id));
            if !is_theirs {
                head.customer = known.customer.clone();
                head.contact_id = known.state.contact_id;
            }
            // What it is about was said by whoever began it.
            if all.first().is_some_and(|first| first.erased_at.is_none()) {
                head.subject.clone_from(&known.subject);
            }
        }
        let version = known.as_ref().map(|ticket| ticket.version);
        let tx = store.begin().await?;
        let current = tickets::lock(&tx, organization, &[self.id]).await?.pop();
        if current.map(|ticket| ticket.version) != version {
            return Err(ServiceError::Stale);
        }
        tickets::rehome(&tx, organization, self.id, &head.remains(channel_id, &key)).await?;
        self.take_out(&tx, is_back).await?;
        tx.event(NewEvent::ticket(organization, EventKind::TicketUpdated, channel_id, self.id));
        dead_keys::order(&tx, &[old]).await?;
        tx.commit().await?;
        dead_keys::destroy(self.services, &[old]).await
    }

    /// The person takes part no more, unless new mail of theirs is in it.
    async fn take_out(&self, tx: &Tx, is_back: bool) -> Result<()> {
        let (organization, contacts) = (self.organization(), &self.person.contacts);
        if !is_back {
            participants::remove(tx, organization, self.id, self.blinds).await?;
            erasure_rows::forget_mentions(tx, organization, self.id, self.blinds).await?;
        }
        erasure_rows::empty_events(tx, organization, self.id, contacts).await?;
        erasure_rows::forget_replaced(tx, organization, self.id, contacts).await?;
        erasure_rows::forget_contacts(tx, organization, self.id, contacts).await?;
        erasures::ticket_done(tx, self.erasure, self.id).await?;
        Ok(())
    }

    async fn new_keys(
        &self,
        channel_id: crate::domain::ids::ChannelId,
        count: usize,
    ) -> Result<Vec<crate::crypto::OpenKey>> {
        let store = self.services.store();
        let made = content_keys(store, self.organization(), channel_id, count).await?;
        Ok(made.unwrap_or_default())
    }
}
