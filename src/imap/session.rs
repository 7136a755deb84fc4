//! Connecting, signing in, and running one command at a time.

use std::collections::HashSet;
use std::time::Duration;

use secrecy::ExposeSecret as _;
use zeroize::Zeroizing;

use super::ImapError;
use super::reply::{self, Done, Reply, Status, Value};
use super::wire::{SILENCE, Wire};
use crate::net::{Credentials, Endpoint, Net, NetError, ServerWords, TlsMode};

/// Greetings come at once, except from servers that look the client up in block lists first.
const GREETING: Duration = Duration::from_secs(30);
/// Some servers delay a refused sign-in by up to 15 s to slow down guessing.
const SIGN_IN: Duration = Duration::from_mins(1);

/// Bounds of a session.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// Larger mails are left out with [`super::Why::TooLarge`]. Gmail and Microsoft accept 150 MB.
    pub max_mail: u64,
}

impl Default for Options {
    fn default() -> Self {
        Self { max_mail: 160 << 20 }
    }
}

/// A signed-in connection.
#[derive(Debug)]
pub struct Session {
    pub(super) wire: Wire,
    pub(super) options: Options,
    capabilities: HashSet<String>,
    commands: u32,
    /// A command was begun and its result not read: the session is spent.
    in_flight: bool,
    /// What the server said when it took its leave.
    bye: Option<ServerWords>,
    /// The server reported a new or expunged mail since [`Session::take_news`].
    news: bool,
}

/// One step of a running command.
pub(super) enum Step {
    Untagged(Reply),
    Done(Done),
}

