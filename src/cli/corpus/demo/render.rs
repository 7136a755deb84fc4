//! From what somebody wrote to the mail that their program makes of it.

use std::fmt::Write as _;

use chrono::{DateTime, Utc};

use super::{Program, SHOP, SHOP_NAME, Story, Told, ago};
use crate::cli::corpus::Mail;
use crate::cli::corpus::encode::Charset;
use crate::cli::corpus::letter::{Letter, Transfer};

/// The mails of a story.
pub(super) fn story(number: usize, story: &Story, now: DateTime<Utc>) -> Vec<Mail> {
    let mut references: Vec<String> = Vec::new();
    let mut before: Option<(&Told, DateTime<Utc>)> = None;
    let mut mails = Vec::new();
    for (position, told) in story.letters.iter().enumerate() {
        let at = ago(now, told.minutes_ago);
        if told.answered.is_some() {
            references.push(format!("answer-{number}-{position}@ketting.example.com"));
        }
        let id = format!("{number:03}.{position}.{:x}@{}", at.timestamp(), domain(story.address));
        let quote = told.answered.map(|answer| Quote { answer, before });
        let reply = !references.is_empty();
        let letter = Letter {
            from: (story.name.to_owned(), story.address.to_owned()),
            to: format!("{SHOP_NAME} <{SHOP}>"),
            at,
            subject: if reply {
                format!("Re: {}", story.subject)
            } else {
                story.subject.to_owned()
            },
            id: id.clone(),
            references: references.clone(),
            headers: program_headers(story.program),
            text: Some(text(story, told, quote.as_ref())),
            html: html(story, told, quote.as_ref()),
            inline: told.inline.clone(),
            attached: told.attached.clone(),
            charset: story.charset,
            transfer: transfer(story),
        };
        mails.push(Mail { at, raw: letter.to_bytes() });
        references.push(id);
        before = Some((told, at));
    }
    mails
}

/// The answer that a mail quotes, and the mail that the answer quoted in turn.
struct Quote<'a> {
    answer: &'a str,
    before: Option<(&'a Told, DateTime<Utc>)>,
}

fn domain(address: &str) -> &str {
    address.rsplit('@').next().unwrap_or("example.com")
}

fn transfer(story: &Story) -> Transfer {
    match (story.program, story.charset) {
        (Program::Thunderbird, _) | (_, Charset::Japanese) => Transfer::EightBit,
        (Program::Outlook, Charset::Utf8) => Transfer::Base64,
        _ => Transfer::Quoted,
    }
}

fn program_headers(program: Program) -> Vec<String> {
    let lines: &[&str] = match program {
        Program::Gmail => &[],
        Program::Outlook => {
            &["X-Mailer: Microsoft Outlook 16.0", "Thread-Topic: -", "Content-Language: nl-NL"]
        }
        Program::AppleMail => &["X-Mailer: Apple Mail (2.3774.600.62)"],
        Program::Thunderbird => &["User-Agent: Mozilla Thunderbird", "Content-Language: de-DE"],
        Program::Phone => &["X-Mailer: iPhone Mail (21E236)"],
    };
    lines.iter().map(|line| (*line).to_owned()).collect()
}

fn text(story: &Story, told: &Told, quote: Option<&Quote<'_>>) -> String {
    let mut out = told.text.to_owned();
    if story.program == Program::Phone {
        out.push_str("\n\nSent from my phone");
    }
    let Some(quote) = quote else { return out + "\n" };
    if story.program == Program::Outlook {
        let _ = write!(
            out,
            "\n\n________________________________\nFrom: {SHOP_NAME} <{SHOP}>\n\
             To: {} <{}>\nSubject: Re: {}\n\n{}\n",
            story.name, story.address, story.subject, quote.answer
        );
        return out;
    }
    let _ = write!(out, "\n\n{}\n", introduction(story, quote));
    for line in quote.answer.lines() {
        let _ = writeln!(out, "> {line}");
    }
    if let Some((before, _)) = quote.before {
        out.push_str(">\n");
        for line in before.text.lines() {
            let _ = writeln!(out, ">> {line}");
        }
    }
    out
}

