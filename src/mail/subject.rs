//! The subject without what replies and forwards put in front of it, to see whether two mails
//! speak of the same thing.

/// Prefixes of replies and forwards in the languages that mail clients write them in.
const PREFIXES: [&str; 44] = [
    "re",
    "fw",
    "fwd",
    "aw",
    "wg",
    "antw",
    "antwort",
    "antwoord",
    "betr",
    "betreft",
    "doorst",
    "tr",
    "rép",
    "rep",
    "rif",
    "r",
    "i",
    "rv",
    "enc",
    "res",
    "sv",
    "vs",
    "vb",
    "vl",
    "fs",
    "odp",
    "pd",
    "ynt",
    "ilt",
    "atb",
    "tb",
    "bls",
    "ответ",
    "отв",
    "回复",
    "回覆",
    "答复",
    "转发",
    "轉寄",
    "返信",
    "転送",
    "답장",
    "전달",
    "re-forward",
];

/// `Re: Fwd[2]: [list] Broken pump` → `broken pump`, folded for comparison.
#[must_use]
pub fn normalise(subject: &str) -> String {
    let mut rest = subject.trim();
    for _ in 0..50 {
        let before = rest;
        if let Some(after) = without_prefix(rest) {
            rest = after.trim_start();
        } else if rest.starts_with('[')
            && let Some((tag, after)) = rest.split_once(']')
            && tag.len() <= 60
            && !after.trim().is_empty()
        {
            rest = after.trim_start();
        }
        if rest == before {
            break;
        }
    }
    rest.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

/// True when the subject begins as that of a reply or forward does.
#[must_use]
pub fn is_reply(subject: &str) -> bool {
    without_prefix(subject.trim()).is_some()
}

/// True when the subject begins as that of a forward does.
#[must_use]
pub fn is_forward(subject: &str) -> bool {
    const FORWARDS: [&str; 13] = [
        "fw",
        "fwd",
        "wg",
        "doorst",
        "tr",
        "rv",
        "enc",
        "vb",
        "转发",
        "轉寄",
        "転送",
        "전달",
        "re-forward",
    ];
    prefix(subject.trim()).is_some_and(|(word, _)| FORWARDS.contains(&word.as_str()))
}

fn without_prefix(text: &str) -> Option<&str> {
    prefix(text).filter(|(word, _)| PREFIXES.contains(&word.as_str())).map(|(_, tail)| tail)
}

/// The word before the first colon, folded, and what stands behind it.
fn prefix(text: &str) -> Option<(String, &str)> {
    let (head, tail) = text.split_once([':', '：'])?;
    let head = head.trim_end();
    // `Re[2]`, `Re(2)`, `Re^2`
    let word = head.trim_end_matches(|c: char| c.is_ascii_digit() || "[]()^* ".contains(c));
    Some((word.to_lowercase(), tail))
}
