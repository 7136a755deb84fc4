//! What the terms of texts and the forms of queries are, and that the two meet.

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use proptest::prelude::*;

use super::stem::irregular_forms;
use super::{Forms, Kind, Language, Marks, analyze, detect, fold, mark};

fn terms(text: &str, language: Language, kind: Kind) -> Vec<String> {
    let mut terms = Vec::new();
    analyze(text, language, &mut |token| {
        if token.kind == kind {
            terms.push(token.term.to_owned());
        }
        ControlFlow::Continue(())
    });
    terms
}

/// Whether a query's word is found in a text, as an index would find it.
fn finds(query: &str, text: &str, language: Language) -> bool {
    let forms = Forms::of(query);
    let words = terms(text, language, Kind::Word);
    let either: BTreeSet<_> =
        words.iter().cloned().chain(terms(text, language, Kind::Part)).collect();
    let in_a_row = |phrase: &Vec<String>| words.windows(phrase.len()).any(|row| row == phrase);
    let any = |any: &Vec<String>| any.iter().any(|term| either.contains(term));
    let mut grams: Vec<(u32, String)> = Vec::new();
    analyze(text, language, &mut |token| {
        if token.kind == Kind::Gram {
            grams.push((token.position, token.term.to_owned()));
        }
        ControlFlow::Continue(())
    });
    let code = |code: &Vec<String>| {
        !code.is_empty()
            && grams.windows(code.len()).any(|row| {
                row.iter().zip(code).all(|((_, gram), wanted)| gram == wanted)
                    && row.windows(2).all(|two| two[0].0 + 1 == two[1].0)
            })
    };
    forms.phrases.iter().any(in_a_row)
        || (forms.words.len() == 1 && any(&forms.words[0]))
        || any(&forms.joined)
        || forms.parts.iter().any(|parts| parts.iter().all(any))
        || forms.codes.iter().any(code)
}

#[test]
fn forms_that_no_rule_brings_together_are_marked() {
    for (language, form, base) in irregular_forms() {
        let mut marks = Marks::new();
        marks.add(&Forms::of(base), false);
        let marked = mark(&format!("zzz {form} zzz"), language, &marks, 100);
        let hits: Vec<_> = marked.pieces().filter(|(_, is_hit)| *is_hit).collect();
        assert_eq!(hits, [(form, true)], "{base}");
    }
}

#[test]
fn accents_case_and_ways_of_writing_a_letter_are_folded() {
    for (word, folded) in [
        ("Café", "cafe"),
        ("STRASSE", "strasse"),
        ("Straße", "strasse"),
        ("œuvre", "oeuvre"),
        ("ﬁets", "fiets"),
        ("Łódź", "lodz"),
        ("SØREN", "soren"),
        ("İstanbul", "istanbul"),
        ("Ὀδυσσεύς", "οδυσσευσ"),
        ("Алёна", "алена"),
        ("مُحَمَّد", "محمد"),
        ("أحمد", "احمد"),
        ("שָׁלוֹם", "שלום"),
        ("Ａｂｃ１２", "abc12"),
        ("が", "が"),
        ("ｶﾞ", "ガ"),
        ("한국어", "한국어"),
        ("Zo\u{AD}mer", "zomer"),
    ] {
        assert_eq!(fold(word), folded, "{word}");
    }
}

#[test]
fn languages_are_told_apart_even_by_one_line() {
    for (text, language) in [
        ("Waar blijft mijn bestelling?", Language::Dutch),
        ("Beste, ik heb het pakket niet ontvangen. Groet, Sanne", Language::Dutch),
        ("Where is my order? It has not arrived yet.", Language::English),
        ("Wo bleibt meine Bestellung? Ich warte noch immer auf das Paket.", Language::German),
        ("Bonjour, je n'ai pas reçu ma commande.", Language::French),
        ("Где мой заказ?", Language::Other),
        ("返品したいです", Language::Other),
        ("אני רוצה להחזיר את המוצר", Language::Other),
    ] {
        assert_eq!(detect(text, Language::Other), language, "{text}");
    }
    assert_eq!(detect("OK", Language::German), Language::German);
    assert_eq!(detect("", Language::Dutch), Language::Dutch);
    assert_eq!(detect("12345", Language::Dutch), Language::Dutch);
}

