//! The words by which quotes are announced, in the languages of mail clients.

use std::sync::LazyLock;

use regex::Regex;

/// What a header line in a quoted mail says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Key {
    From,
    Other,
}

const FROM: &[&str] = &[
    "from",
    "von",
    "van",
    "de",
    "da",
    "från",
    "fra",
    "от",
    "від",
    "od",
    "lähettäjä",
    "kimden",
    "发件人",
    "寄件者",
    "差出人",
    "보낸 사람",
    "expéditeur",
    "afzender",
    "absender",
    "feladó",
    "от кого",
    "gönderen",
    "από",
    "מאת",
    "من",
    "remitente",
    "mittente",
    "remetente",
];
const OTHER: &[&str] = &[
    "to",
    "an",
    "aan",
    "à",
    "a",
    "para",
    "per",
    "till",
    "til",
    "кому",
    "do",
    "komu",
    "vastaanottaja",
    "kime",
    "收件人",
    "收件者",
    "宛先",
    "받는 사람",
    "sent",
    "gesendet",
    "verzonden",
    "envoyé",
    "enviado",
    "enviado el",
    "inviato",
    "skickat",
    "sendt",
    "отправлено",
    "wysłano",
    "wysłane",
    "odesláno",
    "odoslané",
    "lähetetty",
    "gönderilme tarihi",
    "gönderildi",
    "发送时间",
    "傳送時間",
    "送信日時",
    "보낸 날짜",
    "date",
    "datum",
    "data",
    "fecha",
    "дата",
    "dato",
    "päivämäärä",
    "tarih",
    "日期",
    "日付",
    "날짜",
    "subject",
    "betreff",
    "onderwerp",
    "betreft",
    "objet",
    "asunto",
    "oggetto",
    "assunto",
    "ämne",
    "emne",
    "тема",
    "temat",
    "předmět",
    "predmet",
    "aihe",
    "konu",
    "主题",
    "主旨",
    "件名",
    "제목",
    "cc",
    "kopie",
    "kopia",
    "копия",
    "cópia",
    "kopi",
    "抄送",
    "reply-to",
    "antwort an",
    "antwoord aan",
    "répondre à",
    "risposta",
    "sent by",
    "enviado por",
    "elküldve",
    "címzett",
    "tárgy",
    "dátum",
    "bcc",
    "importance",
    "belang",
    "organization",
    "verstuurd",
    "envoyé le",
    "send",
    "sent at",
];

/// `From: …` and its kin; emphasis around the key is allowed.
pub(super) fn header_key(line: &str) -> Option<Key> {
    let colon = line.find([':', '：'])?;
    let key = line.get(..colon)?;
    if key.len() > 40 {
        return None;
    }
    let key = key.trim_matches(['*', '_', ' ', '\u{a0}', '\t']).to_lowercase();
    if FROM.contains(&key.as_str()) {
        return Some(Key::From);
    }
    OTHER.contains(&key.as_str()).then_some(Key::Other)
}

static ORIGINAL: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?ix)^[-_=\s*]{2,}\s*
        (original\s+(message|appointment)|(begin\s+)?forwarded\s+(message|by\b.*)|
         ursprüngliche\s+nachricht|originalnachricht|weitergeleitete\s+nachricht|
         oorspronkelijk\s+bericht|origineel\s+bericht|doorgestuurd\s+bericht|
         message\s+d['’]origine|message\s+(original|transféré)|message\s+initial|
         mensaje\s+original|mensaje\s+reenviado|mensagem\s+(original|encaminhada)|
         messaggio\s+(originale|inoltrato)|ursprungligt\s+meddelande|vidarebefordrat\s+meddelande|
         oprindelig\s+meddelelse|opprinnelig\s+melding|videresendt\s+(melding|besked)|
         пересылаемое\s+сообщение|исходное\s+сообщение|wiadomość\s+(oryginalna|przekazana)|
         původní\s+zpráva|alkuperäinen\s+viesti|orijinal\s+mesaj|原始邮件|转发邮件|転送メッセージ|원본\s*메[일시]지?)
        \s*[-_=\s*]*$",
    )
    .ok()
});
static FORWARD: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?ix)^(begin\s+forwarded\s+message|anfang\s+der\s+weitergeleiteten\s+(nachricht|e-?mail)|
        begin\s+doorgestuurd\s+bericht|début\s+du\s+message\s+(réexpédié|transféré)|
        inicio\s+del\s+mensaje\s+reenviado|inizio\s+messaggio\s+inoltrato|
        início\s+da\s+mensagem\s+reencaminhada)\s*:?$",
    )
    .ok()
});

/// "-----Original Message-----", "Begin forwarded message:".
pub(super) fn is_original(line: &str) -> bool {
    if line.len() > 200 {
        return false;
    }
    let dashed = line.starts_with(['-', '_', '=']) || line.starts_with('*');
    (dashed && matches(&ORIGINAL, line))
        || (line.ends_with(':') && matches(&FORWARD, line))
        || line.to_lowercase().starts_with("original message") && line.len() < 24
}

