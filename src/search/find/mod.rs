//! Finds tickets.
//!
//! A [`Clause`] is a query in which every name has been looked up already. It is answered by sets of tickets, not
//! of messages: *invoice broken* finds the ticket whose subject has the one word and whose third answer has the
//! other. In order:
//!
//! 1. Each word, phrase and condition is a leaf. Words read postings ([`words`], [`phrases`]), term after term,
//!    and keep for each ticket the best that any of its messages scores (BM25 within each field, fields added
//!    up by weight); conditions look at the [`Table`].
//! 2. A ticket that the asker may not read never gets into a leaf. Whatever is counted later was decided here.
//! 3. Sets are joined as the query says ([`Set`]); then tickets come in their order ([`rank`]), and what there is of each
//!    state, channel, year and member is counted.
//!
//! It is bounded by a deadline and by numbers of terms: a query that asks for too much gets the answer so far, marked
//! as incomplete.

#![expect(clippy::cast_precision_loss, reason = "what is scored is no count")]

mod kept;
mod phrases;
mod rank;
mod scores;
mod set;
mod words;

use std::collections::{HashSet, VecDeque};
use std::sync::{Arc, LazyLock};
use std::time::{Duration, Instant};

use tantivy::SegmentReader;
use tantivy::schema::Field;
use uuid::Uuid;

use super::index::schema::SCHEMA;
use super::index::{Entry, Facts, Result, View};
use super::language::Forms;
use super::table::{Brief, Kind, Sight, Table, Times};
use crate::domain::ids::TicketId;

use kept::{Hits, Wanted};
use scores::{List, Scores};

pub use kept::Kept;
pub use rank::{Counts, Order, Ranked, Year};
pub use set::Set;

/// How long a search may go on.
const LONGEST: Duration = Duration::from_secs(2);

/// What a ticket scores that was asked for by its number.
const NAMED: f32 = 1_000.0;

/// With fewer tickets than this that have what was asked for, what comes close is looked for.
const FEW: usize = 3;

/// What a ticket scores that has most of the words, beside one that has all.
const MOST: f32 = 0.1;

/// Words that are spelt almost in one way, in one field of one segment.
const SPELLINGS: usize = 40;

/// Where a word is looked for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Place {
    /// Anywhere.
    #[default]
    Anywhere,
    /// In the names and addresses that a message came from.
    Sender,
    /// In those that it went to.
    Recipient,
    /// In the subject.
    Subject,
    /// In what a customer or colleague wrote.
    Body,
    /// In a note.
    Note,
    /// In the names of files.
    File,
}

/// A query in which every name has been looked up.
pub enum Clause {
    /// All of these.
    All(Vec<Clause>),
    /// All of these words, or where few tickets have all, most of them.
    Words(Vec<Clause>),
    /// Any of these.
    Any(Vec<Clause>),
    /// Not this.
    Not(Box<Clause>),
    /// A word, in any of its forms.
    Word {
        /// What it may be in a text.
        forms: Box<Forms>,
        /// Where.
        place: Place,
        /// Whether it may go on: it is being typed, or ends in `*`.
        is_begun: bool,
    },
    /// Words in a row.
    Phrase {
        /// As it was asked.
        text: String,
        /// Where.
        place: Place,
    },
    /// Tickets of certain kinds.
    State(Box<dyn Fn(&Kind) -> bool + Send + Sync>),
    /// Tickets of a time.
    Span(Box<dyn Fn(&Times) -> bool + Send + Sync>),
    /// Just these tickets.
    Tickets(HashSet<TicketId>),
    /// The ticket with this number, before all others.
    Number(u64),
    /// Tickets that have anything at a place.
    Some(Place),
}

