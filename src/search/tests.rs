//! An index of a few messages, and what is found in it.

use std::path::Path;

use uuid::Uuid;
use zeroize::Zeroizing;

use super::find::{Clause, Kept, Order, Place, Search, Year};
use super::index::{Change, ChannelIndex, IndexError, Message};
use super::language::Forms;
use super::sealed::BlockCache;
use super::table::{Row, Sight, Table};
use crate::domain::ids::{ChannelId, TicketId};
use crate::domain::words::{Priority, Status};

/// All time is one year.
const YEAR: Year = Year { number: 1970, from: i64::MIN, to: i64::MAX };

fn key() -> Zeroizing<[u8; 32]> {
    Zeroizing::new([3; 32])
}

fn cache() -> BlockCache {
    BlockCache::new(1 << 20)
}

fn message(id: u128, ticket: u64, subject: &str, text: &str) -> Message {
    Message {
        id: Uuid::from_u128(id << 64 | id),
        ticket,
        key_id: Uuid::from_u128(9),
        subject: subject.to_owned(),
        text: text.to_owned(),
        sender: vec!["Sanne de Vries".to_owned(), "sanne.devries@voorbeeld.test".to_owned()],
        ..Message::default()
    }
}

fn put(messages: impl IntoIterator<Item = Message>) -> Vec<Change> {
    messages.into_iter().map(|message| Change::Put(Box::new(message))).collect()
}

fn table(tickets: u64) -> Table {
    let mut table = Table::default();
    for number in 1..=tickets {
        table.put(Row {
            id: TicketId(Uuid::from_u128(u128::from(number))),
            number,
            channel: ChannelId(Uuid::from_u128(u128::from(number % 2))),
            contact: None,
            status: Status::Open,
            assignee: None,
            team: None,
            priority: Priority::Normal,
            last: i64::try_from(number).expect("small"),
            has_attachment: false,
            first: 0,
            is_waiting: false,
            is_snoozed: false,
            merged_into: None,
        });
    }
    table
}

fn index(folder: &Path) -> ChannelIndex {
    let index = ChannelIndex::create(folder, key(), cache()).expect("creates");
    let messages = [
        message(1, 1, "De fiets is niet geleverd", "Mijn bakfiets zou gisteren komen."),
        message(2, 2, "Invoice", "Your invoices for order 2026-004711 are missing."),
        message(3, 3, "Vraag", "Kan ik de rekening per incasso betalen? NL91 ABNA 0417 1643 00"),
        message(4, 3, "Re: Vraag", "De fiets staat klaar, de rekening volgt."),
    ];
    index.apply(put(messages), &[]).expect("applies");
    index
}

fn word(text: &str) -> Clause {
    Clause::Word { forms: Box::new(Forms::of(text)), place: Place::Anywhere, is_begun: false }
}

fn begun(text: &str) -> Clause {
    Clause::Word { forms: Box::new(Forms::of(text)), place: Place::Anywhere, is_begun: true }
}

/// The numbers of what is found, the best first.
fn found(index: &ChannelIndex, clause: &Clause) -> Vec<u64> {
    let sight = Sight { reaches: &|_| true, shows: &|_| true, hidden: &[] };
    found_by(index, clause, &sight)
}

/// The same whether it is found for the first time or was kept.
fn found_by(index: &ChannelIndex, clause: &Clause, sight: &Sight<'_>) -> Vec<u64> {
    let kept = Kept::new(1 << 20);
    let [alone, first, again] =
        [None, Some(&kept), Some(&kept)].map(|kept| found_with(index, clause, sight, kept));
    assert_eq!((&first, &again), (&alone, &alone));
    alone
}

fn found_with(
    index: &ChannelIndex,
    clause: &Clause,
    sight: &Sight<'_>,
    kept: Option<&Kept>,
) -> Vec<u64> {
    found_in(&table(3), index, clause, sight, kept)
}

