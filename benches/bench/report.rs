//! The results, as a table and as JSON.

use std::path::Path;

use serde_json::json;

/// What a result is held against.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Target {
    None,
    AtLeast(f64),
    Below(f64),
}

#[derive(Debug)]
struct Line {
    name: String,
    value: f64,
    unit: &'static str,
    target: Target,
}

/// All results, in order.
#[derive(Debug, Default)]
pub(crate) struct Report {
    lines: Vec<Line>,
}

impl Report {
    pub(crate) fn add(&mut self, name: &str, value: f64, unit: &'static str, target: Target) {
        eprintln!("{name}: {value:.2} {unit}");
        self.lines.push(Line { name: name.to_owned(), value, unit, target });
    }

    pub(crate) fn print(&self) {
        println!("\n{:<52}{:>12} {:<10}target", "what", "value", "unit");
        for line in &self.lines {
            let target = match line.target {
                Target::None => String::new(),
                Target::AtLeast(least) => format!("≥ {least:.1} {}", verdict(line)),
                Target::Below(most) => format!("< {most:.1} {}", verdict(line)),
            };
            println!("{:<52}{:>12.2} {:<10}{target}", line.name, line.value, line.unit);
        }
    }

    /// Prints the results as JSON, and writes them to `target/bench.json`.
    pub(crate) fn write(&self) {
        let lines: Vec<_> = self
            .lines
            .iter()
            .map(|line| {
                let (least, most) = match line.target {
                    Target::None => (None, None),
                    Target::AtLeast(least) => (Some(least), None),
                    Target::Below(most) => (None, Some(most)),
                };
                json!({
                    "name": line.name,
                    "value": line.value,
                    "unit": line.unit,
                    "at_least": least,
                    "below": most,
                    "met": is_met(line),
                })
            })
            .collect();
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("bench.json");
        let text = serde_json::to_string_pretty(&json!({ "results": lines })).expect("JSON");
        std::fs::write(&path, &text).expect("target/bench.json");
        println!("\n{text}\n\nThe same is in target/bench.json.");
    }
}

fn is_met(line: &Line) -> bool {
    match line.target {
        Target::None => true,
        Target::AtLeast(least) => line.value >= least,
        Target::Below(most) => line.value < most,
    }
}

fn verdict(line: &Line) -> &'static str {
    if is_met(line) { "met" } else { "MISSED" }
}