impl std::fmt::Debug for Clause {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // What somebody looks for is in no log.
        f.write_str(match self {
            Self::All(_) => "All",
            Self::Words(_) => "Words",
            Self::Any(_) => "Any",
            Self::Not(_) => "Not",
            Self::Word { .. } => "Word",
            Self::Phrase { .. } => "Phrase",
            Self::State(_) => "State",
            Self::Span(_) => "Span",
            Self::Tickets(_) => "Tickets",
            Self::Number(_) => "Number",
            Self::Some(_) => "Some",
        })
    }
}

/// A field and what a hit in it is worth.
type Weighted = (Field, f32);

/// The fields of a place.
fn fields(place: Place) -> &'static [Weighted] {
    static ANYWHERE: LazyLock<[Weighted; 7]> = LazyLock::new(|| {
        let of = &SCHEMA.1;
        [
            (of.subject, 2.5),
            (of.sender, 2.0),
            (of.body, 1.0),
            (of.note, 1.0),
            (of.file, 1.0),
            (of.recipient, 0.8),
            (of.quote, 0.3),
        ]
    });
    static SENDER: LazyLock<[Weighted; 1]> = LazyLock::new(|| [(SCHEMA.1.sender, 1.0)]);
    static RECIPIENT: LazyLock<[Weighted; 1]> = LazyLock::new(|| [(SCHEMA.1.recipient, 1.0)]);
    static SUBJECT: LazyLock<[Weighted; 1]> = LazyLock::new(|| [(SCHEMA.1.subject, 1.0)]);
    static BODY: LazyLock<[Weighted; 2]> =
        LazyLock::new(|| [(SCHEMA.1.body, 1.0), (SCHEMA.1.note, 1.0)]);
    static NOTE: LazyLock<[Weighted; 1]> = LazyLock::new(|| [(SCHEMA.1.note, 1.0)]);
    static FILE: LazyLock<[Weighted; 1]> = LazyLock::new(|| [(SCHEMA.1.file, 1.0)]);
    match place {
        Place::Anywhere => &*ANYWHERE,
        Place::Sender => &*SENDER,
        Place::Recipient => &*RECIPIENT,
        Place::Subject => &*SUBJECT,
        Place::Body => &*BODY,
        Place::Note => &*NOTE,
        Place::File => &*FILE,
    }
}

/// A segment of one of the indexes that are searched.
#[derive(Clone, Copy)]
struct Part<'a> {
    /// What its first message is counted as, over all parts.
    first: u32,
    view: &'a View,
    segment: &'a SegmentReader,
    facts: &'a Facts,
}

/// A search under way.
pub struct Search<'a> {
    table: &'a Table,
    parts: Vec<Part<'a>>,
    /// Messages in all parts.
    messages: u64,
    scores: Scores,
    kept: Option<&'a Kept>,
    /// Whether what messages quote is looked at.
    quotes: bool,
    /// Words that are spelt almost like those that were asked for, and were found.
    spelled: Vec<String>,
    until: Instant,
    /// Whether time was up.
    is_late: bool,
    is_cut: bool,
}

impl std::fmt::Debug for Search<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Search").field("parts", &self.parts.len()).finish_non_exhaustive()
    }
}

impl<'a> Search<'a> {
    /// A search of these indexes by somebody who sees so much. It looks at what earlier searches have found, and keeps
    /// what it finds.
    #[must_use]
    pub fn new(
        table: &'a Table,
        views: &'a [View],
        sight: &Sight<'_>,
        kept: Option<&'a Kept>,
    ) -> Self {
        let mut first = 0;
        let parts: Vec<Part<'_>> = views
            .iter()
            .flat_map(|view| view.segments().map(move |(segment, facts)| (view, segment, facts)))
            .map(|(view, segment, facts)| {
                let part = Part { first, view, segment, facts };
                first = first.saturating_add(segment.max_doc());
                part
            })
            .collect();
        Self {
            table,
            messages: parts.iter().map(|part| u64::from(part.segment.num_docs())).sum(),
            parts,
            scores: Scores::new(table, sight, kept.map(Kept::scratch).unwrap_or_default()),
            kept,
            quotes: true,
            spelled: Vec::new(),
            until: Instant::now() + LONGEST,
            is_late: false,
            is_cut: false,
        }
    }

