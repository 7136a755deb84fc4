//! The dialogue with the server, one step at a time.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::time::Duration;

use memchr::memchr;
use zeroize::Zeroizing;

use super::classify::{Outcome, Reason, Step};
use super::reply::{Lines, Reply};
use crate::net::{Credentials, Endpoint, Net, NetError, TlsMode};

/// RFC 5321 section 4.5.3.2 says 5 minutes for most steps; a person waits for this mail, and a retry
/// costs nothing before DATA.
const STEP: Duration = Duration::from_mins(1);
/// Block-list look-ups and tarpits delay greetings.
const GREETING: Duration = Duration::from_mins(1);
/// Sending the text of a 25 MB mail over a slow line.
const TEXT: Duration = Duration::from_mins(10);
/// RFC 5321 section 4.5.3.2.6: servers scan the mail before they answer the final dot, and giving up
/// earlier makes mail doubtful that was taken.
const FINAL_DOT: Duration = Duration::from_mins(10);
/// A courtesy; the mail is settled by then.
const QUIT: Duration = Duration::from_secs(2);

/// A signed-in connection.
pub(super) struct Client {
    lines: Lines,
    /// EHLO keywords in capitals, with their parameters.
    offers: HashMap<String, String>,
}

impl Client {
    pub(super) async fn connect(
        net: &Net,
        endpoint: &Endpoint,
        credentials: &Credentials,
    ) -> Result<Self, Outcome> {
        let stream = net.dial(endpoint).await.map_err(|error| Outcome::from_net(&error))?;
        let mut client = Self { lines: Lines::new(stream), offers: HashMap::new() };
        let greeting = lost(client.lines.read(GREETING).await)?;
        if !greeting.is_positive() {
            return Err(Outcome::from_refusal(Step::Greeting, &greeting, Vec::new()));
        }
        client.ehlo().await?;
        if endpoint.tls == TlsMode::StartTls {
            if !client.offers.contains_key("STARTTLS") {
                return Err(Outcome::failed(Reason::Unsupported, "The server offers no STARTTLS."));
            }
            client.command("STARTTLS", Step::Greeting).await?;
            let plain = client.lines.into_plain_stream().map_err(|e| Outcome::from_net(&e))?;
            let stream = net.start_tls(&endpoint.host, plain).await;
            client.lines = Lines::new(stream.map_err(|error| Outcome::from_net(&error))?);
            client.ehlo().await?; // RFC 3207 section 4.2: forget what was said in plain text
        }
        client.sign_in(credentials).await?;
        Ok(client)
    }

    async fn ehlo(&mut self) -> Result<(), Outcome> {
        // RFC 5321 section 4.1.4: an address literal where the host has no name of its own. A host
        // name would tell customers' servers about the inside of the network.
        let reply = self.command("EHLO [127.0.0.1]", Step::Greeting).await?;
        self.offers = reply
            .lines
            .iter()
            .skip(1)
            .map(|line| {
                let (word, rest) = line.split_once([' ', '=']).unwrap_or((line, ""));
                (word.to_ascii_uppercase(), rest.to_ascii_uppercase())
            })
            .collect();
        Ok(())
    }

    async fn sign_in(&mut self, credentials: &Credentials) -> Result<(), Outcome> {
        let Some((mechanism, initial)) = credentials.sasl() else { return Ok(()) };
        let offered = self.offers.get("AUTH").cloned().unwrap_or_default();
        let offers = |name: &str| offered.split(' ').any(|one| one == name);
        if let (Credentials::Password { user, password }, false, true) =
            (credentials, offers("PLAIN"), offers("LOGIN"))
        {
            return self.auth_login(user, password).await;
        }
        if !offers(mechanism) {
            let words = format!("The server does not offer AUTH {mechanism}.");
            return Err(Outcome::failed(Reason::Unsupported, &words));
        }
        let line = Zeroizing::new(format!("AUTH {mechanism} {}", *initial));
        let mut reply = self.exchange(&line).await?;
        for _ in 0..2 {
            if reply.code != 334 {
                break;
            }
            // XOAUTH2's JSON error: after an empty line comes the 535 (Google's and Microsoft's
            // documents of the mechanism).
            reply = self.exchange("").await?;
        }
        accept(&reply)
    }

