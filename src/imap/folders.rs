//! Folders: which there are, what each is for, and opening one read-only.

use super::reply::{Reply, Status, Value};
use super::session::quote;
use super::{ImapError, Session, utf7};

/// What a folder is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    Inbox,
    Sent,
    Drafts,
    Junk,
    Trash,
    Archive,
    /// Every mail of the account (Gmail's "All Mail").
    All,
    Other,
}

/// A folder of the account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Folder {
    /// As the server writes it; use this one in commands.
    pub name: String,
    /// For people.
    pub display_name: String,
    /// Separates levels of the hierarchy in `name`.
    pub delimiter: Option<String>,
    pub role: Role,
    /// False for a mere level of the hierarchy.
    pub selectable: bool,
}

/// An open folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Selected {
    /// When this changes, all known UIDs of the folder are void.
    pub uid_validity: u32,
    /// The next mail gets at least this UID.
    pub uid_next: u32,
    /// How many mails there are.
    pub exists: u32,
}

impl Session {
    /// Lists all folders. Roles come from the server (RFC 6154) or else from well-known names.
    pub async fn list_folders(&mut self) -> Result<Vec<Folder>, ImapError> {
        let extended = self.has("SPECIAL-USE") && self.has("LIST-EXTENDED");
        let command =
            if extended { "LIST \"\" \"*\" RETURN (SPECIAL-USE)" } else { "LIST \"\" \"*\"" };
        let (replies, _) = self.run(command).await?;
        let mut folders: Vec<_> = replies.iter().filter_map(folder).collect();
        // A name is only a hint: it counts where the server gave the role to nobody.
        let given: Vec<_> = folders.iter().map(|folder| folder.role).collect();
        for folder in folders.iter_mut().filter(|f| f.role == Role::Other && f.selectable) {
            let hinted = role_by_name(folder);
            if !given.contains(&hinted) {
                folder.role = hinted;
            }
        }
        Ok(folders)
    }

    /// Opens a folder read-only (EXAMINE): nothing at the provider changes, not even `\Recent`.
    pub async fn examine(&mut self, folder: &str) -> Result<Selected, ImapError> {
        let (replies, _) = self.run(&format!("EXAMINE {}", quote(folder)?)).await?;
        let (mut validity, mut next, mut exists) = (None, None, None);
        for reply in &replies {
            match reply {
                Reply::Exists(count) => exists = Some(*count),
                Reply::Status(done) if done.status == Status::Ok => {
                    let Some(code) = &done.code else { continue };
                    match code.name.as_str() {
                        "UIDVALIDITY" => validity = code.rest.parse().ok(),
                        "UIDNEXT" => next = code.rest.parse().ok(),
                        _ => {}
                    }
                }
                _ => {}
            }
        }
        self.take_news(); // the counts above are the present state
        if validity.is_none() || next.is_none() {
            // RFC 3501 section 6.3.1 lets old servers leave them out.
            let status = self.status(folder).await?;
            validity = validity.or(status.0);
            next = next.or(status.1);
        }
        match (validity, next) {
            (Some(uid_validity), Some(uid_next)) if uid_validity > 0 && uid_next > 0 => {
                Ok(Selected { uid_validity, uid_next, exists: exists.unwrap_or(0) })
            }
            _ => Err(ImapError::Protocol("the folder has no UIDVALIDITY or UIDNEXT")),
        }
    }

    async fn status(&mut self, folder: &str) -> Result<(Option<u32>, Option<u32>), ImapError> {
        let command = format!("STATUS {} (UIDNEXT UIDVALIDITY)", quote(folder)?);
        let (replies, _) = self.run(&command).await?;
        for reply in &replies {
            if let Reply::Data(name, values) = reply
                && name == "STATUS"
                && let Some(items) = values.last().and_then(Value::list)
            {
                let of = |wanted: &str| {
                    let at = items.iter().position(|item| item.is(wanted))?;
                    items.get(at + 1)?.number()
                };
                return Ok((of("UIDVALIDITY"), of("UIDNEXT")));
            }
        }
        Ok((None, None))
    }
}

