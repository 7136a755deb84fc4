//! The closed sets of words, spelled as they stand in the database and in the API.

use serde::{Deserialize, Serialize};

/// A word that does not belong to its set: the row or the request is wrong.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{word}\" is no {set}")]
pub struct UnknownWord {
    /// The name of the set.
    pub set: &'static str,
    /// What was found.
    pub word: String,
}

macro_rules! words {
    ($($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $word:literal),+ $(,)? })+) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        pub enum $name {
            $($(#[$vdoc])* #[serde(rename = $word)] $variant,)+
        }

        impl $name {
            /// Every word of the set.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// As it is spelled in the database and in the API.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word,)+ }
            }
        }

        impl std::str::FromStr for $name {
            type Err = UnknownWord;

            fn from_str(word: &str) -> Result<Self, UnknownWord> {
                match word {
                    $($word => Ok(Self::$variant),)+
                    _ => Err(UnknownWord { set: stringify!($name), word: word.to_owned() }),
                }
            }
        }

        // By hand: the derive does not see a rename that reaches it through this macro.
        impl utoipa::PartialSchema for $name {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
                utoipa::openapi::schema::ObjectBuilder::new()
                    .schema_type(utoipa::openapi::schema::Type::String)
                    .enum_values(Some([$($word),+]))
                    .into()
            }
        }

        impl utoipa::ToSchema for $name {}

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }
    )+};
}
pub(super) use words;

pub use super::act_words::{ActKind, Priority, TagColor};

