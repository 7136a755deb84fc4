//! Step 5: what was understood becomes tickets and messages, many mails in one transaction.

use std::collections::{HashMap, HashSet};

use super::colleagues::Colleagues;
use super::draft::Draft;
use super::thread::{Known, Placed, Plan, Planned, plan};
use super::understand::{Understood, Unprocessable};
use super::{Context, Report, acknowledge, answered};
use crate::crypto::{KeyError, KeyKind, OpenKey};
use crate::domain::desk::NoticeKind;
use crate::domain::ids::{ContactId, LedgerId, MessageId, OrganizationId, TicketId};
use crate::domain::words::{EventKind, LedgerState, MessageKind};
use crate::mail::{Address, Encoding};
use crate::service::notices::{self, Told};
use crate::service::{Result, ServiceError, Services, outbox};
use crate::store::contacts::{self, NewContact, profile};
use crate::store::events::NewEvent;
use crate::store::messages::attachments::{self, Meta, NewAttachment};
use crate::store::messages::mentions;
use crate::store::messages::references::{self, Reference};
use crate::store::messages::{self, NewMessage};
use crate::store::tickets::{self, Change, NewTicket, followers, participants};
use crate::store::{
    Scope, StoreError, Tx, accounts, erasure_rows, ledger, memberships, organizations,
};

/// Why a mail under our own name that is here already is left out.
const OWN_COPY: &str = "own_answer";

/// How often a batch is planned anew when somebody changed a ticket under it.
const MAX_TRIES: usize = 8;

/// Sets aside what could not be processed.
pub(super) async fn quarantine(
    services: &Services,
    context: &Context,
    refused: Vec<Unprocessable>,
) -> Result<Report> {
    if refused.is_empty() {
        return Ok(Report::default());
    }
    let organization_id = context.target.organization_id;
    let tx = services.store().begin().await?;
    for mail in &refused {
        ledger::set_state(
            &tx,
            organization_id,
            &[mail.stored.ledger_id],
            LedgerState::Quarantined,
            Some(mail.reason),
        )
        .await?;
        tracing::warn!(
            ledger.id = %mail.stored.ledger_id,
            reason = mail.reason,
            "A mail could not be processed and is quarantined"
        );
    }
    tx.event(NewEvent::channel(
        organization_id,
        EventKind::MailboxChanged,
        context.target.channel_id,
    ));
    tx.commit().await?;
    Ok(Report { quarantined: refused.len() as u64, ..Report::default() })
}

/// Files understood mail. Planned on what is known now; if a ticket changes between the plan
/// and the transaction, it is planned anew.
pub(super) async fn all(
    services: &Services,
    context: &Context,
    understood: Vec<Understood>,
) -> Result<Report> {
    if understood.is_empty() {
        return Ok(Report::default());
    }
    let now = services.store().now();
    let colleagues = Colleagues::load(services, &context.target).await?;
    let mut drafts: Vec<Draft> =
        understood.into_iter().map(|mail| Draft::new(context, &colleagues, mail, now)).collect();
    drafts.extend(answered::find(services, context, &drafts).await?);
    for _ in 0..MAX_TRIES {
        let known = look_up(services, context, &drafts).await?;
        let made = plan(drafts, known, now, &|| services.store().new_id());
        match write(services, context, &made).await {
            Ok(report) => return Ok(report),
            Err(error) if is_overtaken(&error) => {
                drafts = still_to_do(services, context, take_back(made)).await?;
            }
            Err(error) => return Err(error.into()),
        }
    }
    Err(ServiceError::Stale)
}

/// Somebody changed, merged or erased what the plan was based on.
fn is_overtaken(error: &StoreError) -> bool {
    match error {
        StoreError::Stale | StoreError::Duplicate(_) => true,
        StoreError::Key(error) => matches!(error, KeyError::Destroyed(_)),
        other => other.names_what_is_gone(),
    }
}

