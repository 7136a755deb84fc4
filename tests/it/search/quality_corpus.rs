//! The corpus and the questions by which search is judged (`tests/search/`).
//!
//! The mails that answer the questions are written by hand, one by one; the crowd around them is
//! generated from templates with a fixed seed, out of the same words, so that a question is not
//! answered by being the only mail that has one of its words.

use serde::Deserialize;

/// A mail of the corpus. Each is a ticket of its own.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Mail {
    pub id: String,
    /// `Name <address>`
    pub from: String,
    /// `YYYY-MM-DD`
    pub date: String,
    pub subject: String,
    pub body: String,
    /// What the mail quotes of an earlier one.
    #[serde(default)]
    pub quote: String,
    /// An internal note on the ticket.
    #[serde(default)]
    pub note: String,
    #[serde(default)]
    pub files: Vec<String>,
    #[serde(default)]
    pub tags: Vec<String>,
    #[serde(default = "open")]
    pub status: String,
    #[serde(default)]
    pub priority: Option<String>,
}

fn open() -> String {
    "open".to_owned()
}

/// A question, and the mails any of which answers it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Question {
    pub query: String,
    pub answers: Vec<String>,
    pub kind: String,
    /// ISO 639-1, or `ot` for other scripts and names.
    pub language: String,
}

#[derive(Deserialize)]
struct Mails {
    mail: Vec<Mail>,
}

#[derive(Deserialize)]
struct Questions {
    questions: Vec<Question>,
}

#[derive(Deserialize)]
struct Templates {
    nl: Template,
    en: Template,
    de: Template,
    fr: Template,
}

#[derive(Deserialize)]
struct Template {
    count: usize,
    phone: String,
    products: Vec<String>,
    cities: Vec<String>,
    names: Vec<String>,
    greetings: Vec<String>,
    closings: Vec<String>,
    subjects: Vec<String>,
    sentences: Vec<String>,
}

const WRITTEN: [&str; 6] = [
    include_str!("../../search/corpus/nl.toml"),
    include_str!("../../search/corpus/en.toml"),
    include_str!("../../search/corpus/de.toml"),
    include_str!("../../search/corpus/fr.toml"),
    include_str!("../../search/corpus/other.toml"),
    include_str!("../../search/corpus/near.toml"),
];

/// Every mail, the written ones among the generated ones; the same at every call.
pub(crate) fn corpus() -> Vec<Mail> {
    let mut mails: Vec<Mail> = WRITTEN
        .iter()
        .flat_map(|text| toml::from_str::<Mails>(text).expect("the corpus is TOML").mail)
        .collect();
    let templates: Templates =
        toml::from_str(include_str!("../../search/corpus/templates.toml")).expect("TOML");
    let mut dice = Dice(0x10ce7);
    for template in [&templates.nl, &templates.en, &templates.de, &templates.fr] {
        for _ in 0..template.count {
            let id = format!("g{:04}", mails.len());
            mails.push(template.mail(id, &mut dice));
        }
    }
    // Mixed, so that nothing depends on the order in which mails came.
    for at in (1..mails.len()).rev() {
        mails.swap(at, dice.below(at + 1));
    }
    mails
}

/// The questions.
pub(crate) fn questions() -> Vec<Question> {
    let text = include_str!("../../search/questions.toml");
    toml::from_str::<Questions>(text).expect("the questions are TOML").questions
}

