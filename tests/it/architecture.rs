//! Who may import whom, and how long a file may be (docs/architecture.md says why).
//!
//! Every `.rs` file of `src/` is parsed; each path that leads out of its top-level module
//! (`crate::…`, `super::…`, inside macros too) is an arrow, and each arrow must stand in
//! [`ARROWS`]. Unit tests may import what they like.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use syn::visit::{self, Visit};

/// What every module but the pure ones may import.
const COMMON: &[&str] = &["clock", "ids", "domain", "config", "crash"];

/// The top-level modules, and what each may import beside [`COMMON`] and itself. A module that
/// is missing here fails the test.
const ARROWS: &[(&str, &[&str])] = &[
    // pure
    ("clock", &[]),
    ("ids", &[]),
    ("crash", &[]),
    ("domain", &[]),
    ("mail", &["domain"]),
    // what the rest stands on
    ("config", &[]),
    ("telemetry", &[]),
    ("authz", &[]),
    ("crypto", &[]),
    ("blob", &["crypto"]),
    ("backup", &["crypto", "blob"]),
    ("search", &["crypto", "blob"]),
    ("export", &["crypto", "blob"]),
    ("store", &["crypto", "blob", "backup", "authz", "audit"]),
    ("queue", &["store", "crypto"]),
    ("audit", &["crypto"]),
    // the network
    ("net", &[]),
    ("imap", &["net"]),
    ("smtp", &["net"]),
    ("oauth", &["net"]),
    ("maildir", &["net"]),
    // use cases, and those who call them
    (
        "service",
        &[
            "store",
            "queue",
            "crypto",
            "authz",
            "blob",
            "backup",
            "export",
            "search",
            "audit",
            "mail",
            "telemetry",
        ],
    ),
    ("jobs", &["service", "queue", "smtp", "telemetry"]),
    ("ingest", &["service", "imap", "maildir", "net", "telemetry"]),
    ("http", &["service", "authz", "telemetry"]),
    // cli: only to hand HttpOptions on to app
    ("cli", &["service", "app", "authz", "mail", "telemetry", "http"]),
    ("main", &["cli"]),
];

/// Modules whose whole list is in [`ARROWS`].
const PURE: &[&str] = &["clock", "ids", "domain", "mail"];

/// The composition root, which may import everything but the command line.
const ROOT: &str = "app";

/// Crates and modules of the standard library that only some may name.
const OUTSIDE: &[(&str, &[&str])] = &[
    ("entity", &["store"]),
    ("migration", &["store", "app"]),
    ("async_imap", &["imap"]),
    ("lettre", &["smtp"]),
    ("oauth2", &["oauth"]),
    ("object_store", &["blob"]),
    ("zip", &["export"]),
    ("clap", &["cli"]),
    ("figment", &["config"]),
    ("std::env", &["config", "cli"]),
];

/// What the pure modules may not name: input, output and waiting.
const IO: &[&str] = &[
    "std::fs",
    "std::net",
    "std::env",
    "std::io",
    "std::process",
    "std::thread",
    "std::os",
    "tokio",
    "reqwest",
    "sea_orm",
    "sqlx",
    "object_store",
    "rustix",
];

/// A wrong import: file, what it names, why that is wrong.
type Wrong = (PathBuf, String, String);

#[test]
fn nobody_imports_what_is_not_theirs() {
    let mut wrong = Vec::new();
    for file in rust_files("src") {
        let source = std::fs::read_to_string(root().join("src").join(&file)).unwrap();
        wrong.extend(check(&file, &source));
    }
    let told: Vec<_> = wrong
        .iter()
        .map(|(file, path, why)| format!("src/{}: {path}: {why}", file.display()))
        .collect();
    assert!(told.is_empty(), "wrong imports:\n  {}", told.join("\n  "));
}

