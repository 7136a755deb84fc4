//! Search, as agents use it.

mod quality_corpus;