/// The mails of a plan that was not written.
fn take_back(plan: Plan) -> Vec<Draft> {
    let placed = plan.placed.into_iter().map(|placed| placed.draft);
    let skipped = plan.skipped.into_iter().map(|(draft, _)| draft);
    placed.chain(skipped).chain(plan.duplicates).collect()
}

/// Without those that another process has filed in the meantime.
async fn still_to_do(
    services: &Services,
    context: &Context,
    mut drafts: Vec<Draft>,
) -> Result<Vec<Draft>> {
    let ids: Vec<LedgerId> = drafts.iter().map(|draft| draft.understood.stored.ledger_id).collect();
    let organization_id = context.target.organization_id;
    let filed = ledger::imported_among(services.store(), organization_id, &ids).await?;
    drafts.retain(|draft| !filed.contains(&draft.understood.stored.ledger_id));
    Ok(drafts)
}

async fn look_up(services: &Services, context: &Context, drafts: &[Draft]) -> Result<Known> {
    let store = services.store();
    let organization_id = context.target.organization_id;
    let blinds: Vec<Vec<u8>> =
        drafts.iter().flat_map(|d| d.own.iter().chain(&d.refers)).cloned().collect();
    let references =
        references::find(store, organization_id, context.target.channel_id, &blinds).await?;
    let mut ids: Vec<TicketId> = references.values().flatten().map(|r| r.ticket_id).collect();
    ids.extend(drafts.iter().flat_map(|d| d.tokens.iter().map(|(ticket, _)| *ticket)));
    ids.sort_unstable();
    ids.dedup();
    let mut tickets = HashMap::new();
    // A merged ticket leads to its target, which must be known as well.
    while !ids.is_empty() {
        let scope = Scope::whole(organization_id);
        let found = tickets::find_many(store, &scope, &ids).await?;
        ids = found.iter().filter_map(|ticket| ticket.state.merged_into_id).collect();
        ids.retain(|id| !tickets.contains_key(id));
        tickets.extend(found.into_iter().map(|ticket| (ticket.id, ticket)));
    }
    let known: Vec<TicketId> = tickets.keys().copied().collect();
    let own: Vec<Vec<u8>> = drafts.iter().flat_map(|draft| draft.own.iter().cloned()).collect();
    let channel_id = context.target.channel_id;
    let people: Vec<Vec<u8>> =
        drafts.iter().filter_map(|draft| draft.customer_blind.clone()).collect();
    let reported = drafts.iter().filter(|draft| draft.report().is_some());
    let reported = reported.flat_map(|draft| &draft.refers).filter_map(|id| references.get(id));
    let reported: Vec<MessageId> = reported.flatten().map(|r| r.message_id).collect();
    let contacts = contacts::find_by_blinds(store, organization_id, &people).await?;
    let ids: Vec<ContactId> = contacts.values().copied().collect();
    let blocked = profile::blocked_among(store, organization_id, &ids).await?;
    Ok(Known {
        blocked: blocked.into_iter().collect(),
        contacts,
        erased: erasure_rows::erased_among(store, organization_id, channel_id, &own).await?,
        outbound: messages::outbound_among(store, organization_id, &reported).await?,
        colleagues: colleagues(services, organization_id, drafts).await?,
        references,
        participants: participants::list(store, organization_id, &known).await?,
        tickets,
    })
}

/// Which of those who forwarded something are users of the organization.
async fn colleagues(
    services: &Services,
    organization_id: OrganizationId,
    drafts: &[Draft],
) -> Result<HashSet<String>> {
    let store = services.store();
    let addresses: HashSet<String> =
        drafts.iter().filter_map(Draft::forwarder).map(Address::key).collect();
    let mut found = HashSet::new();
    for address in addresses {
        let Some(account) = accounts::find_by_email(store, &address).await? else { continue };
        let memberships = memberships::list_of_account(store, account.id).await?;
        if memberships.iter().any(|membership| membership.organization_id == organization_id) {
            found.insert(address);
        }
    }
    Ok(found)
}

