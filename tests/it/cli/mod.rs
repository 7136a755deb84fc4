//! What the command line does.

mod commands;
mod demo;
mod doctor;
mod import;
mod pairing;
mod sync;
