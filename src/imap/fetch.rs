//! Listing UIDs and fetching mails, with every UID accounted for.

use std::collections::{HashMap, HashSet};
use std::ops::RangeInclusive;

use bytes::{BufMut as _, Bytes, BytesMut};
use chrono::{DateTime, Utc};

use super::error::is_temporary;
use super::reply::{Done, Reply, Status, Value};
use super::session::{Step, quote};
use super::sets::sets;
use super::{ImapError, Session};
use crate::net::ServerWords;

/// Larger mails come in pieces of this size, so that an answer takes bounded memory and time.
const PIECE: u64 = 1 << 20;
/// How many UIDs one SEARCH may cover at first; it widens where UIDs are sparse.
const SEARCH_SPAN: u32 = 50_000;

/// A mail as it lies at the server.
#[derive(Debug, Clone)]
pub struct FetchedMail {
    pub uid: u32,
    /// When the server took it in.
    pub internal_date: Option<DateTime<Utc>>,
    /// Length of `raw`.
    pub size: u64,
    pub raw: Bytes,
    /// Gmail's identifier, the same in every folder that shows the mail.
    pub gm_msgid: Option<u64>,
    /// Somebody has read it in another client.
    pub seen: bool,
}

/// What became of the UIDs given to [`Session::fetch_batch`]: each is in exactly one of the three.
#[derive(Debug, Default)]
pub struct Batch {
    /// In the order asked for.
    pub mails: Vec<FetchedMail>,
    /// Will not come; record the reason and go on.
    pub skipped: Vec<Skipped>,
    /// Did not fit into the budget: ask again.
    pub rest: Vec<u32>,
}

/// A UID without a mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Skipped {
    pub uid: u32,
    pub why: Why,
}

/// Why a mail did not come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Why {
    /// The server no longer has it (asked twice).
    Missing,
    /// The server has it but refuses to give it out (damaged at the provider).
    Unreadable(ServerWords),
    /// Larger than [`super::Options::max_mail`].
    TooLarge(u64),
}

/// What one FETCH reply told of a mail; parts that were not asked for are empty.
#[derive(Debug, Default)]
struct Item {
    uid: u32,
    internal_date: Option<DateTime<Utc>>,
    size: Option<u64>,
    gm_msgid: Option<u64>,
    seen: bool,
    draft: bool,
    labels: Vec<String>,
    body: Option<Bytes>,
}

/// What the account's owner, or their mail program, has said of a mail.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Marks {
    /// It was not sent yet (the flag `\\Draft`).
    pub draft: bool,
    /// Gmail's labels; those of the system begin with a backslash.
    pub labels: Vec<String>,
}

impl Session {
    /// The UIDs within a range that exist, ascending. Takes memory for the UIDs only; for a huge folder
    /// give smaller ranges.
    pub async fn uids_between(
        &mut self,
        range: RangeInclusive<u32>,
    ) -> Result<Vec<u32>, ImapError> {
        let (mut from, to) = (u64::from(*range.start()), u64::from(*range.end()));
        let mut span = u64::from(SEARCH_SPAN);
        let mut found = Vec::new();
        while from <= to {
            let until = to.min(from + span - 1);
            let (replies, _) = self.run(&format!("UID SEARCH UID {from}:{until}")).await?;
            let before = found.len();
            for reply in replies {
                if let Reply::Search(uids) = reply {
                    // Exchange answers a range beyond the end with the last mail.
                    found.extend(
                        uids.into_iter().filter(|u| (from..=until).contains(&u64::from(*u))),
                    );
                }
            }
            if (found.len() - before) < SEARCH_SPAN as usize / 2 {
                span = span.saturating_mul(4);
            }
            from = until + 1;
        }
        found.sort_unstable();
        found.dedup();
        Ok(found)
    }

