//! Waiting for new mail (RFC 2177).

use std::time::Duration;

use tokio::time::{Instant, timeout_at};

use super::reply::{Reply, Status};
use super::session::Step;
use super::{ImapError, Session};

/// Servers may drop idle clients after 30 minutes, NAT boxes forget silent connections after as little
/// as 5: renewing proves that the connection still lives.
pub const IDLE_RENEW: Duration = Duration::from_mins(5);
/// To say `+` and, after DONE, to finish.
const ANSWER: Duration = Duration::from_secs(30);

/// Why waiting ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wake {
    /// The folder changed.
    News,
    /// Nothing happened for the whole time; the connection lives.
    Quiet,
}

impl Session {
    /// Whether [`Session::idle`] can be used.
    #[must_use]
    pub fn can_idle(&self) -> bool {
        self.has("IDLE")
    }

    /// Waits until the open folder changes or `at_most` has passed ([`IDLE_RENEW`] is a good measure).
    /// News that came with earlier commands ends the waiting before it begins. Look at the folder after
    /// either outcome: not every server reports everything.
    pub async fn idle(&mut self, at_most: Duration) -> Result<Wake, ImapError> {
        if self.take_news() {
            return Ok(Wake::News);
        }
        let end = Instant::now() + at_most;
        let tag = self.begin("IDLE").await?;
        loop {
            match self.step_within(&tag, ANSWER).await? {
                Step::Untagged(Reply::Continue(_)) => break,
                Step::Untagged(_) => {}
                Step::Done(done) if done.status == Status::Ok => return Ok(Wake::Quiet),
                Step::Done(done) => return Err(ImapError::from_refusal(done)),
            }
        }
        // Waiting is cancelled only between replies: `Wire::next` keeps what it has read.
        while !self.has_news() {
            match timeout_at(end, self.step_within(&tag, at_most + ANSWER)).await {
                Err(_) => break,
                Ok(Ok(Step::Untagged(_))) => {}
                Ok(Ok(Step::Done(_))) => return Ok(self.woken()),
                Ok(Err(error)) => return Err(error),
            }
        }
        self.wire.send(b"DONE\r\n").await?;
        loop {
            match self.step_within(&tag, ANSWER).await? {
                Step::Untagged(_) => {}
                Step::Done(done) if done.status == Status::Ok => return Ok(self.woken()),
                Step::Done(done) => return Err(ImapError::from_refusal(done)),
            }
        }
    }

    fn woken(&mut self) -> Wake {
        if self.take_news() { Wake::News } else { Wake::Quiet }
    }
}