#[test]
fn inflected_words_meet_in_their_language() {
    let alike: [(Language, &[&str]); 4] = [
        (
            Language::Dutch,
            &[
                "bestelling bestellingen bestellen besteld bestelde bestelt",
                "leveren levering leveringen geleverd levert",
                "factuur facturen",
                "fiets fietsen",
                "adres adressen",
                "betalen betaling betaald betaalt",
                "retourneren retourneert geretourneerd",
                "prijs prijzen",
                "brief brieven",
                "pakket pakketten pakketje pakketjes",
                "wachtwoord wachtwoorden",
                "verzenden verzending verzonden verzendt",
                "klacht klachten",
                "kapot kapotte",
                "gebruiken gebruikt gebruik",
            ],
        ),
        (
            Language::English,
            &[
                "deliver delivered deliveries delivery delivering",
                "refund refunds refunded refunding",
                "break broken broke breaking",
                "pay paid payment payments paying",
                "invoice invoices invoiced",
            ],
        ),
        (
            Language::German,
            &[
                "Rechnung Rechnungen",
                "liefern Lieferung Lieferungen geliefert liefert",
                "bestellen Bestellung bestellt bestellte",
                "Paket Pakete Pakets Paketen",
                "Haus Häuser Häusern Haeuser",
                "kündigen Kündigung gekündigt",
            ],
        ),
        (
            Language::French,
            &[
                "livrer livré livrée livrées livre",
                "rembourser remboursement remboursé remboursée",
                "expédier expédié expédiée",
                "commande commandes commander commandé",
                "facture factures",
                "payer paiement payé payée",
            ],
        ),
    ];
    for (language, rows) in alike {
        for row in rows {
            let forms: Vec<_> = row.split(' ').collect();
            for query in &forms {
                for text in &forms {
                    assert!(finds(query, text, language), "{query} in {text} ({language:?})");
                }
            }
        }
    }
}

#[test]
fn words_that_only_look_alike_stay_apart() {
    for (a, b, language) in [
        ("bestelling", "bestemming", Language::Dutch),
        ("verzending", "verse", Language::Dutch),
        ("rekening", "rekenmachine", Language::Dutch),
        ("kaart", "kast", Language::Dutch),
        ("order", "ordner", Language::German),
        ("Rechnung", "Rechner", Language::German),
        ("livraison", "livret", Language::French),
        ("gebruiken", "bruikbaar", Language::Dutch),
    ] {
        assert!(!finds(a, b, language), "{a} {b}");
    }
}

#[test]
fn compounds_are_found_by_their_parts_and_apart() {
    for (query, text, language) in [
        ("nummer", "het factuurnummer", Language::Dutch),
        ("facturen", "het factuurnummer", Language::Dutch),
        ("factuurnummer", "het nummer van de factuur", Language::Dutch),
        ("bestelnummer", "mijn bestel nummer", Language::Dutch),
        ("klanten", "de klantenservice", Language::Dutch),
        ("herinnering", "een betalingsherinnering", Language::Dutch),
        ("voorwaarden", "leveringsvoorwaarden", Language::Dutch),
        ("koelkast", "de koelkastdeur", Language::Dutch),
        ("machine", "de wasmachine", Language::Dutch),
        ("bonnen", "een cadeaubon", Language::Dutch),
        ("orderbevestiging", "de order-bevestiging", Language::Dutch),
        ("e-mail", "per email", Language::Dutch),
        ("email", "per e-mail", Language::Dutch),
        ("Schein", "der Lieferschein", Language::German),
        ("Rechnung", "die Rechnungsnummer", Language::German),
        ("Rechnungsnummer", "Nummer der Rechnung", Language::German),
        ("Frist", "Kündigungsfristen", Language::German),
        ("Gebühr", "keine Mahngebühren", Language::German),
        ("Tür", "die Kühlschranktür", Language::German),
    ] {
        assert!(finds(query, text, language), "{query} in {text}");
    }
    for whole in ["levering", "bestelling", "betaling", "verzekering", "bedrijf", "kantoor"] {
        assert_eq!(terms(whole, Language::Dutch, Kind::Part), Vec::<String>::new(), "{whole}");
    }
    for whole in ["Bestellung", "geliefert", "erhalten", "freundlichen", "Unterschrift"] {
        assert_eq!(terms(whole, Language::German, Kind::Part), Vec::<String>::new(), "{whole}");
    }
}

