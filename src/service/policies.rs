//! Policy texts: what an owner wants everybody who works here to have read.
//!
//! 1. [`publish`] makes the next version of its kind, which is in force from then on, and mails it
//!    to every member.
//! 2. Whoever signs in afterwards reads it before anything else ([`has_unread`], asked once, at the
//!    sign-in), and [`acknowledge`] notes that.
//! 3. [`list`] shows what is in force; [`get`] a version with who has read it.

use std::collections::HashMap;

use chrono::{DateTime, Utc};

use super::access::{self, Object};
use super::names::Names;
use super::post::{self, Kind, Words};
use super::{Result, ServiceError, Services};
use crate::audit::{Action, ObjectKind};
use crate::authz::{Actor, Permission};
use crate::domain::ids::{MembershipId, OrganizationId, PolicyId};
use crate::domain::words::{PolicyKind, Role};
use crate::mail::compose::Language;
use crate::store::policies::{self, Policy, Version};
use crate::store::{StoreError, keys, memberships};

pub use crate::store::policies::Content;

/// A version as the actor sees it.
#[derive(Debug, Clone)]
pub struct PolicyView {
    /// Which.
    pub version: Version,
    /// What stands in it; not in lists of what was.
    pub content: Option<Content>,
    /// Who published it; empty when they are not here any more.
    pub publisher: String,
    /// Whether it is the newest of its kind.
    pub in_force: bool,
    /// When the actor said that they have read it.
    pub read_at: Option<DateTime<Utc>>,
    /// Who of the members has read it; for those who answer for it.
    pub readers: Option<Vec<Reader>>,
}

/// A member, and when they said that they have read a version.
#[derive(Debug, Clone)]
pub struct Reader {
    /// Who.
    pub membership_id: MembershipId,
    /// Their name.
    pub name: String,
    /// When, if they did.
    pub read_at: Option<DateTime<Utc>>,
}

/// Owners, admins and auditors see who has read what.
fn may_see_readers(actor: &Actor) -> bool {
    actor.may(Permission::ManageOrganization) || actor.may(Permission::ReadAudit)
}

/// Publishes the next version of a kind, and mails it to every member. For owners.
pub async fn publish(
    services: &Services,
    actor: &Actor,
    kind: PolicyKind,
    content: Content,
) -> Result<PolicyView> {
    if actor.role != Role::Owner {
        return Err(ServiceError::Forbidden);
    }
    let content = Content {
        title: line("title", &content.title, 200)?,
        changes: text("changes", &content.changes, 0, 2_000)?,
        text: text("text", &content.text, 1, 100_000)?,
    };
    let (store, organization_id) = (services.store(), actor.organization_id);
    let newest = policies::versions(store, organization_id)
        .await?
        .iter()
        .filter(|version| version.kind == kind)
        .map(|version| version.version)
        .max();
    let version = Version {
        id: PolicyId(store.new_id()),
        kind,
        version: newest.unwrap_or(0) + 1,
        published_by: actor.membership_id,
        published_at: store.now(),
    };
    let object = Object::new(ObjectKind::Policy, version.id.0);
    access::record_all(services, actor, &[(Action::PublishPolicy, object)]).await?;
    let members = memberships::list(store, organization_id).await?;
    let key = keys::of_organization(store, organization_id).await?;
    let tx = store.begin().await?;
    match policies::add(&tx, &key, organization_id, &Policy { version, content }).await {
        Err(StoreError::Duplicate(_)) => return Err(faster()),
        other => other?,
    }
    policies::add_reading(&tx, organization_id, version.id, actor.membership_id).await?;
    for member in members.iter().filter(|member| member.id != actor.membership_id) {
        let (to, about) = (member.account_id, Some(version.id.0));
        post::enqueue_about(&tx, Some(organization_id), Kind::Policy, to, about).await?;
    }
    tx.commit().await?;
    get(services, actor, version.id).await
}

fn faster() -> ServiceError {
    ServiceError::conflict(
        "policy_published",
        "Somebody published a version at the same moment. Look at it, then publish yours.",
    )
}

/// What versions are shown with, read once.
struct Beside {
    names: Names,
    /// What the actor has read, and when.
    read: HashMap<PolicyId, DateTime<Utc>>,
    /// Everybody, for those who may see who has read what.
    members: Option<Vec<MembershipId>>,
}

impl Beside {
    async fn load(services: &Services, actor: &Actor) -> Result<Self> {
        let (store, id) = (services.store(), actor.organization_id);
        let members = if may_see_readers(actor) {
            let members = memberships::list(store, id).await?;
            Some(members.into_iter().map(|member| member.id).collect())
        } else {
            None
        };
        Ok(Self {
            names: Names::load(services, id).await?,
            read: policies::readings_of(store, id, actor.membership_id).await?,
            members,
        })
    }

    /// A version without its words: those of what was are read one by one.
    fn view(&self, version: Version, in_force: bool) -> PolicyView {
        PolicyView {
            version,
            content: None,
            publisher: self.names.member(version.published_by).unwrap_or_default(),
            in_force,
            read_at: self.read.get(&version.id).copied(),
            readers: None,
        }
    }

    /// The version with its words, and who has read it.
    async fn whole(
        &self,
        services: &Services,
        organization_id: OrganizationId,
        policy: Policy,
        in_force: bool,
    ) -> Result<PolicyView> {
        let mut view = self.view(policy.version, in_force);
        view.content = Some(policy.content);
        if let Some(members) = &self.members {
            let id = policy.version.id;
            let read = policies::readings(services.store(), organization_id, id).await?;
            let reader = |id: &MembershipId| Reader {
                membership_id: *id,
                name: self.names.member(*id).unwrap_or_default(),
                read_at: read.get(id).copied(),
            };
            view.readers = Some(members.iter().map(reader).collect());
        }
        Ok(view)
    }
}