/// Keys first, then one transaction.
async fn write(services: &Services, context: &Context, plan: &Plan) -> Result<Report, StoreError> {
    let store = services.store();
    let organization_id = context.target.organization_id;
    let new: Vec<&Planned> = plan.tickets.iter().filter(|t| t.before.is_none()).collect();
    let ticket_keys = ticket_keys(services, context, plan, &new).await?;
    let contacts = contact_rows(services, context, plan).await?;
    let messages: Vec<NewMessage> =
        plan.placed.iter().map(|placed| message(context, placed)).collect();
    let sealed = messages::seal_all(organization_id, &messages, store.now())?;

    let reported = reported(services, context, plan).await?;

    let tx = store.begin().await?;
    contacts::add(&tx, organization_id, &contacts).await?;
    add_tickets(&tx, context, &new, &ticket_keys).await?;
    for ticket in &plan.tickets {
        change_ticket(&tx, context, ticket, &ticket_keys).await?;
    }
    messages::add_sealed(&tx, sealed).await?;
    attachments::add(&tx, organization_id, context.target.channel_id, &attachment_rows(plan))
        .await?;
    references::add(&tx, organization_id, context.target.channel_id, reference_rows(plan)).await?;
    participants::add(&tx, organization_id, people(plan)).await?;
    mentions::add(&tx, organization_id, mentioned(plan)).await?;
    tell_outbox(&tx, context, plan, &reported).await?;
    acknowledge::order(&tx, context, plan).await?;
    let report = close_ledger(&tx, context, plan, new.len()).await?;
    for placed in &plan.placed {
        tx.event(
            NewEvent::ticket(
                organization_id,
                EventKind::MessageAdded,
                context.target.channel_id,
                placed.ticket_id,
            )
            .message(placed.draft.understood.stored.message_id),
        );
    }
    tx.commit().await?;
    Ok(report)
}

async fn ticket_keys(
    services: &Services,
    context: &Context,
    plan: &Plan,
    new: &[&Planned],
) -> Result<HashMap<TicketId, OpenKey>, StoreError> {
    let store = services.store();
    let keyring = store.keyring();
    let mut keys = HashMap::new();
    if !new.is_empty() {
        let ids: Vec<_> = new.iter().map(|_| store.new_id()).collect();
        let channel = Some(context.target.channel_id.0);
        let made =
            keyring.create_many(KeyKind::Content, &context.channel_key, channel, &ids).await?;
        keys.extend(new.iter().map(|ticket| ticket.id).zip(made));
    }
    for (id, before) in plan.tickets.iter().filter_map(|t| Some((t.id, t.before.as_ref()?))) {
        keys.insert(id, keyring.get(before.key_id).await?);
    }
    Ok(keys)
}

async fn contact_rows(
    services: &Services,
    context: &Context,
    plan: &Plan,
) -> Result<Vec<NewContact>, StoreError> {
    if plan.contacts.is_empty() {
        return Ok(Vec::new());
    }
    let store = services.store();
    let ids: Vec<_> = plan.contacts.iter().map(|_| store.new_id()).collect();
    let keys = store
        .keyring()
        .create_many(KeyKind::Profile, &context.organization_key, None, &ids)
        .await?;
    let rows = plan.contacts.iter().zip(keys).map(|(contact, key)| NewContact {
        id: contact.id,
        key,
        name: contact.name.clone(),
        address: contact.address.clone(),
        address_blind: contact.blind.clone(),
        channel_id: context.target.channel_id,
    });
    Ok(rows.collect())
}