#[test]
fn codes_are_found_in_any_grouping_and_in_part() {
    for (query, text) in [
        ("NL91ABNA0417164300", "IBAN NL91 ABNA 0417 1643 00, graag"),
        ("nl91 abna 0417 1643 00", "IBAN NL91ABNA0417164300."),
        ("0417164300", "NL91 ABNA 0417 1643 00"),
        ("ABNA0417", "NL91 ABNA 0417 1643 00"),
        ("06-12345678", "bel +31 6 12345678"),
        ("0612 345 678", "bel +31 6 12345678"),
        ("0031612345678", "bel 06-12345678"),
        ("+31 (0)6 12 34 56 78", "bel 06-12345678"),
        ("06 12345678", "bel +31 (0)6 1234 5678"),
        ("+49 30 1234567", "Tel. 030/1234567"),
        ("01 23 45 67 89", "tél. +33 1 23 45 67 89"),
        ("1234", "order ORD-2026-00123/4"),
        ("2026-00123", "ORD202600123"),
        ("ord 2026 00123", "ORD-2026-00123"),
        ("1016ab", "Keizersgracht 1, 1016 AB Amsterdam"),
        ("1016 ab", "1016AB Amsterdam"),
        ("1016AB", "keizersgracht 1, 1016 ab amsterdam"),
        ("NL91ABNA0417164300", "mijn iban is nl91 abna 0417 1643 00 en dat weet u al een tijd"),
        ("40118", "8840117 1 24.95 8840118 2 49.90 8840119 3 74.85 8840120 4 99.80 8840121"),
        ("ORD202600123", "mijn order 2026-00123"),
        ("7890", "bestelling 4567890"),
        ("4.567.890-1", "Nr. 45678901"),
    ] {
        assert!(finds(query, text, Language::Dutch), "{query} in {text}");
    }
    for (query, text) in [
        ("0417164301", "NL91 ABNA 0417 1643 00"),
        ("06-12345679", "bel +31 6 12345678"),
        ("34567899", "12345678\n99887766"),
    ] {
        assert!(!finds(query, text, Language::Dutch), "{query} in {text}");
    }
}

#[test]
fn what_is_no_code_has_no_grams() {
    for text in [
        "12-03-2026 om 14:30",
        "2026-03-12",
        "€ 1.250,00 en 1.250.000 stuks",
        "hallo allemaal",
        "in 2026",
        "GA NU NAAR HUIS",
    ] {
        assert_eq!(terms(text, Language::Dutch, Kind::Gram), Vec::<String>::new(), "{text}");
    }
    let key = "0123456789abcdef".repeat(4);
    assert!(terms(&key, Language::Other, Kind::Gram).is_empty());
}

#[test]
fn addresses_are_words_in_a_row() {
    let text = "van Jan de Vries <j.de-vries+shop@mail.example.co.uk> via www.example.co.uk";
    for query in ["j.de-vries+shop@mail.example.co.uk", "vries", "example.co.uk", "mail.example"] {
        assert!(finds(query, text, Language::Dutch), "{query}");
    }
    assert!(!finds("shop@example", text, Language::Dutch));
}

#[test]
fn scripts_without_spaces_are_found_as_phrases() {
    assert!(finds("返品", "注文の返品をしたいです", Language::Other));
    assert!(!finds("品返", "注文の返品をしたいです", Language::Other));
    assert!(finds("환불", "환불을 요청합니다", Language::Other));
    assert!(finds("สินค้า", "ฉันต้องการคืนสินค้า", Language::Other));
}

