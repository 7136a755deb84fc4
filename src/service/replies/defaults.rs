//! Whom an answer goes to, unless the agent says otherwise.

use serde::{Deserialize, Serialize};

use super::conversation::{self, Conversation};
use crate::domain::words::MessageKind;
use crate::service::{Result, Services};
use crate::store::mailboxes;
use crate::store::messages::{Message, Party};
use crate::store::tickets::{Customer, Ticket};

/// Whom an answer goes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// The customer, and who got a copy.
    Reply,
    /// Everybody who was addressed.
    ReplyAll,
    /// Whomever the agent names: a message is passed on.
    Forward,
}

/// What a reply starts with.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Defaults {
    /// The customer.
    pub to: Vec<Party>,
    /// Who got a copy, without our own mailboxes.
    pub cc: Vec<Party>,
    /// Who else was addressed: *reply all* writes to them too.
    pub others: Vec<Party>,
    /// We were neither in To nor in Cc: an answer to all shows that we read along.
    pub bcc_warning: bool,
}

/// The defaults of a ticket whose messages were read.
pub async fn defaults(
    services: &Services,
    ticket: &Ticket,
    messages: &[Message],
) -> Result<Defaults> {
    let answered = conversation::answered(messages);
    let mailboxes = mailboxes::list(services.store(), ticket.organization_id).await?;
    let wanted = conversation::channel(ticket, answered);
    if !mailboxes.iter().any(|mailbox| mailbox.channel_id == wanted) {
        return Err(conversation::disconnected());
    }
    let own: Vec<String> = mailboxes.iter().map(|mailbox| mailbox.address.to_lowercase()).collect();
    Ok(pick(ticket, answered, &own))
}

/// The defaults of a ticket whose messages are at hand. `own` are the addresses of the
/// organization's mailboxes, in lower case.
#[must_use]
pub fn defaults_of(ticket: &Ticket, messages: &[Message], own: &[String]) -> Defaults {
    pick(ticket, conversation::answered(messages), own)
}

pub(super) fn of(conversation: &Conversation) -> Defaults {
    let Conversation { ticket, answered, own, .. } = conversation;
    pick(ticket, answered.as_ref(), own)
}

fn pick(ticket: &Ticket, answered: Option<&Message>, own: &[String]) -> Defaults {
    let Customer { name, address } = ticket.customer.clone();
    let customer = Party { name, address };
    let Some(message) = answered else {
        return Defaults { to: vec![customer], ..Defaults::default() };
    };
    let head = &message.envelope;
    let is_own = |party: &Party| own.contains(&party.address.to_lowercase());
    let replaced = ticket.state.replaced_contact_id;
    let to = match message.kind {
        // A person said that not the sender of this mail is the customer, but somebody else.
        _ if replaced.is_some() && message.contact_id == replaced => vec![customer.clone()],
        // Nobody has answered our last mail: it went to the right people.
        MessageKind::Outbound => head.to.clone(),
        _ if !head.reply_to.is_empty() => head.reply_to.clone(),
        // A user forwarded the customer's mail and said so: not the user is answered.
        _ if head.forwarded_from.as_ref().is_some_and(|from| same(from, &customer)) => {
            vec![customer.clone()]
        }
        _ => head.from.clone(),
    };
    let mut to = distinct(to, |party| !is_own(party));
    if to.is_empty() {
        to = vec![customer];
    }
    let in_to = |party: &Party| to.iter().any(|known| same(known, party));
    let cc = distinct(head.cc.clone(), |party| !is_own(party) && !in_to(party));
    let in_cc = |party: &Party| cc.iter().any(|known| same(known, party));
    let others =
        distinct(head.to.clone(), |party| !is_own(party) && !in_to(party) && !in_cc(party));
    let inbound = message.kind == MessageKind::Inbound;
    let bcc_warning = inbound && !head.to.iter().chain(&head.cc).any(is_own);
    Defaults { to, cc, others, bcc_warning }
}

fn same(one: &Party, other: &Party) -> bool {
    one.address.eq_ignore_ascii_case(&other.address)
}

/// Those that are wanted and look like an address, each once.
fn distinct(parties: Vec<Party>, wanted: impl Fn(&Party) -> bool) -> Vec<Party> {
    let mut out: Vec<Party> = Vec::new();
    for party in parties {
        let new = !out.iter().any(|known| same(known, &party));
        if new && party.address.contains('@') && wanted(&party) {
            out.push(party);
        }
    }
    out
}
