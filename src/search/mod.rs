//! Search in encrypted mail.
//!
//! [`language`] says which terms a text and a query have.

pub mod language;