    /// The tickets that fit.
    pub fn find(&mut self, clause: &Clause) -> Result<Set> {
        Ok(match clause {
            Clause::All(clauses) => self.all(clauses)?,
            Clause::Words(clauses) => self.most(clauses)?,
            Clause::Any(clauses) => {
                let mut any = self.nothing();
                for clause in clauses {
                    any.or(&self.find(clause)?);
                }
                any
            }
            Clause::Not(clause) => {
                let mut all = self.everything();
                all.without(&self.find(clause)?);
                all
            }
            Clause::Word { forms, place, is_begun } => self.word(forms, *place, *is_begun)?,
            Clause::Phrase { text, place } => self.phrase(text, *place)?,
            Clause::State(fits) => self.that_fit(&Test::of_kinds(self.table, fits)),
            Clause::Span(fits) => self.that_fit(&Test::Span(self.table.times(), fits)),
            Clause::Tickets(ids) => self.tickets(ids),
            Clause::Number(number) => {
                let place = self.table.find(*number).filter(|place| self.is_seen(*place));
                place.map_or_else(
                    || self.nothing(),
                    |place| Set::one(self.table.len(), place, NAMED),
                )
            }
            Clause::Some(place) => self.some(*place)?,
        })
    }

    fn all(&mut self, clauses: &[Clause]) -> Result<Set> {
        // What must not be there is taken away from what is, and states are asked of what is there, without
        // looking at everything.
        let table = self.table;
        let (mut must, mut not, mut tests) = (Vec::new(), Vec::new(), VecDeque::new());
        for clause in clauses {
            match clause {
                Clause::Not(clause) => not.push(clause),
                Clause::State(fits) => tests.push_back(Test::of_kinds(table, fits)),
                Clause::Span(fits) => tests.push_back(Test::Span(table.times(), fits)),
                other => must.push(other),
            }
        }
        let mut all: Option<Set> = None;
        for clause in must {
            let found = self.find(clause)?;
            match &mut all {
                None => all = Some(found),
                Some(all) => all.and(&found),
            }
        }
        let mut all = match (all, tests.pop_front()) {
            (Some(mut all), Some(test)) => {
                all.keep(|place| test.fits(place));
                all
            }
            (Some(all), None) => all,
            (None, Some(test)) => self.that_fit(&test),
            (None, None) => self.everything(),
        };
        for test in tests {
            all.keep(|place| test.fits(place));
        }
        for clause in not {
            all.without(&self.find(clause)?);
        }
        Ok(all)
    }

    /// The tickets that may be seen and fit.
    fn that_fit(&self, test: &Test<'_>) -> Set {
        let seen = (0_u32..).zip(&self.scores.seen.tickets).filter(|(_, seen)| **seen);
        let fit = seen.map(|(place, _)| place).filter(|place| test.fits(*place));
        Set::marked(self.table.len(), fit)
    }

    /// All of the words; with few tickets that have all, those that have most of them, below the others.
    fn most(&mut self, clauses: &[Clause]) -> Result<Set> {
        let mut sets = Vec::with_capacity(clauses.len());
        for clause in clauses {
            sets.push(self.find(clause)?);
        }
        if sets.len() < 2 {
            return Ok(sets.pop().unwrap_or_else(|| self.nothing()));
        }
        let Some((first, others)) = sets.split_first() else { return Ok(self.nothing()) };
        let mut all = first.clone();
        for other in others {
            all.and(other);
        }
        let least = match sets.len() {
            0..=2 => 1,
            3..=4 => sets.len() - 1,
            more => more - 2,
        };
        if all.count_to(FEW) < FEW {
            let mut most = Set::of_most(&sets, least);
            most.scale(MOST);
            all.scale(1.0 / MOST);
            all.or(&most);
        }
        Ok(all)
    }

