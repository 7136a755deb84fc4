//! The structure of a mail: header blocks, and the tree of parts with their places in the raw
//! bytes. Nothing is decoded or copied here, so that attachments can later be read by range.
//!
//! 1. `header` splits a header block into fields.
//! 2. `params` reads Content-Type and Content-Disposition with their parameters (RFC 2045, 2231).
//! 3. `tree` walks the multiparts with an explicit stack and counts against
//!    [`Limits`](super::Limits).

pub mod header;
pub mod params;
pub mod tree;

pub use header::{Block, Field};
pub use params::Params;
pub use tree::{Kind, Part, Tree};
