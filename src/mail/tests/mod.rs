//! Tests of the whole of reading and writing; what concerns one file is tested there.

mod clients;
mod folding;
mod hostile;
mod properties;
mod reading;
mod reports;
mod writing;

use super::{Limits, ParsedMail, parse};

/// Parses a mail that is written with `\n`, as it would come over the wire.
fn read(mail: &str) -> ParsedMail {
    parse(mail.replace('\n', "\r\n").as_bytes(), &Limits::default()).expect("not refused")
}
