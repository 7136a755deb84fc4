//! Answers on their way out, on both databases, against a mail server that does what it is told.

mod cancel;
mod compose;
mod drafts;
mod forward;
mod letters;
mod real;
mod reports;
mod send;
