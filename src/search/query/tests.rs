//! What queries mean, what is wrong with wrong ones, and that none is too much.

use chrono::NaiveDate;
use proptest::prelude::*;

use super::{
    Assignee, Days, Filter, Has, Is, Mode, Name, Node, Phrase, Place, Prefix, Problem, Query, Text,
    Word, parse, typing,
};

fn word(text: &str) -> Node {
    Node::Word(Word { text: text.to_owned(), prefix: Prefix::No })
}

fn prefixed(text: &str, prefix: Prefix) -> Node {
    Node::Word(Word { text: text.to_owned(), prefix })
}

fn phrase(text: &str) -> Node {
    Node::Phrase(Phrase { text: text.to_owned(), prefix: Prefix::No })
}

fn within(place: Place, text: &str) -> Node {
    Node::In(place, Text::Word(Word { text: text.to_owned(), prefix: Prefix::No }))
}

fn not(node: Node) -> Node {
    Node::Not(Box::new(node))
}

fn done(text: &str) -> Vec<Node> {
    parse(text, Mode::Done).unwrap_or_else(|e| panic!("{text}: {e}")).nodes
}

fn typed(text: &str) -> Vec<Node> {
    parse(text, Mode::Typing).unwrap_or_else(|e| panic!("{text}: {e}")).nodes
}

fn wrong(text: &str) -> Problem {
    parse(text, Mode::Done).expect_err(text).problem
}

#[test]
fn words_phrases_negations_and_choices() {
    assert_eq!(done("kapotte fiets"), [word("kapotte"), word("fiets")]);
    assert_eq!(done("  \"kapotte   fiets\" "), [phrase("kapotte fiets")]);
    assert_eq!(
        done("„kaputtes Rad“ «roue cassée»"),
        [phrase("kaputtes Rad"), phrase("roue cassée")]
    );
    assert_eq!(done("fiets -step"), [word("fiets"), not(word("step"))]);
    assert_eq!(done("-\"nieuwe step\""), [not(phrase("nieuwe step"))]);
    assert_eq!(
        done("status fiets OR step | auto"),
        [word("status"), Node::Any(vec![word("fiets"), word("step"), word("auto")])]
    );
    assert_eq!(
        done("-(a b) (c OR (d e))"),
        [
            not(Node::All(vec![word("a"), word("b")])),
            Node::Any(vec![word("c"), Node::All(vec![word("d"), word("e")])]),
        ]
    );
    assert_eq!(done("fact* e-mail -"), [prefixed("fact", Prefix::Star), word("e-mail")]);
    assert_eq!(done("a & b - c"), [word("a"), word("b"), word("c")]);
    assert_eq!(done(""), []);
    assert_eq!(done("  ?! * "), []);
}

#[test]
fn fields_in_both_languages() {
    assert_eq!(done("from:jan"), [within(Place::From, "jan")]);
    assert_eq!(done("Van:jan@example.nl"), [within(Place::From, "jan@example.nl")]);
    assert_eq!(done("from: jan"), [within(Place::From, "jan")]);
    assert_eq!(
        done("onderwerp:\"uw bestelling\""),
        [Node::In(
            Place::Subject,
            Text::Phrase(Phrase { text: "uw bestelling".into(), prefix: Prefix::No })
        )]
    );
    assert_eq!(
        done("subject:(retour OR -ruilen)"),
        [Node::Any(vec![within(Place::Subject, "retour"), not(within(Place::Subject, "ruilen"))])]
    );
    let filters = |text: &str| -> Vec<Filter> {
        done(text)
            .into_iter()
            .map(|node| match node {
                Node::Filter(filter) => filter,
                other => panic!("{text}: {other:?}"),
            })
            .collect()
    };
    assert_eq!(filters("is:open"), [Filter::Is(Is::Open)]);
    assert_eq!(filters("status:Gesloten"), [Filter::Is(Is::Closed)]);
    assert_eq!(filters("tag:\"niet leuk\""), [Filter::Tag("niet leuk".into())]);
    assert_eq!(filters("heeft:bijlage"), [Filter::Has(Has::Attachment)]);
    assert_eq!(filters("assignee:me"), [Filter::Assignee(Assignee::Me)]);
    assert_eq!(filters("toegewezen:niemand"), [Filter::Assignee(Assignee::None)]);
    assert_eq!(filters("prio:hoog"), [Filter::Priority("high")]);
    assert_eq!(filters("number:#123 nummer:9"), [Filter::Number(123), Filter::Number(9)]);
    assert_eq!(
        filters("mailbox:support@example.nl"),
        [Filter::Mailbox("support@example.nl".into())]
    );
    assert_eq!(
        done("is:open,pending"),
        [Node::Any(vec![
            Node::Filter(Filter::Is(Is::Open)),
            Node::Filter(Filter::Is(Is::Pending))
        ])]
    );
    assert_eq!(done("-is:closed"), [not(Node::Filter(Filter::Is(Is::Closed)))]);
    assert_eq!(done("#123"), [Node::Any(vec![Node::Filter(Filter::Number(123)), word("123")])]);
    for name in Name::each() {
        assert_eq!(Name::of(name.as_str()), Some(name));
    }
}

