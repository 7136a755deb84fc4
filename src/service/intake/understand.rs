//! Step 3: parsed in parallel, each mail on its own.

use std::panic::{AssertUnwindSafe, catch_unwind};

use rayon::prelude::*;

use super::Stored;
use super::store_raw::on_cpu;
use crate::mail::{self, Limits, ParsedMail};
use crate::service::Result;

/// A mail that was understood.
#[derive(Debug)]
pub(super) struct Understood {
    pub(super) stored: Stored,
    pub(super) mail: ParsedMail,
}

/// A mail that was not, and why: a stable word.
#[derive(Debug)]
pub(super) struct Unprocessable {
    pub(super) stored: Stored,
    pub(super) reason: &'static str,
}

/// Parses all of them.
pub(super) async fn all(
    stored: Vec<Stored>,
    max_bytes: usize,
) -> Result<(Vec<Understood>, Vec<Unprocessable>)> {
    let limits = Limits { size: max_bytes, ..Limits::default() };
    on_cpu(move || {
        let results: Vec<_> = stored.into_par_iter().map(|mail| one(mail, &limits)).collect();
        let mut understood = Vec::with_capacity(results.len());
        let mut refused = Vec::new();
        for result in results {
            match result {
                Ok(mail) => understood.push(mail),
                Err(mail) => refused.push(mail),
            }
        }
        (understood, refused)
    })
    .await
}

/// The parser does not panic by its own account; if it does after all, the mail is set aside
/// and its neighbours go on.
fn one(stored: Stored, limits: &Limits) -> Result<Understood, Unprocessable> {
    let parsed = catch_unwind(AssertUnwindSafe(|| mail::parse(&stored.raw, limits)));
    match parsed {
        Ok(Ok(mail)) => Ok(Understood { stored, mail }),
        Ok(Err(refused)) => Err(Unprocessable { stored, reason: refused.code() }),
        Err(_) => Err(Unprocessable { stored, reason: "panic" }),
    }
}
