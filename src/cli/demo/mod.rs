//! `loket demo`: a shop with a week of mail, to look at Loket without a mailbox of one's own.
//!
//! Generated mail is delivered into a Maildir, an organization with users and that mailbox is
//! made, and the server runs. Answers are delivered into a second Maildir, from which a simulated
//! customer ([`customer`]) answers them. Nothing leaves the machine.
//!
//! The two Maildirs are the outside world: they lie beside the home folder, never in it
//! ([`Folders`]). All is in a folder that is gone afterwards, but for a home folder that was named.

mod customer;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, bail};
use chrono::Utc;
use clap::Args;
use secrecy::SecretString;
use tokio_util::sync::CancellationToken;

use super::corpus::{demo as shop, maildir};
use super::{open, output, serve};
use crate::clock::{Clock, SystemClock};
use crate::config::{self, Config, Loaded};
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
    /// Where to listen, instead of server.listen
    #[arg(long, value_name = "ADDR")]
    listen: Option<SocketAddr>,

    /// Print the address and the sign-in as one JSON object
    #[arg(long)]
    json: bool,
}

impl Demo {
    pub(super) fn run(&self, home: Option<&Path>) -> anyhow::Result<ExitCode> {
        let folders = Folders::new(home)?;
        let Loaded { mut config, sources } = config::load_alone(&folders.home)?;
        if config.home.database().exists() {
            bail!(
                "{} holds Loket's data already, and the demo makes its own: give it another \
                 folder with --home, or none",
                folders.home.display()
            );
        }
        if let Some(listen) = self.listen {
            config.server.listen = listen;
        }
        if !sources.contains_key("telemetry.level") {
            "warn".clone_into(&mut config.telemetry.level);
        }
        if !sources.contains_key("sync.poll_seconds") {
            // So that the customer's answer is seen at once.
            config.sync.poll_seconds = 1;
        }
        telemetry::init_logs(&config.telemetry)?;
        open::runtime()?.block_on(run(config, &folders, self.json))?;
        Ok(ExitCode::SUCCESS)
    }
}

/// Where things are.
#[derive(Debug)]
struct Folders {
    /// What is Loket's.
    home: PathBuf,
    /// What the shop's provider has: mail that came in.
    inbox: PathBuf,
    /// What customers got.
    sent: PathBuf,
    /// Gone with the value.
    _temporary: tempfile::TempDir,
}

impl Folders {
    fn new(home: Option<&Path>) -> anyhow::Result<Self> {
        let temporary = tempfile::Builder::new()
            .prefix("loket-demo-")
            .tempdir()
            .context("a folder for the demo cannot be made")?;
        let of = |name: &str| temporary.path().join(name);
        Ok(Self {
            home: home.map_or_else(|| of("home"), Path::to_owned),
            inbox: of("mail"),
            sent: of("sent"),
            _temporary: temporary,
        })
    }
}

async fn run(mut config: Config, folders: &Folders, json: bool) -> anyhow::Result<()> {
    let Folders { inbox, sent, .. } = folders;
    let listener = serve::listen(&mut config).await?;
    let now = SystemClock.now();
    let mails = shop::mailbox(now);
    maildir::deliver(inbox, &mails).context("the demo's mail cannot be written")?;
    maildir::deliver(sent, []).context("the folder for answers cannot be made")?;
    let app = open::open(&config).await?;
    prepare(&app.services, inbox, sent).await?;
    let signals = serve::Signals::listen()?;
    announce(&config.server.public_url(), mails.len(), folders, json)?;
    let stop = CancellationToken::new();
    let options = serve::http_options(&config, Some(Metrics::install()?));
    let (served, (), ()) = tokio::join!(
        app.serve(listener, options, stop.clone()),
        signals.stop(stop.clone()),
        customer::answer(sent, inbox, stop.clone()),
    );
    Ok(served?)
}

/// Says where the demo is and how to sign in.
fn announce(address: &str, mails: usize, folders: &Folders, json: bool) -> std::io::Result<()> {
    let Folders { home, inbox, sent, .. } = folders;
    if json {
        return output::json(&serde_json::json!({
            "address": address,
            "email": OWNER.1,
            "password": PASSWORD,
            "mails": mails,
            "home": home.display().to_string(),
            "mailbox": inbox.display().to_string(),
            "sent": sent.display().to_string(),
        }));
    }
    output::line(&format!(
        "Loket's demo is at  {address}\n\n  sign in as  {}\n  password    {PASSWORD}\n\n\
         {mails} mails are coming in. Answer one: its customer, who is simulated, answers back.\n\n  \
         what Loket keeps    {}\n  the shop's mailbox  {}\n  answers that left   {}\n\n\
         Ctrl-C ends the demo.",
        OWNER.1,
        home.display(),
        inbox.display(),
        sent.display(),
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
