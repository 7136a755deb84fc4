//! Names of entries: relative, in UTF-8, bounded, and safe on any system. What strangers call their
//! files leads nowhere else and hides nothing.

/// Bytes of one name between slashes: every file system takes 255, and a number may come before it.
const LONGEST: usize = 120;

/// Bytes of an ending that is kept where a name is cut.
const ENDING: usize = 16;

/// What Windows takes for devices, whatever ending follows.
const DEVICES: &[&str] = &[
    "con", "prn", "aux", "nul", "com0", "com1", "com2", "com3", "com4", "com5", "com6", "com7",
    "com8", "com9", "lpt0", "lpt1", "lpt2", "lpt3", "lpt4", "lpt5", "lpt6", "lpt7", "lpt8", "lpt9",
];

/// What no name has: separators, what shells and Windows read as signs, and what turns the
/// direction of writing or cannot be seen.
fn is_bad(c: char) -> bool {
    c.is_control()
        || matches!(c, '/' | '\\' | '<' | '>' | ':' | '"' | '|' | '?' | '*')
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}')
}

/// A name for a file that somebody called `wanted`. Unique only together with what the caller puts
/// before it.
#[must_use]
pub fn safe(wanted: &str) -> String {
    let clean: String = wanted.chars().map(|c| if is_bad(c) { '_' } else { c }).collect();
    let trimmed =
        clean.trim().trim_end_matches(['.', ' ']).trim_start_matches(['.', ' ', '-', '~']);
    let cut = cut(trimmed);
    let stem = cut.split('.').next().unwrap_or_default().trim().to_lowercase();
    if cut.is_empty() {
        "file".to_owned()
    } else if DEVICES.contains(&stem.as_str()) {
        format!("_{cut}")
    } else {
        cut
    }
}

/// Keeps the beginning and the ending.
fn cut(name: &str) -> String {
    if name.len() <= LONGEST {
        return name.to_owned();
    }
    let (stem, ending) = match name.rsplit_once('.') {
        Some((stem, ending)) if ending.len() < ENDING => (stem, format!(".{ending}")),
        _ => (name, String::new()),
    };
    let room = LONGEST.saturating_sub(ending.len());
    let mut short = String::with_capacity(LONGEST);
    for c in stem.chars() {
        if short.len() + c.len_utf8() > room {
            break;
        }
        short.push(c);
    }
    format!("{}{ending}", short.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_strangers_call_their_files_leads_nowhere_else() {
        for (wanted, got) in [
            ("factuur.pdf", "factuur.pdf"),
            ("../../etc/passwd", "_.._etc_passwd"),
            ("C:\\boot.ini", "C__boot.ini"),
            ("/abs", "_abs"),
            ("", "file"),
            (" . ", "file"),
            ("..", "file"),
            ("a\r\nb\0c", "a__b_c"),
            ("NUL.txt", "_NUL.txt"),
            ("com1", "_com1"),
            ("naam. ", "naam"),
            (".htaccess", "htaccess"),
            ("-rf", "rf"),
            ("gpj.\u{202e}exe", "gpj._exe"),
            ("Köln 東京 😀.txt", "Köln 東京 😀.txt"),
        ] {
            assert_eq!(safe(wanted), got, "{wanted:?}");
        }
    }

    #[test]
    fn a_long_name_keeps_its_ending() {
        let long = format!("{}.pdf", "é".repeat(500));
        let short = safe(&long);
        assert!(short.len() <= LONGEST && short.ends_with("é.pdf"), "{short}");
        let endless = format!("a.{}", "b".repeat(500));
        assert_eq!(safe(&endless).len(), LONGEST);
    }
}
