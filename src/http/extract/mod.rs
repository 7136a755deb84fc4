//! What handlers take out of a request. Each refuses with a problem.
//!
//! - [`Json`], [`Query`], [`Path`]: bodies, query strings, paths.
//! - [`IfMatch`]: the version that a change was made against.
//! - [`ClientAddress`]: who calls, for throttling.
//! - [`Actor`](crate::authz::Actor): who is signed in, from the session (`actor.rs`); [`Reading`]
//!   also while they have a policy text to read.
//!
//! To add one: a file here whose refusals are problems.

mod actor;
mod address;
mod json;
mod version;

pub use actor::Reading;
pub use address::{ClientAddress, Network};
pub use json::{Json, Path, Query, too_large};
pub use version::{IfMatch, etag};
