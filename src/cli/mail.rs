//! `loket mail`: look at mail without a server.

use std::ffi::OsStr;
use std::fs;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, Subcommand};
use rayon::prelude::*;
use serde_json::{Value, json};

use super::output;
use crate::mail::Limits;
use crate::mail::inspect::inspect;

/// Mails that are understood at once; their results wait in memory for those before them.
const BATCH: usize = 256;

/// What can be done with mail.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Print what Loket understands of mails
    Inspect(Inspect),
}

/// Arguments of `loket mail inspect`.
#[derive(Debug, Args)]
pub struct Inspect {
    /// Mails, or folders of .eml files
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,

    /// Print one JSON object a line
    #[arg(long)]
    jsonl: bool,
}

impl Command {
    pub(super) fn run(&self) -> anyhow::Result<ExitCode> {
        let Self::Inspect(arguments) = self;
        arguments.run()
    }
}

impl Inspect {
    fn run(&self) -> anyhow::Result<ExitCode> {
        let mut files = Vec::new();
        for path in &self.paths {
            collect(path, &mut files).map_err(|error| {
                anyhow::anyhow!("\"{}\" cannot be read ({})", path.display(), error.kind())
            })?;
        }
        let limits = Limits::default();
        for batch in files.chunks(BATCH) {
            let results: Vec<Value> =
                batch.par_iter().map(|file| understand(file, &limits)).collect();
            for result in results {
                if self.jsonl {
                    output::json(&result)?;
                } else {
                    output::line(&harmless(&summary(&result)))?;
                }
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// The files that a path stands for: itself, or the `.eml` files under a folder, by name.
fn collect(path: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    if !fs::metadata(path)?.is_dir() {
        files.push(path.to_owned());
        return Ok(());
    }
    let mut entries = fs::read_dir(path)?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<io::Result<Vec<_>>>()?;
    entries.sort();
    for entry in entries {
        if entry.is_dir() {
            collect(&entry, files)?;
        } else if entry.extension() == Some(OsStr::new("eml")) {
            files.push(entry);
        }
    }
    Ok(())
}

fn understand(file: &Path, limits: &Limits) -> Value {
    let name = file.to_string_lossy();
    match fs::read(file) {
        Ok(raw) => guarded(&name, || inspect(&name, &raw, limits)),
        Err(error) => {
            json!({ "file": name, "error": format!("cannot be read ({})", error.kind()) })
        }
    }
}

/// One mail that makes the program panic does not end a run over thousands.
fn guarded(name: &str, work: impl FnOnce() -> Value) -> Value {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(
        |_| json!({ "file": name, "error": "the program failed on it; this is a bug in Loket" }),
    )
}

/// What a person wants to know of a mail, in a few lines.
fn summary(mail: &Value) -> String {
    let text = |name: &str| mail.get(name).and_then(Value::as_str).unwrap_or_default();
    let mut lines = vec![text("file").to_owned()];
    if let Some(error) = mail.get("error").and_then(Value::as_str) {
        lines.push(format!("  refused: {error}"));
        return lines.join("\n");
    }
    let list = |name: &str| mail.get(name).and_then(Value::as_array).cloned().unwrap_or_default();
    let people = |name: &str| {
        let people: Vec<_> = list(name).iter().map(person).collect();
        people.join(", ")
    };
    let mut line = |label: &str, value: &str| {
        if !value.is_empty() {
            lines.push(format!("  {label:<12}{value}"));
        }
    };
    line("from", &people("from"));
    line("to", &people("to"));
    line("cc", &people("cc"));
    line("reply to", &people("reply_to"));
    line("subject", text("subject"));
    line("date", text("date"));
    line("message id", text("message_id"));
    line("automatic", mail.pointer("/auto/reason").and_then(Value::as_str).unwrap_or_default());
    for recipient in
        mail.pointer("/bounce/recipients").and_then(Value::as_array).into_iter().flatten()
    {
        let part = |name: &str| recipient.get(name).and_then(Value::as_str).unwrap_or_default();
        line("bounced", format!("{} {}", part("address"), part("status")).trim());
    }
    for file in list("attachments") {
        let part =
            |name: &str| file.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
        let size = file.get("size").and_then(Value::as_u64).unwrap_or_default();
        line("attachment", &format!("{} ({}, {size} bytes)", part("name"), part("content_type")));
    }
    for defect in list("defects") {
        line("defect", defect.as_str().unwrap_or_default());
    }
    for text in text("reply_text").lines() {
        lines.push(format!("  | {text}"));
    }
    lines.join("\n")
}

/// Without the control characters by which a mail could speak to the terminal.
fn harmless(text: &str) -> String {
    text.chars().map(|c| if c.is_control() && c != '\n' { '\u{fffd}' } else { c }).collect()
}

fn person(address: &Value) -> String {
    let part = |name: &str| address.get(name).and_then(Value::as_str).unwrap_or_default();
    match part("name") {
        "" => part("address").to_owned(),
        name => format!("{name} <{}>", part("address")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MAIL: &str = "From: Jo <jo@example.com>\r\nTo: service@example.org\r\n\
        Subject: Two wheels\r\nDate: Mon, 2 Mar 2026 10:00:00 +0100\r\nMessage-ID: <1@example.com>\r\n\r\n\
        They squeak.\r\n";

    #[test]
    fn folders_stand_for_their_mails_in_order() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("b")).unwrap();
        for name in ["c.eml", "b/z.eml", "a.eml", "b/notes.txt"] {
            fs::write(folder.path().join(name), MAIL).unwrap();
        }
        let mut files = Vec::new();
        collect(folder.path(), &mut files).unwrap();
        let names: Vec<_> = files
            .iter()
            .map(|file| file.strip_prefix(folder.path()).unwrap().to_str().unwrap())
            .collect();
        assert_eq!(names, ["a.eml", "b/z.eml", "c.eml"]);
        assert!(collect(&folder.path().join("nothing"), &mut files).is_err());
    }

    #[test]
    fn a_panic_is_that_mails_alone() {
        let value = guarded("odd.eml", || panic!("not for this mail"));
        assert_eq!(value["file"], "odd.eml");
        assert!(value["error"].as_str().unwrap().contains("bug in Loket"));
    }

    #[test]
    fn a_mail_is_summed_up_for_people() {
        let value = inspect("wheels.eml", MAIL.as_bytes(), &Limits::default());
        insta::assert_snapshot!(summary(&value), @r"
wheels.eml
  from        Jo <jo@example.com>
  to          service@example.org
  subject     Two wheels
  date        2026-03-02T09:00:00Z
  message id  1@example.com
  | They squeak.
");
        assert_eq!(harmless("a\u{1b}[2Jb\nc"), "a\u{fffd}[2Jb\nc");
        let missing = understand(Path::new("/nowhere/x.eml"), &Limits::default());
        assert_eq!(
            summary(&missing),
            "/nowhere/x.eml\n  refused: cannot be read (entity not found)"
        );
    }
}
