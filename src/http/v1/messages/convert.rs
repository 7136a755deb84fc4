//! From what the use cases know to what the browser sees.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::model::{Attachment, Bounce, BounceRecipient, Delivery, Message};
use crate::domain::words::MessageKind;
use crate::http::v1::tickets::model::{Person, UserRef};
use crate::service::conversation::MessageView;
use crate::service::names::Names;
use crate::service::{messages as service, outbox, uploads};

impl Message {
    /// One in which nothing stands.
    pub(in crate::http::v1) fn empty(kind: MessageKind, at: DateTime<Utc>) -> Self {
        Self {
            id: Uuid::nil(),
            kind,
            at,
            author: None,
            from: None,
            other_from: Vec::new(),
            to: Vec::new(),
            cc: Vec::new(),
            bcc: Vec::new(),
            text: String::new(),
            quoted_text: String::new(),
            quote_hidden: false,
            has_html: false,
            html: None,
            has_remote_images: false,
            auto: false,
            bounce: None,
            flags: Vec::new(),
            forwarded_from: None,
            attachments: Vec::new(),
            delivery: None,
            event: None,
            erased_at: None,
        }
    }
}

impl From<service::Party> for Person {
    fn from(party: service::Party) -> Self {
        Self { name: party.name, address: party.address }
    }
}

impl From<Person> for service::Party {
    fn from(person: Person) -> Self {
        Self { name: person.name, address: person.address }
    }
}

impl From<service::Attachment> for Attachment {
    fn from(file: service::Attachment) -> Self {
        Self {
            id: file.id.0,
            name: file.meta.name,
            content_type: file.meta.content_type,
            size: i64::try_from(file.size).unwrap_or(i64::MAX),
            inline: file.inline,
        }
    }
}

/// A message with its files.
pub(in crate::http::v1) fn message(
    message: service::Message,
    files: Vec<service::Attachment>,
    delivery: Option<outbox::Delivery>,
    names: &Names,
) -> Message {
    let people =
        |parties: Vec<service::Party>| parties.into_iter().map(Person::from).collect::<Vec<_>>();
    let envelope = message.envelope;
    let mut senders = envelope.from.into_iter().map(Person::from);
    let recipients: Vec<_> = envelope
        .bounce
        .into_iter()
        .map(|recipient| BounceRecipient {
            address: recipient.address,
            status: recipient.status,
            action: recipient.action,
            diagnostic: recipient.diagnostic,
        })
        .collect();
    Message {
        id: message.id.0,
        author: message
            .author_id
            .map(|id| UserRef { id: id.0, name: names.member(id).unwrap_or_default() }),
        from: senders.next(),
        other_from: senders.collect(),
        to: people(envelope.to),
        cc: people(envelope.cc),
        bcc: people(envelope.bcc),
        text: message.text,
        quoted_text: message.quoted.unwrap_or_default(),
        has_html: message.has_html,
        has_remote_images: message.has_remote_images,
        auto: message.is_auto,
        bounce: message.is_bounce.then_some(Bounce { recipients }),
        flags: message.flags,
        forwarded_from: envelope.forwarded_from.map(Person::from),
        attachments: files.into_iter().map(Attachment::from).collect(),
        delivery: delivery.map(Delivery::from),
        erased_at: message.erased_at,
        ..Message::empty(message.kind, message.at)
    }
}

impl From<MessageView> for Message {
    fn from(view: MessageView) -> Self {
        let quote_hidden = view.quote_hidden;
        Self { quote_hidden, ..message(view.message, view.files, view.delivery, &view.names) }
    }
}

impl From<outbox::Delivery> for Delivery {
    fn from(delivery: outbox::Delivery) -> Self {
        Self {
            state: delivery.state,
            undo_until: delivery.undo_until,
            attempts: delivery.attempts,
            code: delivery.code,
            error: delivery.error,
            next_attempt_at: delivery.next_attempt_at,
            bounced: delivery.bounced,
            can_cancel: delivery.can_cancel,
        }
    }
}

impl From<uploads::Upload> for Attachment {
    fn from(upload: uploads::Upload) -> Self {
        Self {
            id: upload.id.0,
            name: upload.meta.name,
            content_type: upload.meta.content_type,
            size: i64::try_from(upload.size).unwrap_or(i64::MAX),
            inline: false,
        }
    }
}
