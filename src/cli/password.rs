//! A password for a new user: read from standard input, or made and shown once. Never an
//! argument, which every user of the machine could read.

use std::io::{self, BufRead};

use anyhow::Context as _;
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use clap::Args;
use secrecy::SecretString;

use crate::ids::{Ids, SystemIds};

/// Where the password comes from.
#[derive(Debug, Args)]
pub struct Password {
    /// Read the password from standard input (a line); otherwise one is made and printed
    #[arg(long)]
    password_stdin: bool,
}

impl Password {
    /// The password, and whether it was made here and must be shown.
    pub(super) fn get(&self) -> anyhow::Result<(SecretString, bool)> {
        if self.password_stdin {
            let mut line = String::new();
            io::stdin()
                .lock()
                .read_line(&mut line)
                .context("the password cannot be read from standard input")?;
            return Ok((line.trim_end_matches(['\r', '\n']).into(), false));
        }
        let mut random = [0; 15];
        SystemIds.fill(&mut random);
        Ok((BASE64_URL_SAFE_NO_PAD.encode(random).into(), true))
    }
}
