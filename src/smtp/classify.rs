//! What an answer (or its absence) means for the mail.

use super::reply::Reply;
use crate::net::{NetError, ServerWords};

/// What became of a mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The server took it for all recipients.
    Sent { words: ServerWords },
    /// Not sent; try later.
    Retry { reason: Reason, words: ServerWords },
    /// Not sent, and trying again would not help. `recipients` are the refused ones, if it was that.
    Failed { reason: Reason, words: ServerWords, recipients: Vec<String> },
    /// The connection was lost when the mail may already have been taken: look into the Sent folder.
    InDoubt { reason: Reason },
    /// Not sent: the server refused the sign-in, so a person has to reconnect the mailbox.
    NeedsReauthorization { words: ServerWords },
}

/// Why, as a stable code for the API and the UI's translations.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// The connection could not be made or broke; the code is [`NetError::code`]'s.
    Network(&'static str),
    /// The server is busy or throttles us.
    Busy,
    /// The server said so; its words tell more.
    Refused,
    /// A recipient was refused.
    Recipient,
    /// The sender address does not belong to the signed-in account.
    Sender,
    /// Larger than the server takes.
    TooLarge,
    /// Microsoft: SMTP AUTH is switched off for the tenant or the mailbox.
    SmtpAuthDisabled,
    /// The server offers no sign-in (or no encryption) that we can use.
    Unsupported,
    /// An address or the mail cannot be put into SMTP.
    Invalid,
}

impl Reason {
    /// The stable code.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Network(code) => code,
            Self::Busy => "server_busy",
            Self::Refused => "refused",
            Self::Recipient => "recipient_refused",
            Self::Sender => "sender_refused",
            Self::TooLarge => "too_large",
            Self::SmtpAuthDisabled => "smtp_auth_disabled",
            Self::Unsupported => "unsupported",
            Self::Invalid => "invalid_mail",
        }
    }

    /// What to do about it, where that is not plain from the server's words.
    #[must_use]
    pub fn fix(self) -> Option<&'static str> {
        match self {
            Self::SmtpAuthDisabled => Some(
                "Sending by SMTP is switched off for this mailbox. A Microsoft 365 administrator can \
                 switch it on: admin center, Users, Active users, the mailbox, Mail, Manage email \
                 apps, tick Authenticated SMTP (and allow it for the organization, if it is off \
                 there).",
            ),
            Self::Sender => Some(
                "The mailbox may not send from this address. Send from the mailbox's own address, or \
                 let its administrator add the address as an alias or grant Send As.",
            ),
            Self::TooLarge => Some("Send the attachments as links, or in several mails."),
            _ => None,
        }
    }
}

/// The step whose answer is being sorted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    Greeting,
    Auth,
    Mail,
    Rcpt,
    Data,
}

impl Outcome {
    /// Whether the mail is certainly not delivered and a later attempt may be made.
    #[must_use]
    pub fn may_retry(&self) -> bool {
        matches!(self, Self::Retry { .. })
    }

    /// The server's words, as far as it said any.
    #[must_use]
    pub fn words(&self) -> Option<&str> {
        match self {
            Self::Sent { words }
            | Self::Retry { words, .. }
            | Self::Failed { words, .. }
            | Self::NeedsReauthorization { words } => Some(words.as_str()),
            Self::InDoubt { .. } => None,
        }
    }

    /// A connection that failed while nothing could have been delivered.
    pub(super) fn from_net(error: &NetError) -> Self {
        let reason = Reason::Network(error.code());
        let words = ServerWords::new(&error.to_string());
        match error {
            // Nothing of these mends itself within hours.
            NetError::Blocked | NetError::HostName | NetError::Roots(_) => {
                Self::Failed { reason, words, recipients: Vec::new() }
            }
            _ => Self::Retry { reason, words },
        }
    }

    pub(super) fn failed(reason: Reason, words: &str) -> Self {
        Self::Failed { reason, words: ServerWords::new(words), recipients: Vec::new() }
    }