    fn nothing(&self) -> Set {
        Set::new(self.table.len())
    }

    fn everything(&self) -> Set {
        let seen = (0_u32..).zip(&self.scores.seen.tickets).filter(|(_, seen)| **seen);
        Set::marked(self.table.len(), seen.map(|(place, _)| place))
    }

    fn tickets(&self, ids: &HashSet<TicketId>) -> Set {
        // By their numbers, for they may have gone up in others.
        let rows = ids.iter().filter_map(|id| self.table.row(self.table.place(*id)?));
        let places = rows.filter_map(|row| self.table.find(row.number));
        Set::marked(self.table.len(), places.filter(|place| self.is_seen(*place)))
    }

    /// Whether the asker may read the ticket at this place.
    fn is_seen(&self, place: u32) -> bool {
        self.scores.seen.tickets.get(place as usize).is_some_and(|seen| *seen)
    }

    /// Whether time is up. What was found until then is what there is.
    fn is_over(&mut self) -> bool {
        self.is_late |= Instant::now() > self.until;
        self.is_cut |= self.is_late;
        self.is_late
    }

    /// Whether something was left out, for want of time or because a word has too many forms.
    #[must_use]
    pub fn is_cut(&self) -> bool {
        self.is_cut
    }

    /// Leaves these messages out, and everything that is quoted: it may be their words.
    pub fn without(&mut self, messages: impl Iterator<Item = Uuid>) {
        self.scores.without = messages.map(|id| id.as_u64_pair().1).collect();
        self.quotes = false;
    }

    /// Words that were found because they are spelt almost like those that were asked for.
    #[must_use]
    pub fn spelled(&self) -> Vec<String> {
        self.spelled.clone()
    }

    /// The fields of a place that the asker may read.
    fn fields(&self, place: Place) -> Vec<Weighted> {
        let all = fields(place).iter().copied();
        all.filter(|(field, _)| self.quotes || *field != SCHEMA.1.quote).collect()
    }

    /// Gathers these messages of a part.
    fn gather(
        &mut self,
        part: &Part<'_>,
        scored: impl IntoIterator<Item = (u32, f32)>,
    ) -> Result<()> {
        let numbers = self.scores.seen.places.len();
        let (tickets, gather) = (part.facts.tickets(), &mut self.scores.scratch.gather);
        gather.reach(numbers);
        let alive = part.segment.alive_bitset();
        let without = &self.scores.without;
        let low =
            if without.is_empty() { None } else { Some(&part.facts.columns(part.segment)?.low) };
        for (doc, score) in scored {
            if alive.is_some_and(|alive| !alive.is_alive(doc)) {
                continue;
            }
            let id = low.and_then(|low| low.first(doc));
            if id.is_some_and(|id| without.contains(&id)) {
                continue;
            }
            if let Some(ticket) = tickets.get(doc as usize) {
                gather.hit(*ticket, doc, score);
            }
        }
        Ok(())
    }

