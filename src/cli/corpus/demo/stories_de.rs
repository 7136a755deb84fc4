//! What German and Austrian customers wrote.

use super::Program::{AppleMail, Gmail, Outlook, Phone, Thunderbird};
use super::{DAY, HOUR, Story, story, told};
use crate::cli::corpus::encode::Charset;
use crate::cli::corpus::files::{pdf, photo};

pub(super) fn stories() -> Vec<Story> {
    vec![
        story("Jürgen Großmann", "juergen.grossmann@post.example.net",
            "Lieferung beschädigt – Bestellung 20397", Outlook, vec![
            told(DAY + 7 * HOUR, "Sehr geehrte Damen und Herren,\n\nheute wurde mein Fahrrad geliefert. Leider ist das hintere Schutzblech verbogen und die Gabel hat einen tiefen Kratzer. Der Karton war auf einer Seite aufgerissen; der Fahrer hat das auf dem Lieferschein vermerkt (siehe Anhang).\n\nBitte teilen Sie mir mit, wie wir weiter verfahren. Eine Rücksendung wäre für mich sehr aufwendig, ein Preisnachlass wäre für mich auch in Ordnung.\n\nMit freundlichen Grüßen\nJürgen Großmann")
                .with(photo("Schutzblech.png", 23))
                .with(pdf("Lieferschein.pdf", &["Lieferschein 20397", "1 Fahrrad Stad 7, gruen, Groesse L", "Vermerk: Karton links aufgerissen", "Unterschrift Fahrer"])),
            told(4 * HOUR, "Sehr geehrte Frau Sanne,\n\nmit dem Nachlass von 120 € und einem neuen Schutzblech bin ich einverstanden.\n\nMit freundlichen Grüßen\nJürgen Großmann")
                .after("Sehr geehrter Herr Großmann,\n\ndas tut uns leid. Wir bieten Ihnen ein neues Schutzblech und 120 Euro Nachlass an.\n\nSanne\nDe Ketting"),
        ]),
        story("Anna-Lena Köhler", "annalena.koehler@mail.example.org",
            "Frage zum Gepäckträger", AppleMail, vec![
            told(10 * HOUR, "Hallo liebes Team,\n\npasst der Gepäckträger »Last 25« auch an das Stad 5 von 2021? Auf der Seite steht nur das Stad 7. Er müsste einen Kindersitz tragen (22 kg).\n\nLiebe Grüße aus Münster\nAnna-Lena"),
        ]),
        story("Stefan Wörndl", "s.woerndl@post.example.net",
            "Rechnung für die Steuer", Thunderbird, vec![
            told(5 * DAY + 6 * HOUR, "Grüß Gott,\n\nfür meine Steuererklärung bräuchte ich die Rechnung vom Jänner noch einmal, das Original ist mir leider abhandengekommen. Bestellnummer weiß ich keine mehr, aber es war ein Stad 8 E in Schwarz.\n\nVielen Dank und schöne Grüße aus Salzburg\nStefan Wörndl"),
            told(4 * DAY + 3 * HOUR, "Perfekt, danke für die prompte Hilfe!")
                .after("Guten Tag Herr Wörndl,\n\ngern, Sie finden die Rechnung im Anhang.\n\nMilan\nDe Ketting"),
        ]).in_charset(Charset::Latin1),
        story("Familie Schäfer", "schaefer.familie@mail.example.org",
            "Rückruf Kinderanhänger?", Gmail, vec![
            told(3 * HOUR + 20, "Guten Tag,\n\nin der Zeitung stand, dass bei einem Kinderanhänger die Deichsel brechen kann. Ist unser »Karo 2« (gekauft letzten August) davon betroffen? Die Seriennummer ist 77120.\n\nWir benutzen ihn täglich für die Kita und sind etwas beunruhigt.\n\nViele Grüße\nFamilie Schäfer"),
            told(15, "Guten Tag,\n\nhaben Sie schon etwas herausgefunden? Solange wir nichts wissen, lassen wir den Anhänger stehen.\n\nFamilie Schäfer"),
        ]),
        story("Mehmet Yılmaz", "mehmet.yilmaz@werkstatt.example.com",
            "Händlerkonditionen", Outlook, vec![
            told(7 * DAY, "Guten Tag,\n\nwir sind eine kleine Werkstatt in Köln mit drei Mitarbeitern und würden gern Ihre Räder führen. Welche Konditionen bieten Sie Händlern an, und gibt es eine Mindestabnahme?\n\nMit freundlichen Grüßen\nMehmet Yılmaz\nRadwerkstatt Süd"),
        ]),
        story("Petra Lindner", "petra.lindner@mail.example.org",
            "Termin verschieben", Phone, vec![
            told(28 * HOUR, "Hallo, ich schaffe es am Freitag leider nicht. Ginge auch Montag um die gleiche Zeit? LG Petra Lindner"),
            told(80, "Montag 9 Uhr passt, danke!")
                .after("Hallo Frau Lindner,\n\nam Montag ginge es um 9 Uhr. Passt das?\n\nSanne\nDe Ketting"),
        ]),
    ]
}
