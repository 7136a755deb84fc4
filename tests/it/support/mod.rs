//! What several tests share.

pub(crate) mod app;
pub(crate) mod command;
pub(crate) mod db;
pub(crate) mod desk;
pub(crate) mod hostile;
pub(crate) mod rig;
pub(crate) mod search;
pub(crate) mod server;
pub(crate) mod tenant;