#[test]
fn what_only_looks_like_a_field_is_words() {
    for text in ["re:hallo", "http://example.nl/a?b=c", "12:30", "from://x", "foo:bar", "C:\\temp"]
    {
        assert_eq!(done(text), [word(text)], "{text}");
    }
    assert_eq!(done("status: nieuw"), [word("status"), word("nieuw")]);
    assert_eq!(done("re: hallo"), [word("re:"), word("hallo")]);
}

#[test]
fn dates_are_days_months_years_and_times_ago() {
    let day = |y, m, d| NaiveDate::from_ymd_opt(y, m, d).unwrap();
    let today = day(2026, 3, 31);
    for (text, first, end) in [
        ("2026-03-01", day(2026, 3, 1), day(2026, 3, 2)),
        ("2026/3/1", day(2026, 3, 1), day(2026, 3, 2)),
        ("1-3-2026", day(2026, 3, 1), day(2026, 3, 2)),
        ("2026-12", day(2026, 12, 1), day(2027, 1, 1)),
        ("2026", day(2026, 1, 1), day(2027, 1, 1)),
        ("Today", today, day(2026, 4, 1)),
        ("gisteren", day(2026, 3, 30), today),
        ("7d", day(2026, 3, 24), day(2026, 3, 25)),
        ("2w", day(2026, 3, 17), day(2026, 3, 18)),
        ("1m", day(2026, 2, 28), day(2026, 3, 1)),
        ("1y", day(2025, 3, 31), day(2025, 4, 1)),
    ] {
        assert_eq!(Days::parse(text).map(|d| d.range(today)), Some((first, end)), "{text}");
    }
    for text in
        ["", "d", "2026-13", "2026-02-30", "99999999d", "morgen", "1-2-3-4", "26", "-", "7é"]
    {
        assert_eq!(Days::parse(text), None, "{text}");
    }
}

#[test]
fn words_in_a_row_that_are_a_code_are_kept_together() {
    let code = |text: &str| {
        vec![Node::Code {
            text: text.into(),
            words: text.split(' ').map(|w| Word { text: w.into(), prefix: Prefix::No }).collect(),
        }]
    };
    for text in ["nl91 abna 0417 1643 00", "06 1234 5678", "(020) 123 4567", "ord 2026 00123"] {
        assert_eq!(done(text), code(text), "{text}");
    }
    assert_eq!(done("fiets 06-12345678"), [word("fiets"), word("06-12345678")]);
    assert_eq!(
        done("klacht 1234 5678 fiets"),
        [vec![word("klacht")], code("1234 5678"), vec![word("fiets")]].concat()
    );
    assert_eq!(done("+31 (0)6 12345678 "), code("+31 (0)6 12345678"));
}

#[test]
fn the_last_word_may_not_be_finished() {
    assert_eq!(typed("rode fie"), [word("rode"), prefixed("fie", Prefix::Typed)]);
    assert_eq!(typed("rode fiets "), [word("rode"), word("fiets")]);
    assert_eq!(
        typed("\"rode fie"),
        [Node::Phrase(Phrase { text: "rode fie".into(), prefix: Prefix::Typed })]
    );
    assert_eq!(typed("(rode OR "), [word("rode")]);
    assert_eq!(typed("fiets from:"), [word("fiets")]);
    assert_eq!(typed("fiets is:op"), [word("fiets")]);
    assert_eq!(typed("fiets before:2026-0"), [word("fiets")]);
    assert_eq!(typed("fiets -"), [word("fiets")]);
    assert_eq!(typed("fiets )"), [word("fiets")]);
    assert_eq!(parse("is:foo", Mode::Typing).unwrap_err().problem, Problem::UnknownValue(Name::Is));

    let at = |text| typing(text).map(|t| (t.field, t.text, t.start));
    assert_eq!(at("é😀 is:op"), Some((Some(Name::Is), "op", 7)));
    assert_eq!(at("is:"), Some((Some(Name::Is), "", 3)));
    assert_eq!(at("rode fi"), Some((None, "fi", 5)));
    assert_eq!(at("rode "), None);
    assert_eq!(at("tag:\"niet l"), Some((Some(Name::Tag), "niet l", 4)));
}

