//! An id type per kind of thing.

use std::fmt;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! id_types {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.0)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl From<Uuid> for $name {
            fn from(id: Uuid) -> Self {
                Self(id)
            }
        }
    )+};
}

id_types! {
    /// An organization (the tenant).
    OrganizationId,
    /// A sign-in, server-wide.
    AccountId,
    /// An account in an organization.
    MembershipId,
    /// A team of an organization.
    TeamId,
    /// A tag of an organization.
    TagId,
    /// Something that was done with tickets.
    ActId,
    /// A channel: the root of keys, members, retention and purge.
    ChannelId,
    /// A folder of a mailbox.
    FolderId,
    /// A line in the mail ledger.
    LedgerId,
    /// A ticket. People know it by its number.
    TicketId,
    /// A message of a ticket.
    MessageId,
    /// A file of a message, or an upload.
    AttachmentId,
    /// A customer.
    ContactId,
    /// An entry in the outbox.
    OutboxId,
    /// A job in the queue.
    JobId,
    /// A mailbox's data on its way out.
    PurgeId,
    /// A statement of deletion.
    StatementId,
    /// A legal hold.
    HoldId,
    /// The closing of an organization.
    ClosingId,
    /// An export: a sealed ZIP.
    ParcelId,
    /// A person's data on its way out.
    ErasureId,
    /// A disclosure to an authority.
    DisclosureId,
    /// What a member is told.
    NoticeId,
    /// A saved reply.
    SavedReplyId,
    /// A version of a policy text.
    PolicyId,
    /// What was written to admins about an incident.
    IncidentNoticeId,
    /// What a person asks about their data.
    DataRequestId,
    /// A mail to a person about their request.
    RequestMailId,
    /// A list of tickets under a name.
    SavedViewId,
}
