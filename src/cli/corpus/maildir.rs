//! Delivers generated mail into a Maildir.

use std::fs::{self, File, FileTimes};
use std::io::{self, Write};
use std::path::Path;

use super::Mail;

/// Makes the Maildir at `folder` where it is missing, and delivers `mails` in order; each
/// file's time is its mail's.
pub fn deliver<'a>(folder: &Path, mails: impl IntoIterator<Item = &'a Mail>) -> io::Result<()> {
    for name in ["tmp", "new", "cur"] {
        fs::create_dir_all(folder.join(name))?;
    }
    for (number, mail) in mails.into_iter().enumerate() {
        deliver_one(folder, mail, &format!("{number:06}"))?;
    }
    Ok(())
}

/// Delivers one mail; `unique` tells it from others of the same second.
pub fn deliver_one(folder: &Path, mail: &Mail, unique: &str) -> io::Result<()> {
    let name = format!("{}.{unique}.example", mail.at.timestamp());
    let written = folder.join("tmp").join(&name);
    let mut file = File::create(&written)?;
    file.write_all(&mail.raw)?;
    file.set_times(FileTimes::new().set_modified(mail.at.into()))?;
    fs::rename(written, folder.join("new").join(name))
}
