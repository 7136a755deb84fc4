//! The words of the mail: plain text, and HTML that looks the same everywhere because it is
//! simple.

use chrono::Datelike;

use super::{InlineImage, Language, Outgoing, Quoted, TEXT_BUDGET, passed, picture};
use crate::mail::html::normalise::ImageRef;
use crate::mail::html::sanitize;

/// Both forms of the text.
#[derive(Debug, Default)]
pub(super) struct Content {
    pub(super) text: String,
    pub(super) html: String,
}

/// The widest that a picture is shown: what fits beside the lists of a mail program.
const IMAGE_WIDTH: u32 = 600;
const HTML_BYTES: usize = 1024 * 1024;
const HTML_DEPTH: usize = 100;
const QUOTE_STYLE: &str = "margin:0 0 0 0.8ex;border-left:1px solid #cccccc;padding-left:1ex";

pub(super) fn write(mail: &Outgoing) -> Content {
    let mut text = mail.text.trim_end().replace("\r\n", "\n").replace('\r', "\n");
    let mut html = written_html(mail);
    if let Some(signature) = mail.signature.as_deref().map(str::trim).filter(|s| !s.is_empty()) {
        let signature = signature.replace("\r\n", "\n");
        text.push_str("\n\n-- \n");
        text.push_str(&signature);
        html.push_str("<br><div class=\"gmail_signature\">-- <br>");
        html.push_str(&text_to_html(&signature));
        html.push_str("</div>");
    }
    text.push('\n');
    if let Some(quoted) = &mail.quoted {
        // Encoding makes text longer: by about a tenth for Latin, more for other scripts.
        let used = encoded_len(&text) + encoded_len(&html);
        let room = TEXT_BUDGET.saturating_sub(used);
        match &quoted.passed_on {
            Some(passed_on) => {
                passed::write(quoted, passed_on, mail.language, &mut text, &mut html);
            }
            None => quote(quoted, mail.language, room, &mut text, &mut html),
        }
    }
    let html = format!(
        "<!DOCTYPE html>\n<html><head><meta charset=\"utf-8\"></head><body>\n<div dir=\"auto\" \
         style=\"font-family:Arial,Helvetica,sans-serif;font-size:14px;line-height:1.5\">\n{html}\n\
         </div>\n</body></html>\n"
    );
    Content { text, html: without_nul(html) }.cleaned()
}

impl Content {
    fn cleaned(mut self) -> Self {
        self.text = without_nul(self.text);
        self
    }
}

fn without_nul(text: String) -> String {
    if text.contains('\0') { text.replace('\0', "") } else { text }
}

/// The agent's HTML through the sanitizer, or the text as HTML.
fn written_html(mail: &Outgoing) -> String {
    let sanitized = mail.html.as_deref().filter(|h| !h.trim().is_empty()).and_then(|html| {
        let html = for_all_clients(html, &mail.inline_images);
        let (stored, _) = sanitize::store(&html, HTML_BYTES, HTML_DEPTH)?;
        Some(sanitize::render(&stored, |image| match image {
            ImageRef::Cid(cid) => {
                mail.inline_images.iter().any(|i| i.cid == cid).then(|| format!("cid:{cid}"))
            }
            ImageRef::Remote(url) => Some(url.to_owned()),
        }))
    });
    sanitized.unwrap_or_else(|| format!("<div>{}</div>", text_to_html(mail.text.trim_end())))
}

/// Says in the editor's HTML what mail programs otherwise decide each in their own way. Outlook for
/// Windows knows no `max-width` and goes by the attribute; it and Gmail have other margins than
/// browsers, and Outlook leaves out an empty paragraph. Done before the sanitizer.
fn for_all_clients(html: &str, images: &[InlineImage]) -> String {
    let mut html = html
        .replace("<li><p>", "<li><p style=\"margin:0\">")
        .replace("<p></p>", "<p><br></p>")
        .replace("<p>", "<p style=\"margin:0 0 1em\">");
    for image in images {
        let width = picture::width(&image.file.bytes).unwrap_or(IMAGE_WIDTH).min(IMAGE_WIDTH);
        let source = format!("src=\"cid:{}\"", image.cid);
        let sized =
            format!("{source} width=\"{width}\" style=\"max-width:100%;height:auto;border:0\"");
        html = html.replace(&source, &sized);
    }
    html
}

