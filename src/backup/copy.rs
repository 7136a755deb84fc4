//! Copies a database while it is in use, and puts a copy back.

use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use secrecy::{ExposeSecret as _, SecretString};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions as _, Connection as _};
use tokio::process::Command;
use url::Url;

use super::{BackupError, files};

/// How long a copy waits for a lock before it fails: nobody holds one for longer.
const BUSY: Duration = Duration::from_secs(30);

/// Copies a SQLite file as it is at one moment, without what was deleted from it.
pub async fn sqlite(from: &Path, to: &Path) -> Result<(), BackupError> {
    let mut connection = SqliteConnectOptions::new()
        .filename(from)
        .create_if_missing(false)
        .busy_timeout(BUSY)
        .disable_statement_logging()
        .connect()
        .await
        .map_err(BackupError::Copy)?;
    let to = to.to_path_buf();
    let copied = sqlx::query("VACUUM INTO ?")
        .bind(to.to_string_lossy().into_owned())
        .execute(&mut connection)
        .await;
    connection.close().await.map_err(BackupError::Copy)?;
    copied.map_err(BackupError::Copy)?;
    files::settle(&to)
}

/// Puts a copy in the place of a SQLite file that is not there.
pub fn place(from: &Path, to: &Path) -> Result<(), BackupError> {
    if let Some(folder) = to.parent() {
        files::make_folder(folder)?;
    }
    std::fs::copy(from, to).map_err(BackupError::at(to))?;
    files::settle(to)?;
    files::sync_folder(to.parent().unwrap_or(Path::new(".")))
}

/// Dumps a PostgreSQL database as it is at one moment.
pub async fn dump(url: &SecretString, tools: Option<&Path>, to: &Path) -> Result<(), BackupError> {
    let mut command = tool("pg_dump", url, tools);
    command.args(["--format=custom", "--schema=public", "--no-owner", "--no-privileges", "--file"]);
    command.arg(to);
    run("pg_dump", command).await?;
    files::settle(to)
}

/// Fills a PostgreSQL database from a dump, all or nothing.
pub async fn fill(
    url: &SecretString,
    tools: Option<&Path>,
    from: &Path,
) -> Result<(), BackupError> {
    let mut command = tool("pg_restore", url, tools);
    command.args(["--exit-on-error", "--single-transaction", "--no-owner", "--no-privileges"]);
    // The dump makes the schema that it came from.
    command.args(["--clean", "--if-exists"]);
    command.arg(from);
    run("pg_restore", command).await
}

/// The tool with its connection. The password goes by the environment: what stands on a command
/// line everybody on the machine can read.
fn tool(name: &'static str, url: &SecretString, tools: Option<&Path>) -> Command {
    let mut command = Command::new(tools.map_or_else(|| name.into(), |folder| folder.join(name)));
    command.stdin(Stdio::null()).stdout(Stdio::null()).kill_on_drop(true);
    match Url::parse(url.expose_secret()) {
        Ok(mut bare) => {
            if let Some(password) = bare.password() {
                command.env("PGPASSWORD", decode(password));
            }
            // Fails for addresses that cannot have a password.
            let _ = bare.set_password(None);
            command.arg(format!("--dbname={bare}"));
        }
        Err(_) => drop(command.arg(format!("--dbname={}", url.expose_secret()))),
    }
    command.arg("--no-password");
    command
}

async fn run(name: &'static str, mut command: Command) -> Result<(), BackupError> {
    let output = match command.output().await {
        Ok(output) => output,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            return Err(BackupError::NoTool { name });
        }
        Err(error) => return Err(BackupError::at(Path::new(name))(error)),
    };
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    let said = said.lines().rev().find(|line| !line.trim().is_empty());
    Err(BackupError::Tool { name, said: said.unwrap_or("it said nothing").to_owned() })
}

/// A part of a URL as its owner wrote it (RFC 3986, section 2.1).
fn decode(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        let digits = tail.get(..2).filter(|_| *first == b'%');
        let mut byte = [0];
        if digits.is_some_and(|digits| hex::decode_to_slice(digits, &mut byte).is_ok()) {
            bytes.extend(byte);
            rest = tail.get(2..).unwrap_or(&[]);
        } else {
            bytes.push(*first);
            rest = tail;
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_on_no_command_line() {
        let url = "postgres://loket:p%40ss%25w0rd@db.example:5433/desk?sslmode=require".into();
        let command = tool("pg_dump", &url, Some(Path::new("/opt/pg")));
        let command = command.as_std();
        assert_eq!(command.get_program(), "/opt/pg/pg_dump");
        let shown: Vec<_> = command.get_args().map(|one| one.to_string_lossy()).collect();
        assert_eq!(
            shown,
            ["--dbname=postgres://loket@db.example:5433/desk?sslmode=require", "--no-password"]
        );
        let given = command.get_envs().find(|(name, _)| *name == "PGPASSWORD");
        assert_eq!(given.unwrap().1.unwrap(), "p@ss%w0rd");
    }
}
