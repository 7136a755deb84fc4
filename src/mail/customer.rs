//! Who asks: the sender, or for mail from web forms the address to answer to.

use super::model::{Address, ParsedMail};

/// The customer behind a mail, and whether it is named in Reply-To only, as web forms do it.
/// `None` when the mail names nobody who could be answered.
///
/// A sender who is ourselves (`own`, in lower case) is nobody to answer: a web form that writes
/// in our own name puts the customer into Reply-To.
#[must_use]
pub fn customer_of(mail: &ParsedMail, own: &[String]) -> Option<(Address, bool)> {
    let usable = |a: &&Address| a.address.contains('@');
    let is_own = |a: &Address| own.contains(&a.key());
    let asked = mail.reply_to.iter().find(|a| usable(a) && !is_no_reply(&a.address) && !is_own(a));
    match (mail.from.iter().find(usable), asked) {
        (Some(from), Some(asked)) if is_no_reply(&from.address) || is_own(from) => {
            Some((asked.clone(), true))
        }
        (Some(from), _) => Some((from.clone(), false)),
        (None, Some(asked)) => Some((asked.clone(), true)),
        (None, None) => mail.sender.clone().filter(|a| usable(&a)).map(|a| (a, false)),
    }
}

/// `no-reply@…` and its spellings: nobody reads what is sent there.
#[must_use]
pub fn is_no_reply(address: &str) -> bool {
    let local = address.split('@').next().unwrap_or_default().to_lowercase();
    let squeezed: String = local.chars().filter(|c| c.is_alphanumeric()).collect();
    let words = [
        "noreply",
        "donotreply",
        "dontreply",
        "nepasrepondre",
        "nietbeantwoorden",
        "keineantwort",
        "nichtantworten",
    ];
    words.iter().any(|w| squeezed.starts_with(w) || squeezed.ends_with(w))
        || matches!(
            squeezed.as_str(),
            "wordpress"
                | "webform"
                | "formmailer"
                | "mailer"
                | "www"
                | "wwwdata"
                | "apache"
                | "nobody"
        )
}
