//! The names that a reader trusts at sight: of members and of the mailbox itself. Whoever carries one
//! and writes from elsewhere is marked, so that nobody answers a stranger as a colleague.

use std::collections::{HashMap, HashSet};

use super::Target;
use crate::mail::{Address, look_alike};
use crate::service::{Result, Services};
use crate::store::{accounts, mailboxes, memberships};

/// By name, as it looks: the addresses that may carry it.
#[derive(Debug, Clone, Default)]
pub(super) struct Colleagues {
    known: HashMap<String, HashSet<String>>,
    /// Whoever writes from here is one of us; who only says so is marked by the provider.
    domains: HashSet<String>,
}

impl Colleagues {
    pub(super) async fn load(services: &Services, target: &Target) -> Result<Self> {
        let (store, organization_id) = (services.store(), target.organization_id);
        let members = memberships::list(store, organization_id).await?;
        let ids: Vec<_> = members.iter().map(|member| member.account_id).collect();
        let mut all = Self::default();
        for account in accounts::list(store, &ids).await? {
            all.add(&account.name, &account.email);
        }
        for mailbox in mailboxes::list(store, organization_id).await? {
            all.add(&mailbox.display_name, &mailbox.address);
        }
        let domain = |own: &String| own.rsplit_once('@').map(|(_, domain)| domain.to_owned());
        all.domains = target.own_addresses.iter().filter_map(domain).collect();
        Ok(all)
    }

    fn add(&mut self, name: &str, address: &str) {
        let name = look_alike::name(name);
        // Half the world is called Anna; an Anna Bos is known by both.
        if name.contains(' ') {
            self.known.entry(name).or_default().insert(address.to_lowercase());
        }
    }

    /// Whether the sender carries a name of these, and has another address.
    pub(super) fn pretends(&self, sender: &Address) -> bool {
        let Some(name) = sender.name.as_deref() else { return false };
        let Some(addresses) = self.known.get(&look_alike::name(name)) else { return false };
        let address = sender.address.to_lowercase();
        let domain = address.rsplit_once('@').map(|(_, domain)| domain).unwrap_or_default();
        !addresses.contains(&address) && !self.domains.contains(domain)
    }
}
