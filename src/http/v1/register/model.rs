//! The register of processing.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::domain::register::{DataCategory, HostUse, Measure, People, Purpose, UnnamedHost};
use crate::domain::words::Afterwards;
use crate::service::register;

/// The register of processing (GDPR, article 30).
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Register {
    /// The organization's name.
    pub organization: String,
    /// When this was made.
    pub made_at: DateTime<Utc>,
    /// What is done with whose data, and why.
    pub activities: Vec<RegisterActivity>,
    /// How long each mailbox's mail is kept.
    pub retention: Vec<RegisterRetention>,
    /// Months that records of delivery are kept.
    pub delivery_months: u32,
    /// Days in which disconnecting a mailbox can be undone.
    pub undo_days: u32,
    /// Days that backups of the keyring are kept.
    pub keyring_backup_days: u32,
    /// Days that backups of the data are kept.
    pub data_backup_days: u32,
    /// What protects the data.
    pub measures: Vec<Measure>,
    /// Every host that the server may talk to, by the configuration and the mailboxes that there are.
    pub hosts: Vec<RegisterHost>,
    /// Hosts without a fixed name that it may talk to.
    pub unnamed_hosts: Vec<UnnamedHost>,
    /// Whether the limits of use of Google's user data hold here.
    pub uses_google: bool,
    /// Whether Microsoft's hold.
    pub uses_microsoft: bool,
    /// Disclosures to authorities, the newest first.
    pub disclosures: Vec<Disclosure>,
}

/// One purpose.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RegisterActivity {
    /// Why.
    pub purpose: Purpose,
    /// What is processed.
    pub data: Vec<DataCategory>,
    /// Whose it is.
    pub people: Vec<People>,
}

/// How long a mailbox's mail is kept.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RegisterRetention {
    /// The mailbox.
    pub mailbox_id: Uuid,
    /// Its name.
    pub mailbox: String,
    /// Months after a ticket's last message.
    pub months: u32,
    /// What becomes of it then.
    pub then: Afterwards,
    /// Days that spam is kept.
    pub spam_days: u32,
    /// Days that trash is kept.
    pub trash_days: u32,
    /// Days that mail is kept that could not be processed.
    pub quarantine_days: u32,
    /// Whether the rule waits for an admin's word, and removes nothing before.
    pub waits: bool,
}

/// A host that the server may talk to.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RegisterHost {
    /// Its name.
    pub host: String,
    /// What for, and so what goes there.
    pub uses: Vec<HostUse>,
    /// Where it stands, as an owner says.
    pub country: Option<String>,
    /// What allows data to go there.
    pub safeguard: Option<String>,
    /// Under which contract.
    pub contract: Option<String>,
    /// When an owner said so.
    pub changed_at: Option<DateTime<Utc>>,
}

/// A disclosure to an authority.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Disclosure {
    /// Its id.
    pub id: Uuid,
    /// The day on which it was disclosed.
    pub date: NaiveDate,
    /// To which authority.
    pub authority: String,
    /// On which legal basis.
    pub legal_basis: String,
    /// What.
    pub what: String,
    /// Who decided.
    pub decided_by: String,
    /// Who recorded it, by name; null once they are gone.
    pub recorded_by: Option<String>,
    /// When.
    pub recorded_at: DateTime<Utc>,
}

/// What an owner says of a host; what is left out or empty is not known.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(default)]
pub struct RegisterHostRequest {
    /// Where it stands.
    pub country: Option<String>,
    /// What allows data to go there.
    pub safeguard: Option<String>,
    /// Under which contract.
    pub contract: Option<String>,
}

/// A disclosure to be recorded.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct DisclosureRequest {
    /// The day on which it was disclosed.
    pub date: NaiveDate,
    /// To which authority.
    pub authority: String,
    /// On which legal basis.
    pub legal_basis: String,
    /// What.
    pub what: String,
    /// Who decided.
    pub decided_by: String,
}

impl From<RegisterHostRequest> for register::Facts {
    fn from(request: RegisterHostRequest) -> Self {
        let RegisterHostRequest { country, safeguard, contract } = request;
        Self { country, safeguard, contract }
    }
}

impl From<DisclosureRequest> for register::Told {
    fn from(request: DisclosureRequest) -> Self {
        let DisclosureRequest { date, authority, legal_basis, what, decided_by } = request;
        Self { date, authority, legal_basis, what, decided_by }
    }
}

impl From<register::Register> for Register {
    fn from(of: register::Register) -> Self {
        let names = of.names;
        Self {
            organization: of.organization.name,
            made_at: of.made_at,
            activities: of
                .activities
                .iter()
                .map(|activity| RegisterActivity {
                    purpose: activity.purpose,
                    data: activity.data.to_vec(),
                    people: activity.people.to_vec(),
                })
                .collect(),
            retention: of.kept.into_iter().map(RegisterRetention::from).collect(),
            delivery_months: of.delivery_months,
            undo_days: of.forgetting.undo_days,
            keyring_backup_days: of.forgetting.keyring_backup_days,
            data_backup_days: of.forgetting.data_backup_days,
            measures: of.measures,
            hosts: of.hosts.into_iter().map(RegisterHost::from).collect(),
            unnamed_hosts: of.unnamed,
            uses_google: of.uses_google,
            uses_microsoft: of.uses_microsoft,
            disclosures: of
                .disclosures
                .into_iter()
                .map(|disclosure| Disclosure {
                    id: disclosure.id.0,
                    date: disclosure.told.date,
                    authority: disclosure.told.authority,
                    legal_basis: disclosure.told.legal_basis,
                    what: disclosure.told.what,
                    decided_by: disclosure.told.decided_by,
                    recorded_by: names.member(disclosure.recorded_by),
                    recorded_at: disclosure.recorded_at,
                })
                .collect(),
        }
    }
}

impl From<register::Kept> for RegisterRetention {
    fn from(kept: register::Kept) -> Self {
        Self {
            mailbox_id: kept.channel_id.0,
            mailbox: kept.name,
            months: kept.rule.months,
            then: kept.rule.then,
            spam_days: kept.rule.spam_days,
            trash_days: kept.rule.trash_days,
            quarantine_days: kept.rule.quarantine_days,
            waits: kept.waits,
        }
    }
}

impl From<register::Host> for RegisterHost {
    fn from(host: register::Host) -> Self {
        let changed_at = host.said.as_ref().map(|said| said.changed_at);
        let facts = host.said.map(|said| said.facts).unwrap_or_default();
        Self {
            host: host.host,
            uses: host.uses.into_iter().collect(),
            country: facts.country,
            safeguard: facts.safeguard,
            contract: facts.contract,
            changed_at,
        }
    }
}
