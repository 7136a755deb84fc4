//! The closed sets of words of the audit log, spelled as they are stored.

use uuid::Uuid;

/// Who did it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Actor {
    /// An account, by the id of its membership in the organization.
    Member(Uuid),
    /// The server by itself: a job, a sync.
    System,
    /// The operator, from the command line.
    Cli,
    /// The person whose data it is, by a link and a code that were mailed to them.
    Person,
}

impl Actor {
    /// As it is stored, beside [`Self::id`].
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Member(_) => "member",
            Self::System => "server",
            Self::Cli => "cli",
            Self::Person => "person",
        }
    }

    /// Whose id it is.
    #[must_use]
    pub const fn id(self) -> Option<Uuid> {
        match self {
            Self::Member(id) => Some(id),
            Self::System | Self::Cli | Self::Person => None,
        }
    }

    /// The actor of a stored entry; nothing when the two do not fit.
    #[must_use]
    pub fn from_stored(kind: &str, id: Option<Uuid>) -> Option<Self> {
        match (kind, id) {
            ("member", Some(id)) => Some(Self::Member(id)),
            ("server", None) => Some(Self::System),
            ("cli", None) => Some(Self::Cli),
            ("person", None) => Some(Self::Person),
            _ => None,
        }
    }
}

macro_rules! words {
    ($($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $word:literal),+ $(,)? })+) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum $name { $($(#[$vdoc])* $variant,)+ }

        impl $name {
            /// Every word of the set.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// As it is stored.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word,)+ }
            }

            /// The word that is stored so; nothing when it is none of them.
            #[must_use]
            pub fn from_stored(word: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|known| known.as_str() == word)
            }
        }
    )+};
}