words! {
    /// What a member may do.
    Role {
        /// Everything, closing the organization included.
        Owner = "owner",
        /// Mailboxes, users, settings.
        Admin = "admin",
        /// Reads and answers in the channels that they belong to.
        Agent = "agent",
        /// Reads the audit log and settings, no mail.
        Auditor = "auditor",
    }

    /// How a user is.
    UserState {
        /// Has not chosen a password yet.
        Invited = "invited",
        /// Can sign in.
        Active = "active",
        /// Cannot sign in any more.
        Disabled = "disabled",
    }

    /// The state of a ticket.
    Status {
        /// Somebody has to answer.
        Open = "open",
        /// Waits for the customer.
        Pending = "pending",
        /// Waits for somebody else.
        OnHold = "on_hold",
        /// Done.
        Closed = "closed",
        /// Unwanted mail.
        Spam = "spam",
        /// Deleted, restorable for a while.
        Trash = "trash",
    }

    /// What a message is.
    MessageKind {
        /// From the customer.
        Inbound = "inbound",
        /// To the customer.
        Outbound = "outbound",
        /// Between colleagues.
        Note = "note",
        /// Something that happened to the ticket.
        Event = "event",
    }

    /// What a channel is.
    ChannelKind {
        /// A linked mailbox.
        Mailbox = "mailbox",
    }

    /// How a channel is.
    ChannelState {
        /// Being connected for the first time.
        Connecting = "connecting",
        /// The first import runs.
        Importing = "importing",
        /// Works.
        Active = "active",
        /// The provider wants the admin to consent again.
        NeedsReauthorization = "needs_reauthorization",
        /// Stopped by an admin.
        Paused = "paused",
        /// Cannot be reached; Loket keeps trying.
        Error = "error",
        /// Disconnected; its data waits for the purge.
        Disconnected = "disconnected",
    }

    /// Where a mailbox lives.
    Provider {
        /// Gmail or Google Workspace, by OAuth 2.
        Google = "google",
        /// Outlook.com or Microsoft 365, by OAuth 2.
        Microsoft = "microsoft",
        /// Any IMAP and SMTP server, by password.
        Imap = "imap",
        /// A folder on this machine.
        Maildir = "maildir",
    }

    /// What a folder of a mailbox is for.
    FolderRole {
        /// Mail from customers.
        Inbox = "inbox",
        /// Answers that were given, also from other mail clients.
        Sent = "sent",
        /// Mail from files: what customers wrote, and answers to it.
        Import = "import",
        /// Gmail's "All Mail", read for mail that was archived before the mailbox was connected.
        All = "all",
    }

    /// What ends when access to a mailbox ends on a day that is known.
    AccessEnd {
        /// The secret of the provider's client.
        ClientSecret = "client_secret",
        /// What somebody consented to.
        Grant = "grant",
    }

    /// What became of a mail at the provider.
    LedgerState {
        /// Stored raw; not yet understood.
        Pending = "pending",
        /// A message was made of it.
        Imported = "imported",
        /// The mailbox has it already.
        Duplicate = "duplicate",
        /// Left out on purpose; the reason says why.
        Skipped = "skipped",
        /// Could not be processed; kept for an admin.
        Quarantined = "quarantined",
        /// The provider named it, and did not hand it out.
        Missing = "missing",
        /// Erased here; must not come back.
        Tombstone = "tombstone",
    }

    /// Which mail a new mailbox brings along.
    ImportMode {
        /// What arrives from now on.
        Now = "now",
        /// What arrived since a date.
        Since = "since",
        /// Everything.
        All = "all",
    }

    /// How far an answer is on its way.
    OutboxState {
        /// In the undo window, or due.
        Waiting = "waiting",
        /// Being sent.
        Sending = "sending",
        /// The provider took it.
        Sent = "sent",
        /// Refused for now; will be tried again.
        Retrying = "retrying",
        /// Refused for good.
        Failed = "failed",
        /// The connection was lost when it mattered: it may or may not have been sent.
        InDoubt = "in_doubt",
        /// Taken back before it was dialled.
        Cancelled = "cancelled",
        /// Waits for a person: it is late, or a newer message came in.
        NeedsConfirmation = "needs_confirmation",
    }

    /// What happened, in the event log.
    EventKind {
        /// A ticket was made.
        TicketCreated = "ticket_created",
        /// Its status, assignee or another field changed.
        TicketUpdated = "ticket_updated",
        /// A message was added.
        MessageAdded = "message_added",
        /// Something was taken out of a message.
        MessageChanged = "message_changed",
        /// A ticket is gone; `number` in the data says which.
        TicketRemoved = "ticket_removed",
        /// The delivery of a message changed.
        DeliveryChanged = "delivery_changed",
        /// What is known of a customer changed; `contact` in the data says of which.
        ContactChanged = "contact_changed",
        /// A tag was made, changed or removed; `id` in the data says which, as in those that follow.
        TagChanged = "tag_changed",
        /// A team was made, changed or removed.
        TeamChanged = "team_changed",
        /// A view was kept, changed or removed; `owner` and `shared` say who sees it.
        ViewChanged = "view_changed",
        /// A saved reply was kept, changed or removed; `scope` and `subject` say who uses it.
        SavedReplyChanged = "saved_reply_changed",
        /// A user was invited, shut out or let in, or may do something else.
        UserChanged = "user_changed",
        /// The organization has another name or time zone.
        OrganizationChanged = "organization_changed",
        /// A mailbox was added, or its state changed.
        MailboxChanged = "mailbox_changed",
        /// The import of a mailbox moved on.
        ImportProgress = "import_progress",
    }

    /// How far a purge is.
    PurgeState {
        /// Everything is there yet and can come back.
        Countdown = "countdown",
        /// Counted; the keys are about to die.
        Destroying = "destroying",
        /// The keys are dead; rows and files are being removed.
        Deleting = "deleting",
        /// Nothing is left, and the statement is signed.
        Done = "done",
        /// Taken back in time.
        Undone = "undone",
    }

    /// How far the erasure of a person is.
    ErasureState {
        /// Asked for; what there is has not been counted yet.
        Planned = "planned",
        /// Counted; the keys are about to die.
        Destroying = "destroying",
        /// The keys are dead; rows and files are being removed.
        Deleting = "deleting",
        /// All is gone but what legal holds keep.
        Held = "held",
        /// Nothing is left.
        Done = "done",
    }

    /// How far the rotation of a key is.
    RotationState {
        /// The key is about to get its new secret.
        Wrapping = "wrapping",
        /// It has it; what the old one sealed is being sealed anew.
        Resealing = "resealing",
        /// Nothing needs the old secret but backups of data.
        Waiting = "waiting",
        /// The old secret is destroyed.
        Done = "done",
    }

    /// What an erasure does to a ticket.
    Fate {
        /// Nobody else took part: it goes.
        Delete = "delete",
        /// Others took part: the person's messages become tombstones.
        Redact = "redact",
        /// The person is named in the heads of others' messages: that is taken out.
        Mention = "mention",
        /// A legal hold keeps it.
        Hold = "hold",
    }

    /// What becomes of a ticket whose time is over.
    Afterwards {
        /// It is deleted.
        Delete = "delete",
        /// Its times and states stay, and nothing that tells of a person.
        Anonymize = "anonymize",
    }

    /// What a hold keeps.
    HoldKind {
        /// A ticket.
        Ticket = "ticket",
        /// Every ticket of a customer.
        Contact = "contact",
        /// Every ticket of a mailbox.
        Mailbox = "mailbox",
        /// Every ticket of the organization.
        Organization = "organization",
    }

    /// What a policy text is about.
    PolicyKind {
        /// How personal data is handled.
        Privacy = "privacy",
        /// How to work safely.
        Security = "security",
        /// On which terms Loket is used.
        Terms = "terms",
    }

    /// What a person asks about their data (GDPR, articles 15 to 21 and 7).
    RequestKind {
        /// What is held of them.
        Access = "access",
        /// That it is put right.
        Rectification = "rectification",
        /// That it is erased.
        Erasure = "erasure",
        /// That it is kept and not used.
        Restriction = "restriction",
        /// What they provided, to take elsewhere.
        Portability = "portability",
        /// That nothing is done with it that need not be.
        Objection = "objection",
        /// They take back a consent.
        ConsentWithdrawal = "consent_withdrawal",
    }

    /// How far a request is.
    RequestState {
        /// Nobody has done anything yet.
        Open = "open",
        /// A code was sent to the address on record.
        IdentityAsked = "identity_asked",
        /// The person has shown that the address is theirs.
        Identified = "identified",
        /// What will be handed out is being looked through.
        InReview = "in_review",
        /// Done.
        Done = "done",
        /// Refused, with a reason.
        Refused = "refused",
        /// The person wants it no more.
        Withdrawn = "withdrawn",
    }

    /// What happened with a request.
    RequestEventKind {
        /// It was written down.
        Opened = "opened",
        /// Somebody handles it now.
        Assigned = "assigned",
        /// A code was sent.
        CodeSent = "code_sent",
        /// A wrong code was given.
        CodeWrong = "code_wrong",
        /// The person gave the code on the page.
        IdentifiedByPerson = "identified_by_person",
        /// The person read the code out to the handler.
        IdentifiedByHandler = "identified_by_handler",
        /// More time was taken.
        Extended = "extended",
        /// What will be handed out is being looked through.
        ReviewBegun = "review_begun",
        /// A file with everything was made.
        ParcelMade = "parcel_made",
        /// The person downloaded it.
        ParcelFetched = "parcel_fetched",
        /// Facts were put right.
        Rectified = "rectified",
        /// Erasing began.
        ErasureBegun = "erasure_begun",
        /// Everything is erased.
        Erased = "erased",
        /// The person's data is hidden.
        Restricted = "restricted",
        /// The person was told that the restriction ends.
        LiftAnnounced = "lift_announced",
        /// The restriction ended.
        Lifted = "lifted",
        /// Optional processing passes the person over.
        Marked = "marked",
        /// It may reach them again, as they wish.
        MarkEnded = "mark_ended",
        /// The person was written to.
        Replied = "replied",
        /// It was refused.
        Refused = "refused",
        /// It was done.
        Completed = "completed",
        /// The person wants it no more.
        Withdrawn = "withdrawn",
    }

    /// What a mail to the person is about.
    RequestMailKind {
        /// A code that shows whose address it is.
        Code = "code",
        /// Where the file can be fetched.
        Parcel = "parcel",
        /// The restriction will end.
        Lift = "lift",
        /// What the handler wrote.
        Reply = "reply",
    }

    /// How far a mail to the person is.
    RequestMailState {
        /// It will be sent.
        Waiting = "waiting",
        /// The server took it.
        Sent = "sent",
        /// The server refused it, or there is no way to send it.
        Failed = "failed",
    }

    /// What a person wants of everything that is done with their data.
    MarkKind {
        /// Their data is hidden.
        Restriction = "restriction",
        /// They object.
        Objection = "objection",
        /// They took back a consent.
        ConsentWithdrawal = "consent_withdrawal",
    }

    /// Why data is purged.
    PurgeCause {
        /// An admin disconnected the mailbox.
        Request = "request",
        /// Its grant had been dead for too long.
        DeadGrant = "dead_grant",
        /// The organization was closed.
        Closing = "closing",
    }

    /// How far the closing of an organization is.
    ClosingState {
        /// An owner has asked; it waits for confirmations and for the export.
        Asked = "asked",
        /// Nothing comes in or goes out; everything is there yet and can come back.
        Countdown = "countdown",
        /// Counted, and nobody signs in any more; the key is about to die.
        Destroying = "destroying",
        /// The key is dead; rows are being removed.
        Deleting = "deleting",
        /// Nothing is left, and the statement is signed.
        Done = "done",
        /// Taken back in time.
        Undone = "undone",
    }

    /// What an export is of.
    ParcelKind {
        /// A mailbox: its tickets, messages, customers.
        Mailbox = "mailbox",
        /// The whole organization.
        Organization = "organization",
        /// One person, for a request of theirs.
        Person = "person",
    }

    /// How far an export is.
    ParcelState {
        /// It is being written.
        Preparing = "preparing",
        /// It can be downloaded.
        Ready = "ready",
        /// It could not be written.
        Failed = "failed",
        /// Nobody can download it any more; it is being removed.
        Expired = "expired",
    }

    /// What a step of a connection test came to. The interface has a sentence for each.
    CheckCode {
        /// Signed in where mail is read.
        SignedInForReading = "signed_in_for_reading",
        /// Signed in where answers are handed in.
        SignedInForSending = "signed_in_for_sending",
        /// The inbox is there; with its `count` of mails.
        InboxFound = "inbox_found",
        /// The folder is there; with its `count` of mails.
        FolderFound = "folder_found",
        /// Answers go into a folder.
        DeliversToFolder = "delivers_to_folder",
        /// Answers go to a program.
        DeliversToSendmail = "delivers_to_sendmail",
        /// No password was given.
        PasswordMissing = "password_missing",
        /// No servers were given.
        ServersMissing = "servers_missing",
        /// No folder was given.
        PathMissing = "path_missing",
        /// Where answers go was not given.
        DeliverMissing = "deliver_missing",
        /// The folder cannot be read.
        FolderUnreadable = "folder_unreadable",
        /// The folder for answers is not there.
        DeliverFolderMissing = "deliver_folder_missing",
        /// The program (`path`) for answers is not there.
        SendmailMissing = "sendmail_missing",
        /// There is no server of that name.
        NoSuchServer = "no_such_server",
        /// The server's address is an internal one.
        InternalAddress = "internal_address",
        /// Nobody answers there.
        NoAnswer = "no_answer",
        /// The certificate is not valid.
        BadCertificate = "bad_certificate",
        /// No encrypted connection could be made.
        NoEncryption = "no_encryption",
        /// The server closed the connection.
        Closed = "closed",
        /// The server does not speak IMAP.
        NotImap = "not_imap",
        /// Name or password are wrong, for reading.
        SignInRefused = "sign_in_refused",
        /// Name or password are wrong, for sending.
        SendingRefused = "sending_refused",
        /// The server is busy.
        Busy = "busy",
        /// The server refuses, for a reason of its own.
        Refused = "refused",
        /// Microsoft: SMTP AUTH is switched off.
        SmtpAuthDisabled = "smtp_auth_disabled",
        /// The mailbox may not send from its address.
        SenderRefused = "sender_refused",
        /// Signing in for sending failed in another way.
        SmtpFailed = "smtp_failed",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_word_reads_back_as_itself() {
        for status in Status::ALL {
            assert_eq!(status.as_str().parse::<Status>(), Ok(*status));
            assert_eq!(serde_json::to_value(status).ok(), Some(status.as_str().into()));
        }
        assert!("Open".parse::<Status>().is_err());
    }
}
