//! From what the use cases know to what the browser sees.

use std::collections::{BTreeMap, HashMap};

use uuid::Uuid;

use super::model::{
    Contact, ContactIdentity, Draft, DraftRequest, MailboxRef, Person, RelatedTicket,
    ReplyDefaults, ReplyMode, ReplyRequest, ReplyThen, TeamRef, Ticket, TicketCounts,
    TicketExemption, TicketSummary, UserRef,
};
use crate::domain::words::{EventKind, MessageKind, Status};
use crate::http::v1::messages::convert::message;
use crate::http::v1::messages::model::{Message, TicketEvent};
use crate::service::conversation::Conversation;
use crate::service::drafts;
use crate::service::names::Names;
use crate::service::replies::{Defaults, Mode};
use crate::service::tickets::{self, Event, RelatedReason, Summary, TicketView};

impl From<Summary> for TicketSummary {
    fn from(summary: Summary) -> Self {
        let Summary { ticket, unread, assignee_name, team_name, tags, mailbox_name, disconnected } =
            summary;
        let state = ticket.state;
        Self {
            number: ticket.number,
            subject: ticket.subject,
            snippet: ticket.snippet,
            status: state.status,
            customer: Person { name: ticket.customer.name, address: ticket.customer.address },
            assignee: state
                .assignee_id
                .zip(assignee_name)
                .map(|(id, name)| UserRef { id: id.0, name }),
            team: state.team_id.zip(team_name).map(|(id, name)| TeamRef { id: id.0, name }),
            priority: state.priority,
            tags: tags.into_iter().map(Into::into).collect(),
            snoozed_until: state.snoozed_until,
            delete_at: state.delete_at,
            mailbox: MailboxRef { id: state.channel_id.0, name: mailbox_name, disconnected },
            message_count: state.message_count,
            has_attachment: state.has_attachment,
            unread,
            waiting_since: state.waiting_since,
            last_message_at: state.last_message_at,
            created_at: ticket.created_at,
            version: ticket.version,
        }
    }
}

impl From<tickets::Counts> for TicketCounts {
    fn from(counts: tickets::Counts) -> Self {
        let of = |status| counts.by_status.get(&status).copied().unwrap_or(0);
        Self {
            open: of(Status::Open),
            pending: of(Status::Pending),
            on_hold: of(Status::OnHold),
            closed: of(Status::Closed),
            spam: of(Status::Spam),
            trash: of(Status::Trash),
            mine: counts.mine,
            unassigned: counts.unassigned,
            snoozed: counts.snoozed,
        }
    }
}

impl From<Conversation> for Ticket {
    fn from(page: Conversation) -> Self {
        let Conversation { view, draft, mut deliveries, defaults } = page;
        let TicketView {
            summary,
            contact,
            messages,
            mut attachments,
            events,
            related,
            names,
            followers,
            named: told,
        } = view;
        let mut all: Vec<Message> = messages
            .into_iter()
            .map(|found| {
                let files = attachments.remove(&found.id).unwrap_or_default();
                let delivery = deliveries.remove(&found.id);
                message(found, files, delivery, &names)
            })
            .collect();
        all.extend(events.into_iter().filter_map(|happened| event(happened, &names, &told)));
        all.sort_by_key(|message| message.at);
        Self {
            contact: contact.map(|contact| Contact {
                id: contact.id.0,
                name: contact.name,
                identities: contact
                    .identities
                    .into_iter()
                    .map(|(kind, value)| ContactIdentity { kind, value })
                    .collect(),
            }),
            messages: all,
            related: related
                .into_iter()
                .map(|related| RelatedTicket {
                    number: related.ticket.number,
                    subject: related.ticket.subject,
                    reason: match related.reason {
                        RelatedReason::Linked => "linked",
                        RelatedReason::SameCustomer => "same_customer",
                    }
                    .to_owned(),
                })
                .collect(),
            followers: followers
                .into_iter()
                .map(|id| UserRef { id: id.0, name: names.member(id).unwrap_or_default() })
                .collect(),
            draft: draft.map(Draft::from),
            can_reply: defaults.is_some(),
            exemption: summary.ticket.exemption.clone().map(|exemption| TicketExemption {
                at: exemption.at,
                by: UserRef {
                    id: exemption.by.0,
                    name: names.member(exemption.by).unwrap_or_default(),
                },
                reason: exemption.reason,
            }),
            anonymized_at: summary.ticket.anonymized_at,
            reply_defaults: defaults.map(ReplyDefaults::from).unwrap_or_default(),
            summary: summary.into(),
        }
    }
}

