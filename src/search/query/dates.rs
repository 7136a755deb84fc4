//! Dates as they are typed. They are days of the calendar: whoever searches says what day it is
//! and in which zone days begin.

use std::fmt;

use chrono::{Datelike, Days as Step, Months, NaiveDate};

/// A stretch of days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Days {
    /// `2026-03-01`
    Day(NaiveDate),
    /// `2026-03`: the whole month, as its first day.
    Month(NaiveDate),
    /// `2026`: the whole year, as its first day.
    Year(NaiveDate),
    /// `today`
    Today,
    /// `yesterday`
    Yesterday,
    /// `7d`, `2w`: so many days before today.
    DaysAgo(u32),
    /// `3m`, `1y`: so many months before today.
    MonthsAgo(u32),
}

/// Nobody searches further back: 100 years.
const FURTHEST: u32 = 36_525;

impl Days {
    /// Reads a date; `None` when it is none.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        match text.to_lowercase().as_str() {
            "today" | "vandaag" => return Some(Self::Today),
            "yesterday" | "gisteren" => return Some(Self::Yesterday),
            _ => {}
        }
        Self::ago(text).or_else(|| Self::calendar(text))
    }

    fn ago(text: &str) -> Option<Self> {
        let unit = text.chars().next_back()?;
        let count = text.strip_suffix(unit)?;
        if count.is_empty() || !count.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        let count: u32 = count.parse().ok()?;
        let (days, months) = match unit {
            'd' | 'D' => (count, 0),
            'w' | 'W' => (count.checked_mul(7)?, 0),
            'm' | 'M' => (0, count),
            'y' | 'Y' | 'j' | 'J' => (0, count.checked_mul(12)?),
            _ => return None,
        };
        if days > FURTHEST || months > FURTHEST / 30 {
            return None;
        }
        Some(if days > 0 || months == 0 { Self::DaysAgo(days) } else { Self::MonthsAgo(months) })
    }

    /// `2026-03-01`, `2026/3/1`, `1-3-2026`, `2026-03`, `3-2026`, `2026`.
    fn calendar(text: &str) -> Option<Self> {
        let parts: Vec<&str> = text.split(['-', '/', '.']).take(4).collect();
        let number = |text: &str, most: usize| {
            let plain = !text.is_empty() && text.len() <= most;
            let digits = text.bytes().all(|b| b.is_ascii_digit());
            (plain && digits).then(|| text.parse::<u32>().ok()).flatten()
        };
        let year = |text: &str| {
            let year = number(text, 4).filter(|_| text.len() == 4)?;
            (1900..=2999).contains(&year).then(|| i32::try_from(year).ok()).flatten()
        };
        match parts.as_slice() {
            [y] => Some(Self::Year(NaiveDate::from_ymd_opt(year(y)?, 1, 1)?)),
            [a, b] => {
                let (y, m) = if a.len() == 4 { (a, b) } else { (b, a) };
                Some(Self::Month(NaiveDate::from_ymd_opt(year(y)?, number(m, 2)?, 1)?))
            }
            [first, month, last] => {
                // Day first unless the year is: nobody here writes the month first.
                let (of, day) = if first.len() == 4 { (first, last) } else { (last, first) };
                let (of, month, day) = (year(of)?, number(month, 2)?, number(day, 2)?);
                Some(Self::Day(NaiveDate::from_ymd_opt(of, month, day)?))
            }
            _ => None,
        }
    }

    /// The first of the days and the first one after them. `before:` means before the first,
    /// `after:` from the first on, `on:` between the two.
    #[must_use]
    pub fn range(self, today: NaiveDate) -> (NaiveDate, NaiveDate) {
        let first = match self {
            Self::Day(day) | Self::Month(day) | Self::Year(day) => day,
            Self::Today => today,
            Self::Yesterday => back(today, 1),
            Self::DaysAgo(days) => back(today, days),
            Self::MonthsAgo(months) => {
                today.checked_sub_months(Months::new(months)).unwrap_or(NaiveDate::MIN)
            }
        };
        let end = match self {
            Self::Month(_) => first.checked_add_months(Months::new(1)),
            Self::Year(_) => first.checked_add_months(Months::new(12)),
            _ => first.checked_add_days(Step::new(1)),
        };
        (first, end.unwrap_or(NaiveDate::MAX))
    }
}

fn back(today: NaiveDate, days: u32) -> NaiveDate {
    today.checked_sub_days(Step::new(u64::from(days))).unwrap_or(NaiveDate::MIN)
}

impl fmt::Display for Days {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Day(day) => write!(f, "{}", day.format("%Y-%m-%d")),
            Self::Month(day) => write!(f, "{}", day.format("%Y-%m")),
            Self::Year(day) => write!(f, "{:04}", day.year()),
            Self::Today => f.write_str("today"),
            Self::Yesterday => f.write_str("yesterday"),
            Self::DaysAgo(days) => write!(f, "{days}d"),
            Self::MonthsAgo(months) => write!(f, "{months}m"),
        }
    }
}