#[test]
fn umlauts_and_their_digraphs_meet() {
    assert!(finds("Mueller", "Herr Müller", Language::German));
    assert!(finds("Müller", "Herr Mueller", Language::Other));
    assert!(finds("muller", "Herr Müller", Language::German));
}

#[test]
fn tokens_stand_where_their_words_do() {
    let text = "Ünlü — de klantenservice belt +31 6 12345678!";
    analyze(text, Language::Dutch, &mut |token| {
        assert!(text.get(token.start..token.end).is_some(), "{token:?}");
        ControlFlow::Continue(())
    });
    let mut seen = 0;
    let whole = analyze(text, Language::Dutch, &mut |_| {
        seen += 1;
        if seen == 3 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    assert_eq!((whole, seen), (false, 3));
}

#[test]
fn a_snippet_shows_the_most_of_the_query() {
    let filler = "Wij danken u voor uw geduld en hopen u hiermee te hebben geholpen. ".repeat(20);
    let text = format!(
        "Een factuur vooraf. {filler}Het factuurnummer\n is   2026-00123 en de fiets is kapot. {filler}"
    );
    let mut marks = Marks::new();
    for word in ["facturen", "202600123", "kapotte"] {
        marks.add(&Forms::of(word), false);
    }
    let snippet = mark(&text, Language::Dutch, &marks, 180);
    assert_eq!(snippet.distinct, 3);
    let hits: Vec<_> = snippet.pieces().filter(|(_, hit)| *hit).map(|(text, _)| text).collect();
    assert_eq!(hits, ["factuurnummer", "2026-00123", "kapot"]);
    assert!(snippet.more_before && snippet.more_after);
    assert!(snippet.text.len() <= 200, "{}", snippet.text);
    assert!(snippet.text.contains("Het factuurnummer is 2026-00123 en"), "{}", snippet.text);

    let none = mark(&text, Language::Dutch, &Marks::new(), 60);
    assert!(none.text.starts_with("Een factuur vooraf.") && none.hits.is_empty());

    let mut typed = Marks::new();
    typed.add(&Forms::of("kapo"), true);
    assert_eq!(mark(&text, Language::Dutch, &typed, 180).distinct, 1);
}

#[test]
fn a_word_of_a_megabyte_and_a_megabyte_of_words_cost_little() {
    let word = "a1é".repeat(1 << 18);
    assert!(terms(&word, Language::Dutch, Kind::Word)[0].len() <= 64);
    assert!(Forms::of(&word).folded.len() <= 64);
    let codes = "12-34-".repeat(1 << 17);
    assert!(terms(&codes, Language::Dutch, Kind::Gram).is_empty());
    let long = "betalingsherinneringskosten".repeat(1 << 15);
    assert_eq!(terms(&long, Language::Dutch, Kind::Word).len(), 1);
    assert!(mark(&word, Language::Dutch, &Marks::new(), 180).text.len() <= 190);
}

proptest! {
    #[test]
    fn any_text_is_taken(text in "\\PC{0,200}|[a-zé0-9 .@/()+-]{0,120}", query in "\\PC{0,40}") {
        for language in Language::STEMMED {
            let mut last = 0;
            analyze(&text, language, &mut |token| {
                assert!(token.term.len() <= 80 && !token.term.is_empty());
                assert!(text.get(token.start..token.end).is_some());
                if token.kind == Kind::Word {
                    assert!(token.start >= last);
                    last = token.start;
                }
                ControlFlow::Continue(())
            });
            let mut marks = Marks::new();
            marks.add(&Forms::of(&query), true);
            let snippet = mark(&text, language, &marks, 60);
            let joined: String = snippet.pieces().map(|(piece, _)| piece).collect();
            prop_assert_eq!(joined, snippet.text);
        }
        let _ = detect(&text, Language::Other);
    }

    #[test]
    fn every_word_is_found_by_itself(word in "[A-Za-zéüß]{1,30}|[A-Z]{2}[0-9]{2}( [0-9]{4}){2,4}") {
        for language in Language::STEMMED {
            prop_assert!(finds(&word, &word, language), "{} {:?}", word, language);
        }
    }
}
