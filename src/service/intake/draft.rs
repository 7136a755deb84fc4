//! A mail on its way into a ticket: the blinds and words by which it is placed.

use std::collections::HashSet;

use chrono::{DateTime, TimeDelta, Utc};

use super::Context;
use super::colleagues::Colleagues;
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

/// Of what a mail's headers name, so much is found again by address.
const MAX_NAMED: usize = 500;

/// A mail's date may be this far ahead of our clock before it is set right.
const AHEAD: TimeDelta = TimeDelta::minutes(5);

/// To a mail that is older, an automatic answer only disturbs.
const FRESH: TimeDelta = TimeDelta::hours(1);

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
    /// The blind of who wrote it; `None` when it names nobody, or several: anybody could be put
    /// beside the real sender.
    pub(super) sender: Option<Vec<u8>>,
    /// Blinds of everybody in it but ourselves.
    pub(super) people: Vec<Vec<u8>>,
    /// Blinds of everybody whom its headers name.
    pub(super) named: Vec<Vec<u8>>,
    /// Written by the mailbox itself: the folder of sent mail says so. What the sender's name
    /// says, anybody can write.
    pub(super) is_ours: bool,
    /// The mailbox is neither in To nor in Cc.
    pub(super) bcc_only: bool,
    /// It came in from elsewhere and has our own address as its sender: a web form, a copy of
    /// our own mail, or a forgery.
    pub(super) in_our_name: bool,
    /// The customer stands in Reply-To only.
    pub(super) is_web_form: bool,
    /// A mail of ours that was left out and is answered now.
    pub(super) is_answered: bool,
    /// The mailbox's own provider says that the sender is forged.
    auth_failed: bool,
    /// The sender's domain passes for another one.
    look_alike_domain: bool,
    /// The sender carries the name of a member or of the mailbox, and has another address.
    colleague_name: bool,
}

