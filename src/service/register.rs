//! The register of processing (GDPR, article 30): what is processed, why, for how long, how it is
//! kept, and every outside host that the server may talk to. Made from the running configuration;
//! an owner adds what only a person knows: where a host stands and under which contract.
//!
//! Another host: whoever teaches the server to talk to it adds it in [`hosts_of`], or to
//! [`Deployment`] when the configuration names it.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, Utc};

use super::access::{self, Object};
use super::names::Names;
use super::{Forgetting, Result, ServiceError, Services, providers};
use crate::audit::{Action, ObjectKind};
use crate::authz::{Actor, Permission};
use crate::domain::ids::{ChannelId, DisclosureId};
use crate::domain::register::{ACTIVITIES, Activity, HostUse, Measure, UnnamedHost};
use crate::domain::retention::{DELIVERY_MONTHS, Rule};
use crate::domain::words::{Provider, Role};
use crate::store::mailboxes::{self, Mailbox};
use crate::store::organizations::Organization;
use crate::store::purge_rows::Of;
use crate::store::register::{self, HostFacts};
use crate::store::{keys, retention};

pub use crate::store::register::{Disclosure, Facts, Told};

/// What the configuration says of where things are. A host of this machine is none.
#[derive(Debug, Clone, Default)]
pub struct Deployment {
    /// Hosts that every organization's data may reach, and what for.
    pub hosts: Vec<(String, HostUse)>,
    /// Where the consent to reach a mailbox at Google is checked.
    pub google: Vec<String>,
    /// As for Google.
    pub microsoft: Vec<String>,
    /// Whether the keyring is a database and no file.
    pub keyring_in_database: bool,
    /// Whether mail servers on private addresses are allowed.
    pub allows_private_hosts: bool,
}

/// How long a mailbox's mail is kept.
#[derive(Debug, Clone)]
pub struct Kept {
    /// The mailbox.
    pub channel_id: ChannelId,
    /// Its name.
    pub name: String,
    /// The rule.
    pub rule: Rule,
    /// Whether the rule waits for an admin's word, and removes nothing before.
    pub waits: bool,
}

/// A host that the server may talk to.
#[derive(Debug, Clone)]
pub struct Host {
    /// Its name.
    pub host: String,
    /// What for.
    pub uses: BTreeSet<HostUse>,
    /// What an owner says of it.
    pub said: Option<HostFacts>,
}

/// The register.
#[derive(Debug, Clone)]
pub struct Register {
    /// Whose.
    pub organization: Organization,
    /// When it was made.
    pub made_at: DateTime<Utc>,
    /// What is done with data.
    pub activities: &'static [Activity],
    /// How long mail is kept.
    pub kept: Vec<Kept>,
    /// Months that records of delivery are kept.
    pub delivery_months: u32,
    /// Undo window and backups, in days.
    pub forgetting: Forgetting,
    /// What protects it.
    pub measures: Vec<Measure>,
    /// The hosts.
    pub hosts: Vec<Host>,
    /// Hosts that have no fixed name.
    pub unnamed: Vec<UnnamedHost>,
    /// Whether data of Google's is here, and so its limits of use hold.
    pub uses_google: bool,
    /// As for Google.
    pub uses_microsoft: bool,
    /// Disclosures to authorities, the newest first.
    pub disclosures: Vec<Disclosure>,
    /// Names of who recorded them.
    pub names: Names,
}

/// The register, for owners, admins and auditors.
pub async fn get(services: &Services, actor: &Actor) -> Result<Register> {
    if !actor.may(Permission::ManageOrganization) && !actor.may(Permission::ReadAudit) {
        return Err(ServiceError::Forbidden);
    }
    record(services, actor, Action::ReadRegister).await?;
    view(services, actor).await
}

async fn record(services: &Services, actor: &Actor, action: Action) -> Result<()> {
    let object = Object::new(ObjectKind::Organization, actor.organization_id.0);
    access::record_all(services, actor, &[(action, object)]).await
}

