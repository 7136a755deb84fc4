//! The names that a sealed value is bound to.

use uuid::Uuid;

/// What a key is for. The numbers are stored and permanent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum KeyKind {
    /// Sign-in addresses, settings and secrets of the whole server.
    Server,
    /// An organization: settings, accounts, contacts' blind look-ups.
    Organization,
    /// A channel (a mailbox): its credentials; content keys hang on it.
    Channel,
    /// One ticket or one message.
    Content,
    /// One contact's profile.
    Profile,
    /// Signs the forget-list and deletion statements (Ed25519).
    Signing,
    /// An export of the organization or of one person; a mailbox's is content of its channel.
    Parcel,
}

impl KeyKind {
    /// The number that is stored.
    #[must_use]
    pub const fn number(self) -> u8 {
        match self {
            Self::Server => 1,
            Self::Organization => 2,
            Self::Channel => 3,
            Self::Content => 4,
            Self::Profile => 5,
            Self::Signing => 6,
            Self::Parcel => 7,
        }
    }

    /// The kind with this number.
    #[must_use]
    pub const fn from_number(number: u8) -> Option<Self> {
        Some(match number {
            1 => Self::Server,
            2 => Self::Organization,
            3 => Self::Channel,
            4 => Self::Content,
            5 => Self::Profile,
            6 => Self::Signing,
            7 => Self::Parcel,
            _ => return None,
        })
    }

    /// What a key of this kind hangs on; nothing means the root key.
    #[must_use]
    pub const fn parent(self) -> Option<Self> {
        match self {
            Self::Server | Self::Organization => None,
            Self::Channel | Self::Profile | Self::Parcel => Some(Self::Organization),
            Self::Content => Some(Self::Channel),
            Self::Signing => Some(Self::Server),
        }
    }
}

/// A column of the data database, by numbers that never change and are never used again.
/// Table 0 is kept for `crypto` and `blob` themselves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Column {
    /// The table's number.
    pub table: u16,
    /// The column's number within the table.
    pub column: u16,
}

impl Column {
    /// The place of this column in the row `row`.
    #[must_use]
    pub const fn of(self, row: Uuid) -> Place {
        Place { column: self, row }
    }
}

/// One field: a column of one row. A sealed value opens only where it was sealed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Place {
    /// Which column.
    pub column: Column,
    /// The row's primary key.
    pub row: Uuid,
}

/// What a blind index is about. The same text gives unlike blinds in unlike domains. The numbers
/// are permanent: a blind that is stored was made with them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum BlindDomain {
    /// A customer's address (the caller normalizes it).
    Address,
    /// A Message-ID.
    MessageId,
    /// A fingerprint of a mail's content.
    Content,
    /// An account's sign-in address (under the server key).
    SignIn,
    /// A bearer of a session, an invitation or a reset: a random token.
    Token,
    /// Who somebody is at an OAuth provider.
    Subject,
    /// A mailbox's own address.
    Mailbox,
    /// An idempotency key of a request.
    Idempotency,
    /// The name of a folder.
    FolderName,
    /// The name of a host.
    Host,
}

impl BlindDomain {
    pub(super) const fn number(self) -> u8 {
        match self {
            Self::Address => 1,
            Self::MessageId => 2,
            Self::Content => 3,
            Self::SignIn => 4,
            Self::Token => 5,
            Self::Subject => 6,
            Self::Mailbox => 7,
            Self::Idempotency => 8,
            Self::FolderName => 9,
            Self::Host => 20,
        }
    }
}

/// How a value is sealed: its first byte.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Scheme {
    /// AES-256-GCM with a subkey per place (version 1).
    Aes256Gcm,
    /// Sealed elsewhere, with a key that the server does not have: stored and handed on as it is.
    Opaque,
}

impl Scheme {
    /// The first byte of what it seals.
    #[must_use]
    pub const fn number(self) -> u8 {
        match self {
            Self::Aes256Gcm => 1,
            Self::Opaque => 255,
        }
    }

    /// The scheme of a sealed value.
    #[must_use]
    pub fn of(sealed: &[u8]) -> Option<Self> {
        match sealed.first()? {
            1 => Some(Self::Aes256Gcm),
            255 => Some(Self::Opaque),
            _ => None,
        }
    }

    /// Marks what somebody else sealed as [`Scheme::Opaque`].
    #[must_use]
    pub fn opaque(foreign: &[u8]) -> Vec<u8> {
        let mut out = Vec::with_capacity(foreign.len() + 1);
        out.push(Self::Opaque.number());
        out.extend_from_slice(foreign);
        out
    }
}