    /// Fetches mails of the open folder, in the order given, until `max_bytes` are used up (at least
    /// one). Memory: about `max_bytes`, or one mail's size if that is more. Nothing is marked as read.
    ///
    /// An error means that the connection or the answer was cut short; nothing of the batch counts.
    pub async fn fetch_batch(&mut self, uids: &[u32], max_bytes: u64) -> Result<Batch, ImapError> {
        let mut batch = Batch::default();
        let (mut small, mut large) = (Vec::new(), Vec::new());
        let sizes = self.sizes(uids).await?;
        let mut budget = max_bytes;
        let mut full = false;
        for &uid in uids {
            let Some(&size) = sizes.get(&uid) else {
                batch.skipped.push(Skipped { uid, why: Why::Missing });
                continue;
            };
            full = full || (size > budget && !(small.is_empty() && large.is_empty()));
            if size > self.options.max_mail {
                batch.skipped.push(Skipped { uid, why: Why::TooLarge(size) });
            } else if full {
                batch.rest.push(uid);
            } else {
                budget = budget.saturating_sub(size);
                if size > PIECE { large.push((uid, size)) } else { small.push(uid) }
            }
        }
        let mut mails = self.whole(&small, &mut batch.skipped).await?;
        for (uid, size) in large {
            match self.in_pieces(uid, size).await? {
                Ok(mail) => drop(mails.insert(uid, mail)),
                Err(why) => batch.skipped.push(Skipped { uid, why }),
            }
        }
        batch.mails = uids.iter().filter_map(|uid| mails.remove(uid)).collect();
        Ok(batch)
    }

    /// When the server took these mails in; a mail that it does not tell of, or whose date cannot be
    /// read, is not among them.
    pub async fn internal_dates(
        &mut self,
        uids: &[u32],
    ) -> Result<HashMap<u32, DateTime<Utc>>, ImapError> {
        let mut dates = HashMap::with_capacity(uids.len());
        for set in sets(&sorted(uids.iter().copied())) {
            let command = format!("UID FETCH {set} (UID INTERNALDATE)");
            let mut into = |item: Item| {
                if let Some(date) = item.internal_date {
                    dates.insert(item.uid, date);
                }
            };
            if let Some(refused) = self.fetch(&command, &mut into).await? {
                return Err(ImapError::from_refusal(refused));
            }
        }
        Ok(dates)
    }

    /// Whether the server knows labels (Gmail).
    #[must_use]
    pub fn has_labels(&self) -> bool {
        self.has("X-GM-EXT-1")
    }

    /// The marks of these mails; a mail that the server does not tell of is not among them.
    pub async fn marks(&mut self, uids: &[u32]) -> Result<HashMap<u32, Marks>, ImapError> {
        let mut marks = HashMap::with_capacity(uids.len());
        let labels = if self.has_labels() { " X-GM-LABELS" } else { "" };
        for set in sets(&sorted(uids.iter().copied())) {
            let command = format!("UID FETCH {set} (UID FLAGS{labels})");
            let mut into = |item: Item| {
                marks.insert(item.uid, Marks { draft: item.draft, labels: item.labels });
            };
            if let Some(refused) = self.fetch(&command, &mut into).await? {
                return Err(ImapError::from_refusal(refused));
            }
        }
        Ok(marks)
    }

    /// Which of these mails have this address, or one that contains it, in their From.
    pub async fn from_among(
        &mut self,
        uids: &[u32],
        address: &str,
    ) -> Result<HashSet<u32>, ImapError> {
        let mut found = HashSet::new();
        for set in sets(&sorted(uids.iter().copied())) {
            let command = format!("UID SEARCH UID {set} FROM {}", quote(address)?);
            let (replies, _) = self.run(&command).await?;
            for reply in replies {
                if let Reply::Search(uids) = reply {
                    found.extend(uids);
                }
            }
        }
        Ok(found)
    }

    /// The size of each mail; a UID that did not come is asked for once more.
    async fn sizes(&mut self, uids: &[u32]) -> Result<HashMap<u32, u64>, ImapError> {
        let mut sizes = HashMap::with_capacity(uids.len());
        for _ in 0..2 {
            let absent = sorted(uids.iter().copied().filter(|uid| !sizes.contains_key(uid)));
            for set in sets(&absent) {
                let command = format!("UID FETCH {set} (UID RFC822.SIZE)");
                let mut into = |item: Item| {
                    if let Some(size) = item.size {
                        sizes.insert(item.uid, size);
                    }
                };
                if let Some(refused) = self.fetch(&command, &mut into).await? {
                    return Err(ImapError::from_refusal(refused));
                }
            }
        }
        Ok(sizes)
    }