fn folder(reply: &Reply) -> Option<Folder> {
    let Reply::Data(kind, values) = reply else { return None };
    if kind != "LIST" {
        return None;
    }
    let attributes = values.first()?.list()?;
    let name = values.get(2)?.string()?;
    let has = |flag: &str| attributes.iter().any(|attribute| attribute.is(flag));
    let role = if name.eq_ignore_ascii_case("INBOX") {
        Role::Inbox
    } else {
        let flags = [
            ("\\Sent", Role::Sent),
            ("\\Drafts", Role::Drafts),
            ("\\Junk", Role::Junk),
            ("\\Trash", Role::Trash),
            ("\\All", Role::All),
            ("\\Archive", Role::Archive),
        ];
        flags.iter().find(|(flag, _)| has(flag)).map_or(Role::Other, |(_, role)| *role)
    };
    Some(Folder {
        display_name: utf7::decode(&name),
        name,
        delimiter: values.get(1)?.string(),
        role,
        selectable: !has("\\Noselect") && !has("\\NonExistent"),
    })
}

/// Microsoft (2026) announces no roles and names the folders in the account's language.
fn role_by_name(folder: &Folder) -> Role {
    const NAMES: [(Role, &[&str]); 5] = [
        (
            Role::Sent,
            &[
                "sent",
                "sent items",
                "sent mail",
                "sent messages",
                "verzonden items",
                "verzonden",
                "verzonden berichten",
                "gesendete elemente",
                "gesendet",
                "éléments envoyés",
                "envoyés",
                "elementos enviados",
                "enviados",
                "posta inviata",
                "itens enviados",
                "skickat",
                "sendt",
                "sendte elementer",
            ],
        ),
        (
            Role::Junk,
            &[
                "junk",
                "junk email",
                "junk e-mail",
                "spam",
                "bulk mail",
                "ongewenste e-mail",
                "ongewenste email",
                "junk-e-mail",
                "courrier indésirable",
                "correo no deseado",
            ],
        ),
        (
            Role::Trash,
            &[
                "trash",
                "deleted items",
                "deleted messages",
                "deleted",
                "bin",
                "verwijderde items",
                "prullenbak",
                "gelöschte elemente",
                "papierkorb",
                "éléments supprimés",
                "corbeille",
                "elementos eliminados",
                "papelera",
            ],
        ),
        (
            Role::Drafts,
            &["drafts", "draft", "concepten", "entwürfe", "brouillons", "borradores", "bozze"],
        ),
        (Role::Archive, &["archive", "archief", "archiv"]),
    ];
    let delimiter = folder.delimiter.as_deref().filter(|d| !d.is_empty());
    let whole = folder.display_name.to_lowercase();
    // At the top, or right below INBOX (Courier, Cyrus) or [Gmail].
    let leaf = match delimiter.and_then(|d| whole.rsplit_once(d)) {
        None => whole.as_str(),
        Some(("inbox" | "[gmail]" | "[google mail]", leaf)) => leaf,
        Some(_) => return Role::Other,
    };
    let known = NAMES.iter().find(|(_, names)| names.contains(&leaf));
    known.map_or(Role::Other, |(role, _)| *role)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(name: &str, delimiter: &str) -> Role {
        role_by_name(&Folder {
            name: name.into(),
            display_name: utf7::decode(name),
            delimiter: Some(delimiter.into()),
            role: Role::Other,
            selectable: true,
        })
    }

    #[test]
    fn well_known_names_tell_the_role() {
        assert_eq!(named("Sent Items", "/"), Role::Sent);
        assert_eq!(named("INBOX.Sent", "."), Role::Sent);
        assert_eq!(named("Verzonden items", "/"), Role::Sent);
        assert_eq!(named("Gel&APY-schte Elemente", "/"), Role::Trash);
        assert_eq!(named("[Gmail]/Spam", "/"), Role::Junk);
        assert_eq!(named("Projects/Sent", "/"), Role::Other);
        assert_eq!(named("Customers", "/"), Role::Other);
    }
}
