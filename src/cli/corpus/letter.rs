//! One mail, from what its sender wrote to the bytes on the wire.

use std::fmt::Write as _;

use chrono::{DateTime, Utc};

use super::encode::{Charset, base64_lines, header_text, mailbox, quoted_printable};
use super::files::File;

/// A mail to be.
#[derive(Debug, Clone)]
pub struct Letter {
    /// The sender's name and address.
    pub from: (String, String),
    /// Whom it is to.
    pub to: String,
    /// When it was sent.
    pub at: DateTime<Utc>,
    /// Its subject.
    pub subject: String,
    /// Its Message-ID, without angle brackets.
    pub id: String,
    /// The ids of the conversation so far, oldest first.
    pub references: Vec<String>,
    /// Further header lines, without line ends.
    pub headers: Vec<String>,
    /// The text, with `\n` line ends.
    pub text: Option<String>,
    /// The HTML, with `\n` line ends.
    pub html: Option<String>,
    /// Images that the HTML shows (`cid:`).
    pub inline: Vec<File>,
    /// Attached files.
    pub attached: Vec<File>,
    /// The charset of text, HTML and headers.
    pub charset: Charset,
    /// How the text is made fit for transport.
    pub transfer: Transfer,
}

/// How text is made fit for transport.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Transfer {
    /// Quoted-printable.
    Quoted,
    /// Base64.
    Base64,
    /// As it is, eight bits and all.
    EightBit,
}

/// A body part: its header lines and its bytes.
struct Part {
    headers: String,
    body: Vec<u8>,
}

impl Letter {
    /// The mail's bytes.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let content = self.content();
        let mut head = String::new();
        let mut line = |name: &str, value: &str| {
            let _ = write!(head, "{name}: {value}\r\n");
        };
        line("From", &mailbox(&self.from.0, &self.from.1, self.charset));
        line("To", &self.to);
        line("Subject", &header_text(&self.subject, self.charset));
        line("Date", &self.at.to_rfc2822());
        line("Message-ID", &format!("<{}>", self.id));
        if let Some(last) = self.references.last() {
            line("In-Reply-To", &format!("<{last}>"));
            let all: Vec<_> = self.references.iter().map(|id| format!("<{id}>")).collect();
            line("References", &all.join("\r\n "));
        }
        line("MIME-Version", "1.0");
        for header in &self.headers {
            head.push_str(header);
            head.push_str("\r\n");
        }
        head.push_str(&content.headers);
        head.push_str("\r\n");
        let mut bytes = head.into_bytes();
        bytes.extend_from_slice(&content.body);
        bytes
    }

    /// Text and HTML as alternatives, the HTML with its images, and the files beside them.
    fn content(&self) -> Part {
        let text = self.text.as_ref().map(|text| self.text_part("plain", text));
        let html = self.html.as_ref().map(|html| {
            let html = self.text_part("html", html);
            if self.inline.is_empty() {
                html
            } else {
                let images = self.inline.iter().map(|file| file_part(file, true, self.charset));
                self.multipart("related", std::iter::once(html).chain(images).collect())
            }
        });
        let body = match (text, html) {
            (Some(text), Some(html)) => self.multipart("alternative", vec![text, html]),
            (Some(only), None) | (None, Some(only)) => only,
            (None, None) => self.text_part("plain", ""),
        };
        if self.attached.is_empty() {
            return body;
        }
        let files = self.attached.iter().map(|file| file_part(file, false, self.charset));
        self.multipart("mixed", std::iter::once(body).chain(files).collect())
    }

    fn text_part(&self, subtype: &str, text: &str) -> Part {
        let bytes = self.charset.bytes(text);
        let (encoding, body) = match self.transfer {
            Transfer::Quoted => ("quoted-printable", quoted_printable(&bytes)),
            Transfer::Base64 => ("base64", base64_lines(&bytes)),
            Transfer::EightBit => ("8bit", crlf(&bytes)),
        };
        let headers = format!(
            "Content-Type: text/{subtype}; charset={}\r\nContent-Transfer-Encoding: {encoding}\r\n",
            self.charset.label()
        );
        Part { headers, body }
    }

    fn multipart(&self, subtype: &str, parts: Vec<Part>) -> Part {
        // The id is the mail's own, so no content can hold the boundary by chance.
        let boundary = format!("=_{subtype}_{}", self.id.split('@').next().unwrap_or("boundary"));
        let mut body = Vec::new();
        for part in parts {
            body.extend_from_slice(format!("--{boundary}\r\n{}\r\n", part.headers).as_bytes());
            body.extend_from_slice(&part.body);
            body.extend_from_slice(b"\r\n");
        }
        body.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
        let headers = format!("Content-Type: multipart/{subtype};\r\n boundary=\"{boundary}\"\r\n");
        Part { headers, body }
    }
}

fn file_part(file: &File, inline: bool, charset: Charset) -> Part {
    let name = header_text(&file.name, charset);
    let mut headers = format!(
        "Content-Type: {}; name=\"{name}\"\r\nContent-Transfer-Encoding: base64\r\n",
        file.content_type
    );
    let disposition = if inline { "inline" } else { "attachment" };
    let _ = write!(headers, "Content-Disposition: {disposition};\r\n filename=\"{name}\"\r\n");
    if inline {
        let _ = write!(headers, "Content-ID: <{}>\r\n", file.content_id());
    }
    Part { headers, body: base64_lines(&file.bytes) }
}

fn crlf(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len() + text.len() / 40);
    for byte in text {
        if *byte == b'\n' {
            out.push(b'\r');
        }
        out.push(*byte);
    }
    out
}
