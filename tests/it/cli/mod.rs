//! What the command line does.

mod commands;
mod doctor;
mod import;
mod pairing;
mod sync;