words! {
    /// What was done.
    Action {
        /// A list of tickets was read.
        ListTickets = "ticket.list",
        /// The list of tickets beside one was read.
        ListRelated = "ticket.list_related",
        /// Tickets were searched; the words are not kept.
        Search = "ticket.search",
        /// A ticket was read with its messages.
        ReadTicket = "ticket.read",
        /// A ticket was changed, and its line of the list shown.
        ChangeTicket = "ticket.change",
        /// A ticket is to be deleted for good, or that was taken back.
        DeleteTicket = "ticket.delete",
        /// A tag was made, changed or removed.
        ChangeTag = "tag.change",
        /// A team was made, changed or removed.
        ChangeTeam = "team.change",
        /// A draft was read.
        ReadDraft = "draft.read",
        /// A message's body was read.
        ReadMessage = "message.read",
        /// A message's raw original was read.
        ReadOriginal = "message.read_original",
        /// A file was read.
        ReadAttachment = "attachment.read",
        /// A quarantined message was read.
        ReadQuarantined = "quarantine.read",
        /// An export was ordered.
        OrderExport = "export.order",
        /// An export was downloaded: content left.
        Export = "export",
        /// An export was removed before its time.
        RemoveExport = "export.remove",
        /// Somebody signed in.
        SignIn = "session.sign_in",
        /// A sign-in was refused.
        SignInRefused = "session.refused",
        /// Somebody signed out.
        SignOut = "session.sign_out",
        /// A mailbox was connected or connected again.
        ConnectMailbox = "mailbox.connect",
        /// A mailbox was changed.
        ChangeMailbox = "mailbox.change",
        /// A mailbox answered by itself whoever began a ticket.
        Acknowledge = "mailbox.acknowledge",
        /// A mailbox was disconnected.
        DisconnectMailbox = "mailbox.disconnect",
        /// The same last message was written to the customers of a mailbox.
        WriteFarewell = "mailbox.farewell",
        /// An admin wants the data of a disconnected mailbox deleted at once.
        PurgeEarly = "mailbox.purge_early",
        /// An admin keeps the data of a mailbox that needs a sign-in.
        KeepMailbox = "mailbox.keep",
        /// How long a mailbox's mail is kept was changed or confirmed.
        ChangeRetention = "retention.change",
        /// Tickets whose time was over were deleted or made anonymous.
        RetainTickets = "retention.run",
        /// A ticket was exempted from retention, or that was ended.
        ExemptTicket = "ticket.exempt",
        /// A hold was placed.
        PlaceHold = "hold.place",
        /// A hold was ended.
        EndHold = "hold.end",
        /// Holds were read.
        ReadHolds = "hold.list",
        /// A statement of deletion was read.
        ReadStatement = "statement.read",
        /// Who may read a channel was changed.
        ChangeMembers = "channel.change_members",
        /// Somebody changed their own account.
        ChangeAccount = "account.change",
        /// Customers were listed.
        ListContacts = "contact.list",
        /// What is known of a customer was read.
        ReadContact = "contact.read",
        /// What is known of a customer was changed.
        ChangeContact = "contact.change",
        /// A customer's mail goes to spam from now on.
        BlockContact = "contact.block",
        /// A customer's mail goes to spam no longer.
        UnblockContact = "contact.unblock",
        /// Two customers were made one.
        MergeContacts = "contact.merge",
        /// A view that is shared was made, changed or removed.
        ChangeView = "view.change",
        /// A membership was made or changed.
        ChangeMembership = "membership.change",
        /// Somebody was invited, or invited again.
        Invite = "membership.invite",
        /// A membership was disabled.
        DisableMembership = "membership.disable",
        /// A membership was enabled again.
        EnableMembership = "membership.enable",
        /// Settings were changed.
        ChangeSettings = "settings.change",
        /// The register of processing was read.
        ReadRegister = "register.read",
        /// What the register says of a host was changed.
        ChangeRegister = "register.change",
        /// A disclosure to an authority was recorded.
        RecordDisclosure = "register.disclosure",
        /// A policy text was published.
        PublishPolicy = "policy.publish",
        /// Somebody says that they have read a policy text.
        AcknowledgePolicy = "policy.acknowledge",
        /// A package about an incident was made from this log.
        ReadIncident = "incident.read",
        /// The operator wrote to the admins about an incident.
        TellIncident = "incident.tell",
        /// Requests of people about their data were read.
        ReadRequests = "request.read",
        /// It was looked up what is held of a person.
        LookUpPerson = "request.look_up",
        /// A person's request was written down.
        OpenRequest = "request.open",
        /// A request was given to somebody, or more time.
        ChangeRequest = "request.change",
        /// A code was sent to the address on record.
        AskIdentity = "request.ask_identity",
        /// A code was given, rightly or wrongly.
        ConfirmIdentity = "request.confirm_identity",
        /// The person was written to.
        ReplyToRequest = "request.reply",
        /// A request was refused.
        RefuseRequest = "request.refuse",
        /// A request was completed or withdrawn.
        CloseRequest = "request.close",
        /// What is held of a person was looked through before it is handed out.
        ReviewRequest = "request.review",
        /// Everything that is held of a person was put into a file for them.
        MakeParcel = "request.parcel",
        /// The person downloaded it.
        FetchParcel = "request.fetch",
        /// A person's facts were put right.
        RectifyPerson = "request.rectify",
        /// A person's data was hidden.
        RestrictPerson = "request.restrict",
        /// A restriction was announced to end, or ended.
        LiftRestriction = "request.lift",
        /// Optional processing passes a person over, or may reach them again.
        MarkPerson = "request.mark",
        /// A person's data is erased.
        ErasePerson = "request.erase",
        /// An owner asked to close the organization.
        CloseOrganization = "organization.close",
        /// An owner confirmed that.
        ConfirmClosing = "organization.confirm_closing",
        /// An owner took it back.
        UndoClosing = "organization.undo_closing",
        /// Keys were destroyed.
        DestroyKeys = "key.destroy",
        /// A key got a new secret.
        RotateKey = "key.rotate",
        /// The server was put back from a backup.
        Restore = "server.restore",
        /// It was, without a complete forget-list; the setting `restore_override` says why.
        OverrideForgetList = "server.override_forget_list",
    }

    /// What it was done to.
    ObjectKind {
        /// A ticket, or the list of them.
        Ticket = "ticket",
        /// A message.
        Message = "message",
        /// A file of a message.
        Attachment = "attachment",
        /// A quarantined message.
        QuarantinedMessage = "quarantined_message",
        /// A channel.
        Channel = "channel",
        /// A mailbox.
        Mailbox = "mailbox",
        /// A session.
        Session = "session",
        /// A membership.
        Membership = "membership",
        /// A team.
        Team = "team",
        /// A tag.
        Tag = "tag",
        /// The organization.
        Organization = "organization",
        /// A statement of deletion.
        Statement = "statement",
        /// A hold.
        Hold = "hold",
        /// A policy text.
        Policy = "policy",
        /// What a person asks about their data.
        DataRequest = "data_request",
        /// A customer.
        Contact = "contact",
        /// An export.
        Export = "export",
        /// The erasure of a person.
        Erasure = "erasure",
        /// A list of tickets under a name.
        View = "view",
        /// A saved reply.
        SavedReply = "saved_reply",
        /// A letter that is being written.
        Letter = "letter",
    }
}