async fn view(services: &Services, actor: &Actor) -> Result<Register> {
    let (store, id) = (services.store(), actor.organization_id);
    let organization = super::organization::get(services, actor).await?;
    let key = keys::of_organization(store, id).await?;
    let all = all_mailboxes(services, actor).await?;
    let mut kept = Vec::with_capacity(all.len());
    for mailbox in &all {
        let of = Of { organization_id: id, channel_id: mailbox.channel_id };
        let stored = retention::find(store, of).await?;
        kept.push(Kept {
            channel_id: mailbox.channel_id,
            name: mailbox.display_name.clone(),
            rule: stored.as_ref().map(|stored| stored.rule).unwrap_or_default(),
            waits: stored.is_some_and(|stored| stored.waits),
        });
    }
    let mut said = register::hosts(store, &key, id).await?;
    let hosts = hosts_of(services, actor, &all)
        .await?
        .into_iter()
        .map(|(host, uses)| Host { said: said.remove(&host), host, uses })
        .collect();
    Ok(Register {
        organization,
        made_at: store.now(),
        activities: ACTIVITIES,
        kept,
        delivery_months: DELIVERY_MONTHS,
        forgetting: services.options().forgetting,
        measures: measures(services).await?,
        hosts,
        unnamed: unnamed(&all),
        uses_google: uses(services, actor, &all, Provider::Google).await?,
        uses_microsoft: uses(services, actor, &all, Provider::Microsoft).await?,
        disclosures: register::disclosures(store, &key, id).await?,
        names: Names::load(services, id).await?,
    })
}

/// Also those that are disconnected: their data is here until it is gone.
async fn all_mailboxes(services: &Services, actor: &Actor) -> Result<Vec<Mailbox>> {
    let store = services.store();
    let mut all = mailboxes::list(store, actor.organization_id).await?;
    all.extend(mailboxes::list_disconnected(store, actor.organization_id).await?);
    Ok(all)
}

/// Whether the provider is talked to: there is a client for it, or a mailbox there.
async fn uses(
    services: &Services,
    actor: &Actor,
    all: &[Mailbox],
    provider: Provider,
) -> Result<bool> {
    Ok(all.iter().any(|mailbox| mailbox.provider == provider)
        || providers::client(services, actor.organization_id, provider).await?.is_some())
}

async fn hosts_of(
    services: &Services,
    actor: &Actor,
    all: &[Mailbox],
) -> Result<BTreeMap<String, BTreeSet<HostUse>>> {
    let options = services.options();
    let mut hosts: BTreeMap<String, BTreeSet<HostUse>> = BTreeMap::new();
    let mut add = |host: &str, what: HostUse| {
        hosts.entry(host.trim_end_matches('.').to_lowercase()).or_default().insert(what);
    };
    for (host, what) in &options.deployment.hosts {
        add(host, *what);
    }
    for provider in [Provider::Google, Provider::Microsoft] {
        if !uses(services, actor, all, provider).await? {
            continue;
        }
        let sign_in = match provider {
            Provider::Google => &options.deployment.google,
            _ => &options.deployment.microsoft,
        };
        for host in sign_in {
            add(host, HostUse::MailboxSignIn);
        }
        if let Some(servers) = options.servers.of(provider) {
            add(&servers.imap.host, HostUse::ReadMail);
            add(&servers.smtp.host, HostUse::SendMail);
        }
    }
    for mailbox in all {
        if let Some(server) = &mailbox.settings.imap {
            add(&server.host, HostUse::ReadMail);
        }
        if let Some(server) = &mailbox.settings.smtp {
            add(&server.host, HostUse::SendMail);
        }
    }
    Ok(hosts)
}

fn unnamed(all: &[Mailbox]) -> Vec<UnnamedHost> {
    let sendmail = |mailbox: &Mailbox| {
        matches!(mailbox.settings.deliver, Some(mailboxes::Deliver::Sendmail { .. }))
    };
    let program = all.iter().any(sendmail).then_some(UnnamedHost::LocalMailProgram);
    [UnnamedHost::RemoteImages, UnnamedHost::ConnectionTest].into_iter().chain(program).collect()
}