#[test]
fn a_wrong_arrow_is_found_however_it_is_written() {
    let wrong = |file: &str, source: &str| !check(Path::new(file), source).is_empty();
    for (file, source) in [
        ("http/mod.rs", "use crate::store::tickets;"),
        ("http/v1/tickets/list.rs", "use super::super::super::super::store::Scope;"),
        ("http/mod.rs", "use crate::{domain::Role, store as s};"),
        ("http/mod.rs", "fn f() { crate::store::list(); }"),
        ("http/mod.rs", "fn f() { tracing::info!(\"{}\", crate::store::NAME); }"),
        ("http/mod.rs", "mod inner { use super::super::store; }"),
        ("http/mod.rs", "pub(in crate) fn f() -> crate::store::Row { todo() }"),
        ("http/mod.rs", "use entity::ticket;"),
        ("service/reply.rs", "use ::entity::ticket;"),
        ("imap/session.rs", "use crate::store::Scope;"),
        ("imap/session.rs", "impl crate::service::Source for X {}"),
        ("domain/ticket.rs", "use crate::store::Row;"),
        ("domain/ticket.rs", "use crate::config::Config;"),
        ("domain/ticket.rs", "use std::{collections::BTreeMap, fs};"),
        ("mail/parse.rs", "fn f() { std::fs::read(\"x\"); }"),
        ("mail/parse.rs", "use tokio::time::sleep;"),
        ("mail/parse.rs", "use crate::service::intake;"),
        ("service/mod.rs", "use crate::imap::Session;"),
        ("store/mod.rs", "use crate::service::intake;"),
        ("net/mod.rs", "fn f() { std::env::var(\"HOME\"); }"),
        ("app.rs", "use crate::cli::Cli;"),
        ("newcomer/mod.rs", "fn f() {}"),
    ] {
        assert!(wrong(file, source), "not found in {file}: {source}");
    }
    for (file, source) in [
        ("http/mod.rs", "use crate::{domain::Role, service, http::problem};"),
        ("http/v1/mod.rs", "use super::problem::Problem;"),
        ("http/v1/mod.rs", "// use crate::store;\nconst S: &str = \"crate::store\";"),
        ("http/mod.rs", "#[cfg(test)] mod tests { use crate::store; }"),
        ("http/tests.rs", "use crate::store;"),
        ("store/tickets.rs", "use entity::ticket; use crate::crypto::OpenKey;"),
        ("store/tickets.rs", "use super::entity_of;"),
        ("mail/parse.rs", "use crate::domain::Address; use std::fmt;"),
        ("app.rs", "use crate::{store, imap, http};"),
    ] {
        assert!(!wrong(file, source), "wrongly refused in {file}: {source}");
    }
}

#[test]
fn files_stay_short() {
    let all = lengths();
    let over: Vec<_> = all.iter().filter(|(length, _)| *length > 600).collect();
    assert!(over.is_empty(), "files over 600 lines: {over:?}");
    let at = |share: usize| all[(all.len() - 1) * share / 100].0;
    assert!(at(50) <= 150, "the median is {} lines", at(50));
    assert!(at(95) <= 400, "one file in twenty has over {} lines", at(95));
}

#[test]
fn every_folder_says_what_happens_in_it() {
    let silent: Vec<_> = rust_files("src")
        .into_iter()
        .filter(|file| file.ends_with("mod.rs"))
        .filter(|file| {
            let source = std::fs::read_to_string(root().join("src").join(file)).unwrap();
            !source.trim_start().starts_with("//!")
        })
        .collect();
    assert!(silent.is_empty(), "no module doc: {silent:?}");
}

/// The wrong imports of one file, named from `src/`.
fn check(file: &Path, source: &str) -> Vec<Wrong> {
    let mut module: Vec<String> =
        file.with_extension("").iter().map(|part| part.to_str().unwrap().to_owned()).collect();
    if matches!(module.last().map(String::as_str), Some("mod" | "lib")) {
        module.pop();
    }
    let Some(from) = module.first().cloned() else { return Vec::new() };
    if module.iter().any(|part| part == "tests") {
        return Vec::new();
    }
    let mut names = Names { module, found: BTreeSet::new() };
    names.visit_file(&syn::parse_file(source).unwrap());
    let known = from == ROOT || ARROWS.iter().any(|(module, _)| *module == from);
    let stranger = (!known)
        .then(|| (file.to_owned(), from.clone(), "a module without a line in ARROWS".to_owned()));
    names
        .found
        .into_iter()
        .filter_map(|path| Some((file.to_owned(), path.join("::"), refuse(&from, &path)?)))
        .chain(stranger)
        .collect()
}

/// Why the module `from` may not name `path`.
fn refuse(from: &str, path: &[String]) -> Option<String> {
    let [first, second, ..] = path else { return outside(from, path) };
    if first != "crate" {
        return outside(from, path);
    }
    let to = second.as_str();
    let is_module = to == ROOT || ARROWS.iter().any(|(module, _)| *module == to);
    let allowed = from == to
        || (from == ROOT && to != "cli")
        || (!PURE.contains(&from) && COMMON.contains(&to))
        || ARROWS.iter().any(|(module, may)| *module == from && may.contains(&to));
    (is_module && !allowed).then(|| format!("{from} may not import {to}"))
}

fn outside(from: &str, path: &[String]) -> Option<String> {
    let path = path.join("::");
    let is = |name: &str| path == name || path.starts_with(&format!("{name}::"));
    if PURE.contains(&from)
        && let Some(name) = IO.iter().find(|name| is(name))
        // The errors of std::io are only values.
        && !is("std::io::Error") && !is("std::io::ErrorKind")
    {
        return Some(format!("{from} is pure and may not use {name}"));
    }
    OUTSIDE
        .iter()
        .find(|(name, may)| is(name) && !may.contains(&from))
        .map(|(name, may)| format!("only {} may use {name}", may.join(" and ")))
}

