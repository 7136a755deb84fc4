//! IMAP, SMTP, OAuth and Maildir against the rig's real servers.

mod imap;
mod imap_faults;
mod oauth;
mod smtp;

use crate::support::rig::{Account, Rig, Shape};
use loket::imap::{ImapError, Options, Session};
use loket::net::{Credentials, Endpoint};

/// A mail with a recognisable subject.
fn mail(subject: &str) -> Vec<u8> {
    format!(
        "From: Alice <alice@customers.test>\r\nTo: support@acme.test\r\nSubject: {subject}\r\n\
         Message-ID: <{subject}@customers.test>\r\nDate: Sun, 22 Nov 2026 10:00:00 +0000\r\n\r\n\
         Hello.\r\n.\r\nA line with one dot stands above.\r\n"
    )
    .into_bytes()
}

/// A signed-in session of a fresh plain account.
async fn plain(rig: &Rig) -> (Account, Session) {
    let account = rig.account(Shape::Plain).await;
    let session = session(rig, &account).await;
    (account, session)
}

async fn session(rig: &Rig, account: &Account) -> Session {
    connect(rig, &rig.imap(account.shape), &account.password()).await.unwrap()
}

async fn connect(
    rig: &Rig,
    endpoint: &Endpoint,
    credentials: &Credentials,
) -> Result<Session, ImapError> {
    Session::connect(&rig.net(), endpoint, credentials, Options::default()).await
}