#[test]
fn wrong_queries_say_what_is_wrong_and_where() {
    assert_eq!(wrong("\"open"), Problem::UnclosedQuote);
    assert_eq!(wrong("(a b"), Problem::UnclosedBracket);
    assert_eq!(wrong("a b)"), Problem::UnopenedBracket);
    assert_eq!(wrong("OR a"), Problem::DanglingOr);
    assert_eq!(wrong("a OR"), Problem::DanglingOr);
    assert_eq!(wrong("a OR OR b"), Problem::DanglingOr);
    assert_eq!(wrong("is:foo"), Problem::UnknownValue(Name::Is));
    assert_eq!(wrong("before:gauw"), Problem::BadDate(Name::Before));
    assert_eq!(wrong("number:x"), Problem::BadNumber);
    assert_eq!(wrong("tag:"), Problem::MissingValue(Name::Tag));
    assert_eq!(wrong("tag:(a)"), Problem::MissingValue(Name::Tag));
    assert_eq!(wrong("a*b"), Problem::WildcardPlace);
    assert_eq!(wrong("a*"), Problem::WildcardTooShort);
    assert_eq!(wrong(&"(".repeat(9)), Problem::TooDeep);
    let error = parse("é😀 is:foo", Mode::Done).unwrap_err();
    assert_eq!(error.at, 7..10);
    assert!(error.to_string().contains("on_hold"), "{error}");
    // Allowed: a list of what is left.
    assert!(!Query { nodes: done("-fiets is:open") }.has_words());
}

#[test]
fn too_much_is_refused_at_once() {
    assert_eq!(wrong(&"a".repeat(10_000)), Problem::TooLong);
    assert_eq!(wrong(&"aa* ".repeat(1_000)), Problem::TooLong);
    assert_eq!(wrong(&"aa* ".repeat(100)), Problem::TooManyWildcards);
    assert_eq!(wrong(&"aa ".repeat(100)), Problem::TooManyWords);
    assert_eq!(wrong(&"(".repeat(1_000)), Problem::TooDeep);
    assert_eq!(wrong(&"\"".repeat(999)), Problem::UnclosedQuote);
    assert_eq!(parse(&"x".repeat(1 << 24), Mode::Typing).unwrap_err().problem, Problem::TooLong);
}

/// What is written back does not say that a word was being typed.
fn finished(nodes: Vec<Node>) -> Vec<Node> {
    let done = |mut word: Word| {
        if word.prefix == Prefix::Typed {
            word.prefix = Prefix::No;
        }
        word
    };
    nodes
        .into_iter()
        .map(|node| match node {
            Node::All(nodes) => Node::All(finished(nodes)),
            Node::Any(nodes) => Node::Any(finished(nodes)),
            Node::Not(node) => Node::Not(Box::new(finished(vec![*node]).remove(0))),
            Node::Word(word) => Node::Word(done(word)),
            Node::Phrase(phrase) => Node::Phrase(Phrase { prefix: Prefix::No, ..phrase }),
            Node::Code { text, words } => {
                Node::Code { text, words: words.into_iter().map(done).collect() }
            }
            Node::In(place, Text::Word(word)) => Node::In(place, Text::Word(done(word))),
            Node::In(place, Text::Phrase(phrase)) => {
                Node::In(place, Text::Phrase(Phrase { prefix: Prefix::No, ..phrase }))
            }
            filter @ Node::Filter(_) => filter,
        })
        .collect()
}

#[test]
fn a_minus_that_negates_nothing_stays_a_part_of_its_word() {
    for (text, written) in [("--x", "--x"), ("-(--x", "-(--x)"), ("–from:jan", "-from:jan")] {
        let query = parse(text, Mode::Typing).unwrap();
        assert_eq!(query.to_text(), written);
        assert_eq!(finished(query.nodes), parse(written, Mode::Done).unwrap().nodes, "{text}");
    }
}

proptest! {
    #[test]
    fn any_text_is_answered(text in "\\PC{0,80}") {
        let _ = parse(&text, Mode::Done);
        let _ = parse(&text, Mode::Typing);
        let _ = typing(&text);
    }

    #[test]
    fn what_is_written_back_means_the_same(
        pieces in prop::collection::vec(
            prop::sample::select(vec![
                "fiets", "kapot*", "\"rode fiets\"", "-", "OR", "(", ")", "from:", "jan@x.nl",
                "is:open", "tag:\"a b\"", "before:2026-03", "#12", "06", "1234", "5678", "-x", " ",
                "nl91", "abna", "\"", "assignee:me", "é", "on:7d", "subject:(", "is:open,closed",
                "(020)", "-(", "–", "−", "to: ", "A", "B2", "*", "is:", "number:7",
            ]),
            0..12,
        ),
        spaced in any::<bool>(),
    ) {
        let text = pieces.join(if spaced { " " } else { "" });
        for mode in [Mode::Done, Mode::Typing] {
            let Ok(query) = parse(&text, mode) else { continue };
            let written = query.to_text();
            let again = parse(&written, Mode::Done);
            let again = again.unwrap_or_else(|e| panic!("{text} as {written}: {e}"));
            prop_assert_eq!(finished(query.nodes), again.nodes, "{} as {}", text, written);
        }
    }
}