async fn measures(services: &Services) -> Result<Vec<Measure>> {
    let deployment = &services.options().deployment;
    let keyring = if services.store().is_one_cluster().await? {
        Measure::KeyringInSameCluster
    } else if deployment.keyring_in_database {
        Measure::KeyringInOwnCluster
    } else {
        Measure::KeyringInOwnFile
    };
    let private = if deployment.allows_private_hosts {
        Measure::PrivateHostsAllowed
    } else {
        Measure::PrivateHostsRefused
    };
    Ok(vec![
        Measure::SealedAtRest,
        keyring,
        Measure::RootKeyApart,
        Measure::KeysDestroyedFirst,
        Measure::EncryptedConnections,
        Measure::ReadByMembersOnly,
        Measure::ReadsLogged,
        Measure::RemoteImagesOff,
        private,
    ])
}

/// An owner says where a host stands, what allows data to go there, and under which contract.
pub async fn set_host(
    services: &Services,
    actor: &Actor,
    host: &str,
    facts: Facts,
) -> Result<Register> {
    if actor.role != Role::Owner {
        return Err(ServiceError::Forbidden);
    }
    let all = all_mailboxes(services, actor).await?;
    let host = host.to_lowercase();
    if !hosts_of(services, actor, &all).await?.contains_key(&host) {
        return Err(ServiceError::NotFound);
    }
    let facts = Facts {
        country: optional("country", facts.country.as_deref(), 100)?,
        safeguard: optional("safeguard", facts.safeguard.as_deref(), 500)?,
        contract: optional("contract", facts.contract.as_deref(), 500)?,
    };
    record(services, actor, Action::ChangeRegister).await?;
    let (store, id) = (services.store(), actor.organization_id);
    let key = keys::of_organization(store, id).await?;
    let tx = store.begin().await?;
    register::set_host(&tx, &key, id, &host, &facts, actor.membership_id).await?;
    tx.commit().await?;
    view(services, actor).await
}

/// Records a disclosure to an authority; nothing changes or removes it.
pub async fn disclose(services: &Services, actor: &Actor, told: Told) -> Result<Register> {
    services.scope(actor, Permission::ManageOrganization)?;
    let store = services.store();
    let told = Told {
        date: check_date(told.date, store.now())?,
        authority: required("authority", &told.authority, 200)?,
        legal_basis: required("legal_basis", &told.legal_basis, 1_000)?,
        what: required("what", &told.what, 4_000)?,
        decided_by: required("decided_by", &told.decided_by, 200)?,
    };
    record(services, actor, Action::RecordDisclosure).await?;
    let key = keys::of_organization(store, actor.organization_id).await?;
    let disclosure = Disclosure {
        id: DisclosureId(store.new_id()),
        told,
        recorded_by: actor.membership_id,
        recorded_at: store.now(),
    };
    let tx = store.begin().await?;
    register::add_disclosure(&tx, &key, actor.organization_id, &disclosure).await?;
    tx.commit().await?;
    view(services, actor).await
}

/// Somewhere on earth it is a day later than in UTC.
fn check_date(date: NaiveDate, now: DateTime<Utc>) -> Result<NaiveDate> {
    let latest = now.date_naive().succ_opt().unwrap_or(NaiveDate::MAX);
    if date > latest {
        return Err(ServiceError::invalid("date", "give the day on which it was disclosed"));
    }
    Ok(date)
}

fn optional(field: &'static str, text: Option<&str>, most: usize) -> Result<Option<String>> {
    match text.map(str::trim).filter(|text| !text.is_empty()) {
        Some(text) => required(field, text, most).map(Some),
        None => Ok(None),
    }
}

fn required(field: &'static str, text: &str, most: usize) -> Result<String> {
    let text = text.trim();
    let control = text.chars().any(|c| c.is_control() && c != '\n');
    if text.is_empty() || control || text.chars().count() > most {
        return Err(ServiceError::invalid(field, format!("write 1 to {most} characters")));
    }
    Ok(text.to_owned())
}
