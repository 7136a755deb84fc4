//! HTML as mail writes it, in time and memory linear in its length.
//!
//! 1. `tokens` cuts it into tags and text, as browsers do; `entities` reads `&amp;` and its kin.
//! 2. `text` makes readable text of them.
//! 3. `normalise` writes a plain, bounded HTML of them (known tags only, quoted
//!    attributes, bounded depth), in which images are turned into `data-remote-src` and
//!    `data-cid`, or back into `src`; `fold` finds what it quotes, which is marked on the way.
//! 4. `sanitize` hands that to the sanitizer, whose output is the only HTML that leaves this
//!    folder; `css` filters its style attributes.

pub mod css;
pub mod entities;
pub mod fold;
pub mod normalise;
pub mod sanitize;
pub mod text;
pub mod tokens;