    /// The old LOGIN mechanism: name and password, each asked for by a 334.
    async fn auth_login(
        &mut self,
        user: &str,
        password: &secrecy::SecretString,
    ) -> Result<(), Outcome> {
        use base64::Engine as _;
        use secrecy::ExposeSecret as _;
        let encode = |text: &str| {
            Zeroizing::new(base64::engine::general_purpose::STANDARD.encode(text.as_bytes()))
        };
        let mut reply = self.exchange("AUTH LOGIN").await?;
        for answer in [encode(user), encode(password.expose_secret())] {
            if reply.code != 334 {
                break;
            }
            reply = self.exchange(&answer).await?;
        }
        accept(&reply)
    }

    /// The transaction. See RFC 5321 section 3.3.
    pub(super) async fn send(&mut self, from: &str, recipients: &[String], raw: &[u8]) -> Outcome {
        match self.try_send(from, recipients, raw).await {
            Ok(outcome) | Err(outcome) => outcome,
        }
    }

    async fn try_send(
        &mut self,
        from: &str,
        recipients: &[String],
        raw: &[u8],
    ) -> Result<Outcome, Outcome> {
        if recipients.is_empty()
            || !is_path(from, true)
            || !recipients.iter().all(|r| is_path(r, false))
        {
            return Err(Outcome::failed(Reason::Invalid, "An address cannot be used in SMTP."));
        }
        let options = self.mail_options(from, recipients, raw)?;
        self.command(&format!("MAIL FROM:<{from}>{options}"), Step::Mail).await?;
        self.recipients(recipients).await?;
        self.command("DATA", Step::Data).await?;
        self.text(raw).await
    }

    fn mail_options(
        &self,
        from: &str,
        recipients: &[String],
        raw: &[u8],
    ) -> Result<String, Outcome> {
        let mut options = String::new();
        if let Some(limit) = self.offers.get("SIZE") {
            let limit: usize = limit.trim().parse().unwrap_or(0);
            if limit > 0 && raw.len() > limit {
                let words = format!("The server takes mails of up to {limit} bytes.");
                return Err(Outcome::failed(Reason::TooLarge, &words));
            }
            let _ = write!(options, " SIZE={}", raw.len());
        }
        let headers_end = memchr::memmem::find(raw, b"\r\n\r\n").unwrap_or(raw.len());
        let headers = raw.get(..headers_end).unwrap_or_default();
        let smtputf8 =
            !from.is_ascii() || !headers.is_ascii() || !recipients.iter().all(|r| r.is_ascii());
        for (needed, keyword, option) in
            [(!raw.is_ascii(), "8BITMIME", " BODY=8BITMIME"), (smtputf8, "SMTPUTF8", " SMTPUTF8")]
        {
            if needed && self.offers.contains_key(keyword) {
                options.push_str(option);
            } else if needed {
                let words = format!("The server does not offer {keyword}, which this mail needs.");
                return Err(Outcome::failed(Reason::Unsupported, &words));
            }
        }
        Ok(options)
    }

    /// Names every refused recipient, and sends to nobody if there is one.
    async fn recipients(&mut self, recipients: &[String]) -> Result<(), Outcome> {
        let mut refused: Option<Reply> = None;
        let mut who = Vec::new();
        for recipient in recipients {
            let reply = self.exchange(&format!("RCPT TO:<{recipient}>")).await?;
            if reply.code == 421 {
                return Err(Outcome::from_refusal(Step::Rcpt, &reply, Vec::new()));
            }
            if !reply.is_positive() {
                who.push((recipient.clone(), reply.code));
                // What never goes through outweighs what may go through later.
                if refused.as_ref().is_none_or(|worst| worst.code < 500 && reply.code >= 500) {
                    refused = Some(reply);
                }
            }
        }
        let Some(reply) = refused else { return Ok(()) };
        let _ = self.exchange("RSET").await;
        let kind = reply.code / 100;
        let who = who.into_iter().filter(|(_, code)| code / 100 == kind).map(|(who, _)| who);
        Err(Outcome::from_refusal(Step::Rcpt, &reply, who.collect()))
    }

