//! Sends one mail through a mailbox's own server and sorts the answer.
//!
//! 1. `client` speaks SMTP (RFC 5321) step by step over [`crate::net`]: greeting, EHLO, STARTTLS, AUTH,
//!    MAIL, RCPT, DATA. It knows in which step a connection broke; lettre does not tell (a connection
//!    lost before DATA and one lost after the final dot look the same there, and a refused RCPT is not
//!    named), and that decides whether a mail may be sent again.
//! 2. `classify` turns a refusal into an [`Outcome`]: [`Outcome::Retry`], [`Outcome::Failed`] or
//!    [`Outcome::NeedsReauthorization`].
//! 3. From the moment the final dot may have left, a lost answer is [`Outcome::InDoubt`]: look into the
//!    Sent folder before sending again.
//!
//! Nobody gets half an answer: when one recipient is refused nothing is sent to the others.
//!
//! A server with words of its own: add a row in `classify`, with the server, the date and the reply.

mod classify;
mod client;
mod reply;

pub use classify::{Outcome, Reason};

use crate::net::{Credentials, Endpoint, Net};
use client::Client;

/// Sends a mail to all recipients or to none.
///
/// `envelope_from` and `recipients` are bare addresses; an empty `envelope_from` is the null sender of
/// automatic mail. `raw` is a whole message with CRLF line ends and without Bcc.
pub async fn send(
    net: &Net,
    endpoint: &Endpoint,
    credentials: &Credentials,
    envelope_from: &str,
    recipients: &[String],
    raw: &[u8],
) -> Outcome {
    let mut client = match Client::connect(net, endpoint, credentials).await {
        Ok(client) => client,
        Err(outcome) => return outcome,
    };
    let outcome = client.send(envelope_from, recipients, raw).await;
    client.quit().await;
    outcome
}

/// Connects and signs in without sending. `Err` holds what [`send`] would have returned.
pub async fn check(
    net: &Net,
    endpoint: &Endpoint,
    credentials: &Credentials,
) -> Result<(), Outcome> {
    let client = Client::connect(net, endpoint, credentials).await?;
    client.quit().await;
    Ok(())
}
