//! How subcommands print.

use std::fs::OpenOptions;
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use serde::Serialize;

/// Prints a line of text. A reader that went away (`| head`) is not an error.
pub(super) fn line(text: &str) -> io::Result<()> {
    forgive(writeln!(io::stdout().lock(), "{text}"))
}

/// Prints one JSON value on a line of its own.
pub(super) fn json(value: &impl Serialize) -> io::Result<()> {
    let text = serde_json::to_string(value)?;
    line(&text)
}

/// Writes a new file that only its owner can read.
pub(super) fn private(path: &Path, text: &str) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    file.write_all(text.as_bytes())?;
    file.write_all(b"\n")?;
    file.sync_all()
}

/// Says how a new user signs in; a password that was made here is shown once.
pub(super) fn sign_in(address: &str, password: Option<&str>) -> io::Result<()> {
    line(&format!("  sign in as  {address}"))?;
    match password {
        Some(password) => line(&format!("  password    {password}  (shown only now)")),
        None => Ok(()),
    }
}

/// Prints an error and its causes.
pub(super) fn error(error: &anyhow::Error) {
    let mut text = format!("loket: {error}");
    let mut last = error.to_string();
    for cause in error.chain().skip(1) {
        let cause = cause.to_string();
        if !last.contains(&cause) {
            text.push_str("\n  because: ");
            text.push_str(&cause);
        }
        last = cause;
    }
    // A closed standard error cannot be told about.
    let _ = writeln!(io::stderr().lock(), "{text}");
}

fn forgive(outcome: io::Result<()>) -> io::Result<()> {
    match outcome {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        other => other,
    }
}
