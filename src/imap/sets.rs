//! Sets of UIDs as text.

use std::fmt::Write as _;

/// Some servers cut command lines beyond 1,000 to 2,000 characters.
const MAX_CHARS: usize = 1000;

/// Writes ascending UIDs as sets (`1:4,9,12:15`), each of at most about 1,000 characters.
pub(super) fn sets(uids: &[u32]) -> Vec<String> {
    let (mut out, mut set) = (Vec::new(), String::new());
    let mut uids = uids.iter().copied().peekable();
    while let Some(first) = uids.next() {
        let mut last = first;
        while let Some(next) =
            uids.next_if(|next| *next == last || Some(*next) == last.checked_add(1))
        {
            last = next;
        }
        if set.len() > MAX_CHARS - 24 {
            out.push(std::mem::take(&mut set));
        }
        let comma = if set.is_empty() { "" } else { "," };
        let _ = if first == last {
            write!(set, "{comma}{first}")
        } else {
            write!(set, "{comma}{first}:{last}")
        };
    }
    if !set.is_empty() {
        out.push(set);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_are_joined_and_long_sets_are_split() {
        assert_eq!(sets(&[]), Vec::<String>::new());
        assert_eq!(sets(&[7]), ["7"]);
        assert_eq!(sets(&[1, 2, 3, 5, 5, 7, 8, u32::MAX]), ["1:3,5,7:8,4294967295"]);
        let odd: Vec<u32> = (0..2000).map(|n| 4_000_000_001 + 2 * n).collect();
        let split = sets(&odd);
        assert!(split.len() > 10 && split.iter().all(|set| set.len() <= MAX_CHARS));
        assert_eq!(split.join(",").split(',').count(), odd.len());
    }
}