/// What people did to the ticket stands in the conversation; what messages and the server did
/// shows in the messages.
fn event(event: Event, names: &Names, told: &HashMap<Uuid, String>) -> Option<Message> {
    if event.kind != EventKind::TicketUpdated.as_str() {
        return None;
    }
    let actor =
        event.actor_id.map(|id| UserRef { id: id.0, name: names.member(id).unwrap_or_default() });
    let found = named_in(&event, names, told);
    Some(Message {
        // Events are known by number; the browser only needs something that stays the same.
        id: Uuid::from_u64_pair(0, event.number.unsigned_abs()),
        kind: MessageKind::Event,
        at: event.at,
        event: Some(TicketEvent { kind: event.kind, actor, data: event.data, names: found }),
        ..Message::empty(MessageKind::Event, event.at)
    })
}

/// The names of what an event names by id: users, teams, mailboxes, tags; of tickets, the numbers.
fn named_in(event: &Event, names: &Names, told: &HashMap<Uuid, String>) -> BTreeMap<Uuid, String> {
    let Some(fields) = event.data.as_object() else { return BTreeMap::new() };
    let of = |id: Uuid| {
        let mailbox = Some(names.channel(id.into())).filter(|name| !name.is_empty());
        let known = told.get(&id).cloned().or_else(|| names.member(id.into()));
        Some((id, known.or_else(|| names.team(id.into())).or(mailbox)?))
    };
    let values = fields.values().flat_map(|value| match value {
        serde_json::Value::Array(all) => all.iter().collect::<Vec<_>>(),
        one => vec![one],
    });
    values.filter_map(|value| Uuid::try_parse(value.as_str()?).ok()).filter_map(of).collect()
}

impl From<Defaults> for ReplyDefaults {
    fn from(defaults: Defaults) -> Self {
        let people = |parties: Vec<_>| parties.into_iter().map(Person::from).collect::<Vec<_>>();
        Self {
            to: people(defaults.to),
            cc: people(defaults.cc),
            others: people(defaults.others),
            bcc_warning: defaults.bcc_warning,
        }
    }
}

impl From<ReplyMode> for Mode {
    fn from(mode: ReplyMode) -> Self {
        match mode {
            ReplyMode::Reply => Self::Reply,
            ReplyMode::ReplyAll => Self::ReplyAll,
        }
    }
}

impl From<ReplyThen> for Status {
    fn from(then: ReplyThen) -> Self {
        match then {
            ReplyThen::Pending => Self::Pending,
            ReplyThen::Open => Self::Open,
            ReplyThen::Closed => Self::Closed,
        }
    }
}

impl From<ReplyRequest> for drafts::Content {
    fn from(request: ReplyRequest) -> Self {
        Self {
            text: request.text,
            html: request.html,
            to: request.to.into_iter().map(Into::into).collect(),
            cc: request.cc.into_iter().map(Into::into).collect(),
            bcc: request.bcc.into_iter().map(Into::into).collect(),
            attachment_ids: request.attachment_ids.into_iter().map(Into::into).collect(),
        }
    }
}

impl From<DraftRequest> for drafts::Content {
    fn from(request: DraftRequest) -> Self {
        Self {
            text: request.text,
            html: request.html,
            to: request.to.into_iter().map(Into::into).collect(),
            cc: request.cc.into_iter().map(Into::into).collect(),
            bcc: request.bcc.into_iter().map(Into::into).collect(),
            attachment_ids: request.attachment_ids.into_iter().map(Into::into).collect(),
        }
    }
}

impl From<drafts::View> for Draft {
    fn from(view: drafts::View) -> Self {
        let people = |parties: Vec<_>| parties.into_iter().map(Person::from).collect();
        Self {
            text: view.content.text,
            html: view.content.html,
            to: people(view.content.to),
            cc: people(view.content.cc),
            bcc: people(view.content.bcc),
            attachments: view.files.into_iter().map(Into::into).collect(),
            updated_at: view.updated_at,
        }
    }
}
