//! What a mail may cost us. Everything that grows with the sender's will has a bound here.

use thiserror::Error;

/// Bounds on one mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the raw mail.
    pub size: usize,
    /// `message/rfc822` within `message/rfc822`.
    pub nested_messages: usize,
    /// Multiparts within each other; deeper ones are kept as one file.
    pub depth: usize,
    /// MIME parts that are taken apart; what follows is kept as one file.
    pub parts: usize,
    /// Bytes of one header block.
    pub header_bytes: usize,
    /// Fields of one header block.
    pub header_fields: usize,
    /// Fields of all header blocks of the mail together.
    pub all_fields: usize,
    /// Bytes of HTML that are sanitized; longer HTML is kept as text only.
    pub html_bytes: usize,
    /// Elements within each other in HTML; deeper HTML is flattened.
    pub html_depth: usize,
    /// Addresses taken from one header.
    pub addresses: usize,
    /// Bytes of readable text that are kept. Of all text parts together no more are decoded, and
    /// of HTML four times as many: its markup is not kept.
    pub text_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            size: 50 * 1024 * 1024,
            nested_messages: 50,
            depth: 50,
            parts: 2_000,
            header_bytes: 16 * 1024 * 1024,
            header_fields: 10_000,
            all_fields: 100_000,
            html_bytes: 4 * 1024 * 1024,
            html_depth: 500,
            addresses: 2_000,
            text_bytes: 8 * 1024 * 1024,
        }
    }
}

/// Why a mail is not read at all. It is kept and shown to an admin, never dropped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum Refused {
    /// No bytes, or only white space.
    #[error("the mail is empty")]
    Empty,
    /// More bytes than `Limits::size`.
    #[error("the mail is larger than {0} bytes")]
    TooLarge(usize),
    /// More mails within each other than `Limits::nested_messages`.
    #[error("more than {0} mails are nested in each other")]
    NestedTooDeep(usize),
    /// A header block larger than `Limits::header_bytes`.
    #[error("a header block is larger than {0} bytes")]
    HeaderTooLarge(usize),
    /// More fields than `Limits::header_fields`, or than `Limits::all_fields`.
    #[error("the header has more than {0} fields")]
    TooManyHeaders(usize),
}

impl Refused {
    /// A stable word for the API and for counting.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::TooLarge(_) => "too_large",
            Self::NestedTooDeep(_) => "nested_too_deep",
            Self::HeaderTooLarge(_) => "header_too_large",
            Self::TooManyHeaders(_) => "too_many_headers",
        }
    }
}
