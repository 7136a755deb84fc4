//! The files that a path stands for.

use std::ffi::OsStr;
use std::fs;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use super::ImportError;

/// What is in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// One mail.
    Mail,
    /// Mails after each other, each behind a line that begins with `From `.
    Mbox,
}

/// A file with mail in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Source {
    pub(super) path: PathBuf,
    pub(super) kind: Kind,
}

/// Lists the files. A file is an mbox if it begins like one, and else a mail; a folder with
/// `new` and `cur` is a Maildir, with its subfolders; any other is searched for `.eml` and `.mbox` files and
/// Maildirs, and theirs. Symbolic links inside are not followed.
pub(super) fn list(path: &Path) -> Result<Vec<Source>, ImportError> {
    let unreadable = |source| ImportError::Unreadable { path: path.to_owned(), source };
    let metadata = fs::metadata(path).map_err(unreadable)?;
    if metadata.is_file() {
        let kind = if begins_as_mbox(path).map_err(unreadable)? { Kind::Mbox } else { Kind::Mail };
        return Ok(vec![Source { path: path.to_owned(), kind }]);
    }
    let mut found = Vec::new();
    if metadata.is_dir() {
        folder(path, &mut found)?;
    }
    if found.is_empty() && !is_maildir(path) {
        return Err(ImportError::NotMail(path.to_owned()));
    }
    Ok(found)
}

fn begins_as_mbox(path: &Path) -> io::Result<bool> {
    let mut start = Vec::new();
    fs::File::open(path)?.take(5).read_to_end(&mut start)?;
    Ok(start == b"From ")
}

fn is_maildir(path: &Path) -> bool {
    ["new", "cur"].iter().all(|name| path.join(name).is_dir())
}

fn folder(path: &Path, found: &mut Vec<Source>) -> Result<(), ImportError> {
    if is_maildir(path) {
        for name in ["cur", "new"] {
            let inner = entries(&path.join(name))?;
            found.extend(
                inner
                    .into_iter()
                    .filter(|(_, kind)| kind.is_file())
                    .map(|(path, _)| Source { path, kind: Kind::Mail }),
            );
        }
        return subfolders(path, found);
    }
    for (path, kind) in entries(path)? {
        if kind.is_dir() {
            folder(&path, found)?;
            continue;
        }
        let extension = path.extension().and_then(OsStr::to_str).map(str::to_ascii_lowercase);
        let kind = match extension.as_deref() {
            Some("eml") if kind.is_file() => Kind::Mail,
            Some("mbox") if kind.is_file() => Kind::Mbox,
            _ => continue,
        };
        found.push(Source { path, kind });
    }
    Ok(())
}

/// The folders of Maildir++ stand beside `cur` and begin with a dot: `.Sent`,
/// `.Archive.2024`. What was thrown away, never sent, or unwanted is left where it is.
fn subfolders(path: &Path, found: &mut Vec<Source>) -> Result<(), ImportError> {
    for (path, kind) in all_entries(path)? {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let unwanted = name
            .split('.')
            .any(|part| UNWANTED.iter().any(|unwanted| part.eq_ignore_ascii_case(unwanted)));
        if kind.is_dir() && name.starts_with('.') && is_maildir(&path) && !unwanted {
            folder(&path, found)?;
        }
    }
    Ok(())
}

/// Folders whose mail is no correspondence, as servers and mail clients call them.
const UNWANTED: [&str; 13] = [
    "Trash",
    "Deleted Items",
    "Deleted Messages",
    "Prullenbak",
    "Papierkorb",
    "Junk",
    "Junk E-mail",
    "Spam",
    "Ongewenst",
    "Drafts",
    "Concepten",
    "Entw&APw-rfe",
    "Templates",
];

/// What is in a folder, by name, but for hidden files.
fn entries(path: &Path) -> Result<Vec<(PathBuf, fs::FileType)>, ImportError> {
    let mut entries = all_entries(path)?;
    entries.retain(|(path, _)| {
        !path.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b"."))
    });
    Ok(entries)
}

fn all_entries(path: &Path) -> Result<Vec<(PathBuf, fs::FileType)>, ImportError> {
    let read = || -> io::Result<Vec<_>> {
        let mut entries = Vec::new();
        for entry in fs::read_dir(path)? {
            let entry = entry?;
            entries.push((entry.path(), entry.file_type()?));
        }
        entries.sort_by(|(a, _), (b, _)| a.cmp(b));
        Ok(entries)
    };
    read().map_err(|source| ImportError::Unreadable { path: path.to_owned(), source })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_known_by_what_is_in_it() {
        let home = tempfile::tempdir().unwrap();
        let at = |name: &str| home.path().join(name);
        for folder in ["maildir/new", "maildir/cur", "maildir/tmp", "tree/deep", "none"] {
            fs::create_dir_all(at(folder)).unwrap();
        }
        for folder in [".Sent", ".Archive.2024", ".Trash", ".Archive.Spam", ".notes"] {
            fs::create_dir_all(at("maildir").join(folder).join("cur")).unwrap();
            fs::write(at("maildir").join(folder).join("cur/s"), "Subject: x\n\n").unwrap();
            if folder != ".notes" {
                fs::create_dir_all(at("maildir").join(folder).join("new")).unwrap();
            }
        }
        for (name, text) in [
            ("maildir/new/1.a", "Subject: x\n\n"),
            ("maildir/cur/2.b:2,S", "Subject: x\n\n"),
            ("maildir/tmp/3.c", "half"),
            ("maildir/cur/.hidden", "x"),
            ("tree/one.eml", "Subject: x\n\n"),
            ("tree/deep/two.EML", "Subject: x\n\n"),
            ("tree/deep/notes.txt", "no mail"),
            ("archive", "From a@b Mon Jan  1 00:00:00 2024\nSubject: x\n\n"),
            ("single", "Subject: x\n\n"),
            ("none/notes.txt", "no mail"),
        ] {
            fs::write(at(name), text).unwrap();
        }
        std::os::unix::fs::symlink(at("single"), at("tree/link.eml")).unwrap();
        let names = |path: &str| -> Vec<(String, Kind)> {
            let name = |source: &Source| source.path.file_name().unwrap().to_str().unwrap().into();
            list(&at(path)).unwrap().iter().map(|s| (name(s), s.kind)).collect()
        };
        let mail = |name: &str| (name.to_owned(), Kind::Mail);
        assert_eq!(names("maildir"), [mail("2.b:2,S"), mail("1.a"), mail("s"), mail("s")]);
        assert_eq!(names("tree"), [mail("two.EML"), mail("one.eml")]);
        assert_eq!(names("archive"), [("archive".to_owned(), Kind::Mbox)]);
        assert_eq!(names("single"), [mail("single")]);
        assert!(matches!(list(&at("none")), Err(ImportError::NotMail(_))));
        assert!(matches!(list(&at("nowhere")), Err(ImportError::Unreadable { .. })));
    }
}