/// The line above a quote.
fn introduction(story: &Story, quote: &Quote<'_>) -> String {
    let day = quote.before.map(|(_, at)| at.format("%Y-%m-%d %H:%M").to_string());
    let day = day.unwrap_or_default();
    match story.program {
        Program::Thunderbird => format!("Am {day} schrieb {SHOP_NAME}:"),
        Program::Gmail => format!("Op {day} schreef {SHOP_NAME} <{SHOP}>:"),
        _ => format!("On {day}, {SHOP_NAME} <{SHOP}> wrote:"),
    }
}

fn html(story: &Story, told: &Told, quote: Option<&Quote<'_>>) -> Option<String> {
    let images = told.inline.iter().fold(String::new(), |mut out, file| {
        let _ = write!(
            out,
            "<img src=\"cid:{}\" alt=\"{}\" width=\"320\">",
            file.content_id(),
            escape(&file.name)
        );
        out
    });
    let body = match story.program {
        Program::Phone => return None,
        Program::Thunderbird if told.inline.is_empty() && quote.is_none() => return None,
        Program::Outlook => {
            let separator = quote.map_or_else(String::new, |quote| {
                format!(
                    "<div style=\"border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm\">\
                     <p class=\"MsoNormal\"><b>From:</b> {SHOP_NAME} &lt;{SHOP}&gt;<br>\
                     <b>To:</b> {} &lt;{}&gt;<br><b>Subject:</b> Re: {}</p></div>\n{}",
                    escape(story.name),
                    story.address,
                    escape(story.subject),
                    paragraphs(quote.answer, "p class=\"MsoNormal\"", "p")
                )
            });
            format!(
                "<div class=\"WordSection1\">\n{}{images}{separator}</div>",
                paragraphs(told.text, "p class=\"MsoNormal\"", "p")
            )
        }
        Program::Gmail => format!(
            "<div dir=\"ltr\">{}{images}</div>{}",
            lines(told.text),
            quote.map_or_else(String::new, |quote| format!(
                "<br><div class=\"gmail_quote\"><div dir=\"ltr\" class=\"gmail_attr\">{}<br></div>\
                 <blockquote class=\"gmail_quote\" style=\"margin:0px 0px 0px 0.8ex;\
                 border-left:1px solid rgb(204,204,204);padding-left:1ex\">{}</blockquote></div>",
                escape(&introduction(story, quote)),
                lines(quote.answer)
            ))
        ),
        Program::AppleMail | Program::Thunderbird => format!(
            "{}{images}{}",
            paragraphs(told.text, "p", "p"),
            quote.map_or_else(String::new, |quote| format!(
                "<div><br><blockquote type=\"cite\"><div>{}</div><br>{}</blockquote></div>",
                escape(&introduction(story, quote)),
                paragraphs(quote.answer, "p", "p")
            ))
        ),
    };
    Some(format!(
        "<html><head><meta http-equiv=\"Content-Type\" content=\"text/html; charset={}\">{}</head>\
         <body>{body}</body></html>\n",
        story.charset.label(),
        style(story.program)
    ))
}

const fn style(program: Program) -> &'static str {
    match program {
        Program::Outlook => {
            "<style><!-- p.MsoNormal {margin:0cm; font-size:11.0pt; font-family:\"Calibri\",sans-serif;} --></style>"
        }
        _ => "",
    }
}

/// Paragraphs, and line breaks within them.
fn paragraphs(text: &str, open: &str, close: &str) -> String {
    text.split("\n\n").fold(String::new(), |mut out, paragraph| {
        let _ = writeln!(out, "<{open}>{}</{close}>", escape(paragraph).replace('\n', "<br>"));
        out
    })
}

/// As Gmail writes it: a `div` for each line, and an empty line is one with a break.
fn lines(text: &str) -> String {
    text.lines().fold(String::new(), |mut out, line| {
        let line = if line.is_empty() { "<br>".to_owned() } else { escape(line) };
        let _ = writeln!(out, "<div>{line}</div>");
        out
    })
}

fn escape(text: &str) -> String {
    html_escape::encode_text(text).into_owned()
}
