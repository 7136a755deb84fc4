//! A mailbox: each ticket with its originals, then mail that could not be processed, then customers,
//! then the pages that lead there.

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::tickets::Reader;
use super::{language, model, pages};
use crate::domain::ids::{ChannelId, ContactId, LedgerId, OrganizationId, TicketId};
use crate::mail::compose::Language;
use crate::service::parcels::{Parcel, Writer};
use crate::service::{Result, ServiceError, Services};
use crate::store::ledger::QuarantineFilter;
use crate::store::tickets::exported::{self, Where};
use crate::store::{
    Scope, StoreError, contacts, ledger, mailboxes, organizations, person_marks, raw,
};

/// Tickets that are looked up together.
const TICKETS: u64 = 200;

/// Customers that are opened together.
const CONTACTS: usize = 200;

/// Tickets on one page of the list.
const LINES: u64 = 500;

/// How many tickets there are.
pub(super) async fn count(services: &Services, parcel: &Parcel) -> Result<i64> {
    let channels: Vec<ChannelId> = parcel.channel_id.into_iter().collect();
    let mut total = 0;
    for which in [Where::Here, Where::Elsewhere] {
        let of = parcel.organization_id;
        total += exported::count_where(services.store(), of, &channels, which).await?;
    }
    Ok(total)
}

/// `data.json` up to the customers, which follow one by one.
#[derive(Debug, Serialize)]
struct Head {
    format: &'static str,
    kind: &'static str,
    made_at: DateTime<Utc>,
    organization: model::Named,
    mailbox: model::Mailbox,
    counts: model::Counts,
    quarantined: Vec<model::Quarantined>,
}

/// Writes the export of a mailbox.
pub(super) async fn write(
    services: &Services,
    parcel: &Parcel,
    writer: &mut Writer<'_>,
) -> Result<()> {
    let store = services.store();
    let organization_id = parcel.organization_id;
    let id = parcel.channel_id.ok_or(ServiceError::NotFound)?;
    let mailbox = match mailboxes::find(store, organization_id, id).await? {
        Some(mailbox) => mailbox,
        None => mailboxes::find_disconnected(store, organization_id, id)
            .await?
            .ok_or(ServiceError::NotFound)?,
    };
    let organization = organizations::find(store, organization_id).await?;
    let organization = organization.ok_or(ServiceError::NotFound)?;
    let language = language(services, parcel).await?;
    let mut all = All::new(services, parcel, vec![id], language).await?;
    all.tickets(writer, Where::Here).await?;
    all.tickets(writer, Where::Elsewhere).await?;
    let quarantined = all.quarantined(writer).await?;
    let title = mailbox.address.clone();
    let head = Head {
        format: model::FORMAT,
        kind: "mailbox",
        made_at: writer.now(),
        organization: model::Named { id: organization.id.0, name: organization.name },
        mailbox: told(mailbox),
        counts: all.counts(),
        quarantined,
    };
    all.data(writer, &head).await?;
    all.index(writer, &title).await
}

/// A mailbox, without what opens it.
pub(super) fn told(mailbox: mailboxes::Mailbox) -> model::Mailbox {
    model::Mailbox {
        id: mailbox.channel_id.0,
        address: mailbox.address,
        name: mailbox.display_name,
        provider: mailbox.provider,
        signature: mailbox.signature,
        acknowledgement: mailbox.acknowledgement,
        acknowledges: mailbox.acknowledges,
        language: mailbox.language,
        connected_at: mailbox.created_at,
    }
}

/// What was written so far of some channels.
pub(super) struct All<'a> {
    services: &'a Services,
    organization_id: OrganizationId,
    channels: Vec<ChannelId>,
    language: Language,
    counts: model::Counts,
    contacts: BTreeSet<ContactId>,
    /// The page of the list that is not full yet, with its first and last ticket.
    lines: String,
    on_page: u64,
    first: u64,
    pages: Vec<(u64, u64)>,
    /// Customers whose data is restricted, and who named others to read it.
    hidden: Arc<[ContactId]>,
}

impl<'a> All<'a> {
    pub(super) async fn new(
        services: &'a Services,
        parcel: &Parcel,
        channels: Vec<ChannelId>,
        language: Language,
    ) -> Result<Self> {
        let organization_id = parcel.organization_id;
        let hidden = match parcel.made_by {
            Some(reader) => {
                person_marks::hidden_from(services.store(), organization_id, reader).await?
            }
            None => Vec::new(),
        };
        Ok(Self {
            services,
            organization_id,
            channels,
            language,
            counts: model::Counts::default(),
            contacts: BTreeSet::new(),
            lines: String::new(),
            on_page: 0,
            first: 0,
            pages: Vec::new(),
            hidden: hidden.into(),
        })
    }

    pub(super) fn counts(&self) -> model::Counts {
        model::Counts { contacts: self.contacts.len() as u64, ..self.counts }
    }

    fn scope(&self) -> Scope {
        Scope::channels(self.organization_id, self.channels.as_slice())
            .without(Arc::clone(&self.hidden))
    }

