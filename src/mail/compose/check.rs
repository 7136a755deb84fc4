//! Refuses values that could add a header or a recipient.

use super::{ComposeError, Outgoing};
use crate::mail::model::Address;

/// Looks at everything that goes into a header.
pub(super) fn check(mail: &Outgoing) -> Result<(), ComposeError> {
    let lists = [
        ("from", std::slice::from_ref(&mail.from)),
        ("to", mail.to.as_slice()),
        ("cc", mail.cc.as_slice()),
        ("bcc", mail.bcc.as_slice()),
        ("reply_to", mail.reply_to.as_slice()),
    ];
    for (field, list) in lists {
        for address in list {
            check_address(address, field)?;
        }
    }
    if mail.to.is_empty() && mail.cc.is_empty() && mail.bcc.is_empty() {
        return Err(ComposeError::NoRecipient);
    }
    safe(&mail.subject, "subject")?;
    check_id(&mail.message_id, "message_id")?;
    if let Some(id) = &mail.in_reply_to {
        check_id(id, "in_reply_to")?;
    }
    for id in &mail.references {
        check_id(id, "references")?;
    }
    for file in mail.attachments.iter().chain(mail.inline_images.iter().map(|i| &i.file)) {
        safe(&file.name, "file name")?;
        safe(&file.content_type, "content type")?;
    }
    for image in &mail.inline_images {
        check_id(&image.cid, "content id")?;
    }
    Ok(())
}

fn safe(value: &str, field: &'static str) -> Result<(), ComposeError> {
    if value.contains(['\r', '\n', '\0']) {
        return Err(ComposeError::UnsafeHeader { field });
    }
    Ok(())
}

fn check_address(address: &Address, field: &'static str) -> Result<(), ComposeError> {
    safe(&address.address, field)?;
    safe(address.name.as_deref().unwrap_or_default(), field)?;
    wire_address(&address.address, field).map(drop)
}

/// The address as it is written: an international domain in its ASCII form (RFC 5891).
pub(super) fn wire_address(address: &str, field: &'static str) -> Result<String, ComposeError> {
    let invalid = ComposeError::InvalidAddress { field };
    let (local, domain) = address.rsplit_once('@').ok_or(invalid)?;
    let quoted = local.len() > 2 && local.starts_with('"') && local.ends_with('"');
    let bad = |c: char| c.is_control() || c.is_whitespace() || "<>,;:()[]\\\"@".contains(c);
    let body = if quoted { local.trim_matches('"') } else { local };
    if local.is_empty() || local.len() > 256 || domain.is_empty() || domain.len() > 255 {
        return Err(invalid);
    }
    if (!quoted && body.contains(bad)) || body.contains(['"', '\\', '\r', '\n', '\0']) {
        return Err(invalid);
    }
    if !local.is_ascii() {
        return Err(ComposeError::NeedsSmtpUtf8 { field });
    }
    if domain.starts_with('[') && domain.ends_with(']') {
        let inner = domain.trim_matches(['[', ']']);
        let literal = inner.bytes().all(|b| b.is_ascii_alphanumeric() || b":.".contains(&b));
        return if literal { Ok(address.to_owned()) } else { Err(invalid) };
    }
    if domain.contains(bad) {
        return Err(invalid);
    }
    if domain.is_ascii() {
        let valid = domain.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._".contains(&b));
        return if valid { Ok(address.to_owned()) } else { Err(invalid) };
    }
    match url::Host::parse(domain) {
        Ok(url::Host::Domain(ascii)) => Ok(format!("{local}@{ascii}")),
        _ => Err(invalid),
    }
}

fn check_id(id: &str, field: &'static str) -> Result<(), ComposeError> {
    safe(id, field)?;
    let fine = (1..=900).contains(&id.len())
        && id.bytes().all(|b| b.is_ascii_graphic() && !b"<>".contains(&b));
    if fine { Ok(()) } else { Err(ComposeError::InvalidMessageId { field }) }
}