impl Draft {
    pub(super) fn new(
        context: &Context,
        colleagues: &Colleagues,
        understood: Understood,
        now: DateTime<Utc>,
    ) -> Self {
        let mail = &understood.mail;
        let own_addresses = &context.target.own_addresses;
        let is_own = |a: &Address| own_addresses.contains(&a.key());
        let from_us = mail.from.iter().any(is_own);
        let is_ours = match understood.stored.role {
            FolderRole::Sent => true,
            // Files hold both sides; a web form is addressed to us.
            FolderRole::Import => from_us && !asks_elsewhere(mail, &is_own),
            // What the mailbox sent is read from the folder of sent mail.
            FolderRole::Inbox | FolderRole::All => false,
        };
        let blind = |id: &String| references::blind(&context.channel_key, id);
        let refs = || mail.in_reply_to.iter().rev().chain(mail.references.iter().rev());
        let reported = report(mail).and_then(|report| report.original_message_id.as_ref());
        let mut refers: Vec<Vec<u8>> = Vec::new();
        for id in reported.into_iter().chain(refs().take(MAX_REFERENCES)) {
            let blind = blind(id);
            if !refers.contains(&blind) {
                refers.push(blind);
            }
        }
        let token_key = threading::token_key(&context.channel_key);
        let tokens = refs()
            .chain(reported)
            .filter_map(|id| mail::token::verify(&token_key, id))
            .map(|(ticket, message)| (TicketId(ticket), MessageId(message)))
            .collect();
        let (customer, is_web_form) = if is_ours {
            (mail.to.iter().chain(&mail.cc).find(|a| !is_own(a)).cloned(), false)
        } else {
            mail::customer_of(mail, own_addresses)
                .map_or((None, false), |(a, form)| (Some(a), form))
        };
        let address = |a: &Address| address_blind(&context.organization_key, &a.address);
        let sender = match mail.from.as_slice() {
            [only] if !mail.defects.contains(&"two_from") => Some(address(only)),
            _ => None,
        };
        let mut people: Vec<Vec<u8>> =
            customer.iter().filter(|a| !is_own(a)).map(&address).collect();
        let others = mail.from.iter().chain(&mail.to).chain(&mail.cc).filter(|a| !is_own(a));
        for blind in others.take(MAX_PARTICIPANTS).map(address) {
            if !people.contains(&blind) {
                people.push(blind);
            }
        }
        let named = names(mail).filter(|a| !own_addresses.contains(&a.to_lowercase()));
        let named: HashSet<Vec<u8>> = named
            .take(MAX_NAMED)
            .map(|named| address_blind(&context.organization_key, named))
            .collect();
        let own = std::iter::once(&mail.derived_message_id)
            .chain(&mail.message_id)
            .chain(&mail.alternate_ids)
            .map(blind)
            .collect();
        let at = understood.stored.received_at.or(mail.date).unwrap_or(now);
        let at = if at > now + AHEAD { now } else { at };
        let bcc_only = !is_ours && !mail.to.iter().chain(&mail.cc).any(is_own);
        let customer_blind = customer.as_ref().map(address);
        let auth_failed = context.boundary.is_some_and(|boundary| {
            mail::authentication::has_failed(&mail.authentication_results, boundary)
        });
        let look_alike_domain =
            mail.from.iter().any(|from| mail::look_alike::domain(from, own_addresses));
        let colleague_name = mail.from.iter().any(|from| colleagues.pretends(from));
        Self {
            at,
            own,
            refers,
            tokens,
            customer,
            customer_blind,
            sender,
            people,
            named: named.into_iter().collect(),
            is_ours,
            bcc_only,
            in_our_name: from_us && !is_ours,
            is_web_form,
            is_answered: false,
            auth_failed,
            look_alike_domain,
            colleague_name,
            understood,
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

    /// Whether what it refers to was answered by it, if that was mail of ours.
    pub(super) fn may_answer(&self) -> bool {
        !self.is_ours && !self.in_our_name && self.report().is_none()
    }

    /// An automatic answer to something that somebody sent.
    pub(super) fn is_auto_reply(&self) -> bool {
        self.mail().auto.is_reply
    }

    /// Whether a machine may answer it at once, as far as the mail itself tells (RFC 3834 §2). Only
    /// one sender, who wrote to us by name, a moment ago and by hand, and who nobody says is forged.
    pub(super) fn may_be_acknowledged(&self, now: DateTime<Utc>) -> bool {
        let mail = self.mail();
        let is_fresh = |at: DateTime<Utc>| now - at < FRESH;
        let [from] = mail.from.as_slice() else { return false };
        self.sender.is_some()
            && !(self.is_history() || self.is_ours || self.is_answered || self.in_our_name)
            && !(self.is_automatic() || self.auth_failed || mail.marked_spam)
            && !(self.is_web_form || self.bcc_only)
            && !mail::customer::is_no_reply(&from.address)
            && !mail::address::names_another(from)
            && is_fresh(self.at)
            // A mail client that moves old mail into the folder makes it look new.
            && mail.date.is_some_and(is_fresh)
    }

    /// The sender of the mail that this one forwards, and who forwarded it.
    pub(super) fn forwarder(&self) -> Option<&Address> {
        let mail = self.mail();
        let from = mail.from.first().filter(|_| self.sender.is_some() && !self.is_ours)?;
        mail.forwarded_from.as_ref().map(|_| from)
    }

    /// Stable words for the warnings that the conversation shows.
    pub(super) fn flags(&self) -> Vec<&'static str> {
        if self.is_ours {
            return Vec::new();
        }
        let mail = self.mail();
        let mut flags = Vec::new();
        let mut flag = |is_so: bool, word: &'static str| {
            if is_so {
                flags.push(word);
            }
        };
        flag(mail.from.is_empty(), "no_from");
        flag(mail.defects.contains(&"two_from"), "two_from");
        flag(self.auth_failed, "auth_failed");
        flag(mail.from.iter().any(mail::address::names_another), "look_alike");
        flag(self.look_alike_domain, "look_alike_domain");
        flag(self.colleague_name, "colleague_name");
        flag(self.in_our_name, "own_address");
        flag(self.is_web_form, "web_form");
        flag(self.bcc_only && !self.is_automatic(), "bcc_only");
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

/// Every address that its headers, its reports or what it forwards name.
fn names(mail: &ParsedMail) -> impl Iterator<Item = &str> {
    let headers = mail.from.iter().chain(&mail.sender).chain(&mail.reply_to);
    let headers = headers.chain(&mail.to).chain(&mail.cc).chain(&mail.bcc);
    let headers = headers.chain(&mail.forwarded_from).map(|a| a.address.as_str());
    let reported = report(mail).into_iter().flat_map(|report| &report.recipients);
    headers.chain(reported.map(|recipient| recipient.address.as_str()))
}

fn report(mail: &ParsedMail) -> Option<&Bounce> {
    mail.bounce.as_ref().or(mail.delivery_notice.as_ref())
}

/// Addressed to us, and answers are to go to somebody else: as web forms write.
fn asks_elsewhere(mail: &ParsedMail, is_own: &dyn Fn(&Address) -> bool) -> bool {
    mail.to.iter().chain(&mail.cc).any(is_own) && mail.reply_to.iter().any(|a| !is_own(a))
}

fn party(address: &Address) -> Party {
    Party { name: address.name.clone(), address: address.address.clone() }
}
