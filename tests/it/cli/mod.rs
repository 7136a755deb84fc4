//! What the command line does.

mod doctor;
mod import;
mod pairing;
mod sync;