fn found_in(
    table: &Table,
    index: &ChannelIndex,
    clause: &Clause,
    sight: &Sight<'_>,
    kept: Option<&Kept>,
) -> Vec<u64> {
    let views = [index.view().expect("a view")];
    let mut search = Search::new(table, &views, sight, kept);
    let set = search.find(clause).expect("finds");
    let ranked = search.rank(&set, Order::Best, (0, 10), 0, &|_| YEAR);
    assert_eq!(ranked.counts.all, ranked.places.len() as u64);
    ranked.places.iter().filter_map(|place| table.row(*place)).map(|row| row.number).collect()
}

/// An index that is being built may have a message before the table has its ticket.
#[test]
fn a_ticket_that_came_after_the_search_is_found_by_the_next() {
    let home = tempfile::tempdir().expect("a folder");
    let index = index(&home.path().join("i"));
    index.apply(put([message(5, 9, "Vraag", "Waar is de kajuit?")]), &[]).expect("applies");
    let kept = Kept::new(1 << 20);
    let all = Sight { reaches: &|_| true, shows: &|_| true, hidden: &[] };
    let found = |table: &Table| found_in(table, &index, &word("kajuit"), &all, Some(&kept));
    assert_eq!(found(&table(3)), [0; 0]);
    assert_eq!(found(&table(9)), [9]);
}

/// Nothing that was kept is told to somebody who may not read it, or after it was taken out.
#[test]
fn what_was_kept_is_told_to_nobody_else_and_not_for_longer_than_it_is_there() {
    let home = tempfile::tempdir().expect("a folder");
    let index = index(&home.path().join("i"));
    let kept = Kept::new(1 << 20);
    let odd = ChannelId(Uuid::from_u128(1));
    let reaches = |channel| channel == odd;
    let may = Sight { reaches: &reaches, shows: &|_| true, hidden: &[] };
    let all = Sight { reaches: &|_| true, shows: &|_| true, hidden: &[] };
    let row = Clause::Phrase { text: "order 2026-004711".to_owned(), place: Place::Anywhere };
    for clause in [word("missing"), begun("ord"), word("invocie"), word("004711"), row] {
        let found = |sight| found_with(&index, &clause, sight, Some(&kept));
        assert_eq!(
            (found(&all), found(&may), found(&all)),
            (vec![2], vec![], vec![2]),
            "{clause:?}"
        );
    }
    index.apply(vec![Change::Remove(Uuid::from_u128(2 << 64 | 2))], &[2]).expect("applies");
    assert_eq!(found_with(&index, &word("missing"), &all, Some(&kept)), [0; 0]);
    let more = message(5, 1, "Invoice", "It is missing again.");
    index.apply(put([more]), &[]).expect("applies");
    assert_eq!(found_with(&index, &word("missing"), &all, Some(&kept)), [1]);
}

#[test]
fn finds_words_in_all_their_forms() {
    let home = tempfile::tempdir().expect("a folder");
    let index = index(&home.path().join("i"));
    assert_eq!(found(&index, &word("geleverd")), [1]);
    assert_eq!(found(&index, &word("invoice")), [2]);
    assert_eq!(found(&index, &word("fietsen")), [1, 3], "a plural, and part of a compound");
    assert_eq!(found(&index, &word("invocie")), [2], "two letters the wrong way round");
    assert_eq!(found(&index, &begun("reken")), [3]);
    assert_eq!(found(&index, &word("0417164300")), [3], "part of a number, grouped in another way");
    assert_eq!(found(&index, &word("004711")), [2]);
    assert_eq!(found(&index, &word("sanne.devries@voorbeeld.test")).len(), 3);
    assert_eq!(found(&index, &word("zonneklep")), [0; 0]);
}

