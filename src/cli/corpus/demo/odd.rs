//! Mail that no customer wrote by hand: automatic answers, bounces, newsletters, web forms,
//! alarms, a forward by a colleague.

use chrono::{DateTime, Utc};

use super::{DAY, HOUR, SHOP, SHOP_NAME, ago};
use crate::cli::corpus::Mail;
use crate::cli::corpus::encode::Charset;
use crate::cli::corpus::files::logo;
use crate::cli::corpus::letter::{Letter, Transfer};

pub(super) fn mails(now: DateTime<Utc>) -> Vec<Mail> {
    let letters = [
        absent(now),
        web_form(
            now,
            2 * HOUR + 10,
            "Contact form: Test ride",
            "Lotte Meijer",
            "lotte.meijer@mail.example.org",
            "Stad 8 E",
            "Kan ik zaterdag een proefrit maken? Ik twijfel tussen maat S en M.",
        ),
        web_form(
            now,
            2 * DAY + 30,
            "Contact form: Repair",
            "Ahmed Bouzid",
            "ahmed.bouzid@post.example.net",
            "Stad 5",
            "Ma roue arrière est voilée, combien coûte la réparation ?",
        ),
        newsletter(now),
        forward(now),
        shipping(now),
        lottery(now),
    ];
    let mut mails: Vec<Mail> =
        letters.iter().map(|letter| Mail { at: letter.at, raw: letter.to_bytes() }).collect();
    mails.push(mislabelled(now));
    mails.push(bounce(ago(now, DAY + 40)));
    mails
}

fn letter(
    at: DateTime<Utc>,
    from: (&str, &str),
    subject: &str,
    headers: &[&str],
    text: &str,
) -> Letter {
    Letter {
        from: (from.0.to_owned(), from.1.to_owned()),
        to: format!("{SHOP_NAME} <{SHOP}>"),
        at,
        subject: subject.to_owned(),
        id: format!("{:x}.{}", at.timestamp(), from.1),
        references: Vec::new(),
        headers: headers.iter().map(|line| (*line).to_owned()).collect(),
        text: Some(format!("{text}\n")),
        html: None,
        inline: Vec::new(),
        attached: Vec::new(),
        charset: Charset::Utf8,
        transfer: Transfer::Quoted,
    }
}

fn absent(now: DateTime<Utc>) -> Letter {
    letter(
        ago(now, 7 * DAY - 2),
        ("Mehmet Yılmaz", "mehmet.yilmaz@werkstatt.example.com"),
        "Automatische Antwort: Händlerkonditionen",
        &["Auto-Submitted: auto-replied", "X-Auto-Response-Suppress: All", "Precedence: bulk"],
        "Ich bin bis Montag nicht im Büro. In dringenden Fällen wenden Sie sich bitte an meine Kollegin.",
    )
}

fn web_form(
    now: DateTime<Utc>,
    minutes_ago: i64,
    subject: &str,
    name: &str,
    address: &str,
    model: &str,
    question: &str,
) -> Letter {
    letter(
        ago(now, minutes_ago),
        ("De Ketting website", "no-reply@ketting.example.com"),
        subject,
        &[&format!("Reply-To: {name} <{address}>")],
        &format!("Name: {name}\nE-mail: {address}\nModel: {model}\n\nQuestion:\n{question}"),
    )
}

fn newsletter(now: DateTime<Utc>) -> Letter {
    let html = "<html><body style=\"margin:0;background:#eef2f0\"><table width=\"100%\" cellpadding=\"0\"><tr><td align=\"center\">\
        <table width=\"600\" style=\"background:#ffffff;font-family:Arial,sans-serif\"><tr><td style=\"padding:16px;background:#14532d\">\
        <img src=\"cid:logo.png@inline.example.com\" alt=\"Velo Trade\" width=\"160\" height=\"40\"></td></tr>\
        <tr><td style=\"padding:24px\"><h1 style=\"font-size:22px\">Spring fair: 40 new suppliers</h1>\
        <p>Dear retailer, meet the makers of belts, hubs and lights on 14 and 15 March.</p>\
        <img src=\"https://images.velotrade.example.net/banner.jpg\" alt=\"The fair hall\" width=\"552\">\
        <p><a href=\"https://velotrade.example.net/fair?utm_source=mail\">Book your free ticket</a></p></td></tr>\
        <tr><td style=\"padding:16px;font-size:11px;color:#666\">You get this mail as a registered retailer. \
        <a href=\"https://velotrade.example.net/unsubscribe\">Unsubscribe</a></td></tr></table></td></tr></table>\
        <img src=\"https://velotrade.example.net/open.gif?id=1\" width=\"1\" height=\"1\"></body></html>";
    Letter {
        html: Some(html.to_owned()),
        inline: vec![logo("logo.png", [20, 83, 45])],
        ..letter(
            ago(now, 2 * DAY + 8 * HOUR),
            ("Velo Trade News", "news@velotrade.example.net"),
            "Spring fair: 40 new suppliers",
            &[
                "List-Unsubscribe: <https://velotrade.example.net/unsubscribe>, <mailto:out@velotrade.example.net>",
                "List-Id: Velo Trade News <news.velotrade.example.net>",
                "Precedence: bulk",
            ],
            "Spring fair: 40 new suppliers\n\nBook your free ticket: https://velotrade.example.net/fair",
        )
    }
}

