//! What there is of the person who asked: in which tickets, and which messages of them.

use std::collections::BTreeSet;

use super::{DataRequest, person};
use crate::domain::ids::{ContactId, MembershipId, TicketId};
use crate::domain::words::{MessageKind, RequestKind};
use crate::service::{Result, Services};
use crate::store::messages::{Message, Party};

/// What was found.
#[derive(Debug, Clone)]
pub(in crate::service) struct Gathered {
    kind: RequestKind,
    addresses: Vec<String>,
    /// The customers that they are.
    pub(in crate::service) contacts: Vec<ContactId>,
    /// Their tickets.
    pub(in crate::service) own: BTreeSet<TicketId>,
    others: BTreeSet<TicketId>,
    /// The user that they are.
    pub(in crate::service) membership_id: Option<MembershipId>,
}

impl Gathered {
    /// Looks what there is now.
    pub(in crate::service) async fn of(services: &Services, request: &DataRequest) -> Result<Self> {
        let addresses = request.content.as_ref().map(|content| content.addresses.as_slice());
        let organization_id = request.organization_id;
        let found = person::find(services, organization_id, addresses.unwrap_or_default()).await?;
        Ok(Self {
            kind: request.kind,
            addresses: found.addresses.iter().map(|address| address.to_lowercase()).collect(),
            contacts: found.traces.contacts,
            own: found.traces.own,
            others: found.traces.others,
            membership_id: found.membership_id,
        })
    }

    /// Every ticket in which they appear, oldest first.
    pub(in crate::service) fn tickets(&self) -> Vec<TicketId> {
        self.own.union(&self.others).copied().collect()
    }

    /// Whether a message is handed out to them. What they provided is what they wrote; what is held of
    /// them is all of their tickets, and of others what they wrote and what names them.
    pub(in crate::service) fn has(&self, message: &Message) -> bool {
        let wrote = self.wrote(message);
        match self.kind {
            RequestKind::Portability => wrote,
            _ => wrote || self.own.contains(&message.ticket_id) || self.is_named(message),
        }
    }

    fn wrote(&self, message: &Message) -> bool {
        message.kind == MessageKind::Inbound
            && (message.contact_id.is_some_and(|id| self.contacts.contains(&id))
                || message.envelope.from.iter().any(|party| self.is(party)))
    }

    fn is_named(&self, message: &Message) -> bool {
        let head = &message.envelope;
        let lists = [&head.from, &head.to, &head.cc, &head.bcc, &head.reply_to];
        lists.into_iter().flatten().chain(&head.forwarded_from).any(|party| self.is(party))
            || head.bounce.iter().any(|bounce| self.has_address(&bounce.address))
    }

    fn is(&self, party: &Party) -> bool {
        self.has_address(&party.address)
    }

    fn has_address(&self, address: &str) -> bool {
        self.addresses.contains(&address.trim().to_lowercase())
    }

    /// Addresses in a message that are neither theirs nor `ours`: whose data it is as well.
    pub(in crate::service) fn strangers(&self, message: &Message, ours: &[String]) -> Vec<String> {
        let head = &message.envelope;
        let lists = [&head.from, &head.to, &head.cc, &head.bcc, &head.reply_to];
        let mut found: Vec<String> = Vec::new();
        for party in lists.into_iter().flatten().chain(&head.forwarded_from) {
            let address = party.address.trim().to_lowercase();
            if !self.has_address(&address) && !ours.contains(&address) && !found.contains(&address)
            {
                found.push(address);
            }
        }
        found
    }
}
