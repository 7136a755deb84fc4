//! What Loket does with people's data, in the words of a register of processing (GDPR, article
//! 30). What depends on the configuration is in `service/register.rs`.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Why data is processed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// Reading and answering customers' mail.
    AnswerCustomers,
    /// Letting users in, and no one else.
    LetUsersIn,
    /// Being able to say who read and did what.
    Accountability,
    /// Coming back after a loss.
    Continuity,
}

/// What is processed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DataCategory {
    /// Names and addresses of who writes or is written to.
    ContactDetails,
    /// What the mail says.
    Correspondence,
    /// Files of the mail.
    Attachments,
    /// Who sent when to which address, and what became of it.
    DeliveryRecords,
    /// Notes, drafts and statuses of colleagues.
    WorkNotes,
    /// Names, addresses and roles of users.
    UserDetails,
    /// Password hashes and sessions.
    SignInData,
    /// What opens the mailboxes: tokens and passwords.
    MailboxAccess,
    /// Who did what when, by ids.
    AccessLog,
    /// Everything of the above, sealed.
    SealedCopies,
}

/// Whose data it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum People {
    /// Who writes to the organization, and whom it writes to.
    Customers,
    /// Who is mentioned in mail, or gets a copy.
    Mentioned,
    /// Who works with Loket.
    Users,
}

/// One purpose, with what is processed for it.
#[derive(Debug, Clone, Copy)]
pub struct Activity {
    /// Why.
    pub purpose: Purpose,
    /// What.
    pub data: &'static [DataCategory],
    /// Whose.
    pub people: &'static [People],
}

/// Everything that Loket does with people's data.
pub const ACTIVITIES: &[Activity] = &[
    Activity {
        purpose: Purpose::AnswerCustomers,
        data: &[
            DataCategory::ContactDetails,
            DataCategory::Correspondence,
            DataCategory::Attachments,
            DataCategory::DeliveryRecords,
            DataCategory::WorkNotes,
            DataCategory::MailboxAccess,
        ],
        people: &[People::Customers, People::Mentioned, People::Users],
    },
    Activity {
        purpose: Purpose::LetUsersIn,
        data: &[DataCategory::UserDetails, DataCategory::SignInData],
        people: &[People::Users],
    },
    Activity {
        purpose: Purpose::Accountability,
        data: &[DataCategory::AccessLog],
        people: &[People::Users],
    },
    Activity {
        purpose: Purpose::Continuity,
        data: &[DataCategory::SealedCopies],
        people: &[People::Customers, People::Mentioned, People::Users],
    },
];

/// What the server talks to a host for, and so what goes there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum HostUse {
    /// The consent to reach a mailbox: the mailbox's address and tokens.
    MailboxSignIn,
    /// Mail is read there; what goes there is the sign-in.
    ReadMail,
    /// Answers are handed in there, with addresses, text and files.
    SendMail,
    /// Loket's own mail to users: their addresses, numbers and links, and what an operator writes
    /// to admins about an incident.
    OwnMail,
    /// Mail over 64 KiB and attachments, sealed.
    SealedObjects,
    /// The data: sealed, with ids, times and counts that are not.
    Database,
    /// The keys, sealed with the root key.
    Keyring,
    /// Files, to be looked at for viruses.
    VirusScanner,
}

/// A host that no configuration names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum UnnamedHost {
    /// Hosts of images named in mail, only when an agent asks to see them: through Loket, without
    /// a cookie or the reader's address.
    RemoteImages,
    /// A mail server that an admin enters, while the connection is tested.
    ConnectionTest,
    /// Answers of a mailbox that hands them to this machine's mail program, which sends them on.
    LocalMailProgram,
}

/// A measure that is in force.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Measure {
    /// What a person wrote is sealed with AES-256-GCM, a key for each ticket and message.
    SealedAtRest,
    /// The keyring is a file, apart from the data's folder.
    KeyringInOwnFile,
    /// The keyring is a database in a cluster of its own.
    KeyringInOwnCluster,
    /// The keyring is in the data's own cluster: each backup of the cluster holds both.
    KeyringInSameCluster,
    /// The keyring's keys are sealed with a root key outside of every database.
    RootKeyApart,
    /// Deleting destroys keys first.
    KeysDestroyedFirst,
    /// Connections to mail servers are encrypted or not made.
    EncryptedConnections,
    /// Users read only the mailboxes that they belong to, admins included.
    ReadByMembersOnly,
    /// Every read is in a log that shows when it was altered, before the answer leaves.
    ReadsLogged,
    /// Images from elsewhere are off until somebody asks.
    RemoteImagesOff,
    /// Mail servers on private addresses are refused.
    PrivateHostsRefused,
    /// Mail servers on private addresses are allowed.
    PrivateHostsAllowed,
}
