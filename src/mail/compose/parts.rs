//! The MIME tree. Boundaries come from the Message-ID; they hold `=_`, which neither
//! quoted-printable nor Base64 can contain (RFC 2045 §6.7).

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

use super::content::Content;
use super::headers::{field, parameter};
use super::{File, Outgoing};

/// Writes everything from Content-Type on.
pub(super) fn write(mail: &Outgoing, content: &Content, out: &mut Vec<u8>) {
    if mail.attachments.is_empty() {
        alternative(mail, content, out);
        return;
    }
    let boundary = open(mail, "mixed", out);
    separate(&boundary, out);
    alternative(mail, content, out);
    for attachment in &mail.attachments {
        separate(&boundary, out);
        file(attachment, None, out);
    }
    close(&boundary, out);
}

fn alternative(mail: &Outgoing, content: &Content, out: &mut Vec<u8>) {
    if mail.plain {
        text("text/plain", &content.text, out);
        return;
    }
    let boundary = open(mail, "alternative", out);
    separate(&boundary, out);
    text("text/plain", &content.text, out);
    separate(&boundary, out);
    if mail.inline_images.is_empty() {
        text("text/html", &content.html, out);
    } else {
        let related = open(mail, "related", out);
        separate(&related, out);
        text("text/html", &content.html, out);
        for image in &mail.inline_images {
            separate(&related, out);
            file(&image.file, Some(&image.cid), out);
        }
        close(&related, out);
    }
    close(&boundary, out);
}

fn open(mail: &Outgoing, subtype: &str, out: &mut Vec<u8>) -> String {
    let digest = Sha256::digest(format!("{subtype} {}", mail.message_id));
    let boundary = format!("=_{}", hex::encode(digest.get(..15).unwrap_or_default()));
    field("Content-Type", &format!("multipart/{subtype};\r\n boundary=\"{boundary}\""), out);
    out.extend_from_slice(b"\r\n");
    boundary
}

fn separate(boundary: &str, out: &mut Vec<u8>) {
    out.extend_from_slice(format!("\r\n--{boundary}\r\n").as_bytes());
}

fn close(boundary: &str, out: &mut Vec<u8>) {
    out.extend_from_slice(format!("\r\n--{boundary}--\r\n").as_bytes());
}

fn text(content_type: &str, text: &str, out: &mut Vec<u8>) {
    field("Content-Type", &format!("{content_type}; charset=utf-8"), out);
    field("Content-Transfer-Encoding", "quoted-printable", out);
    out.extend_from_slice(b"\r\n");
    quoted_printable(text, out);
}

fn file(file: &File, cid: Option<&str>, out: &mut Vec<u8>) {
    let safe_type = file.content_type.split(';').next().unwrap_or_default().trim();
    let valid = safe_type.split_once('/').is_some_and(|(a, b)| {
        !a.is_empty()
            && !b.is_empty()
            && safe_type.bytes().all(|c| c.is_ascii_alphanumeric() || b"/.+-_".contains(&c))
    });
    // A multipart or a mail must not be encoded (RFC 2045 §6.4): sent as a plain file.
    let composite = safe_type.starts_with("multipart/") || safe_type.starts_with("message/");
    let content_type = if valid && !composite { safe_type } else { "application/octet-stream" };
    field("Content-Type", &format!("{content_type}{}", parameter("name", &file.name)), out);
    field("Content-Transfer-Encoding", "base64", out);
    let disposition = if cid.is_some() { "inline" } else { "attachment" };
    field(
        "Content-Disposition",
        &format!("{disposition}{}", parameter("filename", &file.name)),
        out,
    );
    if let Some(cid) = cid {
        field("Content-ID", &format!("<{cid}>"), out);
    }
    out.extend_from_slice(b"\r\n");
    for line in file.bytes.chunks(57) {
        out.extend_from_slice(STANDARD.encode(line).as_bytes());
        out.extend_from_slice(b"\r\n");
    }
}

/// Lines of at most 76 characters with CRLF; a line that begins with a dot or "From " is safe.
fn quoted_printable(text: &str, out: &mut Vec<u8>) {
    for (index, line) in text.split('\n').enumerate() {
        if index > 0 {
            out.extend_from_slice(b"\r\n");
        }
        let line = line.strip_suffix('\r').unwrap_or(line);
        let mut column = 0;
        for (at, byte) in line.bytes().enumerate() {
            let last = at + 1 == line.len();
            let plain = match byte {
                b' ' | b'\t' => !last,
                b'=' => false,
                b'.' | b'F' => column > 0,
                33..=126 => true,
                _ => false,
            };
            let width = if plain { 1 } else { 3 };
            // A character of several bytes stays on one line where it can.
            if column + width > 75 {
                out.extend_from_slice(b"=\r\n");
                column = 0;
                let plain = plain && !matches!(byte, b'.' | b'F');
                column += push(byte, plain, out);
                continue;
            }
            column += push(byte, plain, out);
        }
    }
}

fn push(byte: u8, plain: bool, out: &mut Vec<u8>) -> usize {
    if plain {
        out.push(byte);
        return 1;
    }
    out.extend_from_slice(format!("={byte:02X}").as_bytes());
    3
}
