//! What the command line does.

mod backup;
mod bench;
mod commands;
mod demo;
mod doctor;
mod import;
mod incident;
mod pairing;
mod statement;
mod sync;
