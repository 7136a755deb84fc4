//! Understands and composes mail; pure, no I/O, bounded in size, depth and time, never panics.
//!
//! Reading, [`parse`], in this order:
//! 1. `mime`: header blocks and the tree of parts, counted against [`Limits`]; nothing decoded.
//! 2. `header fields`: `address`, `date`, `ids`, `subject`, `words` (RFC 2047), `charset`.
//! 3. `body`: which parts are the text; `html` makes text of HTML and sanitizes it.
//! 4. `quote`: what was newly written, apart from quotes and signature; the whole is kept.
//! 5. `attachments`: everything else, with safe `names` and their places in the raw mail.
//! 6. `auto`, `bounce`, `forward`: who or what sent it; `customer` says who asks.
//!
//! Writing, [`compose`]: headers checked, text and HTML with signature and quoted history,
//! files. [`token`] mints the Message-ID by which an answer finds its ticket.
//!
//! To teach it a new oddity: add a test with a small mail, then change the one file that is
//! about it. A new bounce style is a row in `bounce::styles`, a new language a row in
//! `quote::patterns`.

pub mod address;
pub mod attachments;
pub mod authentication;
pub mod auto;
pub mod blank;
pub mod body;
pub mod bounce;
pub mod charset;
pub mod compose;
pub mod customer;
pub mod date;
pub mod forward;
pub mod html;
pub mod ids;
pub mod inspect;
pub mod limits;
pub mod look_alike;
pub mod mime;
pub mod model;
pub mod names;
pub mod parse;
pub mod quote;
pub mod subject;
pub mod token;
pub mod transfer;
pub mod words;

pub use compose::{ComposeError, Outgoing, compose};
pub use customer::customer_of;
pub use html::{normalise::ImageRef, sanitize};
pub use limits::{Limits, Refused};
pub use model::{Address, Attachment, Auto, Bounce, BounceRecipient, Encoding, ParsedMail};
pub use parse::parse;
pub use transfer::decode as raw_attachment;

#[cfg(test)]
#[expect(clippy::cast_possible_truncation, reason = "tests")]
mod tests;
