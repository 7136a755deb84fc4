//! Handing an answer on: into a folder, or to a program.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use chrono::{DateTime, Utc};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::process::Command;

use super::MaildirError;
use crate::clock::Clock;
use crate::ids::Ids;
use crate::net::ServerWords;

/// A sendmail program queues and returns; one that needs longer hangs.
const SENDMAIL: Duration = Duration::from_mins(1);
/// How much of what the program complains about is kept.
const COMPLAINT: u64 = 4096;

/// Writes a mail into a Maildir, making its folders where they are missing. After `Ok` it survives a
/// power cut. Blocking.
pub fn deliver_to_folder(
    maildir: &Path,
    raw: &[u8],
    clock: &dyn Clock,
    ids: &dyn Ids,
) -> Result<PathBuf, MaildirError> {
    for folder in ["", "tmp", "new", "cur"] {
        match fs::DirBuilder::new().mode(0o700).recursive(true).create(maildir.join(folder)) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error.into()),
            _ => {}
        }
    }
    let name = unique_name(clock.now(), ids);
    let (tmp, new) = (maildir.join("tmp").join(&name), maildir.join("new").join(&name));
    let written = write_synced(&tmp, raw).and_then(|()| {
        // A link fails where a rename would replace another mail.
        fs::hard_link(&tmp, &new)?;
        File::open(maildir.join("new"))?.sync_all()
    });
    let _ = fs::remove_file(&tmp);
    written?;
    Ok(new)
}

fn write_synced(path: &Path, raw: &[u8]) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    file.write_all(raw)?;
    file.sync_all()
}

/// Seconds, something unique, a host (cr.yp.to/proto/maildir.html). The host's own name stays untold.
fn unique_name(now: DateTime<Utc>, ids: &dyn Ids) -> String {
    let mut random = [0_u8; 12];
    ids.fill(&mut random);
    format!("{}.{}.loket", now.timestamp(), hex::encode(random))
}

/// What a sendmail program did with a mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Handed {
    /// It took the mail.
    Taken,
    /// It says that later may be better (`EX_TEMPFAIL`, 75).
    Later { words: ServerWords },
    /// It refused, with this exit status (sysexits.h) or `None` when it was killed.
    Refused { status: Option<i32>, words: ServerWords },
}

/// Gives a mail to a sendmail program as `PROGRAM -i -f FROM -- RECIPIENTS…`, without a shell. The
/// addresses come after `--`, so none can be taken for an option. Line ends become LF, as sendmail wants.
pub async fn deliver_by_sendmail(
    program: &Path,
    raw: &[u8],
    from: &str,
    recipients: &[String],
) -> Result<Handed, MaildirError> {
    if from.starts_with('-') {
        let words = ServerWords::new("The sender address begins with a dash.");
        return Ok(Handed::Refused { status: None, words });
    }
    let mut child = Command::new(program)
        .args(["-i", "-f", from, "--"])
        .args(recipients)
        .env_clear()
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()?;
    let (input, complaints) = (child.stdin.take(), child.stderr.take());
    let text = with_line_feeds(raw);
    let run = async {
        let write = async {
            if let Some(mut input) = input {
                // A program that ends without reading all has said why by its status.
                let _ = input.write_all(&text).await;
            }
        };
        let listen = async {
            let mut said = Vec::new();
            if let Some(complaints) = complaints {
                let _ = complaints.take(COMPLAINT).read_to_end(&mut said).await;
            }
            said
        };
        let ((), said) = tokio::join!(write, listen);
        child.wait().await.map(|status| (status, said))
    };
    let ended = tokio::time::timeout(SENDMAIL, run).await.map_err(|_| MaildirError::Timeout)?;
    let (status, said) = ended?;
    let words = ServerWords::new(&String::from_utf8_lossy(&said));
    Ok(match status.code() {
        Some(0) => Handed::Taken,
        Some(75) => Handed::Later { words },
        status => Handed::Refused { status, words },
    })
}

fn with_line_feeds(raw: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(raw.len());
    let mut bytes = raw.iter().copied().peekable();
    while let Some(byte) = bytes.next() {
        if byte != b'\r' || bytes.peek() != Some(&b'\n') {
            out.push(byte);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;
    use crate::clock::SystemClock;
    use crate::ids::SystemIds;
    use crate::maildir::{read, scan};

    #[test]
    fn a_delivered_mail_lies_in_new_and_nothing_in_tmp() {
        let dir = tempfile::tempdir().unwrap();
        let maildir = dir.path().join("sub/out");
        for text in ["one", "two"] {
            deliver_to_folder(&maildir, text.as_bytes(), &SystemClock, &SystemIds).unwrap();
        }
        let entries = scan(&maildir).unwrap();
        let mut texts: Vec<_> = entries.iter().map(|e| read(&maildir, e, 99).unwrap()).collect();
        texts.sort();
        assert_eq!(texts, ["one", "two"]);
        assert_eq!(fs::read_dir(maildir.join("tmp")).unwrap().count(), 0);
        let mode = fs::metadata(&entries[0].path).unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "others can read it");
    }

    fn program(dir: &Path, script: &str) -> PathBuf {
        let path = dir.join("sendmail");
        fs::write(&path, format!("#!/bin/sh\n{script}\n")).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o700)).unwrap();
        path
    }

    #[tokio::test]
    async fn a_program_gets_the_mail_and_the_addresses_as_they_are() {
        let dir = tempfile::tempdir().unwrap();
        let out = dir.path().join("out");
        let script = format!("for a; do echo \"[$a]\"; done >{0}; /bin/cat >>{0}", out.display());
        let sendmail = program(dir.path(), &script);
        let to = ["-oQ/x@b.test".to_owned(), "$(id)@b.test".to_owned()];
        let handed = deliver_by_sendmail(&sendmail, b"Subject: x\r\n\r\n.\r\ny", "a@b.test", &to);
        assert_eq!(handed.await.unwrap(), Handed::Taken);
        assert_eq!(
            fs::read_to_string(out).unwrap(),
            "[-i]\n[-f]\n[a@b.test]\n[--]\n[-oQ/x@b.test]\n[$(id)@b.test]\nSubject: x\n\n.\ny"
        );
    }

    #[tokio::test]
    async fn what_a_program_says_is_kept_and_sorted() {
        let dir = tempfile::tempdir().unwrap();
        let big = vec![b'x'; 1 << 20]; // more than a pipe holds, and the program does not read it
        for (script, expected) in [
            ("echo queue full >&2; exit 75", "later queue full"),
            ("echo no such user >&2; exit 67", "refused Some(67) no such user"),
            ("kill -9 $$", "refused None "),
        ] {
            let sendmail = program(dir.path(), script);
            let told = match deliver_by_sendmail(&sendmail, &big, "", &[]).await.unwrap() {
                Handed::Taken => "taken".into(),
                Handed::Later { words } => format!("later {}", words.as_str()),
                Handed::Refused { status, words } => {
                    format!("refused {status:?} {}", words.as_str())
                }
            };
            assert_eq!(told, expected);
        }
        let absent = deliver_by_sendmail(&dir.path().join("absent"), b"", "", &[]).await;
        assert!(matches!(absent, Err(MaildirError::Io(_))));
    }
}
