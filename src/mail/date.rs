//! The Date header (RFC 5322 §3.3 and §4.3), read by what each word looks like, since the order
//! is not always kept.

use chrono::{DateTime, FixedOffset, NaiveDate, NaiveTime, TimeZone, Utc};

/// Reads a date; `None` when it makes no sense.
#[must_use]
pub fn parse(text: &str) -> Option<DateTime<Utc>> {
    let text = without_comments(text);
    let text = text.trim();
    if let Ok(date) = DateTime::parse_from_rfc3339(text) {
        return Some(date.with_timezone(&Utc));
    }
    let mut seen = Seen::default();
    for word in
        text.split(|c: char| c.is_whitespace() || c == ',').filter(|w| !w.is_empty()).take(16)
    {
        let dashed = word.contains('-') && word.chars().any(char::is_alphabetic);
        if dashed && !word.contains(':') {
            word.split('-').filter(|w| !w.is_empty()).for_each(|w| seen.word(w));
        } else if word.matches('-').count() == 2 && !word.contains(':') {
            seen.iso_day(word);
        } else {
            seen.word(word);
        }
    }
    seen.finish()
}

fn without_comments(text: &str) -> String {
    let mut depth = 0_u32;
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ if depth == 0 => out.push(c),
            _ => {}
        }
    }
    out
}

#[derive(Default)]
struct Seen {
    day: Option<u32>,
    month: Option<u32>,
    year: Option<i32>,
    time: Option<(u32, u32, u32)>,
    afternoon: Option<bool>,
    offset: Option<i32>,
}

impl Seen {
    fn word(&mut self, word: &str) {
        if word.contains(':') && word.starts_with(|c: char| c.is_ascii_digit()) {
            return self.time(word);
        }
        if self.time.is_some()
            && let Some(digits) = word.strip_prefix(['+', '-'])
        {
            if self.offset.is_none() {
                self.offset = signed(word.starts_with('-'), digits);
            }
            return;
        }
        if word.bytes().all(|b| b.is_ascii_digit()) {
            return self.number(word);
        }
        let lower = word.trim_end_matches('.').to_ascii_lowercase();
        if let Some(month) = lower.get(..3).and_then(month) {
            self.month.get_or_insert(month);
        } else if lower == "am" || lower == "pm" {
            self.afternoon = Some(lower == "pm");
        } else if let Some(offset) = zone(&lower) {
            self.offset.get_or_insert(offset);
        }
    }

    fn number(&mut self, word: &str) {
        let Ok(value) = word.parse::<u32>() else { return };
        if word.len() <= 2 && self.day.is_none() && (1..=31).contains(&value) {
            self.day = Some(value);
        } else if self.year.is_none() && word.len() != 1 && word.len() <= 4 {
            // Two and three digits: RFC 5322 §4.3.
            let value = i32::try_from(value).unwrap_or(0);
            self.year = Some(match word.len() {
                2 if value < 50 => value + 2000,
                2 | 3 => value + 1900,
                _ => value,
            });
        } else if self.day.is_none() && word.len() <= 2 {
            self.day = Some(value);
        }
    }

    fn iso_day(&mut self, word: &str) {
        let parts: Vec<u32> = word.split('-').filter_map(|p| p.parse().ok()).collect();
        if let [year, month, day] = *parts.as_slice() {
            if year > 31 {
                (self.year, self.month, self.day) =
                    (i32::try_from(year).ok(), Some(month), Some(day));
            } else {
                (self.day, self.month, self.year) =
                    (Some(year), Some(month), i32::try_from(day).ok());
            }
        }
    }

    fn time(&mut self, word: &str) {
        let end =
            word.find(|c: char| !c.is_ascii_digit() && c != ':' && c != '.').unwrap_or(word.len());
        let (clock, tail) = word.split_at(end);
        let mut parts =
            clock.split(':').map(|p| p.split('.').next().unwrap_or_default().parse::<u32>());
        let (Some(Ok(hour)), Some(Ok(minute))) = (parts.next(), parts.next()) else { return };
        let second = parts.next().and_then(Result::ok).unwrap_or(0);
        self.time.get_or_insert((hour, minute, second));
        if !tail.is_empty() && !tail.contains(':') {
            self.word(tail);
        }
    }

    fn finish(self) -> Option<DateTime<Utc>> {
        let day = NaiveDate::from_ymd_opt(self.year?, self.month?, self.day?)?;
        let (mut hour, minute, second) = self.time.unwrap_or_default();
        match self.afternoon {
            Some(true) if hour < 12 => hour += 12,
            Some(false) if hour == 12 => hour = 0,
            _ => {}
        }
        let time = NaiveTime::from_hms_opt(hour, minute, second.min(59))?;
        let offset = FixedOffset::east_opt(self.offset.unwrap_or(0))?;
        let local = offset.from_local_datetime(&day.and_time(time)).single()?;
        Some(local.with_timezone(&Utc))
    }
}

fn signed(negative: bool, digits: &str) -> Option<i32> {
    let digits: String = digits.chars().filter(|c| *c != ':').collect();
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let value: i32 = digits.get(..digits.len().min(4))?.parse().ok()?;
    let seconds =
        if digits.len() <= 2 { value * 3600 } else { (value / 100) * 3600 + (value % 100) * 60 };
    (seconds < 24 * 3600).then_some(if negative { -seconds } else { seconds })
}

fn month(name: &str) -> Option<u32> {
    const MONTHS: [&str; 12] =
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let index = MONTHS.iter().position(|m| *m == name).or(match name {
        "mrt" | "mär" => Some(2),
        "mei" | "mai" => Some(4),
        "okt" => Some(9),
        "dez" => Some(11),
        _ => None,
    })?;
    u32::try_from(index + 1).ok()
}

/// Zones by name (RFC 5322 §4.3, and those that clients write all the same).
fn zone(name: &str) -> Option<i32> {
    for prefix in ["gmt", "utc"] {
        if let Some(tail) = name.strip_prefix(prefix)
            && let Some(digits) = tail.strip_prefix(['+', '-'])
        {
            return signed(tail.starts_with('-'), digits);
        }
    }
    let hours = match name {
        "ut" | "gmt" | "utc" | "z" | "wet" => 0,
        "cet" | "bst" | "met" | "mez" | "west" => 1,
        "cest" | "eet" | "mesz" | "sast" => 2,
        "eest" | "msk" => 3,
        "jst" | "kst" => 9,
        "aest" => 10,
        "ast" | "edt" => -4,
        "est" | "cdt" => -5,
        "cst" | "mdt" => -6,
        "mst" | "pdt" => -7,
        "pst" | "akdt" => -8,
        "hst" => -10,
        _ => return None,
    };
    Some(hours * 3600)
}
