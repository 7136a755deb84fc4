//! The program itself, in a home folder of its own.

use std::path::{Path, PathBuf};
use std::process::Output;

/// What a run printed.
#[derive(Debug)]
pub(crate) struct Said {
    pub(crate) out: String,
    pub(crate) err: String,
}

/// The program in its home folder.
pub(crate) struct Command {
    home: PathBuf,
    /// Goes with it, unless the folder is somebody else's.
    _own: Option<tempfile::TempDir>,
    variables: Vec<(String, String)>,
}

impl Command {
    /// An empty home folder on SQLite.
    pub(crate) fn new() -> Self {
        let own = tempfile::tempdir().unwrap();
        Self { home: own.path().to_owned(), _own: Some(own), variables: Vec::new() }
    }

    /// In a home folder that is there already.
    pub(crate) fn in_home<T>(home: &Path, work: impl FnOnce(&Self) -> T) -> T {
        work(&Self { home: home.to_owned(), _own: None, variables: Vec::new() })
    }

    /// A home folder with an organization and a mailbox, a Maildir in `mail`.
    pub(crate) fn with_mailbox(address: &str) -> Self {
        let made = Self::new();
        made.add_mailbox(address);
        made
    }

    /// Sets a variable for every run.
    pub(crate) fn set(&mut self, name: &str, value: &str) {
        self.variables.push((name.to_owned(), value.to_owned()));
    }

    pub(crate) fn add_mailbox(&self, address: &str) {
        for folder in ["mail/new", "mail/cur", "mail/tmp", "sent"] {
            std::fs::create_dir_all(self.folder().join(folder)).unwrap();
        }
        let of = |name: &str| self.folder().join(name).to_str().unwrap().to_owned();
        self.run(&[
            "org",
            "create",
            "--name",
            "Acme",
            "--owner-email",
            "anna@acme.test",
            "--owner-name",
            "Anna",
        ]);
        self.run(&[
            "mailbox",
            "add",
            "--address",
            address,
            "--name",
            "Acme",
            "--maildir",
            &of("mail"),
            "--deliver-to",
            &of("sent"),
        ]);
    }

    pub(crate) fn folder(&self) -> &Path {
        &self.home
    }

    /// Runs to success.
    pub(crate) fn run(&self, arguments: &[&str]) -> Said {
        let (code, said) = self.output(arguments);
        assert_eq!(code, Some(0), "{arguments:?}: {said:?}");
        said
    }

    /// Runs to exit code 1.
    pub(crate) fn fail(&self, arguments: &[&str]) -> Said {
        let (code, said) = self.output(arguments);
        assert_eq!(code, Some(1), "{arguments:?}: {said:?}");
        said
    }

    /// Starts it, to be spoken with; what it prints can be read.
    pub(crate) fn start(&self, arguments: &[&str]) -> std::process::Child {
        self.command(arguments).stdout(std::process::Stdio::piped()).spawn().unwrap()
    }

    fn command(&self, arguments: &[&str]) -> std::process::Command {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_loket"));
        command
            .env_remove("DATABASE_URL")
            .env("LOKET_HOME", self.folder())
            .envs(self.variables.iter().map(|(name, value)| (name, value)))
            .args(arguments);
        command
    }

    /// Runs, whatever becomes of it.
    pub(crate) fn output(&self, arguments: &[&str]) -> (Option<i32>, Said) {
        let Output { status, stdout, stderr } = self.command(arguments).output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        (status.code(), Said { out: text(stdout), err: text(stderr) })
    }
}