fn quote(quoted: &Quoted, language: Language, room: usize, text: &mut String, html: &mut String) {
    let line = attribution(quoted, language);
    let original = quoted.text.replace("\r\n", "\n");
    let original = original.trim_end();
    let (kept, trimmed) = trim(original, room / 3);
    text.push('\n');
    text.push_str(&line);
    text.push('\n');
    for quoted_line in kept.split('\n') {
        let space = if quoted_line.starts_with('>') || quoted_line.is_empty() { "" } else { " " };
        text.push('>');
        text.push_str(space);
        text.push_str(quoted_line.trim_end());
        text.push('\n');
    }
    if trimmed {
        text.push_str("> […]\n");
    }

    let rest = room.saturating_sub(encoded_len(&kept));
    let rich = quoted
        .html
        .as_deref()
        .filter(|h| h.len() < rest)
        // Stored HTML is already the sanitizer's; rendering passes it through once more.
        .map(sanitize::quote)
        .filter(|h| encoded_len(h) < rest);
    let inner = rich.unwrap_or_else(|| {
        let mut inner = text_to_html(&kept);
        if trimmed {
            inner.push_str("<br>[…]");
        }
        inner
    });
    html.push_str("<br><div class=\"gmail_quote\"><div dir=\"ltr\" class=\"gmail_attr\">");
    html.push_str(&text_to_html(&line));
    html.push_str("<br></div><blockquote class=\"gmail_quote\" type=\"cite\" style=\"");
    html.push_str(QUOTE_STYLE);
    html.push_str("\">");
    html.push_str(&inner);
    html.push_str("</blockquote></div>");
}

/// Whole lines from the beginning (the newest part), as much as there is room for.
fn trim(text: &str, room: usize) -> (String, bool) {
    let mut used = 0;
    let mut end = 0;
    for line in text.split_inclusive('\n') {
        used += encoded_len(line) + 2;
        if used > room {
            let kept = text.get(..end).unwrap_or_default().trim_end();
            return (kept.to_owned(), true);
        }
        end += line.len();
    }
    (text.to_owned(), false)
}

/// Length in quoted-printable.
fn encoded_len(text: &str) -> usize {
    let escaped = text.bytes().filter(|b| *b == b'=' || *b >= 127).count();
    let length = text.len() + escaped * 2;
    length + length / 25
}

fn attribution(quoted: &Quoted, language: Language) -> String {
    let name = quoted.from.name.as_deref().map(str::trim).filter(|n| !n.is_empty());
    let address = quoted.from.address.as_str();
    let who = match name {
        Some(name) => format!("{} <{address}>", crate::mail::words::one_line(name)),
        None => address.to_owned(),
    };
    let (day, year, time) = (quoted.at.day(), quoted.at.year(), quoted.at.format("%H:%M"));
    let month = month(quoted.at.month0(), language);
    match language {
        Language::En => format!("On {day} {month} {year} at {time}, {who} wrote:"),
        Language::Nl => format!("Op {day} {month} {year} om {time} schreef {who}:"),
        Language::De => format!("Am {day}. {month} {year} um {time} schrieb {who}:"),
    }
}

pub(super) fn month(index: u32, language: Language) -> &'static str {
    const EN: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    const NL: [&str; 12] = [
        "januari",
        "februari",
        "maart",
        "april",
        "mei",
        "juni",
        "juli",
        "augustus",
        "september",
        "oktober",
        "november",
        "december",
    ];
    const DE: [&str; 12] = [
        "Januar",
        "Februar",
        "März",
        "April",
        "Mai",
        "Juni",
        "Juli",
        "August",
        "September",
        "Oktober",
        "November",
        "Dezember",
    ];
    let names = match language {
        Language::En => EN,
        Language::Nl => NL,
        Language::De => DE,
    };
    names.get(index as usize).copied().unwrap_or_default()
}

/// Text with its line breaks, spaces and web addresses.
pub(super) fn text_to_html(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 8);
    for (index, line) in text.split('\n').enumerate() {
        if index > 0 {
            out.push_str("<br>\n");
        }
        let indent = line.len() - line.trim_start_matches(' ').len();
        out.extend(std::iter::repeat_n("&nbsp;", indent.min(40)));
        for (at, word) in line.trim_start_matches(' ').split(' ').enumerate() {
            if at > 0 {
                out.push(' ');
            }
            link(word, &mut out);
        }
    }
    out
}

fn link(word: &str, out: &mut String) {
    let starts = word.find("https://").or_else(|| word.find("http://"));
    let Some((before, url)) = starts.and_then(|at| word.split_at_checked(at)) else {
        html_escape::encode_text_to_string(word, out);
        return;
    };
    let end = url.trim_end_matches(['.', ',', ';', ':', '!', '?', ')', '>', '"', '\'']).len();
    let (url, after) = url.split_at_checked(end).unwrap_or((url, ""));
    let usable = url.len() > 10 && !url.contains(['<', '>', '"', '\'']);
    html_escape::encode_text_to_string(before, out);
    if usable {
        out.push_str("<a href=\"");
        html_escape::encode_double_quoted_attribute_to_string(url, out);
        out.push_str("\">");
        html_escape::encode_text_to_string(url, out);
        out.push_str("</a>");
    } else {
        html_escape::encode_text_to_string(url, out);
    }
    html_escape::encode_text_to_string(after, out);
}
