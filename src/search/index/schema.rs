//! What the index knows of a message.

use std::sync::LazyLock;

use tantivy::schema::{
    FAST, Field, IndexRecordOption, NumericOptions, Schema, TextFieldIndexing, TextOptions,
};

/// Counts how the fields, and what is written to them, have changed: an index of another number is
/// built anew.
pub const FORMAT: u32 = 2;

/// The fields.
#[derive(Debug, Clone, Copy)]
pub(in crate::search) struct Fields {
    /// The lower half of the message's id.
    pub(in crate::search) low: Field,
    /// The upper half.
    pub(in crate::search) high: Field,
    /// The number of the ticket that it is in.
    pub(in crate::search) ticket: Field,
    /// What of it may change, in one number: [`super::stamp`] in the lower half, [`super::digest`] in the upper.
    pub(in crate::search) stamp: Field,
    /// The subject.
    pub(in crate::search) subject: Field,
    /// What is new in it.
    pub(in crate::search) body: Field,
    /// What it quotes.
    pub(in crate::search) quote: Field,
    /// Names and addresses that it came from.
    pub(in crate::search) sender: Field,
    /// Names and addresses that it went to.
    pub(in crate::search) recipient: Field,
    /// The names of its files.
    pub(in crate::search) file: Field,
    /// Parts of compounds in subject and body.
    pub(in crate::search) part: Field,
    /// Numbers by which people and things are known, in pieces.
    pub(in crate::search) gram: Field,
    /// What a note says. It is apart so that `note:` finds it.
    pub(in crate::search) note: Field,
}

pub(in crate::search) static SCHEMA: LazyLock<(Schema, Fields)> = LazyLock::new(|| {
    let mut builder = Schema::builder();
    // Positions for phrases; lengths so that a short text with the word comes before a long one.
    let text = |option, lengths| {
        let indexing = TextFieldIndexing::default()
            .set_tokenizer("default")
            .set_index_option(option)
            .set_fieldnorms(lengths);
        TextOptions::default().set_indexing_options(indexing)
    };
    let phrases = IndexRecordOption::WithFreqsAndPositions;
    // `INDEXED` would count how many numbers each message has.
    let found = NumericOptions::default().set_fast().set_indexed();
    let fields = Fields {
        low: builder.add_u64_field("low", FAST),
        high: builder.add_u64_field("high", FAST),
        ticket: builder.add_u64_field("ticket", found),
        stamp: builder.add_u64_field("stamp", FAST),
        subject: builder.add_text_field("subject", text(phrases, true)),
        body: builder.add_text_field("body", text(phrases, true)),
        quote: builder.add_text_field("quote", text(IndexRecordOption::Basic, false)),
        sender: builder.add_text_field("sender", text(phrases, false)),
        recipient: builder.add_text_field("recipient", text(phrases, false)),
        file: builder.add_text_field("file", text(phrases, false)),
        part: builder.add_text_field("part", text(IndexRecordOption::Basic, false)),
        gram: builder.add_text_field("gram", text(IndexRecordOption::Basic, false)),
        note: builder.add_text_field("note", text(phrases, true)),
    };
    (builder.build(), fields)
});
