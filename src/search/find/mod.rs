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

mod phrases;
mod rank;
mod set;
mod words;

use std::collections::HashSet;
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use tantivy::SegmentReader;
use tantivy::schema::Field;
use uuid::Uuid;

use super::index::schema::SCHEMA;
use super::index::{Entry, Facts, Result, View};
use super::language::Forms;
use super::table::{NONE, Row, Sight, Table};
use crate::domain::ids::TicketId;

pub use rank::{Counts, Order, Ranked};
pub use set::Set;

/// How long a search may go on.
const LONGEST: Duration = Duration::from_secs(2);

/// What a ticket scores that was asked for by its number.
const NAMED: f32 = 1_000.0;

/// With fewer tickets than this that have what was asked for, what comes close is looked for.
const FEW: usize = 3;

/// What a ticket scores that has most of the words, beside one that has all.
const MOST: f32 = 0.1;

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
    /// Tickets in a state.
    State(Box<dyn Fn(&Row) -> bool + Send + Sync>),
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
struct Part<'a> {
    view: &'a View,
    segment: &'a SegmentReader,
    facts: &'a Facts,
}

/// A message: in which part it is, and where in that.
#[derive(Debug, Clone, Copy)]
struct Address {
    part: u32,
    doc: u32,
}

/// The message of a ticket that scored best.
#[derive(Debug, Clone, Copy)]
struct Best {
    score: f32,
    address: Address,
}

const NOTHING: Best = Best { score: 0.0, address: Address { part: NONE, doc: NONE } };

/// A search under way.
pub struct Search<'a> {
    table: &'a Table,
    parts: Vec<Part<'a>>,
    /// Messages in all parts.
    messages: u64,
    scores: Scores<'a>,
    /// Whether what messages quote is looked at.
    quotes: bool,
    /// Words that are spelt almost like those that were asked for, and were found.
    spelled: Vec<String>,
    until: Instant,
    is_cut: bool,
}

/// What scored so far. Every ticket has a slot in each list, by its place in the table.
struct Scores<'a> {
    /// The place of each ticket's number.
    finals: &'a [u32],
    /// Whether the asker may read it.
    seen: Vec<bool>,
    best: Vec<Best>,
    /// Scores of one field, while it is read.
    field: Vec<f32>,
    touched: Vec<u32>,
    /// Messages that the asker may not read although they may read the ticket, by their lower halves.
    without: HashSet<u64>,
}

impl Scores<'_> {
    /// A message of the ticket with this number scores in the field that is being read.
    fn hit(&mut self, number: u32, address: Address, score: f32) {
        let Some(place) = self.finals.get(number as usize) else { return };
        let at = *place as usize;
        if !self.seen.get(at).is_some_and(|seen| *seen) {
            return;
        }
        if let Some(field) = self.field.get_mut(at)
            && score > *field
        {
            if *field == 0.0 {
                self.touched.push(*place);
            }
            *field = score;
        }
        if let Some(best) = self.best.get_mut(at)
            && score > best.score
        {
            *best = Best { score, address };
        }
    }

    /// The field was read: what it scored is added.
    fn settle(&mut self, set: &mut Set) {
        for place in self.touched.drain(..) {
            if let Some(score) = self.field.get_mut(place as usize) {
                set.add(place, std::mem::take(score));
            }
        }
    }
}

impl std::fmt::Debug for Search<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Search").field("parts", &self.parts.len()).finish_non_exhaustive()
    }
}