async fn add_tickets(
    tx: &Tx,
    context: &Context,
    new: &[&Planned],
    keys: &HashMap<TicketId, OpenKey>,
) -> Result<(), StoreError> {
    if new.is_empty() {
        return Ok(());
    }
    let organization_id = context.target.organization_id;
    let count = i64::try_from(new.len()).unwrap_or(i64::MAX);
    let first = organizations::take_ticket_numbers(tx, organization_id, count).await?;
    let mut rows = Vec::with_capacity(new.len());
    for (ticket, number) in new.iter().zip(first..) {
        let mut state = ticket.state.clone();
        state.channel_id = context.target.channel_id;
        let key = keys.get(&ticket.id).cloned().ok_or(StoreError::Stale)?;
        rows.push(NewTicket {
            id: ticket.id,
            number,
            key,
            state,
            subject: &ticket.subject,
            snippet: &ticket.snippet,
            customer: &ticket.customer,
            created_at: ticket.created_at,
        });
        tx.event(NewEvent::ticket(
            organization_id,
            EventKind::TicketCreated,
            context.target.channel_id,
            ticket.id,
        ));
    }
    tickets::add(tx, organization_id, &rows).await
}

async fn change_ticket(
    tx: &Tx,
    context: &Context,
    ticket: &Planned,
    keys: &HashMap<TicketId, OpenKey>,
) -> Result<(), StoreError> {
    let Some(before) = &ticket.before else { return Ok(()) };
    let key = keys.get(&ticket.id).ok_or(StoreError::Stale)?;
    let snippet = (ticket.snippet != before.snippet).then_some(ticket.snippet.as_str());
    let change = Change { version: before.version, state: &ticket.state, snippet, customer: None };
    tickets::update(tx, context.target.organization_id, ticket.id, key, &change).await?;
    Ok(())
}

fn message(context: &Context, placed: &Placed) -> NewMessage {
    let draft = &placed.draft;
    let mail = draft.mail();
    let remote = mail.html.as_ref().is_some_and(|html| html.contains("data-remote-src"));
    NewMessage {
        id: draft.understood.stored.message_id,
        ticket_id: placed.ticket_id,
        channel_id: context.target.channel_id,
        contact_id: placed.contact_id,
        author_id: None,
        kind: if draft.is_ours { MessageKind::Outbound } else { MessageKind::Inbound },
        key: draft.understood.stored.key.clone(),
        at: draft.at,
        is_auto: mail.auto.is_auto,
        is_bounce: placed.reports_on.is_some(),
        has_remote_images: remote,
        flags: placed.flags.clone(),
        envelope: draft.envelope(),
        text: mail.reply_text.clone(),
        quoted: (!mail.quoted_text.is_empty()).then(|| mail.quoted_text.clone()),
        html: mail.html.clone(),
    }
}

fn attachment_rows(plan: &Plan) -> Vec<NewAttachment> {
    let mut rows = Vec::new();
    for placed in &plan.placed {
        let stored = &placed.draft.understood.stored;
        for attachment in &placed.draft.mail().attachments {
            rows.push(NewAttachment {
                message_id: stored.message_id,
                key: stored.key.clone(),
                meta: Meta {
                    name: attachment.name.clone(),
                    content_type: attachment.content_type.clone(),
                    content_id: attachment.content_id.clone(),
                },
                size: attachment.size,
                inline: attachment.inline,
                raw_range: attachment.raw_range.clone(),
                encoding: match attachment.encoding {
                    Encoding::Identity => "identity",
                    Encoding::Base64 => "base64",
                    Encoding::QuotedPrintable => "quoted_printable",
                },
            });
        }
    }
    rows
}

/// An answer that a report is about.
struct Reported {
    key: OpenKey,
    sent_to: Vec<String>,
}

/// The answers that reports are about.
async fn reported(
    services: &Services,
    context: &Context,
    plan: &Plan,
) -> Result<HashMap<MessageId, Reported>, StoreError> {
    let store = services.store();
    let scope = Scope::whole(context.target.organization_id);
    let mut found = HashMap::new();
    for id in plan.placed.iter().filter_map(|placed| placed.reports_on) {
        if let Some(message) = messages::find(store, &scope, id).await? {
            let key = store.keyring().get(message.key_id).await?;
            let sent_to = message.envelope.recipients();
            found.insert(id, Reported { key, sent_to });
        }
    }
    Ok(found)
}

