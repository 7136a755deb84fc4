//! What the command line does.

mod doctor;
mod import;
mod sync;