    /// After 354. Until the final dot is handed to the connection the server cannot have the mail
    /// (RFC 5321 section 4.1.1.4), and a loss is a retry; from then on it is in doubt.
    async fn text(&mut self, raw: &[u8]) -> Result<Outcome, Outcome> {
        lost(self.lines.write(&dot_stuffed(raw), TEXT).await)?;
        let in_doubt = |error: NetError| Outcome::InDoubt { reason: Reason::Network(error.code()) };
        self.lines.write(b".\r\n", STEP).await.map_err(in_doubt)?;
        let reply = self.lines.read(FINAL_DOT).await.map_err(in_doubt)?;
        if reply.is_positive() {
            Ok(Outcome::Sent { words: reply.words() })
        } else {
            Err(Outcome::from_refusal(Step::Data, &reply, Vec::new()))
        }
    }

    pub(super) async fn quit(mut self) {
        // Some servers drop what they took when the client hangs up before this.
        if self.lines.write(b"QUIT\r\n", QUIT).await.is_ok() {
            let _ = self.lines.read(QUIT).await;
        }
    }

    async fn command(&mut self, line: &str, step: Step) -> Result<Reply, Outcome> {
        let reply = self.exchange(line).await?;
        if reply.is_positive() {
            Ok(reply)
        } else {
            Err(Outcome::from_refusal(step, &reply, Vec::new()))
        }
    }

    async fn exchange(&mut self, line: &str) -> Result<Reply, Outcome> {
        let line = Zeroizing::new(format!("{line}\r\n"));
        lost(self.lines.write(line.as_bytes(), STEP).await)?;
        lost(self.lines.read(STEP).await)
    }
}

fn lost<T>(result: Result<T, NetError>) -> Result<T, Outcome> {
    result.map_err(|error| Outcome::from_net(&error))
}

fn accept(reply: &Reply) -> Result<(), Outcome> {
    if reply.code == 235 {
        Ok(())
    } else {
        Err(Outcome::from_refusal(Step::Auth, reply, Vec::new()))
    }
}

/// Whether an address can stand between angle brackets.
fn is_path(address: &str, may_be_empty: bool) -> bool {
    let bad = |c: char| c.is_control() || c.is_whitespace() || matches!(c, '<' | '>');
    (may_be_empty && address.is_empty())
        || (address.len() <= 254 && address.contains('@') && !address.contains(bad))
}

/// RFC 5321 section 4.5.2: a dot at the start of a line is doubled. The text ends with CRLF after this.
/// A line feed without carriage return is mended: some servers take it for the end of a line and so
/// could be told of a mail that we did not send ("SMTP smuggling", 2023).
fn dot_stuffed(raw: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(raw.len() + raw.len() / 64 + 2);
    let mut rest = raw;
    while !rest.is_empty() {
        if rest.first() == Some(&b'.') {
            out.push(b'.');
        }
        let end = memchr(b'\n', rest).unwrap_or(rest.len());
        let line = rest.get(..end).unwrap_or_default();
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        out.extend(line.iter().filter(|byte| **byte != b'\r'));
        out.extend_from_slice(b"\r\n");
        rest = rest.get(end + 1..).unwrap_or_default();
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_line_of_the_text_can_end_the_mail() {
        for (raw, sent) in [
            ("a\r\n.\r\nb\r\n", "a\r\n..\r\nb\r\n"),
            (".a\r\n..b", "..a\r\n...b\r\n"),
            ("a\n.\nMAIL FROM:<x>\n", "a\r\n..\r\nMAIL FROM:<x>\r\n"),
            ("a\r.\rb", "a.b\r\n"),
            ("a\r\r\n.\r\n", "a\r\n..\r\n"),
            ("", ""),
        ] {
            assert_eq!(dot_stuffed(raw.as_bytes()), sent.as_bytes(), "{raw:?}");
        }
    }

    #[test]
    fn an_address_cannot_smuggle_a_command() {
        assert!(is_path("a@b.test", false) && is_path("", true));
        for bad in ["", "a", "a@b>\r\nRCPT TO:<c@d", "a@b test", "<a@b>", "a@b\0"] {
            assert!(!is_path(bad, false), "{bad:?}");
        }
    }
}