impl<'a> Search<'a> {
    /// A search of these indexes by somebody who sees so much.
    #[must_use]
    pub fn new(table: &'a Table, views: &'a [View], sight: &Sight<'_>) -> Self {
        let parts: Vec<Part<'_>> = views
            .iter()
            .flat_map(|view| view.segments().map(move |(segment, facts)| (view, segment, facts)))
            .map(|(view, segment, facts)| Part { view, segment, facts })
            .collect();
        Self {
            table,
            messages: parts.iter().map(|part| u64::from(part.segment.num_docs())).sum(),
            parts,
            scores: Scores {
                finals: table.finals(),
                seen: table.seen(sight),
                best: vec![NOTHING; table.len()],
                field: vec![0.0; table.len()],
                touched: Vec::new(),
                without: HashSet::new(),
            },
            quotes: true,
            spelled: Vec::new(),
            until: Instant::now() + LONGEST,
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
            Clause::State(fits) => self.state(|row| fits(row)),
            Clause::Tickets(ids) => self.tickets(ids),
            Clause::Number(number) => {
                let mut set = self.nothing();
                if let Some(place) = self.table.find(*number)
                    && self.is_seen(place)
                {
                    set.add(place, NAMED);
                }
                set
            }
            Clause::Some(place) => self.some(*place)?,
        })
    }

    fn all(&mut self, clauses: &[Clause]) -> Result<Set> {
        // What must not be there is taken away from what is, and states are asked of what is there, without
        // looking at everything.
        let (not, must): (Vec<_>, Vec<_>) =
            clauses.iter().partition(|clause| matches!(clause, Clause::Not(_)));
        let (states, mut must): (Vec<_>, Vec<_>) =
            must.into_iter().partition(|clause| matches!(clause, Clause::State(_)));
        let mut states = states.into_iter();
        if must.is_empty() {
            must.extend(states.next());
        }
        let mut all: Option<Set> = None;
        for clause in must {
            let found = self.find(clause)?;
            match &mut all {
                None => all = Some(found),
                Some(all) => all.and(&found),
            }
        }
        let mut all = all.unwrap_or_else(|| self.everything());
        for clause in states {
            if let Clause::State(fits) = clause {
                all.keep(|place| self.table.row(place).is_some_and(fits));
            }
        }
        for clause in not {
            if let Clause::Not(clause) = clause {
                all.without(&self.find(clause)?);
            }
        }
        Ok(all)
    }

    /// All of the words; with few tickets that have all, those that have most of them, below the others.
    fn most(&mut self, clauses: &[Clause]) -> Result<Set> {
        let mut sets = Vec::with_capacity(clauses.len());
        for clause in clauses {
            sets.push(self.find(clause)?);
        }
        let Some((first, others)) = sets.split_first() else { return Ok(self.nothing()) };
        let mut all = first.clone();
        for other in others {
            all.and(other);
        }
        let least = match sets.len() {
            0..=1 => return Ok(all),
            2 => 1,
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
        self.state(|_| true)
    }

    fn state(&self, fits: impl Fn(&Row) -> bool) -> Set {
        let mut set = self.nothing();
        for (place, _) in (0_u32..).zip(&self.scores.seen).filter(|(_, seen)| **seen) {
            if self.table.row(place).is_some_and(&fits) {
                set.mark(place);
            }
        }
        set
    }

    fn tickets(&self, ids: &HashSet<TicketId>) -> Set {
        let mut set = self.nothing();
        for id in ids {
            // By its number, for it may have gone up in another one.
            let number = self.table.place(*id).and_then(|place| self.table.row(place));
            if let Some(place) = number.and_then(|row| self.table.find(row.number))
                && self.is_seen(place)
            {
                set.mark(place);
            }
        }
        set
    }

    /// Whether the asker may read the ticket at this place.
    fn is_seen(&self, place: u32) -> bool {
        self.scores.seen.get(place as usize).is_some_and(|seen| *seen)
    }

    /// Whether time is up. What was found until then is what there is.
    fn is_over(&mut self) -> bool {
        let is_over = Instant::now() > self.until;
        self.is_cut |= is_over;
        is_over
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

    /// These messages of a part score.
    fn hits(&mut self, at: u32, scored: impl IntoIterator<Item = (u32, f32)>) -> Result<()> {
        let Some(part) = self.parts.get(at as usize) else { return Ok(()) };
        let (tickets, board) = (part.facts.tickets(), &mut self.scores);
        let alive = part.segment.alive_bitset();
        let low = if board.without.is_empty() {
            None
        } else {
            Some(&part.facts.columns(part.segment)?.low)
        };
        for (doc, score) in scored {
            if alive.is_some_and(|alive| !alive.is_alive(doc)) {
                continue;
            }
            let id = low.and_then(|low| low.first(doc));
            if id.is_some_and(|id| board.without.contains(&id)) {
                continue;
            }
            if let Some(number) = tickets.get(doc as usize) {
                board.hit(*number, Address { part: at, doc }, score);
            }
        }
        Ok(())
    }

    /// The tickets with anything at a place.
    fn some(&mut self, place: Place) -> Result<Set> {
        let mut set = self.nothing();
        for at in 0..self.parts.len() {
            for (field, _) in fields(place) {
                let Some(part) = self.parts.get(at) else { continue };
                let Some(lengths) = part.facts.lengths(part.segment, *field) else { continue };
                let with = (0_u32..).zip(lengths).filter(|(_, length)| **length > 0);
                let with: Vec<(u32, f32)> = with.map(|(doc, _)| (doc, 1.0)).collect();
                self.hits(u32::try_from(at).unwrap_or(NONE), with)?;
            }
            if self.is_over() {
                break;
            }
        }
        self.scores.settle(&mut set);
        Ok(set)
    }

    /// The messages of the tickets at these places that fit best, as the indexes have them.
    pub fn best_messages(&self, places: &[u32]) -> Result<Vec<Option<Entry>>> {
        let mut all = Vec::with_capacity(places.len());
        for place in places {
            let address = self.scores.best.get(*place as usize).map(|best| best.address);
            let part = address.and_then(|address| self.parts.get(address.part as usize));
            all.push(match address.zip(part) {
                None => None,
                Some((address, part)) => Some(part.facts.columns(part.segment)?.entry(address.doc)),
            });
        }
        Ok(all)
    }
}
