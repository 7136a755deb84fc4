//! Header fields: encoded words (RFC 2047) of at most 75 characters, folded lines of at most
//! 76 where white space allows it.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::check::wire_address;
use super::{AutoSubmitted, ComposeError, Outgoing};
use crate::mail::model::Address;

const LINE: usize = 76;
/// Ids kept in References: the first and the last ones. Some servers refuse long headers.
const MOST_REFERENCES: usize = 30;

/// Writes all fields but those of MIME.
pub(super) fn write(mail: &Outgoing, out: &mut Vec<u8>) -> Result<(), ComposeError> {
    addresses("From", std::slice::from_ref(&mail.from), out)?;
    if mail.to.is_empty() {
        field("To", "undisclosed-recipients:;", out);
    } else {
        addresses("To", &mail.to, out)?;
    }
    if !mail.cc.is_empty() {
        addresses("Cc", &mail.cc, out)?;
    }
    if !mail.reply_to.is_empty() {
        addresses("Reply-To", &mail.reply_to, out)?;
    }
    text("Subject", &mail.subject, out);
    field("Date", &mail.date.to_rfc2822(), out);
    field("Message-ID", &format!("<{}>", mail.message_id), out);
    if let Some(id) = &mail.in_reply_to {
        field("In-Reply-To", &format!("<{id}>"), out);
    }
    let references = references(mail);
    if !references.is_empty() {
        field("References", &references.join("\r\n "), out);
    }
    match mail.auto_submitted {
        Some(AutoSubmitted::Replied) => {
            field("Auto-Submitted", "auto-replied", out);
            // For responders older than RFC 3834, which allows it in §3.1.8.
            field("Precedence", "bulk", out);
        }
        Some(AutoSubmitted::Generated) => field("Auto-Submitted", "auto-generated", out),
        None => {}
    }
    if mail.auto_submitted.is_some() {
        field("X-Auto-Response-Suppress", "All", out);
    }
    field("MIME-Version", "1.0", out);
    Ok(())
}

fn references(mail: &Outgoing) -> Vec<String> {
    let mut ids: Vec<&String> = Vec::new();
    for id in mail.references.iter().chain(&mail.in_reply_to) {
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
    if ids.len() > MOST_REFERENCES {
        ids.drain(1..=ids.len() - MOST_REFERENCES);
    }
    ids.into_iter().map(|id| format!("<{id}>")).collect()
}

/// `Name: value`, as it is.
pub(super) fn field(name: &str, value: &str, out: &mut Vec<u8>) {
    out.extend_from_slice(name.as_bytes());
    out.extend_from_slice(b": ");
    out.extend_from_slice(value.as_bytes());
    out.extend_from_slice(b"\r\n");
}

/// Unstructured text.
fn text(name: &str, value: &str, out: &mut Vec<u8>) {
    let value = value.trim();
    let encoded = if is_plain(value) && value.split(' ').all(|w| w.len() < 200) {
        fold(value, name.len() + 2)
    } else {
        encoded_words(value, name.len() + 2)
    };
    field(name, &encoded, out);
}

fn addresses(name: &'static str, list: &[Address], out: &mut Vec<u8>) -> Result<(), ComposeError> {
    let mut value = String::new();
    let mut column = name.len() + 2;
    for (index, address) in list.iter().enumerate() {
        let wire = wire_address(&address.address, name)?;
        let written = match address.name.as_deref().map(str::trim).filter(|n| !n.is_empty()) {
            Some(display) => format!("{} <{wire}>", phrase(display)),
            None => wire,
        };
        if index > 0 {
            value.push(',');
            let first_line = written.split("\r\n").next().map_or(0, str::len);
            if column + first_line + 2 > LINE {
                value.push_str("\r\n ");
                column = 1;
            } else {
                value.push(' ');
                column += 2;
            }
        }
        column = written.rsplit("\r\n").next().map_or(0, str::len)
            + if written.contains("\r\n") { 0 } else { column };
        value.push_str(&written);
    }
    field(name, &value, out);
    Ok(())
}

/// A display name: words, a quoted string, or encoded words.
fn phrase(name: &str) -> String {
    if !is_plain(name) || name.len() > 200 {
        return encoded_words(name, 8);
    }
    let atoms =
        name.bytes().all(|b| b.is_ascii_alphanumeric() || b" !#$%&'*+-/=?^_`{|}~".contains(&b));
    if atoms && !name.contains("  ") {
        return name.to_owned();
    }
    format!("\"{}\"", name.replace('\\', "\\\\").replace('"', "\\\""))
}

/// ASCII that cannot be taken for an encoded word.
fn is_plain(value: &str) -> bool {
    value.bytes().all(|b| b.is_ascii_graphic() || b == b' ') && !value.contains("=?")
}

fn fold(value: &str, start: usize) -> String {
    let mut out = String::with_capacity(value.len() + 16);
    let mut column = start;
    for (index, word) in value.split(' ').enumerate() {
        if index > 0 {
            if column + word.len() + 1 > LINE && !word.is_empty() {
                out.push_str("\r\n ");
                column = 1;
            } else {
                out.push(' ');
                column += 1;
            }
        }
        out.push_str(word);
        column += word.len();
    }
    out
}

/// UTF-8 in Base64, never cut within a character.
pub(super) fn encoded_words(value: &str, start: usize) -> String {
    let mut out = String::new();
    let mut chunk = String::new();
    // 12 characters around, four for three bytes.
    let mut room = LINE.saturating_sub(start + 13).max(16) / 4 * 3;
    let mut flush = |chunk: &mut String, last: bool| {
        out.push_str("=?utf-8?B?");
        out.push_str(&STANDARD.encode(chunk.as_bytes()));
        out.push_str("?=");
        if !last {
            out.push_str("\r\n ");
        }
        chunk.clear();
    };
    for c in value.chars() {
        if chunk.len() + c.len_utf8() > room {
            flush(&mut chunk, false);
            room = 45;
        }
        chunk.push(c);
    }
    flush(&mut chunk, true);
    out
}

/// A parameter such as `; filename="…"`, in the forms of RFC 2231 where it needs them.
pub(super) fn parameter(name: &str, value: &str) -> String {
    let simple = value.bytes().all(|b| b.is_ascii_graphic() || b == b' ') && value.len() <= 60;
    if simple {
        return format!(";\r\n {name}=\"{}\"", value.replace('\\', "\\\\").replace('"', "\\\""));
    }
    let mut pieces = vec![String::new()];
    for byte in value.bytes() {
        let encoded = if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            char::from(byte).to_string()
        } else {
            format!("%{byte:02X}")
        };
        match pieces.last_mut() {
            Some(last) if last.len() + encoded.len() <= 50 => last.push_str(&encoded),
            _ => pieces.push(encoded),
        }
    }
    if let [only] = pieces.as_slice() {
        return format!(";\r\n {name}*=utf-8''{only}");
    }
    let mut out = String::new();
    for (index, piece) in pieces.iter().enumerate() {
        let charset = if index == 0 { "utf-8''" } else { "" };
        out.extend([";\r\n ", name, "*", &index.to_string(), "*=", charset, piece]);
    }
    out
}