    #[expect(
        clippy::match_same_arms,
        reason = "each arm is a case of its own; their order matters"
    )]
    /// Sorts a refusal (4xx or 5xx). `recipients` is who was refused, at [`Step::Rcpt`].
    pub(super) fn from_refusal(step: Step, reply: &Reply, recipients: Vec<String>) -> Self {
        let words = reply.words();
        let failed = |reason| Self::Failed { reason, words: words.clone(), recipients };
        let retry = |reason| Self::Retry { reason, words: words.clone() };
        match (step, reply.code, reply.enhanced) {
            // Microsoft (2024): "535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is
            // disabled for the Tenant". The same number also means blocked by a policy.
            (Step::Auth, 535, Some((5, 7, 139))) if says(reply, "smtpclientauthentication") => {
                failed(Reason::SmtpAuthDisabled)
            }
            (Step::Auth, 500..=504, _) => failed(Reason::Unsupported),
            (Step::Auth, 400..500, _) => retry(Reason::Busy),
            (Step::Auth, ..) => Self::NeedsReauthorization { words },
            // The token ran out between AUTH and MAIL (Microsoft), or AUTH was not taken in earnest.
            (_, 530, _) => Self::NeedsReauthorization { words },
            (Step::Greeting, ..) => retry(Reason::Busy),
            // RFC 3463: 5.3.4 message too big for the system, 5.2.3 for the mailbox.
            (_, 552 | 550 | 554, Some((5, 3, 4) | (5, 2, 3))) => failed(Reason::TooLarge),
            // RFC 5321 section 4.5.3.1.10: 552 is what old servers say for "too many recipients", others
            // for a full mailbox: temporary.
            (_, 552, _) => retry(Reason::Busy),
            // A content filter that broke down says so (seen with several appliances).
            (_, 550, Some((5, 5, 0))) => retry(Reason::Busy),
            (Step::Rcpt, 400..500, _) => retry(Reason::Recipient),
            (_, 400..500, _) => retry(Reason::Busy),
            // Postfix 3.7 answers a foreign sender at RCPT: "553 5.7.1 … Sender address rejected";
            // Microsoft at DATA: "554 5.2.252 SendAsDenied".
            (_, 550 | 553 | 554, _)
                if says(reply, "sender address rejected") || says(reply, "sendasdenied") =>
            {
                Self::failed(Reason::Sender, words.as_str())
            }
            (Step::Mail, ..) => failed(Reason::Sender),
            (Step::Rcpt, ..) => failed(Reason::Recipient),
            _ => failed(Reason::Refused),
        }
    }
}

fn says(reply: &Reply, what: &str) -> bool {
    reply.lines.iter().any(|line| line.to_ascii_lowercase().contains(what))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sort(step: Step, text: &str) -> Outcome {
        let code = text.split(' ').next().and_then(|code| code.parse().ok());
        let rest = text.split_once(' ').map_or("", |(_, rest)| rest);
        let enhanced = rest.split(' ').next().and_then(|status| {
            let numbers: Vec<u16> = status.split('.').filter_map(|n| n.parse().ok()).collect();
            <[u16; 3]>::try_from(numbers).ok().map(|[a, b, c]| (a, b, c))
        });
        let reply = Reply { code: code.unwrap_or(0), enhanced, lines: vec![rest.into()] };
        Outcome::from_refusal(step, &reply, vec![])
    }

    fn kind(outcome: &Outcome) -> String {
        match outcome {
            Outcome::Retry { reason, .. } => format!("retry {}", reason.code()),
            Outcome::Failed { reason, .. } => format!("failed {}", reason.code()),
            Outcome::NeedsReauthorization { .. } => "reauthorize".into(),
            Outcome::Sent { .. } => "sent".into(),
            Outcome::InDoubt { .. } => "in doubt".into(),
        }
    }

    #[test]
    fn the_answers_of_known_servers_are_sorted() {
        let table = [
            (Step::Auth, "535 5.7.8 Username and Password not accepted.", "reauthorize"),
            (Step::Auth, "534 5.7.9 Please log in with your web browser", "reauthorize"),
            (Step::Auth, "454 4.7.0 Temporary authentication failure", "retry server_busy"),
            (Step::Auth, "432 4.3.2 Concurrent connections limit exceeded", "retry server_busy"),
            (
                Step::Auth,
                "535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for \
                 the Tenant.",
                "failed smtp_auth_disabled",
            ),
            (Step::Auth, "535 5.7.139 the user credentials were incorrect", "reauthorize"),
            (Step::Auth, "504 5.7.4 Unrecognized authentication type", "failed unsupported"),
            (Step::Greeting, "554 5.3.2 busy", "retry server_busy"),
            (Step::Mail, "530 5.7.0 Authentication Required", "reauthorize"),
            (Step::Mail, "552 5.3.4 Message size exceeds fixed limit", "failed too_large"),
            (Step::Rcpt, "451 4.7.1 Greylisted", "retry recipient_refused"),
            (Step::Rcpt, "550 5.1.1 no such user", "failed recipient_refused"),
            (Step::Rcpt, "552 5.2.2 mailbox full", "retry server_busy"),
            (
                Step::Rcpt,
                "553 5.7.1 <x>: Sender address rejected: not owned",
                "failed sender_refused",
            ),
            (Step::Data, "550 5.5.0 filter failed", "retry server_busy"),
            (Step::Data, "554 5.7.1 spam", "failed refused"),
            (Step::Data, "554 5.2.252 SendAsDenied; not allowed", "failed sender_refused"),
            (Step::Data, "421 4.3.2 shutting down", "retry server_busy"),
        ];
        for (step, text, expected) in table {
            assert_eq!(kind(&sort(step, text)), expected, "{step:?} {text}");
        }
    }

    #[test]
    fn the_microsoft_switch_comes_with_its_fix() {
        assert!(
            Reason::SmtpAuthDisabled.fix().is_some_and(|fix| fix.contains("Authenticated SMTP"))
        );
    }
}