/// Collects the paths that a file names, each from the crate's root.
struct Names {
    module: Vec<String>,
    found: BTreeSet<Vec<String>>,
}

impl Names {
    fn note(&mut self, mut path: Vec<String>) {
        let up = path.iter().take_while(|part| *part == "super").count();
        if up > 0 {
            let Some(stay) = self.module.len().checked_sub(up) else { return };
            let base = self.module.iter().take(stay).cloned();
            path = std::iter::once("crate".to_owned())
                .chain(base)
                .chain(path.into_iter().skip(up))
                .collect();
        }
        self.found.insert(path);
    }

    fn tree(&mut self, prefix: &[String], tree: &syn::UseTree) {
        let with = |name: &syn::Ident| [prefix, &[name.to_string()]].concat();
        match tree {
            syn::UseTree::Path(path) => self.tree(&with(&path.ident), &path.tree),
            syn::UseTree::Name(name) => self.note(with(&name.ident)),
            syn::UseTree::Rename(name) => self.note(with(&name.ident)),
            syn::UseTree::Glob(_) => self.note(prefix.to_vec()),
            syn::UseTree::Group(group) => {
                for tree in &group.items {
                    self.tree(prefix, tree);
                }
            }
        }
    }
}

fn is_test(attributes: &[syn::Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        attribute.path().is_ident("cfg")
            && attribute.parse_args::<syn::Path>().is_ok_and(|path| path.is_ident("test"))
    })
}

impl<'ast> Visit<'ast> for Names {
    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        if !is_test(&item.attrs) {
            self.module.push(item.ident.to_string());
            visit::visit_item_mod(self, item);
            self.module.pop();
        }
    }

    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        if !is_test(&item.attrs) {
            self.tree(&[], &item.tree);
        }
    }

    fn visit_item_fn(&mut self, item: &'ast syn::ItemFn) {
        if !is_test(&item.attrs) {
            visit::visit_item_fn(self, item);
        }
    }

    fn visit_item_impl(&mut self, item: &'ast syn::ItemImpl) {
        if !is_test(&item.attrs) {
            visit::visit_item_impl(self, item);
        }
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        self.note(path.segments.iter().map(|segment| segment.ident.to_string()).collect());
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, call: &'ast syn::Macro) {
        // The tokens of a macro are no syntax yet: look for paths in their text.
        let text = call.tokens.to_string().replace(" :: ", "::").replace(":: ", "::");
        for word in text.split(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':')) {
            if word.contains("::") {
                self.note(word.split("::").map(str::to_owned).collect());
            }
        }
        visit::visit_macro(self, call);
    }
}

/// Lines of a file, its unit tests aside.
fn length(source: &str) -> usize {
    let tests = source.lines().position(|line| line.trim() == "#[cfg(test)]");
    match tests {
        // A test module stands at the end; `#[cfg(test)] mod tests;` ends nothing.
        Some(line)
            if !source.lines().skip(line).take(4).any(|line| line.trim() == "mod tests;") =>
        {
            line
        }
        _ => source.lines().count(),
    }
}

/// The lengths of all files but those of tests, shortest first.
fn lengths() -> Vec<(usize, PathBuf)> {
    let mut lengths = Vec::new();
    for folder in ["src", "entity/src", "migration/src"] {
        for file in rust_files(folder) {
            if !file.ends_with("tests.rs") {
                let path = Path::new(folder).join(file);
                let source = std::fs::read_to_string(root().join(&path)).unwrap();
                lengths.push((length(&source), path));
            }
        }
    }
    lengths.sort();
    lengths
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// The `.rs` files under `folder`, named from there.
fn rust_files(folder: &str) -> Vec<PathBuf> {
    fn walk(folder: &Path, out: &mut Vec<PathBuf>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, out);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                out.push(path);
            }
        }
    }
    let top = root().join(folder);
    let mut out = Vec::new();
    walk(&top, &mut out);
    out.sort();
    out.into_iter().map(|path| path.strip_prefix(&top).unwrap().to_owned()).collect()
}

/// A route that is added anywhere else is in neither the document nor `http::plain_paths`, and
/// the authorization matrix would not know of it.
#[test]
fn routes_are_added_in_one_place() {
    let mut found = Vec::new();
    for file in rust_files("src/http") {
        let source = std::fs::read_to_string(root().join("src/http").join(&file)).unwrap();
        for word in [".route(", ".route_service(", ".nest(", ".nest_service("] {
            found.extend(source.matches(word).map(|word| format!("{} {word}", file.display())));
        }
    }
    found.sort();
    assert_eq!(found, ["mod.rs .route(", "openapi.rs .nest("]);
}
