//! What the command line does.

mod bench;
mod commands;
mod demo;
mod doctor;
mod import;
mod pairing;
mod statement;
mod sync;
