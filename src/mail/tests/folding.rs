//! Where mail programs put what they quote, and what is left of their marks behind the sanitizer.
//! What comes out is committed as `frontend/src/features/conversation/quotes.json`, in which the
//! page's own tests fold.

use serde_json::json;

use crate::mail::sanitize;

struct Case {
    program: &'static str,
    html: &'static str,
    /// What stays on the screen when the quote is folded.
    own: &'static str,
}

const CASES: &[Case] = &[
    Case {
        program: "Gmail",
        html: r#"<div dir="ltr">Nieuw</div><br><div class="gmail_quote gmail_quote_container"><div dir="ltr" class="gmail_attr">Op ma schreef Winkel:<br></div><blockquote class="gmail_quote" style="margin:0 0 0 .8ex">Oud <blockquote class="gmail_quote">ouder</blockquote></blockquote></div>"#,
        own: "Nieuw",
    },
    Case {
        program: "Gmail, answered below",
        html: r#"<div class="gmail_quote"><div class="gmail_attr">Op ma schreef Winkel:<br></div><blockquote class="gmail_quote">Oud</blockquote><div>Nieuw</div></div>"#,
        own: "Nieuw",
    },
    Case {
        program: "Gmail, answered between the lines",
        html: r#"<div>Zie onder.</div><div class="gmail_quote"><div class="gmail_attr">Op ma schreef Winkel:</div><blockquote class="gmail_quote">vraag 1</blockquote><div>antwoord 1</div><blockquote class="gmail_quote">vraag 2</blockquote><div>antwoord 2</div></div>"#,
        own: "Zie onder.Op ma schreef Winkel:vraag 1antwoord 1vraag 2antwoord 2",
    },
    Case {
        program: "Gmail, forwarded",
        html: r#"<div>Ter info</div><div class="gmail_quote"><div class="gmail_attr">---------- Forwarded message ---------<br>Van: x</div>Waar het om gaat</div>"#,
        own: "Ter info---------- Forwarded message ---------Van: xWaar het om gaat",
    },
    Case {
        program: "Outlook on the web",
        html: r#"<html><body><div dir="ltr">Nieuw</div><div id="appendonsend"></div><hr style="display:inline-block;width:98%"><div id="divRplyFwdMsg" dir="ltr"><b>Van:</b> Winkel</div><div>Oud</div></body></html>"#,
        own: "Nieuw",
    },
    Case {
        program: "Outlook for iOS",
        html: r#"<div>Nieuw</div><div id="ms-outlook-mobile-signature">Outlook voor iOS</div><hr style="width:98%"><div id="x_divRplyFwdMsg"><b>Van:</b> Winkel</div><div>Oud</div>"#,
        own: "NieuwOutlook voor iOS",
    },
    Case {
        program: "Outlook for Windows",
        html: r#"<div class="WordSection1"><p class="MsoNormal">Nieuw</p><div><div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm"><p class="MsoNormal"><b>Van:</b> Winkel</p></div></div><p class="MsoNormal">Oud</p></div>"#,
        own: "Nieuw",
    },
    Case {
        program: "Apple Mail",
        html: r#"<div>Nieuw</div><div><br><blockquote type="cite"><div>Op 3 feb schreef Winkel:</div><br><div>Oud</div></blockquote></div>"#,
        own: "Nieuw",
    },
    Case {
        program: "Thunderbird",
        html: r#"<p>Neu</p><div class="moz-cite-prefix">Am 03.02.25 um 10:00 schrieb Laden:<br></div><blockquote type="cite" cite="mid:1@x">Alt</blockquote>"#,
        own: "Neu",
    },
    Case {
        program: "Thunderbird, answered below",
        html: r#"<div class="moz-cite-prefix">Am 03.02.25 um 10:00 schrieb Laden:<br></div><blockquote type="cite">Alt</blockquote><p>Neu</p><div class="moz-signature">-- <br>Anna</div>"#,
        own: "Neu-- Anna",
    },
    Case {
        program: "Thunderbird, answered between the lines",
        html: r#"<div class="moz-cite-prefix">Laden schrieb:</div><blockquote type="cite">Frage 1</blockquote><p>Antwort 1</p><blockquote type="cite">Frage 2</blockquote><p>Antwort 2</p>"#,
        own: "Laden schrieb:Frage 1Antwort 1Frage 2Antwort 2",
    },
    Case {
        program: "Yahoo",
        html: r#"<div>New</div><div id="ydp1_yahoo_quoted" class="ydp1yahoo_quoted"><div>On Monday, Shop wrote:</div><div>Old</div></div>"#,
        own: "New",
    },
    Case {
        program: "GMX and WEB.DE",
        html: r#"<div>Neu</div><div name="quote" style="border-left:2px solid #C3D9E5"><div><b>Gesendet:</b> Montag</div><div name="quoted-content">Alt</div></div>"#,
        own: "Neu",
    },
    Case {
        program: "Proton Mail",
        html: r#"<div>New</div><div class="protonmail_quote">On Monday, Shop wrote:<blockquote class="protonmail_quote" type="cite">Old</blockquote></div>"#,
        own: "New",
    },
    Case {
        program: "a program that marks nothing",
        html: r"<p>New</p><p>On 3 Feb 2025 at 10:00, Shop &lt;shop@example.com&gt; wrote:</p><blockquote>Old</blockquote>",
        own: "NewOn 3 Feb 2025 at 10:00, Shop <shop@example.com> wrote:",
    },
    Case {
        program: "a quotation that belongs to the text",
        html: "<p>As the poet says:</p><blockquote>Roses are red</blockquote><p>So true.</p>",
        own: "As the poet says:Roses are redSo true.",
    },
    Case {
        program: "nothing but a quote",
        html: r#"<blockquote type="cite">All there is</blockquote>"#,
        own: "All there is",
    },
];