    /// Fetches small mails whole. What did not come with its set is asked for once more, alone.
    async fn whole(
        &mut self,
        uids: &[u32],
        skipped: &mut Vec<Skipped>,
    ) -> Result<HashMap<u32, FetchedMail>, ImapError> {
        let wanted: HashSet<u32> = uids.iter().copied().collect();
        let mut mails = HashMap::with_capacity(uids.len());
        let mut take = |item: Item| {
            if let Some(mail) = item.into_mail()
                && wanted.contains(&mail.uid)
            {
                mails.entry(mail.uid).or_insert(mail);
            }
        };
        let what = self.what("BODY.PEEK[]");
        for set in sets(&sorted(uids.iter().copied())) {
            // One damaged mail makes some servers refuse its whole set: then each is asked for alone.
            let refused = self.fetch(&format!("UID FETCH {set} {what}"), &mut take).await?;
            if let Some(done) = refused.filter(is_temporary) {
                return Err(ImapError::from_refusal(done));
            }
        }
        let absent: Vec<u32> =
            uids.iter().copied().filter(|uid| !mails.contains_key(uid)).collect();
        for uid in absent {
            let mut got = None;
            let mut take =
                |item: Item| got = got.take().or(item.into_mail().filter(|m| m.uid == uid));
            let refused = self.fetch(&format!("UID FETCH {uid} {what}"), &mut take).await?;
            match (got, refused) {
                (Some(mail), _) => drop(mails.insert(uid, mail)),
                (None, None) => skipped.push(Skipped { uid, why: Why::Missing }),
                (None, Some(done)) => {
                    let why = self.refused_or_gone(uid, done).await?;
                    skipped.push(Skipped { uid, why });
                }
            }
        }
        Ok(mails)
    }

    /// Fetches a large mail in pieces of 1 MiB into one buffer.
    async fn in_pieces(
        &mut self,
        uid: u32,
        size: u64,
    ) -> Result<Result<FetchedMail, Why>, ImapError> {
        let mut whole = BytesMut::with_capacity(usize::try_from(size).unwrap_or(0));
        let mut first: Option<Item> = None;
        loop {
            let offset = whole.len() as u64;
            let section = format!("BODY.PEEK[]<{offset}.{PIECE}>");
            let what =
                if first.is_none() { self.what(&section) } else { format!("(UID {section})") };
            let mut got: Option<Item> = None;
            let mut take = |item: Item| {
                if item.uid == uid && item.body.is_some() {
                    got = Some(item);
                }
            };
            let refused = self.fetch(&format!("UID FETCH {uid} {what}"), &mut take).await?;
            let Some(mut item) = got else {
                return match refused {
                    Some(done) => Ok(Err(self.refused_or_gone(uid, done).await?)),
                    None => Ok(Err(Why::Missing)),
                };
            };
            let piece = item.body.take().unwrap_or_default();
            if whole.len() as u64 + piece.len() as u64 > self.options.max_mail {
                return Ok(Err(Why::TooLarge(size)));
            }
            whole.put_slice(&piece);
            let first = first.get_or_insert(item);
            if (piece.len() as u64) < PIECE {
                if (whole.len() as u64) < size && piece.is_empty() && offset == 0 {
                    return Ok(Err(Why::Missing));
                }
                first.body = Some(whole.freeze());
                let item = std::mem::take(first);
                return Ok(item.into_mail().ok_or(Why::Missing));
            }
        }
    }

    /// After a refused FETCH of one mail: is it the mail, or is it gone, or is the server unwell?
    async fn refused_or_gone(&mut self, uid: u32, done: Done) -> Result<Why, ImapError> {
        if is_temporary(&done) {
            return Err(ImapError::from_refusal(done));
        }
        let mut exists = false;
        let mut take = |item: Item| exists = exists || item.uid == uid;
        if let Some(refused) = self.fetch(&format!("UID FETCH {uid} (UID)"), &mut take).await? {
            return Err(ImapError::from_refusal(refused));
        }
        Ok(if exists { Why::Unreadable(ServerWords::new(&done.text)) } else { Why::Missing })
    }

