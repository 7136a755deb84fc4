//! How somebody likes their pages: closed sets of words, so that nothing personal is in them.

use std::collections::{BTreeMap, HashSet};

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The most keys that somebody can choose.
const MOST_KEYS: usize = 64;
/// The longest name of an act.
const LONGEST_ACT: usize = 40;

/// How high the rows of lists are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Density {
    /// Two lines.
    #[default]
    Comfortable,
    /// One line.
    Compact,
}

/// Where one goes after a ticket has left the list.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum AfterAct {
    /// To the one below it.
    #[default]
    Next,
    /// Back to the list.
    List,
    /// Nowhere.
    Stay,
}

/// How a member likes their pages. What is left out is as it comes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct Preferences {
    /// How high the rows of lists are.
    pub density: Density,
    /// Where one goes after a ticket has left the list.
    pub after_act: AfterAct,
    /// Whether single keys do nothing: for who speaks to their computer (WCAG 2.1.4).
    pub keys_off: bool,
    /// Keys other than those that come with it: by act, one character; empty for none.
    pub keys: BTreeMap<String, String>,
}

/// What is wrong with somebody's keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum WrongKeys {
    /// More than there are acts.
    #[error("there are more keys than acts")]
    Many,
    /// A name that no act has.
    #[error("an act has no such name")]
    Act,
    /// A key is one character that is seen.
    #[error("a key is one character")]
    Key,
    /// One key for two acts.
    #[error("two acts have the same key")]
    Twice,
}

impl Preferences {
    /// Whether the keys can be kept.
    pub fn check_keys(&self) -> Result<(), WrongKeys> {
        if self.keys.len() > MOST_KEYS {
            return Err(WrongKeys::Many);
        }
        let mut taken = HashSet::new();
        for (act, key) in &self.keys {
            let known = |c: char| c.is_ascii_lowercase() || c == '_';
            if act.is_empty() || act.len() > LONGEST_ACT || !act.chars().all(known) {
                return Err(WrongKeys::Act);
            }
            let mut chars = key.chars();
            match (chars.next(), chars.next()) {
                (None, _) => {}
                (Some(c), None) if !c.is_control() && !c.is_whitespace() => {
                    if !taken.insert(c) {
                        return Err(WrongKeys::Twice);
                    }
                }
                _ => return Err(WrongKeys::Key),
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(keys: &[(&str, &str)]) -> Preferences {
        let keys = keys.iter().map(|(act, key)| ((*act).to_owned(), (*key).to_owned())).collect();
        Preferences { keys, ..Preferences::default() }
    }

    #[test]
    fn a_key_is_one_character_for_one_act() {
        assert_eq!(with(&[("close", "e"), ("reply", "R"), ("note", "")]).check_keys(), Ok(()));
        assert_eq!(with(&[("close", "e"), ("reply", "e")]).check_keys(), Err(WrongKeys::Twice));
        assert_eq!(with(&[("none", ""), ("either", "")]).check_keys(), Ok(()));
        for key in ["ee", " ", "\n"] {
            assert_eq!(with(&[("close", key)]).check_keys(), Err(WrongKeys::Key), "{key:?}");
        }
        for act in ["", "Close", "close-it", &"a".repeat(41)] {
            assert_eq!(with(&[(act, "e")]).check_keys(), Err(WrongKeys::Act), "{act}");
        }
    }

    #[test]
    fn what_an_older_server_kept_is_read() {
        let read: Preferences = serde_json::from_str(r#"{"gone":1,"density":"compact"}"#).unwrap();
        assert_eq!(read, Preferences { density: Density::Compact, ..Preferences::default() });
    }
}