/// Verbs that end an attribution.
static VERB: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?ix)\b(wrote|writes|schrieb|schreef|geschreven|(a|à|á)\s*écrit|écrit|escribió|escribio|escreveu|
        ha\s+scritto|scrive|skrev|skreiv|napsal|napísal|napisał|napisała|napisał\(a\)|пишет|пише|написал|написала|
        написав|kirjoitti|yazdı|ezt\s+írta|írta|έγραψε|a\s+scris|je\s+napisao|menulis|đã\s+viết|escribe|escriu)\b|
        写道|寫道|写了|のメール|書きました|님이\s*작성|כתב",
    )
    .ok()
});
/// How attributions begin when they begin with a date.
static START: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?ix)^(-{2,}\s*)?((on|am|op|le|el|il|em|no|den|dne|dnia|w\s+dniu|at|in\s+a\s+message\s+dated|
        på|vào|pada|em|fre|lør|søn|man|tir|ons|tor|ma|di|wo|do|vr|za|zo|în|data|ti|ke|to|pe|la|su|
        понедельник|вторник|среда|четверг|пятница|суббота|воскресенье|в)\b|於|在|
        \d{1,4}[-./\s年]|\d{1,2}\s+\p{L}+|\p{L}{2,12}[.,]\s+\d{1,2})",
    )
    .ok()
});
static DATE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"\b(19|20)\d\d\b|\d{1,2}[:.]\d\d\b|\d{1,2}[-./]\d{1,2}[-./]\d{2,4}|\d年").ok()
});
static FULL_DATE: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"^\W*\d{4}[-/]\d{1,2}[-/]\d{1,2}[ ,T]").ok());
/// `2016-03-03 17:21 GMT+01:00 Some One`
static GMAIL_ISO: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"^\d{4}-\d{2}-\d{2} \d{1,2}:\d{2} (GMT|UTC)[+-]\d{1,2}:\d{2} \S").ok()
});
/// `---- On … wrote ----`
static ZOHO: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(?i)^-{2,}\s*\p{L}.*\d.*-{2,}$").ok());

fn matches(pattern: &LazyLock<Option<Regex>>, text: &str) -> bool {
    pattern.as_ref().is_some_and(|p| p.is_match(text))
}

/// A cheap look at the last line before the costly one.
pub(super) fn may_end_attribution(line: &str) -> bool {
    if line.len() > 400 {
        return false;
    }
    line.ends_with([':', '：'])
        || (line.starts_with("--") && line.ends_with("--"))
        || line.starts_with(|c: char| c.is_ascii_digit())
}

/// Is the joined text an attribution? `alone`: nothing is written directly above it;
/// `quoted`: quoted lines follow.
pub(super) fn is_attribution(text: &str, alone: bool, quoted: bool) -> bool {
    let text = text.trim();
    if text.len() > 500 {
        return false;
    }
    if matches(&GMAIL_ISO, text) {
        return text.len() < 200;
    }
    let verb = VERB.as_ref().and_then(|v| v.find_iter(text).last());
    if text.starts_with("--") {
        return verb.is_some() && matches(&ZOHO, text);
    }
    if !text.ends_with([':', '：']) {
        return false;
    }
    let address = text.contains('@') && text.contains(['<', '(', '[', '"']);
    let date = matches(&DATE, text);
    if let Some(verb) = verb {
        let started = matches(&START, text);
        let before = text.get(..verb.start()).unwrap_or_default().trim_end();
        let after = text.get(verb.end()..).unwrap_or_default().trim();
        // "What I wrote on 5 May:" introduces something of the writer's own.
        let first_person = before.ends_with(" I") || before.ends_with(" ich") || before == "I";
        // Thunderbird's "Am 03.02.25 um 10:00 schrieb Anna van der Berg:" names nobody's address.
        let name = quoted && started && date && after.split_whitespace().count() <= 6;
        let near_end =
            name || after.chars().count() <= 4 || matches(&DATE, after) || after.contains('@');
        return !first_person
            && near_end
            && ((started && (date || address))
                || (alone && address)
                || (quoted && alone && text.len() < 120));
    }
    (address && date && (quoted || alone) && matches(&FULL_DATE, text))
        || (quoted && alone && date && address)
}

static DEVICE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?ix)^[*_\[(<]*(
        (sent|send|written|typed)\s+(from|via|with|by|using)\s+(my\s|mobile|the\s|a\s|airmail|mailbox|windows|yahoo|outlook|gmail|mail|samsung|iphone|ipad|android|proton|blackberry|spark|aol|zoho|front|superhuman|hey\b|missive|postbox|thunderbird|myMail|Type\s*App|BlueMail|Nine|K-9|the\s+all)|
        get\s+\[?outlook\s+for|
        from\s+my\s+(iphone|ipad|mobile|phone|android|samsung|blackberry)|someone\s+from\s+mobile$|
        envoyé\s+(depuis|de|à\s+partir)\s|
        von\s+mein(em|er)\s+.*gesendet|gesendet\s+(von|mit|über|aus)\s|diese\s+nachricht\s+wurde\s+von\s+mein|
        verzonden\s+(vanaf|vanuit|met|via)\s|verstuurd\s+(vanaf|vanuit|met|via)\s|outlook\s+voor\s+(ios|android)\s+downloaden|
        enviado\s+(desde|do|de|a\s+partir)\s+(mi|meu|mo|meu)|enviado\s+desde\s|enviado\s+do\s|
        inviato\s+da(l|lla)?\s|sendt\s+fra\s|skickat\s+från\s|lähetetty\s+|wysłane\s+z|odesláno\s+z|отправлено\s+(с|из)\s|
        iPhone[’']?(から送信)|sent\s+by\s+(galaxy|my|mobile)|sent\s+(with|from)\s+\[|从我的|從我的|나의\s|
        scarica\s+outlook|télécharger\s+outlook|hol(e)?\s+(dir|sie\s+sich)\s+outlook|obtener\s+outlook|laden\s+sie\s+outlook
        )",
    )
    .ok()
});

/// "Sent from my telephone", "Get Outlook for Android".
pub(super) fn is_device(line: &str) -> bool {
    line.len() < 160 && matches(&DEVICE, line)
}