impl Session {
    /// Connects, signs in, and tells the server who we are where it likes to know (some Chinese
    /// providers serve nobody without ID).
    pub async fn connect(
        net: &Net,
        endpoint: &Endpoint,
        credentials: &Credentials,
        options: Options,
    ) -> Result<Self, ImapError> {
        let stream = net.dial(endpoint).await?;
        let max_literal = usize::try_from(options.max_mail).unwrap_or(usize::MAX);
        let mut session = Self {
            wire: Wire::new(stream, max_literal),
            options,
            capabilities: HashSet::new(),
            commands: 0,
            in_flight: false,
            bye: None,
            news: false,
        };
        let preauth = session.greeting().await?;
        if endpoint.tls == TlsMode::StartTls {
            if preauth {
                // RFC 9051 section 11.1: a PREAUTH before TLS hides that nothing is encrypted.
                return Err(ImapError::Protocol("PREAUTH before STARTTLS"));
            }
            session.run("STARTTLS").await?;
            let plain = session.wire.into_plain_stream()?;
            let stream = net.start_tls(&endpoint.host, plain).await?;
            session.wire = Wire::new(stream, max_literal);
            session.capabilities.clear(); // what was said in plain text proves nothing
        }
        if !preauth {
            if session.capabilities.is_empty() {
                session.ask_capabilities().await?;
            }
            session.sign_in(credentials).await?;
        }
        if session.capabilities.is_empty() {
            session.ask_capabilities().await?;
        }
        if session.has("ID") {
            match session.run("ID (\"name\" \"Loket\")").await {
                Ok(_) | Err(ImapError::Refused { .. }) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(session)
    }

    /// Whether the server announced a capability (in capitals).
    #[must_use]
    pub fn has(&self, capability: &str) -> bool {
        self.capabilities.contains(capability)
    }

    /// Whether the server reported a change of the open folder since the last call.
    pub fn take_news(&mut self) -> bool {
        std::mem::take(&mut self.news)
    }

    pub(super) fn has_news(&self) -> bool {
        self.news
    }

    /// Says goodbye; a server that has already gone is fine.
    pub async fn logout(mut self) {
        if !self.in_flight {
            let _ = self.run("LOGOUT").await;
        }
    }

    /// Keeps the connection alive and lets the server report news.
    pub async fn noop(&mut self) -> Result<(), ImapError> {
        self.run("NOOP").await.map(drop)
    }

    async fn greeting(&mut self) -> Result<bool, ImapError> {
        let raw = self.wire.next(GREETING).await?;
        let Reply::Status(done) = reply::parse(&raw)? else {
            return Err(ImapError::Protocol("no greeting"));
        };
        self.learn(&done);
        match done.status {
            Status::Ok => Ok(false),
            Status::PreAuth => Ok(true),
            Status::No | Status::Bad | Status::Bye => {
                Err(ImapError::TemporarilyUnavailable { words: ServerWords::new(&done.text) })
            }
        }
    }

    async fn ask_capabilities(&mut self) -> Result<(), ImapError> {
        self.run("CAPABILITY").await.map(drop)
    }

    async fn sign_in(&mut self, credentials: &Credentials) -> Result<(), ImapError> {
        let Some((mechanism, initial)) = credentials.sasl() else {
            return Err(ImapError::Protocol("IMAP needs a sign-in"));
        };
        let login = !self.has(&format!("AUTH={mechanism}"));
        let at_once = self.has("SASL-IR");
        self.capabilities.clear(); // a server may offer others once signed in
        let line = match credentials {
            Credentials::Password { user, password } if login => Zeroizing::new(format!(
                "LOGIN {} {}",
                quote(user)?,
                quote(password.expose_secret())?
            )),
            _ if at_once => Zeroizing::new(format!("AUTHENTICATE {mechanism} {}", *initial)),
            _ => Zeroizing::new(format!("AUTHENTICATE {mechanism}")),
        };
        let tag = self.begin(&line).await?;
        let mut asked = usize::from(at_once);
        loop {
            match self.step_within(&tag, SIGN_IN).await? {
                // The first challenge is empty; a later one is XOAUTH2's JSON error (an expired or
                // foreign token), after whose empty answer the NO comes.
                Step::Untagged(Reply::Continue(_)) if asked < 4 => {
                    let answer = if asked == 0 { initial.as_bytes() } else { b"" };
                    self.wire.send(&Zeroizing::new([answer, b"\r\n"].concat())).await?;
                    asked += 1;
                }
                Step::Untagged(_) => {}
                Step::Done(done) if done.status == Status::Ok => return Ok(()),
                Step::Done(done) => return Err(ImapError::from_sign_in(done)),
            }
        }
    }

    /// Runs a command with a small answer: its untagged replies and its OK, or why not.
    pub(super) async fn run(&mut self, command: &str) -> Result<(Vec<Reply>, Done), ImapError> {
        let tag = self.begin(command).await?;
        let mut replies = Vec::new();
        loop {
            match self.step(&tag).await? {
                Step::Untagged(reply) => replies.push(reply),
                Step::Done(done) if done.status == Status::Ok => return Ok((replies, done)),
                Step::Done(done) => return Err(ImapError::from_refusal(done)),
            }
        }
    }

    /// Sends a command and returns its tag. Until [`Step::Done`] was read the session is spent for
    /// every other use, also when the caller's future is dropped.
    pub(super) async fn begin(&mut self, command: &str) -> Result<String, ImapError> {
        if self.in_flight {
            return Err(NetError::Closed.into());
        }
        self.in_flight = true;
        self.commands += 1;
        let tag = format!("A{}", self.commands);
        let line = Zeroizing::new(format!("{tag} {command}\r\n"));
        self.wire.send(line.as_bytes()).await?;
        Ok(tag)
    }

    pub(super) async fn step(&mut self, tag: &str) -> Result<Step, ImapError> {
        self.step_within(tag, SILENCE).await
    }

    pub(super) async fn step_within(
        &mut self,
        tag: &str,
        silence: Duration,
    ) -> Result<Step, ImapError> {
        let raw = match self.wire.next(silence).await {
            Ok(raw) => raw,
            Err(error) => return Err(self.farewell(error)),
        };
        match reply::parse(&raw)? {
            Reply::Tagged(answered, done) if answered == tag => {
                self.learn(&done);
                self.in_flight = false;
                Ok(Step::Done(done))
            }
            Reply::Tagged(..) => Err(ImapError::Protocol("an answer to another command")),
            reply => {
                self.notice(&reply);
                Ok(Step::Untagged(reply))
            }
        }
    }

    /// A connection that ended after a BYE was ended on purpose: idle too long, throttled, shut down.
    fn farewell(&mut self, error: ImapError) -> ImapError {
        match (&error, self.bye.take()) {
            (ImapError::Network(_), Some(words)) => ImapError::TemporarilyUnavailable { words },
            _ => error,
        }
    }

    fn notice(&mut self, reply: &Reply) {
        match reply {
            Reply::Exists(_) | Reply::Expunge => self.news = true,
            Reply::Status(done) => {
                if done.status == Status::Bye {
                    self.bye = Some(ServerWords::new(&done.text));
                }
                self.learn(done);
            }
            Reply::Data(name, values) if name == "CAPABILITY" => {
                self.capabilities = values
                    .iter()
                    .filter_map(Value::string)
                    .map(|c| c.to_ascii_uppercase())
                    .collect();
            }
            _ => {}
        }
    }

    fn learn(&mut self, done: &Done) {
        if let Some(code) = done.code.as_ref().filter(|code| code.name == "CAPABILITY") {
            self.capabilities =
                code.rest.split_ascii_whitespace().map(str::to_ascii_uppercase).collect();
        }
    }
}

/// A quoted string (RFC 3501 section 4.3). Text beyond ASCII goes as it is; servers take UTF-8 there.
pub(super) fn quote(text: &str) -> Result<String, ImapError> {
    if text.contains(['\r', '\n', '\0']) {
        return Err(ImapError::Protocol("a line break in a name"));
    }
    Ok(format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"")))
}