fn forward(now: DateTime<Utc>) -> Letter {
    letter(
        ago(now, 12 * HOUR),
        ("Sanne Kok", "sanne@ketting.example.com"),
        "Fwd: lamp kapot",
        &[],
        &format!(
            "Deze kwam op mijn eigen adres binnen.\n\n---------- Forwarded message ---------\n\
             From: Wim Scholten <wim.scholten@mail.example.org>\nDate: {}\nSubject: lamp kapot\n\
             To: <sanne@ketting.example.com>\n\nDag Sanne,\n\n\
             Mijn voorlamp doet het weer niet. Kan ik woensdag langskomen?\n\nWim Scholten",
            ago(now, 13 * HOUR).format("%a, %-d %b %Y at %H:%M")
        ),
    )
}

fn shipping(now: DateTime<Utc>) -> Letter {
    letter(
        ago(now, 18 * HOUR),
        ("Pakketdienst", "noreply@pakket.example.net"),
        "Zending 3SKET0020418 is vertraagd",
        &["Auto-Submitted: auto-generated"],
        "De bezorging van uw zending 3SKET0020418 is een dag vertraagd. U hoeft niets te doen.",
    )
}

/// The label says one thing and the bytes another: windows-1252 that claims to be ASCII.
fn mislabelled(now: DateTime<Utc>) -> Mail {
    let letter = Letter {
        charset: Charset::Windows,
        transfer: Transfer::EightBit,
        ..letter(
            ago(now, 2 * DAY + 11 * HOUR),
            ("Hélène Dubois", "helene.dubois@courrier.example.org"),
            "Selle trop dure",
            &[],
            "Bonjour,\n\nLa selle de mon vélo est très dure… Est-il possible de l’échanger contre \
             un modèle plus confortable ? Mon budget : 60 €.\n\nCordialement,\nHélène Dubois",
        )
    };
    let raw = letter.to_bytes();
    let (label, lie) = (b"charset=windows-1252", b"charset=us-ascii");
    let raw = match memchr::memmem::find(&raw, label) {
        Some(at) => {
            let (head, tail) = raw.split_at(at);
            [head, lie, tail.get(label.len()..).unwrap_or_default()].concat()
        }
        None => raw,
    };
    Mail { at: letter.at, raw }
}

fn lottery(now: DateTime<Utc>) -> Letter {
    letter(
        ago(now, DAY + 14 * HOUR),
        ("Claims Department", "winner@prize.example.net"),
        "YOU HAVE WON 850.000 EURO!!!",
        &["X-Spam-Flag: YES", "X-Spam-Status: Yes, score=14.2"],
        "Dear lucky winner, your address was drawn among 2 million. Reply with your full name and telephone number within 24 hours to claim.",
    )
}

/// A delivery status report (RFC 3464) about an answer that did not arrive.
fn bounce(at: DateTime<Utc>) -> Mail {
    let date = at.to_rfc2822();
    let id = at.timestamp();
    let raw = format!(
        "Return-Path: <>\r\nFrom: Mail Delivery System <mailer-daemon@mail.example.org>\r\nTo: {SHOP}\r\n\
         Subject: Undelivered Mail Returned to Sender\r\nDate: {date}\r\nMessage-ID: <{id:x}.bounce@mail.example.org>\r\n\
         Auto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/report; report-type=delivery-status;\r\n boundary=\"=_report_{id}\"\r\n\r\n\
         --=_report_{id}\r\nContent-Type: text/plain; charset=us-ascii\r\n\r\n\
         I'm sorry to have to inform you that your message could not be delivered\r\nto one or more recipients.\r\n\r\n\
         <old.customer@mail.example.org>: host mx.mail.example.org said: 550 5.1.1 User unknown\r\n\r\n\
         --=_report_{id}\r\nContent-Type: message/delivery-status\r\n\r\n\
         Reporting-MTA: dns; mail.example.org\r\nArrival-Date: {date}\r\n\r\n\
         Final-Recipient: rfc822; old.customer@mail.example.org\r\nAction: failed\r\nStatus: 5.1.1\r\n\
         Diagnostic-Code: smtp; 550 5.1.1 User unknown\r\n\r\n\
         --=_report_{id}\r\nContent-Type: text/rfc822-headers\r\n\r\n\
         From: {SHOP_NAME} <{SHOP}>\r\nTo: old.customer@mail.example.org\r\nSubject: Re: Retour\r\n\
         Message-ID: <answer-old@ketting.example.com>\r\n\r\n--=_report_{id}--\r\n"
    );
    Mail { at, raw: raw.into_bytes() }
}
