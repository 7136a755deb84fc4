//! Pure types and rules. Nothing here reads a clock, a file or a database.
//!
//! - [`delivery`]: the rules of an answer on its way out.
//! - [`desk`]: the words of writing (drafts).
//! - [`ids`]: an id type per kind of thing, so that none is taken for another.
//! - [`incident`]: what an incident package says.
//! - [`preferences`]: how somebody likes their pages.
//! - [`register`]: what the server does with data, for the register of processing.
//! - [`retention`]: how long mail is kept.
//! - [`words`]: the closed sets of words (status, role, kind, state) and their spelling.
//! - [`ticket`]: the status rules: what a message or an act does to a ticket.
//!
//! To add a word, add it to its set in `words`; the compiler shows who must decide about it.

mod act_words;
pub mod delivery;
pub mod desk;
pub mod ids;
pub mod incident;
pub mod preferences;
pub mod register;
pub mod requests;
pub mod retention;
pub mod shape;
pub mod ticket;
pub mod words;
