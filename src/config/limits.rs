//! `[limits]`: what one mail, upload or answer may weigh.

use serde::{Deserialize, Serialize};

use super::key::{Key, Kind};

/// What one mail, upload or answer may weigh, in megabytes of 1,048,576 bytes.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(default)]
pub struct Limits {
    /// A mail that comes in; a larger one is quarantined.
    pub mail_mb: u32,
    /// One uploaded file.
    pub upload_mb: u32,
    /// An answer with its attachments, as sent.
    pub answer_mb: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self { mail_mb: 50, upload_mb: 18, answer_mb: 25 }
    }
}

/// The keys of this section.
pub const KEYS: &[Key] = &[
    Key::new(
        "mail_mb",
        Kind::Integer(1, 256),
        "Megabytes of a mail that comes in; a larger one is quarantined.",
    ),
    Key::new("upload_mb", Kind::Integer(1, 256), "Megabytes of one uploaded file."),
    Key::new(
        "answer_mb",
        Kind::Integer(1, 256),
        "Megabytes of an answer as sent; base64 makes files a third larger. Gmail and \
         Microsoft 365 refuse more than 25.",
    ),
];

impl Limits {
    /// Bytes of a mail that comes in.
    #[must_use]
    pub const fn mail_bytes(&self) -> usize {
        megabytes(self.mail_mb)
    }

    /// Bytes of one uploaded file.
    #[must_use]
    pub const fn upload_bytes(&self) -> usize {
        megabytes(self.upload_mb)
    }

    /// Bytes of an answer as sent.
    #[must_use]
    pub const fn answer_bytes(&self) -> usize {
        megabytes(self.answer_mb)
    }
}

const fn megabytes(count: u32) -> usize {
    count as usize * 1024 * 1024
}