/// Every version, those in force with their words, the newest of each kind first.
pub async fn list(services: &Services, actor: &Actor) -> Result<Vec<PolicyView>> {
    let (store, organization_id) = (services.store(), actor.organization_id);
    let versions = policies::versions(store, organization_id).await?;
    if versions.is_empty() {
        return Ok(Vec::new());
    }
    let beside = Beside::load(services, actor).await?;
    let key = keys::of_organization(store, organization_id).await?;
    let mut views = Vec::with_capacity(versions.len());
    for (version, in_force) in with_force(versions) {
        let found = if in_force {
            policies::find(store, &key, organization_id, version.id).await?
        } else {
            None
        };
        views.push(match found {
            Some(policy) => beside.whole(services, organization_id, policy, true).await?,
            None => beside.view(version, in_force),
        });
    }
    Ok(views)
}

/// The version with its words and, for those who answer for it, who has read it.
pub async fn get(services: &Services, actor: &Actor, id: PolicyId) -> Result<PolicyView> {
    let (store, organization_id) = (services.store(), actor.organization_id);
    let key = keys::of_organization(store, organization_id).await?;
    let policy =
        policies::find(store, &key, organization_id, id).await?.ok_or(ServiceError::NotFound)?;
    let in_force = in_force(services, organization_id).await?.contains(&policy.version);
    Beside::load(services, actor).await?.whole(services, organization_id, policy, in_force).await
}

/// The actor says that they have read a version.
pub async fn acknowledge(services: &Services, actor: &Actor, id: PolicyId) -> Result<PolicyView> {
    let (store, organization_id) = (services.store(), actor.organization_id);
    let known = policies::versions(store, organization_id).await?;
    if !known.iter().any(|version| version.id == id) {
        return Err(ServiceError::NotFound);
    }
    let object = Object::new(ObjectKind::Policy, id.0);
    access::record_all(services, actor, &[(Action::AcknowledgePolicy, object)]).await?;
    let tx = store.begin().await?;
    policies::add_reading(&tx, organization_id, id, actor.membership_id).await?;
    tx.commit().await?;
    get(services, actor, id).await
}

/// Whether a version is in force that the member has not read.
pub async fn has_unread(services: &Services, actor: &Actor) -> Result<bool> {
    let in_force = in_force(services, actor.organization_id).await?;
    if in_force.is_empty() {
        return Ok(false);
    }
    let (store, organization_id) = (services.store(), actor.organization_id);
    let read = policies::readings_of(store, organization_id, actor.membership_id).await?;
    Ok(in_force.iter().any(|version| !read.contains_key(&version.id)))
}

/// The newest version of each kind.
async fn in_force(services: &Services, id: OrganizationId) -> Result<Vec<Version>> {
    let versions = policies::versions(services.store(), id).await?;
    Ok(with_force(versions).filter(|(_, in_force)| *in_force).map(|(version, _)| version).collect())
}

/// Each version with whether it is the newest of its kind; they come with the newest first.
fn with_force(versions: Vec<Version>) -> impl Iterator<Item = (Version, bool)> {
    versions.into_iter().scan(None, |before, version| {
        let newest = before.replace(version.kind) != Some(version.kind);
        Some((version, newest))
    })
}

/// What the mail says; nothing when a newer version is in force meanwhile.
pub(super) async fn words(
    services: &Services,
    organization_id: OrganizationId,
    id: PolicyId,
    language: Language,
) -> Result<Option<Words>> {
    let store = services.store();
    if !in_force(services, organization_id).await?.iter().any(|version| version.id == id) {
        return Ok(None);
    }
    let key = keys::of_organization(store, organization_id).await?;
    let Some(policy) = policies::find(store, &key, organization_id, id).await? else {
        return Ok(None);
    };
    let Content { title, changes, text } = policy.content;
    let number = policy.version.version;
    let (subject, ask, new) = match language {
        Language::Nl => (
            format!("Loket: nieuwe tekst, {title} (versie {number})"),
            "Lees dit. Wanneer u zich weer aanmeldt, vraagt Loket of u het gelezen hebt.",
            "Wat er nieuw is:",
        ),
        Language::De => (
            format!("Loket: neuer Text, {title} (Fassung {number})"),
            "Bitte lesen Sie dies. Bei Ihrer nächsten Anmeldung fragt Loket, ob Sie es gelesen haben.",
            "Was neu ist:",
        ),
        Language::En => (
            format!("Loket: a new text, {title} (version {number})"),
            "Please read this. When you next sign in, Loket asks whether you have read it.",
            "What is new:",
        ),
    };
    let changes = if changes.is_empty() { changes } else { format!("{new}\n{changes}\n\n") };
    let link = format!("{}/settings/policies", services.options().public_url);
    let text = format!("{ask}\n\n{link}\n\n{changes}{title}\n\n{text}\n");
    Ok(Some(Words { subject, text }))
}

fn line(field: &'static str, words: &str, most: usize) -> Result<String> {
    let words = text(field, words, 1, most)?;
    if words.contains('\n') {
        return Err(ServiceError::invalid(field, "write one line"));
    }
    Ok(words)
}

fn text(field: &'static str, words: &str, least: usize, most: usize) -> Result<String> {
    let words = words.replace("\r\n", "\n").trim().to_owned();
    let control = words.chars().any(|c| c.is_control() && c != '\n' && c != '\t');
    let length = words.chars().count();
    if control || length < least || length > most {
        return Err(ServiceError::invalid(field, format!("write {least} to {most} characters")));
    }
    Ok(words)
}