/// A page of a dictionary: more words begin alike than are looked for.
#[test]
fn a_beginning_that_many_words_have_finds_the_common_ones() {
    let home = tempfile::tempdir().expect("a folder");
    let index = index(&home.path().join("i"));
    let letter = |n: u32| char::from_u32('a' as u32 + n % 26).expect("a letter");
    let mut rare = String::new();
    for n in 0..676 {
        rare.extend(['z', 'o', 'n', letter(n / 26), letter(n), ' ']);
    }
    let all = [
        message(11, 1, "Lijst", &rare),
        message(12, 2, "Vraag", "Is de zonzwz er?"),
        message(13, 3, "Vraag", "Waar is mijn zonzwz gebleven?"),
    ];
    index.apply(put(all), &[]).expect("applies");
    let (table, views) = (table(3), [index.view().expect("a view")]);
    let sight = Sight { reaches: &|_| true, shows: &|_| true, hidden: &[] };
    let mut search = Search::new(&table, &views, &sight, None);
    let set = search.find(&begun("zon")).expect("finds");
    assert_eq!(search.rank(&set, Order::Best, (0, 10), 0, &|_| YEAR).counts.all, 3);
    assert!(search.is_cut(), "what is rare was left out, and that is said");
}

/// A ticket scores what its best message does, not what all of them do together: in whichever parts of the index they
/// are, and also when one was written to a ticket that went up in it.
#[test]
fn many_messages_do_not_make_a_better_one() {
    let home = tempfile::tempdir().expect("a folder");
    let all = Sight { reaches: &|_| true, shows: &|_| true, hidden: &[] };
    let of = |ticket: [u64; 2]| {
        [
            message(11, ticket[0], "Vraag", "Waar is toch de kajuit?"),
            message(12, ticket[1], "Vraag", "Is er toch een kajuit?"),
            message(13, 2, "Vraag", "Een kajuit is een kajuit."),
        ]
    };
    let mut joined = table(3);
    let third = joined.row(joined.find(3).expect("there")).expect("there").clone();
    let first = joined.row(joined.find(1).expect("there")).expect("there").id;
    joined.put(Row { merged_into: Some(first), ..third });
    for (name, table, tickets, at_once) in [
        ("one part", table(3), [1, 1], true),
        ("three parts", table(3), [1, 1], false),
        ("went up", joined, [1, 3], true),
    ] {
        let index = ChannelIndex::create(&home.path().join(name), key(), cache()).expect("creates");
        if at_once {
            index.apply(put(of(tickets)), &[]).expect("applies");
        } else {
            for message in of(tickets) {
                index.apply(put([message]), &[]).expect("applies");
            }
        }
        let views = [index.view().expect("a view")];
        assert_eq!(views[0].segments().count(), if at_once { 1 } else { 3 }, "{name}");
        let kept = Kept::new(1 << 20);
        // The second one has the memory that the first one has left.
        for _ in 0..2 {
            let mut search = Search::new(&table, &views, &all, Some(&kept));
            let set = search.find(&word("kajuit")).expect("finds");
            let ranked = search.rank(&set, Order::Best, (0, 10), 0, &|_| YEAR);
            let numbers = ranked.places.iter().filter_map(|place| table.row(*place));
            assert_eq!(numbers.map(|row| row.number).collect::<Vec<_>>(), [2, 1], "{name}");
            let best = search.best_messages(&ranked.places).expect("opens");
            let best: Vec<u128> =
                best.iter().flatten().map(|entry| entry.id.as_u128() >> 64).collect();
            assert!(best == [13, 11] || best == [13, 12], "{name}: {best:?}");
        }
        // What only the message has that may have been written to the other ticket.
        let mut search = Search::new(&table, &views, &all, Some(&kept));
        let set = search.find(&word("er")).expect("finds");
        let best = search.best_messages(&search.newest(&set, 10)).expect("opens");
        let best: Vec<u128> = best.iter().flatten().map(|entry| entry.id.as_u128() >> 64).collect();
        assert_eq!(best, [12], "{name}");
    }
}

