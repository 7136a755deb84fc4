//! Which message of a ticket is whose. Pure: it works on messages that were opened before.
//!
//! Theirs is what they wrote (by profile, by sender, or forwarded by a colleague), a report about
//! mail to them, and an answer that went to nobody else. What others wrote stays as they wrote it,
//! but for its head where that names the person; an answer to others loses what it quotes.
//!
//! Mail that was stored after everything was counted, under another profile than those that go, is
//! new mail: it stays whole, whoever wrote it.

use chrono::{DateTime, Utc};

use crate::domain::words::{Fate, MessageKind};
use crate::store::erasures::Person;
use crate::store::messages::{Envelope, Message, Party};

/// What is to become of a ticket's messages.
#[derive(Debug, Default)]
pub(super) struct Judged<'a> {
    /// They go, or become tombstones.
    pub(super) theirs: Vec<&'a Message>,
    /// Answers that stay, and lose what they quote.
    pub(super) quoting: Vec<&'a Message>,
    /// Messages that stay, and whose head loses the person.
    pub(super) naming: Vec<&'a Message>,
    /// Whether anybody else took part.
    pub(super) others: bool,
    /// Whether new mail of the person is among what stays.
    pub(super) is_back: bool,
}

impl Judged<'_> {
    /// What becomes of the ticket, whose customer they may be.
    pub(super) fn fate(&self, is_their_ticket: bool) -> Fate {
        match (self.theirs.is_empty() && !is_their_ticket, self.others) {
            (true, _) => Fate::Mention,
            (false, true) => Fate::Redact,
            (false, false) => Fate::Delete,
        }
    }
}

/// `counted_at` is when everything was counted, if it was.
pub(super) fn judge<'a>(
    person: &Person,
    messages: &'a [Message],
    counted_at: Option<DateTime<Utc>>,
) -> Judged<'a> {
    let mut judged = Judged::default();
    for message in messages.iter().filter(|message| message.erased_at.is_none()) {
        if is_theirs(person, message) {
            let is_old = counted_at.is_none_or(|at| message.stored_at < at);
            if is_old || is_of_profile(person, message) {
                judged.theirs.push(message);
            } else {
                judged.is_back = true;
                judged.others = true;
            }
            continue;
        }
        judged.others |= match message.kind {
            MessageKind::Inbound => true,
            MessageKind::Outbound => !message.envelope.recipients().is_empty(),
            MessageKind::Note | MessageKind::Event => false,
        };
        if names(person, &message.envelope) {
            judged.naming.push(message);
        }
        if message.kind == MessageKind::Outbound && (message.quoted.is_some() || message.has_html) {
            judged.quoting.push(message);
        }
    }
    judged
}

fn is_theirs(person: &Person, message: &Message) -> bool {
    let head = &message.envelope;
    match message.kind {
        MessageKind::Inbound => {
            is_of_profile(person, message)
                || head.from.iter().chain(&head.forwarded_from).any(|party| is(person, party))
                || head.bounce.iter().any(|bounce| has(person, &bounce.address))
        }
        MessageKind::Outbound => {
            let to = head.recipients();
            !to.is_empty() && to.iter().all(|address| has(person, address))
        }
        MessageKind::Note | MessageKind::Event => false,
    }
}

fn is_of_profile(person: &Person, message: &Message) -> bool {
    message.contact_id.is_some_and(|id| person.contacts.contains(&id))
}

fn names(person: &Person, head: &Envelope) -> bool {
    let lists = [&head.from, &head.to, &head.cc, &head.bcc, &head.reply_to];
    lists.into_iter().flatten().any(|party| is(person, party))
}

/// The head without the person.
pub(super) fn without(person: &Person, head: &Envelope) -> Envelope {
    let keep = |parties: &[Party]| {
        parties.iter().filter(|party| !is(person, party)).cloned().collect::<Vec<_>>()
    };
    Envelope {
        from: keep(&head.from),
        to: keep(&head.to),
        cc: keep(&head.cc),
        bcc: keep(&head.bcc),
        reply_to: keep(&head.reply_to),
        ..head.clone()
    }
}

fn is(person: &Person, party: &Party) -> bool {
    has(person, &party.address)
}

fn has(person: &Person, address: &str) -> bool {
    let address = address.trim().to_lowercase();
    person.addresses.contains(&address)
}
