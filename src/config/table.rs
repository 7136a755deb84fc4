//! Every key of every section, in the order in which they are documented.

use super::key::Key;
use super::{
    backup, blobs, database, limits, paths, privacy, providers, security, sending, server, smtp,
    sync, telemetry, tls,
};

/// The sections and their keys. A new section is added here, in `Config`, and in
/// `Config::check` where its values depend on each other.
const SECTIONS: &[(&str, &[Key])] = &[
    ("server", server::KEYS),
    ("database", database::KEYS),
    ("paths", paths::KEYS),
    ("blobs", blobs::KEYS),
    ("smtp", smtp::KEYS),
    ("providers.google", providers::KEYS),
    ("providers.microsoft", providers::MICROSOFT_KEYS),
    ("providers.microsoft", providers::KEYS),
    ("sync", sync::KEYS),
    ("sending", sending::KEYS),
    ("limits", limits::KEYS),
    ("tls", tls::KEYS),
    ("telemetry", telemetry::KEYS),
    ("security", security::KEYS),
    ("privacy", privacy::KEYS),
    ("backup", backup::KEYS),
];

/// Every key with its whole path, `section.name`.
pub fn all_keys() -> impl Iterator<Item = (String, Key)> {
    SECTIONS.iter().flat_map(|(section, keys)| {
        keys.iter().map(move |key| (format!("{section}.{}", key.name), *key))
    })
}

/// The key at `path`.
#[must_use]
pub fn find(path: &str) -> Option<Key> {
    all_keys().find(|(known, _)| known == path).map(|(_, key)| key)
}

/// Whether `path` names a section or a group of sections.
pub(super) fn is_section(path: &str) -> bool {
    SECTIONS.iter().any(|(section, _)| {
        *section == path || section.strip_prefix(path).is_some_and(|rest| rest.starts_with('.'))
    })
}

/// The candidate that `word` was probably meant to be.
pub(super) fn closest(word: &str, candidates: impl Iterator<Item = String>) -> Option<String> {
    candidates
        .map(|candidate| (strsim::jaro_winkler(word, &candidate), candidate))
        .filter(|(likeness, _)| *likeness > 0.8)
        .max_by(|(one, _), (other, _)| one.total_cmp(other))
        .map(|(_, candidate)| candidate)
}

/// What to write instead of the unknown key at `path`: the same name in another section, or
/// the most alike.
#[must_use]
pub fn suggest(path: &str) -> Option<String> {
    let name = path.rsplit('.').next().unwrap_or(path);
    let mut elsewhere =
        all_keys().map(|(known, _)| known).filter(|known| known.rsplit('.').next() == Some(name));
    match (elsewhere.next(), elsewhere.next()) {
        (Some(only), None) => Some(only),
        _ if !path.contains('.') => {
            closest(path, SECTIONS.iter().map(|(section, _)| (*section).to_owned()))
        }
        _ => closest(path, all_keys().map(|(known, _)| known)),
    }
}
