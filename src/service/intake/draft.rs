//! A mail on its way into a ticket: the blinds and words by which it is placed.

use chrono::{DateTime, TimeDelta, Utc};

use super::Context;
use super::understand::Understood;
use crate::domain::ids::{MessageId, TicketId};
use crate::domain::words::FolderRole;
use crate::mail::{self, Address, Bounce, ParsedMail};
use crate::service::threading;
use crate::store::contacts::address_blind;
use crate::store::messages::{BounceRecipient, Envelope, Party, references};

/// Of a long thread the last ids are enough to find it.
const MAX_REFERENCES: usize = 16;

/// Who is in a mail's To and Cc beyond this takes no part in the ticket; lists are not people.
const MAX_PARTICIPANTS: usize = 50;

/// A mail's date may be this far ahead of our clock before it is set right.
const AHEAD: TimeDelta = TimeDelta::minutes(5);

/// A mail with everything that placing it needs.
#[derive(Debug)]
pub(super) struct Draft {
    pub(super) understood: Understood,
    pub(super) at: DateTime<Utc>,
    /// Blinds of its own Message-IDs.
    pub(super) own: Vec<Vec<u8>>,
    /// Blinds of what it refers to, the nearest first.
    pub(super) refers: Vec<Vec<u8>>,
    /// Ticket and message named by a token of ours that verifies, the nearest first.
    pub(super) tokens: Vec<(TicketId, MessageId)>,
    /// The other side: the sender, or for an answer from elsewhere the first recipient.
    pub(super) customer: Option<Address>,
    /// The blind of the customer's address.
    pub(super) customer_blind: Option<Vec<u8>>,
    /// Blinds of those who wrote it.
    pub(super) senders: Vec<Vec<u8>>,
    /// Blinds of everybody in it but ourselves.
    pub(super) people: Vec<Vec<u8>>,
    /// Written by the mailbox itself.
    pub(super) is_ours: bool,
    /// The mailbox is neither in To nor in Cc.
    pub(super) bcc_only: bool,
}

impl Draft {
    pub(super) fn new(context: &Context, understood: Understood, now: DateTime<Utc>) -> Self {
        let mail = &understood.mail;
        let is_own = |a: &Address| context.target.own_addresses.contains(&a.address.to_lowercase());
        let is_ours = understood.stored.role == FolderRole::Sent || mail.from.iter().any(is_own);
        let blind = |id: &String| references::blind(&context.channel_key, id);
        let refs = || mail.in_reply_to.iter().rev().chain(mail.references.iter().rev());
        let mut refers: Vec<Vec<u8>> = Vec::new();
        for id in refs().take(MAX_REFERENCES) {
            let blind = blind(id);
            if !refers.contains(&blind) {
                refers.push(blind);
            }
        }
        let token_key = threading::token_key(&context.channel_key);
        let bounced = report(mail).and_then(|report| report.original_message_id.as_ref());
        let tokens = refs()
            .chain(bounced)
            .filter_map(|id| mail::token::verify(&token_key, id))
            .map(|(ticket, message)| (TicketId(ticket), MessageId(message)))
            .collect();
        if let Some(id) = bounced {
            refers.insert(0, blind(id));
        }
        let customer = if is_ours {
            mail.to.iter().chain(&mail.cc).find(|a| !is_own(a)).cloned()
        } else {
            mail::customer_of(mail)
        };
        let address = |a: &Address| address_blind(&context.organization_key, &a.address);
        let mut people: Vec<Vec<u8>> = customer.iter().map(&address).collect();
        let senders = mail.from.iter().chain(&customer).map(&address).collect();
        let others = mail.from.iter().chain(&mail.to).chain(&mail.cc).filter(|a| !is_own(a));
        for blind in others.take(MAX_PARTICIPANTS).map(address) {
            if !people.contains(&blind) {
                people.push(blind);
            }
        }
        let own = std::iter::once(&mail.derived_message_id)
            .chain(&mail.message_id)
            .chain(&mail.alternate_ids)
            .map(blind)
            .collect();
        let at = understood.stored.received_at.or(mail.date).unwrap_or(now);
        let at = if at > now + AHEAD { now } else { at };
        let bcc_only = !is_ours && !mail.to.iter().chain(&mail.cc).any(is_own);
        let customer_blind = customer.as_ref().map(address);
        Self {
            understood,
            at,
            own,
            refers,
            tokens,
            customer,
            customer_blind,
            senders,
            people,
            is_ours,
            bcc_only,
        }
    }

    pub(super) fn mail(&self) -> &ParsedMail {
        &self.understood.mail
    }

    pub(super) fn is_history(&self) -> bool {
        self.understood.stored.is_history
    }

    /// What it reports of a mail that was sent earlier: failed, delayed or delivered.
    pub(super) fn report(&self) -> Option<&Bounce> {
        report(self.mail())
    }

    /// A machine wrote it: it never reopens or wakes.
    pub(super) fn is_automatic(&self) -> bool {
        self.mail().auto.is_auto || self.report().is_some()
    }

    /// An automatic answer to something that somebody sent.
    pub(super) fn is_auto_reply(&self) -> bool {
        self.mail().auto.reason == Some("auto_replied")
    }

    /// Stable words for the warnings that the conversation shows.
    pub(super) fn flags(&self, possibly_related: bool) -> Vec<&'static str> {
        let mail = self.mail();
        let mut flags = Vec::new();
        if !self.is_ours {
            match mail.from.len() {
                0 => flags.push("no_from"),
                1 => {}
                _ => flags.push("two_from"),
            }
        }
        if possibly_related {
            flags.push("possibly_related");
        }
        if self.bcc_only && !self.is_automatic() {
            flags.push("bcc_only");
        }
        if mail.forwarded_from.is_some() {
            flags.push("forwarded");
        }
        flags
    }

    /// The head of the message.
    pub(super) fn envelope(&self) -> Envelope {
        let mail = self.mail();
        let parties = |list: &[Address]| list.iter().map(party).collect();
        let bounce = self.report().into_iter().flat_map(|report| &report.recipients);
        Envelope {
            from: parties(&mail.from),
            to: parties(&mail.to),
            cc: parties(&mail.cc),
            bcc: parties(&mail.bcc),
            reply_to: parties(&mail.reply_to),
            subject: mail.subject.clone(),
            message_id: Some(mail.derived_message_id.clone()),
            in_reply_to: mail.in_reply_to.clone(),
            references: mail.references.clone(),
            date: mail.date,
            bounce: bounce
                .map(|recipient| BounceRecipient {
                    address: recipient.address.clone(),
                    status: recipient.status.clone(),
                    action: Some(recipient.action.clone()),
                    diagnostic: recipient.diagnostic.clone(),
                })
                .collect(),
            forwarded_from: mail.forwarded_from.as_ref().map(party),
            auto_reason: mail.auto.reason.map(str::to_owned),
            defects: mail.defects.iter().map(|defect| (*defect).to_owned()).collect(),
        }
    }
}

fn report(mail: &ParsedMail) -> Option<&Bounce> {
    mail.bounce.as_ref().or(mail.delivery_notice.as_ref())
}

fn party(address: &Address) -> Party {
    Party { name: address.name.clone(), address: address.address.clone() }
}
