//! A package in words, for people.

use std::fmt::Write as _;

use chrono::{DateTime, Utc};

use crate::domain::incident::{How, IncidentAccess, IncidentPackage, IncidentWho, WhoKind};

/// The package in English.
#[must_use]
pub fn text(package: &IncidentPackage) -> String {
    let mut out = String::new();
    // Writing to a string does not fail.
    let _ = write(&mut out, package);
    out
}

fn write(out: &mut String, package: &IncidentPackage) -> std::fmt::Result {
    let counts = &package.counts;
    writeln!(out, "Incident at {} ({})", package.organization, package.organization_id)?;
    writeln!(out, "from {} to {}", time(package.from), time(package.to))?;
    if let Some(user) = package.user_id {
        writeln!(out, "only what user {user} did")?;
    }
    if let Some(mailbox) = package.mailbox_id {
        writeln!(out, "only what was done to mailbox {mailbox}, and lists over several mailboxes")?;
    }
    writeln!(out, "made {}", time(package.made_at))?;
    writeln!(
        out,
        "\nTell the authority by {}: 72 hours after {}. If you knew earlier, it is earlier.",
        time(package.notify_by),
        time(package.aware_at)
    )?;
    let log = &package.log;
    match log.broken_at {
        None => writeln!(
            out,
            "\nThe audit log is unbroken: {} entries, {} of them of this window.",
            log.entries, log.in_window
        )?,
        Some(number) => writeln!(
            out,
            "\nTHE AUDIT LOG IS BROKEN from entry {number} on: somebody altered or removed \
             entries, so that this may not be all. {} entries, {} of them of this window, {} \
             cannot be read.",
            log.entries, log.in_window, log.unreadable
        )?,
    }
    if !package.complete {
        writeln!(out, "\nTHIS IS NOT ALL: more was reached than fits. Ask for shorter windows.")?;
    }
    writeln!(
        out,
        "\nReached: {} mailboxes, {} tickets, {} persons, {} addresses.\n\
         {} times listed, {} read, {} files and {} originals downloaded, {} exported.",
        counts.mailboxes,
        counts.tickets,
        counts.people,
        counts.addresses,
        counts.lists,
        counts.reads,
        counts.downloads,
        counts.originals,
        counts.exports
    )?;
    heading(out, "Mailboxes", package.mailboxes.is_empty())?;
    for mailbox in &package.mailboxes {
        let name = if mailbox.name.is_empty() { "(gone)" } else { &mailbox.name };
        writeln!(out, "  {name} ({}): {} tickets", mailbox.id, mailbox.tickets)?;
        accesses(out, &mailbox.others)?;
    }
    heading(out, "Tickets", package.tickets.is_empty())?;
    for ticket in &package.tickets {
        match ticket.number {
            Some(number) => write!(out, "  #{number} ({})", ticket.id)?,
            None => write!(out, "  {} (deleted since)", ticket.id)?,
        }
        writeln!(out, ", {} addresses", ticket.addresses)?;
        accesses(out, &ticket.accesses)?;
    }
    heading(out, "Persons", package.people.is_empty())?;
    for person in &package.people {
        let numbers: Vec<String> = person.tickets.iter().map(|n| format!("#{n}")).collect();
        let (id, addresses) = (person.contact_id, person.addresses);
        writeln!(out, "  contact {id}, {addresses} addresses: {}", numbers.join(" "))?;
    }
    heading(out, "Lists over several mailboxes", package.lists.is_empty())?;
    accesses(out, &package.lists)?;
    heading(out, "Everything else that was done", package.acts.is_empty())?;
    for act in &package.acts {
        let times = span(act.count, act.first_at, act.last_at);
        writeln!(out, "    {} {}, {times}", who(&act.who), act.action)?;
    }
    Ok(())
}

fn heading(out: &mut String, title: &str, empty: bool) -> std::fmt::Result {
    if empty { Ok(()) } else { writeln!(out, "\n{title}") }
}

fn accesses(out: &mut String, accesses: &[IncidentAccess]) -> std::fmt::Result {
    for access in accesses {
        let how = match access.how {
            How::Listed => "listed",
            How::Read => "read",
            How::Downloaded => "downloaded a file",
            How::Original => "downloaded the original",
            How::Exported => "exported",
        };
        let times = span(access.count, access.first_at, access.last_at);
        writeln!(out, "    {} {how}, {times}", who(&access.who))?;
    }
    Ok(())
}

fn span(count: u64, first_at: DateTime<Utc>, last_at: DateTime<Utc>) -> String {
    match count {
        1 => format!("once, {}", time(first_at)),
        _ => format!("{count} times, {} to {}", time(first_at), time(last_at)),
    }
}

fn who(who: &IncidentWho) -> String {
    match (who.kind, &who.name, who.id) {
        (WhoKind::Server, ..) => "the server".to_owned(),
        (WhoKind::Operator, ..) => "the operator".to_owned(),
        (WhoKind::Member, Some(name), Some(id)) => format!("{name} ({id})"),
        (WhoKind::Member, _, Some(id)) => format!("user {id}"),
        (WhoKind::Member, ..) => "a user".to_owned(),
    }
}

fn time(at: DateTime<Utc>) -> String {
    at.format("%Y-%m-%d %H:%M:%S UTC").to_string()
}