    fn what(&self, section: &str) -> String {
        let gmail = if self.has("X-GM-EXT-1") { " X-GM-MSGID" } else { "" };
        format!("(UID INTERNALDATE FLAGS{gmail} {section})")
    }

    /// Runs a FETCH, handing each item on as it comes. `Some` is the NO or BAD that ended it.
    async fn fetch(
        &mut self,
        command: &str,
        take: &mut (dyn FnMut(Item) + Send),
    ) -> Result<Option<Done>, ImapError> {
        let tag = self.begin(command).await?;
        loop {
            match self.step(&tag).await? {
                Step::Untagged(Reply::Fetch(values)) => {
                    // Unsolicited flag changes come without a UID.
                    if let Some(item) = item(&values) {
                        take(item);
                    }
                }
                Step::Untagged(_) => {}
                Step::Done(done) if done.status == Status::Ok => return Ok(None),
                Step::Done(done) => return Ok(Some(done)),
            }
        }
    }
}

impl Item {
    fn into_mail(self) -> Option<FetchedMail> {
        let raw = self.body?;
        Some(FetchedMail {
            uid: self.uid,
            internal_date: self.internal_date,
            size: raw.len() as u64,
            raw,
            gm_msgid: self.gm_msgid,
            seen: self.seen,
        })
    }
}

fn item(values: &[Value]) -> Option<Item> {
    let (mut item, mut uid) = (Item::default(), None);
    let (pairs, _) = values.as_chunks::<2>();
    for [name, value] in pairs {
        let name = name.string()?.to_ascii_uppercase();
        match name.as_str() {
            "UID" => uid = value.number(),
            "RFC822.SIZE" => item.size = value.number(),
            "X-GM-MSGID" => item.gm_msgid = value.number(),
            "INTERNALDATE" => item.internal_date = value.string().and_then(|text| date(&text)),
            "FLAGS" => {
                let flags = value.list()?;
                item.seen = flags.iter().any(|flag| flag.is("\\Seen"));
                item.draft = flags.iter().any(|flag| flag.is("\\Draft"));
            }
            "X-GM-LABELS" => {
                item.labels = value.list()?.iter().filter_map(Value::string).collect();
            }
            // NIL stands for an empty mail or piece.
            _ if name == "BODY[]" || name.starts_with("BODY[]<") => {
                item.body = Some(value.bytes().cloned().unwrap_or_default());
            }
            _ => {}
        }
    }
    item.uid = uid?;
    Some(item)
}

/// `" 7-Feb-1994 21:52:25 -0800"` (RFC 3501 section 9, date-time).
fn date(text: &str) -> Option<DateTime<Utc>> {
    let date = DateTime::parse_from_str(text.trim(), "%d-%b-%Y %H:%M:%S %z").ok()?;
    Some(date.with_timezone(&Utc))
}

fn sorted(uids: impl Iterator<Item = u32>) -> Vec<u32> {
    let mut uids: Vec<u32> = uids.collect();
    uids.sort_unstable();
    uids
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn internal_dates_are_read_with_padding_and_zone() {
        let got = date(" 7-Feb-1994 21:52:25 -0800").map(|date| date.to_rfc3339());
        assert_eq!(got.as_deref(), Some("1994-02-08T05:52:25+00:00"));
        assert_eq!(date("NIL"), None);
    }

    #[test]
    fn labels_and_flags_are_read() {
        let line = Bytes::from_static(
            b"* 3 FETCH (X-GM-LABELS (\"\\\\Inbox\" \\Sent Klanten \"Muy Importante\" {2}\r\nAB) UID 9 \
              FLAGS (\\Draft))\r\n",
        );
        let Ok(Reply::Fetch(values)) = super::super::reply::parse(&line) else {
            panic!("{line:?}")
        };
        let item = item(&values).unwrap();
        assert_eq!((item.uid, item.draft, item.seen), (9, true, false));
        assert_eq!(item.labels, ["\\Inbox", "\\Sent", "Klanten", "Muy Importante", "AB"]);
    }
}
