//! Mail that was made to hurt, one by one: how long until each is a ticket or lies in quarantine,
//! and what memory the server takes for it.

use std::time::Instant;

use serde_json::Value;

use crate::ingest::{Account, OWNER, PASSWORD, REST, home, wait};
use crate::report::{Report, Target};

#[path = "../../tests/it/support/hostile.rs"]
mod mails;

const SECONDS: f64 = 2.0;
const MEGABYTES: f64 = 256.0;

/// What anybody writes; the server still takes it in.
const ORDINARY: &[u8] = b"From: Klant <klant@elders.test>\r\nSubject: Gewoon\r\n\r\nDag!\r\n";

pub(crate) async fn run(report: &mut Report) {
    let account = Account::new();
    let home = home(&account, &[]);
    let server = home.serve().await;
    let cookie = server.sign_in(OWNER, PASSWORD).await;
    wait(&server, &cookie, |mailbox| mailbox["state"] == "active").await;
    // Now it is in IDLE.
    tokio::time::sleep(REST).await;

    let ordinary = ("an ordinary mail after them", ORDINARY.to_vec());
    let all = mails::hostile().into_iter().chain([ordinary]);
    for (number, (name, raw)) in all.enumerate() {
        let is_fresh = server.forget_peak();
        account.deliver(std::iter::once(raw), number);
        let delivered = Instant::now();
        let wanted = number as u64 + 1;
        wait(&server, &cookie, |mailbox| taken(mailbox) >= wanted).await;
        let took = delivered.elapsed().as_secs_f64();
        report.add(&format!("hostile: {name}"), took, "s", Target::Below(SECONDS));
        let peak = if is_fresh { "peak memory" } else { "peak memory so far" };
        report.add(
            &format!("hostile: {name}: {peak}"),
            server.memory().0,
            "MB",
            Target::Below(MEGABYTES),
        );
    }
    server.stop();
    account.remove();
}

/// Tickets and what lies in quarantine.
fn taken(mailbox: &Value) -> u64 {
    let count = |name: &str| mailbox["counts"][name].as_u64().unwrap_or_default();
    count("imported") + count("quarantined")
}
