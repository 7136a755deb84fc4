//! A message that is passed on: its text under a head that says whose it was, and its files.

use bytes::Bytes;

use super::time_zone;
use crate::audit::{Action, ObjectKind};
use crate::authz::Actor;
use crate::domain::words::MessageKind;
use crate::mail::compose::{File, InlineImage, PassedOn, Quoted};
use crate::mail::{self, Address, Encoding};
use crate::service::{Result, ServiceError, Services, access};
use crate::store::drafts::Forwarded;
use crate::store::messages::attachments::{self, Attachment};
use crate::store::messages::{self, Party};
use crate::store::tickets::Ticket;
use crate::store::{Scope, raw};

/// What goes along.
#[derive(Debug)]
pub(super) struct Passed {
    pub(super) quoted: Quoted,
    pub(super) files: Vec<File>,
    pub(super) images: Vec<InlineImage>,
}

pub(super) async fn load(
    services: &Services,
    actor: &Actor,
    scope: &Scope,
    ticket: &Ticket,
    wanted: &Forwarded,
) -> Result<Passed> {
    let store = services.store();
    let id = wanted.message_id;
    let message = messages::find(store, scope, id).await?;
    let message = message.filter(|message| {
        let is_mail = matches!(message.kind, MessageKind::Inbound | MessageKind::Outbound);
        message.ticket_id == ticket.id && is_mail
    });
    let message = message.ok_or_else(|| {
        ServiceError::invalid("forwarded", "This message is not a mail of this ticket.")
    })?;
    let raw = raw::find(store, ticket.organization_id, id).await?.ok_or_else(|| {
        ServiceError::invalid("forwarded", "Of this message nothing is left that could be sent.")
    })?;
    let (action, kind) = (Action::ReadMessage, ObjectKind::Message);
    access::record(services, actor, action, kind, id.0, message.channel_id).await?;
    let html = if message.has_html { messages::html(store, scope, id).await? } else { None };
    let mut passed_on = PassedOn {
        subject: message.envelope.subject.clone(),
        to: message.envelope.to.iter().map(address).collect(),
        cc: message.envelope.cc.iter().map(address).collect(),
        images: Vec::new(),
    };
    let (mut files, mut images) = (Vec::new(), Vec::new());
    for attachment in attachments::list(store, scope, &[id]).await? {
        if wanted.without.contains(&attachment.id) {
            continue;
        }
        let Some((range, encoding)) = attachment.raw.clone() else { continue };
        let encoded = raw.read(store, services.blobs(), range).await?;
        let bytes = mail::raw_attachment(&encoded, encoding_of(&encoding)).into_owned();
        let file = File {
            name: attachment.meta.name.clone(),
            content_type: attachment.meta.content_type.clone(),
            bytes: Bytes::from(bytes),
        };
        match shown_as(&attachment, html.as_deref()) {
            Some(content_id) => {
                let cid = format!("{}@loket", attachment.id);
                passed_on.images.push((content_id, cid.clone()));
                images.push(InlineImage { cid, file });
            }
            None => files.push(file),
        }
    }
    let zone = time_zone(store, ticket.organization_id).await?;
    let from = message.envelope.from.first().map(address);
    let mut text = message.text.clone();
    if let Some(earlier) = &message.quoted {
        text.push_str("\n\n");
        text.push_str(earlier);
    }
    let quoted = Quoted {
        at: message.at.with_timezone(&zone).fixed_offset(),
        from: from.unwrap_or(Address { name: None, address: String::new() }),
        text,
        html,
        passed_on: Some(passed_on),
    };
    Ok(Passed { quoted, files, images })
}

/// The Content-ID by which the HTML shows the file; other files go along as such.
fn shown_as(attachment: &Attachment, html: Option<&str>) -> Option<String> {
    let content_id = attachment.meta.content_id.as_ref()?;
    let is_image = attachment.meta.content_type.starts_with("image/");
    let shown = html.is_some_and(|html| html.contains(content_id.as_str()));
    (is_image && shown).then(|| content_id.clone())
}

fn encoding_of(word: &str) -> Encoding {
    match word {
        "base64" => Encoding::Base64,
        "quoted_printable" => Encoding::QuotedPrintable,
        _ => Encoding::Identity,
    }
}

fn address(party: &Party) -> Address {
    Address { name: party.name.clone(), address: party.address.clone() }
}