    /// What is found in each part, as it was found before or as `look` finds it.
    fn each(
        &mut self,
        wanted: &Wanted<'_>,
        mut look: impl FnMut(&mut Self, &Part<'a>) -> Result<Hits>,
    ) -> Result<Vec<(Part<'a>, Arc<Hits>)>> {
        let mut all = Vec::with_capacity(self.parts.len());
        for at in 0..self.parts.len() {
            let Some(part) = self.parts.get(at).copied() else { continue };
            if self.is_over() {
                break;
            }
            // What is left out differs from asker to asker.
            let kept = self.kept.filter(|_| self.scores.without.is_empty());
            let key = kept.map(|kept| (kept, kept.key(part.segment, wanted)));
            let known = key.as_ref().and_then(|(kept, key)| kept.get(key));
            let hits = if let Some(known) = known {
                known
            } else {
                let found = Arc::new(look(self, &part)?);
                if let Some((kept, key)) = key.filter(|_| !self.is_late) {
                    kept.put(key, &found);
                }
                found
            };
            self.is_cut |= hits.is_cut;
            for word in &hits.spelled {
                if self.spelled.len() < SPELLINGS && !self.spelled.contains(word) {
                    self.spelled.push(String::clone(word));
                }
            }
            all.push((part, hits));
        }
        Ok(all)
    }

    /// What was found, scoring so many times what it says.
    fn lists<'f>(
        found: &'f [(Part<'a>, Arc<Hits>)],
        factor: f32,
    ) -> impl Iterator<Item = List> + use<'f, 'a> {
        found.iter().map(move |(part, hits)| List {
            hits: Arc::clone(hits),
            factor,
            first: part.first,
        })
    }

    /// The tickets with anything at a place.
    fn some(&mut self, place: Place) -> Result<Set> {
        let mut lists = Vec::new();
        for at in 0..self.parts.len() {
            let Some(part) = self.parts.get(at).copied() else { continue };
            for (field, _) in fields(place) {
                let Some(lengths) = part.facts.lengths(part.segment, *field) else { continue };
                let with = (0_u32..).zip(lengths).filter(|(_, length)| **length > 0);
                self.gather(&part, with.map(|(doc, _)| (doc, 1.0)))?;
            }
            let mut hits = Hits::default();
            self.scores.scratch.gather.take(&mut hits);
            lists.push(List { hits: Arc::new(hits), factor: 1.0, first: part.first });
            if self.is_over() {
                break;
            }
        }
        self.scores.add(lists);
        Ok(self.scores.take())
    }

    /// The messages of the tickets at these places that fit best, as the indexes have them.
    pub fn best_messages(&self, places: &[u32]) -> Result<Vec<Option<Entry>>> {
        let mut all = Vec::with_capacity(places.len());
        for place in places {
            let best = self.scores.best(&self.numbers(*place)).and_then(|message| {
                // One without messages is followed by another that begins where it does.
                let after = self.parts.partition_point(|part| part.first <= message);
                let part = self.parts.get(after.checked_sub(1)?)?;
                Some((part, message - part.first))
            });
            all.push(match best {
                None => None,
                Some((part, doc)) => Some(part.facts.columns(part.segment)?.entry(doc)),
            });
        }
        Ok(all)
    }

    /// The numbers that what was written to is found in the ticket at this place.
    fn numbers(&self, place: u32) -> Vec<u32> {
        let seen = &self.scores.seen;
        if seen.is_joined(place) {
            let all = (0_u32..).zip(&seen.places);
            return all.filter(|(_, at)| **at == place).map(|(number, _)| number).collect();
        }
        let number = self.table.row(place).and_then(|row| u32::try_from(row.number).ok());
        number.into_iter().collect()
    }
}

impl Drop for Search<'_> {
    fn drop(&mut self) {
        if let Some(kept) = self.kept {
            kept.leave(self.scores.take_scratch());
        }
    }
}

/// What is asked of a ticket without looking at its words.
enum Test<'a> {
    /// By the kind of ticket: whether it fits.
    Kinds(&'a [Brief], Vec<bool>),
    Span(&'a [Times], Fits<'a, Times>),
}

type Fits<'a, T> = &'a (dyn Fn(&T) -> bool + Send + Sync);

impl<'a> Test<'a> {
    fn of_kinds(table: &'a Table, fits: Fits<'_, Kind>) -> Self {
        Self::Kinds(table.briefs(), table.kinds().iter().map(fits).collect())
    }

    fn fits(&self, place: u32) -> bool {
        let at = place as usize;
        match self {
            Self::Kinds(briefs, fits) => briefs
                .get(at)
                .and_then(|brief| fits.get(brief.kind as usize))
                .is_some_and(|fits| *fits),
            Self::Span(times, fits) => times.get(at).is_some_and(fits),
        }
    }
}