/// What somebody knows of one index, because they wrote the mail that is in it, tells nothing of another.
#[test]
fn two_indexes_of_the_same_mail_have_no_bytes_in_common() {
    let home = tempfile::tempdir().expect("a folder");
    let folders = ["a", "b"].map(|name| home.path().join(name));
    for folder in &folders {
        index(folder).rest().expect("rests");
    }
    let pieces = |folder: &Path| -> std::collections::HashSet<Vec<u8>> {
        let files = std::fs::read_dir(folder).expect("a folder");
        let files = files.map(|entry| std::fs::read(entry.expect("a file").path()).expect("reads"));
        files.flat_map(|bytes| bytes.windows(16).map(<[u8]>::to_vec).collect::<Vec<_>>()).collect()
    };
    let [first, second] = folders.each_ref().map(|folder| pieces(folder));
    assert!(first.len() > 1_000 && second.len() > 1_000);
    assert_eq!(first.intersection(&second).count(), 0);
}

#[test]
fn joins_what_is_asked_over_all_messages_of_a_ticket() {
    let home = tempfile::tempdir().expect("a folder");
    let index = index(&home.path().join("i"));
    let all = |words: &[&str]| Clause::All(words.iter().map(|text| word(text)).collect());
    assert_eq!(found(&index, &all(&["incasso", "klaar"])), [3]);
    assert_eq!(found(&index, &all(&["incasso", "invoice"])), [0; 0]);
    let without = Clause::All(vec![word("fiets"), Clause::Not(Box::new(word("rekening")))]);
    assert_eq!(found(&index, &without), [1]);
    let any = Clause::Any(vec![word("invoice"), word("incasso")]);
    assert_eq!(found(&index, &any).len(), 2);
    let row = |text: &str| Clause::Phrase { text: text.to_owned(), place: Place::Anywhere };
    assert_eq!(found(&index, &row("de fiets staat")), [3]);
    assert_eq!(found(&index, &row("fiets de staat")), [0; 0]);
}

#[test]
fn what_one_may_not_read_is_not_counted() {
    let home = tempfile::tempdir().expect("a folder");
    let index = index(&home.path().join("i"));
    let odd = ChannelId(Uuid::from_u128(1));
    let reaches = |channel| channel == odd;
    let may = Sight { reaches: &reaches, shows: &|_| true, hidden: &[] };
    assert_eq!(found_by(&index, &word("invoice"), &may), [0; 0]);
    assert_eq!(found_by(&index, &word("fiets"), &may), [1, 3]);
    let not = Clause::Not(Box::new(word("fiets")));
    assert_eq!(found_by(&index, &not, &may), [0; 0]);
}

#[test]
fn a_message_that_changed_is_found_as_it_is_and_its_old_words_leave_the_files() {
    let home = tempfile::tempdir().expect("a folder");
    let index = index(&home.path().join("i"));
    let now = message(2, 2, "Invoice", "It is about a lighthouse.");
    index.apply(put([now]), &[2]).expect("applies");
    assert_eq!(found(&index, &word("missing")), [0; 0]);
    assert_eq!(found(&index, &word("lighthouse")), [2]);
    assert_eq!((index.count(), index.spoilt().expect("looks")), (4, 1));
    assert!(index.has_word("miss"), "it is in the files, taken out");
    assert_eq!(index.expunge().expect("rewrites"), 1);
    assert!(!index.has_word("miss"));
    assert_eq!((index.count(), index.spoilt().expect("looks")), (4, 0));
    index.apply(vec![Change::Remove(Uuid::from_u128(2 << 64 | 2))], &[2]).expect("applies");
    assert_eq!(found(&index, &word("lighthouse")), [0; 0]);
}

#[test]
fn opens_again_as_it_was_and_is_refused_when_it_is_older() {
    let home = tempfile::tempdir().expect("a folder");
    let folder = home.path().join("i");
    let made = index(&folder);
    let number = made.number();
    made.rest().expect("rests");
    drop(made);
    let again = ChannelIndex::open(&folder, key(), cache(), number).expect("opens");
    assert_eq!(found(&again, &word("geleverd")), [1]);
    again.verify().expect("is whole");
    drop(again);
    let newer = ChannelIndex::open(&folder, key(), cache(), number + 1);
    assert!(matches!(newer, Err(IndexError::Damaged(_))));
    let other = ChannelIndex::open(&folder, Zeroizing::new([4; 32]), cache(), 0);
    assert!(matches!(other, Err(IndexError::Damaged(_))));
}
