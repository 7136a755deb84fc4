//! From what the use cases know to what the browser sees.

use std::collections::{BTreeMap, HashMap};

use uuid::Uuid;

use super::model::{
    Contact, ContactIdentity, Draft, DraftRequest, ForwardedMail, MailboxRef, NewTicketRequest,
    OwnDraft, Person, RelatedTicket, ReplyDefaults, ReplyMode, ReplyRequest, ReplyThen, TeamRef,
    Ticket, TicketCounts, TicketExemption, TicketSummary, UserRef,
};
use crate::domain::desk::DraftKind;
use crate::domain::words::{EventKind, MessageKind, Status};
use crate::http::v1::messages::convert::message;
use crate::http::v1::messages::model::{Message, TicketEvent};
use crate::service::conversation::Conversation;
use crate::service::drafts;
use crate::service::names::Names;
use crate::service::replies::{Defaults, Mode, NewLetter};
use crate::service::tickets::{self, Event, RelatedReason, Summary, TicketView};

impl From<Summary> for TicketSummary {
    fn from(summary: Summary) -> Self {
        let Summary {
            ticket,
            unread,
            has_draft,
            own_draft,
            assignee_name,
            mailbox_name,
            disconnected,
            deleted_on,
            team_name,
            tags,
        } = summary;
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
            mailbox: MailboxRef {
                id: state.channel_id.0,
                name: mailbox_name,
                disconnected,
                due_at: deleted_on,
            },
            team: state.team_id.zip(team_name).map(|(id, name)| TeamRef { id: id.0, name }),
            priority: state.priority,
            tags: tags.into_iter().map(Into::into).collect(),
            snoozed_until: state.snoozed_until,
            delete_at: state.delete_at,
            message_count: state.message_count,
            has_attachment: state.has_attachment,
            unread,
            has_draft,
            own_draft: own_draft.map(|draft| OwnDraft { kind: draft.kind, snippet: draft.snippet }),
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
            mentioned: counts.mentioned,
            drafts: counts.drafts,
        }
    }
}

impl From<Conversation> for Ticket {
    fn from(page: Conversation) -> Self {
        let Conversation { view, mut drafts, mut deliveries, mut html, defaults } = page;
        let mut draft = |kind| drafts.remove(&kind).map(Draft::from);
        let TicketView {
            summary,
            contact,
            marks,
            messages,
            withheld,
            mut attachments,
            events,
            related,
            names,
            followers,
            named: told,
            merged_into,
        } = view;
        let mut all: Vec<Message> = messages
            .into_iter()
            .map(|found| {
                let files = attachments.remove(&found.id).unwrap_or_default();
                let delivery = deliveries.remove(&found.id);
                let quote_hidden = withheld.contains(&found.id);
                let html = html.remove(&found.id);
                Message { quote_hidden, html, ..message(found, files, delivery, &names) }
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
                marks,
                rectified_at: contact.rectified_at,
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
            draft: draft(DraftKind::Answer),
            forward_draft: draft(DraftKind::Forward),
            note_draft: draft(DraftKind::Note),
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
            merged_into,
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
            ReplyMode::Forward => Self::Forward,
        }
    }
}

impl From<ReplyThen> for Option<Status> {
    fn from(then: ReplyThen) -> Self {
        match then {
            ReplyThen::Pending => Some(Status::Pending),
            ReplyThen::Open => Some(Status::Open),
            ReplyThen::Closed => Some(Status::Closed),
            ReplyThen::Unchanged => None,
        }
    }
}

impl From<ForwardedMail> for drafts::Forwarded {
    fn from(mail: ForwardedMail) -> Self {
        Self {
            message_id: mail.message_id.into(),
            without: mail.without.into_iter().map(Into::into).collect(),
        }
    }
}

impl From<drafts::Forwarded> for ForwardedMail {
    fn from(mail: drafts::Forwarded) -> Self {
        Self {
            message_id: mail.message_id.0,
            without: mail.without.into_iter().map(|id| id.0).collect(),
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
            subject: request.subject,
            forwarded: request.forwarded.map(Into::into),
            without_signature: request.without_signature,
        }
    }
}

impl NewTicketRequest {
    pub(super) fn into_letter(self, idempotency_key: Option<String>) -> NewLetter {
        let then: Option<Status> = self.then.into();
        NewLetter {
            channel_id: self.mailbox_id.into(),
            content: drafts::Content {
                text: self.text,
                html: self.html,
                to: self.to.into_iter().map(Into::into).collect(),
                cc: self.cc.into_iter().map(Into::into).collect(),
                bcc: self.bcc.into_iter().map(Into::into).collect(),
                attachment_ids: self.attachment_ids.into_iter().map(Into::into).collect(),
                subject: Some(self.subject),
                forwarded: None,
                without_signature: self.without_signature,
            },
            then: then.unwrap_or(Status::Pending),
            idempotency_key,
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
            subject: request.subject,
            forwarded: request.forwarded.map(Into::into),
            without_signature: request.without_signature,
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
            subject: view.content.subject,
            forwarded: view.content.forwarded.map(Into::into),
            without_signature: view.content.without_signature,
            updated_at: view.updated_at,
        }
    }
}