    /// Writes every ticket.
    pub(super) async fn tickets(&mut self, writer: &mut Writer<'_>, which: Where) -> Result<()> {
        let store = self.services.store();
        let reader = Reader::new(self.services, self.scope(), false).await?;
        let mut after: Option<TicketId> = None;
        loop {
            let ids = exported::ids_after(
                store,
                self.organization_id,
                &self.channels,
                which,
                after,
                TICKETS,
            )
            .await?;
            let Some(last) = ids.last().copied() else { return Ok(()) };
            for id in ids {
                self.ticket(writer, &reader, id).await?;
                writer.step().await?;
            }
            after = Some(last);
        }
    }

    async fn ticket(
        &mut self,
        writer: &mut Writer<'_>,
        reader: &Reader<'_>,
        id: TicketId,
    ) -> Result<()> {
        let Some(written) = reader.ticket(writer, id, &|_| true).await? else { return Ok(()) };
        let ticket = written.ticket;
        self.contacts.extend(written.contacts);
        reader.put(writer, &ticket, self.language).await?;
        self.counts.tickets += 1;
        self.counts.messages += ticket.messages.len() as u64;
        let files: usize = ticket.messages.iter().map(|message| message.attachments.len()).sum();
        self.counts.attachments += files as u64;
        let number = u64::try_from(ticket.number).unwrap_or(0);
        if self.on_page == 0 {
            self.first = number;
            self.pages.push((number, number));
        }
        if let Some(page) = self.pages.last_mut() {
            page.1 = number;
        }
        self.lines.push_str(&pages::line(&ticket, self.language, "../"));
        self.on_page += 1;
        if self.on_page == LINES { self.turn(writer).await } else { Ok(()) }
    }

    /// Writes the page of the list, and begins the next one.
    async fn turn(&mut self, writer: &mut Writer<'_>) -> Result<()> {
        if self.on_page == 0 {
            return Ok(());
        }
        let title = pages::words(self.language).tickets;
        let page = pages::list(title, self.language, &self.lines);
        let path = format!("lists/{:04}.html", self.pages.len());
        writer.file(&path, page.into_bytes()).await?;
        self.lines.clear();
        self.on_page = 0;
        Ok(())
    }

    /// Writes the mails that could not be processed.
    pub(super) async fn quarantined(
        &mut self,
        writer: &mut Writer<'_>,
    ) -> Result<Vec<model::Quarantined>> {
        let store = self.services.store();
        let scope = self.scope();
        let reader = Reader::new(self.services, scope.clone(), false).await?;
        let mut told = Vec::new();
        let mut before: Option<LedgerId> = None;
        loop {
            let all = QuarantineFilter::default();
            let lines = ledger::list_quarantined(store, &scope, &all, before, TICKETS).await?;
            let Some(last) = lines.last().map(|line| line.id) else { break };
            for line in lines {
                let found = match line.message_id {
                    Some(id) => raw::find(store, self.organization_id, id).await?,
                    None => None,
                };
                let original = match found {
                    Some(raw) => {
                        let path = format!("quarantine/{}.eml", line.id);
                        reader.original(writer, &raw, &path).await?
                    }
                    None => None,
                };
                told.push(model::Quarantined {
                    id: line.id.0,
                    mailbox_id: line.channel_id.0,
                    received_at: line.received_at,
                    reason: line.reason,
                    original,
                });
            }
            before = Some(last);
        }
        self.counts.quarantined = told.len() as u64;
        Ok(told)
    }

    /// Writes `data.json`: the head's members, then `contacts`, a few at a time.
    pub(super) async fn data(&self, writer: &mut Writer<'_>, head: &impl Serialize) -> Result<()> {
        let store = self.services.store();
        let mut text = serde_json::to_string_pretty(head).map_err(StoreError::from)?;
        // Its last brace comes after the customers.
        text.truncate(text.strip_suffix("\n}").unwrap_or(&text).len());
        text.push_str(",\n  \"contacts\": [");
        writer.begin("data.json", true).await?;
        writer.write(text.into_bytes()).await?;
        let ids: Vec<ContactId> = self.contacts.iter().copied().collect();
        let mut is_first = true;
        for chunk in ids.chunks(CONTACTS) {
            let found =
                contacts::list_many(store, self.organization_id, chunk, &self.channels).await?;
            let mut text = String::new();
            for contact in found {
                let contact = model::Contact::from(contact);
                text.push_str(if is_first { "\n    " } else { ",\n    " });
                text.push_str(&serde_json::to_string(&contact).map_err(StoreError::from)?);
                is_first = false;
            }
            writer.write(text.into_bytes()).await?;
        }
        writer.write(b"\n  ]\n}\n".to_vec()).await
    }

    /// Writes the first page, and the last one of the list.
    pub(super) async fn index(&mut self, writer: &mut Writer<'_>, title: &str) -> Result<()> {
        self.turn(writer).await?;
        let made_at = writer.now();
        let page = pages::index(title, self.language, made_at, self.counts(), &self.pages);
        writer.file("index.html", page.into_bytes()).await
    }
}