/// Answers that wait ask first when the customer wrote anew; those that bounced have failed.
async fn tell_outbox(
    tx: &Tx,
    context: &Context,
    plan: &Plan,
    reported: &HashMap<MessageId, Reported>,
) -> Result<(), StoreError> {
    let organization_id = context.target.organization_id;
    for ticket in plan.tickets.iter().filter(|ticket| ticket.customer_wrote) {
        outbox::hold_for_newer(tx, organization_id, ticket.id).await?;
        // Whoever works on it or follows it is told; a new ticket has nobody yet.
        let told = Told { ticket_id: ticket.id, by: None };
        let mut people = followers::list_in(tx, organization_id, ticket.id).await?;
        people.extend(ticket.state.assignee_id.filter(|id| !people.contains(id)));
        notices::tell(tx, organization_id, NoticeKind::Replied, told, &people).await?;
    }
    for placed in &plan.placed {
        let Some(message_id) = placed.reports_on else { continue };
        let (Some(answer), Some(report)) = (reported.get(&message_id), placed.draft.report())
        else {
            continue;
        };
        let report = outbox::Report {
            message_id,
            key: &answer.key,
            sent_to: &answer.sent_to,
            recipients: &report.recipients,
        };
        outbox::reported(tx, organization_id, &report).await?;
    }
    Ok(())
}

fn people(plan: &Plan) -> Vec<(TicketId, Vec<u8>)> {
    let of = |placed: &Placed| {
        let id = placed.ticket_id;
        placed.people().iter().map(move |blind| (id, blind.clone())).collect::<Vec<_>>()
    };
    plan.placed.iter().flat_map(of).collect()
}

fn mentioned(plan: &Plan) -> Vec<(MessageId, Vec<u8>)> {
    let of = |placed: &Placed| {
        let id = placed.draft.understood.stored.message_id;
        let people = placed.people();
        let named = placed.draft.named.iter().filter(|blind| !people.contains(blind));
        named.map(move |blind| (id, blind.clone())).collect::<Vec<_>>()
    };
    plan.placed.iter().flat_map(of).collect()
}

fn reference_rows(plan: &Plan) -> Vec<Reference> {
    let mut rows = Vec::new();
    for placed in &plan.placed {
        let message_id = placed.draft.understood.stored.message_id;
        let own = placed.draft.own.iter().map(|blind| (blind, true));
        let refers = placed.draft.refers.iter().map(|blind| (blind, false));
        rows.extend(own.chain(refers).map(|(blind, own)| Reference {
            blind: blind.clone(),
            message_id,
            ticket_id: placed.ticket_id,
            own,
        }));
    }
    rows
}

/// Says in the ledger what became of each mail, and counts it.
async fn close_ledger(
    tx: &Tx,
    context: &Context,
    plan: &Plan,
    tickets: usize,
) -> Result<Report, StoreError> {
    let organization_id = context.target.organization_id;
    let id = |draft: &Draft| draft.understood.stored.ledger_id;
    let imported: Vec<LedgerId> = plan.placed.iter().map(|placed| id(&placed.draft)).collect();
    ledger::set_state(tx, organization_id, &imported, LedgerState::Imported, None).await?;
    let left_out = plan.duplicates.iter().map(|draft| (draft, LedgerState::Duplicate, OWN_COPY));
    let skipped = plan.skipped.iter().map(|(draft, why)| (draft, LedgerState::Skipped, *why));
    for (draft, state, reason) in left_out.chain(skipped) {
        let blind = draft.own.first().map(Vec::as_slice).unwrap_or_default();
        ledger::leave_out(tx, organization_id, id(draft), state, reason, blind).await?;
    }
    Ok(Report {
        imported: imported.len() as u64,
        duplicate: plan.duplicates.len() as u64,
        skipped: plan.skipped.len() as u64,
        quarantined: 0,
        tickets: tickets as u64,
    })
}
