//! `loket demo`: a shop with a week of mail, to look at Loket without a mailbox of one's own.
//!
//! In a folder that is gone afterwards: generated mail is delivered into a Maildir, an
//! organization with users and that mailbox is made, and the server runs. Answers are delivered
//! into a second Maildir, from which a simulated customer ([`customer`]) answers them. Nothing
//! leaves the machine.

mod customer;

use std::net::SocketAddr;
use std::path::Path;
use std::process::ExitCode;

use anyhow::Context as _;
use chrono::Utc;
use clap::Args;
use secrecy::SecretString;
use tokio_util::sync::CancellationToken;

use super::corpus::{demo as shop, maildir};
use super::{open, output, serve};
use crate::clock::{Clock, SystemClock};
use crate::config::{Config, Home, paths::Paths};
use crate::domain::ids::MembershipId;
use crate::domain::words::{ImportMode, Provider, Role};
use crate::service::Services;
use crate::service::mailboxes::{self, Deliver, Import, Link, MailboxSettings};
use crate::service::organization::{self, NewOrganization};
use crate::service::users::{self, NewUser};
use crate::telemetry::{self, Metrics};

/// The demo's users sign in with it; they exist on this machine only, until the demo ends.
const PASSWORD: &str = "bicycle-bell-42";
const OWNER: (&str, &str) = ("Sanne Kok", "sanne@ketting.example.com");
const AGENT: (&str, &str) = ("Milan Jansen", "milan@ketting.example.com");

/// Arguments of `loket demo`.
#[derive(Debug, Args)]
pub struct Demo {
    /// Where to listen
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8080")]
    listen: SocketAddr,

    /// Print the address and the sign-in as one JSON object
    #[arg(long)]
    json: bool,
}

impl Demo {
    pub(super) fn run(&self) -> anyhow::Result<ExitCode> {
        let folder = tempfile::Builder::new()
            .prefix("loket-demo-")
            .tempdir()
            .context("a folder for the demo cannot be made")?;
        let mut config =
            Config { home: Home::new(folder.path(), &Paths::default()), ..Config::default() };
        config.server.listen = self.listen;
        "warn".clone_into(&mut config.telemetry.level);
        // Files are looked at often, so that the customer's answer is seen at once.
        config.sync.poll_seconds = 1;
        telemetry::init_logs(&config.telemetry)?;
        open::runtime()?.block_on(run(&config, folder.path(), self.json))?;
        Ok(ExitCode::SUCCESS)
    }
}

async fn run(config: &Config, folder: &Path, json: bool) -> anyhow::Result<()> {
    let (inbox, sent) = (folder.join("mail"), folder.join("sent"));
    let now = SystemClock.now();
    let mails = shop::mailbox(now);
    maildir::deliver(&inbox, &mails).context("the demo's mail cannot be written")?;
    maildir::deliver(&sent, []).context("the folder for answers cannot be made")?;
    let listener = serve::listen(config).await?;
    let app = open::open(config).await?;
    prepare(&app.services, &inbox, &sent).await?;
    let signals = serve::Signals::listen()?;
    announce(&config.server.public_url(), mails.len(), folder, json)?;
    let stop = CancellationToken::new();
    let options = serve::http_options(config, Some(Metrics::install()?));
    let (served, (), ()) = tokio::join!(
        app.serve(listener, options, stop.clone()),
        signals.stop(stop.clone()),
        customer::answer(&sent, &inbox, stop.clone()),
    );
    Ok(served?)
}

/// Says where the demo is and how to sign in.
fn announce(address: &str, mails: usize, folder: &Path, json: bool) -> std::io::Result<()> {
    if json {
        return output::json(&serde_json::json!({
            "address": address,
            "email": OWNER.1,
            "password": PASSWORD,
            "mails": mails,
            "folder": folder.display().to_string(),
        }));
    }
    output::line(&format!(
        "Loket's demo is at  {address}\n\n  sign in as  {}\n  password    {PASSWORD}\n\n\
         {mails} mails are coming in. Answer one: its customer, who is simulated, answers back.\n\
         Everything is in {} until you press Ctrl-C.",
        OWNER.1,
        folder.display(),
    ))
}

/// Makes the shop, its people and its mailbox.
async fn prepare(services: &Services, inbox: &Path, sent: &Path) -> anyhow::Result<()> {
    let made = organization::create(
        services,
        NewOrganization {
            name: shop::SHOP_NAME.to_owned(),
            time_zone: "Europe/Amsterdam".to_owned(),
            owner: user(OWNER, Role::Owner),
        },
    )
    .await?;
    let agent = users::create(services, made.organization_id, user(AGENT, Role::Agent)).await?;
    let members: [MembershipId; 2] = [made.membership_id, agent];
    let text = |path: &Path| path.to_string_lossy().into_owned();
    let link = Link {
        provider: Provider::Maildir,
        address: shop::SHOP.to_owned(),
        display_name: shop::SHOP_NAME.to_owned(),
        language: Some("nl".to_owned()),
        settings: MailboxSettings {
            path: Some(text(inbox)),
            deliver: Some(Deliver::Folder { path: text(sent) }),
            ..MailboxSettings::default()
        },
        password: None,
        import: Import { mode: ImportMode::All, since: None::<chrono::DateTime<Utc>> },
    };
    mailboxes::create_for(services, made.organization_id, &members, link).await?;
    Ok(())
}

fn user((name, email): (&str, &str), role: Role) -> NewUser {
    NewUser {
        name: name.to_owned(),
        email: email.to_owned(),
        role,
        password: SecretString::from(PASSWORD),
    }
}
