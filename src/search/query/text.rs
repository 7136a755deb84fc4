//! A query written back: what is parsed again is the same query.

use std::fmt::Write as _;

use super::fields::{Assignee, Filter, Name};
use super::scan::is_minus;
use super::{Node, Phrase, Prefix, Query, Text, Word};

impl Query {
    /// The query in its canonical form: English field names, brackets where they are needed.
    /// Parsed with [`Mode::Done`](super::Mode::Done) it is the same query; that a word was being
    /// typed is not written.
    #[must_use]
    pub fn to_text(&self) -> String {
        let mut text = String::new();
        sequence(&self.nodes, &mut text);
        text
    }
}

fn sequence(nodes: &[Node], text: &mut String) {
    for (at, node) in nodes.iter().enumerate() {
        if at > 0 {
            text.push(' ');
        }
        // Beside other words it would become a part of a longer code.
        let beside = |at: Option<usize>| {
            let node = at.and_then(|at| nodes.get(at));
            matches!(node, Some(Node::Word(_) | Node::Code { .. }))
        };
        if matches!(node, Node::Code { .. }) && (beside(at.checked_sub(1)) || beside(Some(at + 1)))
        {
            bracketed(node, text);
        } else {
            write(node, text);
        }
    }
}

fn bracketed(node: &Node, text: &mut String) {
    text.push('(');
    write(node, text);
    text.push(')');
}

/// What is one piece for an `OR` or a `-`.
fn operand(node: &Node, text: &mut String) {
    // `--` is no negation, and a word may begin with it.
    let doubled = matches!(node, Node::Word(word) if word.text.starts_with(is_minus));
    if doubled || matches!(node, Node::Code { .. } | Node::Not(_)) {
        bracketed(node, text);
    } else {
        write(node, text);
    }
}

fn write(node: &Node, text: &mut String) {
    match node {
        Node::All(nodes) => {
            text.push('(');
            sequence(nodes, text);
            text.push(')');
        }
        Node::Any(nodes) => {
            text.push('(');
            for (at, node) in nodes.iter().enumerate() {
                if at > 0 {
                    text.push_str(" OR ");
                }
                operand(node, text);
            }
            text.push(')');
        }
        Node::Not(node) => {
            text.push('-');
            operand(node, text);
        }
        Node::Word(word) => write_word(word, text),
        Node::Phrase(phrase) => write_phrase(phrase, text),
        Node::Code { text: code, .. } => text.push_str(code),
        Node::In(place, Text::Word(word)) => {
            name(Name::In(*place), text);
            write_word(word, text);
        }
        Node::In(place, Text::Phrase(phrase)) => {
            name(Name::In(*place), text);
            write_phrase(phrase, text);
        }
        Node::Filter(filter) => write_filter(filter, text),
    }
}

fn name(name: Name, text: &mut String) {
    text.push_str(name.as_str());
    text.push(':');
}

fn write_word(word: &Word, text: &mut String) {
    text.push_str(&word.text);
    if word.prefix == Prefix::Star {
        text.push('*');
    }
}

fn write_phrase(phrase: &Phrase, text: &mut String) {
    text.push('"');
    text.push_str(&phrase.text);
    text.push('"');
}

fn write_filter(filter: &Filter, text: &mut String) {
    let value = |of: Name, value: &str, text: &mut String| {
        name(of, text);
        let plain = value.chars().all(|c| c.is_alphanumeric() || "@.-_+&#".contains(c));
        if plain {
            text.push_str(value);
        } else {
            text.push('"');
            text.push_str(value);
            text.push('"');
        }
    };
    match filter {
        Filter::Is(is) => value(Name::Is, is.as_str(), text),
        Filter::Has(has) => value(Name::Has, has.as_str(), text),
        Filter::Tag(tag) => value(Name::Tag, tag, text),
        Filter::Mailbox(mailbox) => value(Name::Mailbox, mailbox, text),
        Filter::Team(team) => value(Name::Team, team, text),
        Filter::Contact(contact) => value(Name::Contact, contact, text),
        Filter::Priority(priority) => value(Name::Priority, priority, text),
        Filter::Before(days) => value(Name::Before, &days.to_string(), text),
        Filter::After(days) => value(Name::After, &days.to_string(), text),
        Filter::On(days) => value(Name::On, &days.to_string(), text),
        Filter::Assignee(Assignee::Me) => value(Name::Assignee, "me", text),
        Filter::Assignee(Assignee::None) => value(Name::Assignee, "none", text),
        Filter::Assignee(Assignee::Named(name)) => value(Name::Assignee, name, text),
        Filter::Number(number) => {
            let _ = write!(text, "number:{number}");
        }
    }
}