impl Template {
    fn mail(&self, id: String, dice: &mut Dice) -> Mail {
        let name = dice.pick(&self.names).clone();
        let product = dice.pick(&self.products).clone();
        let mut lines = vec![dice.pick(&self.greetings).clone()];
        for _ in 0..3 + dice.below(4) {
            let sentence = dice.pick(&self.sentences).clone();
            lines.push(self.fill(&sentence, &product, dice));
        }
        lines.push(dice.pick(&self.closings).clone());
        lines.push(name.clone());
        let subject = dice.pick(&self.subjects).clone();
        let subject = self.fill(&subject, &product, dice);
        let address = name.to_lowercase().replace(' ', ".");
        let month = 1 + dice.below(12);
        let year = if month > 3 { 2025 } else { 2026 };
        let day = 1 + dice.below(25);
        let mut mail = Mail {
            id,
            from: format!("{name} <{address}{}@mail{}.example>", dice.below(90), dice.below(9)),
            date: format!("{year}-{month:02}-{day:02}"),
            subject,
            body: lines.join("\n"),
            quote: String::new(),
            note: String::new(),
            files: Vec::new(),
            tags: Vec::new(),
            status: if dice.below(3) == 0 { "closed" } else { "open" }.to_owned(),
            priority: None,
        };
        if dice.below(4) == 0 {
            let sentence = dice.pick(&self.sentences).clone();
            mail.quote = self.fill(&sentence, &product, dice);
        }
        if dice.below(6) == 0 {
            mail.files.push(format!("IMG_{}.jpg", 1000 + dice.below(9000)));
        }
        if dice.below(6) == 0 {
            let tags = ["billing", "klacht", "incasso", "bug", "retour", "complaint"];
            mail.tags.push(tags.get(dice.below(tags.len())).copied().unwrap_or_default().into());
        }
        mail
    }

    fn fill(&self, text: &str, product: &str, dice: &mut Dice) -> String {
        let order = format!("{}", 8_000_000 + dice.below(999_999));
        let invoice = format!("2026-{:04}", dice.below(9999));
        let amount = format!("{},{:02}", 10 + dice.below(400), dice.below(100));
        let date = format!("{}-{}-2026", 1 + dice.below(28), 1 + dice.below(3));
        let phone = format!("{}{:05}", self.phone, dice.below(100_000));
        let city = dice.pick(&self.cities).clone();
        text.replace("{order}", &order)
            .replace("{invoice}", &invoice)
            .replace("{amount}", &amount)
            .replace("{date}", &date)
            .replace("{phone}", &phone)
            .replace("{city}", &city)
            .replace("{product}", product)
    }
}

/// `SplitMix64`: the same numbers with every version of every library.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, limit: usize) -> usize {
        let limit = u64::try_from(limit.max(1)).expect("small");
        usize::try_from(self.next() % limit).expect("small")
    }

    fn pick<'a>(&mut self, of: &'a [String]) -> &'a String {
        &of[self.below(of.len())]
    }
}

#[test]
fn two_hundred_questions_have_answers_in_the_corpus() {
    let mails = corpus();
    let ids: std::collections::BTreeSet<_> = mails.iter().map(|mail| mail.id.as_str()).collect();
    assert_eq!(ids.len(), mails.len(), "ids are unique");
    assert!(mails.len() >= 600, "{}", mails.len());
    let questions = questions();
    assert_eq!(questions.len(), 200);
    let mut asked = std::collections::BTreeSet::new();
    for question in &questions {
        assert!(!question.answers.is_empty(), "{question:?}");
        assert!(question.answers.iter().all(|id| ids.contains(id.as_str())), "{question:?}");
        assert!(asked.insert(&question.query), "asked twice: {question:?}");
    }
    for language in ["nl", "en", "de", "fr", "ot"] {
        assert!(questions.iter().filter(|q| q.language == language).count() >= 10, "{language}");
    }
}

#[test]
fn everything_in_the_corpus_is_made_up_and_well_formed() {
    for mail in corpus() {
        assert!(mail.from.ends_with(".example>"), "{}: an address of nobody", mail.id);
        assert!(chrono::NaiveDate::parse_from_str(&mail.date, "%Y-%m-%d").is_ok(), "{}", mail.id);
        assert!(!mail.subject.is_empty() && mail.body.len() > 30, "{}", mail.id);
        assert!(["open", "closed"].contains(&mail.status.as_str()), "{}", mail.id);
        let priority = mail.priority.as_deref();
        assert!(priority.is_none_or(|p| ["high", "urgent"].contains(&p)), "{}", mail.id);
        let more = [&mail.quote, &mail.note].into_iter().chain(&mail.files).chain(&mail.tags);
        assert!(more.into_iter().all(|text| !text.contains('{')), "{}: a blank left", mail.id);
        assert!(!mail.subject.contains('{') && !mail.body.contains('{'), "{}", mail.id);
    }
    for question in questions() {
        let kinds = "word inflection typo code phone iban phrase compound name script address \
                     field prefix";
        assert!(kinds.split_whitespace().any(|kind| kind == question.kind), "{question:?}");
    }
}