/// `LOKET_UPDATE_QUOTES=1` writes the file anew.
#[test]
fn what_each_program_quotes_is_marked_behind_the_sanitizer() {
    let shown: Vec<_> = CASES
        .iter()
        .map(|case| {
            let (stored, _) = sanitize::store(case.html, 1 << 20, 100).unwrap();
            let html = sanitize::render(&stored, |_| None);
            json!({ "program": case.program, "html": html, "own": case.own })
        })
        .collect();
    let current = format!("{}\n", serde_json::to_string_pretty(&shown).unwrap());
    let path =
        concat!(env!("CARGO_MANIFEST_DIR"), "/frontend/src/features/conversation/quotes.json");
    if std::env::var_os("LOKET_UPDATE_QUOTES").is_some() {
        std::fs::write(path, &current).unwrap();
    }
    let committed = std::fs::read_to_string(path).unwrap_or_default();
    assert!(
        committed == current,
        "quotes.json is stale: run LOKET_UPDATE_QUOTES=1 cargo nextest run quotes"
    );
}

#[test]
fn a_mail_brings_no_mark_of_its_own() {
    let (stored, _) =
        sanitize::store("<p data-loket-quote=rest>all</p><p>gone?</p>", 1 << 20, 100).unwrap();
    assert!(!stored.contains("data-loket-quote"), "{stored}");
}

#[test]
fn a_mail_of_ours_carries_no_mark() {
    let (stored, _) = sanitize::store(CASES[0].html, 1 << 20, 100).unwrap();
    assert!(stored.contains("data-loket-quote"), "{stored}");
    let quoted = sanitize::quote(&stored);
    assert!(quoted.contains("Oud") && !quoted.contains("data-loket-quote"), "{quoted}");
}

#[test]
fn marks_are_sought_in_linear_time() {
    let html = "<div class=gmail_quote><blockquote>x wrote:<div>".repeat(20_000);
    let begun = std::time::Instant::now();
    let _ = sanitize::store(&html, 8 << 20, 100);
    assert!(begun.elapsed().as_secs() < 20);
}
