//! The whole server reads mailboxes on the rig's servers.

mod alarm;
mod allowance;
mod archive;
mod compare;
mod folders;
mod hostile;
mod limits;
mod signin;

use crate::support::rig::Account;

/// A customer's mail with this subject, and a Message-ID made of it.
fn mail(to: &Account, subject: &str) -> Vec<u8> {
    format!(
        "From: Klant <klant@elders.test>\r\nTo: {}\r\nSubject: {subject}\r\n\
         Message-ID: <{}@elders.test>\r\nDate: Mon, 2 Mar 2026 09:00:00 +0000\r\n\r\nDag!\r\n",
        to.address,
        subject.to_lowercase().replace(' ', "-")
    )
    .into_bytes()
}
