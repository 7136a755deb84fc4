//! Style attributes: known properties with harmless values, nothing else.

/// Properties that change how text looks, not where it lies over other things.
const PROPERTIES: [&str; 62] = [
    "background",
    "background-color",
    "border",
    "border-bottom",
    "border-bottom-color",
    "border-bottom-style",
    "border-bottom-width",
    "border-collapse",
    "border-color",
    "border-left",
    "border-left-color",
    "border-left-style",
    "border-left-width",
    "border-radius",
    "border-right",
    "border-right-color",
    "border-right-style",
    "border-right-width",
    "border-spacing",
    "border-style",
    "border-top",
    "border-top-color",
    "border-top-style",
    "border-top-width",
    "border-width",
    "clear",
    "color",
    "direction",
    "display",
    "float",
    "font",
    "font-family",
    "font-size",
    "font-style",
    "font-variant",
    "font-weight",
    "height",
    "letter-spacing",
    "line-height",
    "list-style",
    "list-style-type",
    "margin",
    "margin-bottom",
    "margin-left",
    "margin-right",
    "margin-top",
    "max-height",
    "max-width",
    "min-height",
    "min-width",
    "padding",
    "padding-bottom",
    "padding-left",
    "padding-right",
    "padding-top",
    "text-align",
    "text-decoration",
    "text-indent",
    "text-transform",
    "vertical-align",
    "white-space",
    "width",
];

/// The declarations that are allowed, written anew; `None` when none is left.
#[must_use]
pub fn filter(style: &str) -> Option<String> {
    let mut out = String::new();
    for declaration in declarations(style.get(..style.len().min(8_192)).unwrap_or_default()) {
        let Some((property, value)) = declaration.split_once(':') else { continue };
        let property = property.trim().to_ascii_lowercase();
        let value = value.trim();
        if PROPERTIES.binary_search(&property.as_str()).is_ok() && is_harmless(value) {
            if !out.is_empty() {
                out.push(';');
            }
            out.push_str(&property);
            out.push(':');
            out.push_str(value);
        }
    }
    (!out.is_empty()).then_some(out)
}

/// Splits at semicolons outside of quotes and brackets.
fn declarations(style: &str) -> Vec<&str> {
    let mut out = Vec::new();
    let mut quote = None;
    let mut depth = 0_u32;
    let mut start = 0;
    for (at, c) in style.char_indices() {
        match (quote, c) {
            (Some(open), _) => quote = Some(open).filter(|open| *open != c),
            (None, '"' | '\'') => quote = Some(c),
            (None, '(') => depth += 1,
            (None, ')') => depth = depth.saturating_sub(1),
            (None, ';') if depth == 0 => {
                out.extend(style.get(start..at));
                start = at + 1;
            }
            _ => {}
        }
    }
    out.extend(style.get(start..));
    out
}

/// No escapes, comments, addresses or functions other than colours.
fn is_harmless(value: &str) -> bool {
    if value.is_empty() || value.len() > 300 {
        return false;
    }
    let allowed = |c: char| c.is_alphanumeric() || " \t\r\n#%.,-+!()\"'/_".contains(c);
    if !value.chars().all(allowed)
        || value.contains("/*")
        || value.matches('"').count() % 2 == 1
        || value.matches('\'').count() % 2 == 1
    {
        return false;
    }
    let mut before = value;
    while let Some(at) = before.rfind('(') {
        let (head, _) = before.split_at(at);
        let name =
            head.rsplit(|c: char| !c.is_alphanumeric() && c != '-').next().unwrap_or_default();
        if !["rgb", "rgba", "hsl", "hsla"].contains(&name.to_ascii_lowercase().as_str()) {
            return false;
        }
        before = head;
    }
    true
}
