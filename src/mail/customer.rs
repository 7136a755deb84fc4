//! Who asks: the sender, or for mail from web forms the address to answer to.

use super::model::{Address, ParsedMail};

/// The customer behind a mail. `None` when it names nobody who could be answered.
#[must_use]
pub fn customer_of(mail: &ParsedMail) -> Option<Address> {
    let usable = |a: &&Address| a.address.contains('@');
    let reply_to = mail.reply_to.iter().find(|a| usable(a) && !is_no_reply(&a.address));
    match mail.from.iter().find(usable) {
        Some(from) if is_no_reply(&from.address) => Some(reply_to.unwrap_or(from).clone()),
        Some(from) => Some(from.clone()),
        None => reply_to.or(mail.sender.as_ref().filter(usable)).cloned(),
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
