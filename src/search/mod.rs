//! Search in encrypted mail.
//!
//! [`query`] understands what is typed, [`language`] says which terms a text and a query have.

pub mod language;
pub mod query;
